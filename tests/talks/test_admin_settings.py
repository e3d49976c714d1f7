"""Settings by chat: levels, rights, dry runs, undo, misspellings, and what is never a setting."""

from __future__ import annotations

from core.people import Wishes
from core.programme import Role
from core.timing.hours import weekly
from tests.talks.admin_world import DAY, HOUR, NOW, ORG, aurora, aurora_and_borealis, play, rows


async def test_weekends_are_shown_before_they_are_saved_and_logged() -> None:
    world = await aurora_and_borealis()
    await play(
        world,
        """
        Jo: admin org delegate on
        Tandem: Saved for the organisation: delegate on (before: off).
        Dana: /schedule admin aurora weekends on
        Tandem: For Aurora “weekends” would change from off to on. That concerns 6 people.
        Tandem offers: Save | Leave it as it is
        Dana presses: Save
        Tandem: Saved for Aurora: weekends on (before: off).
        Tandem offers: Undo
        Dana: hours 07:00-20:00
        Tandem: For Aurora “hours” would change from 08:00-18:00 to 07:00-20:00. That concerns …
        Dana answers: yes
        Tandem: Saved for Aurora: hours 07:00-20:00 (before: 08:00-18:00).
        Dana: admin aurora log
        Tandem: The last 2 changes.
        Tandem shows: Dana Fox | setting.change | weekends: inherited -> on
        Tandem shows: Tue 20 Oct 10:00 London | hours: inherited -> 07:00-20:00
        """,
    )


async def test_a_participant_is_refused_and_told_who_can() -> None:
    world = await aurora_and_borealis()
    await play(
        world,
        """
        Maya: /schedule admin aurora weekends on
        Tandem: Only an administrator can do that. Please ask Dana Fox.
        Maya: admin help
        Tandem: Only an administrator can do that. Please ask Dana Fox.
        """,
    )
    assert await world.audit() == ()


async def test_guarded_settings_need_a_global_administrator_unless_delegated() -> None:
    world = await aurora_and_borealis()
    await play(
        world,
        """
        Dana: admin aurora hours 07:00-20:00
        Tandem: “hours” is set by a global administrator (Jo Bell). With “delegate on” they can …
        Dana: admin aurora services google
        Tandem: “services” is set by a global administrator (Jo Bell). …
        Dana: admin delegate on
        Tandem: “delegate” is set here by a global administrator (Jo Bell).
        Dana: admin org notice 24 h
        Tandem: “notice” is set here by a global administrator (Jo Bell).
        Dana: admin borealis notice 24 h
        Tandem: Only an administrator can do that. Please ask Ravi Shah.
        """,
    )
    assert await world.audit() == ()


async def test_the_administrator_of_the_only_programme_has_both_powers() -> None:
    world = await aurora()
    await play(
        world,
        """
        Dana: admin weekends on
        Dana answers: save
        Tandem: Saved for Aurora: weekends on (before: off).
        Dana: admin org approved off
        Tandem: For the organisation “approved” would change from on to off. That concerns …
        Dana presses: Save
        Tandem: Saved for the organisation: approved off (before: on).
        Dana: admin create programme Borealis
        Tandem: Only an administrator can do that. Please ask Jo Bell.
        Dana: admin make Maya global administrator
        Tandem: Only an administrator can do that. Please ask Jo Bell.
        """,
    )


async def test_values_come_from_three_places_and_go_back() -> None:
    world = await aurora_and_borealis()
    await play(
        world,
        """
        Jo: admin org notice 24 h
        Tandem: Saved for the organisation: notice 24 h (before: 4 h).
        Dana: admin aurora settings
        Tandem: These settings hold for Aurora.
        Tandem shows: notice | 24 h | organisation
        Tandem shows: duration | 30 min | product
        Tandem shows: hours * | 08:00-18:00 | product
        Dana: admin aurora notice 2 days
        Tandem: Saved for Aurora: notice 2 days (before: 24 h).
        Dana: admin aurora settings
        Tandem shows: notice | 2 days | programme
        Dana: admin aurora notice default
        Tandem: Saved for Aurora: notice 24 h, inherited again (before: 2 days).
        Dana: admin aurora notice default
        Tandem: That holds for Aurora already: notice 24 h. Nothing has been changed.
        Dana: admin aurora notice
        Tandem: Aurora: notice 24 h (from the organisation). … Example: admin aurora notice 24 h.
        """,
    )


async def test_undo_sets_the_former_text_back_only_while_nobody_changed_it_since() -> None:
    world = await aurora_and_borealis()
    await play(
        world,
        """
        Dana: admin aurora duration 45
        Tandem: Saved for Aurora: duration 45 min (before: 30 min).
        Dana presses: Undo
        Tandem: Saved for Aurora: duration 30 min (before: 45 min).
        Dana: admin aurora duration 45
        """,
    )
    assert world.last is not None
    ((_, undo),) = world.buttons(world.last)
    await play(world, "Jo: admin aurora duration 1 h")
    await world.acts("dana", undo)
    await play(world, "Tandem: “duration” has been changed since: it is 1 h now.")
    stored = await world.store.read(lambda tx: tx.settings.read(world.programmes["aurora"].id))
    assert stored == {"duration": "1 h"}


async def test_a_long_text_cannot_be_undone_by_a_button() -> None:
    world = await aurora()
    first, second = f"Support {'a' * 280}", "Support: help@example.org"
    await world.says("dana", f"admin contacts {first}")
    await play(
        world,
        f"""
        Dana: admin aurora contacts {second}
        Tandem offers: nothing
        """,
    )


async def test_contacts_keep_their_capitals_and_the_programme_in_them() -> None:
    world = await aurora_and_borealis()
    await play(
        world,
        """
        Dana: admin aurora contacts Support: help@example.org, or the Sponsor of Aurora
        Tandem: Saved for Aurora: contacts Support: help@example.org, or the Sponsor of Aurora (…
        Dana: admin aurora contacts none
        Tandem: Saved for Aurora: contacts none (before: …
        """,
    )


async def test_misspelt_settings_and_values_are_answered_with_what_is_right() -> None:
    world = await aurora_and_borealis()
    await play(
        world,
        """
        Dana: admin aurora notise 24 h
        Tandem: I did not understand “notise 24 h” … Did you mean “notice 24 h”?
        Tandem offers: admin notice 24 h | Leave it as it is
        Dana presses: admin notice 24 h
        Tandem: Saved for Aurora: notice 24 h (before: 4 h).
        Dana: admin aurora notice soon
        Tandem: 'soon' is not a length such as 30 min, 4 h or 60 d. Example: admin aurora notice \
            24 h.
        Dana: admin aurora booking.confirm invitees
        Tandem: 'invitees' is not one of invitee, none, both. Example: …
        Dana: admin aurora closures add Christmas
        Tandem: 'Christmas' is not a list of dates such as 2026-12-24, 2026-12-25. Example: …
        Dana: admin aurora frobnicate the widgets
        Tandem: I did not understand “frobnicate the widgets” … “admin help” lists all commands.
        Dana: admin aurora end pair Maya Alex
        Tandem: I did not understand “end pair Maya Alex” … “admin help” lists all commands.
        Dana: admin aurora cancel notice 24 h
        Tandem: Saved for Aurora: cancel.notice 24 h (…
        """,
    )


async def test_hours_are_read_as_people_write_them() -> None:
    world = await aurora()
    for text in ("hours 9-17", "set hours to 9 to 5", "set Aurora's hours to 9am-5pm"):
        await world.says("dana", text)
        await play(
            world, "Tandem: For Aurora “hours” would change from 08:00-18:00 to 09:00-17:00. …"
        )
    await world.says("dana", "hours 17-9")
    await play(world, "Tandem: In '17-9' the end is not after the start. …")


async def test_sessions_and_pairs_that_a_change_would_hit_are_counted() -> None:
    world = await aurora()
    await world.pair("priya", "sam")
    await world.meeting(NOW + 7 * DAY + 5 * HOUR, "alex", "maya")
    await world.meeting(NOW + 8 * DAY + 8 * HOUR, "alex", "maya")
    await play(
        world,
        """
        Dana: admin hours 09:00-16:00
        Tandem: … Booked already and outside of that: 1 session, which would stay as planned. …
        Tandem: … That concerns 6 people. … Without any shared hours left: 1 pair.
        Dana presses: Leave it as it is
        Tandem: Nothing has been changed.
        """,
    )


async def test_pairs_are_counted_by_the_hours_of_the_programme() -> None:
    """Alex has free hours in general, but for Aurora only those that the change takes away."""
    world = await aurora()
    programme = world.programmes["aurora"]
    late = Wishes(hours=weekly((16 * 60, 18 * 60)))
    await world.alter("alex", zone="Europe/London", apart=((programme.id, late),))
    await play(
        world,
        """
        Dana: admin hours 08:00-15:00
        Tandem: … Without any shared hours left: 1 pair.
        """,
    )


async def test_disabling_a_service_shows_who_uses_it() -> None:
    world = await aurora_and_borealis()
    await world.connect("sam", "priya")
    await play(
        world,
        """
        Jo: /schedule admin providers disable apple
        Tandem: Shall this hold for one programme or for the whole organisation?
        Tandem offers: Aurora | Borealis | Whole organisation
        Jo answers: 3
        Tandem: For the organisation “services” would change from google, microsoft, apple to …
        Tandem: … Connected through what would go: Priya Nair (Apple or CalDAV) and Sam Diaz …
        Tandem offers: In 14 days | Stop now | Leave it as it is
        Jo presses: In 14 days
        Tandem: Saved for the organisation: services google, microsoft (before: …
        Jo: admin org services enable apple
        Jo presses: Save
        Tandem: Saved for the organisation: services google, microsoft, apple (before: …
        Jo: admin org services disable yahoo
        Tandem: The services are google, microsoft and apple; I do not know “yahoo”.
        """,
    )


async def test_closure_days_are_added_and_removed_one_by_one() -> None:
    world = await aurora()
    await play(
        world,
        """
        Dana: admin closures add 2026-12-24
        Tandem: Saved for Aurora: closures 2026-12-24 (before: none).
        Dana: admin aurora closures add 2026-12-31, 2026-12-25
        Tandem: Saved for Aurora: closures 2026-12-24, 2026-12-25, 2026-12-31 (before: 2026-12-24).
        Dana: remove closure 2026-12-24
        Tandem: Saved for Aurora: closures 2026-12-25, 2026-12-31 (before: …
        Dana presses: Undo
        Tandem: Saved for Aurora: closures 2026-12-24, 2026-12-25, 2026-12-31 (before: …
        """,
    )


async def test_the_sender_is_fixed_for_everybody() -> None:
    world = await aurora()
    for key in ("jo", "dana", "maya"):
        for text in (
            "/schedule admin sender name 'Mentor Bot'",
            "admin sender address bot@example.org",
            "admin set the sender to Mentor Bot",
            "admin change the assistant's name to Mentor Bot",
            "admin from address bot@example.org",
            "admin rename the bot",
        ):
            answer = await world.says(key, text)
            assert answer.text.startswith("The name and the address of the sender are fixed")
    assert await world.audit() == ()
    assert await world.store.read(lambda tx: tx.settings.read(ORG)) == {}


async def test_an_override_of_a_programme_is_not_concerned_by_the_organisation() -> None:
    world = await aurora_and_borealis()
    await world.person("lee", "Lee Park", "Asia/Seoul", Role.MENTOR, programme="borealis")
    await play(
        world,
        """
        Jo: admin aurora hours 09:00-17:00
        Jo presses: Save
        Jo: admin org hours 07:00-20:00
        Tandem: For the organisation “hours” would change … That concerns 1 person.
        """,
    )


async def test_help_lists_commands_with_examples() -> None:
    world = await aurora()
    message = await world.says("dana", "admin help")
    found = {row[0] for row in rows(message)}
    assert {"admin pair Maya with Alex Chen", "admin aurora hours 07:00-20:00"} <= found


async def test_a_button_of_an_older_version_is_answered() -> None:
    world = await aurora()
    for action in ("admin:sing", "admin:end", "admin:set:any:colour:red", "admin:undo:org:x:y:z"):
        await world.acts("dana", action)
        await play(world, "Tandem: This button is from an older version of me. …")
    for action in (
        f"admin:end:{world.programmes['aurora'].id}:burn",
        "admin:run:00000000000000000000000000000999:status",
        f"admin:list:{world.programmes['aurora'].id}:waiting:first",
    ):
        await world.acts("dana", action)
        await play(world, "Tandem: I cannot find that any more: …")

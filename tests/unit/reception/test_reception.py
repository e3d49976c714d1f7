"""Forms, views and the page of the assistant, from stored state; what a chat says of people."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from adapters.web.signing import ItsSigner
from bot.card import Card, Fields, InputKind, Note, Text
from bot.channel import ChatPerson, Standing
from bot.converse.week import BadWeekError, read_week, week
from bot.doors import CONNECT, UPLOAD
from bot.message import Outgoing, Place
from core import presence
from core.errors import (
    AccessRevoked,
    ConsentRequiredByAdmin,
    ProviderError,
    RateLimited,
    RemoteMissing,
    Unavailable,
)
from core.ids import PersonId
from core.people import ChatIdentity, Person
from core.policy import resolve
from core.talk import Workspace
from core.use_cases.consent import visit
from tests.talks.stage import CHAT, ORG, Stage, aurora

MAYA, ALEX, SAM = (ChatIdentity(*CHAT, who) for who in ("maya", "alex", "sam"))
STRANGER = ChatIdentity("slack", "T1", "U9")


async def form(stage: Stage, who: str, action: str) -> Card | None:
    return await stage.reception.form(stage.incoming(who, action=action))


async def problems(stage: Stage, action: str, **values: str) -> set[str]:
    incoming = stage.incoming("maya", action=action, values=values)
    return set(await stage.reception.problems(incoming))


# --- forms --------------------------------------------------------------------------------------


async def test_a_form_opens_at_once_from_its_button() -> None:
    stage = await aurora()
    apple = await form(stage, "maya", "connect:form:caldav:replace")
    assert apple is not None
    assert [entry.kind for entry in apple.inputs][1] is InputKind.SECRET
    assert apple.actions[0].id == "connect:verify:caldav:replace"
    kept = await form(stage, "maya", "prefs:form")
    assert kept is not None
    assert {e.name: e.value for e in kept.inputs}["zone"] == "Europe/London"
    until = await form(stage, "maya", "zone:until:America/New_York")
    assert until is not None
    assert until.actions[0].id == "zone:days:America/New_York"


@pytest.mark.parametrize(
    "action",
    ["", "help", "connect:start", "connect:form:google", "prefs:save", "zone:until:Mars/Olympus",
     "zone:until", "zone:no", "window:", "window:unknown", "window:ask:x", "accept:x:1", ":::",
     "upload"],
)  # fmt: skip
async def test_other_buttons_open_none(action: str) -> None:
    stage = await aurora()
    assert await form(stage, "maya", action) is None


async def test_nobody_opens_no_form() -> None:
    stage = await aurora()
    await stage.change("tom", active=False)
    for who in ("stranger", "tom"):
        assert await form(stage, who, "prefs:form") is None


async def test_another_window_is_the_askers_to_name() -> None:
    stage = await aurora()
    await stage.says("maya", "book with Alex on Tuesday 27 October at 2pm")
    (proposal,) = await stage.proposals("maya")
    assert await form(stage, "alex", f"window:{proposal.id}") is None
    assert await form(stage, "maya", f"window:{proposal.id}") is not None
    values = {"when": "Thursday 29 October at 3pm"}
    await stage.acts("maya", f"window:ask:{proposal.id}", values)
    text = stage.chats.unread["maya"][-1].message.text
    assert text.startswith("That time suits you both")
    (newer,) = await stage.proposals("maya")
    assert newer.id != proposal.id


async def test_an_administrator_gets_a_page_for_files() -> None:
    stage = await aurora()
    card = await form(stage, "dana", "upload")
    assert card is not None
    token = card.actions[0].url.rsplit("/", 1)[1]
    signer = ItsSigner(["a key for the links of tests"], stage.clock)
    assert signer.read(UPLOAD, token) == "dana"


async def test_a_form_of_preferences_saves_and_can_be_undone() -> None:
    stage = await aurora()
    before = await stage.person("maya")
    values = {"hours": "Mon-Thu 9:00-17:00, Fri 9.00 - 12.00", "buffer": "15", "duration": "45"}
    values |= {"zone": "Europe/Rome", "reach": "mail", "nudges": "off"}
    await stage.acts("maya", "prefs:save", values)
    after = await stage.person("maya")
    assert (after.buffer, after.duration, after.zone) == (15, 45, "Europe/Rome")
    assert (after.reach, after.nudges) == ("mail", False)
    assert after.hours is not None
    assert week(after.hours) == "Mon-Thu 09:00-17:00, Fri 09:00-12:00"
    await stage.presses("maya", "Undo")
    assert await stage.person("maya") == before


async def test_a_form_that_is_wrong_changes_nothing() -> None:
    stage = await aurora()
    before = await stage.person("maya")
    await stage.acts("maya", "prefs:save", {"hours": "whenever", "zone": "Mars"})
    assert await stage.person("maya") == before
    await stage.acts("maya", "prefs:save", {"zone": "Europe/London", "reach": "carrier pigeon"})
    assert (await stage.person("maya")).reach == ""


async def test_what_a_form_of_an_older_version_does_not_ask_stays_as_it_was() -> None:
    stage = await aurora()
    hours = {"hours": "Mon-Thu 9:00-17:00", "buffer": "15", "duration": "45"}
    await stage.acts("maya", "prefs:save", {**hours, "zone": "Europe/Rome", "nudges": "off"})
    before = await stage.person("maya")
    assert (before.buffer, before.nudges) == (15, False)
    for values in ({}, {"when": "x"}, {"zone": "Europe/Rome"}):
        await stage.acts("maya", "prefs:save", values)
        assert await stage.person("maya") == before
    # A client may leave out a number that was emptied; the hours beside it are always there.
    await stage.acts("maya", "prefs:save", {"hours": hours["hours"], "zone": "Europe/Rome"})
    after = await stage.person("maya")
    assert (after.hours, after.buffer, after.duration) == (before.hours, None, None)


# --- what is wrong ------------------------------------------------------------------------------

GOOD = {"username": "maya@icloud.example", "password": "abcd-efgh-ijkl-mnop"}


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        (GOOD, set()),
        ({**GOOD, "password": "abcdefghijklmnop"}, set()),
        ({**GOOD, "password": "my birthday"}, {"password"}),
        ({**GOOD, "password": "my birthday", "server": "https://dav.example.org/"}, set()),
        ({**GOOD, "password": "hunter2", "server": "https://caldav.icloud.com"}, {"password"}),
        ({**GOOD, "server": "http://dav.example.org/"}, {"server"}),
        ({**GOOD, "server": "dav.example.org"}, {"server"}),
        ({}, {"username", "password"}),
        ({"username": " ", "password": "\x00"}, {"username", "password"}),
    ],
)
async def test_an_account_is_looked_at_before_it_is_tried(
    values: dict[str, str], wrong: set[str]
) -> None:
    stage = await aurora()
    assert await problems(stage, "connect:verify:caldav", **values) == wrong


@pytest.mark.parametrize(
    ("action", "values", "wrong"),
    [
        ("prefs:save", {"hours": "", "buffer": "", "zone": "Europe/Rome"}, set()),
        ("prefs:save", {"hours": "Mon-Fri 17:00-9:00"}, {"hours"}),
        ("prefs:save", {"hours": "Mon-Fri 9:00-25:00"}, {"hours"}),
        ("prefs:save", {"buffer": "-5", "duration": "9999"}, {"buffer", "duration"}),
        ("prefs:save", {"buffer": "\u0665"}, {"buffer"}),
        ("prefs:save", {"zone": "../../etc/passwd"}, {"zone"}),
        ("window:ask:p1", {"when": "  "}, {"when"}),
        ("window:ask:p1", {"when": "next week"}, set()),
        ("zone:days:Europe/Rome", {"until": "Friday"}, set()),
        ("zone:days:Europe/Rome", {"until": "pizza"}, {"until"}),
        ("zone:days:Europe/Rome", {"until": "1 January 2020"}, {"until"}),
        ("link:save", {"link": "http://meet.example.org"}, {"link"}),
        ("link:save", {"link": "https://meet.example.org/me"}, set()),
        ("nothing:of:ours", {"a": "b"}, set()),
    ],
)
async def test_forms_are_looked_at(action: str, values: dict[str, str], wrong: set[str]) -> None:
    stage = await aurora()
    assert await problems(stage, action, **values) == wrong


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mon-Fri 9:00-17:00", "Mon-Fri 09:00-17:00"),
        ("monday to friday 9-17", "Mon-Fri 09:00-17:00"),
        ("Mon 9-12 and 13:30-17, Wed 10-11", "Mon 09:00-12:00 and 13:30-17:00, Wed 10:00-11:00"),
        ("Sat-Mon 10-12", "Mon 10:00-12:00, Sat-Sun 10:00-12:00"),
        ("Tue: 9.30–12", "Tue 09:30-12:00"),
    ],
)
def test_weeks_are_read_as_they_are_shown(text: str, shown: str) -> None:
    assert week(read_week(text)) == shown
    assert read_week(shown) == read_week(text)


@pytest.mark.parametrize(
    "text", ["", "9-17", "Mon", "Funday 9-17", "Mon 9-9", "Mon 9:75-12", "Mon 9-17 Tue", "x" * 5000]
)
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(BadWeekError):
        read_week(text)


def test_the_programmes_own_week_is_read_back() -> None:
    weekly = resolve({}, {}).weekly
    assert read_week(week(weekly)) == weekly


# --- views --------------------------------------------------------------------------------------


async def test_a_proposal_is_shown_to_who_takes_part() -> None:
    stage = await aurora()
    await stage.says("maya", "book with Alex on Tuesday 27 October at 2pm")
    (proposal,) = await stage.proposals("maya")
    subject = f"proposal:{proposal.id}"
    assert await stage.reception.view(ALEX, subject) is None  # nobody has asked him yet
    await stage.presses("maya", "Offer Tue 27 Oct 14:00 London")
    for who, start in ((ALEX, "Maya Patel would like to meet you"), (MAYA, "Offered to Alex")):
        message = await stage.reception.view(who, subject)
        assert message is not None
        assert message.text.startswith(start)
        assert message.subject == subject
    for who in (SAM, STRANGER):
        assert await stage.reception.view(who, subject) is None


async def test_a_session_is_shown_as_it_stands() -> None:
    stage = await aurora()
    await stage.says("maya", "book with Alex on Tuesday 27 October at 2pm")
    await stage.presses("maya", "Offer Tue 27 Oct 14:00 London")
    await stage.presses("alex", "Tue 27 Oct 10:00 New York")
    (meeting,) = await stage.meetings("maya")
    subject = f"meeting:{meeting.id}"
    booked = await stage.reception.view(MAYA, subject)
    assert booked is not None
    (sent,) = [
        message for message in stage.chats.standing["maya"].values() if message.subject == subject
    ]
    assert booked == sent  # the way the invitation takes is said, too
    assert await stage.reception.view(SAM, subject) is None
    await stage.acts("maya", f"cancel:{meeting.id}:yes")
    cancelled = await stage.reception.view(MAYA, subject)
    assert cancelled is not None
    assert cancelled.text.startswith("Cancelled: your session with Alex Chen")
    assert cancelled.card is None


@pytest.mark.parametrize("subject", ["", "proposal:", "proposal:x", "meeting:x", "weather", ":"])
async def test_what_is_no_subject_shows_nothing(subject: str) -> None:
    stage = await aurora()
    assert await stage.reception.view(MAYA, subject) is None


async def test_calendars_are_shown() -> None:
    stage = await aurora()
    message = await stage.reception.view(MAYA, "calendars")
    assert message is not None
    assert message.text == "Your calendar is connected."


@pytest.mark.parametrize("why", ["not connected", "broken"])
async def test_times_that_nobody_was_asked_about_still_say_who_could_not_be_checked(
    why: str,
) -> None:
    stage = await aurora()
    if why == "broken":
        stage.calendars.open_account("alex@example.org", "another password")
    else:
        await stage.disconnect("alex")
    await stage.says("maya", "book with Alex on Tuesday 27 October at 2pm")
    (seen,) = stage.chats.unread["maya"]
    (proposal,) = await stage.proposals("maya")
    view = await stage.reception.view(MAYA, f"proposal:{proposal.id}")
    assert view is not None
    assert view.card is not None
    assert seen.message.card is not None
    assert view.card.parts == seen.message.card.parts
    assert any("so I could not check it" in p.text for p in view.card.parts if isinstance(p, Note))


# --- the page -----------------------------------------------------------------------------------


def said(card: Card) -> str:
    lines: list[str] = []
    for part in card.parts:
        if isinstance(part, Text | Note):
            lines.append(part.text)
        elif isinstance(part, Fields):
            lines += [f"{name}: {value}" for name, value in part.fields]
    return "\n".join(lines)


async def test_the_page_shows_what_there_is_and_what_to_do() -> None:
    stage = await aurora()
    await stage.says("maya", "book with Alex on Tuesday 27 October at 2pm")
    await stage.presses("maya", "Offer Tue 27 Oct 14:00 London")
    page = await stage.reception.home(ALEX)
    ids = [action.id for action in page.actions]
    (proposal,) = await stage.proposals("alex")
    assert ids[0].startswith(f"accept:{proposal.id}:")
    assert {"connect:start", "prefs:form", "help"} <= set(ids)
    assert "You have no session with Maya Patel coming up." in said(page)
    await stage.acts("alex", ids[0])
    page = await stage.reception.home(ALEX)
    assert "Maya Patel: Tue 27 Oct 10:00-10:30 New York (14:00 London)" in said(page)
    assert not [a for a in page.actions if a.id.startswith("accept:")]
    assert len(page.actions) <= 25
    assert all(0 < len(action.label) <= 75 for action in page.actions)


async def test_the_page_says_that_a_calendar_no_longer_opens() -> None:
    stage = await aurora()
    stage.calendars.open_account("alex@example.org", "another password")
    await stage.says("maya", "book with Alex on Tuesday 27 October at 2pm")
    page = await stage.reception.home(ALEX)
    assert "Your Apple or other CalDAV calendar no longer lets me in" in said(page)
    assert "connect:service:caldav" in [action.id for action in page.actions]
    page = await stage.reception.home(MAYA)
    assert "no longer lets me in" not in said(page)


async def test_the_page_keeps_its_last_buttons_however_much_waits() -> None:
    stage = await aurora()
    await stage.pair("alex", "sam")
    for who, day in itertools.product(("maya", "sam"), ("26", "27", "28")):
        await stage.says(who, f"book with Alex Chen on {day} October")
        await stage.presses(who, "Offer all three")
    page = await stage.reception.home(ALEX)
    ids = [action.id for action in page.actions]
    assert len(ids) == 20
    assert ids[-3:] == ["connect:start", "prefs:form", "help"]
    answers = [id_.split(":") for id_ in ids if id_.startswith(("accept:", "decline:"))]
    # Of a proposal stands every answer, or none: one time alone would look like all there are.
    assert {sum(a[1] == p for a in answers) for p in {a[1] for a in answers}} == {4}
    assert "1 more: say “open proposals” to see all." in said(page)


async def test_the_page_of_somebody_nobody_knows_says_whom_to_ask() -> None:
    stage = await aurora()
    page = await stage.reception.home(STRANGER)
    assert "no administrator has linked it" in said(page)
    space = Workspace("slack", "T1", "Lantern", ORG, {})
    await stage.store.transact(lambda tx: tx.workspaces.save(space))
    page = await stage.reception.home(STRANGER)
    assert said(page).endswith("Please ask Jo Park.")
    assert not page.actions


# --- what a chat says of people -------------------------------------------------------------------


async def with_maya_in_slack() -> tuple[Stage, ChatPerson]:
    stage = await aurora()
    space = Workspace("slack", "T1", "Lantern", ORG, {})
    await stage.store.transact(lambda tx: tx.workspaces.save(space))
    more = {"name": "Maya P.", "zone": "Europe/London", "locale": "en-GB"}
    who = stage.chats.joins("slack", "T1", "mayaslack", "maya@example.org", **more)
    await stage.says("mayaslack", "hello")
    return stage, stage.chats.people[who]


async def test_the_first_profile_overwrites_nothing() -> None:
    stage, _ = await with_maya_in_slack()
    assert (await stage.person("maya")).name == "Maya Patel"


async def test_a_profile_is_followed_but_not_over_what_was_set_here() -> None:
    stage, profile = await with_maya_in_slack()
    await stage.change("maya", name="Maya P.")
    picture = "https://avatars.example.org/maya.png"
    newer = replace(profile, name="Maya Okafor", zone="Asia/Tokyo", locale="ja", picture=picture)
    await stage.reception.changed(newer)
    maya = await stage.person("maya")
    assert (maya.name, maya.zone, maya.locale) == ("Maya Okafor", "Asia/Tokyo", "ja")
    assert maya.picture == picture
    await stage.says("maya", "my zone is Europe/Rome")
    await stage.reception.changed(replace(newer, zone="Europe/Berlin"))
    assert (await stage.person("maya")).zone == "Europe/Rome"


@pytest.mark.parametrize(
    "changes",
    [
        {"zone": "Mars/Olympus"},
        {"zone": ""},
        {"picture": "http://avatars.example.org/maya.png"},
        {"picture": "javascript:alert(1)"},
        {"name": "   "},
        {"email": "somebody.else@example.org"},
        {"standing": Standing.BOT, "zone": "Asia/Tokyo"},
        {"standing": Standing.STRANGER, "zone": "Asia/Tokyo"},
    ],
)
async def test_a_profile_that_makes_no_sense_changes_nothing(changes: dict[str, str]) -> None:
    stage, profile = await with_maya_in_slack()
    before = await stage.person("maya")
    await stage.reception.changed(replace(profile, **changes))  # type: ignore[arg-type]  # by name
    assert await stage.person("maya") == before


async def test_who_comes_back_is_reached_there_again_without_a_word() -> None:
    stage, profile = await with_maya_in_slack()
    who = profile.identity

    async def reached() -> bool:
        return not await stage.store.read(lambda tx: presence.is_unreachable(tx, who))

    await stage.reception.changed(replace(profile, standing=Standing.GONE))
    await stage.reception.changed(replace(profile, email=""))  # who is that now?
    assert not await reached()
    await stage.reception.changed(profile)
    assert await reached()
    assert await stage.store.read(lambda tx: presence.known(tx, who)) == await stage.person("maya")


@pytest.mark.parametrize("how", ["account", "workspace"])
async def test_what_waits_where_nobody_is_reached_any_more_is_asked_by_mail_once(how: str) -> None:
    stage, profile = await with_maya_in_slack()
    stage.chats.shut.add("maya")  # the chat in the browser
    await stage.says("alex", "book with Maya on Tuesday 27 October at 10am")
    await stage.presses("alex", "Offer Tue 27 Oct 10:00 New York")
    assert stage.new_mails() == []
    for _ in range(2):
        if how == "account":
            await stage.reception.changed(replace(profile, standing=Standing.GONE))
        else:
            await stage.reception.removed("slack", "T1")
        await stage.drain()
    (mail,) = [mail for mail in stage.new_mails() if "offers you" in mail.subject]
    assert "/answer/" in mail.text
    told = [seen.message.text for seen in stage.chats.unread["alex"]]
    assert told[-1].startswith("I do not reach Maya Patel in chat right now")


async def test_a_closed_account_that_another_has_now_is_theirs() -> None:
    stage, profile = await with_maya_in_slack()
    await stage.reception.changed(replace(profile, standing=Standing.GONE))
    await stage.reception.changed(replace(profile, email="sam@example.org", name="Sam"))
    found = await stage.store.read(lambda tx: presence.known(tx, profile.identity))
    assert found is not None
    assert found.id == "sam"


async def test_the_profile_of_nobody_is_passed_over() -> None:
    stage = await aurora()
    before = stage.everything_stored()
    for standing in Standing:
        await stage.reception.changed(ChatPerson(STRANGER, "Eve", standing=standing))
    assert stage.everything_stored() == before


async def test_a_renamed_workspace_keeps_its_link_and_its_tokens() -> None:
    stage, profile = await with_maya_in_slack()
    kept = Workspace("slack", "T1", "Lantern", ORG, {"token": "sealed"})
    await stage.store.transact(lambda tx: tx.workspaces.save(kept))
    await stage.reception.installed("slack", "T1", "Lan\u200btern\n\u202eHouse", profile)
    space = await stage.store.read(lambda tx: tx.workspaces.get("slack", "T1"))
    assert space == replace(kept, name="Lantern House")
    await stage.reception.removed("slack", "T1")
    gone = await stage.store.read(lambda tx: tx.workspaces.get("slack", "T1"))
    assert gone is not None
    assert (gone.active, gone.secret, gone.org_id) == (False, {}, ORG)
    await stage.reception.removed("slack", "T-unknown")


async def test_an_unknown_workspace_is_listed_once_somebody_writes_there() -> None:
    stage = await aurora()
    stage.chats.joins("slack", "T7", "eve", "eve@example.org")
    await stage.says("eve", "hello")
    (space,) = await stage.store.read(lambda tx: tx.workspaces.unlinked())
    assert space.external_id == "T7"


async def test_a_person_reads_their_own_file_answer_in_chat() -> None:
    stage = await aurora()
    name, text = (
        "aurora.csv",
        "name,email,zone,role\nNoor Haddad,noor@example.org,Asia/Amman,mentor\n",
    )
    assert await stage.reception.uploaded(PersonId("dana"), name, text)
    await stage.drain()
    told = " ".join(seen.message.text for seen in stage.chats.unread["dana"])
    assert "Aurora" in told


async def test_who_is_in_no_chat_hands_in_no_file() -> None:
    stage = await aurora()
    noor = Person(PersonId("noor"), ORG, "Noor Haddad", "noor@example.org", "Asia/Amman")
    await stage.store.transact(lambda tx: tx.people.save(noor))
    assert not await stage.reception.uploaded(noor.id, "a.csv", "x")


async def test_a_file_is_kept_while_the_chat_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = await aurora()
    direct, away = stage.chats.direct, [Unavailable(), RateLimited(), Unavailable()]

    async def sometimes(who: ChatIdentity) -> Place:
        if away:
            raise away.pop()
        return await direct(who)

    monkeypatch.setattr(stage.chats, "direct", sometimes)
    text = "name,email,zone,role\nNoor Haddad,noor@example.org,Asia/Amman,mentor\n"
    assert await stage.reception.uploaded(PersonId("dana"), "aurora.csv", text)
    while not stage.chats.unread.get("dana"):
        stage.clock.at += 60
        await stage.drain()
    assert not away
    assert "Aurora" in stage.chats.unread["dana"][0].message.text


@pytest.mark.parametrize("error", [ConsentRequiredByAdmin, AccessRevoked, RemoteMissing])
async def test_where_nobody_may_write_a_mail_goes(
    error: type[ProviderError], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = await aurora()
    send = stage.chats.send

    async def shut(to: Place, message: Outgoing) -> str:
        if to.conversation == "alex":
            raise error("restricted_action", provider="slack")
        return await send(to, message)

    monkeypatch.setattr(stage.chats, "send", shut)
    await stage.says("maya", "book with Alex on Tuesday 27 October at 2pm")
    await stage.presses("maya", "Offer Tue 27 Oct 14:00 London")
    (mail,) = stage.new_mails()
    assert mail.to_email == "alex@example.org"
    texts = [seen.message.text for seen in stage.chats.unread["maya"]]
    assert any("your times were sent by mail" in text for text in texts)


async def test_the_form_of_an_account_leads_to_the_page_that_asks_the_same() -> None:
    stage = await aurora()
    for action in ("connect:form:caldav", "connect:form:caldav:replace"):
        card = await form(stage, "maya", action)
        assert card is not None
        page = card.actions[-1]
        assert page.label == "Use a private page instead"
        signer = ItsSigner(["a key for the links of tests"], stage.clock)
        asked = await visit(stage.ports, signer.read(CONNECT, page.url.rsplit("/", 1)[1]))
        assert (asked.person.id, asked.identity) == ("maya", MAYA)

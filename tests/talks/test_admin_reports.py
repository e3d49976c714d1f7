"""Status, lists, reminders, deliveries and the log, as administrators see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from core.effects import Effect, EffectKind, EffectState
from core.ids import MeetingId, PersonId
from core.people import Leave
from core.programme import Membership, Role
from tests.talks.admin_world import (
    DAY,
    HOUR,
    NOW,
    World,
    aurora,
    aurora_and_borealis,
    play,
    rows,
)

if TYPE_CHECKING:
    from core.ports import Tx

TUESDAY = NOW + 7 * DAY + 5 * HOUR


async def busy_aurora() -> World:
    """Maya is booked, Sam waits for Tom's answer, Priya must reconnect; two are connected."""
    world = await aurora()
    await world.pair("tom", "sam")
    await world.person("lee", "Lee Park", "Asia/Seoul", Role.MENTEE)
    await world.pair("priya", "lee")
    await world.connect("maya", "alex")
    await world.connect("priya", broken=True)
    await world.meeting(NOW + 3 * DAY, "alex", "maya")
    await world.meeting(NOW + 10 * DAY, "alex", "maya")
    await world.proposal(TUESDAY, "sam", "tom", made_at=NOW - 2 * DAY)
    return world


async def test_status_names_who_is_unconnected_unbooked_and_waited_for() -> None:
    world = await busy_aurora()
    await play(
        world,
        """
        Dana: status
        Tandem: Aurora: 7 people, 3 pairs. Sessions: 1 in the next 7 days, 1 later. 4 people have \
            no calendar connected. 1 person has to reconnect a calendar. 1 pair has no session \
            ahead. 1 person has not answered a proposal.
        Tandem shows: People | 7
        Tandem shows: No calendar connected | 4
        Tandem shows: Alex Romero | Madrid
        Tandem shows: Lee Park | Seoul | Priya Nair
        Tandem shows: Tom Weber | Berlin | Sam Diaz | Sun 18 Oct
        Tandem offers: Remind all 4 to connect | Remind Alex Romero to connect | Remind Lee Park \
            to connect | Remind Sam Diaz to connect | Remind Priya Nair to connect | Remind Lee \
            Park to book | Remind Tom Weber to answer
        Dana presses: Remind Tom Weber to answer
        Tandem: Tom Weber is reminded to answer.
        """,
    )
    (nudge,) = await world.notices("tom")
    assert nudge.payload["kind"] == "nudge_answer"
    (proposal,) = await world.store.read(lambda tx: tx.proposals.open_of(world.people["tom"].id))
    assert nudge.payload["proposal"] == proposal.id


async def test_a_quiet_programme_says_so() -> None:
    world = await aurora()
    await world.store.transact(
        lambda tx: tx.programmes.leave(
            Membership(world.programmes["aurora"].id, world.people["sam"].id, Role.MENTEE)
        )
    )
    await world.connect("maya", "alex", "romero", "priya", "tom")
    await world.meeting(TUESDAY, "alex", "maya")
    await play(
        world,
        """
        Dana: admin status
        Tandem: … Everybody is connected and booked, and no answer is awaited.
        Tandem offers: nothing
        Dana: admin who has not connected?
        Tandem: Everybody in Aurora has connected a calendar.
        Dana: who hasn't booked?
        Tandem: Every pair in Aurora has a session or an open proposal.
        Dana: admin who hasn't answered
        Tandem: No answer is awaited in Aurora.
        Dana: admin unpaired
        Tandem: Everybody in Aurora has a mentor.
        Dana: admin deliveries
        Tandem: Nothing is given up: …
        Dana: admin log
        Tandem: Nothing has been changed yet.
        """,
    )


async def test_a_global_administrator_sees_all_programmes_side_by_side() -> None:
    world = await aurora_and_borealis()
    await play(
        world,
        """
        Jo: admin status
        Tandem: Status of 2 programmes.
        Tandem shows: Aurora | 6 | 6 | 1 | 0 | 0
        Tandem shows: Borealis | 0 | 0 | 0 | 0 | 0
        Tandem offers: Aurora | Borealis
        Jo presses: Aurora
        Tandem: Aurora: 6 people, 1 pair. …
        """,
    )


async def test_reminders_go_out_once_a_day_and_spare_who_is_away() -> None:
    world = await aurora()
    await world.alter("sam", leave=(Leave(date(2026, 10, 19), date(2026, 10, 21)),))
    await world.alter("tom", nudges=False)
    await play(
        world,
        """
        Dana: admin remind Priya to connect
        Tandem: Priya Nair is reminded to connect.
        Dana: admin remind Priya to connect
        Tandem: Priya Nair had this reminder today already; I send it once a day.
        Dana: admin remind Sam to connect
        Tandem: Sam Diaz is away or wants no reminders, so I sent none.
        Dana: admin remind everyone to connect
        Tandem: Reminded to connect: 3 people. Reminded today already: 1 person. Away, or without \
            reminders at their own wish: 2 people.
        Dana: admin remind Maya to book
        Tandem: Maya Lane is reminded to book.
        Dana: admin remind Jo to connect
        Tandem: Jo Bell needs no such reminder.
        Dana: admin remind everyone to answer
        Tandem: There is nobody to remind.
        """,
    )
    (_, book) = await world.notices("maya")
    assert book.payload["partner"] == world.people["alex"].id
    assert await world.kinds("sam") == []
    world.clock.at += DAY
    await play(
        world,
        """
        Dana: admin remind Priya to connect
        Tandem: Priya Nair is reminded to connect.
        """,
    )
    assert await world.kinds("priya") == ["nudge_connect", "nudge_connect"]


async def give_up(world: World, *keys: str) -> None:
    """Let one invitation mail to each of these people be given up."""
    meeting = await world.meeting(TUESDAY, "alex", "maya")

    def work(tx: Tx) -> None:
        for key in keys:
            person = world.people[key].id
            effect = effect_of(meeting.id, person, f"mail:{meeting.id}:{key}")
            tx.effects.add(effect)
        for claimed in tx.effects.claim(NOW, 60, 50, "token"):
            tx.effects.finish(claimed, EffectState.DEAD, NOW, "mailbox unknown")

    await world.store.transact(work)


def effect_of(meeting: str, person: str, key: str) -> Effect:
    return Effect(
        key,
        EffectKind.MAIL_INVITE,
        NOW,
        meeting_id=MeetingId(meeting),
        person_id=PersonId(person),
    )


async def test_given_up_deliveries_are_listed_and_tried_again() -> None:
    world = await aurora_and_borealis()
    await give_up(world, "maya", "alex")
    await play(
        world,
        """
        Dana: admin status
        Tandem: … 2 deliveries could not be made.
        Dana: admin deliveries
        Tandem: 2 deliveries could not be made.
        Tandem shows: invitation mail | Maya Lane | Tue 27 Oct 14:00 London | mailbox unknown
        Tandem offers: Try again: invitation mail to Alex Chen | Try again: invitation mail to \
            Maya Lane
        Dana presses: Try again: invitation mail to Maya Lane
        Tandem: I am trying again: invitation mail to Maya Lane.
        """,
    )
    ready = await world.store.read(lambda tx: tx.effects.of_person(world.people["maya"].id))
    assert [e.state for e in ready] == [EffectState.READY]
    assert (await world.audit(1))[0].action == "delivery.retry"
    await world.acts("dana", f"admin:retry:{ready[0].id}")
    await play(world, "Tandem: That has been taken up already.")
    await world.acts("ravi", f"admin:retry:{ready[0].id}")
    await play(world, "Tandem: I cannot find that any more: …")
    await play(
        world,
        """
        Ravi: admin deliveries
        Tandem: Nothing is given up: …
        Jo: admin status
        Tandem: Status of 2 programmes. 1 delivery could not be made.
        """,
    )


async def test_the_log_shows_each_administrator_their_own_programmes() -> None:
    world = await aurora_and_borealis()
    await play(
        world,
        """
        Jo: admin org notice 24 h
        Dana: admin aurora duration 45
        Ravi: admin borealis duration 60
        Dana: admin log
        Tandem: The last 1 change.
        Tandem shows: Dana Fox | Aurora | setting.change | duration: inherited -> 45 min
        Jo: admin log
        Tandem: The last 3 changes.
        Tandem shows: Jo Bell | organisation | notice: inherited -> 24 h
        Jo: admin borealis log
        Tandem: The last 1 change.
        """,
    )


async def test_the_log_of_a_programme_outlives_it_for_its_administrator() -> None:
    world = await aurora_and_borealis()
    await play(
        world,
        """
        Dana: admin aurora duration 45
        Dana: admin end aurora
        Dana presses: End Aurora
        Dana: admin status
        Tandem: Only an administrator can do that. …
        Dana: admin log
        Tandem: The last 2 changes.
        Tandem shows: Dana Fox | Aurora | programme.end
        Maya: admin log
        Tandem: Only an administrator can do that. …
        """,
    )


async def test_long_lists_are_ten_rows_and_a_page_at_a_time() -> None:
    world = await aurora()
    programme = world.programmes["aurora"].id

    def many(tx: Tx) -> None:
        for number in range(1, 1201):
            person = replace(
                world.people["sam"],
                id=PersonId(f"{number + 500_000:032x}"),
                name=f"Mentee {number:04}",
                email=f"mentee{number}@example.org",
            )
            tx.people.save(person)
            tx.programmes.join(Membership(programme, person.id, Role.MENTEE))

    await world.store.transact(many)
    message = await world.says("dana", "admin unconnected")
    await play(
        world,
        """
        Tandem: Aurora: 1,206 people have no calendar connected.
        Tandem shows: and 1,196 more
        """,
    )
    assert len(rows(message)) == 11
    assert len(world.buttons(message)) == 12
    message = await world.presses("dana", "No calendar connected: show more (1,196)")
    assert rows(message)[0][0] == "Mentee 0008"
    message = await world.says("dana", "admin status")
    assert len(rows(message)) < 45
    assert len(world.buttons(message)) < 25
    await play(
        world,
        """
        Dana: admin remind everyone to connect
        Tandem: Reminded to connect: 1,206 people.
        Dana: admin people
        Tandem: Aurora has 1,207 people.
        Dana presses: Show more (1,197)
        Tandem shows: Mentee 0007 | mentee | New York
        """,
    )
    assert world.progress[:2] == ["Reminding: 200 of 1,206…", "Reminding: 400 of 1,206…"]
    assert len(world.progress) == 7

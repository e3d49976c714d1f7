"""Who need not come answers the invitation by mail: a yes takes their time, a no gives it back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.ids import MeetingId, PersonId
from core.links import Tier
from core.programme import Role
from core.use_cases.take_mail import Taken
from tests.talks.script import play
from tests.talks.stage import Stage, aurora, person
from tests.talks.test_mail_answers import arrives, head, reply
from tests.unit.mail import arriving as at

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.ports import Tx


async def hoped() -> tuple[Stage, Meeting]:
    """Alex Romero has booked Ann and Ben; Dev is invited, but need not come."""
    stage = await aurora()
    for who, name in (("ann", "Ann Weber"), ("ben", "Ben Ito"), ("dev", "Dev Rao")):
        await stage.join(person(who, name, "Europe/Madrid"), role=Role.MENTEE)
        await stage.pair("romero", who)
        await stage.connect(who, Tier.BUSY)
    await play(
        stage,
        """
        romero: an hour with Ann Weber and Ben Ito, and Dev Rao if possible next week
        romero presses [Offer Tue 27 Oct 13:00 Madrid]
        everybody has read on
        ann presses [Tue 27 Oct 13:00 Madrid]
        ben presses [Tue 27 Oct 13:00 Madrid]
        everybody has read on
        """,
    )
    (meeting,) = await stage.meetings("romero")
    return stage, meeting


async def test_who_need_not_come_answers_by_mail() -> None:
    stage, meeting = await hoped()
    (invitation,) = stage.mail.to("dev@example.org")
    assert "You are welcome, but need not come: the others meet in any case." in invitation.text
    mail = at.outlook(reply(meeting, "ACCEPTED", "dev@example.org"), head("dev@example.org"))
    assert await arrives(stage, mail) is Taken.ANSWERED
    await play(
        stage,
        """
        romero sees > Dev Rao accepted the invitation for Tue 27 Oct 13:00-14:00 Madrid.
        ann sees nothing
        dev sees nothing
        """,
    )
    (now,) = await stage.meetings("romero")
    assert PersonId("dev") in now.holders
    later = reply(meeting, "DECLINED", "dev@example.org", stamp="20261021T090000Z")
    assert await arrives(stage, at.gmail(later, head("dev@example.org", 2))) is Taken.ANSWERED
    (now,) = await stage.meetings("romero")
    assert PersonId("dev") not in now.holders
    await play(
        stage,
        """
        romero sees ~ Dev Rao declined the invitation for Tue 27 Oct 13:00-14:00 Madrid. You meet \
            without them.
        ann sees nothing
        ben sees nothing
        dev sees > …
        """,
    )


async def test_a_yes_by_mail_to_two_sessions_at_once_is_a_maybe_and_that_is_said() -> None:
    stage, meeting = await hoped()
    other = replace(
        meeting,
        id=MeetingId("ab" * 16),
        uid=f"{'ab' * 16}@assistant.example.org",
        attendees=tuple(replace(a, optional=False) for a in meeting.attendees[-1:]),
    )

    def elsewhere(tx: Tx) -> None:
        tx.meetings.claim(other)
        tx.meetings.save(replace(other, version=0))

    await stage.store.transact(elsewhere)
    mail = at.outlook(reply(meeting, "ACCEPTED", "dev@example.org"), head("dev@example.org"))
    assert await arrives(stage, mail) is Taken.ANSWERED
    await play(
        stage,
        """
        romero sees > Dev Rao answered “maybe” for Tue 27 Oct 13:00-14:00 Madrid.
        dev sees > Your “yes” by mail to Tue 27 Oct 13:00-14:00 Madrid with Alex Romero, Ann \
            Weber and Ben Ito counts as a maybe, because you have another session then. Will you \
            be there?
          [Yes, I will be there] [No, I cannot]
        """,
    )

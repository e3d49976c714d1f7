"""Notices about what came by mail as the person they are for sees them.

What somebody wrote is shown as text: chats escape it, so it can be no markup and no link of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Action, Card, Input, InputKind, Style
from bot.message import Outgoing, readable
from bot.speak import group_words, rhythm, times, views
from bot.speak import mailroom_words as said
from core.booking.meeting import MeetingState, Rsvp
from core.booking.series import present
from core.booking.series_change import countered as meant
from core.booking.series_change import said_of
from core.ids import MeetingId, PersonId, SeriesId
from core.mail_in import bad_address
from core.notices import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.booking.meeting import Meeting
    from core.people import Person
    from core.ports import Tx

LONGEST_LABEL = 60
MOST_READERS = 6  # ids in one button


def _standing(tx: Tx, facts: Mapping[str, str]) -> Meeting | None:
    """Return the meeting, None for one that does not stand any more."""
    meeting = tx.meetings.get(MeetingId(facts["meeting"]))
    return meeting if meeting.state is MeetingState.BOOKED else None


def with_more(time: str, facts: Mapping[str, str]) -> str:
    """Return a session's time, and how many more of its series are meant."""
    more = facts.get("more", "")
    return (
        (said.ONE_MORE if more == "1" else said.MORE).format(time=time, more=more) if more else time
    )


def others(tx: Tx, meeting: Meeting, me: PersonId) -> str:
    """Return the names of the others."""
    ids = [p for p in meeting.people if p != me]
    return views.names(tx.people.many(ids), ids, me)


def declined(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Ask who said no by mail how to go on (A22); none when they have changed their mind."""
    meeting = _standing(tx, facts)
    attendee = meeting.attendee(me.id) if meeting else None
    if meeting is None or attendee is None or attendee.rsvp is not Rsvp.DECLINED:
        return None
    text, card = after_no(tx, meeting, me, facts)
    return Outgoing(text, card)


def after_no(
    tx: Tx, meeting: Meeting, me: Person, facts: Mapping[str, str] | None = None
) -> tuple[str, Card]:
    """Return the question that follows a no, with its ways on."""
    entry = meeting.attendee(me.id)
    if entry is not None and entry.optional:  # it is held without them
        return group_words.NOTED_NO.format(time=times.of_meeting(meeting, me)), Card()
    ids = [p for p in meeting.people if p != me.id]
    people = tx.people.many(ids)
    label = said.TELL_MANY
    if len(ids) == 1 and len(people[ids[0]].first_name) < LONGEST_LABEL:
        label = said.TELL.format(names=people[ids[0]].first_name)
    why = Input("why", said.WHY, InputKind.TEXT, hint=said.WHY_HINT, required=False)
    actions = (
        Action(f"move:{meeting.id}", said.RESCHEDULE, Style.PRIMARY),
        Action(f"cancel:{meeting.id}", said.CANCEL, Style.DANGER),
        Action(f"tell:m:{meeting.id}", label),
    )
    names = views.names(people, ids, me.id)
    time = with_more(times.of_meeting(meeting, me), facts or {})
    text = said.DECLINED.format(time=time, names=names)
    return text, Card("", (), (why,), actions)


def confirm_mail(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Ask whether what came in somebody's name is theirs."""
    if "text" in facts:
        return _confirm_text(tx, me, facts)
    meeting = _standing(tx, facts)
    if meeting is None or meeting.attendee(me.id) is None:
        return None
    answer = facts["answer"]
    text = said.CONFIRM.format(answer=said.ANSWERS[answer], time=times.of_meeting(meeting, me))
    actions = (
        Action(f"mailed:{meeting.id}:{answer}", said.IS_MINE, Style.PRIMARY),
        Action("mailed:none", said.IS_NOT),
    )
    return Outgoing(text, Card(actions=actions))


def _confirm_text(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    ids = [PersonId(one) for one in facts["others"].split(",") if one][:MOST_READERS]
    names = views.names(tx.people.many(ids), ids, me.id)
    entry = Input("why", said.THEIR_TEXT, InputKind.TEXT, " ".join(readable(facts["text"]).split()))
    actions = (
        Action(f"tell:p:{','.join(ids)}", said.HAND_ON, Style.PRIMARY),
        Action("mailed:none", said.IS_NOT),
    )
    return Outgoing(said.CONFIRM_TEXT.format(names=names), Card("", (), (entry,), actions))


def answer_again(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Ask for an answer, because the one by mail cannot count."""
    meeting = _standing(tx, facts)
    if meeting is None or meeting.attendee(me.id) is None:
        return None
    pattern = said.AGAIN.get(facts.get("why", ""), said.AGAIN["unread"])
    text = pattern.format(names=others(tx, meeting, me.id), time=times.of_meeting(meeting, me))
    actions = (
        Action(f"mailed:{meeting.id}:ACCEPTED", said.YES, Style.PRIMARY),
        Action(f"mailed:{meeting.id}:DECLINED", said.NO),
    )
    return Outgoing(text, Card(actions=actions))


def countered(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Show another time that somebody proposed by mail, with the way to it."""
    meeting = _standing(tx, facts)
    if meeting is None or meeting.attendee(me.id) is None:
        return None
    if facts.get("series"):
        return _series_countered(tx, me, facts)
    start, end = int(facts["start"]), int(facts["end"])
    time = times.of_both(meeting, (start, end), me)
    was = times.of_meeting(meeting, me)
    actions = (
        Action(f"moveto:{meeting.id}:{start}:{end}", said.FIND_IT, Style.PRIMARY),
        Action(f"move:{meeting.id}", said.FIND_OTHER),
    )
    if facts["by"] != me.id:
        name = tx.people.get(PersonId(facts["by"])).name
        text = said.COUNTERED.format(name=name, time=time, was=was)
        return Outgoing(text, Card(actions=actions))
    alone = len(meeting.people) == 2
    pattern = said.COUNTERED_UNSURE_ONE if alone else said.COUNTERED_UNSURE
    text = pattern.format(time=time, was=was, names=others(tx, meeting, me.id))
    return Outgoing(text, Card(actions=(actions[0], Action("mailed:none", said.IS_NOT))))


def _series_countered(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Show that somebody would have a whole series at another time, with the way to it."""
    series = tx.meetings.series(SeriesId(facts["series"]))
    pattern = present(series, tx.meetings.of_series(series.id), series.changed_at)
    new = meant(pattern, int(facts["start"]))
    if new is None:
        return None  # it is so by now
    weekday = "" if new.weekday is None else str(new.weekday)
    find = Action(
        f"rest:{series.id}:{new.minute}:{weekday}:{new.zone}", said.FIND_IT, Style.PRIMARY
    )
    wished, was = rhythm.rhythm(said_of(pattern, new)), rhythm.rhythm(pattern)
    if facts["by"] != me.id:
        name = tx.people.get(PersonId(facts["by"])).name
        text = said.SERIES_COUNTERED.format(name=name, wished=wished, was=was)
        return Outgoing(text, Card(actions=(find,)))
    text = said.SERIES_COUNTERED_UNSURE.format(wished=wished, was=was)
    return Outgoing(text, Card(actions=(find, Action("mailed:none", said.IS_NOT))))


def mailed(tx: Tx, me: Person, facts: Mapping[str, str]) -> Outgoing:
    """Show what somebody wrote."""
    name, text = tx.people.get(PersonId(facts["by"])).name, readable(facts["text"])
    if not facts.get("meeting"):
        return Outgoing(said.MAILED.format(name=name, text=text))
    meeting = tx.meetings.get(MeetingId(facts["meeting"]))
    return Outgoing(said.SAID.format(name=name, time=times.of_meeting(meeting, me), text=text))


def address_down(tx: Tx, _me: Person, facts: Mapping[str, str]) -> Outgoing | None:
    """Tell an administrator that mails to somebody come back; none when they arrive again."""
    person = tx.people.get(PersonId(facts["person"]))
    known = bad_address(tx, person)
    if known is None:
        return None
    return Outgoing(said.BAD_ADDRESS.format(name=person.name, address=known["address"]))


VIEWS: dict[NoticeKind, Callable[[Tx, Person, Mapping[str, str]], Outgoing | None]] = {
    NoticeKind.DECLINED: declined,
    NoticeKind.CONFIRM_MAIL: confirm_mail,
    NoticeKind.ANSWER_AGAIN: answer_again,
    NoticeKind.COUNTERED: countered,
    NoticeKind.MAILED: mailed,
    NoticeKind.BAD_ADDRESS: address_down,
}

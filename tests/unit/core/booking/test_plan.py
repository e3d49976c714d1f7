"""(before, after) -> effects: who gets what, once."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.booking.meeting import Meeting, Path, Rsvp
from core.booking.plan import FIRST_LOOK, LINK_PATIENCE, event_effect, mail_effect, plan
from core.effects import GIVE_UP, Effect, EffectKind
from core.ids import MeetingId, PersonId
from core.notices import NoticeKind
from tests.unit.core.booking.samples import (
    ASKER,
    ELEVEN,
    GUEST,
    HOUR,
    MEETING,
    NOON,
    NOW,
    TEN,
    THIRD,
    attendee,
)

K, N = EffectKind, NoticeKind
MAILS = {K.MAIL_INVITE, K.MAIL_CANCEL, K.MAIL_DETAILS}


def only(path: Path) -> Meeting:
    """Return a meeting with one attendee, reached by a path."""
    return replace(MEETING, attendees=(attendee(GUEST, path),))


def changed(meeting: Meeting, change: str) -> tuple[Meeting | None, Meeting]:
    """Return a meeting before and after a change."""
    match change:
        case "booked":
            return None, meeting
        case "moved":
            return meeting, meeting.move(ELEVEN, NOON, NOW)
        case "amended":
            return meeting, meeting.amend(NOW, place="https://meet.example.org/oslo")
        case "cancelled":
            return meeting, meeting.cancel(NOW)
        case "answered":
            return meeting, meeting.answer(GUEST, Rsvp.DECLINED)
        case _:
            return meeting, meeting


# What one person gets, besides the notice in chat.
TABLE = {
    ("booked", Path.CALENDAR): [K.PLACE_EVENT, K.MAIL_DETAILS],
    ("moved", Path.CALENDAR): [K.PLACE_EVENT, K.MAIL_DETAILS],
    ("amended", Path.CALENDAR): [K.PLACE_EVENT, K.MAIL_DETAILS],
    ("cancelled", Path.CALENDAR): [K.REMOVE_EVENT, K.MAIL_DETAILS],
    ("booked", Path.INVITE): [K.MAIL_INVITE],
    ("moved", Path.INVITE): [K.MAIL_INVITE],
    ("amended", Path.INVITE): [K.MAIL_INVITE],
    ("cancelled", Path.INVITE): [K.MAIL_CANCEL],
    ("booked", Path.PUBLISH): [K.MAIL_DETAILS],
    ("moved", Path.PUBLISH): [K.MAIL_DETAILS],
    ("amended", Path.PUBLISH): [K.MAIL_DETAILS],
    ("cancelled", Path.PUBLISH): [K.MAIL_DETAILS],
}


@pytest.mark.parametrize(("change", "path"), TABLE)
def test_what_one_person_gets(change: str, path: Path) -> None:
    before, after = changed(only(path), change)
    effects = plan(before, after, GUEST, NOW)
    assert [effect.kind for effect in effects] == TABLE[change, path]
    for effect in effects:
        assert (effect.meeting_id, effect.person_id) == (MEETING.id, GUEST)
        assert effect.sequence == after.sequence
        assert effect.due_at == NOW


@pytest.mark.parametrize("change", ["answered", "nothing"])
@pytest.mark.parametrize("path", Path)
def test_what_changes_nothing_sends_nothing(change: str, path: Path) -> None:
    assert plan(*changed(only(path), change), None, NOW) == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("booked", N.BOOKED),
        ("moved", N.MOVED),
        ("cancelled", N.CANCELLED),
    ],
)
def test_everybody_but_the_one_who_did_it_is_told(change: str, kind: NoticeKind) -> None:
    effects = plan(*changed(MEETING, change), ASKER, NOW)
    told = [e for e in effects if e.kind is K.NOTIFY]
    assert [e.person_id for e in told] == [GUEST, THIRD]
    assert {e.payload["kind"] for e in told} == {kind}
    assert {(e.payload["meeting"], e.payload["by"]) for e in told} == {(MEETING.id, ASKER)}
    everybody = plan(*changed(MEETING, change), None, NOW)
    assert [e.person_id for e in everybody if e.kind is K.NOTIFY] == [ASKER, GUEST, THIRD]


def test_a_new_name_or_place_is_not_told_as_another_time() -> None:
    effects = plan(*changed(MEETING, "amended"), None, NOW)
    assert N.MOVED not in {e.payload["kind"] for e in effects if e.kind is K.NOTIFY}


def test_a_reason_goes_to_everybody_with_the_cancellation() -> None:
    effects = plan(MEETING, MEETING.cancel(NOW), ASKER, NOW, reason="I am ill")
    told = [e for e in effects if e.kind in MAILS or e.kind is K.NOTIFY]
    assert {e.payload["reason"] for e in told} == {"I am ill"}
    assert {e.person_id for e in told if e.kind in MAILS} == set(MEETING.people)


def test_a_mail_about_a_change_knows_the_time_before() -> None:
    moved = [e for e in plan(*changed(MEETING, "moved"), None, NOW) if e.kind in MAILS]
    was = {"was_start": str(MEETING.start), "was_end": str(MEETING.end)}
    assert [e.payload for e in moved] == [was] * 3
    assert {str(e.payload) for e in plan(None, MEETING, None, NOW) if e.kind in MAILS} == {"{}"}


def test_the_calendar_that_is_written_is_named() -> None:
    (event,) = [e for e in plan(None, MEETING, None, NOW) if e.kind is K.PLACE_EVENT]
    assert event.payload == {"link": f"link-of-{GUEST}"}
    assert event == event_effect(MEETING, MEETING.attendees[1], NOW)


def test_each_medium_of_each_person_waits_only_for_itself() -> None:
    effects = plan(None, MEETING, None, NOW) + plan(MEETING, MEETING.cancel(NOW), None, NOW)
    lanes = Counter(e.lane for e in effects if e.kind is not K.NOTIFY)
    assert set(lanes.values()) == {2}  # the booking and the cancellation, in this order
    assert None not in lanes
    assert len(lanes) == 4  # three mails and one calendar


@pytest.mark.parametrize(
    ("ahead", "limit"),
    [(60, HOUR), (2 * HOUR, 2 * HOUR), (30 * 86_400, GIVE_UP)],
    ids=["soon", "today", "far"],
)
def test_trying_ends_with_the_start_or_after_two_days(ahead: int, limit: int) -> None:
    soon = replace(MEETING, start=NOW + ahead, end=NOW + ahead + HOUR)
    sent = [e for e in plan(None, soon, None, NOW) if e.kind is not K.NOTIFY]
    assert {e.give_up_at for e in sent} == {NOW + limit}


def test_no_effect_holds_the_title_or_an_address() -> None:
    for effect in plan(None, MEETING, None, NOW):
        assert MEETING.title not in str(effect)
        assert "@example.org" not in str(effect)


# --- a link that has yet to be made -----------------------------------------------------------


def test_the_link_is_made_behind_the_owners_copy_and_the_others_wait_for_it() -> None:
    everybody = tuple(attendee(p, Path.CALENDAR) for p in (ASKER, GUEST, THIRD))
    effects = plan(None, replace(MEETING, attendees=everybody), None, NOW, room=True)
    (link,) = [e for e in effects if e.kind is K.MAKE_LINK]
    (copy,) = [e for e in effects if (e.kind, e.person_id) == (K.PLACE_EVENT, GUEST)]
    assert (link.lane, link.person_id) == (copy.lane, GUEST)  # GUEST owns the meeting
    assert effects.index(copy) < effects.index(link)
    waits = {"awaits": link.key, "until": str(NOW + LINK_PATIENCE)}
    for effect in effects:
        waiting = effect not in (copy, link) and effect.kind is not K.NOTIFY
        assert (waits.items() <= effect.payload.items()) is waiting
        assert effect.due_at == NOW + (FIRST_LOOK if waiting else 0)
    assert len([e for e in effects if "awaits" in e.payload]) == 5  # three mails, two copies


@pytest.mark.parametrize("change", ["cancelled", "nothing"])
def test_no_link_is_made_for_what_is_over_or_as_it_was(change: str) -> None:
    effects = plan(*changed(MEETING, change), None, NOW, room=True)
    assert [e for e in effects if e.kind is K.MAKE_LINK or "awaits" in e.payload] == []


def test_a_copy_that_is_written_again_is_another_effect() -> None:
    once = event_effect(MEETING, MEETING.attendees[1], NOW)
    again = event_effect(MEETING, MEETING.attendees[1], NOW, again="room")
    assert once.key != again.key
    assert replace(again, key=once.key) == once


steps = st.lists(st.sampled_from(["moved", "back", "amended", "answered", "nothing"]), max_size=8)
actors = st.sampled_from([None, ASKER, GUEST])


@settings(max_examples=120, deadline=None)
@given(steps, st.booleans(), actors)
def test_one_mail_and_one_copy_per_person_and_sequence(
    path: list[str], cancel: bool, by: PersonId | None
) -> None:
    meeting, effects = MEETING, plan(None, MEETING, by, NOW)
    for step in [*path, "cancelled"] if cancel else path:
        before, after = (
            (meeting, meeting.move(TEN, ELEVEN, NOW)) if step == "back" else changed(meeting, step)
        )
        effects += plan(before, after, by, NOW)
        meeting = after
    keys = Counter(effect.key for effect in effects)
    assert set(keys.values()) == {1}
    for sequence in range(meeting.sequence + 1):
        assert mails(effects, sequence) == Counter({ASKER: 1, GUEST: 1, THIRD: 1})
        assert copies(effects, sequence) == Counter({GUEST: 1})


def mails(effects: list[Effect], sequence: int) -> Counter[PersonId | None]:
    """Return how many mails each person gets about one version."""
    return Counter(e.person_id for e in effects if e.kind in MAILS and e.sequence == sequence)


def copies(effects: list[Effect], sequence: int) -> Counter[PersonId | None]:
    """Return how often each person's calendar is written for one version."""
    kinds = {K.PLACE_EVENT, K.REMOVE_EVENT}
    return Counter(e.person_id for e in effects if e.kind in kinds and e.sequence == sequence)


def test_keys_tell_meetings_people_and_versions_apart() -> None:
    other = replace(MEETING, id=MeetingId("other"))
    moved = MEETING.move(ELEVEN, NOON, NOW)
    keys = [
        mail_effect(K.MAIL_INVITE, None, meeting, one, NOW).key
        for meeting in (MEETING, other, moved)
        for one in meeting.attendees
    ]
    assert len(set(keys)) == len(keys)
    same = mail_effect(K.MAIL_CANCEL, MEETING, MEETING, MEETING.attendees[0], NOW).key
    assert same == keys[0]  # at most one mail per person and sequence, whatever its kind

"""Nested values survive the way into JSON text and back."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.storage import codecs
from core.booking.meeting import Attendee, Path, Rsvp
from core.booking.proposal import Answer, MeetingRequest, Slot
from core.finding.request import Ease
from core.ids import LinkId, MeetingId, PersonId, ProgrammeId, ProposalId
from core.people import Leave
from core.timing.hours import ALWAYS, Weekly, weekly

instants = st.integers(0, 2**33)
people = st.text(min_size=1).map(PersonId)
spans = st.tuples(instants, instants)

requests = st.builds(
    MeetingRequest,
    programme_id=st.text().map(ProgrammeId),
    asker=people,
    attendees=st.lists(people).map(tuple),
    minutes=st.integers(1, 600),
    windows=st.lists(spans).map(tuple),
    zone=st.text(),
    starts=st.lists(instants).map(tuple),
    title=st.text(),
    moves=st.none() | st.text().map(MeetingId),
    optional=st.lists(people).map(tuple),
    eased=st.lists(st.tuples(st.sampled_from(Ease), people)).map(tuple),
    counters=st.none() | st.text(min_size=1).map(ProposalId),
    rounds=st.integers(0, 9),
    refused=st.lists(instants).map(tuple),
)
slots = st.builds(Slot, instants, instants, st.lists(people).map(tuple))
answers = st.builds(Answer, st.lists(instants).map(tuple), st.booleans())
attendees = st.builds(
    Attendee,
    person_id=people,
    name=st.text(),
    email=st.text(),
    zone=st.text(),
    path=st.sampled_from(Path),
    link_id=st.none() | st.text().map(LinkId),
    rsvp=st.sampled_from(Rsvp),
)


@given(requests)
def test_request(request: MeetingRequest) -> None:
    assert codecs.load_request(codecs.dump_request(request)) == request


@given(requests)
def test_a_request_stored_before_anything_was_set_aside(request: MeetingRequest) -> None:
    data = json.loads(codecs.dump_request(request))
    del data["eased"]
    assert codecs.load_request(json.dumps(data)) == replace(request, eased=())


@given(requests)
def test_a_request_stored_before_proposals_were_countered(request: MeetingRequest) -> None:
    data = json.loads(codecs.dump_request(request))
    for name in ("counters", "rounds", "refused"):
        del data[name]
    before = replace(request, counters=None, rounds=0, refused=())
    assert codecs.load_request(json.dumps(data)) == before


@given(requests)
def test_a_request_stored_before_anybody_was_optional(request: MeetingRequest) -> None:
    data = json.loads(codecs.dump_request(request))
    del data["optional"]
    assert codecs.load_request(json.dumps(data)) == replace(request, optional=())


@given(st.lists(slots).map(tuple))
def test_slots(given_slots: tuple[Slot, ...]) -> None:
    assert codecs.load_slots(codecs.dump_slots(given_slots)) == given_slots


@given(st.dictionaries(people, answers))
def test_answers(given_answers: dict[PersonId, Answer]) -> None:
    assert codecs.load_answers(codecs.dump_answers(given_answers)) == given_answers


@given(st.lists(attendees).map(tuple))
def test_attendees(given_attendees: tuple[Attendee, ...]) -> None:
    assert codecs.load_attendees(codecs.dump_attendees(given_attendees)) == given_attendees


@given(st.lists(st.builds(Leave, st.dates(), st.dates())).map(tuple))
def test_leave(leave: tuple[Leave, ...]) -> None:
    assert codecs.load_leave(codecs.dump_leave(leave)) == leave


@given(st.dictionaries(st.text(), st.text()))
def test_texts(texts: dict[str, str]) -> None:
    assert codecs.load_texts(codecs.dump_texts(texts)) == texts


@pytest.mark.parametrize("hours", [None, ALWAYS, weekly((480, 1080)), weekly(None)])
def test_hours(hours: Weekly | None) -> None:
    assert codecs.load_hours(codecs.dump_hours(hours)) == hours


def test_the_stored_text_is_readable() -> None:
    text = codecs.dump_leave((Leave(date(2026, 8, 3), date(2026, 8, 14)),))
    assert text == '[["2026-08-03","2026-08-14"]]'
    assert codecs.dump_texts({"name": "Zoë"}) == '{"name":"Zoë"}'


def test_only_json_is_stored() -> None:
    with pytest.raises(TypeError):
        codecs.dump_data({"when": date(2026, 8, 3)})

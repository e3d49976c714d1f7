"""Who is optional, and missing from a time, is kept as it was."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from adapters.storage import codecs
from core.booking.meeting import Attendee, Path, Rsvp
from core.booking.proposal import Slot
from core.ids import PersonId

people = st.text().map(PersonId)
instants = st.integers(0, 2**40)


@given(st.booleans(), st.sampled_from(Rsvp))
def test_an_attendee(optional: bool, rsvp: Rsvp) -> None:
    one = Attendee(PersonId("a"), "A", "a@example.org", "UTC", Path.INVITE, None, rsvp, optional)
    assert codecs.load_attendees(codecs.dump_attendees([one])) == (one,)


@given(instants, st.integers(0, 9), st.lists(people, max_size=3).map(tuple))
def test_a_time(start: int, by_rule: int, missing: tuple[PersonId, ...]) -> None:
    slot = Slot(start, start + 60, (PersonId("u"),), by_rule, missing)
    plain = replace(slot, missing=())
    assert codecs.load_slots(codecs.dump_slots([slot, plain])) == (slot, plain)

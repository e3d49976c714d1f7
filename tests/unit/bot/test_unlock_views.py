"""The id of a button says all that it does, and nothing that its presser may not ask for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.speak.unlock_views import decode, encode
from core.booking.proposal import MeetingRequest
from core.finding.request import Ease
from core.ids import PersonId, ProgrammeId

ME = PersonId("0" * 31 + "a")
people = st.text("0123456789abcdef", min_size=32, max_size=32).map(PersonId)
instants = st.integers(0, 2**33)
eased = st.one_of(
    st.tuples(st.just(Ease.HOURS), people), st.tuples(st.sampled_from(Ease), st.just(ME))
)


@st.composite
def requests(draw: st.DrawFn) -> MeetingRequest:
    attendees = draw(st.lists(people, min_size=1, max_size=5, unique=True))
    return MeetingRequest(
        programme_id=ProgrammeId("0" * 31 + "2"),
        asker=ME,
        attendees=tuple(attendees) + (ME,) * draw(st.integers(0, 1)),
        minutes=draw(st.integers(5, 480)),
        windows=tuple(draw(st.lists(st.tuples(instants, instants), min_size=1, max_size=3))),
        zone="Europe/London",
        starts=tuple(draw(st.lists(instants, max_size=3))),
        optional=tuple(p for p in attendees if draw(st.booleans())),
        eased=tuple(draw(st.lists(eased, max_size=2))),
    )


@given(requests())
def test_what_is_written_is_read(request: MeetingRequest) -> None:
    verb, *args = encode(request).split(":")
    assert verb == "try"
    assert decode(args, ME, "Europe/London").request == request


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a:b",
        "::30:1-2:::",
        ":p:99999:1-2::x",
        ":p:x:1-2::x",
        ":p:30:::x",
        ":p:30:1-2::",
        ":p:30:zzzzzzzzzzz-2::x",
        "q.:p:30:1-2::x",
        f"t{'0' * 32}:p:30:1-2::x",  # what is tentative for somebody else
        f"b{'0' * 32}:p:30:1-2::x",
    ],
)
def test_what_is_no_button_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(text.split(":"), ME, "Europe/London")

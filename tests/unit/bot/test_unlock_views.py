"""The id of a button says all that it does, and nothing that its presser may not ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.speak import words
from bot.speak.unlock_views import decode, encode
from core.booking.proposal import MeetingRequest, Wish
from core.booking.series import Pattern
from core.finding.request import Ease
from core.ids import OrgId, PersonId, ProgrammeId
from core.people import Organisation, Person
from core.ports import Tx
from core.timing.recurrence import Frequency
from core.timing.recurrence import Rule as Repeats
from tests.talks.stage import AURORA, aurora

ME = PersonId("0" * 31 + "a")
people = st.text("0123456789abcdef", min_size=32, max_size=32).map(PersonId)
instants = st.integers(0, 2**33)
windows = st.lists(instants, min_size=2, max_size=2).map(lambda two: (min(two), max(two)))
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
        windows=tuple(sorted(draw(st.lists(windows, min_size=1, max_size=3)))),
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
        ":p:-30:1-2::x",
        ":p:\u0663\u0660:1-2::x",
        ":p:30:::x",
        ":p:30:2-1::x",
        ":p:30:1-2::x,x",
        ":p:30:1-2::.,.",
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


@pytest.mark.parametrize(
    ("eased", "who"),
    [
        ("", ".,guest"),
        ("", ".,nobody"),
        ("", ".,alex,alex"),
        ("", ".,maya,alex"),
        ("hguest", ".,alex"),
        ("hnobody", ".,alex"),
        ("hsam", ".,alex"),
        ("", "!nothing"),
    ],
)
async def test_a_search_made_by_hand_finds_nobody_who_has_no_part_in_it(
    eased: str, who: str
) -> None:
    stage = await aurora()
    guest = Person(PersonId("guest"), OrgId("f" * 32), "Gus", "gus@else.example", "Europe/London")

    def work(tx: Tx) -> None:
        tx.organisations.save(Organisation(guest.org_id, "Elsewhere"))
        tx.people.save(guest)

    await stage.store.transact(work)
    soon = "tn92c0-tnm100"  # 21 to 28 October, in base 36
    await stage.acts("maya", f"try:{eased}:{AURORA}:30:{soon}::{who}")
    (seen,) = stage.chats.unread.pop("maya")
    assert seen.message.text == words.OLD_BUTTON
    assert await stage.proposals("maya") == ()


@st.composite
def patterns(draw: st.DrawFn, minutes: int) -> Pattern:
    rule = Repeats(
        draw(st.sampled_from(Frequency)),
        draw(st.integers(1, 8)),
        tuple(draw(st.sets(st.integers(0, 6)))),
        draw(st.none() | st.integers(1, 31)),
        draw(st.sampled_from((None, -1, 1, 2, 3, 4))),
        draw(st.booleans()),
    )
    first = draw(st.dates(date(2024, 1, 1), date(2030, 1, 1)))
    minute, count = draw(st.integers(0, 1439)), draw(st.integers(1, 52))
    return Pattern(rule, "America/Argentina/Buenos_Aires", first, minute, minutes, count)


@given(requests(), st.data())
def test_a_series_that_is_written_is_read(request: MeetingRequest, data: st.DataObject) -> None:
    wish = Wish(data.draw(patterns(request.minutes)))
    asked = replace(request, series=wish)
    _, *args = encode(asked).split(":")
    assert decode(args, ME, "Europe/London").request == asked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "W;1;1;-;-;0;Europe/London;2026-10-27;840",
        "X;1;1;-;-;0;Europe/London;2026-10-27;840;3",
        "W;0;1;-;-;0;Europe/London;2026-10-27;840;3",
        "W;1;7;-;-;0;Europe/London;2026-10-27;840;3",
        "W;1;1;-;-;0;Nowhere/Town;2026-10-27;840;3",
        "W;1;1;-;-;0;../secret;2026-10-27;840;3",
        "W;1;1;-;-;0;Europe/London;9999-10-27;840;3",
        "W;1;1;-;-;0;Europe/London;2026-10-27;1440;3",
        "W;1;1;-;-;0;Europe/London;2026-10-27;840;0",
        "W;1;1;-;-;0;Europe/London;2026-10-27;840;999",
        "W;1;1;x;-;0;Europe/London;2026-10-27;840;3",
        "W;1;1;40;-;0;Europe/London;2026-10-27;840;3",
        "W;1;1;-;0;0;Europe/London;2026-10-27;840;3",
    ],
)
def test_what_is_no_series_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(f":p:30:1-2::x:{text}".split(":"), ME, "Europe/London")

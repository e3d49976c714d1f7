"""When somebody is busy: rules for events, and how calendars are asked."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.microsoft.events import answer_of, busy_of, moment, uids_of
from adapters.microsoft.graph import MOST_IN_BATCH, SIDE_BY_SIDE, Gate, Patience
from core.booking.meeting import Rsvp
from core.errors import AccessRevoked, BadData, ConsentRequiredByAdmin
from core.links import Tier
from core.ports import Busy, BusyAnswer, BusyKind, Unknown
from core.timing.zones import DAY, day_span, utc
from tests.contract.calendar_contract import DRAFT, LONDON, MONDAY, TUESDAY_NINE, WEEK, Fault
from tests.servers.graph.bench import GraphBench
from tests.servers.graph.entra import Order as EntraOrder
from tests.servers.graph.entra import refusal
from tests.servers.graph.mailbox import times
from tests.servers.graph.server import Answer, Order, error

HOUR = 3600
NINE = Busy(TUESDAY_NINE, TUESDAY_NINE + HOUR)
HIDDEN = ("subject", "body", "bodyPreview", "location", "locations", "attendees", "organizer")
UID = "5d0f6c3a9be14c1f8a7e2b4d6c8f0a12@tandem.example.org"
WRAPPED = (
    "040000008200E00074C5B7101A82E008"
    + "00000000" * 5
    + f"{len(UID) + 13:02X}000000"
    + (b"vCal-Uid\x01\x00\x00\x00" + UID.encode() + b"\x00").hex().upper()
)


def event(**fields: Any) -> dict[str, Any]:
    return {"start": times(utc(NINE.start)), "end": times(utc(NINE.end)), **fields}


# --- one event ---


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"showAs": "busy"}, BusyKind.BUSY),
        ({"showAs": "tentative"}, BusyKind.TENTATIVE),
        ({"showAs": "oof"}, BusyKind.AWAY),
        ({"showAs": "unknown"}, BusyKind.BUSY),
        ({"showAs": "somethingNew"}, BusyKind.BUSY),
        ({}, BusyKind.BUSY),
        ({"showAs": "free"}, None),
        ({"showAs": "workingElsewhere"}, None),
        ({"showAs": "busy", "isCancelled": True}, None),
        ({"showAs": "busy", "responseStatus": {"response": "declined"}}, None),
        ({"showAs": "busy", "responseStatus": {"response": "accepted"}}, BusyKind.BUSY),
        ({"showAs": "tentative", "responseStatus": {}}, BusyKind.TENTATIVE),
        ({"showAs": "busy", "responseStatus": None}, BusyKind.BUSY),
    ],
)
def test_what_blocks(fields: dict[str, Any], kind: BusyKind | None) -> None:
    expected = Busy(NINE.start, NINE.end, kind) if kind else None
    assert busy_of(event(**fields), LONDON) == expected


@pytest.mark.parametrize(
    "broken",
    [
        None,
        "x",
        {},
        {"start": None, "end": None},
        {"start": {"dateTime": "soon"}, "end": {"dateTime": "later"}},
        {"start": times(utc(NINE.end)), "end": times(utc(NINE.start))},
    ],
)
def test_what_makes_no_sense_is_said(broken: Any) -> None:
    with pytest.raises(BadData):
        busy_of(broken, LONDON)


def test_no_time_at_all_blocks_nothing() -> None:
    assert busy_of(event(end=times(utc(NINE.start))), LONDON) is None


@given(st.integers(0, 2**32), st.integers(0, 9_999_999))
def test_instants_with_seven_digits(at: int, fraction: int) -> None:
    value = {"dateTime": f"{utc(at):%Y-%m-%dT%H:%M:%S}.{fraction:07}", "timeZone": "UTC"}
    assert moment(value, LONDON) == at


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        ("UTC", "09:00"),
        ("Pacific Standard Time", "17:00"),
        ("Europe/Paris", "08:00"),
        ("tzone://Microsoft/Utc", "09:00"),
        # A zone of somebody's own: the person's profile stands in (New York).
        ("Customized Time Zone", "14:00"),
        ("tzone://Microsoft/Custom", "14:00"),
    ],
)
def test_instants_of_named_zones(zone: str, at: str) -> None:
    found = moment(
        {"dateTime": "2026-11-03T09:00:00.0000000", "timeZone": zone}, "America/New_York"
    )
    assert f"{utc(found):%H:%M}" == at


@pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam", "Pacific/Kiritimati"])
def test_a_whole_day_is_the_persons_whatever_zone_is_named(zone: str) -> None:
    day = {
        "isAllDay": True,
        "start": {"dateTime": "2026-11-02T00:00:00.0000000", "timeZone": zone},
        "end": {"dateTime": "2026-11-03T00:00:00.0000000", "timeZone": zone},
    }
    assert busy_of(day, "America/New_York") == Busy(*day_span(MONDAY, "America/New_York"))


def test_a_whole_day_that_is_not_at_midnight_is_an_instant() -> None:
    day = event(
        isAllDay=True, start=times(utc(WEEK[0] - HOUR)), end=times(utc(WEEK[0] + 23 * HOUR))
    )
    assert busy_of(day, LONDON) == Busy(WEEK[0] - HOUR, WEEK[0] + 23 * HOUR)


@pytest.mark.parametrize(
    "fields",
    [
        {"iCalUId": UID},
        {"iCalUId": WRAPPED},
        {"iCalUId": WRAPPED.lower()},
        {"transactionId": f"{UID}#3.0011aabb"},
    ],
)
def test_our_meeting_is_recognised(fields: dict[str, str]) -> None:
    assert UID in uids_of(fields)


@pytest.mark.parametrize("uid", ["", None, WRAPPED[:90] + "ZZ", WRAPPED[:-20]])
def test_other_ids_are_not_ours(uid: str | None) -> None:
    assert UID not in uids_of({"iCalUId": uid, "transactionId": "localevent:1"})


# --- calendars ---


async def test_a_whole_day_far_from_utc_reaches_into_a_window_outside_its_date(
    bench: GraphBench,
) -> None:
    await bench.add_day(bench.first, "day@example.org", MONDAY)
    start, _ = day = day_span(MONDAY, "Pacific/Auckland")  # eleven hours before UTC's Monday
    answers = await bench.adapter.busy(
        await bench.grant(), [bench.first], (start, start + HOUR), "Pacific/Auckland"
    )
    assert answers == {bench.first: BusyAnswer((Busy(*day),))}


async def ask(bench: GraphBench, *calendars: str, **more: Any) -> dict[str, Any]:
    grant = more.pop("grant", None) or await bench.grant()
    ignore = more.pop("ignore", frozenset())
    window = more.pop("window", WEEK)
    return dict(await bench.adapter.busy(grant, calendars, window, LONDON, ignore))


def many(bench: GraphBench, count: int) -> list[str]:
    names = [f"Calendar {n}" for n in range(count - 2)]
    return [bench.first, bench.second, *(bench.mailbox.add_calendar(n).id for n in names)]


@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("count", [1, 2, 5])
async def test_nothing_of_foreign_events_is_asked_for(
    bench: GraphBench, tier: Tier, count: int
) -> None:
    calendars = many(bench, 5)[:count]
    for calendar in calendars:
        await bench.add(calendar, "foreign@example.org", NINE)
    for ignore in (frozenset[str](), frozenset({DRAFT.uid})):
        answers = await ask(bench, *calendars, ignore=ignore, grant=await bench.grant(tier))
        assert answers == dict.fromkeys(calendars, BusyAnswer((NINE,)))
    views = bench.graph.requests("/calendarView")
    assert len(views) == 2 * count
    for asked in views:
        chosen = asked.options["$select"].split(",")
        assert not set(chosen) & set(HIDDEN)
        assert "$expand" not in asked.options
        assert 'outlook.timezone="UTC"' in asked.headers["prefer"]


async def test_our_own_ids_are_asked_for_only_to_leave_something_out(bench: GraphBench) -> None:
    await ask(bench, bench.first)
    (asked,) = bench.graph.requests("/calendarView")
    assert "iCalUId" not in asked.query
    assert "transactionId" not in asked.query


async def test_an_invitation_that_came_by_mail_is_left_out(bench: GraphBench) -> None:
    await bench.add(bench.first, WRAPPED, NINE)
    assert await ask(bench, bench.first, ignore=frozenset({UID})) == {bench.first: BusyAnswer(())}
    assert await ask(bench, bench.first) == {bench.first: BusyAnswer((NINE,))}


async def test_broken_events_are_counted(bench: GraphBench) -> None:
    await bench.add(bench.first, "good@example.org", NINE)
    page = {"value": [{"showAs": "busy"}, event(showAs="busy")]}
    bench.graph.orders.append(Order(Answer(200, page), "calendarView"))
    assert await ask(bench, bench.first) == {bench.first: BusyAnswer((NINE,), skipped=1)}


async def test_long_windows_are_read_in_pieces_and_nothing_counts_twice(bench: GraphBench) -> None:
    long = Busy(WEEK[0] + 50 * DAY, WEEK[0] + 70 * DAY)
    await bench.add(bench.first, "long@example.org", long)
    answers = await ask(bench, bench.first, window=(WEEK[0], WEEK[0] + 100 * DAY))
    assert answers == {bench.first: BusyAnswer((long,))}
    assert len(bench.graph.requests("/calendarView")) == 2


async def test_pages_are_followed(bench: GraphBench) -> None:
    bench.graph.page = 3
    spans = [Busy(WEEK[0] + n * HOUR, WEEK[0] + n * HOUR + 1800) for n in range(8)]
    for n, busy in enumerate(spans):
        await bench.add(bench.first, f"{n}@example.org", busy)
    assert await ask(bench, bench.first) == {bench.first: BusyAnswer(tuple(spans))}
    assert len(bench.graph.requests("/calendarView")) == 3


async def test_many_calendars_are_read_in_one_request(bench: GraphBench) -> None:
    bench.graph.page = 1
    calendars = many(bench, 5)
    later = Busy(NINE.end, NINE.end + HOUR)
    for busy in (NINE, later):
        await bench.add(calendars[4], f"{busy.start}@example.org", busy)
    answers = await ask(bench, *calendars)
    assert answers == {
        **dict.fromkeys(calendars[:4], BusyAnswer(())),
        calendars[4]: BusyAnswer((NINE, later)),
    }
    assert len(bench.graph.requests("/$batch")) == 1
    # The second page came alone.
    assert [asked.batched for asked in bench.graph.requests("/calendarView")] == [True] * 5 + [
        False
    ]


async def test_more_than_a_batch_holds(bench: GraphBench) -> None:
    calendars = many(bench, MOST_IN_BATCH + 3)
    assert await ask(bench, *calendars) == dict.fromkeys(calendars, BusyAnswer(()))
    assert len(bench.graph.requests("/$batch")) == 2


WHOLE = {Fault.REVOKED, Fault.UNAPPROVED}  # concern the account, not one calendar


@pytest.mark.parametrize("fault", sorted({*Fault} - {*WHOLE, Fault.SLOW}))
async def test_a_part_of_a_batch_fails_alone(bench: GraphBench, fault: Fault) -> None:
    calendars = many(bench, 5)
    bench.fail(fault, calendars[2])
    answers = await ask(bench, *calendars)
    assert isinstance(answers.pop(calendars[2]), Unknown)
    assert len(answers) == 4
    assert set(answers.values()) == {BusyAnswer(())}


async def test_what_concerns_the_account_fails_as_a_whole(bench: GraphBench) -> None:
    calendars = many(bench, 5)
    bench.fail(Fault.UNAPPROVED, calendars[2])
    with pytest.raises(ConsentRequiredByAdmin):
        await ask(bench, *calendars)


async def test_a_throttled_part_is_asked_for_again_after_its_wait(bench: GraphBench) -> None:
    calendars = many(bench, 5)
    await bench.add(calendars[2], "a@example.org", NINE)
    throttled = error(429, "ApplicationThrottled", Retry_After="2")
    bench.graph.orders.append(Order(throttled, calendars[2].replace("=", "%3D")))
    assert (await ask(bench, *calendars))[calendars[2]] == BusyAnswer((NINE,))
    (wait,) = bench.waits
    assert 2 <= wait <= 3


async def test_a_batch_that_fails_leaves_everything_unknown(bench: GraphBench) -> None:
    calendars = many(bench, 5)
    bench.graph.orders.append(Order(error(400, "BadRequest"), "$batch"))
    answers = await ask(bench, *calendars)
    assert answers == dict.fromkeys(calendars, Unknown("unreadable answer"))


async def test_a_batch_with_parts_left_out(bench: GraphBench) -> None:
    calendars = many(bench, 4)
    part = {"id": "1", "status": 200, "body": {"value": []}}
    bench.graph.orders.append(Order(Answer(200, {"responses": [part, "x", {}]}), "$batch"))
    answers = await ask(bench, *calendars)
    assert answers[calendars[1]] == BusyAnswer(())
    assert [*answers.values()].count(Unknown("unreadable answer")) == 3


async def test_at_most_three_requests_at_once_per_mailbox(bench: GraphBench) -> None:
    bench.graph.pause = 0.02
    grant = await bench.grant()
    calendars = many(bench, 6)
    await asyncio.gather(
        *(ask(bench, one, grant=grant) for one in calendars),
        ask(bench, *calendars, grant=grant),  # a batch has the mailbox for itself
        *(bench.adapter.calendars(grant) for _ in range(4)),
    )
    assert bench.graph.most == 3


async def test_a_batch_is_alone(bench: GraphBench) -> None:
    bench.graph.pause = 0.02
    grant = await bench.grant()
    calendars = many(bench, 5)
    await asyncio.gather(*(ask(bench, *calendars, grant=grant) for _ in range(3)))
    assert bench.graph.most == 1


async def test_who_waits_for_a_whole_mailbox_may_give_up() -> None:
    gate = Gate()
    await gate.enter(1)
    waiting = asyncio.create_task(gate.enter(SIDE_BY_SIDE))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    # The places it had taken already are free again.
    for _ in range(SIDE_BY_SIDE - 1):
        assert not gate.places.locked()
        await gate.enter(1)
    assert gate.places.locked()
    gate.leave(SIDE_BY_SIDE)
    await gate.enter(SIDE_BY_SIDE)


async def test_what_is_too_slow_is_unknown_alone(bench: GraphBench) -> None:
    hasty = bench.build(search=0.4, patience=Patience(answer=30))
    bench.graph.orders.append(Order(None, bench.first.replace("=", "%3D"), seconds=5))
    grant = await bench.grant()
    answers = await hasty.busy(grant, [bench.first, bench.second], WEEK, LONDON)
    await hasty.close()
    assert answers == {bench.first: Unknown("too slow"), bench.second: BusyAnswer(())}


async def test_a_dead_grant_concerns_all_calendars(bench: GraphBench) -> None:
    grant = await bench.grant()
    bench.entra.revoke()
    for calendars in (many(bench, 2), many(bench, 5)):
        with pytest.raises(AccessRevoked):
            await ask(bench, *calendars, grant=grant)


async def test_consent_that_only_an_administrator_gives(bench: GraphBench) -> None:
    grant = await bench.grant()
    bench.entra.access.clear()
    bench.entra.orders.append(EntraOrder(refusal("invalid_grant", 53003)))
    with pytest.raises(ConsentRequiredByAdmin):
        await ask(bench, bench.first, grant=grant)


async def test_calendars_of_a_reader_are_not_writable(bench: GraphBench) -> None:
    bench.mailbox.add_calendar("Holidays", can_edit=False)
    writer = await bench.adapter.calendars(await bench.grant())
    reader = await bench.adapter.calendars(await bench.grant(Tier.BUSY))
    assert [c.writable for c in writer] == [True, True, False]
    assert [c.writable for c in reader] == [False, False, False]


# --- answers to invitations that came by mail ---


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("accepted", Rsvp.ACCEPTED),
        ("organizer", Rsvp.ACCEPTED),
        ("declined", Rsvp.DECLINED),
        ("tentativelyAccepted", Rsvp.TENTATIVE),
        ("notResponded", Rsvp.NEEDS_ACTION),
        ("none", Rsvp.NEEDS_ACTION),
        ("somethingNew", Rsvp.NEEDS_ACTION),
    ],
)
async def test_an_answer_is_read_from_the_mailed_copy(
    bench: GraphBench, response: str, answer: Rsvp
) -> None:
    await bench.add(bench.first, "foreign@example.org", NINE)
    await bench.add(bench.first, WRAPPED, NINE)
    (mine,) = (e for e in bench.calendar(bench.first).events.values() if e["iCalUId"] == WRAPPED)
    status = {"response": response, "time": "0001-01-01T00:00:00Z"}
    mine["responseStatus"] = status if response != "somethingNew" else None
    grant = await bench.grant()
    window = (NINE.start, NINE.end)
    assert await bench.adapter.answer(grant, bench.first, UID, window) is answer
    assert await bench.adapter.answer(grant, bench.second, UID, window) is None
    for asked in bench.graph.requests("/calendarView"):
        assert not set(asked.options["$select"].split(",")) & set(HIDDEN)


def test_a_cancelled_invitation_is_declined() -> None:
    status = {"response": "accepted"}
    assert answer_of({"isCancelled": True, "responseStatus": status}) is Rsvp.DECLINED

"""What every calendar service does, whatever is behind it: connector, busy source and writer."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

import pytest

from core.booking.drafts import EventDraft, Guest, Party, Sender
from core.booking.meeting import Rsvp
from core.errors import (
    AccessRevoked,
    BadData,
    ConsentRequiredByAdmin,
    InvalidRequest,
    NotConnected,
    PreconditionFailed,
    ProviderError,
    RateLimited,
    RemoteMissing,
    Unavailable,
)
from core.ids import GrantId, PersonId
from core.links import Grant, Provider
from core.ports import (
    Busy,
    BusyAnswer,
    BusyKind,
    CalendarService,
    Receipt,
    Room,
    RoomMaker,
    Unknown,
)
from core.timing.spans import Span, merge
from core.timing.zones import DAY, day_span

MONDAY = date(2026, 11, 2)
WEEK: Span = (day_span(MONDAY, "UTC")[0], day_span(MONDAY, "UTC")[0] + 7 * DAY)
TUESDAY_NINE = WEEK[0] + DAY + 9 * 3600
HOUR = 3600
LONDON, NEW_YORK = "Europe/London", "America/New_York"

DRAFT = EventDraft(
    uid="5d0f6c3a9be14c1f8a7e2b4d6c8f0a12@tandem.example.org",
    sequence=0,
    start=TUESDAY_NINE,
    end=TUESDAY_NINE + HOUR,
    title="Maya and Alex: mentoring session",
    description="First line, with a comma; a semicolon\nand äccents.",
    place="https://meet.example.org/room",
    stamp=WEEK[0],
)
MOVED = replace(DRAFT, sequence=1, start=DRAFT.start + DAY, end=DRAFT.end + DAY)
PARTY = Party(
    Sender("Scheduling Assistant", "assistant@tandem.example.org"),
    (
        Guest("Alex", "alex@example.com", Rsvp.ACCEPTED, chair=True),
        Guest("Maya", "maya@example.com", Rsvp.NEEDS_ACTION),
    ),
)
MEMBERS, MEMBERS_MOVED = replace(DRAFT, party=PARTY), replace(MOVED, party=PARTY)


class Fault(StrEnum):
    """What the other side can do to the next request."""

    REVOKED = "revoked"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    LIMITED = "limited"  # asks to wait 7 seconds
    BROKEN = "broken"
    SLOW = "slow"
    NONSENSE = "nonsense"
    REFUSED = "refused"  # the request itself is not accepted
    UNAPPROVED = "unapproved"  # IT has not approved (any more), where there is such a thing


ERRORS: Mapping[Fault, type[ProviderError]] = {
    Fault.REVOKED: AccessRevoked,
    Fault.FORBIDDEN: NotConnected,
    Fault.MISSING: RemoteMissing,
    Fault.LIMITED: RateLimited,
    Fault.BROKEN: Unavailable,
    Fault.SLOW: Unavailable,
    Fault.NONSENSE: BadData,
    Fault.REFUSED: InvalidRequest,
    Fault.UNAPPROVED: ConsentRequiredByAdmin,
}
EVERYWHERE = frozenset(Fault) - {Fault.UNAPPROVED}
# An answer to a write has no content that could be nonsense.
WRITE_FAULTS = sorted(EVERYWHERE - {Fault.NONSENSE, Fault.MISSING})


@dataclass(frozen=True, slots=True)
class Stored:
    """One of our events as the other side has it."""

    uid: str
    sequence: int
    start: int
    end: int
    title: str


class CalendarBench(Protocol):
    """A service, an account with two calendars that may be written, and the other side's hands."""

    @property
    def service(self) -> CalendarService: ...

    @property
    def form(self) -> Mapping[str, str]: ...

    @property
    def first(self) -> str: ...

    @property
    def second(self) -> str: ...

    @property
    def missing(self) -> str: ...

    async def grant(self) -> Grant: ...

    async def add(self, calendar_id: str, uid: str, busy: Busy) -> None: ...

    async def add_day(self, calendar_id: str, uid: str, day: date) -> None: ...

    async def stored(self, calendar_id: str) -> Sequence[Stored]: ...

    async def touch(self, receipt: Receipt) -> None: ...

    async def drop(self, receipt: Receipt) -> None: ...

    def fail(self, fault: Fault, calendar_id: str | None = None) -> None: ...

    def lose_answer(self) -> None: ...


class RoomBench(CalendarBench, Protocol):
    """The same where the service makes links for virtual sessions."""

    def without_rooms(self) -> None: ...


class InboxBench(CalendarBench, Protocol):
    """The same where mailed invitations are filed."""

    async def file(self, calendar_id: str, draft: EventDraft, answer: Rsvp) -> None: ...


def as_stored(draft: EventDraft) -> Stored:
    return Stored(draft.uid, draft.sequence, draft.start, draft.end, draft.title)


def spans_of(answer: BusyAnswer | Unknown) -> list[Span]:
    assert isinstance(answer, BusyAnswer)
    return merge((busy.start, busy.end) for busy in answer.spans)


class ConnectorContract:
    """What a Connector does."""

    async def test_an_account_opens_with_what_was_typed(self, bench: CalendarBench) -> None:
        verified = await bench.service.connector.verify(bench.form)
        assert verified.account
        assert bench.form["password"] not in verified.account
        grant = Grant(
            GrantId("fresh"), PersonId("maya"), Provider.CALDAV, verified.account, verified.secret
        )
        found = await bench.service.connector.calendars(grant)
        assert {calendar.calendar_id for calendar in found} == {bench.first, bench.second}
        assert {calendar.name for calendar in found} == {"Work", "Personal"}
        assert all(calendar.writable for calendar in found)

    async def test_a_wrong_password_is_refused(self, bench: CalendarBench) -> None:
        with pytest.raises(AccessRevoked):
            await bench.service.connector.verify({**bench.form, "password": "wrong"})

    @pytest.mark.parametrize("field", ["username", "password"])
    async def test_an_empty_field_is_refused(self, bench: CalendarBench, field: str) -> None:
        with pytest.raises(ProviderError):
            await bench.service.connector.verify({**bench.form, field: ""})

    async def test_errors_never_tell_the_password(self, bench: CalendarBench) -> None:
        with pytest.raises(ProviderError) as caught:
            await bench.service.connector.verify({**bench.form, "password": "opensesame"})
        assert "opensesame" not in f"{caught.value!r}{caught.value.__cause__!r}"

    @pytest.mark.parametrize("fault", sorted(EVERYWHERE - {Fault.MISSING}))
    async def test_calendars_fail_by_name(self, bench: CalendarBench, fault: Fault) -> None:
        grant = await bench.grant()
        bench.fail(fault)
        with pytest.raises(ERRORS[fault]) as caught:
            await bench.service.connector.calendars(grant)
        if isinstance(caught.value, RateLimited):
            assert caught.value.retry_after == 7
        assert len(await bench.service.connector.calendars(grant)) == 2

    async def test_revoking_is_harmless(self, bench: CalendarBench) -> None:
        await bench.service.connector.revoke(await bench.grant())


class BusyContract:
    """What a BusySource does."""

    async def ask(
        self, bench: CalendarBench, *calendars: str, zone: str = LONDON, window: Span = WEEK
    ) -> list[BusyAnswer | Unknown]:
        answers = await bench.service.busy.busy(await bench.grant(), calendars, window, zone)
        assert set(answers) == set(calendars)
        return [answers[calendar] for calendar in calendars]

    async def test_an_empty_calendar_is_free(self, bench: CalendarBench) -> None:
        assert await self.ask(bench, bench.first) == [BusyAnswer(())]

    async def test_no_calendars_is_no_question(self, bench: CalendarBench) -> None:
        assert await self.ask(bench) == []

    @pytest.mark.parametrize("kind", list(BusyKind))
    async def test_each_kind_of_busy(self, bench: CalendarBench, kind: BusyKind) -> None:
        busy = Busy(TUESDAY_NINE, TUESDAY_NINE + HOUR, kind)
        await bench.add(bench.first, "a@example.org", busy)
        assert await self.ask(bench, bench.first) == [BusyAnswer((busy,))]

    async def test_calendars_answer_for_themselves(self, bench: CalendarBench) -> None:
        await bench.add(bench.first, "a@example.org", Busy(TUESDAY_NINE, TUESDAY_NINE + HOUR))
        await bench.add(bench.second, "b@example.org", Busy(WEEK[0], WEEK[0] + HOUR))
        first, second = await self.ask(bench, bench.first, bench.second)
        assert spans_of(first) == [(TUESDAY_NINE, TUESDAY_NINE + HOUR)]
        assert spans_of(second) == [(WEEK[0], WEEK[0] + HOUR)]

    async def test_the_window_is_half_open(self, bench: CalendarBench) -> None:
        start, end = WEEK
        for uid, at in (("before", start - HOUR), ("first", start), ("after", end)):
            await bench.add(bench.first, f"{uid}@example.org", Busy(at, at + HOUR))
        (answer,) = await self.ask(bench, bench.first)
        assert spans_of(answer) == [(start, start + HOUR)]

    async def test_what_reaches_into_the_window_counts(self, bench: CalendarBench) -> None:
        start, end = WEEK
        await bench.add(bench.first, "long@example.org", Busy(start - DAY, end + DAY))
        (answer,) = await self.ask(bench, bench.first)
        ((found_start, found_end),) = spans_of(answer)
        assert found_start <= start
        assert found_end >= end

    async def test_whole_days_are_days_of_the_persons_zone(self, bench: CalendarBench) -> None:
        await bench.add_day(bench.first, "day@example.org", date(2026, 11, 4))
        for zone in (LONDON, NEW_YORK, "Asia/Kolkata", "Pacific/Auckland"):
            (answer,) = await self.ask(bench, bench.first, zone=zone)
            assert spans_of(answer) == [day_span(date(2026, 11, 4), zone)]

    async def test_a_long_window_is_read_whole(self, bench: CalendarBench) -> None:
        for n in range(0, 140, 20):
            at = WEEK[0] + n * DAY
            await bench.add(bench.first, f"{n}@example.org", Busy(at, at + HOUR))
        (answer,) = await self.ask(bench, bench.first, window=(WEEK[0], WEEK[0] + 140 * DAY))
        assert len(spans_of(answer)) == 7

    async def test_ignored_events_are_left_out(self, bench: CalendarBench) -> None:
        grant = await bench.grant()
        await bench.service.writer.place(grant, bench.first, DRAFT)
        (answer,) = await self.ask(bench, bench.first)
        assert spans_of(answer) == [(DRAFT.start, DRAFT.end)]
        answers = await bench.service.busy.busy(
            grant, [bench.first], WEEK, LONDON, frozenset({DRAFT.uid})
        )
        assert answers[bench.first] == BusyAnswer(())

    async def test_a_missing_calendar_is_unknown_alone(self, bench: CalendarBench) -> None:
        first, missing = await self.ask(bench, bench.first, bench.missing)
        assert isinstance(first, BusyAnswer)
        assert isinstance(missing, Unknown)
        assert missing.reason

    @pytest.mark.parametrize("fault", sorted(EVERYWHERE - {Fault.REVOKED}))
    async def test_a_failing_calendar_is_unknown_alone(
        self, bench: CalendarBench, fault: Fault
    ) -> None:
        bench.fail(fault, bench.first)
        first, second = await self.ask(bench, bench.first, bench.second)
        assert isinstance(first, Unknown)
        assert isinstance(second, BusyAnswer)
        assert isinstance((await self.ask(bench, bench.first))[0], BusyAnswer)

    async def test_revoked_access_concerns_all_calendars(self, bench: CalendarBench) -> None:
        grant = await bench.grant()
        bench.fail(Fault.REVOKED, bench.first)
        with pytest.raises(AccessRevoked):
            await bench.service.busy.busy(grant, [bench.first, bench.second], WEEK, LONDON)


class WriterContract:
    """What a CalendarWriter does with an owner's copy."""

    draft, moved = DRAFT, MOVED

    async def test_a_placed_event_is_there_once(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        receipt = await writer.place(grant, bench.first, self.draft)
        assert receipt.remote_id
        assert receipt.etag
        assert list(await bench.stored(bench.first)) == [as_stored(self.draft)]
        assert list(await bench.stored(bench.second)) == []

    async def test_placing_again_changes_nothing(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        receipt = await writer.place(grant, bench.first, self.draft)
        assert await writer.place(grant, bench.first, self.draft) == receipt
        assert len(await bench.stored(bench.first)) == 1

    async def test_placing_twice_at_once_makes_one_event(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        one, two = await asyncio.gather(
            writer.place(grant, bench.first, self.draft),
            writer.place(grant, bench.first, self.draft),
        )
        assert one == two
        assert len(await bench.stored(bench.first)) == 1

    async def test_placing_over_an_older_copy_updates_it(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        old = await writer.place(grant, bench.first, self.draft)
        new = await writer.place(grant, bench.first, self.moved)
        assert new.etag != old.etag
        assert list(await bench.stored(bench.first)) == [as_stored(self.moved)]

    async def test_placing_over_a_changed_copy_puts_it_right(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        await bench.touch(await writer.place(grant, bench.first, self.draft))
        await writer.place(grant, bench.first, self.moved)
        assert list(await bench.stored(bench.first)) == [as_stored(self.moved)]

    async def test_placing_in_a_missing_calendar_is_refused(self, bench: CalendarBench) -> None:
        with pytest.raises(NotConnected):
            await bench.service.writer.place(await bench.grant(), bench.missing, self.draft)

    async def test_an_update_replaces_the_event(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        old = await writer.place(grant, bench.first, self.draft)
        new = await writer.update(grant, bench.first, old, self.moved)
        assert new.remote_id == old.remote_id
        assert new.etag != old.etag
        assert list(await bench.stored(bench.first)) == [as_stored(self.moved)]

    async def test_updating_again_changes_nothing(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        old = await writer.place(grant, bench.first, self.draft)
        new = await writer.update(grant, bench.first, old, self.moved)
        assert await writer.update(grant, bench.first, old, self.moved) == new

    async def test_an_update_of_a_changed_event_is_refused(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        receipt = await writer.place(grant, bench.first, self.draft)
        await bench.touch(receipt)
        with pytest.raises(PreconditionFailed):
            await writer.update(grant, bench.first, receipt, self.moved)
        assert [stored.start for stored in await bench.stored(bench.first)] == [self.draft.start]

    async def test_an_update_of_a_gone_event_says_so(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        receipt = await writer.place(grant, bench.first, self.draft)
        await bench.drop(receipt)
        with pytest.raises(RemoteMissing):
            await writer.update(grant, bench.first, receipt, self.moved)
        assert list(await bench.stored(bench.first)) == []

    async def test_removing_removes(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        receipt = await writer.place(grant, bench.first, self.draft)
        await writer.remove(grant, bench.first, receipt)
        assert list(await bench.stored(bench.first)) == []
        await writer.remove(grant, bench.first, receipt)

    async def test_removing_a_gone_event_is_a_success(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        receipt = await writer.place(grant, bench.first, self.draft)
        await bench.drop(receipt)
        await writer.remove(grant, bench.first, receipt)

    async def test_a_changed_event_is_removed_all_the_same(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        receipt = await writer.place(grant, bench.first, self.draft)
        await bench.touch(receipt)
        await writer.remove(grant, bench.first, receipt)
        assert list(await bench.stored(bench.first)) == []

    async def test_a_removed_event_can_be_placed_again(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        await writer.remove(grant, bench.first, await writer.place(grant, bench.first, self.draft))
        await writer.place(grant, bench.first, self.moved)
        assert list(await bench.stored(bench.first)) == [as_stored(self.moved)]

    async def test_foreign_events_stay_as_they_are(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        foreign = Busy(TUESDAY_NINE, TUESDAY_NINE + HOUR)
        await bench.add(bench.first, "foreign@example.org", foreign)
        await writer.remove(grant, bench.first, await writer.place(grant, bench.first, self.draft))
        answers = await bench.service.busy.busy(grant, [bench.first], WEEK, LONDON)
        assert answers[bench.first] == BusyAnswer((foreign,))

    @pytest.mark.parametrize("act", ["place", "update", "remove"])
    @pytest.mark.parametrize("fault", WRITE_FAULTS)
    async def test_writes_fail_by_name_and_work_afterwards(
        self, bench: CalendarBench, act: str, fault: Fault
    ) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        receipt = await writer.place(grant, bench.first, self.draft)

        async def write() -> None:
            if act == "place":
                await writer.place(grant, bench.first, self.moved)
            elif act == "update":
                await writer.update(grant, bench.first, receipt, self.moved)
            else:
                await writer.remove(grant, bench.first, receipt)

        bench.fail(fault)
        with pytest.raises(ERRORS[fault]):
            await write()
        assert list(await bench.stored(bench.first)) == [as_stored(self.draft)]
        await write()
        expected = [] if act == "remove" else [as_stored(self.moved)]
        assert list(await bench.stored(bench.first)) == expected

    async def test_a_create_whose_answer_is_lost_is_found_again(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        bench.lose_answer()
        with pytest.raises(Unavailable):
            await writer.place(grant, bench.first, self.draft)
        assert len(await bench.stored(bench.first)) == 1
        receipt = await writer.place(grant, bench.first, self.draft)
        assert len(await bench.stored(bench.first)) == 1
        await writer.update(grant, bench.first, receipt, self.moved)

    async def test_an_update_whose_answer_is_lost_may_be_repeated(
        self, bench: CalendarBench
    ) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        receipt = await writer.place(grant, bench.first, self.draft)
        bench.lose_answer()
        with pytest.raises(Unavailable):
            await writer.update(grant, bench.first, receipt, self.moved)
        newer = await writer.update(grant, bench.first, receipt, self.moved)
        await writer.update(grant, bench.first, newer, self.draft)

    async def test_a_removal_whose_answer_is_lost_may_be_repeated(
        self, bench: CalendarBench
    ) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        receipt = await writer.place(grant, bench.first, self.draft)
        bench.lose_answer()
        with pytest.raises(Unavailable):
            await writer.remove(grant, bench.first, receipt)
        await writer.remove(grant, bench.first, receipt)


class MemberContract(WriterContract):
    """The same for the copy of a member who is not the owner (X4).

    Inherit it with a fixture `bench` that returns a CalendarBench.
    """

    draft, moved = MEMBERS, MEMBERS_MOVED


class RoomContract:
    """What a RoomMaker does. Inherit it with a fixture `bench` that returns a RoomBench."""

    async def placed(self, bench: RoomBench) -> tuple[RoomMaker, Grant, Receipt]:
        assert bench.service.rooms is not None
        grant = await bench.grant()
        receipt = await bench.service.writer.place(grant, bench.first, DRAFT)
        return bench.service.rooms, grant, receipt

    async def test_a_copy_gets_one_room(self, bench: RoomBench) -> None:
        rooms, grant, receipt = await self.placed(bench)
        room = await rooms.make(grant, bench.first, receipt)
        assert room is not None
        assert room.url.startswith("https://")
        assert room.receipt.remote_id == receipt.remote_id
        assert list(await bench.stored(bench.first)) == [as_stored(DRAFT)]
        for known in (receipt, room.receipt):
            assert await rooms.make(grant, bench.first, known) == room

    async def test_a_room_outlives_the_changes_of_its_copy(self, bench: RoomBench) -> None:
        rooms, grant, receipt = await self.placed(bench)
        room = await rooms.make(grant, bench.first, receipt)
        assert room is not None
        joined = replace(DRAFT, place=room.url, description=f"Join: {room.url}")
        told = await bench.service.writer.update(grant, bench.first, room.receipt, joined)
        moved = replace(MOVED, place=room.url)
        later = await bench.service.writer.update(grant, bench.first, told, moved)
        again = await rooms.make(grant, bench.first, later)
        assert again == Room(room.url, later)
        await bench.service.writer.remove(grant, bench.first, later)
        assert list(await bench.stored(bench.first)) == []

    async def test_a_copy_that_changed_meanwhile_gets_its_room(self, bench: RoomBench) -> None:
        rooms, grant, receipt = await self.placed(bench)
        await bench.touch(receipt)
        assert await rooms.make(grant, bench.first, receipt) is not None

    async def test_a_room_whose_answer_is_lost_is_found_again(self, bench: RoomBench) -> None:
        rooms, grant, receipt = await self.placed(bench)
        bench.lose_answer()
        with suppress(Unavailable):  # some find it again by themselves
            await rooms.make(grant, bench.first, receipt)
        room = await rooms.make(grant, bench.first, receipt)
        assert room is not None
        assert await rooms.make(grant, bench.first, receipt) == room

    async def test_a_copy_that_is_gone_gets_none(self, bench: RoomBench) -> None:
        rooms, grant, receipt = await self.placed(bench)
        await bench.drop(receipt)
        with pytest.raises(RemoteMissing):
            await rooms.make(grant, bench.first, receipt)

    @pytest.mark.parametrize("fault", WRITE_FAULTS)
    async def test_rooms_fail_by_name_and_work_afterwards(
        self, bench: RoomBench, fault: Fault
    ) -> None:
        rooms, grant, receipt = await self.placed(bench)
        bench.fail(fault)
        with pytest.raises(ERRORS[fault]):
            await rooms.make(grant, bench.first, receipt)
        assert await rooms.make(grant, bench.first, receipt) is not None

    async def test_an_account_without_rooms(self, bench: RoomBench) -> None:
        rooms, grant, receipt = await self.placed(bench)
        bench.without_rooms()
        assert await rooms.make(grant, bench.first, receipt) is None
        assert list(await bench.stored(bench.first)) == [as_stored(DRAFT)]


class InboxContract:
    """What an InvitationReader does, on a `bench` that is an InboxBench."""

    async def look(self, bench: InboxBench, uid: str = DRAFT.uid) -> Rsvp | None:
        inbox, span = bench.service.inbox, (DRAFT.start, DRAFT.end)
        assert inbox is not None
        return await inbox.answer(await bench.grant(), bench.first, uid, span)

    async def test_what_did_not_come_is_not_there(self, bench: InboxBench) -> None:
        await bench.add(bench.first, "a@example.org", Busy(DRAFT.start, DRAFT.end))
        assert await self.look(bench) is None

    @pytest.mark.parametrize("answer", list(Rsvp))
    async def test_what_came_is_found_with_its_answer(
        self, bench: InboxBench, answer: Rsvp
    ) -> None:
        await bench.file(bench.first, DRAFT, answer)
        assert await self.look(bench) is answer
        assert await self.look(bench, f"other-{DRAFT.uid}") is None

    async def test_an_invitation_that_was_moved_is_not_at_its_old_time(
        self, bench: InboxBench
    ) -> None:
        await bench.file(bench.first, MOVED, Rsvp.NEEDS_ACTION)
        assert await self.look(bench) is None

    @pytest.mark.parametrize("fault", sorted(EVERYWHERE))
    async def test_looking_fails_by_name(self, bench: InboxBench, fault: Fault) -> None:
        grant = await bench.grant()
        inbox = bench.service.inbox
        assert inbox is not None
        bench.fail(fault)
        with pytest.raises(ERRORS[fault]):
            await inbox.answer(grant, bench.first, DRAFT.uid, (DRAFT.start, DRAFT.end))


class ApprovalContract:
    """What a service says where the organisation's IT administrator has to approve."""

    async def test_an_account_that_is_not_approved_does_not_open(
        self, bench: CalendarBench
    ) -> None:
        """It concerns the whole account, in words of its own: waiting does not help."""
        grant, service = await bench.grant(), bench.service
        for ask in (
            lambda: service.connector.calendars(grant),
            lambda: service.busy.busy(grant, [bench.first], WEEK, LONDON),
            lambda: service.writer.place(grant, bench.first, DRAFT),
        ):
            bench.fail(Fault.UNAPPROVED)
            with pytest.raises(ConsentRequiredByAdmin):
                await ask()
        assert len(await service.connector.calendars(grant)) == 2
        assert list(await bench.stored(bench.first)) == []


class CalendarContract(ConnectorContract, BusyContract, WriterContract):
    """Inherit it with a fixture `bench` that returns a CalendarBench."""

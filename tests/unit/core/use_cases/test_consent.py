"""Connecting by consent: whose it is, once and in one browser, and every way to end without."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.memory.calendar import MemoryCalendars
from adapters.memory.consent import BY_ADMIN, Answerer, MemoryConsent
from core.connecting import Connected
from core.consenting import PATIENCE, ConnectError, Trouble
from core.errors import BadData, InvalidRequest, Unavailable
from core.ids import GrantId, PersonId
from core.links import Grant, Provider, Tier, Use
from core.notices import NoticeKind
from core.use_cases.connect_calendar import disconnect, open_account, status
from core.use_cases.consent import begin, confirm, finish, form_opened, show_again, visit
from tests.unit.core.use_cases.account import FORM
from tests.unit.core.use_cases.consents import (
    BACK,
    BROWSER,
    IDENTITY,
    TOVES,
    add_consent,
    asked,
    link,
    walked,
)
from tests.unit.core.use_cases.world import DORA, GUS, INES, ORG, RITA, TOVE, World, make_world

GOOGLE, MICROSOFT, CALDAV = Provider.GOOGLE, Provider.MICROSOFT, Provider.CALDAV
PRIVATE = "tove@home.example"


@pytest.fixture
def page(world: World) -> MemoryConsent:
    """Tove's own account at Google: two calendars, nothing connected yet."""
    page = add_consent(world, world.google)
    world.google.add_calendar(TOVES, "Work", default=True)
    world.google.add_calendar(TOVES, "Rowing")
    return page


def her_other_account(world: World, page: MemoryConsent, *, personal: bool = False) -> None:
    """Let Tove choose an account whose address the programme does not know."""
    world.google.open_account(PRIVATE, "another")
    world.google.add_calendar(PRIVATE, "Home", default=True)
    page.person = Answerer(PRIVATE, personal=personal)


async def trouble_of(call: Awaitable[object]) -> tuple[Trouble, Provider | None]:
    """Return why a step ended."""
    with pytest.raises(ConnectError) as caught:
        await call
    return caught.value.trouble, caught.value.provider


def failures(world: World, person: PersonId = TOVE) -> list[str]:
    """Return what a person was told about connecting that failed."""
    notices = world.notices(person, NoticeKind.CONNECT_FAILED)
    return [notice.payload["trouble"] for notice in notices]


# --- the link -----------------------------------------------------------------------------------


class TestLink:
    async def test_it_says_whose_calendar_where_and_for_which_chat(
        self, world: World, page: MemoryConsent
    ) -> None:
        shown = await visit(world.ports, await link(world))
        assert (shown.person.id, shown.provider, shown.identity) == (TOVE, GOOGLE, IDENTITY)
        assert shown.tier is Tier.WRITE

    async def test_looking_uses_nothing_up(self, world: World, page: MemoryConsent) -> None:
        link_id = await link(world)
        before = world.everything()
        for _ in range(3):
            await visit(world.ports, link_id)
        assert world.everything() == before
        assert (await walked(world, page, link_id)).connected is not None

    async def test_it_is_over_after_ten_minutes(self, world: World, page: MemoryConsent) -> None:
        link_id = await link(world)
        world.clock.at += PATIENCE - 1
        await visit(world.ports, link_id)
        world.clock.at += 1
        assert await trouble_of(visit(world.ports, link_id)) == (Trouble.EXPIRED, GOOGLE)
        start = begin(world.ports, link_id, BROWSER, BACK)
        assert await trouble_of(start) == (Trouble.EXPIRED, GOOGLE)
        assert page.asked == []

    async def test_it_is_followed_once(self, world: World, page: MemoryConsent) -> None:
        link_id = await link(world)
        await begin(world.ports, link_id, BROWSER, BACK)
        again = begin(world.ports, link_id, BROWSER, BACK)
        assert (await trouble_of(again))[0] is Trouble.USED
        assert (await trouble_of(visit(world.ports, link_id)))[0] is Trouble.USED

    async def test_two_browsers_follow_it_at_once(self, world: World, page: MemoryConsent) -> None:
        link_id = await link(world)
        ends = await asyncio.gather(
            *(begin(world.ports, link_id, f"browser {n}", BACK) for n in range(5)),
            return_exceptions=True,
        )
        assert sum(isinstance(end, str) for end in ends) == 1
        lost = [end for end in ends if isinstance(end, ConnectError)]
        assert [error.trouble for error in lost] == [Trouble.USED] * 4

    @pytest.mark.parametrize("made_up", ["", "nothing", "\0", "\ud800", "é" * 5000])
    async def test_one_that_was_never_ours(
        self, world: World, page: MemoryConsent, made_up: str
    ) -> None:
        assert await trouble_of(visit(world.ports, made_up)) == (Trouble.EXPIRED, None)

    async def test_each_step_has_ids_of_its_own_kind(
        self, world: World, page: MemoryConsent
    ) -> None:
        """An answer's state is no link, and a link's id neither answers nor confirms."""
        link_id = await link(world)
        query = await asked(world, page, link_id)
        assert (await trouble_of(visit(world.ports, query["state"])))[0] is Trouble.EXPIRED
        fresh = await link(world)
        forged = finish(world.ports, GOOGLE, {"state": fresh, "code": "c"}, BROWSER)
        assert (await trouble_of(forged))[0] is Trouble.EXPIRED
        fresh = await link(world)
        assert (await trouble_of(confirm(world.ports, fresh, BROWSER)))[0] is Trouble.EXPIRED

    async def test_a_page_that_cannot_be_made_leaves_the_link(
        self, world: World, page: MemoryConsent
    ) -> None:
        link_id = await link(world)
        page.failure = Unavailable("no route", provider=GOOGLE)
        start = begin(world.ports, link_id, BROWSER, BACK)
        assert await trouble_of(start) == (Trouble.UNREACHABLE, GOOGLE)
        page.failure = None
        assert (await walked(world, page, link_id)).connected is not None


class TestGates:
    @pytest.mark.parametrize(
        ("key", "scope"),
        [("approved", ORG), ("assistant", ""), ("connecting", ""), ("services", "")],
    )
    async def test_what_is_switched_off_meanwhile_ends_it(
        self, world: World, page: MemoryConsent, key: str, scope: str
    ) -> None:
        link_id = await link(world)
        value = "apple" if key == "services" else "off"
        await world.set(key, value, **({"scope": scope} if scope else {}))
        assert await trouble_of(visit(world.ports, link_id)) == (Trouble.OFF, GOOGLE)

    async def test_switched_off_while_the_person_is_at_the_service(
        self, world: World, page: MemoryConsent
    ) -> None:
        query = await asked(world, page, await link(world))
        await world.set("approved", "off", ORG)
        answer = finish(world.ports, GOOGLE, query, BROWSER)
        assert await trouble_of(answer) == (Trouble.OFF, GOOGLE)
        assert (await status(world.ports, TOVE)).grants == {}

    async def test_who_has_left_connects_nothing(self, world: World, page: MemoryConsent) -> None:
        link_id = await link(world)
        await world.change(TOVE, active=False)
        assert await trouble_of(visit(world.ports, link_id)) == (Trouble.OFF, GOOGLE)

    async def test_a_service_without_a_consent_page(self, world: World) -> None:
        start = begin(world.ports, await link(world), BROWSER, BACK)
        assert await trouble_of(start) == (Trouble.OFF, GOOGLE)

    async def test_no_room_for_another(self, world: World, page: MemoryConsent) -> None:
        await world.connect(TOVE)
        await world.set("calendars.max", "1")
        assert await trouble_of(visit(world.ports, await link(world))) == (Trouble.FULL, GOOGLE)

    async def test_the_only_one_may_be_replaced(self, world: World, page: MemoryConsent) -> None:
        await world.connect(TOVE)
        await world.set("calendars.max", "1")
        await walked(world, page, await link(world, replacing=True))
        (found,) = (await status(world.ports, TOVE)).links
        assert (found.name, found.use, found.tier) == ("Work", Use.PRIMARY, Tier.WRITE)

    async def test_room_that_is_taken_meanwhile(self, world: World, page: MemoryConsent) -> None:
        await world.set("calendars.max", "1")
        query = await asked(world, page, await link(world))
        await world.connect(TOVE)
        answer = finish(world.ports, GOOGLE, query, BROWSER)
        assert (await trouble_of(answer))[0] is Trouble.FULL
        assert [found.name for found in (await status(world.ports, TOVE)).links] == ["work"]


# --- what is asked and granted ------------------------------------------------------------------


class TestTiers:
    async def test_the_service_is_asked_for_what_is_needed(
        self, world: World, page: MemoryConsent
    ) -> None:
        opened = await walked(world, page)
        ((tier, hint, state, redirect),) = page.asked
        assert (tier, hint, redirect) == (Tier.WRITE, TOVES, BACK)
        assert len(state) >= 32
        assert (opened.tier, opened.asked) == (Tier.WRITE, Tier.WRITE)

    async def test_beside_a_primary_busy_times_are_enough(
        self, world: World, page: MemoryConsent
    ) -> None:
        await world.connect(TOVE)
        await walked(world, page)
        assert page.asked[0][0] is Tier.BUSY
        uses = {found.name: found.use for found in (await status(world.ports, TOVE)).links}
        assert uses == {"work": Use.PRIMARY, "Work": Use.SECONDARY}

    async def test_nothing_is_written_where_sync_is_off(
        self, world: World, page: MemoryConsent
    ) -> None:
        await world.set("sync", "off")
        await walked(world, page)
        assert page.asked[0][0] is Tier.BUSY

    async def test_writing_that_was_not_granted_leaves_busy_times(
        self, world: World, page: MemoryConsent
    ) -> None:
        page.person = Answerer(TOVES, granted=Tier.BUSY)
        opened = await walked(world, page)
        assert (opened.tier, opened.asked) == (Tier.BUSY, Tier.WRITE)
        (found,) = (await status(world.ports, TOVE)).links
        assert (found.use, found.tier) == (Use.PRIMARY, Tier.BUSY)

    async def test_writing_is_granted_after_all(self, world: World, page: MemoryConsent) -> None:
        page.person = Answerer(TOVES, granted=Tier.BUSY)
        await walked(world, page)
        page.person = Answerer(TOVES)
        await walked(world, page, await link(world, tier=Tier.WRITE))
        found = await status(world.ports, TOVE)
        assert [(x.use, x.tier) for x in found.links] == [(Use.PRIMARY, Tier.WRITE)]
        assert len(found.grants) == 1

    async def test_the_same_account_again_loses_nothing(
        self, world: World, page: MemoryConsent
    ) -> None:
        """Asked for busy times only, because there is a primary: which is this very account."""
        await walked(world, page)
        before = (await status(world.ports, TOVE)).links
        opened = await walked(world, page)
        assert page.asked[1][0] is Tier.BUSY
        assert (await status(world.ports, TOVE)).links == before
        assert opened.tier is Tier.WRITE

    async def test_an_account_that_broke_is_opened_anew(
        self, world: World, page: MemoryConsent
    ) -> None:
        await walked(world, page)
        world.google.open_account(TOVES, "changed")
        opened = await walked(world, page)
        assert opened.connected is not None
        assert opened.connected.grant.secret["password"] == "changed"


# --- the answer ---------------------------------------------------------------------------------


class TestAnswer:
    async def test_it_connects_and_shows_it_in_chat(
        self, world: World, page: MemoryConsent
    ) -> None:
        opened = await walked(world, page)
        assert opened.connected is not None
        assert [c.name for c in opened.connected.calendars] == ["Work", "Rowing"]
        assert [x.name for x in opened.connected.links] == ["Work"]
        assert len(world.notices(TOVE, NoticeKind.CONNECTED)) == 1

    async def test_it_counts_once(self, world: World, page: MemoryConsent) -> None:
        query = await asked(world, page, await link(world))
        await finish(world.ports, GOOGLE, query, BROWSER)
        before = await status(world.ports, TOVE)
        again = finish(world.ports, GOOGLE, query, BROWSER)
        assert (await trouble_of(again))[0] is Trouble.USED
        assert await status(world.ports, TOVE) == before

    async def test_five_at_once_are_one(self, world: World, page: MemoryConsent) -> None:
        query = await asked(world, page, await link(world))
        ends = await asyncio.gather(
            *(finish(world.ports, GOOGLE, query, BROWSER) for _ in range(5)),
            return_exceptions=True,
        )
        lost = [end.trouble for end in ends if isinstance(end, ConnectError)]
        assert lost == [Trouble.USED] * 4
        found = await status(world.ports, TOVE)
        assert (len(found.links), len(found.grants)) == (1, 1)

    async def test_two_links_of_one_account_at_once_are_one_grant(
        self, world: World, page: MemoryConsent
    ) -> None:
        queries = [await asked(world, page, await link(world)) for _ in range(3)]
        await asyncio.gather(*(finish(world.ports, GOOGLE, q, BROWSER) for q in queries))
        found = await status(world.ports, TOVE)
        assert (len(found.links), len(found.grants)) == (1, 1)

    async def test_in_another_browser_it_is_lost(self, world: World, page: MemoryConsent) -> None:
        """Also for the one who asked: a state that somebody else saw is not believed again."""
        query = await asked(world, page, await link(world))
        stolen = finish(world.ports, GOOGLE, query, "another browser")
        assert await trouble_of(stolen) == (Trouble.FOREIGN, GOOGLE)
        own = finish(world.ports, GOOGLE, query, BROWSER)
        assert (await trouble_of(own))[0] is Trouble.USED
        assert (await status(world.ports, TOVE)).grants == {}

    async def test_without_a_browser_it_is_lost(self, world: World, page: MemoryConsent) -> None:
        query = await asked(world, page, await link(world))
        assert (await trouble_of(finish(world.ports, GOOGLE, query, "")))[0] is Trouble.FOREIGN

    async def test_at_another_services_address_it_is_lost(
        self, world: World, page: MemoryConsent
    ) -> None:
        query = await asked(world, page, await link(world))
        mixed_up = finish(world.ports, MICROSOFT, query, BROWSER)
        assert (await trouble_of(mixed_up))[0] is Trouble.STRANGE

    async def test_too_late_it_is_lost(self, world: World, page: MemoryConsent) -> None:
        query = await asked(world, page, await link(world))
        world.clock.at += PATIENCE
        late = finish(world.ports, GOOGLE, query, BROWSER)
        assert await trouble_of(late) == (Trouble.EXPIRED, GOOGLE)

    async def test_a_forged_state_is_nobodys(self, world: World, page: MemoryConsent) -> None:
        for state in ("", "made-up", "\0", "x" * 100_000):
            forged = finish(world.ports, GOOGLE, {"state": state, "code": "c"}, BROWSER)
            assert await trouble_of(forged) == (Trouble.EXPIRED, None)

    async def test_a_code_of_somebody_else_opens_nothing(
        self, world: World, page: MemoryConsent
    ) -> None:
        """Codes are bound to the verifier of the one who asked (RFC 7636)."""
        hers = await asked(world, page, await link(world))
        other = await asked(world, page, await link(world, person=RITA))
        mixed = {"state": hers["state"], "code": other["code"]}
        answer = finish(world.ports, GOOGLE, mixed, BROWSER)
        assert (await trouble_of(answer))[0] is Trouble.STRANGE

    async def test_who_has_left_meanwhile(self, world: World, page: MemoryConsent) -> None:
        query = await asked(world, page, await link(world))
        await world.change(TOVE, active=False)
        answer = finish(world.ports, GOOGLE, query, BROWSER)
        assert (await trouble_of(answer))[0] is Trouble.OFF
        assert (await status(world.ports, TOVE)).grants == {}

    @pytest.mark.parametrize("browser", ["", "\udcff", "é", "another"])
    async def test_cookies_that_are_not_ours(
        self, world: World, page: MemoryConsent, browser: str
    ) -> None:
        query = await asked(world, page, await link(world))
        answer = finish(world.ports, GOOGLE, query, browser)
        assert await trouble_of(answer) == (Trouble.FOREIGN, GOOGLE)

    @pytest.mark.parametrize("browser", ["", "\udcff"])
    async def test_nothing_begins_without_a_browser(
        self, world: World, page: MemoryConsent, browser: str
    ) -> None:
        link_id = await link(world)
        start = begin(world.ports, link_id, browser, BACK)
        assert await trouble_of(start) == (Trouble.FOREIGN, GOOGLE)
        assert (await walked(world, page, link_id)).connected is not None


class TestTrouble:
    @pytest.mark.parametrize(
        ("person", "trouble"),
        [
            (Answerer(TOVES, error="access_denied"), Trouble.REFUSED),
            (Answerer(TOVES, error=BY_ADMIN), Trouble.ADMIN),
            (Answerer(TOVES, granted=None), Trouble.MISSING),
            (Answerer(TOVES, error="server_error"), Trouble.UNREACHABLE),
            (Answerer(TOVES, error="invalid_scope"), Trouble.MISSING),
        ],
    )
    async def test_what_the_service_says(
        self, world: World, page: MemoryConsent, person: Answerer, trouble: Trouble
    ) -> None:
        page.person = person
        assert await trouble_of(walked(world, page)) == (trouble, GOOGLE)
        assert failures(world) == [trouble]
        assert (await status(world.ports, TOVE)).grants == {}

    async def test_an_answer_that_makes_no_sense(self, world: World, page: MemoryConsent) -> None:
        query = await asked(world, page, await link(world))
        page.failure = BadData("not JSON", provider=GOOGLE)
        answer = finish(world.ports, GOOGLE, query, BROWSER)
        assert (await trouble_of(answer))[0] is Trouble.STRANGE

    async def test_no_answer(self, world: World, page: MemoryConsent) -> None:
        query = await asked(world, page, await link(world))
        world.google.fail(Unavailable("down", provider=GOOGLE))
        answer = finish(world.ports, GOOGLE, query, BROWSER)
        assert await trouble_of(answer) == (Trouble.UNREACHABLE, GOOGLE)
        assert failures(world) == ["unreachable"]

    async def test_an_account_without_a_calendar(self, world: World) -> None:
        page = add_consent(world, world.google)
        assert await trouble_of(walked(world, page)) == (Trouble.EMPTY, GOOGLE)
        assert (await status(world.ports, TOVE)).grants == {}

    async def test_a_private_account_where_none_is_allowed(
        self, world: World, page: MemoryConsent
    ) -> None:
        await world.set("accounts.personal", "off")
        her_other_account(world, page, personal=True)
        assert await trouble_of(walked(world, page)) == (Trouble.PERSONAL, GOOGLE)
        assert (await status(world.ports, TOVE)).grants == {}

    async def test_nobody_else_hears_of_a_refusal(self, world: World, page: MemoryConsent) -> None:
        page.person = Answerer(TOVES, error="access_denied")
        await trouble_of(walked(world, page))
        assert {e.person_id for e in world.effects()} == {TOVE}


class TestItApproval:
    async def test_the_administrator_hears_of_it_once_per_service(
        self, world: World, page: MemoryConsent
    ) -> None:
        page.person = Answerer(TOVES, error=BY_ADMIN)
        for person in (TOVE, INES, TOVE):
            world.clock.at += 60
            start = link(world, person=person, tier=Tier.WRITE)
            await trouble_of(walked(world, page, await start))
        assert len(world.notices(DORA, NoticeKind.IT_APPROVAL)) == 1
        assert world.notices(GUS, NoticeKind.IT_APPROVAL) == []
        assert failures(world) == ["admin", "admin"]

    async def test_another_service_is_told_of_by_itself(
        self, world: World, page: MemoryConsent
    ) -> None:
        microsoft = MemoryCalendars(MICROSOFT)
        other = add_consent(world, microsoft, Answerer(TOVES, error=BY_ADMIN))
        page.person = Answerer(TOVES, error=BY_ADMIN)
        await trouble_of(walked(world, page))
        query = await asked(world, other, await link(world, MICROSOFT))
        await trouble_of(finish(world.ports, MICROSOFT, query, BROWSER))
        assert len(world.notices(DORA, NoticeKind.IT_APPROVAL)) == 2

    async def test_without_a_programme_the_organisations_administrator_hears(
        self, world: World, page: MemoryConsent
    ) -> None:
        page.person = Answerer(TOVES, error=BY_ADMIN)
        await trouble_of(walked(world, page, await link(world, person=RITA)))
        assert len(world.notices(GUS, NoticeKind.IT_APPROVAL)) == 1
        assert world.notices(DORA, NoticeKind.IT_APPROVAL) == []


# --- whose account it is ------------------------------------------------------------------------


class TestConfirming:
    async def test_another_address_is_asked_about_first(
        self, world: World, page: MemoryConsent
    ) -> None:
        her_other_account(world, page)
        opened = await walked(world, page)
        assert (opened.account, opened.connected) == (PRIVATE, None)
        assert (await status(world.ports, TOVE)).grants == {}
        sure = await confirm(world.ports, opened.confirm, BROWSER)
        assert sure.connected is not None
        assert (await status(world.ports, TOVE)).links == sure.connected.links

    async def test_an_account_that_is_known_is_not_asked_about_again(
        self, world: World, page: MemoryConsent
    ) -> None:
        her_other_account(world, page)
        await confirm(world.ports, (await walked(world, page)).confirm, BROWSER)
        page.person = Answerer(PRIVATE.upper())
        world.google.open_account(PRIVATE.upper(), "another")
        world.google.add_calendar(PRIVATE.upper(), "Home")
        assert (await walked(world, page)).connected is not None

    async def test_the_case_of_an_address_does_not_matter(
        self, world: World, page: MemoryConsent
    ) -> None:
        world.google.open_account("Tove@LARCH.example", "another")
        world.google.add_calendar("Tove@LARCH.example", "Work")
        page.person = Answerer("Tove@LARCH.example")
        assert (await walked(world, page)).connected is not None

    async def test_yes_counts_once_in_the_browser_that_asked_and_for_ten_minutes(
        self, world: World, page: MemoryConsent
    ) -> None:
        her_other_account(world, page)
        tokens = [(await walked(world, page)).confirm for _ in range(3)]
        stolen = confirm(world.ports, tokens[0], "another browser")
        assert (await trouble_of(stolen))[0] is Trouble.FOREIGN
        own = confirm(world.ports, tokens[0], BROWSER)
        assert (await trouble_of(own))[0] is Trouble.USED
        ends = await asyncio.gather(
            *(confirm(world.ports, tokens[1], BROWSER) for _ in range(3)), return_exceptions=True
        )
        assert [e.trouble for e in ends if isinstance(e, ConnectError)] == [Trouble.USED] * 2
        world.clock.at += PATIENCE
        late = confirm(world.ports, tokens[2], BROWSER)
        assert await trouble_of(late) == (Trouble.EXPIRED, GOOGLE)

    async def test_what_waits_is_gone_with_its_use(self, world: World, page: MemoryConsent) -> None:
        """The credentials of an account that waits for a yes are not kept beside the grant."""
        her_other_account(world, page)
        opened = await walked(world, page)
        await confirm(world.ports, opened.confirm, BROWSER)
        rows = [row for _, row in world.store._tables.consents.items()]
        assert rows
        assert all(row.used and not row.data for row in rows)

    @pytest.mark.parametrize("made_up", ["", "\0", "nothing"])
    async def test_a_forged_yes(self, world: World, page: MemoryConsent, made_up: str) -> None:
        forged = confirm(world.ports, made_up, BROWSER)
        assert await trouble_of(forged) == (Trouble.EXPIRED, None)

    async def test_what_is_switched_off_while_asked(
        self, world: World, page: MemoryConsent
    ) -> None:
        her_other_account(world, page)
        opened = await walked(world, page)
        await world.set("approved", "off", ORG)
        answer = confirm(world.ports, opened.confirm, BROWSER)
        assert await trouble_of(answer) == (Trouble.OFF, GOOGLE)


# --- accounts that open by a form ---------------------------------------------------------------


class TestForm:
    async def open(self, world: World) -> Connected:
        return await open_account(world.ports, TOVE, CALDAV, FORM)

    async def test_success_uses_the_link_up(self, world: World, calendars: list[str]) -> None:
        link_id = await link(world, CALDAV)
        opened = await form_opened(world.ports, link_id, await self.open(world))
        assert opened.connected is not None
        assert [x.calendar_id for x in opened.connected.links] == calendars[:1]
        again = form_opened(world.ports, link_id, await self.open(world))
        assert (await trouble_of(again))[0] is Trouble.USED

    async def test_a_failure_leaves_it(self, world: World, calendars: list[str]) -> None:
        link_id = await link(world, CALDAV)
        with pytest.raises(InvalidRequest):
            await open_account(world.ports, TOVE, CALDAV, {"username": "", "password": ""})
        await form_opened(world.ports, link_id, await self.open(world))
        assert len((await status(world.ports, TOVE)).links) == 1

    async def test_somebody_elses_account_is_refused(
        self, world: World, calendars: list[str]
    ) -> None:
        link_id = await link(world, CALDAV, INES)
        foreign = form_opened(world.ports, link_id, await self.open(world))
        assert await trouble_of(foreign) == (Trouble.FOREIGN, CALDAV)

    async def test_too_late(self, world: World, calendars: list[str]) -> None:
        link_id = await link(world, CALDAV)
        opened = await self.open(world)
        world.clock.at += PATIENCE
        late = form_opened(world.ports, link_id, opened)
        assert await trouble_of(late) == (Trouble.EXPIRED, CALDAV)

    async def test_what_is_switched_off_meanwhile(self, world: World, calendars: list[str]) -> None:
        link_id = await link(world, CALDAV)
        opened = await self.open(world)
        await world.set("services", "google")
        off = form_opened(world.ports, link_id, opened)
        assert await trouble_of(off) == (Trouble.OFF, CALDAV)
        found = await status(world.ports, TOVE)
        assert (found.links, found.grants) == ((), {})  # the password is not kept either

    async def test_an_account_without_calendars_keeps_link_and_no_password(
        self, world: World, calendars: list[str]
    ) -> None:
        link_id = await link(world, CALDAV)
        empty = replace(await self.open(world), calendars=())
        nothing = form_opened(world.ports, link_id, empty)
        assert await trouble_of(nothing) == (Trouble.EMPTY, CALDAV)
        assert (await status(world.ports, TOVE)).grants == {}
        await form_opened(world.ports, link_id, await self.open(world))
        assert len((await status(world.ports, TOVE)).links) == 1

    async def test_a_second_press_leaves_what_the_first_connected(
        self, world: World, calendars: list[str]
    ) -> None:
        link_id = await link(world, CALDAV)
        twice = [await self.open(world), await self.open(world)]
        ends = await asyncio.gather(
            *(form_opened(world.ports, link_id, one) for one in twice), return_exceptions=True
        )
        assert [e.trouble for e in ends if isinstance(e, ConnectError)] == [Trouble.USED]
        found = await status(world.ports, TOVE)
        assert (len(found.links), len(found.grants)) == (1, 1)

    async def test_a_link_of_another_service_is_not_one_for_the_form(
        self, world: World, page: MemoryConsent, calendars: list[str]
    ) -> None:
        link_id = await link(world, GOOGLE)
        wrong = form_opened(world.ports, link_id, await self.open(world))
        assert (await trouble_of(wrong))[0] is Trouble.STRANGE


class TestShownAgain:
    async def test_what_is_chosen_on_the_page_is_shown_in_chat(
        self, world: World, page: MemoryConsent
    ) -> None:
        opened = await walked(world, page)
        assert opened.connected is not None
        world.clock.at += 60
        await show_again(world.ports, TOVE, opened.connected.grant.id)
        assert len(world.notices(TOVE, NoticeKind.CONNECTED)) == 2

    async def test_an_account_that_is_not_theirs_is_not(
        self, world: World, page: MemoryConsent
    ) -> None:
        opened = await walked(world, page)
        assert opened.connected is not None
        await show_again(world.ports, INES, opened.connected.grant.id)
        await disconnect(world.ports, TOVE)
        await show_again(world.ports, TOVE, opened.connected.grant.id)
        assert world.notices(INES, NoticeKind.CONNECTED) == []


def test_nothing_secret_is_shown_by_a_grant() -> None:
    grant = Grant(GrantId("g"), TOVE, GOOGLE, TOVES, {"refresh_token": "1//secret"})
    assert "secret" not in repr(grant)
    assert TOVES not in repr(grant)


@given(st.dictionaries(st.sampled_from(["state", "code", "error", "iss"]), st.text(max_size=60)))
def test_no_answer_breaks_anything(query: dict[str, str]) -> None:
    """Whatever comes to the callback's address: a name for it, and nothing connected."""

    async def answered() -> Trouble:
        world = await make_world()
        page = add_consent(world, world.google)
        world.google.add_calendar(TOVES, "Work")
        real = await asked(world, page, await link(world))
        known = {**query, "state": real["state"]} if query.get("code") else dict(query)
        with pytest.raises(ConnectError) as caught:
            await finish(world.ports, GOOGLE, known, BROWSER)
        assert (await status(world.ports, TOVE)).grants == {}
        return caught.value.trouble

    assert asyncio.run(answered()) in set(Trouble)

"""Answer a proposal from a mail: a signed link shows the times, and only a press answers (A43).

Mail scanners open links before people do, so GET never acts; POST acts
and may be repeated. A time is answered by its own instant, so what was shown is what is accepted.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.web.pages import form_of
from adapters.web.signing import LinkExpired
from bot.doors import ANSWER
from bot.speak import (
    group_words,
    people_words,
    rhythm,
    series_views,
    series_words,
    times,
    views,
    wish_words,
    words,
)
from bot.speak.proposals import acceptable
from bot.speak.reasons import then
from core.booking.meeting import MeetingState
from core.booking.proposal import Answer, ProposalState
from core.errors import IllegalStep, NotFound, Refused, TandemError
from core.ids import PersonId, ProposalId
from core.use_cases import answer_proposal, answer_series
from core.use_cases.answer_proposal import Outcome
from core.use_cases.answer_series import Over

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from adapters.web.pages import Pages
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.people import Person
    from core.ports import Ports, Signer, Tx

NONE = "none"
ANYWAY = "over:"  # before the start of a time that is taken though it is more than they want
LONGEST = 15  # digits of an instant


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A proposal for one person who takes part: `meeting` is what it has become, if anything."""

    item: Proposal
    me: Person
    people: Mapping[PersonId, Person]
    meeting: Meeting | None


class AnswerRoutes:
    """The page behind the links in the mail of a proposal."""

    def __init__(
        self, ports: Ports, signer: Signer, pages: Pages, wake: Callable[[], None]
    ) -> None:
        """Keep what answers, who reads the links, the layout, and the call that wakes the
        worker after an answer.
        """
        self._ports = ports
        self._signer = signer
        self._pages = pages
        self._wake = wake

    def routes(self) -> Sequence[web.RouteDef]:
        """Return GET, which shows, and POST, which answers."""
        return [web.get("/answer/{token}", self._get), web.post("/answer/{token}", self._post)]

    async def _get(self, request: web.Request) -> web.Response:
        """Show the times; the one that the link names is the main one."""
        try:
            page = await self._load(*self._read(request))
        except NotFound as error:
            return self._gone(error)
        return self._show(request, page, wish=request.query.get("time", ""))

    async def _post(self, request: web.Request) -> web.Response:
        """Accept one time, or none, and show what has become of the proposal."""
        try:
            proposal_id, person_id = self._read(request)
            form = await form_of(request)
            said, over = str(form.get("time", "")), 0
            if said == NONE:
                await self._decline(proposal_id, person_id)
                note, lost = "", 0  # the page itself says what a "no" means
            elif start := _start_in(said.removeprefix(ANYWAY)):
                anyway = said.startswith(ANYWAY)
                note, lost = await self._accept(proposal_id, person_id, start, over=anyway)
                over = start if not note and not lost else 0
            elif said in (Over.SKIP, Over.TAKE):
                note, lost = await self._accept_series(proposal_id, person_id, Over(said))
            else:
                return self._strange()
            self._wake()
            page = await self._load(proposal_id, person_id)
        except (NotFound, Refused) as error:
            return self._gone(error)
        return self._show(request, page, note=note, lost=lost, over=over)

    async def _decline(self, proposal_id: ProposalId, person_id: PersonId) -> None:
        """Say that none of the times suits, unless the proposal has ended."""
        with contextlib.suppress(IllegalStep):
            await answer_proposal.decline(self._ports, proposal_id, person_id)

    async def _accept(
        self, proposal_id: ProposalId, person_id: PersonId, start: int, *, over: bool
    ) -> tuple[str, int]:
        """Accept a time; return what to tell, and the start of a time that has just gone. Nothing
        of a time that is more than they want, about which the page itself asks.

        When no other is left, the proposal ends, and its asker is offered to look for others.
        """
        item = await self._ports.store.read(lambda tx: tx.proposals.get(proposal_id))
        if item.request.series is not None:
            return await self._accept_series(proposal_id, person_id)
        accepting = answer_proposal.accept(self._ports, proposal_id, person_id, start, over=over)
        result = await accepting
        if result.outcome is Outcome.BEYOND:
            return "", 0
        if result.outcome is not Outcome.TAKEN:
            return people_words.PAGE_SAVED, 0
        now = self._ports.clock.now()
        left = [s.start for s in result.proposal.slots if s.start != start and s.start > now]
        if not left:
            await answer_proposal.lapse(self._ports, proposal_id, person_id)
        return words.TAKEN.format(whose=""), start

    async def _accept_series(
        self, proposal_id: ProposalId, person_id: PersonId, over: Over = Over.ASK
    ) -> tuple[str, int]:
        """Accept a series as a whole; nothing of one that has just gone is booked, and what is
        more than they want only by their word.
        """
        done = await answer_series.accept_series(self._ports, proposal_id, person_id, over=over)
        if done.outcome is answer_series.Outcome.BEYOND:
            return "", 0  # the page itself asks about it
        if done.outcome is answer_series.Outcome.TAKEN:
            return series_words.TAKEN, 0
        return people_words.PAGE_SAVED, 0

    # --- what is shown ------------------------------------------------------------------------

    async def _load(self, proposal_id: ProposalId, person_id: PersonId) -> AnswerPage:
        """Return a proposal as it stands. Raises NotFound for one that is not theirs."""

        def work(tx: Tx) -> AnswerPage:
            item = tx.proposals.get(proposal_id)
            if person_id not in item.request.attendees:
                raise NotFound("was not asked")
            if item.state is ProposalState.DRAFTED:
                raise NotFound("nobody was asked yet")
            people = then(tx.people.many((*item.request.attendees, item.request.asker)), item)
            meeting = tx.meetings.get(item.meeting_id) if item.meeting_id else None
            return AnswerPage(item, people[person_id], people, meeting)

        return await self._ports.store.read(work)

    def _show(
        self,
        request: web.Request,
        page: AnswerPage,
        *,
        wish: str = "",
        note: str = "",
        lost: int = 0,
        over: int = 0,
    ) -> web.Response:
        """Return the page of a proposal that can be answered, or say why it cannot be."""
        item, me, now = page.item, page.me, self._ports.clock.now()
        heading = _heading(page)
        if item.state is not ProposalState.OFFERED or item.expires_at <= now:
            return self._pages.notice(heading, _ended(page, now))
        choices = _choices(page, now, lost)
        series = item.request.series is not None
        if over and not series:
            time = times.moment(over, me.zone, now)
            note, choices = wish_words.OVER.format(time=time), _anyway(choices, over, time)
        if _answers_series(page):
            more = series_views.beyond(item, me.id)
            dates = rhythm.dates(more, me.zone, now) if more else ""
            note = series_words.BEYOND.format(dates=dates) if more else note
        accepted = [
            times.moment(start, me.zone, now)
            for start in item.answers.get(me.id, Answer()).accepted
            if start != lost
        ]
        return self._pages.render(
            "answer.html",
            status=409 if lost else 200,
            heading=heading,
            choices=choices,
            accepted=words.listed(accepted),
            declined=_declined(page),
            waiting=_waiting(page),
            note=note,
            lost=bool(lost),
            action=request.rel_url.path,
            wish=wish,
        )

    def _read(self, request: web.Request) -> tuple[ProposalId, PersonId]:
        """Return whose answer to what a link is. Raises NotFound for a link that is not ours."""
        subject = self._signer.read(ANSWER, request.match_info["token"])
        proposal_id, _, person_id = subject.partition(":")
        return ProposalId(proposal_id), PersonId(person_id)

    def _gone(self, error: TandemError) -> web.Response:
        """Say that a link leads nowhere; never why, except that its time is over."""
        if isinstance(error, LinkExpired):
            return self._pages.notice(
                "This link has expired", people_words.PAGE_EXPIRED, status=410
            )
        return self._pages.notice("This link does not work", people_words.PAGE_WRONG, status=404)

    def _strange(self) -> web.Response:
        """Say that a request is not one of our form."""
        told = people_words.PAGE_STRANGE
        return self._pages.notice("This answer could not be read", told, status=400)


def _start_in(said: str) -> int:
    """Return the start that a form names, 0 for what is none."""
    return int(said) if said.isdecimal() and said.isascii() and len(said) <= LONGEST else 0


def _anyway(choices: Sequence[tuple[str, str]], over: int, time: str) -> Sequence[tuple[str, str]]:
    """Return the choices where the one that is more than they want takes their own word."""
    taken = (f"{ANYWAY}{over}", wish_words.OVER_TAKE_MAIL.format(time=time))
    return [taken if value == str(over) else (value, label) for value, label in choices]


def _answers_series(page: AnswerPage) -> bool:
    """Tell whether it is a whole series that is still to be answered."""
    return page.item.request.series is not None and page.me.id not in page.item.answers


def _choices(page: AnswerPage, now: int, lost: int) -> Sequence[tuple[str, str]]:
    """Return what can be chosen, each with its words; not the time that was `lost` just now."""
    item, me = page.item, page.me
    if _answers_series(page):
        return series_views.answers(item, me.id, me.zone, now)
    zones = views.zones(page.people, item.request.attendees)
    ends = {slot.start: slot.end for slot in item.slots}
    return [
        (str(start), times.both(start, ends[start], me.zone, zones, now))
        for start in acceptable(me.id, item)
        if start > now and start != lost
    ]


def _heading(page: AnswerPage) -> str:
    """Return who asks for how long."""
    request = page.item.request
    length = times.length(request.minutes)
    asker = page.people[request.asker].name
    if request.series is not None:
        return series_words.MAIL_SUBJECT.format(
            name=asker, rhythm=rhythm.rhythm(request.series.pattern)
        )
    if request.asker in request.attendees:
        return people_words.MAIL_HEADING.format(name=asker, length=length)
    names = views.names(page.people, request.attendees, page.me.id)
    return people_words.MAIL_HEADING_OTHER.format(name=asker, length=length, names=names)


def _declined(page: AnswerPage) -> str:
    """Return what a person reads who said that no time suits, while the others still answer; ""
    for anybody else.
    """
    item, me = page.item, page.me.id
    if not item.has_declined(me):
        return ""
    return group_words.VOTE_NO if me in item.request.needed else group_words.NOT_FOR_YOU


def _waiting(page: AnswerPage) -> str:
    """Return who else has not answered."""
    others = [p for p in page.item.waiting_for() if p != page.me.id]
    return views.names(page.people, others, page.me.id)


def _ended(page: AnswerPage, now: int) -> str:
    """Return how a proposal ended, for one of those who were asked."""
    item, me = page.item, page.me
    if item.state is ProposalState.ACCEPTED and item.request.series is not None:
        text = rhythm.rhythm(item.request.series.pattern)
        held = sum(item.all_accept(slot.start) for slot in item.slots)
        return series_words.BOOKED_SHORT.format(rhythm=text, count=held)
    if item.state is ProposalState.ACCEPTED and page.meeting is not None:
        return _booked(page.meeting, me, now)
    if item.state is ProposalState.DECLINED:
        if item.answers.get(me.id, Answer()).declined:
            return words.DECLINED_YOU.format(name=page.people[item.request.asker].name)
        return people_words.PAGE_DECLINED
    if item.state is ProposalState.WITHDRAWN:
        return words.WITHDRAWN
    return words.SUPERSEDED if item.state is ProposalState.SUPERSEDED else people_words.PAGE_LAPSED


def _booked(meeting: Meeting, me: Person, now: int) -> str:
    """Return what has become of a session, for one of those who were asked about it."""
    when = times.of_meeting(meeting, me, now)
    entry = meeting.attendee(me.id)
    if meeting.state is MeetingState.CANCELLED:
        return words.LEFT_CANCELLED
    if entry is None:
        return group_words.BOOKED_WITHOUT_YOU.format(time=when)
    pattern = words.BOOKED_ON if entry.holds else group_words.INVITED_SHORT
    return f"{pattern.format(time=when)} {people_words.PAGE_BOOKED}"

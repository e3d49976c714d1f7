"""Yes and No from a mail: a signed link opens a page, and only a press on the page answers.

Mail scanners open links before people do, so GET never acts; POST acts
and may be repeated. What was shown is bound to what is answered: when the session has changed
since the page was opened, nothing is saved and the new time is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

from adapters.web.pages import form_of
from adapters.web.signing import LinkExpired
from bot.speak import times
from bot.speak.mail_names import title_for
from bot.speak.mails import RSVP
from core.booking.meeting import MeetingState, Rsvp
from core.errors import IllegalStep, NotFound, Refused, TandemError
from core.ids import MeetingId, PersonId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.web.pages import Pages
    from core.booking.meeting import Meeting
    from core.people import Person
    from core.ports import Clock, Signer

ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class RsvpPage:
    """What the page shows one person of a session; times in epoch seconds, zones IANA names."""

    title: str
    start: int
    end: int
    zone: str
    other_zones: tuple[str, ...]
    answer: Rsvp
    state: MeetingState
    sequence: int


def rsvp_page(meeting: Meeting, person: Person) -> RsvpPage:
    """Return the page of one person. Raises NotFound when they do not take part."""
    attendee = meeting.attendee(person.id)
    if attendee is None:
        raise NotFound("takes no part in this session")
    return RsvpPage(
        title=title_for(meeting, person),
        start=meeting.start,
        end=meeting.end,
        zone=person.during(meeting.span).zone,
        other_zones=tuple(a.zone for a in meeting.attendees if a.person_id != person.id),
        answer=attendee.rsvp,
        state=meeting.state,
        sequence=meeting.sequence,
    )


class RsvpDesk(Protocol):
    """Who knows the sessions and keeps the answers."""

    async def show(self, meeting_id: MeetingId, person_id: PersonId) -> RsvpPage:
        """Return the session as it stands; nothing changes. Raises NotFound when the person
        does not take part.
        """
        ...

    async def answer(self, meeting_id: MeetingId, person_id: PersonId, *, yes: bool) -> RsvpPage:
        """Store the answer and return the session after it; the same answer again changes
        nothing. Raises IllegalStep when the session no longer stands, Refused or NotFound when
        the person does not take part.
        """
        ...


class RsvpRoutes:
    """The page behind the links in the mails."""

    def __init__(self, desk: RsvpDesk, signer: Signer, pages: Pages, clock: Clock) -> None:
        self._desk = desk
        self._signer = signer
        self._pages = pages
        self._clock = clock

    def routes(self) -> Sequence[web.RouteDef]:
        """Return GET, which shows, and POST, which answers."""
        return [web.get("/rsvp/{token}", self._get), web.post("/rsvp/{token}", self._post)]

    async def _get(self, request: web.Request) -> web.Response:
        """Show the session with two buttons; the one that the link names is the main one."""
        try:
            page = await self._desk.show(*self._read(request))
        except NotFound as error:
            return self._gone(error)
        return self._show(request, page, wish=request.query.get("answer", ""))

    async def _post(self, request: web.Request) -> web.Response:
        """Save the answer, if the session is still the one that the page showed."""
        try:
            return await self._answer(request, *self._read(request))
        except (NotFound, Refused) as error:
            return self._gone(error)

    async def _answer(
        self, request: web.Request, meeting_id: MeetingId, person_id: PersonId
    ) -> web.Response:
        """Save what the form says. Raises NotFound for a session that is not theirs."""
        page = await self._desk.show(meeting_id, person_id)
        form = await form_of(request)
        yes = ANSWERS.get(str(form.get("answer", "")))
        if yes is None:
            return self._strange()
        if not self._stands(page) or str(form.get("sequence", "")) != str(page.sequence):
            return self._show(request, page, changed=True)
        try:
            page = await self._desk.answer(meeting_id, person_id, yes=yes)
        except IllegalStep:  # cancelled in this very moment
            page = await self._desk.show(meeting_id, person_id)
            return self._show(request, page, changed=True)
        return self._show(request, page, saved=True)

    def _read(self, request: web.Request) -> tuple[MeetingId, PersonId]:
        """Return whose answer to what a link is. Raises NotFound for a link that is not ours."""
        subject = self._signer.read(RSVP, request.match_info["token"])
        meeting_id, _, person_id = subject.partition(":")
        return MeetingId(meeting_id), PersonId(person_id)

    def _stands(self, page: RsvpPage) -> bool:
        """Tell whether an answer still means anything."""
        return page.state is MeetingState.BOOKED and self._clock.now() < page.end

    def _show(
        self,
        request: web.Request,
        page: RsvpPage,
        *,
        wish: str = "",
        saved: bool = False,
        changed: bool = False,
    ) -> web.Response:
        """Return the page of a session that stands, or say that it does not."""
        now = self._clock.now()
        when = times.both(page.start, page.end, page.zone, page.other_zones, now)
        if page.state is MeetingState.CANCELLED:
            told = "There is nothing to answer. To find another time, write to the assistant."
            return self._pages.notice("This session is cancelled", page.title, when, told)
        if not self._stands(page):
            return self._pages.notice("This session is over", page.title, when)
        return self._pages.render(
            "rsvp.html",
            status=409 if changed else 200,
            heading=page.title,
            when=when,
            answer=page.answer.value,
            sequence=page.sequence,
            action=request.rel_url.path,
            wish=wish or ("no" if page.answer is Rsvp.DECLINED else "yes"),
            saved=saved,
            changed=changed,
        )

    def _gone(self, error: TandemError) -> web.Response:
        """Say that a link leads nowhere; never why, except that its time is over."""
        if isinstance(error, LinkExpired):
            told = "The session it belongs to should be over. A newer mail has a newer link."
            return self._pages.notice("This link has expired", told, status=410)
        told = "Please open it again from the mail, in full. You can also answer in chat."
        return self._pages.notice("This link does not work", told, status=404)

    def _strange(self) -> web.Response:
        """Say that a request is not one of our form."""
        told = "Please open the link in the mail again and press one of the buttons."
        return self._pages.notice("This answer could not be read", told, status=400)

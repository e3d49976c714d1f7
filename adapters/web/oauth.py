"""The pages by which people connect a calendar: a link from the chat, the service, and back.

GET shows and POST acts, because scanners open links before people do; only the callback acts on
GET, and it works once and in the browser that followed the link. Nothing here stores or logs
what a form or an address holds.
"""

from __future__ import annotations

import hmac
import re
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from adapters.web.oauth_views import (
    calendar_form,
    chosen,
    status_lines,
    trouble_lines,
    whose,
)
from adapters.web.pages import HEADERS, form_of
from bot.doors import CALENDARS, CONNECT
from bot.speak import page_words as words
from bot.speak.it_letter import letter
from core.connecting import Choice, Connected
from core.consenting import ConnectError, Opened, Trouble, Visit, fingerprint
from core.errors import (
    AccessRevoked,
    InvalidRequest,
    NotConnected,
    NotFound,
    ProviderError,
    Refused,
)
from core.ids import GrantId, PersonId
from core.links import Provider, Tier
from core.programme import Rule
from core.use_cases import connect_calendar, consent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from adapters.web.pages import Pages
    from bot.doors import Doors
    from core.ports import Ports

COOKIE = "tandem_connect"
SHAPE = re.compile(r"[\w-]{32}", re.ASCII)  # of its value
LONGEST = 6000  # characters of a callback's query; codes and states are far shorter
FEWER = "fewer"  # says on the page of calendars that writing was not granted
CHOOSING = 1800  # seconds in which the calendars of an account can be chosen on the page


class ConnectRoutes:
    """The pages; `wake` tells the worker that there is something to say in chat."""

    def __init__(self, ports: Ports, doors: Doors, pages: Pages, wake: Callable[[], None]) -> None:
        self._ports = ports
        self._doors = doors
        self._pages = pages
        self._wake = wake

    def routes(self) -> Sequence[web.RouteDef]:
        """Return every address of connecting."""
        return [
            web.get("/connect/{token}", self._show),
            web.post("/connect/{token}", self._go),
            web.get("/oauth/{provider}/callback", self._back),
            web.post("/oauth/confirm", self._confirm),
            web.get("/calendars/{token}", self._calendars),
            web.post("/calendars/{token}", self._choose),
        ]

    # --- the link from the chat ---

    async def _show(self, request: web.Request) -> web.Response:
        """Say whose calendar at which service this is for; looking uses nothing up."""
        try:
            visit = await consent.visit(self._ports, self._link(request))
        except (NotFound, ConnectError) as error:
            return self._trouble(error)
        response = self._visit_page(request, visit)
        if not _browser(request):
            self._set_cookie(response)
        return response

    def _visit_page(
        self,
        request: web.Request,
        visit: Visit,
        problem: str = "",
        username: str = "",
        server: str = "",
    ) -> web.Response:
        service = words.SERVICES[visit.provider]
        form = visit.provider is Provider.CALDAV
        return self._pages.render(
            "connect_form.html" if form else "connect.html",
            status=422 if problem else 200,
            heading=words.HEADING.format(service=service),
            whose=whose(visit),
            used=words.USED[visit.tier],
            consent=words.CONSENT.get(visit.provider, ""),
            go=words.GO.format(service=service),
            words=words,
            action=request.rel_url.path,
            problem=problem,
            username=username,
            server=server,
        )

    async def _go(self, request: web.Request) -> web.Response:
        """Follow the link: to the service, or through the private form."""
        browser = _browser(request)
        try:
            link_id = self._link(request)
            visit = await consent.visit(self._ports, link_id)
            if not browser:
                return self._trouble(ConnectError(Trouble.FOREIGN, visit.provider))
            if visit.provider is Provider.CALDAV:
                return await self._open(request, visit, link_id)
            back = self._doors.callback(visit.provider)
            url = await consent.begin(self._ports, link_id, browser, back)
        except (NotFound, ConnectError) as error:
            return self._trouble(error)
        if not _safe(url):
            return self._trouble(ConnectError(Trouble.UNREACHABLE, visit.provider))
        service = words.SERVICES[visit.provider]
        # A redirect after a form would be stopped by form-action; a page that goes on is not.
        return self._pages.render(
            "connect_going.html",
            heading=words.GOING.format(service=service),
            hint=words.GOING_HINT,
            go=words.GO.format(service=service),
            url=url,
        )

    async def _open(self, request: web.Request, visit: Visit, link_id: str) -> web.Response:
        """Open an account live with what the person typed; only a success uses the link up."""
        form = await form_of(request)
        typed = {name: str(form.get(name, ""))[:500] for name in ("username", "password", "server")}
        person_id, problem = visit.person.id, ""
        try:
            connected = await connect_calendar.open_account(
                self._ports, person_id, Provider.CALDAV, typed
            )
        except Refused:
            return self._trouble(ConnectError(Trouble.OFF, Provider.CALDAV))
        except AccessRevoked:
            problem = words.WRONG
        except InvalidRequest as error:
            detail = error.detail or words.WRONG
            problem = f"{detail[:1].upper()}{detail[1:]}".rstrip(".") + "."
        except ProviderError:
            problem = words.UNREACHABLE
        else:
            try:
                opened = await consent.form_opened(self._ports, link_id, connected)
                return self._connected(opened, _browser(request))
            except ConnectError as error:
                if error.trouble is not Trouble.EMPTY:
                    raise
            problem = words.EMPTY
        return self._visit_page(request, visit, problem, typed["username"], typed["server"])

    # --- back from the service ---

    async def _back(self, request: web.Request) -> web.Response:
        """Take the service's answer, once and in the browser that asked."""
        provider = request.match_info["provider"]
        query = request.rel_url.query
        if provider not in set(Provider) or len(request.rel_url.raw_query_string) > LONGEST:
            return self._trouble(ConnectError(Trouble.STRANGE))
        if len(set(query)) != len(query) or not query.get("state"):
            return self._trouble(ConnectError(Trouble.STRANGE, Provider(provider)))
        browser = _browser(request)
        try:
            opened = await consent.finish(self._ports, Provider(provider), dict(query), browser)
        except ConnectError as error:
            self._wake()
            return self._trouble(error)
        if opened.connected is None:
            return self._confirm_page(opened)
        return self._connected(opened, browser)

    def _confirm_page(self, opened: Opened) -> web.Response:
        text = words.CONFIRM_TEXT.format(
            service=words.SERVICES[opened.provider],
            account=opened.account,
            email=opened.person.email,
        )
        return self._pages.render(
            "connect_confirm.html",
            heading=words.CONFIRM,
            text=text,
            words=words,
            token=opened.confirm,
        )

    async def _confirm(self, request: web.Request) -> web.Response:
        """Connect an account that the person says is theirs."""
        form = await form_of(request)
        browser = _browser(request)
        try:
            token = str(form.get("token", ""))
            opened = await consent.confirm(self._ports, token, browser)
        except ConnectError as error:
            return self._trouble(error)
        return self._connected(opened, browser)

    def _connected(self, opened: Opened, browser: str) -> web.Response:
        """Lead to the page that says it, which may be opened again and holds no code."""
        self._wake()
        if opened.connected is None:
            return self._trouble(ConnectError(Trouble.STRANGE, opened.provider))
        fewer = opened.asked is Tier.WRITE and opened.tier is not Tier.WRITE
        address = self._own_page(opened.connected, browser) + (f"?{FEWER}" if fewer else "")
        return web.Response(status=303, headers={**HEADERS, "Location": address})

    def _own_page(self, connected: Connected, browser: str) -> str:
        """Return the address of an account's calendars, for its person in their browser."""
        grant = connected.grant
        until = self._ports.clock.now() + CHOOSING
        subject = f"{grant.person_id}:{grant.id}:{fingerprint(browser)}"
        return f"/calendars/{self._doors.signer.sign(CALENDARS, subject, until)}"

    # --- choosing ---

    async def _calendars(self, request: web.Request) -> web.Response:
        """Show an account's calendars as they are chosen now."""
        try:
            connected = await self._account(request)
        except (NotFound, ProviderError) as error:
            return self._out_of_reach(error)
        note = words.FEWER if request.rel_url.query_string == FEWER else ""
        return self._status_page(request, connected, note=note)

    async def _choose(self, request: web.Request) -> web.Response:
        """Save what was chosen, and show it."""
        form = await form_of(request)
        try:
            connected = await self._account(request)
            choice = chosen(connected, form)
            if choice.primary is None and not _elsewhere(connected):
                return self._status_page(request, connected, problem=words.NEED_PRIMARY)
            return await self._save(request, connected, choice)
        except (NotFound, ProviderError) as error:
            return self._out_of_reach(error)

    async def _save(
        self, request: web.Request, connected: Connected, choice: Choice
    ) -> web.Response:
        person_id = connected.grant.person_id
        try:
            status = await connect_calendar.choose(self._ports, person_id, connected, choice)
        except Refused as refusal:
            if refusal.objections[0].kind is not Rule.CALENDARS_MAX:
                raise
            problem = words.TOO_MANY.format(limit=refusal.objections[0].detail)
            return self._status_page(request, connected, problem=problem)
        await consent.show_again(self._ports, person_id, connected.grant.id)
        self._wake()
        after = Connected(connected.grant, connected.calendars, status.links)
        return self._status_page(request, after, saved=words.SAVED)

    async def _account(self, request: web.Request) -> Connected:
        """Return the account that a page is about. Raises NotFound and ProviderError leaves."""
        subject = self._doors.signer.read(CALENDARS, request.match_info["token"])
        account, _, known = subject.rpartition(":")
        person_id, _, grant_id = account.partition(":")
        if not hmac.compare_digest(fingerprint(_browser(request)), known):
            raise NotFound("another browser")
        return await connect_calendar.list_calendars(
            self._ports, PersonId(person_id), GrantId(grant_id)
        )

    def _status_page(
        self,
        request: web.Request,
        connected: Connected,
        *,
        note: str = "",
        saved: str = "",
        problem: str = "",
    ) -> web.Response:
        account = words.ACCOUNT.format(account=connected.grant.account)
        return self._pages.render(
            "connected.html",
            status=422 if problem else 200,
            heading=words.CONNECTED_EXACTLY,
            lines=[account, *status_lines(connected)],
            note=note,
            saved=saved,
            problem=problem,
            form=calendar_form(connected),
            words=words,
            action=request.rel_url.path,
        )

    # --- what went wrong ---

    def _trouble(self, error: NotFound | ConnectError) -> web.Response:
        """Say what happened, what it means and what to do next; never more about the request."""
        if isinstance(error, NotFound):
            return self._pages.notice(*words.GONE, status=404)
        heading, *lines = trouble_lines(error)
        app = self._doors.apps.get(error.provider) if error.provider else None
        text = ""
        if error.trouble is Trouble.ADMIN and app and error.provider:
            text = letter(error.provider, app, self._doors.public_url)
        return self._pages.render(
            "connect_trouble.html",
            status=words.STATUSES.get(error.trouble.value, 400),
            heading=heading,
            lines=lines,
            letter=text,
            label=words.LETTER,
        )

    def _out_of_reach(self, error: NotFound | ProviderError) -> web.Response:
        """Say why calendars that are connected cannot be shown; nothing has changed."""
        if isinstance(error, NotFound):
            return self._pages.notice(*words.GONE, status=404)
        if isinstance(error, AccessRevoked | NotConnected):
            return self._pages.notice(*words.CLOSED, status=409)
        return self._pages.notice(*words.LATER, status=424)

    def _link(self, request: web.Request) -> str:
        """Return the link that an address names. Raises NotFound."""
        return self._doors.signer.read(CONNECT, request.match_info["token"])

    def _set_cookie(self, response: web.Response) -> None:
        """Give this browser a secret of its own, by which it is known again."""
        response.set_cookie(
            COOKIE,
            secrets.token_urlsafe(24),  # 192 bits, until the browser is closed
            httponly=True,
            samesite="Lax",
            secure=self._doors.public_url.startswith("https://"),
            path="/",
        )


def _browser(request: web.Request) -> str:
    """Return the secret of a browser, empty without one of ours."""
    value = request.cookies.get(COOKIE, "")
    return value if SHAPE.fullmatch(value) else ""


def _elsewhere(connected: Connected) -> bool:
    """Tell whether the person has calendars in another account."""
    return any(link.grant_id != connected.grant.id for link in connected.links)


def _safe(url: str) -> bool:
    """Tell whether a consent page may be opened: https, or this machine for trying out."""
    parts = urlsplit(url)
    loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
    return parts.scheme == "https" or (parts.scheme == "http" and loopback)

"""The pages of connecting on a small organisation in memory, and somebody's browser."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from aiohttp import ClientResponse, ClientSession, CookieJar

from adapters.memory.consent import MemoryConsent
from adapters.web.oauth import ConnectRoutes
from adapters.web.pages import Pages
from adapters.web.server import Server, application
from adapters.web.signing import ItsSigner
from bot.doors import App, Doors
from core.consenting import PATIENCE
from core.ids import PersonId
from core.links import Provider, Tier
from tests.unit.core.use_cases.account import account
from tests.unit.core.use_cases.consents import TOVES, add_consent, link
from tests.unit.core.use_cases.world import TOVE, World, make_world

KEYS = ("a secret for signed links",)
APPS = {
    Provider.GOOGLE: App("tandem-client", ("freebusy", "events.owned")),
    Provider.MICROSOFT: App("1111-2222", ("Calendars.ReadWrite",), "https://login.example/approve"),
}
CALLBACK = "/oauth/google/callback"


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as somebody sees it."""

    status: int
    html: str
    headers: dict[str, str]
    path: str

    @property
    def heading(self) -> str:
        """The words of its only first heading."""
        (found,) = re.findall(r"<h1>(.*?)</h1>", self.html, re.DOTALL)
        return unescape(str(found).strip())

    @property
    def text(self) -> str:
        """Its words without tags."""
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", self.html)))

    @property
    def going(self) -> str:
        """Where it goes on to by itself."""
        (found,) = re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', self.html)
        return unescape(str(found))

    @property
    def action(self) -> str:
        """Where its form goes."""
        (found,) = re.findall(r'<form method="post" action="([^"]+)"', self.html)
        return unescape(str(found))

    @property
    def values(self) -> dict[str, str]:
        """The options and boxes by their words: "Work" -> what stands for it."""
        found = re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)', self.html)
        return {unescape(name): value for value, name in found}

    def hidden(self, name: str) -> str:
        """Return the value of a hidden field."""
        (found,) = re.findall(rf'type="hidden" name="{name}" value="([^"]*)"', self.html)
        return unescape(str(found))


class Browser:
    """Somebody's browser: keeps cookies, follows redirects of ours."""

    def __init__(self, client: ClientSession) -> None:
        self.client = client

    async def open(self, path: str, **more: object) -> Shown:
        """Open an address of ours."""
        async with self.client.get(path, **more) as answer:  # type: ignore[arg-type]
            return await self._shown(answer)

    async def send(
        self, path: str, form: Sequence[tuple[str, str]] | bytes = (), **headers: str
    ) -> Shown:
        """Send a form to an address of ours."""
        body = form if isinstance(form, bytes) else urlencode(form).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        async with self.client.post(path, data=body, headers=kind | headers) as answer:
            return await self._shown(answer)

    async def _shown(self, answer: ClientResponse) -> Shown:
        html = await answer.text()
        return Shown(answer.status, html, dict(answer.headers), answer.url.path_qs)


@dataclass(slots=True)
class Front:
    """The pages, what is behind them, and browsers before them."""

    world: World
    page: MemoryConsent
    doors: Doors
    origin: str
    woken: list[int] = field(default_factory=list)
    clients: list[ClientSession] = field(default_factory=list)

    def browser(self) -> Browser:
        """Return a fresh browser."""
        client = ClientSession(self.origin, cookie_jar=CookieJar(unsafe=True))
        self.clients.append(client)
        return Browser(client)

    async def link(
        self,
        provider: Provider = Provider.GOOGLE,
        person: PersonId = TOVE,
        *,
        tier: Tier | None = None,
    ) -> str:
        """Return the path of a fresh link from the chat."""
        link_id = await link(self.world, provider, person, tier=tier)
        url = self.doors.connect(link_id, self.world.clock.at + PATIENCE)
        return url.removeprefix(self.doors.public_url)

    async def asked(self, browser: Browser, path: str = "") -> dict[str, str]:
        """Follow a link to the service; return the answer that comes back from there."""
        path = path or await self.link()
        await browser.open(path)
        return self.page.answered((await browser.send(path)).going)

    async def connected(self, browser: Browser, path: str = "") -> Shown:
        """Connect as people do; return the last page."""
        query = await self.asked(browser, path)
        return await browser.open(f"{CALLBACK}?{urlencode(query)}")


@asynccontextmanager
async def open_front(public_url: str = "http://127.0.0.1") -> AsyncIterator[Front]:
    """Serve the pages; Tove has an account at Google with two calendars, and one at Apple."""
    world = await make_world()
    page = add_consent(world, world.google)
    world.google.add_calendar(TOVES, "Work", default=True)
    world.google.add_calendar(TOVES, "Rowing")
    account(world)
    doors = Doors(public_url, ItsSigner(KEYS, world.clock), APPS)
    pages = Pages("Scheduling Assistant")
    woken: list[int] = []
    routes = ConnectRoutes(world.ports, doors, pages, lambda: woken.append(1)).routes()
    server = Server(application([*routes, *pages.routes()]), "127.0.0.1", 0)
    front = Front(world, page, doors, f"http://127.0.0.1:{await server.start()}", woken)
    try:
        yield front
    finally:
        for client in front.clients:
            await client.close()
        await server.stop()

"""The whole product in this process, its vendors' addresses pointed at stand-ins on this machine.

Nothing is replaced inside: settings say where Google, Microsoft and the mail server are, people
use the local chat over HTTP and a browser that keeps cookies.
"""

from __future__ import annotations

import asyncio
import re
import socket
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp

from adapters.demo.mail_sink import MailSink
from adapters.storage.sealing import new_key
from adapters.system import SystemClock
from bot.app import Tandem, build
from bot.settings import Settings
from tests.servers.google.server import GoogleServer
from tests.servers.google.world import Shelf
from tests.servers.graph.entra import CLIENT, SECRET, Account, Entra
from tests.servers.graph.mailbox import Mailbox
from tests.servers.graph.server import Graph
from tests.servers.graph.tls import PrivateAuthority

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

ASSISTANT = "assistant@tandem.example.org"
PEOPLE = """name,email,zone,role,mentor
Maya Lind,maya@example.com,Europe/London,mentee,alex@example.org
Alex Chen,alex@example.org,Europe/London,mentor,
"""
Json = dict[str, Any]


@dataclass
class Page:
    """A page as somebody sees it."""

    status: int
    text: str
    url: str
    headers: Json

    @property
    def heading(self) -> str:
        """The first heading."""
        found = re.search(r"<h1>(.*?)</h1>", self.text, re.DOTALL)
        return found[1].strip() if found else ""

    def field(self, name: str) -> str:
        """Return the value of a hidden field."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, self.text
        return found[1]

    @property
    def action(self) -> str:
        """Where the form of the page goes."""
        found = re.search(r'<form method="post" action="([^"]+)"', self.text)
        assert found, self.text
        return found[1]


@dataclass
class Browser:
    """Somebody's browser: keeps cookies, follows a page that goes on by itself."""

    origin: str
    session: aiohttp.ClientSession

    async def open(self, url: str) -> Page:
        """Open an address, follow redirects."""
        address = url if url.startswith("http") else f"{self.origin}{url}"
        # The service's certificate is of a private authority that only the product believes.
        async with self.session.get(address, ssl=False) as answer:
            return await self._page(answer)

    async def send(self, url: str, form: Any = ()) -> Page:
        """Send a form, and follow a page that goes on by itself."""
        address = url if url.startswith("http") else f"{self.origin}{url}"
        data = aiohttp.FormData(form)
        async with self.session.post(address, data=data or b"", ssl=False) as answer:
            page = await self._page(answer)
        going = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)
        return await self.open(going[1].replace("&amp;", "&")) if going else page

    async def _page(self, answer: aiohttp.ClientResponse) -> Page:
        text = await answer.text()
        return Page(answer.status, text, str(answer.url), dict(answer.headers))


@dataclass
class House:
    """The product with what is around it."""

    tandem: Tandem
    google: GoogleServer
    entra: Entra
    graph: Graph
    sink: MailSink
    client: aiohttp.ClientSession
    origin: str
    shelves: dict[str, Shelf] = field(default_factory=dict)
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)

    async def says(self, who: str, text: str) -> list[Json]:
        """Say something in the local chat; return the answer's messages."""
        return await self._post("messages", {"person": who, "text": text})

    async def presses(self, who: str, action: str, values: Json | None = None) -> list[Json]:
        """Press a button by its id."""
        body = {"person": who, "action": action, "values": values or {}}
        return await self._post("actions", body)

    async def _post(self, what: str, body: Json) -> list[Json]:
        url = f"{self.origin}/local/api/{what}"
        async with self.client.post(url, json=body) as answer:
            assert answer.status == 200, await answer.text()
            messages: list[Json] = (await answer.json())["messages"]
            return messages

    async def inbox(self, who: str) -> list[Json]:
        """Return all messages of a person."""
        url = f"{self.origin}/local/api/inbox"
        async with self.client.get(url, params={"person": who}) as answer:
            messages: list[Json] = (await answer.json())["messages"]
            return messages

    async def sees(self, who: str, test: Callable[[Json], object], seconds: float = 15) -> Json:
        """Wait for a message."""
        for _ in range(int(seconds / 0.05)):
            for message in reversed(await self.inbox(who)):
                if test(message):
                    return message
            await asyncio.sleep(0.05)
        raise AssertionError([m["text"] for m in await self.inbox(who)])

    def browser(self) -> Browser:
        """Return a fresh browser on this machine."""
        jar = aiohttp.CookieJar(unsafe=True)
        return Browser(self.origin, aiohttp.ClientSession(cookie_jar=jar))

    async def link(self, who: str, service: str, text: str = "connect my calendar") -> str:
        """Ask for a link in chat; return its address."""
        message = (await self.says(who, text))[-1]
        actions = message["card"]["actions"]
        return str(next(a["url"] for a in actions if a["label"].startswith(service)))

    async def connects(self, who: str, service: str) -> Page:
        """Connect a calendar as people do; return the last page."""
        browser = self.browser()
        try:
            page = await browser.open(await self.link(who, service))
            assert page.status == 200, page.text
            return await browser.send(page.action)
        finally:
            await browser.session.close()


def action(message: Json, verb: str) -> str:
    """Return the id of a button of a message."""
    actions = message["card"]["actions"]
    return str(next(a["id"] for a in actions if a["id"].startswith(verb)))


@asynccontextmanager
async def opened_house(folder: Path, **more: str) -> AsyncIterator[House]:
    """Start everything; Maya has a Google account, Alex one at Microsoft. `more` are settings."""
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        google = await stack.enter_async_context(GoogleServer(clock.now))
        authority = PrivateAuthority(folder)
        entra = await stack.enter_async_context(Entra(authority.server()))
        graph = await stack.enter_async_context(Graph(entra))
        entra.account = Account("alex@example.org")
        sink = MailSink(clock)
        await sink.start()
        stack.push_async_callback(sink.stop)
        port = free_port()
        settings = Settings.model_validate(
            {
                "keys": new_key("test"),
                "assistant_address": ASSISTANT,
                "smtp_url": f"smtp://127.0.0.1:{sink.port}",
                "organisation": "Ridge",
                "admin_name": "Ada North",
                "admin_email": "ada@example.com",
                "database_url": f"sqlite:///{folder / 'tandem.db'}",
                "port": port,
                "public_url": f"http://127.0.0.1:{port}",
                "local_chat": True,
                "google_client_id": google.world.client[0],
                "google_client_secret": google.world.client[1],
                "google_auth_url": google.endpoints.auth,
                "google_token_url": google.endpoints.token,
                "google_revoke_url": google.endpoints.revoke,
                "google_api_url": google.endpoints.api,
                "google_issuer": google.endpoints.issuer,
                "microsoft_client_id": CLIENT,
                "microsoft_client_secret": SECRET,
                "microsoft_authority": entra.authority,
                "microsoft_graph_url": graph.url,
                "microsoft_ca_file": str(authority.ca_file),
                **more,
            }
        )
        tandem = build(settings, clock=clock)
        await tandem.start()
        stack.push_async_callback(tandem.stop)
        client = await stack.enter_async_context(aiohttp.ClientSession())
        house = House(tandem, google, entra, graph, sink, client, settings.public_url)
        await _furnish(house)
        yield house


async def _furnish(house: House) -> None:
    """Make the programme, its people, and their accounts at the services."""
    account = house.google.world.account("maya@example.com", "1001", hosted="example.com")
    house.shelves["work"] = account.add(Shelf("maya@example.com", "Work", primary=True))
    house.shelves["family"] = account.add(Shelf("family@group.example.com", "Family"))
    mailbox = Mailbox("alex@example.org")
    mailbox.add_calendar("Calendar", default=True)
    house.graph.mailboxes[mailbox.owner] = mailbox
    house.mailboxes["alex"] = mailbox
    ada = "ada@example.com"
    await house.says(ada, "admin create programme Aurora")
    url = f"{house.origin}/local/api/files"
    body = {"person": ada, "name": "people.csv", "text": PEOPLE}
    async with house.client.post(url, json=body) as answer:
        (preview,) = (await answer.json())["messages"]
    assert "2 people added" in preview["text"], preview["text"]


def free_port() -> int:
    """Return a port that is free: the product has to know its own address before it listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])

"""Pages for a browser: one calm layout, everything escaped, nothing loaded from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import ClientPayloadError, web
from aiohttp.http import HttpProcessingError
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.speak import page_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TEMPLATES = Path(__file__).with_name("templates")
STYLE = "/static/tandem.css"
# Pages are about one person and come by a link that must not leak: never kept, never framed,
# never named to another site, and able to load our own style only.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}

FORM = "application/x-www-form-urlencoded"
# What a body ends in that was cut off, is packed otherwise than it says, or has odd headers inside.
BROKEN = (web.RequestPayloadError, ClientPayloadError, HttpProcessingError)


async def form_of(request: web.Request) -> Mapping[str, object]:
    """Return the fields of a form; empty for a body of another kind, or one that cannot be read.

    What a body says of its own letters is a stranger's word: none of it may end in a trace.
    """
    if request.content_type != FORM:
        return {}
    try:
        return await request.post()
    except (LookupError, UnicodeError, *BROKEN):  # letters that nobody knows or that are missing
        return {}


class Pages:
    """Renders templates in the layout of `base.html`; `assistant` is the fixed sender's name."""

    def __init__(self, assistant: str) -> None:
        self._jinja = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals["assistant"] = assistant
        self._style = (TEMPLATES / "tandem.css").read_text(encoding="utf-8")

    def render(self, template: str, *, status: int = 200, **values: object) -> web.Response:
        """Return a page with the strict headers; a value that the template misses is an error."""
        html = self._jinja.get_template(template).render(values)
        return web.Response(text=html, content_type="text/html", status=status, headers=HEADERS)

    def notice(self, heading: str, *lines: str, status: int = 200) -> web.Response:
        """Return a page that only says something."""
        return self.render("notice.html", status=status, heading=heading, lines=lines)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the style sheet, and the pages that chats' app directories link to."""
        return [
            web.get(STYLE, self._send_style),
            web.get("/privacy", self._privacy),
            web.get("/terms", self._terms),
        ]

    async def _privacy(self, _request: web.Request) -> web.Response:
        """Say what is kept of people."""
        return self.notice(*page_words.PRIVACY)

    async def _terms(self, _request: web.Request) -> web.Response:
        """Say who runs it."""
        return self.notice(*page_words.TERMS)

    async def _send_style(self, _request: web.Request) -> web.Response:
        """Send the style sheet."""
        headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return web.Response(text=self._style, content_type="text/css", headers=headers)

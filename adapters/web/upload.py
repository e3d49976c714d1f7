"""Hand in a file of people by a signed page, the same for every chat (R69).

What is made of the file comes to the administrator's own chat, just as if it had been sent there.
The page shows nobody's data; who may import what is decided where the file is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import BodyPartReader, web

from adapters.web.pages import BROKEN
from adapters.web.signing import LinkExpired
from bot.doors import UPLOAD
from bot.speak import people_words
from core.errors import NotFound
from core.ids import PersonId

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from adapters.web.pages import Pages
    from core.ports import Signer

    HandIn = Callable[[PersonId, str, str], Awaitable[bool]]

MOST_BYTES = 4 * 1024 * 1024
LONGEST_NAME = 200
ENCODINGS = ("utf-8-sig", "cp1252")  # what spreadsheets write


class TooLargeError(Exception):
    """The file is larger than we take."""


class UploadRoutes:
    """The page behind the link that an administrator asked for."""

    def __init__(self, hand_in: HandIn, signer: Signer, pages: Pages) -> None:
        """Keep who takes a file (person, name, text; False when no chat reaches the person),
        who reads the links, and the layout.
        """
        self._hand_in = hand_in
        self._signer = signer
        self._pages = pages

    def routes(self) -> Sequence[web.RouteDef]:
        """Return GET, which shows the form, and POST, which takes the file."""
        return [web.get("/upload/{token}", self._get), web.post("/upload/{token}", self._post)]

    async def _get(self, request: web.Request) -> web.Response:
        try:
            self._read(request)
        except NotFound as error:
            return self._gone(error)
        return self._form(request)

    async def _post(self, request: web.Request) -> web.Response:
        """Take the file; it is read and answered in the chat."""
        try:
            person_id = self._read(request)
        except NotFound as error:
            return self._gone(error)
        try:
            name, text = await _file(request)
        except TooLargeError:
            return self._form(request, people_words.UPLOAD_LARGE, status=413)
        except (ValueError, *BROKEN):
            return self._form(request, people_words.UPLOAD_UNREADABLE, status=400)
        if not await self._hand_in(person_id, name, text):
            return self._pages.notice("No chat", people_words.UPLOAD_NO_CHAT, status=409)
        return self._pages.notice("Your file is here", people_words.UPLOAD_TAKEN)

    def _read(self, request: web.Request) -> PersonId:
        """Return whose link it is. Raises NotFound for a link that is not ours."""
        return PersonId(self._signer.read(UPLOAD, request.match_info["token"]))

    def _form(self, request: web.Request, problem: str = "", status: int = 200) -> web.Response:
        return self._pages.render(
            "upload.html", status=status, action=request.rel_url.path, problem=problem
        )

    def _gone(self, error: NotFound) -> web.Response:
        """Say that a link leads nowhere; never why, except that its time is over."""
        expired = isinstance(error, LinkExpired)
        heading = "This link has expired" if expired else "This link does not work"
        return self._pages.notice(
            heading, people_words.UPLOAD_AGAIN, status=410 if expired else 404
        )


async def _file(request: web.Request) -> tuple[str, str]:
    """Return name and text of the file that was sent. Raises TooLargeError, and ValueError for
    a request without one, or one that is no text.
    """
    if not request.content_type.startswith("multipart/form-data"):
        raise ValueError("not a form")
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "file" and part.filename:
            body = await _bytes(part)
            return part.filename[:LONGEST_NAME], _decoded(body)
    raise ValueError("no file")


async def _bytes(part: BodyPartReader) -> bytes:
    """Return a part's content. Raises TooLargeError as soon as it is."""
    found = bytearray()
    while chunk := await part.read_chunk():
        found += chunk
        if len(found) > MOST_BYTES:
            raise TooLargeError
    return bytes(found)


def _decoded(body: bytes) -> str:
    """Return the text of a file. Raises ValueError for bytes that are none."""
    if b"\x00" in body[:4096]:  # a workbook or a picture, or UTF-16, which we do not read
        raise ValueError("not a text")
    for encoding in ENCODINGS:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("not a text")

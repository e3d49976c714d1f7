"""The commands beside `serve` and `demo`: look at a deployment, import people, turn the key ring.

Each builds the product as `serve` does, uses the part it needs, and closes it again.
"""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from bot import parts
from bot.app import build
from bot.converse.admin.files import refusal
from bot.doctor import ACCOUNTS, Finding, examine_database, examine_links
from bot.imports import BadFileError, import_people
from bot.parts import StartError, open_store
from bot.speak.admin_problems import fault_row
from bot.speak.admin_words import imported
from bot.understand.context import Context
from bot.understand.read import read
from bot.understand.report import explain
from core.errors import NotConnected, TandemError
from core.timing.zones import zone_of
from core.use_cases.administer.deployment import ensure_deployment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from bot.app import Tandem
    from bot.settings import Settings
    from core.ids import PersonId, ProgrammeId
    from core.ports import Ports, Tx


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Tandem]:
    """Build the product without starting it, and close it afterwards. Raises StartError."""
    app = build(settings)
    try:
        yield app
    finally:
        await app.close()


async def rotate(settings: Settings) -> int:
    """Seal all credentials anew with the first key; return how many changed."""
    store = open_store(settings)
    try:
        return await store.transact(lambda tx: tx.links.reseal())
    finally:
        store.dispose()


async def doctor(settings: Settings, accounts: int | None = ACCOUNTS) -> tuple[list[str], bool]:
    """Examine settings, database, keys, mail and links; return lines, and whether all is well.

    At most `accounts` connected accounts are opened, None for all.
    """
    found = [Finding("settings", good=True)]
    try:
        async with _opened(settings) as app:
            found += await examine_database(app.store)
            found += [await _examine_mail(app), *await _examine_mailbox(app)]
            found += await examine_links(app.ports, accounts)
    except StartError as error:
        found.append(Finding("start", good=False, detail=str(error)))
    return [f.line() for f in found], all(f.good for f in found)


async def _examine_mail(app: Tandem) -> Finding:
    try:
        await app.transport.check()
    except TandemError as error:
        return Finding("mail server", good=False, detail=str(error))
    return Finding("mail server", good=True)


async def _examine_mailbox(app: Tandem) -> list[Finding]:
    """Say whether answers by mail come in, and whether they count at once."""
    if app.mailroom is None:
        return []
    try:
        await app.mailroom.check()
    except NotConnected as error:
        detail = f"{error.detail}: correct user name and password in TANDEM_IMAP_URL"
        return [Finding("mailbox", good=False, detail=detail)]
    except TandemError as error:
        return [Finding("mailbox", good=False, detail=str(error))]
    alone = "TANDEM_IMAP_AUTHSERV is not set, so each answer by mail is confirmed in chat"
    return [Finding("mailbox", good=True, detail="" if app.settings.imap_authserv else alone)]


async def import_file(
    settings: Settings, programme: str, text: str, show: Callable[[str], Awaitable[None]]
) -> tuple[list[str], bool]:
    """Import a CSV into a programme as the first administrator. Raises StartError."""
    async with _opened(settings) as app:
        actor = await ensure_deployment(
            app.ports, settings.organisation, settings.admin_name, settings.admin_email
        )
        return await _import(app.ports, actor, programme, text, show)


async def _import(
    ports: Ports, actor: PersonId, name: str, text: str, show: Callable[[str], Awaitable[None]]
) -> tuple[list[str], bool]:
    def find(tx: Tx) -> ProgrammeId:
        programmes = tx.programmes.of(tx.people.get(actor).org_id)
        for programme in programmes:
            if programme.name.casefold() == name.casefold():
                return programme.id
        known = ", ".join(p.name for p in programmes) or "none yet"
        raise StartError(f"There is no programme “{name}”. Programmes: {known}.")

    programme_id = await ports.store.read(find)

    async def progress(done: int, total: int) -> None:
        await show(f"{done} of {total} rows")

    try:
        report = await import_people(ports, actor, programme_id, text, progress)
    except BadFileError as error:
        return [refusal(error)], False
    rows = [f"row {row}: {what} {fix}" for row, what, fix in map(fault_row, report.faults)]
    return [imported(report, name), *rows], not report.faults


def explain_sentence(text: str, zone: str) -> str:
    """Return in words how a sentence is read, said now in a zone. Raises StartError."""
    try:
        zone_of(zone)
    except ValueError as error:
        raise StartError(str(error)) from error
    context = Context(int(time.time()), zone)
    return explain(read(text, context), context)


def slack_manifest(settings: Settings) -> str:
    """Return the manifest of the Slack app. Raises StartError."""
    return parts.slack_manifest(settings)


def teams_package(settings: Settings, target: Path) -> str:
    """Make the Teams app package; return where it is. Raises StartError."""
    return parts.teams_package(settings, target, version("tandem"))

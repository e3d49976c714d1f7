"""Lists of people by file: how to send one, and what came of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot import imports
from bot.card import Note, Table
from bot.converse.turn import say
from bot.imports import BadFileError, Wrong
from bot.speak import admin_problems as problems
from bot.speak import admin_words as words

if TYPE_CHECKING:
    from bot.card import Part
    from bot.converse.admin.desk import Desk
    from bot.converse.admin.grammar import Parsed
    from bot.converse.turn import Reply
    from core.programme import Programme
    from core.use_cases.administer.imports import ImportReport

QUESTION = "admin_import"
"""The kind of the open question while a file is awaited; its data names the programme."""
SHOWN = 20


async def how(desk: Desk, _: Parsed) -> Reply:
    """Say how to send a file, and remember for half an hour which programme it is for."""
    programme = desk.programme
    talk = desk.turn.talk.asking(QUESTION, {"programme": programme.id}, desk.turn.now)
    return say(talk, words.IMPORT_HOW.format(programme=programme.name, sample=imports.SAMPLE))


def programme_for(desk: Desk) -> Programme | None:
    """Return the programme a file is for: asked for before, in the file's name, or the only one."""
    own = desk.actor.own
    question = desk.turn.talk.question
    if question and question.kind == QUESTION:
        for programme in own:
            if programme.id == question.data.get("programme"):
                return programme
    name = _plain(desk.turn.incoming.file_name)
    named = [p for p in own if _plain(p.name) in name]
    if named:
        return max(named, key=lambda p: len(p.name))
    return own[0] if len(own) == 1 else None


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


async def take(desk: Desk) -> Reply:
    """Import an uploaded file and report row by row."""
    programme = programme_for(desk)
    if programme is None:
        return desk.reply(words.IMPORT_WHICH if desk.actor.own else words.NO_PROGRAMMES)

    async def report(done: int, total: int) -> None:
        await desk.turn.progress(words.IMPORTING.format(done=f"{done:,}", total=f"{total:,}"))

    text = desk.turn.incoming.file_text
    try:
        result = await imports.import_people(desk.ports, desk.me, programme.id, text, report)
    except BadFileError as error:
        return desk.reply(refusal(error))
    return desk.reply(words.imported(result, programme.name), _faults(result))


def refusal(error: BadFileError) -> str:
    """Return why a file as a whole cannot be read."""
    text = words.FILES[error.wrong].format(detail=error.detail)
    if error.wrong is Wrong.MISSING and error.hint:
        detail = error.detail.partition(",")[0]
        return f"{text} {words.FILE_HINT.format(hint=error.hint, detail=detail)}"
    return text


def _faults(result: ImportReport) -> list[Part]:
    """Return the first bad rows as a table, and the rest by kind."""
    if not result.faults:
        return []
    rows = tuple(problems.fault_row(fault) for fault in result.faults[:SHOWN])
    parts: list[Part] = [Table(words.FAULT_HEADS, rows)]
    rest = result.faults[SHOWN:]
    if rest:
        kinds = words.kinds_of(Counter(fault.problem for fault in rest))
        parts.append(Note(words.FAULTS_MORE.format(rows=f"{len(rest):,}", kinds=kinds)))
    return parts

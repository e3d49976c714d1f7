"""Conversations as people would read them, played on the stage line by line.

    maya: book with Alex next week            somebody writes
    maya presses [Offer all three]            somebody presses the newest button of that name
    maya presses [Offer all three] again      ... the same button once more, gone or not
    maya fills link=https://x; presses [Save] somebody fills in a form and presses its button;
                                              choices by their labels, several with "+" between
    > I took Alex Chen, your mentor. …        a new message to whom this is about
    ~ Offered to Alex Chen. …                 a card of theirs that changes in place
    alex sees > Maya Patel would like …       a message to somebody else
    tom sees nothing
      30 minutes with Alex Chen               under a message: its whole card, line by line
      [Offer all three] [None of these]       ... and its buttons
    mail to maya: Session with … [REQUEST 0]  the next mail: subject, method and SEQUENCE
    calendar of maya: Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 0
    calendar of maya: nothing
    3 hours later
    clock: 2026-10-21 09:00                   UTC
    noor is noor@example.org                  a name for somebody who was added by chat
    everybody has read on                     what came meanwhile does not matter here

Long lines are broken by a backslash. Texts are compared exactly; "…" stands for any text, alone
on a line for any lines. Whatever came and is not written down fails at the end, messages and mails
alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

from bot.card import Fields, Note, Table, Text, Times
from bot.speak import times
from tests.talks.stage import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.message import Outgoing
    from core.booking.drafts import Mail
    from tests.talks.stage import Seen, Stage

SHOWN = re.compile(r"^(?:(?:\S+ sees )?[>~]|calendar of )")  # what may have lines under it
UNITS = {"minute": 60, "hour": 3600, "day": 86_400}


@dataclass
class Line:
    """One line of a conversation with the indented ones under it."""

    number: int
    text: str
    under: list[str]


def lines_of(script: str) -> list[Line]:
    """Take a conversation apart."""
    found: list[Line] = []
    for number, raw in enumerate(dedent(script).splitlines(), start=1):
        text = " ".join(raw.split())  # a sentence may be broken by a backslash in the source
        if raw.startswith(" ") and text:
            assert SHOWN.search(found[-1].text), f"line {number} is under no message: {text}"
            found[-1].under.append(text)
        elif text:
            found.append(Line(number, text, []))
    return found


class Player:
    """Plays one conversation; `reader` is whose messages the next ">" is about."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.reader = ""

    async def play(self, *scripts: str) -> None:
        for line in [line for script in scripts for line in lines_of(script)]:
            for pattern, act in STEPS:
                if found := re.fullmatch(pattern, line.text, re.DOTALL):
                    await act(self, found, line)
                    break
            else:
                raise AssertionError(f"line {line.number} is no step: {line.text}")
        self.nothing_left()

    def nothing_left(self) -> None:
        """Make sure that everything that came was written down."""
        for who, seen in self.stage.chats.unread.items():
            assert not seen, f"{who} also saw:\n" + "\n".join(shown(s) for s in seen)
        mails = self.stage.new_mails()
        assert not mails, "there are more mails:\n" + "\n".join(map(mail_line, mails))

    # --- steps ---------------------------------------------------------------------------------

    async def says(self, found: re.Match[str], _line: Line) -> None:
        self.reader = found["who"]
        await self.stage.says(found["who"], found["text"])

    async def presses(self, found: re.Match[str], _line: Line) -> None:
        self.reader = found["who"]
        again = found["again"] is not None
        await self.stage.presses(found["who"], found["label"], again=again)

    async def fills(self, found: re.Match[str], _line: Line) -> None:
        self.reader = found["who"]
        pairs = [entry.partition("=") for entry in found["values"].split(";") if entry.strip()]
        filled = {name.strip(): value.strip() for name, _, value in pairs}
        values = self.stage.chats.form(found["who"], found["label"], filled)
        await self.stage.presses(found["who"], found["label"], values)

    async def sees(self, found: re.Match[str], line: Line) -> None:
        self.reader = found["who"] or self.reader
        unread = self.stage.chats.unread.get(self.reader, [])
        assert unread, f"line {line.number}: {self.reader} saw nothing more"
        seen = unread.pop(0)
        edited = found["mark"] == "~"
        wanted = [found["text"], *line.under]
        got = [seen.message.text, *card_lines(seen.message)] if line.under else [seen.message.text]
        if seen.form:
            wanted, got = as_form(wanted, got)
        as_written = seen.edited is edited and matches(wanted, got)
        assert as_written, (
            f"line {line.number}: {self.reader} was to see\n"
            + "\n".join([f"{found['mark']} {wanted[0]}", *(f"  {w}" for w in wanted[1:])])
            + f"\nbut saw\n{shown(seen)}"
        )

    async def sees_nothing(self, found: re.Match[str], line: Line) -> None:
        unread = self.stage.chats.unread.get(found["who"], [])
        assert not unread, f"line {line.number}: {found['who']} saw\n{shown(unread[0])}"

    async def mails(self, found: re.Match[str], line: Line) -> None:
        self.stage.mail.sent[self.stage.read_mails :] = sorted(
            self.stage.mail.sent[self.stage.read_mails :],
            key=lambda mail: mail.to_email != f"{found['who']}@example.org",
        )
        rest = self.stage.mail.sent[self.stage.read_mails :]
        assert rest, f"line {line.number}: no more mails"
        got = mail_line(rest[0])
        assert matches([line.text], [got]), f"line {line.number}: {line.text}\nis not\n{got}"
        self.stage.read_mails += 1

    async def calendar(self, found: re.Match[str], line: Line) -> None:
        who = found["who"]
        zone = (await self.stage.person(who)).zone
        got = [
            f"{times.span(e.start, e.end, zone)}, {e.title}, {e.sequence}"
            for e in self.stage.events(who)
        ] or ["nothing"]
        wanted = [*([found["text"]] if found["text"] else []), *line.under]
        assert matches(wanted, got), f"line {line.number}: calendar of {who} holds {got}"

    async def is_called(self, found: re.Match[str], _line: Line) -> None:
        await self.stage.name(found["who"], found["email"])

    async def later(self, found: re.Match[str], _line: Line) -> None:
        await self.stage.wait(int(found["count"]) * UNITS[found["unit"]])

    async def set_clock(self, found: re.Match[str], _line: Line) -> None:
        await self.stage.set_clock(at(found["text"]))

    async def read_on(self, _found: re.Match[str], _line: Line) -> None:
        self.stage.chats.unread.clear()
        self.stage.new_mails()


WHO = r"(?P<who>[a-z]+)"
STEPS = (
    (rf"(?:{WHO} sees )?(?P<mark>[>~]) (?P<text>.*)", Player.sees),
    (rf"{WHO} sees nothing", Player.sees_nothing),
    (r"everybody has read on", Player.read_on),
    (rf"{WHO} is (?P<email>\S+@\S+)", Player.is_called),
    (rf"mail to {WHO}: .*", Player.mails),
    (rf"calendar of {WHO}:(?: (?P<text>.+))?", Player.calendar),
    (r"(?P<count>\d+) (?P<unit>minute|hour|day)s? later", Player.later),
    (r"clock: (?P<text>.+)", Player.set_clock),
    (rf"{WHO} presses \[(?P<label>.+)\](?P<again> again)?", Player.presses),
    (rf"{WHO} fills (?P<values>.*); presses \[(?P<label>.+)\]", Player.fills),
    (rf"{WHO}: (?P<text>.*)", Player.says),
)


async def play(stage: Stage, *scripts: str) -> None:
    """Play a conversation, in one part or several, to its end."""
    await Player(stage).play(*scripts)


# --- how things read -------------------------------------------------------------------------


def matches(wanted: list[str], got: list[str]) -> bool:
    """Compare lines; "…" is any text in a line, and any lines when it is alone on one."""
    if not wanted:
        return not got
    if wanted[0] == "…" and len(wanted) > 1:
        return any(matches(wanted[1:], got[n:]) for n in range(len(got) + 1))
    if wanted[0] == "…":
        return True
    if not got:
        return False
    pattern = ".*".join(re.escape(part) for part in wanted[0].split("…"))
    return bool(re.fullmatch(pattern, got[0], re.DOTALL)) and matches(wanted[1:], got[1:])


def as_form(wanted: list[str], got: list[str]) -> tuple[list[str], list[str]]:
    """Return what can be compared of a form that opened at once: it has no text of a message, and
    its own buttons only, without links to pages that do the same.
    """
    if len(wanted) > 1 and len(got) > 1 and wanted[-1].startswith(got[-1]):
        wanted = [*wanted[:-1], got[-1]]
    return wanted[1:], got[1:]


def card_lines(message: Outgoing) -> list[str]:
    """Return a card as lines, from its title to its buttons."""
    return list(_card_lines(message)) if message.card else []


def _card_lines(message: Outgoing) -> Iterator[str]:
    card = message.card
    if card is None:
        return
    if card.title:
        yield card.title
    for part in card.parts:
        if isinstance(part, Text | Note):
            yield from (line for line in part.text.splitlines() if line.strip())
        elif isinstance(part, Fields):
            yield from (f"{name}: {value}" for name, value in part.fields)
        elif isinstance(part, Times):
            yield from (" | ".join(t for t in (x.text, x.detail) if t) for x in part.times)
        elif isinstance(part, Table):
            yield from (" | ".join(row) for row in (part.columns, *part.rows))
    for entry in card.inputs:
        choices = ", ".join(label for _, label in entry.options)
        yield f"<{entry.label}{': ' if choices else ''}{choices}>"
    if card.actions:
        yield " ".join(f"[{action.label}]" for action in card.actions)


def shown(seen: Seen) -> str:
    """Return a message as a conversation would write it."""
    mark = "~" if seen.edited else ">"
    return "\n".join([f"{mark} {seen.message.text}", *(f"  {x}" for x in card_lines(seen.message))])


def mail_line(mail: Mail) -> str:
    """Return a mail as a conversation would write it."""
    part = f"{mail.invite.method} {mail.invite.sequence}" if mail.invite else "details"
    return f"mail to {mail.to_email.partition('@')[0]}: {mail.subject} [{part}]"

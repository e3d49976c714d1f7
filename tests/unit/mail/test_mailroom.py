"""The loop between a real IMAP server and the store: each mail once, whatever is cut off when."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

import pytest

from adapters.mail.mailbox import ImapMailbox
from adapters.mail.reading import read_mail
from bot.mailroom import LONGEST_PAUSE, MOST_TRIES, Mailroom
from core.booking.meeting import Rsvp
from core.errors import NotConnected, Unavailable
from core.mail_in import MailboxTrouble, mailbox_trouble
from core.use_cases.take_mail import Taken
from tests.talks.test_mail_answers import booked, head, reply, rsvp, thread
from tests.unit.mail import arriving as at
from tests.unit.mail.imap_server import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from core.mail_in import MailIn
    from tests.talks.stage import Stage
    from tests.unit.mail.imap_server import Imap


class LostProcessError(Exception):
    """Stands for the end of the process."""


@contextlib.asynccontextmanager
async def working(one: Mailroom) -> AsyncIterator[None]:
    """Let a mailroom run meanwhile; it always ends."""
    task = asyncio.create_task(one.run())
    try:
        yield
    finally:
        await one.stop()
        async with asyncio.timeout(60):
            await task


@pytest.fixture
async def imap() -> AsyncIterator[Imap]:
    async with running() as server:
        yield server


def read(data: bytes) -> MailIn:
    return read_mail(data, at.OURS)


def room(
    stage: Stage, imap: Imap, reading: Callable[[bytes], MailIn] = read, box: object = None
) -> Mailroom:
    """A mailroom as a process that has just started has it."""
    mailbox = box or ImapMailbox(imap.at())
    return Mailroom(stage.ports, mailbox, reading, lambda: None, poll=500, pause=0.01)  # type: ignore[arg-type]  # a box of the test's own


async def test_each_mail_is_taken_once_and_then_read(imap: Imap) -> None:
    stage, meeting = await booked()
    no = at.outlook(reply(meeting, "DECLINED", organizer=False), head())
    await imap.deliver(no, no, at.words("spam", head("nobody@example.org", 2)))
    assert await room(stage, imap).drain() == [Taken.ANSWERED, Taken.REPEATED, Taken.STRANGER]
    assert await imap.flags() == [True, True, True]
    assert await room(stage, imap).drain() == []
    assert await rsvp(stage, "sam") is Rsvp.DECLINED
    await imap.deliver(at.gmail(reply(meeting, "ACCEPTED"), head(number=3)))
    assert await room(stage, imap).drain() == [Taken.ANSWERED]


async def test_a_restart_between_fetching_and_storing_loses_nothing(imap: Imap) -> None:
    stage, meeting = await booked()
    await imap.deliver(at.gmail(reply(meeting, "DECLINED"), head()))

    def dies(_data: bytes) -> MailIn:
        raise LostProcessError

    with pytest.raises(LostProcessError):
        await room(stage, imap, dies).drain()
    assert await imap.flags() == [False]
    assert await rsvp(stage, "sam") is Rsvp.NEEDS_ACTION
    assert await room(stage, imap).drain() == [Taken.ANSWERED]
    assert await imap.flags() == [True]


async def test_a_restart_between_storing_and_marking_takes_nothing_twice(imap: Imap) -> None:
    stage, meeting = await booked()
    await imap.deliver(at.words("On my way", head(more=thread(meeting))))

    class Dying(ImapMailbox):
        async def done(self, uid: int) -> None:
            raise Unavailable("the process ends here", provider="mail")

    with pytest.raises(Unavailable):
        await room(stage, imap, box=Dying(imap.at())).drain()
    assert await room(stage, imap).drain() == []
    await stage.drain()
    said = [seen.message.text for seen in stage.chats.unread["alex"]]
    assert said == ["Sam Rivera answered by mail: On my way"]


class Renamed(ImapMailbox):
    """A mailbox that stays the same wherever its server listens."""

    @property
    def name(self) -> str:
        return "the mailbox"


async def test_a_mailbox_that_was_made_anew_repeats_nothing() -> None:
    stage, meeting = await booked()
    mail = at.gmail(reply(meeting, "DECLINED"), head())
    for taken in (Taken.ANSWERED, Taken.REPEATED):
        async with running() as imap:  # another UIDVALIDITY under the same name
            await imap.deliver(mail)
            assert await room(stage, imap, box=Renamed(imap.at())).drain() == [taken]


async def test_large_and_broken_mails_stop_nobody(imap: Imap) -> None:
    stage, meeting = await booked()
    yes = reply(meeting, "ACCEPTED")
    large = at.gmail(yes, head()).replace(
        b"--outer--",
        b"--outer\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"QUJD" * 18 * 70_000
        + b"\r\n--outer--",
    )
    assert len(large) > 5_000_000
    flood = at.single(at.event("ACCEPTED").replace("BEGIN:VEVENT", "BEGIN:VEVENT\r\n" * 60_000))
    await imap.deliver(
        b"\x00\xff no mail at all",
        at.gmail(yes, head(number=2))[:900],
        at.headers().encode() + b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
        flood,
        large,
    )
    taken = await room(stage, imap).drain()
    assert len(taken) == 5
    assert taken[-1] is Taken.ANSWERED
    assert await rsvp(stage, "sam") is Rsvp.ACCEPTED


async def test_a_mail_that_we_cannot_handle_is_left_unread(imap: Imap) -> None:
    stage, meeting = await booked()
    await imap.deliver(at.words("poison"), at.gmail(reply(meeting, "ACCEPTED"), head(number=2)))

    def stumbles(data: bytes) -> MailIn:
        if data == at.words("poison"):
            raise LostProcessError
        return read(data)

    same = room(stage, imap, stumbles)
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(LostProcessError):
            await same.drain()
    assert await same.drain() == [Taken.ANSWERED]
    assert await imap.flags() == [False, True]
    assert await same.drain() == []


async def test_a_typed_password_is_not_kept(imap: Imap) -> None:
    stage, meeting = await booked()
    text = "my password is hunter2"
    await imap.deliver(at.words(text, head(more=thread(meeting))))
    assert await room(stage, imap).drain() == [Taken.ASKED]
    assert "hunter2" not in stage.everything_stored()


# --- the loop -------------------------------------------------------------------------------------


async def until(check: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not check():  # noqa: ASYNC110  # what is looked at has no event of its own
            await asyncio.sleep(0.02)


async def trouble(stage: Stage) -> MailboxTrouble | None:
    return await stage.store.read(mailbox_trouble)


async def test_the_loop_takes_what_comes_also_after_the_server_was_away(imap: Imap) -> None:
    stage, meeting = await booked()
    woken: list[bool] = []
    box = ImapMailbox(imap.at())
    running_room = Mailroom(stage.ports, box, read, lambda: woken.append(True), poll=5, pause=0.01)
    newer = reply(meeting, "DECLINED", stamp="20261020T091500Z")
    async with working(running_room):
        await imap.deliver(at.gmail(reply(meeting, "TENTATIVE"), head()))
        await until(lambda: len(woken) == 1)
        assert await trouble(stage) is None
        await imap.stop()
        await until(lambda: running_room._told == "lost")
        assert await trouble(stage) == MailboxTrouble(stage.clock.at, refused=False)
        await imap.start()
        await imap.deliver(at.gmail(newer, head(number=2)))
        await until(lambda: len(woken) == 2)
    assert await rsvp(stage, "sam") is Rsvp.DECLINED
    assert await trouble(stage) is None


async def test_a_refused_login_is_not_tried_again_at_once(imap: Imap) -> None:
    stage, _ = await booked()
    tries: list[int] = []

    class Refused(ImapMailbox):
        async def open(self) -> int:
            tries.append(1)
            raise NotConnected("refused", provider="mail")

    one = room(stage, imap, box=Refused(imap.at()))
    async with working(one):
        await until(lambda: one._told)
        await asyncio.sleep(0.1)  # ten times the usual pause
        assert len(tries) == 1
        assert await trouble(stage) == MailboxTrouble(stage.clock.at, refused=True)


async def test_the_pause_between_tries_grows_up_to_a_point(
    imap: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, _ = await booked()
    longest: list[float] = []

    def uniform(_low: float, high: float) -> float:
        longest.append(high)
        return 0.0

    class Away(ImapMailbox):
        async def open(self) -> int:
            raise Unavailable("away", provider="mail")

    monkeypatch.setattr("bot.mailroom.random.uniform", uniform)
    async with working(Mailroom(stage.ports, Away(imap.at()), read, lambda: None)):
        await until(lambda: len(longest) > 9)
    assert longest[:9] == [4, 8, 16, 32, 64, 128, 256, LONGEST_PAUSE, LONGEST_PAUSE]


async def test_no_word_and_no_address_is_logged(
    imap: Imap, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    stage, meeting = await booked()
    capsys.readouterr()
    caplog.set_level(logging.DEBUG)
    await imap.deliver(
        at.words("a secret of mine", head(more=thread(meeting))),
        at.outlook(reply(meeting, "DECLINED"), head("mallory@evil.example", 2)),
    )

    def dies(_data: bytes) -> MailIn:
        raise ValueError("a secret of mine, sam@example.org")

    one = room(stage, imap, dies)
    async with working(one):
        await until(lambda: one._failures >= MOST_TRIES)
    await imap.deliver(at.words("a secret of mine", head(number=9, more=thread(meeting))))
    assert (await room(stage, imap).drain())[-1] is Taken.PASSED_ON
    shown = capsys.readouterr()
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("pymap")]
    logged = "\n".join([shown.out, shown.err, *ours])
    assert "mailbox_failed" in logged
    assert "passed_on" in logged
    for word in ("a secret of mine", "@example.org", "mallory", "Session with"):
        assert word not in logged

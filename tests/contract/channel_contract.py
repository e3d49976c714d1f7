"""What every chat does with what the bot says, whatever is behind it.

The other side judges all that it gets as its vendor describes it, so a card that a real chat would
refuse fails here, too.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import pytest

from bot.card import (
    Action,
    Card,
    Fields,
    Input,
    InputKind,
    Note,
    Progress,
    Style,
    Table,
    Text,
    TimeLine,
    Times,
)
from bot.channel import ChatChannel, Directory
from bot.message import Outgoing, Place
from core.errors import AccessRevoked, ProviderError, RateLimited, RemoteMissing, Unavailable
from core.people import ChatIdentity

WORDS = "Two times suit both of you."
HELLO = Outgoing(WORDS)
LATER = Outgoing("It is booked for Tuesday.")

INPUTS = (
    Input("title", "Name of the session", InputKind.TEXT, "Weekly talk", hint="A few words"),
    Input("minutes", "Length", InputKind.NUMBER, "45"),
    Input("start", "Not before", InputKind.TIME, "09:00"),
    Input("pair", "With whom", InputKind.CHOICE, "p2", (("p1", "Noor"), ("p2", "Ravi"))),
    Input("days", "Which days", InputKind.CHOICES, "1\n3", (("1", "Monday"), ("3", "Wednesday"))),
)
EVERY_PART = Card(
    title="Session with Noor",
    parts=(
        Text("Choose what suits you."),
        Note("Nobody else sees this."),
        Fields((("Programme", "Harbour"), ("Mentor", "Noor Haddad"))),
        Times((TimeLine("Tuesday 10:00", "09:00 in London"), TimeLine("Friday 15:30"))),
        Table(("Name", "Sessions"), (("Lena", "three"), ("Otto", "none so far"))),
        Progress(3, 10),
    ),
    inputs=INPUTS,
    actions=(
        Action("accept:1", "Take Tuesday", Style.PRIMARY),
        Action("withdraw", "Withdraw", Style.DANGER),
        Action("page", "Open the page", url="https://tandem.example.org/page"),
    ),
)
SAID = (
    "Session with Noor", "Choose what suits you.", "Nobody else sees this.", "Programme",
    "Noor Haddad", "Tuesday 10:00", "09:00 in London", "Friday 15:30", "Lena", "none so far",
    "Name of the session", "Length", "Not before", "With whom", "Ravi", "Which days", "Wednesday",
    "Take Tuesday", "Withdraw", "Open the page",
)  # fmt: skip

LOUD = (
    "<!channel> <@U1> <https://evil.example|a prize>",
    "<at>everyone</at> @channel @here",
    "[a prize](https://evil.example) **now** _really_ `x` ~no~ > quote",
    "".join(map(chr, range(32))) + "\x7f\x85\u2028\u202e\ufeff",
    "&amp; &lt;b&gt; <b>bold</b> <script>",
    "\U0001f600" * 40,
    "x" * 5000,
    " ",
    "",
)


def named(name: str) -> Card:
    """A card in which everything that people choose for themselves is `name`."""
    return Card(
        name,
        (
            Text(name),
            Note(name),
            Fields(((name, name),)),
            Times((TimeLine(name, name),)),
            Table((name,), ((name,),)),
        ),
        (
            Input("text", name, InputKind.TEXT, name, hint=name),
            Input("one", name, InputKind.CHOICE, "a", (("a", name),)),
        ),
        (Action("accept:1", name), Action("page", name, url="https://tandem.example.org/")),
    )


def vast() -> Card:
    """A card that no chat takes as a whole."""
    many = range(300)
    return Card(
        "A long list of people " * 20,
        (
            Text("A long story. " * 4000),
            Fields(tuple((f"Name {n}", "value " * 500) for n in range(60))),
            Times(tuple(TimeLine(f"Time {n}", "clock " * 200) for n in many)),
            Table(tuple(f"Column {n}" for n in range(30)), (("cell " * 100,) * 30,) * 300),
            *(Note(f"Remark {n} " * 300) for n in many),
        ),
        tuple(
            Input(f"in{n}", f"Entry {n}", InputKind.CHOICES, "v1",
                  tuple((f"v{m}", f"Choice {m}") for m in many))
            for n in range(20)
        ),
        tuple(Action(f"act:{n}", f"Do {n} " * 30) for n in range(60)),
    )  # fmt: skip


class ChannelBench(Protocol):
    """A chat, somebody in it, and what the other side has; `shown` gives all texts of each message
    of a place, oldest first.
    """

    @property
    def channel(self) -> ChatChannel: ...

    @property
    def person(self) -> ChatIdentity: ...

    def shown(self, place: Place) -> Sequence[str]: ...


class RemoteBench(ChannelBench, Protocol):
    """The same where the chat is somebody else's: a place where others read along, a directory in
    which the person stands, and refusals of the next message; asked to wait, it is 3 seconds.
    """

    @property
    def directory(self) -> Directory: ...

    @property
    def shared(self) -> Place: ...

    def fail(self, kind: type[ProviderError]) -> None: ...


class LocalContract:
    """What every ChatChannel does."""

    async def test_a_person_has_one_private_conversation(self, bench: ChannelBench) -> None:
        place = await bench.channel.direct(bench.person)
        assert await bench.channel.direct(bench.person) == place
        assert (place.kind, place.workspace) == (bench.person.kind, bench.person.workspace)
        assert place.conversation
        assert place.thread == ""

    async def test_messages_stand_once_and_in_order(self, bench: ChannelBench) -> None:
        place = await bench.channel.direct(bench.person)
        refs = [await bench.channel.send(place, message) for message in (HELLO, LATER, HELLO)]
        assert len(set(refs)) == 3
        assert all(refs)
        first, second, third = bench.shown(place)
        assert WORDS in first
        assert LATER.text in second
        assert WORDS in third

    async def test_a_message_is_replaced_in_place(self, bench: ChannelBench) -> None:
        place = await bench.channel.direct(bench.person)
        ref = await bench.channel.send(place, Outgoing(WORDS, EVERY_PART))
        await bench.channel.send(place, HELLO)
        await bench.channel.edit(place, ref, LATER)
        first, second = bench.shown(place)
        assert LATER.text in first
        assert "Session with Noor" not in first
        assert "Take Tuesday" not in first
        assert WORDS in second

    @pytest.mark.parametrize("ref", ["", "1500000000.000001"])
    async def test_what_is_gone_cannot_be_replaced(self, bench: ChannelBench, ref: str) -> None:
        place = await bench.channel.direct(bench.person)
        with pytest.raises(RemoteMissing):
            await bench.channel.edit(place, ref, LATER)
        assert not bench.shown(place)

    async def test_every_part_of_a_card_is_shown(self, bench: ChannelBench) -> None:
        place = await bench.channel.direct(bench.person)
        await bench.channel.send(place, Outgoing(WORDS, EVERY_PART))
        (shown,) = bench.shown(place)
        assert [text for text in (WORDS, *SAID) if text not in shown] == []

    @pytest.mark.parametrize("name", LOUD)
    async def test_whatever_people_are_called_it_is_shown(
        self, bench: ChannelBench, name: str
    ) -> None:
        place = await bench.channel.direct(bench.person)
        ref = await bench.channel.send(place, Outgoing(name, named(name)))
        await bench.channel.edit(place, ref, Outgoing(name))
        assert len(bench.shown(place)) == 1

    async def test_a_card_may_be_too_large(self, bench: ChannelBench) -> None:
        place = await bench.channel.direct(bench.person)
        ref = await bench.channel.send(place, Outgoing("All of it", vast()))
        (shown,) = bench.shown(place)
        assert "A long list of people" in shown
        await bench.channel.edit(place, ref, Outgoing("x " * 50_000))

    async def test_a_card_may_be_empty(self, bench: ChannelBench) -> None:
        place = await bench.channel.direct(bench.person)
        await bench.channel.send(place, Outgoing("", Card()))
        assert len(bench.shown(place)) == 1

    async def test_what_is_private_arrives(self, bench: ChannelBench) -> None:
        place = await bench.channel.direct(bench.person)
        await bench.channel.private(place, bench.person, HELLO)
        (shown,) = bench.shown(place)
        assert WORDS in shown

    async def test_progress_leaves_no_message(self, bench: ChannelBench) -> None:
        place = await bench.channel.direct(bench.person)
        await bench.channel.progress(place, "Looking for times")
        assert not bench.shown(place)


class ChannelContract(LocalContract):
    """What a ChatChannel and a Directory do where the chat is somebody else's."""

    async def test_what_is_private_is_not_seen_by_others(self, bench: RemoteBench) -> None:
        await bench.channel.private(bench.shared, bench.person, HELLO)
        assert not bench.shown(bench.shared)

    async def test_a_secret_is_never_shown(self, bench: RemoteBench) -> None:
        secret = Input("password", "Password", InputKind.SECRET, "abcd-efgh-ijkl-mnop")
        card = replace(EVERY_PART, inputs=(*INPUTS, secret))
        place = await bench.channel.direct(bench.person)
        await bench.channel.send(place, Outgoing(WORDS, card))
        (shown,) = bench.shown(place)
        assert "abcd-efgh" not in shown

    async def test_others_read_what_is_sent_to_all(self, bench: RemoteBench) -> None:
        await bench.channel.send(bench.shared, HELLO)
        (shown,) = bench.shown(bench.shared)
        assert WORDS in shown
        assert not bench.shown(await bench.channel.direct(bench.person))

    @pytest.mark.parametrize("kind", [AccessRevoked, RateLimited, Unavailable])
    async def test_refusals_have_one_name(
        self, bench: RemoteBench, kind: type[ProviderError]
    ) -> None:
        place = await bench.channel.direct(bench.person)
        bench.fail(kind)
        with pytest.raises(kind) as caught:
            await bench.channel.send(place, HELLO)
        assert type(caught.value) is kind
        if isinstance(caught.value, RateLimited):
            assert caught.value.retry_after == 3
        assert WORDS not in f"{caught.value!r}{caught.value.__cause__!r}"
        assert not bench.shown(place)

    async def test_a_refusal_passes(self, bench: RemoteBench) -> None:
        place = await bench.channel.direct(bench.person)
        bench.fail(Unavailable)
        with pytest.raises(Unavailable):
            await bench.channel.send(place, HELLO)
        await bench.channel.send(place, HELLO)
        assert len(bench.shown(place)) == 1

    @pytest.mark.parametrize("kind", [AccessRevoked, RateLimited, Unavailable])
    async def test_progress_never_spoils_an_answer(
        self, bench: RemoteBench, kind: type[ProviderError]
    ) -> None:
        place = await bench.channel.direct(bench.person)
        bench.fail(kind)
        await bench.channel.progress(place, "Looking for times")

    async def test_the_directory_knows_who_somebody_is(self, bench: RemoteBench) -> None:
        found = await bench.directory.get(bench.person)
        assert found
        assert found.identity == bench.person
        assert found.name

    async def test_nobody_is_none(self, bench: RemoteBench) -> None:
        assert await bench.directory.get(bench.person._replace(user="U404404")) is None

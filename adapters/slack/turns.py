"""What happens with each thing that came in: kept first, then acknowledged within three seconds.

Before the acknowledgement Slack is asked for two things only: to open a modal, because its trigger
lives as long, and for the private conversation of somebody who first comes by a command, because
what they say there later has to find what they began. What else has to be asked runs afterwards,
and may fail without harm.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import structlog

from adapters.slack.blocks import modal_of, said_of
from adapters.slack.directory import SLACKBOT, person_of
from adapters.slack.inbound import KIND, Event, What, metadata_of
from adapters.slack.inputs import ENTRY
from bot.channel import ChatPerson, Standing
from bot.message import Outgoing
from core.errors import ProviderError
from core.people import ChatIdentity

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from adapters.slack.channel import SlackChannel
    from adapters.slack.directory import SlackDirectory
    from adapters.slack.tokens import Tokens
    from adapters.slack.wire import Wire
    from bot.card import Card
    from bot.channel import Reception
    from bot.message import Incoming, Place

Json = dict[str, Any]

OPENING = 2.0  # seconds that a modal may take to open
NAMING = 0.8  # and the id of a private conversation; both have to end within three
MOST_PROBLEM = 2000
WORKING = "One moment, please. The answer comes in our conversation."
UNOPENED = "The form did not open. Please press the button once more."
ELSEWHERE = "I answer you in our private conversation."
NOT_HERE = "Tandem is not installed in this workspace any more. Ask whoever installed it."
PROMPTS = (
    ("Find a time", "Book a session"),
    ("What is coming up?", "Which sessions do I have?"),
    ("Connect my calendar", "Connect my calendar"),
    ("Help", "help"),
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an acknowledgement; None for an empty one."""

    body: Json | None = None


class Turns:
    """Leads events to the bot's reception."""

    def __init__(
        self,
        reception: Reception,
        wire: Wire,
        channel: SlackChannel,
        directory: SlackDirectory,
        tokens: Tokens,
        page: str = "",
    ) -> None:
        """Hand over to `reception`; open modals by `wire`. `page` is where the app is installed."""
        self._reception, self._wire = reception, wire
        self._channel, self._directory, self._tokens = channel, directory, tokens
        self._page = page
        self._running: set[asyncio.Task[None]] = set()
        tokens.tell(self._removed)

    async def answer(self, event: Event, *, command: bool = False) -> Answer:
        """Carry out what an event asks for; return the acknowledgement."""
        going = event.what is What.REMOVED
        since = await self._tokens.since(event.workspace, anew=going)
        if since is None:
            return Answer(_only_to_them(NOT_HERE) if command else None)
        if going:
            if not event.at or event.at >= since:  # else they installed it again in the meantime
                await self._removed(event.workspace)
            return Answer()
        if event.incoming is None:
            await self._news(event)
            return Answer()
        if event.what is What.SAID and event.trigger and not command:
            self._later(self._at_work(event))
        incoming = await self._settled(event, event.incoming)
        answer = await self._turn(event, incoming)
        return Answer(_only_to_them(ELSEWHERE)) if command else answer

    async def close(self) -> None:
        """Wait for what still runs."""
        await asyncio.gather(*self._running, return_exceptions=True)

    # --- texts, buttons, forms ------------------------------------------------------------------

    async def _turn(self, event: Event, incoming: Incoming) -> Answer:
        match event.what:
            case What.PRESSED:
                await self._press(event, incoming)
            case What.OPENED if event.form is not None:
                if not await self._open(event, event.form, incoming):
                    sorry = Outgoing(UNOPENED)
                    self._later(self._channel.private(incoming.place, incoming.who, sorry))
            case What.SENT:
                return await self._submit(incoming)
            case _:
                await self._reception.receive(incoming)
        return Answer()

    async def _press(self, event: Event, incoming: Incoming) -> None:
        """Open the form of a button; one that has none, or whose form did not open, is kept."""
        form = await self._reception.form(incoming)
        if form is not None and await self._open(event, form, incoming):
            return
        self._renew_page(incoming)
        await self._reception.receive(incoming)
        if event.view:  # a button inside a modal, which has to go with what was entered
            self._later(
                self._wire.ask(
                    event.workspace, "views.update", view_id=event.view, view=said_of("", WORKING)
                )
            )

    async def _open(self, event: Event, form: Card, incoming: Incoming) -> bool:
        """Open a modal; False when Slack did not do it in time."""
        method = "views.push" if event.view else "views.open"
        view = modal_of(form, metadata_of(incoming))
        try:
            async with asyncio.timeout(OPENING):
                await self._wire.ask(event.workspace, method, trigger_id=event.trigger, view=view)
        except (ProviderError, TimeoutError) as error:
            log.warning("slack_modal_unopened", error=type(error).__name__)
            return False
        return True

    async def _at_work(self, event: Event) -> None:
        """Show at once that a shortcut does something: it has no place for its answer."""
        view = said_of("", WORKING)
        await self._wire.ask(event.workspace, "views.open", trigger_id=event.trigger, view=view)

    async def _submit(self, incoming: Incoming) -> Answer:
        """Keep a form and close it, or say in it what is wrong."""
        problems = await self._reception.problems(incoming)
        if problems:
            return Answer(_problems(problems, incoming.values))
        self._renew_page(incoming)
        await self._reception.receive(incoming)
        return Answer({"response_action": "clear"})

    async def _settled(self, event: Event, incoming: Incoming) -> Incoming:
        """Return what came in at the place's own id, as far as that can be found."""
        place, who = incoming.place, incoming.who
        if place.conversation == who.user:
            return replace(incoming, place=await self._own_place(who) or place)
        if event.what is What.SAID and incoming.private:
            await self._channel.note_direct(who, place.conversation)
        if event.said:
            self._channel.heard(place, event.said)
        return incoming

    async def _own_place(self, who: ChatIdentity) -> Place | None:
        """Return somebody's private conversation; None when Slack does not tell it at once."""
        try:
            async with asyncio.timeout(NAMING):
                return await self._channel.direct(who)
        except (ProviderError, TimeoutError) as error:
            log.info("slack_conversation_unnamed", error=type(error).__name__)
            return None

    # --- people and workspaces ------------------------------------------------------------------

    async def _news(self, event: Event) -> None:
        who = event.who
        if event.what is What.RENAMED:
            # Not nobody: that would mean the workspace whose token the operator's settings hold.
            itself = ChatIdentity(KIND, event.workspace, SLACKBOT)
            teller = ChatPerson(itself, "", standing=Standing.BOT)
            await self._reception.installed(KIND, event.workspace, event.name, teller)
        elif who is not None and event.what is What.CHANGED:
            self._directory.forget(who)
            await self._reception.changed(person_of(who, event.member))
        elif who is not None:
            if event.conversation:
                await self._channel.note_direct(who, event.conversation)
            self._later(self._home(who) if event.what is What.HOME else self._prompts(event))

    async def _removed(self, workspace: str) -> None:
        """Nobody is reached there any more, whether they removed us or Slack ended our token."""
        await self._reception.removed(KIND, workspace, self._page)
        self._tokens.forget(workspace)
        self._channel.forget(workspace)

    def _renew_page(self, incoming: Incoming) -> None:
        """Show somebody's page anew once what they did outside of a message is answered: it may
        have been there, and Slack asks for the page only when it is opened.
        """
        if not incoming.ref:
            who = incoming.who
            self._channel.renew_after(incoming.place, lambda: self._later(self._home(who)))

    async def _home(self, who: ChatIdentity) -> None:
        await self._channel.home(who, await self._reception.home(who))

    async def _prompts(self, event: Event) -> None:
        """Offer what to say (assistant.threads.setSuggestedPrompts)."""
        prompts = [{"title": title, "message": message} for title, message in PROMPTS]
        await self._wire.ask(
            event.workspace,
            "assistant.threads.setSuggestedPrompts",
            channel_id=event.conversation,
            prompts=prompts,
        )

    def _later(self, doing: Coroutine[Any, Any, object]) -> None:
        """Do something after the acknowledgement."""
        task = asyncio.create_task(_harmless(doing))
        self._running.add(task)
        task.add_done_callback(self._running.discard)


async def _harmless(doing: Coroutine[Any, Any, object]) -> None:
    try:
        await doing
    except ProviderError as error:
        log.info("slack_extra_failed", error=type(error).__name__)
    except Exception as error:
        log.exception("slack_extra_broken", error=type(error).__name__)


def _only_to_them(text: str) -> Json:
    return {"response_type": "ephemeral", "text": text}


def _problems(problems: Mapping[str, str], values: Mapping[str, str]) -> Json:
    """Return what is wrong under each input; what belongs to none stands under the first."""
    said: dict[str, str] = {}
    first = next(iter(values), "")
    for name, problem in problems.items():
        at = ENTRY + (name if name in values else first)
        said[at] = f"{said[at]} {problem}"[:MOST_PROBLEM] if at in said else problem[:MOST_PROBLEM]
    if first:
        return {"response_action": "errors", "errors": said}
    return {"response_action": "update", "view": said_of("", " ".join(problems.values()))}

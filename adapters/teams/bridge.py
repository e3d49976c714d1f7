"""The vendor's SDK: the only module that imports it, and itself loaded when Teams is used.

Its CloudAdapter runs the turns and its schema reads and writes the activities. Who may post, the
tokens and the wire are our own: the SDK's block the event loop and fail on headers of strangers.
`CloudAdapter.process` is not used, because it writes the answer to an invoke twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import (
    Activity,
    ActivityTypes,
    Attachment,
    ChannelAccount,
    ConversationAccount,
    ConversationParameters,
    ConversationReference,
    ConversationResourceResponse,
    ResourceResponse,
)
from botframework.connector.auth import AuthenticateRequestResult, ClaimsIdentity

from adapters.teams.auth import CHANNEL
from adapters.teams.wire import Address, Answer, Target, Wire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

Json = dict[str, Any]


class Bridge:
    """Turns and messages by the SDK's adapter, over our own wire."""

    def __init__(self, wire: Wire, app_id: str) -> None:
        """Build the adapter; nothing is sent yet."""
        self._app_id = app_id
        self._wire = wire
        self._adapter = CloudAdapter(_Authentication(wire))

    async def turn(
        self, activity: Activity, logic: Callable[[Activity], Awaitable[Answer | None]]
    ) -> Answer | None:
        """Run the turn of an activity that was let in; return what an invoke is answered."""
        activity.delivery_mode = None  # answers travel by the Connector, never in this response

        async def on_turn(context: TurnContext) -> None:
            answer = await logic(context.activity)
            if answer is not None:
                value = InvokeResponse(status=answer.status, body=answer.body)
                reply = Activity(type=ActivityTypes.invoke_response, value=value)
                await context.send_activity(reply)

        result = await self._adapter.process_activity(self._admitted(), activity, on_turn)
        return None if result is None else Answer(int(result.status), result.body)

    async def send(self, address: Address, message: Json) -> str:
        """Send a message (or another activity); return its id. Raises ProviderError leaves."""
        sent: list[str] = []

        async def on_turn(context: TurnContext) -> None:
            # The SDK would answer its own invented event: a new message answers nothing.
            context.activity.id = None
            response = await context.send_activity(_outgoing(message))
            sent.append(response.id or "")

        await self._adapter.continue_conversation(
            _reference(address, self._app_id), on_turn, self._app_id
        )
        return sent[0]

    async def update(self, address: Address, ref: str, message: Json) -> None:
        """Replace a message. Raises ProviderError leaves, RemoteMissing when it is gone."""

        async def on_turn(context: TurnContext) -> None:
            context.activity.id = None
            activity = _outgoing(message)
            activity.id = ref
            await context.update_activity(activity)

        await self._adapter.continue_conversation(
            _reference(address, self._app_id), on_turn, self._app_id
        )

    async def create(self, tenant: str, service: str, member: str) -> str:
        """Open the private conversation with a member of a tenant; return its id."""
        found: list[str] = []

        async def on_turn(context: TurnContext) -> None:
            found.append(context.activity.conversation.id or "")

        parameters = ConversationParameters(
            is_group=False,
            bot=_bot(self._app_id),
            members=[ChannelAccount(id=member)],
            tenant_id=tenant,
            channel_data={"tenant": {"id": tenant}},
        )
        await self._adapter.create_conversation(
            self._app_id, on_turn, parameters, CHANNEL, service
        )  # fmt: skip
        return found[0]

    def _admitted(self) -> AuthenticateRequestResult:
        """Tell the SDK that the doorkeeper has let this one in."""
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity({"aud": self._app_id}, is_authenticated=True)
        result.connector_factory = _Factory(self._wire)
        return result


def activity_of(raw: Mapping[str, object]) -> Activity:
    """Return the SDK's form of an activity. Raises ValueError for what has another shape."""
    try:
        activity = Activity().deserialize(dict(raw))
    except Exception as error:  # noqa: BLE001  # the SDK ends in many ways on strange JSON
        raise ValueError(type(error).__name__) from None
    if not isinstance(activity, Activity):
        raise ValueError("no activity")  # noqa: TRY004  # about what came, not about our types
    return activity


class _Authentication:
    """What the adapter asks of an authentication; only connectors are ever made of it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def create_connector_factory(self, _claims: ClaimsIdentity) -> _Factory:
        return _Factory(self._wire)

    async def create_user_token_client(self, _claims: ClaimsIdentity) -> None:
        """Return none: people connect calendars on our own page."""


class _Factory:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def create(self, service_url: str, _audience: str) -> _Connector:
        return _Connector(_Conversations(self._wire, service_url))


@dataclass(frozen=True, slots=True)
class _Connector:
    """The SDK's ConnectorClient, as far as its adapter uses it."""

    conversations: _Conversations


class _Conversations:
    """The SDK's ConversationsOperations, as far as its adapter uses them, over our wire."""

    def __init__(self, wire: Wire, service: str) -> None:
        self._wire, self._service = wire, service

    async def send_to_conversation(self, conversation: str, activity: Activity) -> ResourceResponse:
        target = self._target(activity.conversation)
        return ResourceResponse(id=await self._wire.post(target, conversation, _body(activity)))

    async def update_activity(self, conversation: str, ref: str, activity: Activity) -> None:
        target = self._target(activity.conversation)
        await self._wire.put(target, conversation, ref, _body(activity))

    async def create_conversation(
        self, parameters: ConversationParameters
    ) -> ConversationResourceResponse:
        member = parameters.members[0].id
        target = Target(parameters.tenant_id, self._service, f"create|{member}")
        made = await self._wire.create(target, _spelt(parameters.serialize()))
        return ConversationResourceResponse(
            id=made.get("id"), activity_id=made.get("activityId"), service_url=self._service
        )

    def _target(self, conversation: ConversationAccount) -> Target:
        return Target(conversation.tenant_id, self._service, conversation.id.partition(";")[0])


def _body(activity: Activity) -> Json:
    """Return an activity as JSON, without what Teams would refuse or does not need."""
    body: Json = activity.serialize()
    body["conversation"] = _spelt(body["conversation"])
    if activity.type != ActivityTypes.message:
        body.pop("inputHint", None)
    return body


def _spelt(body: Json) -> Json:
    """Return what names a tenant in the Connector's spelling; the SDK's is its own."""
    return {"tenantId" if key == "tenantID" else key: value for key, value in body.items()}


def _outgoing(message: Json) -> Activity:
    attachments = [
        Attachment(content_type=a["contentType"], content=a["content"])
        for a in message.get("attachments", ())
    ]
    return Activity(
        type=message.get("type", ActivityTypes.message),
        text=message.get("text"),
        text_format=message.get("textFormat"),
        summary=message.get("summary"),
        attachments=attachments or None,
    )


def _reference(address: Address, app_id: str) -> ConversationReference:
    return ConversationReference(
        bot=_bot(app_id),
        conversation=ConversationAccount(id=address.conversation, tenant_id=address.tenant),
        channel_id=CHANNEL,
        service_url=address.service,
    )


def _bot(app_id: str) -> ChannelAccount:
    return ChannelAccount(id=f"28:{app_id}" if app_id else None)

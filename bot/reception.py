"""What a chat hands to the bot, answered from the database alone (`bot.channel.Reception`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.acquaint import as_profile, whom
from bot.card import Card, Text
from bot.channel import Standing
from bot.converse import forms
from bot.converse.connect import form_card, with_page
from bot.converse.preferences import rows_of
from bot.converse.reach import UPLOAD_LASTS, kinds_of
from bot.message import Incoming, Place, readable
from bot.speak import people_words
from bot.speak.home import home_card, load_home, subject_view
from bot.switchboard import SHUT
from core import presence
from core.errors import NotFound, ProviderError
from core.ids import ProposalId
from core.links import Provider
from core.people import Person
from core.programme import Role
from core.timing.zones import zone_of
from core.use_cases import identify, workspaces
from core.use_cases.workspaces import Installer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.channel import ChatChannel, ChatPerson
    from bot.doors import Doors
    from bot.inbox import InboxWorker
    from bot.message import Outgoing
    from core.ids import PersonId
    from core.people import ChatIdentity
    from core.ports import Ports, Tx

    Opener = Callable[["ChatReception", Tx, Person, tuple[str, ...]], Card | None]


class ChatReception:
    """Keeps what comes in, opens and checks forms, and shows how things stand."""

    def __init__(
        self,
        ports: Ports,
        inbox: InboxWorker,
        channels: Mapping[str, ChatChannel],
        doors: Doors | None = None,
    ) -> None:
        """Keep the ports, the inbox, the chats by kind, and the addresses of our pages."""
        self._ports = ports
        self._inbox = inbox
        self._channels = channels
        self._doors = doors

    # --- what comes in ------------------------------------------------------------------------

    async def receive(self, incoming: Incoming) -> bool:
        """Keep what came in, to be answered later; False when it was kept before."""
        return await self._inbox.receive(incoming)

    async def uploaded(self, person_id: PersonId, file_name: str, text: str) -> bool:
        """Keep a file that somebody handed in by a page; the answer comes to their chat.

        A chat that is away now is asked for the place of the answer when the file is read; False
        for somebody whom no chat reaches.
        """

        def load(tx: Tx) -> list[ChatIdentity]:
            person = tx.people.get(person_id)
            known = [i for i in tx.people.identities(person_id) if i.kind in self._channels]
            open_ = [i for i in known if not presence.is_unreachable(tx, i)]
            spoken = presence.last_spoken(tx, person)
            return sorted(open_, key=lambda identity: identity != spoken)

        for identity in await self._ports.store.read(load):
            place = await self._own_place(identity)
            if place is not None:
                kept = Incoming(identity, place, file_name=file_name or "file", file_text=text)
                return await self.receive(kept)
        return False

    async def _own_place(self, identity: ChatIdentity) -> Place | None:
        """Return somebody's private conversation, one without a name while their chat is away;
        None where nobody reaches them.
        """
        try:
            return await self._channels[identity.kind].direct(identity)
        except SHUT:
            return None
        except ProviderError:
            return Place(identity.kind, identity.workspace, "")

    # --- forms --------------------------------------------------------------------------------

    async def form(self, incoming: Incoming) -> Card | None:
        """Return the form that a button opens at once; None for a button that opens none, and
        for somebody nobody knows.
        """
        verb, *args = incoming.action.split(":")
        opener = FORMS.get(verb)
        if opener is None:
            return None

        def load(tx: Tx) -> Card | None:
            person = presence.known(tx, incoming.who)
            if person is None or not person.active:
                return None
            return opener(self, tx, person, tuple(args))

        card = await self._ports.store.read(load)
        return await self._with_page(incoming, card) if card and verb == "connect" else card

    async def _with_page(self, incoming: Incoming, card: Card) -> Card:
        """Return the form of an account with the private page that asks the same."""
        me = await self._known(incoming.who)
        if self._doors is None or me is None:
            return card
        return await with_page(self._ports, self._doors, me.id, incoming, card)

    async def problems(self, incoming: Incoming) -> Mapping[str, str]:
        """Return what is wrong with a form that was sent, by input name; nothing is kept."""
        person = await self._known(incoming.who)
        zone = person.zone if person else "UTC"
        now = self._ports.clock.now()
        return forms.problems(incoming.action, incoming.values, now, zone)

    def upload_card(self, tx: Tx, person: Person) -> Card | None:
        """Return the way to the page for files, for an administrator."""
        roles = tx.programmes.roles(person.id)
        administers = person.is_admin or any(m.role is Role.ADMIN for m in roles)
        if self._doors is None or not administers:
            return None
        return forms.upload_card(
            self._doors.upload(person.id, self._ports.clock.now() + UPLOAD_LASTS)
        )

    # --- how things stand ---------------------------------------------------------------------

    async def view(self, who: ChatIdentity, subject: str) -> Outgoing | None:
        """Return a card about a subject as it stands now for this person; None when it says
        nothing to them.
        """
        now = self._ports.clock.now()

        def load(tx: Tx) -> Outgoing | None:
            person = presence.known(tx, who)
            known = person is not None and person.active
            return subject_view(tx, person, subject, now) if person and known else None

        return await self._ports.store.read(load)

    async def home(self, who: ChatIdentity) -> Card:
        """Return the page of the assistant for a person, or whom an unknown one may ask."""
        now = self._ports.clock.now()

        def load(tx: Tx) -> Card:
            person = presence.known(tx, who)
            if person is None or not person.active:
                return _unknown_home(tx, who)
            return home_card(
                load_home(tx, person, now), tuple(rows_of(person, now, self._ports.almanac))
            )

        return await self._ports.store.read(load)

    async def _known(self, who: ChatIdentity) -> Person | None:
        return await self._ports.store.read(lambda tx: presence.known(tx, who))

    # --- people and workspaces ----------------------------------------------------------------

    async def changed(self, person: ChatPerson) -> None:
        """Take over what a chat says anew about somebody: name, zone, language, gone or back."""
        if person.standing is Standing.GONE:
            await identify.leave(self._ports, person.identity)
        elif person.standing in (Standing.MEMBER, Standing.GUEST):
            await identify.follow(self._ports, as_profile(person))

    async def installed(
        self,
        kind: str,
        workspace: str,
        name: str,
        installer: ChatPerson,
        *,
        named: bool = False,
    ) -> None:
        """Take note of a workspace that installed the assistant, or was renamed."""
        member = installer.standing is Standing.MEMBER
        by = Installer(installer.identity, installer.name, installer.email if member else "")
        called = readable(name)
        await workspaces.installed(self._ports, kind, workspace, called, by, vouched=named)

    async def removed(self, kind: str, workspace: str, page: str = "") -> None:
        """Take note of a workspace that removed the assistant: nobody is reached there now."""
        await workspaces.removed(self._ports, kind, workspace, page)


def _unknown_home(tx: Tx, who: ChatIdentity) -> Card:
    """Return the page of somebody nobody knows yet: whom to ask."""
    workspace = tx.workspaces.get(who.kind, who.workspace)
    if workspace is None or workspace.org_id is None:
        text = people_words.UNLINKED.format(ask=people_words.ASK_PLAIN)
        return Card(people_words.HOME, (Text(text),))
    ask = whom(identify.contacts_of(tx, workspace.org_id))
    return Card(people_words.HOME, (Text(people_words.HOME_UNKNOWN), Text(ask)))


def _connect(_: ChatReception, _tx: Tx, _me: Person, args: tuple[str, ...]) -> Card | None:
    """Return the private form of an Apple or other CalDAV account."""
    if args[:2] != ("form", Provider.CALDAV.value):
        return None
    return form_card(":replace" if args[2:3] == ("replace",) else "")


def _preferences(_: ChatReception, tx: Tx, me: Person, args: tuple[str, ...]) -> Card | None:
    return forms.preferences_form(me, kinds_of(tx, me)) if args[:1] == ("form",) else None


def _window(_: ChatReception, tx: Tx, me: Person, args: tuple[str, ...]) -> Card | None:
    """Return the question for another window, to who asked for the times."""
    try:
        proposal = tx.proposals.get(ProposalId(":".join(args)))
    except NotFound:
        return None
    return forms.window_form(proposal.id) if proposal.request.asker == me.id else None


def _zone(_: ChatReception, _tx: Tx, _me: Person, args: tuple[str, ...]) -> Card | None:
    if args[:1] != ("until",) or len(args) != 2:
        return None
    try:
        return forms.zone_form(zone_of(args[1]).key)
    except ValueError:
        return None


def _upload(reception: ChatReception, tx: Tx, me: Person, args: tuple[str, ...]) -> Card | None:
    return None if args else reception.upload_card(tx, me)


FORMS: Mapping[str, Opener] = {
    "connect": _connect,
    "prefs": _preferences,
    "window": _window,
    "zone": _zone,
    "upload": _upload,
}

"""Who somebody in a chat is: by their verified e-mail, in the organisation of their workspace.

Somebody known in one kind of chat who appears in another is asked on both sides first, because an
address in one system may be given by somebody else than in the other. Profiles are asked of a
chat before, outside of any transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core import new_home, presence
from core.booking.telling import ask_elsewhere
from core.errors import NotFound
from core.ids import OrgId, PersonId
from core.notices import Notice, NoticeKind, as_effect
from core.people import ChatIdentity
from core.policy import resolve
from core.talk import Workspace
from core.tenancy import linked_by
from core.timing.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.people import Person
    from core.ports import Ports, Tx

ASKS = "same"  # the kind of references under which questions of identity are kept
TRYING = "local"  # the chat in which anybody may speak as anybody: it proves nothing
MOST_CONTACTS = 3
LONGEST = 200  # characters of a name that are kept


@dataclass(frozen=True, slots=True)
class Profile:
    """What a chat says of somebody. `email` is verified there; each but the identity may be
    empty, `zone` is an IANA name, `locale` a language tag, `picture` an https address.
    """

    identity: ChatIdentity
    name: str = ""
    email: str = ""
    zone: str = ""
    locale: str = ""
    picture: str = ""


class Standing(StrEnum):
    """What came of looking somebody up."""

    KNOWN = "known"
    ASKED = "asked"  # both sides have to say that they are one person
    DENIED = "denied"  # one side said that they are not
    UNKNOWN = "unknown"
    UNLINKED = "unlinked"  # no administrator has linked their workspace


@dataclass(frozen=True, slots=True)
class Met:
    """Who it is. `ask` names the question of `ASKED`, `other` the chat in which they are known;
    `contacts` are whom an unknown person may ask.
    """

    standing: Standing
    person: Person | None = None
    ask: str = ""
    other: str = ""
    contacts: tuple[str, ...] = ()


async def meet(ports: Ports, profile: Profile) -> Met:
    """Find out who somebody is of whom the store knows nothing yet, and remember it."""
    ask_id, now = ports.ids.new(), ports.clock.now()
    return await ports.store.transact(lambda tx: _meet(tx, profile, ask_id, now))


def _meet(tx: Tx, profile: Profile, ask_id: str, now: int) -> Met:
    who = profile.identity
    workspace = tx.workspaces.get(who.kind, who.workspace)
    if workspace is None:
        workspace = Workspace(who.kind, who.workspace, who.workspace, None, {})
        tx.workspaces.save(workspace)
    if workspace.org_id is None:
        workspace = linked_by(tx, workspace, profile.email, now)
        if workspace.org_id is not None:
            tx.workspaces.save(workspace)
    if workspace.org_id is None:
        installer = tx.references.get(who.kind, who.workspace, "installer") or {}
        contacts = tuple(str(n) for n in [installer.get("name")] if n)
        return Met(Standing.UNLINKED, contacts=contacts)
    person = tx.people.by_email(workspace.org_id, profile.email) if profile.email else None
    if person is None:
        return Met(Standing.UNKNOWN, contacts=contacts_of(tx, workspace.org_id))
    others = [i for i in tx.people.identities(person.id) if _proves(tx, i, who)]
    if others and tx.people.by_identity(who) != person:
        return _ask(tx, who, person, others[0], ask_id, now)
    presence.identify(tx, who, person)
    return Met(Standing.KNOWN, _followed(tx, profile, person, now))


def _proves(tx: Tx, identity: ChatIdentity, who: ChatIdentity) -> bool:
    """Tell whether an identity in another kind of chat can be asked about this one."""
    other = identity.kind not in (who.kind, TRYING)
    return other and not presence.is_unreachable(tx, identity)


def contacts_of(tx: Tx, org_id: OrgId) -> tuple[str, ...]:
    """Return whom an unknown person may ask: the programmes' contacts, else administrators."""
    base = tx.settings.read(org_id)
    running = [p for p in tx.programmes.of(org_id) if not p.ended]
    named = [resolve(base, tx.settings.read(p.id)).contacts for p in running]
    found = [*dict.fromkeys(c for c in named if c)]
    if not found:
        found = [person.name for person in tx.people.administrators(org_id)]
    return tuple(found[:MOST_CONTACTS])


# --- one person in two chats ----------------------------------------------------------------------


def _ask(
    tx: Tx, who: ChatIdentity, person: Person, other: ChatIdentity, ask_id: str, now: int
) -> Met:
    """Ask both sides once; later messages find the question, or its answer."""
    key = (who.kind, who.workspace, f"same:{who.user}")
    asked = tx.references.get(*key)
    if asked is not None and asked.get("person") == person.id:
        kept = tx.references.get(ASKS, person.org_id, str(asked["ask"])) or {}
        standing = Standing.DENIED if kept.get("no") else Standing.ASKED
        contacts = contacts_of(tx, person.org_id) if kept.get("no") else ()
        return Met(standing, person, str(asked["ask"]), other.kind, contacts)
    tx.references.put(*key, {"ask": ask_id, "person": person.id})
    tx.references.put(
        ASKS,
        person.org_id,
        ask_id,
        {
            "kind": who.kind,
            "workspace": who.workspace,
            "user": who.user,
            "person": person.id,
            "other": other.kind,
            "org": person.org_id,
        },
    )
    facts = {"ask": ask_id}
    notice = Notice(person.id, NoticeKind.SAME_PERSON, f"same:{ask_id}", facts)
    tx.effects.add(as_effect(notice, ask_id, now))
    return Met(Standing.ASKED, person, ask_id, other.kind)


@dataclass(frozen=True, slots=True)
class Question:
    """A question whether two identities are one person; `here` is what the newcomer said,
    `there` what the known person said (None: nothing yet).
    """

    newcomer: ChatIdentity
    person_id: PersonId
    other: str
    here: bool | None
    there: bool | None

    @property
    def is_over(self) -> bool:
        """Whether somebody said no, or both said yes."""
        return False in (self.here, self.there) or (self.here is True and self.there is True)


def question(tx: Tx, org_id: str, ask_id: str) -> Question:
    """Return a question as it stands. Raises NotFound."""
    data = tx.references.get(ASKS, org_id, ask_id)
    if data is None:
        raise NotFound(ask_id)
    newcomer = ChatIdentity(str(data["kind"]), str(data["workspace"]), str(data["user"]))
    no, said = data.get("no"), (data.get("here"), data.get("there"))
    here, there = (None if one is None else bool(one) and not no for one in said)
    return Question(newcomer, PersonId(str(data["person"])), str(data["other"]), here, there)


async def answer_same(ports: Ports, who: ChatIdentity, ask_id: str, *, yes: bool) -> Question:
    """Take one side's word; both yes link the identity, one no ends it and tells administrators.

    Raises NotFound for anybody who was not asked.
    """
    now = ports.clock.now()
    return await ports.store.transact(lambda tx: _answer(tx, who, ask_id, yes=yes, now=now))


def _answer(tx: Tx, who: ChatIdentity, ask_id: str, *, yes: bool, now: int) -> Question:
    org_id = _org_of(tx, who)
    asked = question(tx, org_id, ask_id)
    person = tx.people.get(asked.person_id)
    known = presence.known(tx, who)
    side = "here" if who == asked.newcomer else "there"
    if side == "there" and (known is None or known.id != person.id):
        raise NotFound(ask_id)
    if asked.is_over:
        return asked
    data = dict(tx.references.get(ASKS, org_id, ask_id) or {})
    data[side] = yes
    if not yes:
        data["no"] = True
        _tell_denied(tx, person, asked, ask_id, now)
    tx.references.put(ASKS, org_id, ask_id, data)
    answered = question(tx, org_id, ask_id)
    if answered.here and answered.there:
        presence.identify(tx, asked.newcomer, person)
        _tell_known(tx, person, ask_id, now)
    return answered


def _tell_known(tx: Tx, person: Person, ask_id: str, now: int) -> None:
    """Bring the questions in both chats up to date; nothing is told where none stands."""
    subject = f"same:{ask_id}"
    if person.reach != presence.MAIL and tx.posts.find(person.id, subject):
        notice = Notice(person.id, NoticeKind.SAME_PERSON, subject, {"ask": ask_id})
        tx.effects.add(as_effect(notice, f"{ask_id}:both", now))


def _org_of(tx: Tx, who: ChatIdentity) -> str:
    """Return the organisation in which an identity is asked about. Raises NotFound."""
    person = presence.known(tx, who)
    if person is not None:
        return person.org_id
    workspace = tx.workspaces.get(who.kind, who.workspace)
    if workspace is None or workspace.org_id is None:
        raise NotFound(who.workspace)
    return workspace.org_id


def _tell_denied(tx: Tx, person: Person, asked: Question, ask_id: str, now: int) -> None:
    facts = {"person": str(person.id), "chat": asked.newcomer.kind}
    for admin in tx.people.administrators(person.org_id):
        notice = Notice(admin.id, NoticeKind.NOT_SAME, "", facts)
        tx.effects.add(as_effect(notice, ask_id, now))


# --- what a profile says later --------------------------------------------------------------------


async def follow(ports: Ports, profile: Profile) -> None:
    """Take over what a profile says anew: name, zone, language and picture.

    An account that was closed and is open again is looked up anew by its address.
    """
    ask_id, now = ports.ids.new(), ports.clock.now()

    def work(tx: Tx) -> None:
        person = presence.known(tx, profile.identity)
        if person is not None:
            _followed(tx, profile, person, now)
        elif profile.email and presence.is_gone(tx, profile.identity):
            _meet(tx, profile, ask_id, now)

    await ports.store.transact(work)


async def leave(ports: Ports, identity: ChatIdentity) -> None:
    """Forget whose identity it is, because the chat has closed the account.

    What was asked of them there is asked where they are still reached, be it by mail.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> None:
        person = tx.people.by_identity(identity)
        if person is None or presence.is_gone(tx, identity):
            return
        presence.give_up(tx, identity, now)
        for item in tx.proposals.open_of(person.id):
            ask_elsewhere(tx, item, person.id, now)

    await ports.store.transact(work)


def _followed(tx: Tx, profile: Profile, person: Person, now: int) -> Person:
    """Return the person with what has changed in their profile since it was last heard.

    What differs from the last word of the profile was set here by hand, and stays. A profile that
    is heard for the first time only fills in what is missing.
    """
    said = {name: text for name, text in _facts(profile).items() if text}
    last = presence.profile(tx, profile.identity) or {}
    new = {
        name: text
        for name, text in said.items()
        if last.get(name) == (own := getattr(person, name)) or not own
    }
    after = replace(
        person,
        name=new.get("name", person.name),
        zone=new.get("zone", person.zone),
        locale=new.get("locale", person.locale),
        picture=new.get("picture", person.picture),
    )
    if after != person:
        tx.people.save(after)
        new_home.look(tx, person, after, now)
    if {**last, **said} != last:
        kept: dict[str, str] = {n: str(t) for n, t in last.items()}
        presence.keep_profile(tx, profile.identity, {**kept, **said})
    return after


def _facts(profile: Profile) -> Mapping[str, str]:
    """Return what may be taken over; a zone that no clock knows, or a picture from a page that
    is not secure, counts as none.
    """
    zone = profile.zone
    try:
        zone_of(zone)
    except ValueError:
        zone = ""
    picture = profile.picture if profile.picture.startswith("https://") else ""
    return {
        "name": " ".join(profile.name.split())[:LONGEST],
        "zone": zone,
        "locale": profile.locale[:35],
        "picture": picture if len(picture) <= 2000 else "",
    }

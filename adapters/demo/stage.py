"""The demo's stage: the real servers, the people on it, and what the page shows beside the chat.

The product behind it is the same that `tandem serve` runs; only its settings point here.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from adapters.demo.mail_sink import MailSink
from adapters.demo.radicale_server import RadicaleServer
from adapters.demo.week import read_week
from adapters.demo.world import World, build_world, seed_calendars
from core.connecting import Choice
from core.ids import OrgId, PairId, PersonId, ProgrammeId
from core.links import Provider, Tier, Use
from core.people import Organisation, Person
from core.programme import LEADS, Membership, Pair, Programme, Role
from core.timing.zones import wall
from core.use_cases.connect_calendar import choose, open_account

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from core.ports import Clock, Ports, Tx

PROGRAMME_SETTINGS = {"delegate": "on", "buffer": "10 min"}
ASSISTANT = "assistant@tandem.example.org"


class Stage:
    """The servers of the demo, from `start` to `stop`."""

    def __init__(self, folder: Path, clock: Clock, *, caldav_port: int = 0) -> None:
        self.clock = clock
        today = datetime.fromtimestamp(clock.now(), UTC).date()
        self.world: World = build_world(today)
        self.calendars = RadicaleServer(folder / "calendars", self.world.passwords, caldav_port)
        self.mail = MailSink(clock, folder / "mails")
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Write the calendars and start both servers."""
        seed_calendars(self.calendars, self.world)
        self._stack.enter_context(self.calendars)
        await self.mail.start()
        self._stack.push_async_callback(self.mail.stop)

    async def stop(self) -> None:
        """Stop both servers."""
        await self._stack.aclose()

    def environment(self) -> dict[str, str]:
        """Return the settings that make the product use this stage."""
        jo = next(p for p in self.world.people if p.is_admin)
        return {
            "assistant_address": ASSISTANT,
            "smtp_url": f"smtp://127.0.0.1:{self.mail.port}",
            "organisation": self.world.organisation,
            "admin_name": jo.name,
            "admin_email": jo.email,
            "caldav_allow": self.calendars.address,
        }

    # --- the people --------------------------------------------------------------------------

    async def populate(self, ports: Ports) -> None:
        """Put the people, the programme and the pairs into an empty deployment, and connect
        their calendars the way people do: by opening the account and choosing calendars.
        """
        organisation = Organisation(OrgId(ports.ids.new()), self.world.organisation)
        fresh = await ports.store.transact(lambda tx: self._people(tx, organisation))
        if fresh:
            for person_id in dict.fromkeys(link.person_id for link in self.world.links):
                await self._connect(ports, person_id)

    def _people(self, tx: Tx, organisation: Organisation) -> bool:
        if tx.organisations.all():
            return False
        tx.organisations.save(organisation)
        programme = Programme(ProgrammeId("aurora"), organisation.id, self.world.programme)
        tx.programmes.save(programme)
        for key, text in PROGRAMME_SETTINGS.items():
            scope = organisation.id if key == "delegate" else programme.id
            tx.settings.write(scope, key, text)
        for someone in self.world.people:
            tx.people.save(
                Person(
                    someone.id,
                    organisation.id,
                    someone.name,
                    someone.email,
                    someone.zone,
                    is_admin=someone.is_admin,
                    welcomed=True,
                )
            )
            if someone.role is not None:
                tx.programmes.join(Membership(programme.id, someone.id, someone.role))
        for pair in self.world.pairs:
            pair_id = PairId(f"{pair.mentor}-{pair.mentee}")
            tx.programmes.add_pair(Pair(pair_id, programme.id, pair.mentor, pair.mentee))
        return True

    async def _connect(self, ports: Ports, person_id: PersonId) -> None:
        links = [link for link in self.world.links if link.person_id == person_id]
        form = {
            "server": self.calendars.url,
            "username": links[0].user,
            "password": self.world.passwords[links[0].user],
        }
        connected = await open_account(ports, person_id, Provider.CALDAV, form)
        by_path = {c.calendar_id.rstrip("/").rsplit("/", 1)[-1]: c for c in connected.calendars}
        ids = {link.use: by_path[link.calendar].calendar_id for link in links}
        secondary = [
            by_path[link.calendar].calendar_id for link in links if link.use is Use.SECONDARY
        ]
        write = any(link.tier is Tier.WRITE for link in links)
        choice = Choice(ids.get(Use.PRIMARY), tuple(secondary), write=write)
        await choose(ports, person_id, connected, choice)

    # --- what the page shows -------------------------------------------------------------------

    def login(self, person_id: str) -> list[dict[str, str]]:
        """Return a person's calendars with what any calendar program needs to open them."""
        return [
            {
                "url": self.calendars.calendar_url(link.user, link.calendar),
                "user": link.user,
                "password": self.world.passwords[link.user],
            }
            for link in self.world.links
            if link.person_id == person_id
        ]


class DemoSurroundings:
    """World, mails and calendar weeks of the demo, for the local page."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def world(self) -> dict[str, Any]:
        """Return everybody with their calendars."""
        world = self._stage.world
        return {
            "organisation": world.organisation,
            "programme": world.programme,
            "people": [
                {
                    "id": person.id,
                    "name": person.name,
                    "email": person.email,
                    "zone": person.zone,
                    "role": _role(person.role),
                    "calendars": self._stage.login(person.id),
                }
                for person in world.people
            ],
        }

    def mails(self) -> list[dict[str, Any]]:
        """Return the mails as they were received."""
        return [
            {
                "id": mail.id,
                "from": mail.sender,
                "to": ", ".join(mail.to),
                "subject": mail.subject,
                "text": mail.text,
                "ics": mail.ics,
                "at": mail.at,
            }
            for mail in self._stage.mail.mails()
        ]

    async def week(self, person_id: str, first: date) -> dict[str, Any]:
        """Return seven days as they are on the calendar server."""
        person = self._stage.world.person(PersonId(person_id))
        logins = self._stage.login(person_id)
        shown: dict[str, Any] = {"zone": person.zone, "start": first.isoformat()}
        shown |= {"events": [], "calendars": []}
        if not logins:
            name = person.name.split()[0]
            return {**shown, "note": f"{name} has connected no calendar."}
        links = [link for link in self._stage.world.links if link.person_id == person_id]
        events = await read_week(
            self._stage.calendars.url, logins[0]["user"], logins[0]["password"], first, person.zone
        )
        shown["calendars"] = [link.name for link in links]
        shown["events"] = [
            {
                "title": event.title,
                "start": wall(event.start, person.zone).isoformat(),
                "end": wall(event.end, person.zone).isoformat(),
                "all_day": event.all_day,
                "status": event.status,
                "calendar": event.calendar,
                "tandem": event.is_tandem,
            }
            for event in events
        ]
        return {**shown, "note": None}


def _role(role: Role | None) -> str:
    """Return how the page names a role."""
    if role is None:
        return "Global admin"
    if role is Role.ADMIN:
        return "Programme admin"
    return "Mentor" if role in LEADS else "Mentee"

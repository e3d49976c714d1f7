"""Consent pages of Google and Microsoft in memory, and the way of a person through them."""

from dataclasses import replace

from adapters.memory.calendar import MemoryCalendars
from adapters.memory.consent import Answerer, MemoryConsent, consenting
from core.consenting import Opened
from core.ids import PersonId
from core.links import Provider, Tier
from core.people import ChatIdentity
from core.use_cases.consent import begin, finish, make_links
from tests.unit.core.use_cases.world import TOVE, World

BACK = "https://tandem.example.org/oauth/google/callback"
BROWSER = "the secret of a browser"
TOVES = "tove@larch.example"
IDENTITY = ChatIdentity("slack", "T1", "U-tove")


def add_consent(
    world: World, calendars: MemoryCalendars, person: Answerer | None = None
) -> MemoryConsent:
    """Give a service a consent page, at which Tove sits with her own account."""
    page = consenting(calendars, person or Answerer(TOVES))
    service = replace(calendars.service(), consent=page)
    services = {**world.ports.calendars, calendars.provider: service}
    world.ports = replace(world.ports, calendars=services)
    return page


async def link(
    world: World,
    provider: Provider = Provider.GOOGLE,
    person: PersonId = TOVE,
    *,
    tier: Tier | None = None,
    replacing: bool = False,
) -> str:
    """Return the id of a fresh link."""
    ids = await make_links(
        world.ports, person, [provider], IDENTITY, replacing=replacing, tier=tier
    )
    return ids[provider]


async def asked(world: World, page: MemoryConsent, link_id: str) -> dict[str, str]:
    """Follow a link to the consent page; return the answer that comes back."""
    return page.answered(await begin(world.ports, link_id, BROWSER, BACK))


async def walked(world: World, page: MemoryConsent, link_id: str = "") -> Opened:
    """Go all the way in one browser."""
    query = await asked(world, page, link_id or await link(world))
    return await finish(world.ports, Provider.GOOGLE, query, BROWSER)

"""An account of Tove's that she can connect."""

from core.connecting import Connected
from core.links import Provider
from core.use_cases.connect_calendar import open_account
from tests.unit.core.use_cases.world import TOVE, World

ACCOUNT = "tove@home.example"
FORM = {"username": ACCOUNT, "password": "a password"}


def account(world: World) -> list[str]:
    """Make the account; return its three calendars, the last of which cannot be written."""
    world.calendars.open_account(ACCOUNT, "a password")
    return [
        world.calendars.add_calendar(ACCOUNT, "Home", default=True),
        world.calendars.add_calendar(ACCOUNT, "Choir"),
        world.calendars.add_calendar(ACCOUNT, "Holidays", writable=False),
    ]


async def opened(world: World) -> Connected:
    """Open the account, as Tove."""
    return await open_account(world.ports, TOVE, Provider.CALDAV, FORM)

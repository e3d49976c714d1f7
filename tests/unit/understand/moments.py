"""The moment and the speaker of the language tests: London, Tue 20 Oct 2026 at 10:00."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.understand.context import Context, Hours, KnownPerson
from bot.understand.intent import Relation

LONDON = ZoneInfo("Europe/London")
NOW = int(datetime(2026, 10, 20, 10, 0, tzinfo=LONDON).timestamp())
HERE = Context(NOW, "Europe/London")
PEOPLE = (
    KnownPerson("alex-chen", "Alex Chen", relation=Relation.MENTOR, mentions=("U01",)),
    KnownPerson("alex-romero", "Alex Romero"),
    KnownPerson("priya", "Priya Shah"),
    KnownPerson("sam", "Sam Lee", relation=Relation.MENTEE),
    KnownPerson("tom", "Tom Berg", relation=Relation.MENTEE),
    KnownPerson("will", "Will Ford"),
)
AMONG = Context(NOW, "Europe/London", names=PEOPLE)
ALWAYS = Hours(days=(0, 1, 2, 3, 4, 5, 6), first=0, last=1440)


def at(text: str, zone: str = "Europe/London") -> int:
    """Give the instant of a local time: "2026-10-27 14:00"."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def proposed(*starts: str) -> Context:
    """Give the context in which these starts are proposed."""
    return Context(NOW, "Europe/London", names=PEOPLE, proposal_starts=tuple(map(at, starts)))

"""Plain dates and everyday words of other languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.understand.intent import Intent
from bot.understand.read import read
from bot.understand.resolve import resolve
from tests.unit.understand.moments import ALWAYS, AMONG, HERE, at


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("am 5. November um 10:30", "2026-11-05 10:30"),
        ("morgen um 9 Uhr", "2026-10-21 09:00"),
        ("Dienstag um 15 Uhr", "2026-10-20 15:00"),
        ("übermorgen um 9:30", "2026-10-22 09:30"),
        ("am 3. März 2027 um 14 Uhr", "2027-03-03 14:00"),
        ("le 3 juin à 15h", "2027-06-03 15:00"),
        ("mardi 3 novembre à 10h", "2026-11-03 10:00"),
        ("el 5 de noviembre de 2026 a las 15:00", "2026-11-05 15:00"),
        ("12 de dezembro às 15h", "2026-12-12 15:00"),
        ("op 4 maart om 14:00", "2027-03-04 14:00"),
        ("il 3 giugno 15:00", "2027-06-03 15:00"),
    ],
)
def test_dates(text: str, start: str) -> None:
    context = replace(HERE, hours=ALWAYS)
    time = read(text, context).time
    assert time is not None
    assert resolve(time, context).starts == (at(start),)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("einen Termin mit Priya am Dienstag", Intent.BOOK),
        ("nächste Woche mit Priya", Intent.BOOK),
        ("un rendez-vous avec Sam le 3 juin", Intent.BOOK),
        ("una reunión con Priya mañana", Intent.BOOK),
        ("een afspraak met Sam", Intent.BOOK),
        ("bitte den Termin absagen", Intent.CANCEL),
        ("annuler mon rendez-vous de jeudi", Intent.CANCEL),
        ("kannst du den Termin auf Freitag verschieben?", Intent.RESCHEDULE),
        ("ja", Intent.ACCEPT),
        ("nein", Intent.DECLINE),
    ],
)
def test_intents(text: str, intent: Intent) -> None:
    assert read(text, AMONG).intent is intent


def test_a_month_s_name_alone_is_left_to_its_own_language() -> None:
    assert read("a chat with Mars and Maio", HERE).time is None

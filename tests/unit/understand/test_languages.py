"""Plain sentences of German, French, Spanish, Portuguese and Dutch: what is wanted, and when."""

from __future__ import annotations

import pytest

from bot.understand.intent import Intent
from bot.understand.read import read
from bot.understand.report import say_windows
from bot.understand.resolve import resolve
from tests.unit.understand.moments import AMONG

# The sentence, its intent, and the first window of its time ("" when none is said).
GERMAN = [
    (
        "Ich möchte einen Termin mit Priya am Donnerstag um 15 Uhr",
        Intent.BOOK,
        "Thu 22 Oct 2026 15:00-15:30",
    ),
    ("Können wir uns nächste Woche treffen?", Intent.BOOK, "Mon 26 Oct 2026 08:00-18:00"),
    (
        "Bitte vereinbare ein Treffen mit Alex übermorgen um 10 Uhr",
        Intent.BOOK,
        "Thu 22 Oct 2026 10:00-10:30",
    ),
    (
        "Hast du am Freitagnachmittag Zeit für ein Gespräch mit Sam?",
        Intent.BOOK,
        "Fri 23 Oct 2026 12:00-18:00",
    ),
    (
        "Können wir das Treffen auf Mittwoch verschieben?",
        Intent.RESCHEDULE,
        "Wed 21 Oct 2026 08:00-18:00",
    ),
    (
        "Bitte verlege meinen Termin am Montag auf Dienstag um 14 Uhr",
        Intent.RESCHEDULE,
        "Tue 20 Oct 2026 14:00-14:30",
    ),
    ("Bitte sag den Termin am Freitag ab", Intent.CANCEL, "Fri 23 Oct 2026 08:00-18:00"),
    ("Ich muss das Treffen mit Priya absagen", Intent.CANCEL, ""),
    ("Welche Termine habe ich morgen?", Intent.LIST_MEETINGS, "Wed 21 Oct 2026 08:00-18:00"),
    ("Zeig mir meine Termine", Intent.LIST_MEETINGS, ""),
    ("Wann ist Alex frei?", Intent.AVAILABILITY, ""),
    ("Ja, das passt", Intent.ACCEPT, ""),
    ("Passt mir gut, danke", Intent.ACCEPT, ""),
    ("Nein, das geht leider nicht", Intent.DECLINE, ""),
    ("Hilfe", Intent.HELP, ""),
    ("Was kannst du?", Intent.HELP, ""),
]
FRENCH = [
    (
        "Je voudrais un rendez-vous avec Priya jeudi à 15h",
        Intent.BOOK,
        "Thu 22 Oct 2026 15:00-15:30",
    ),
    ("Peut-on se voir la semaine prochaine ?", Intent.BOOK, "Mon 26 Oct 2026 08:00-18:00"),
    ("Réserve une réunion avec Alex demain à 10h", Intent.BOOK, "Wed 21 Oct 2026 10:00-10:30"),
    ("Planifie un appel avec Sam le 3 novembre", Intent.BOOK, "Tue 3 Nov 2026 08:00-18:00"),
    ("Peux-tu déplacer la réunion à vendredi ?", Intent.RESCHEDULE, "Fri 23 Oct 2026 08:00-18:00"),
    ("Je dois reporter mon rendez-vous à mardi", Intent.RESCHEDULE, "Tue 20 Oct 2026 10:00-18:00"),
    ("Annule ma réunion de vendredi", Intent.CANCEL, "Fri 23 Oct 2026 08:00-18:00"),
    ("Il faut annuler le rendez-vous avec Sam", Intent.CANCEL, ""),
    ("Quels sont mes rendez-vous demain ?", Intent.LIST_MEETINGS, "Wed 21 Oct 2026 08:00-18:00"),
    ("Montre-moi mes réunions", Intent.LIST_MEETINGS, ""),
    ("Quand est-ce que Priya est libre ?", Intent.AVAILABILITY, ""),
    ("Oui, ça me va", Intent.ACCEPT, ""),
    ("D'accord", Intent.ACCEPT, ""),
    ("Non, je ne peux pas", Intent.DECLINE, ""),
    ("Aide", Intent.HELP, ""),
    ("Que peux-tu faire ?", Intent.HELP, ""),
]
SPANISH = [
    (
        "Quiero una reunión con Priya el jueves a las 15:00",
        Intent.BOOK,
        "Thu 22 Oct 2026 15:00-15:30",
    ),
    ("¿Podemos vernos la próxima semana?", Intent.BOOK, "Mon 26 Oct 2026 08:00-18:00"),
    ("Agenda una cita con Alex mañana a las 10", Intent.BOOK, "Wed 21 Oct 2026 10:00-10:30"),
    (
        "Reserva media hora con Sam el viernes por la tarde",
        Intent.BOOK,
        "Fri 23 Oct 2026 12:00-18:00",
    ),
    ("¿Puedes mover la reunión al miércoles?", Intent.RESCHEDULE, "Wed 21 Oct 2026 08:00-18:00"),
    (
        "Necesito cambiar mi cita del lunes al martes",
        Intent.RESCHEDULE,
        "Tue 20 Oct 2026 10:00-18:00",
    ),
    ("Cancela mi reunión del viernes", Intent.CANCEL, "Fri 23 Oct 2026 08:00-18:00"),
    ("Tengo que anular la cita con Sam", Intent.CANCEL, ""),
    ("¿Qué reuniones tengo mañana?", Intent.LIST_MEETINGS, "Wed 21 Oct 2026 08:00-18:00"),
    ("Muéstrame mis citas", Intent.LIST_MEETINGS, ""),
    ("¿Cuándo está libre Priya?", Intent.AVAILABILITY, ""),
    ("Sí, perfecto", Intent.ACCEPT, ""),
    ("Vale, me viene bien", Intent.ACCEPT, ""),
    ("No, no puedo", Intent.DECLINE, ""),
    ("Ayuda", Intent.HELP, ""),
    ("¿Qué puedes hacer?", Intent.HELP, ""),
]
PORTUGUESE = [
    (
        "Quero marcar uma reunião com Priya na quinta-feira às 15h",
        Intent.BOOK,
        "Thu 22 Oct 2026 15:00-15:30",
    ),
    ("Podemos nos encontrar na próxima semana?", Intent.BOOK, "Mon 26 Oct 2026 08:00-18:00"),
    ("Agendar uma conversa com Alex amanhã às 10h", Intent.BOOK, "Wed 21 Oct 2026 10:00-10:30"),
    ("Marca meia hora com Sam na sexta à tarde", Intent.BOOK, "Fri 23 Oct 2026 12:00-18:00"),
    ("Podes mudar a reunião para quarta-feira?", Intent.RESCHEDULE, "Wed 21 Oct 2026 08:00-18:00"),
    ("Preciso remarcar minha reunião para terça", Intent.RESCHEDULE, "Tue 20 Oct 2026 10:00-18:00"),
    ("Cancela a minha reunião de sexta-feira", Intent.CANCEL, "Fri 23 Oct 2026 08:00-18:00"),
    ("Preciso desmarcar a reunião com Sam", Intent.CANCEL, ""),
    ("Quais reuniões tenho amanhã?", Intent.LIST_MEETINGS, "Wed 21 Oct 2026 08:00-18:00"),
    ("Mostra as minhas reuniões", Intent.LIST_MEETINGS, ""),
    ("Quando é que a Priya está livre?", Intent.AVAILABILITY, ""),
    ("Sim, pode ser", Intent.ACCEPT, ""),
    ("Está bem, obrigado", Intent.ACCEPT, ""),
    ("Não, não posso", Intent.DECLINE, ""),
    ("Ajuda", Intent.HELP, ""),
    ("O que você pode fazer?", Intent.HELP, ""),
]
DUTCH = [
    (
        "Ik wil graag een afspraak met Priya op donderdag om 15:00",
        Intent.BOOK,
        "Thu 22 Oct 2026 15:00-15:30",
    ),
    ("Kunnen we volgende week afspreken?", Intent.BOOK, "Mon 26 Oct 2026 08:00-18:00"),
    ("Plan een gesprek met Alex morgen om 10 uur", Intent.BOOK, "Wed 21 Oct 2026 10:00-10:30"),
    ("Boek een half uur met Sam op vrijdagmiddag", Intent.BOOK, "Fri 23 Oct 2026 12:00-18:00"),
    (
        "Kun je de afspraak verplaatsen naar woensdag?",
        Intent.RESCHEDULE,
        "Wed 21 Oct 2026 08:00-18:00",
    ),
    (
        "Ik moet mijn afspraak verzetten naar dinsdag om 14 uur",
        Intent.RESCHEDULE,
        "Tue 20 Oct 2026 14:00-14:30",
    ),
    ("Annuleer mijn afspraak van vrijdag", Intent.CANCEL, "Fri 23 Oct 2026 08:00-18:00"),
    ("Ik moet de afspraak met Sam afzeggen", Intent.CANCEL, ""),
    ("Welke afspraken heb ik morgen?", Intent.LIST_MEETINGS, "Wed 21 Oct 2026 08:00-18:00"),
    ("Toon mijn afspraken", Intent.LIST_MEETINGS, ""),
    ("Wanneer is Priya vrij?", Intent.AVAILABILITY, ""),
    ("Ja, dat is goed", Intent.ACCEPT, ""),
    ("Prima, bedankt", Intent.ACCEPT, ""),
    ("Nee, dat lukt niet", Intent.DECLINE, ""),
    ("Hulp", Intent.HELP, ""),
    ("Wat kun je doen?", Intent.HELP, ""),
]


@pytest.mark.parametrize(
    ("text", "intent", "window"), [*GERMAN, *FRENCH, *SPANISH, *PORTUGUESE, *DUTCH]
)
def test_reads(text: str, intent: Intent, window: str) -> None:
    reading = read(text, AMONG)
    assert reading.intent is intent
    stated = reading.time or reading.move_from
    found = resolve(stated, AMONG).windows[:1] if stated is not None else ()
    assert say_windows(found, AMONG.zone) == window


def test_a_move_tells_both_days_apart() -> None:
    reading = read("Necesito cambiar mi cita del lunes al miércoles", AMONG)
    assert reading.move_from is not None
    assert reading.time is not None
    old, new = (resolve(c, AMONG).windows[:1] for c in (reading.move_from, reading.time))
    assert say_windows(old, AMONG.zone) == "Mon 26 Oct 2026 08:00-18:00"
    assert say_windows(new, AMONG.zone) == "Wed 21 Oct 2026 08:00-18:00"

"""The few intents that are read in other languages."""

from __future__ import annotations

from bot.understand.intent import Intent
from bot.understand.intent_rules import IntentRule

_R = IntentRule

ELSEWHERE = (
    _R(
        Intent.RESCHEDULE,
        "move, in another language",
        r"\b(?:verschieb\w*|verleg\w*|umbuchen|déplace\w*|deplace\w*|report(?:er|ez)|décale\w*|"
        r"aplaza\w*|cambiar|mover|adiar|remarcar|verzet\w*|verplaats\w*|spost\w*)\b",
        "kannst du den Termin verschieben",
    ),
    _R(
        Intent.CANCEL,
        "cancel, in another language",
        r"\b(?:absagen|abzusagen|stornier\w*|annuler|annulez|cancelar|cancela|anular|desmarcar|"
        r"annuleren|annuleer|afzeggen|annullare)\b",
        "bitte den Termin absagen",
    ),
    _R(
        Intent.BOOK,
        "book, in another language",
        r"\b(?:termin|treffen|besprechung|buch(?:e|en)|rendez-vous|réunion|réserver|réserve|"
        r"reunión|"
        r"cita|reservar|reserva|agendar|reunião|marcar|afspraak|boek|boeken|plannen|riunione|"
        r"appuntamento|prenota\w*)\b",
        "einen Termin mit Priya am Dienstag",
    ),
)

"""The intents that are read in German, French, Spanish, Portuguese and Dutch."""

from __future__ import annotations

from bot.understand.intent import Intent
from bot.understand.intent_rules import IntentRule

_R = IntentRule
# Words for a meeting; Italian has only these and the plain verbs below.
_MEETINGS = (
    r"(?:termine?n?|treffen|besprechung(?:en)?|gespräche?|sitzung(?:en)?|"
    r"rendez-vous|rdv|réunions?|reunions?|entretiens?|appels?|séances?|"
    r"reuni(?:ón|on|ones)|citas?|llamadas?|sesi(?:ón|ones)|"
    r"reuni(?:ão|ões|ao|oes)|conversas?|sess(?:ão|ões)|chamadas?|encontros?|"
    r"afspraa?k(?:en)?|gesprek(?:ken)?|overleg|vergadering(?:en)?|riunion[ei]|appuntament[oi])"
)

# Whole sentences: short answers and a call for help.
ELSEWHERE_REPLIES = (
    _R(
        Intent.DECLINE,
        "no, in another language",
        r"^(?:nein|non|nee|não|nao|das (?:geht|passt) (?:mir )?(?:leider )?nicht|leider nicht|"
        r"je ne peux pas|no puedo|no me viene bien|não posso|nao posso|não dá|dat lukt niet|"
        r"ik kan (?:dan )?niet|malheureusement pas|lieber nicht|helaas niet)"
        r"(?:[,. ]+(?:danke|merci|gracias|obrigad[oa]|bedankt|leider|das|geht|passt|mir|nicht|je|"
        r"ne|peux|pas|ça|me|va|no|puedo|não|nao|posso|dá|dat|lukt|niet|ik|kan|dan|non|nein|nee))*\W*$",
        "Nein, das geht leider nicht",
    ),
    _R(
        Intent.ACCEPT,
        "yes, in another language",
        r"^(?:ja|oui|sí|sim|jawohl|gerne?|genau|einverstanden|(?:das )?passt|daccord|"
        r"ça (?:me )?(?:va|convient)|parfait|vale|perfecto|de acuerdo|me viene bien|está bien|"
        r"pode ser|está bem|perfeito|combinado|certo|prima|akkoord|dat is goed|goed|oke|"
        r"klingt gut|ça marche|bien sûr|claro)"
        r"(?:[,. ]+(?:ja|bitte|danke|gerne?|das|passt|mir|gut|klingt|super|perfekt|oui|merci|ça|"
        r"me|va|convient|parfait|très|bien|sí|gracias|perfecto|viene|vale|claro|sim|pode|ser|"
        r"está|bem|perfeito|obrigad[oa]|dat|is|goed|prima|bedankt|graag|het|past|volontiers))*\W*$",
        "Ja, das passt",
    ),
    _R(
        Intent.HELP,
        "help, in another language",
        r"^(?:hilfe|aide|ayuda|ajuda|hulp)\W*$|\b(?:was (?:alles )?kannst du|que peux-tu faire|"
        r"quest-ce que tu (?:peux|sais) faire|qué puedes hacer|que puedes hacer|"
        r"o que (?:você|voce|tu|é que) (?:pode|podes|consegue|consegues)(?: fazer)?|"
        r"wat kun je(?: allemaal)?(?: doen)?|kannst du (?:mir )?helfen|puedes ayudarme|"
        r"peux-tu maider|pode ajudar-me|kun je (?:me|mij) helpen)\b",
        "Was kannst du?",
    ),
)

ELSEWHERE = (
    _R(
        Intent.RESCHEDULE,
        "move, in another language",
        r"\b(?:verschieb\w*|verleg\w*|umbuchen|umlegen|déplace\w*|deplace\w*|report(?:er|ez)|"
        r"décale\w*|aplaza\w*|cambiar|cambia|mover|mueve|adiar|adia|remarcar|remarca|mudar|muda|"
        r"verzet\w*|verplaats\w*|spost\w*)\b",
        "kannst du den Termin verschieben",
    ),
    _R(
        Intent.CANCEL,
        "cancel, in another language",
        r"\b(?:absagen|abzusagen|stornier\w*|lösch(?:e|en)|annuler|annulez|annule|cancelar|cancela|"
        r"cancele|anular|anula|desmarcar|desmarca|annuleren|annuleer|afzeggen|annullare)\b|"
        r"\bsag(?:e|t|en)? .*\bab\W*$|\bzeg .*\baf\W*$|"
        rf"\bcancel (?:a |o |la |el |mi |minha |meu |del |de )+{_MEETINGS}",
        "bitte den Termin absagen",
    ),
    _R(
        Intent.LIST_MEETINGS,
        "what there is, in another language",
        r"\b(?:welche[rsn]?|was für|quels?|quelles?|qué|que|cuáles|quais|welke|wat|zeig\w*|"
        r"montre(?:-moi)?|affiche|muéstra\w*|muestra\w*|ensé[ñn]ame|mostra\w*|mostre|toon|laat)\b"
        rf"[^.]{{0,30}}\b{_MEETINGS}|"
        rf"\b(?:habe ich|ai-je|est-ce que jai|tengo|tenho|heb ik)\b[^.]{{0,20}}\b{_MEETINGS}",
        "Welche Termine habe ich morgen?",
    ),
    _R(
        Intent.AVAILABILITY,
        "who is free, in another language",
        r"\b(?:wann|quand|cuándo|cuando|quando|wanneer|ist|bin ich|est|está|is|ben ik)\b"
        r"[^.]{0,30}\b(?:frei|verfügbar|libres?|disponibles?|disponib\w+|livres?|disponíve\w+|vrij|"
        r"beschikbaar)\b",
        "Wann ist Priya frei?",
    ),
    _R(
        Intent.BOOK,
        "book, in another language",
        rf"\b(?:{_MEETINGS}|vereinbar\w*|buch(?:e|en)|réserver|réserve|planifie[rz]?|reservar|"
        r"reserva|agendar|marcar|marca|boek|boeken|plannen|inplannen|prenota\w*)\b",
        "einen Termin mit Priya am Dienstag",
    ),
    _R(
        Intent.BOOK,
        "meet, in another language",
        r"\b(?:uns|mich mit)\b.*\b(?:treffen|sehen|sprechen)\b|"
        r"\b(?:se voir|nous voir|se rencontrer|rencontrer|vernos|reunirnos|quedar|"
        r"nos (?:encontrar|reunir|ver)|encontrar-nos|afspreken|ontmoeten)\b",
        "Peut-on se voir demain ?",
    ),
)

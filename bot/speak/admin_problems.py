"""What administration objects to, in words: each problem with what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.use_cases.administer.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.use_cases.administer.imports import Fault

PROBLEMS: Mapping[Problem, tuple[str, str]] = {
    Problem.PROGRAMME_NAME: ("A programme needs a name of 1 to 60 characters.", ""),
    Problem.PROGRAMME_TAKEN: ("There is a programme called {name} already.", "Choose another."),
    Problem.ENDED: ("{name} has ended.", "Nothing can be changed in it any more."),
    Problem.NAME: ("The name is missing or too long.", "Write a name of up to 100 characters."),
    Problem.ADDRESS_MISSING: ("The e-mail address is missing.", "Write one, as name@example.org."),
    Problem.ADDRESS: ("“{value}” is not an e-mail address.", "Write it as name@example.org."),
    Problem.ADDRESS_DOUBLED: (
        "The address {value} is in row {row} already.",
        "Remove this row, or give it the same name and another role or mentor.",
    ),
    Problem.ZONE_MISSING: ("The time zone is missing.", "Write one, such as Europe/London."),
    Problem.ZONE: ("“{value}” is not a time zone.", "Write one such as Europe/London."),
    Problem.ROLE_MISSING: ("The role is missing.", "Write mentor, mentee, coach or coachee."),
    Problem.ROLE: ("“{value}” is not a role.", "Write mentor, mentee, coach or coachee."),
    Problem.ROLE_ADMIN: (
        "Administrators are not made by a file.",
        "Import the person with another role, then write: admin make … administrator.",
    ),
    Problem.LOCALE: ("“{value}” is not a language.", "Write one such as en-GB, or leave it empty."),
    Problem.SAME_PERSON: ("{name} cannot be paired with themselves.", "Name two people."),
    Problem.NOT_MEMBER: ("{name} is not in {programme}.", "Add them first: admin add …"),
    Problem.NO_LEAD: (
        "Neither {one} nor {other} is a mentor or coach here.",
        "Give one the role: admin make … mentor.",
    ),
    Problem.NO_FOLLOWER: (
        "Neither {one} nor {other} is a mentee or coachee here.",
        "Give one the role: admin make … mentee.",
    ),
    Problem.PAIRED: ("{one} is paired with {other} already.", "Name another mentor."),
    Problem.NOT_PAIRED: ("{one} and {other} are no pair.", "“admin pairs” lists the pairs."),
    Problem.MENTOR_UNKNOWN: (
        "Nobody has the mentor's address {value}.",
        "Correct it, or add the mentor as a row of the file. The person was added without a pair.",
    ),
    Problem.MENTOR_ROLE: (
        "{value} is neither mentor nor coach here.",
        "Give them the role, then import the row again. The person was added without a pair.",
    ),
    Problem.MENTOR_SELF: (
        "The row names the person as their own mentor.",
        "Write the mentor's address. The person was added without a pair.",
    ),
    Problem.MENTOR_PAIR: (
        "A mentor's row names a mentor.",
        "Leave the cell empty, or give the row the role mentee. The person was added.",
    ),
    Problem.NO_ROLE: ("{name} is not {role} here.", "“admin people” lists the roles."),
    Problem.LAST_ROLE: (
        "{name} has no other role here.",
        "To take them out of the programme write: admin remove {name}.",
    ),
    Problem.ROLE_PAIRED: (
        "{one} is paired with {other} as {role}.",
        "Take the pair apart first: admin unpair {one} from {other}.",
    ),
    Problem.LAST_ADMIN: (
        "{name} is the only global administrator.",
        "Make somebody else one first: admin make … global administrator.",
    ),
    Problem.SETTING: ("{message}.", ""),
    Problem.GUARDED: (
        "“{key}” is set by a global administrator ({names}).",
        "With “delegate on” they can leave it to the administrators of the programmes.",
    ),
    Problem.GLOBAL_ONLY: ("“{key}” is set here by a global administrator ({names}).", ""),
    Problem.CHANGED_SINCE: ("“{key}” has been changed since: it is {value} now.", ""),
    Problem.NO_HEIR: (
        "These sessions cannot be handed over to that one.",
        "Choose a person, or for a whole programme another programme, that is still here.",
    ),
    Problem.TWO_WAY_ASSISTANT: (
        "Two-way sync needs the Scheduling Assistant, which is off here.",
        "Switch it on first: admin assistant on.",
    ),
    Problem.TWO_WAY_SYNC: (
        "Two-way sync needs calendar sync, which is off here.",
        "Switch it on first: admin sync on.",
    ),
    Problem.TWO_WAY_ACCOUNT: (
        "Two-way sync needs the assistant's own account at Google or Microsoft. None is connected.",
        "A global administrator does that with your IT department: admin org-connect.",
    ),
    Problem.TWO_WAY_VERSION: (
        "Two-way sync is not part of this version.",
        "Sessions are changed here in the chat, and I then update every calendar.",
    ),
    Problem.DOMAIN: ("“{value}” is not a domain of mail.", "Write one such as example.org."),
    Problem.DOMAIN_MISSING: (
        "The domain of your people's addresses is missing.",
        "Write: admin org-connect google example.org.",
    ),
    Problem.TENANT: (
        "“{value}” is not a tenant of Microsoft's.",
        "Write its id (eight-four-four-four-twelve letters and digits), or one of its domains.",
    ),
    Problem.AUTO_SERVICE: (
        "“{value}” is not a service where everybody can be connected at once.",
        "Only google and microsoft are: admin org-connect google example.org.",
    ),
    Problem.AUTO_RUNNING: (
        "Connecting everybody is on already.",
        "“admin org-connect” shows how far it is; “admin org-connect off” ends it.",
    ),
    Problem.AUTO_NOT_ON: ("Connecting everybody is not on.", "There is nothing to switch off."),
    Problem.REMINDER: ("{name} needs no such reminder.", ""),
}
HINT = "Did you mean {hint}?"


def said(problem: Problem, facts: Mapping[str, str]) -> str:
    """Return what is wrong and what to do, as one text."""
    return " ".join(part for part in both(problem, facts) if part)


def both(problem: Problem, facts: Mapping[str, str]) -> tuple[str, str]:
    """Return what is wrong, and what to do: the nearest right value where one is known."""
    wrong, advice = PROBLEMS[problem]
    spoken = {**facts, "role": with_article(facts.get("role", "role"))}
    message = wrong.format_map(spoken)
    if problem is Problem.SETTING:
        message = message[:1].upper() + message[1:]
    if facts.get("hint"):
        return message, HINT.format(hint=facts["hint"])
    return message, advice.format_map(spoken)


def fault_row(fault: Fault) -> tuple[str, str, str]:
    """Return one bad row of a file: its number, what is wrong, what to do."""
    return (str(fault.row), *both(fault.problem, fault.facts))


def with_article(role: str) -> str:
    """Return "a mentor", "an administrator"."""
    word = "administrator" if role == "admin" else role
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"

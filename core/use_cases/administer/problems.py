"""What administration can object to: kinds with facts, no wording (the bot finds the words)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from core.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping


class Problem(StrEnum):
    """Each kind has one sentence, and one piece of advice, in `bot/speak/admin_words.py`."""

    PROGRAMME_NAME = "programme_name"  # empty or too long
    PROGRAMME_TAKEN = "programme_taken"  # facts: name
    ENDED = "ended"  # facts: name
    NAME = "name"  # a person without a usable name
    ADDRESS_MISSING = "address_missing"
    ADDRESS = "address"  # facts: value
    ADDRESS_DOUBLED = "address_doubled"  # facts: value, row (the first one)
    ZONE_MISSING = "zone_missing"
    ZONE = "zone"  # facts: value, hint (the nearest zone, may be empty)
    ROLE_MISSING = "role_missing"
    ROLE = "role"  # facts: value, hint
    ROLE_ADMIN = "role_admin"  # administrators are made by a command, not by a file
    LOCALE = "locale"  # facts: value
    SAME_PERSON = "same_person"  # facts: name
    NOT_MEMBER = "not_member"  # facts: name, programme
    NO_LEAD = "no_lead"  # neither is mentor or coach; facts: one, other
    NO_FOLLOWER = "no_follower"  # neither is mentee or coachee; facts: one, other
    PAIRED = "paired"  # facts: one, other
    NOT_PAIRED = "not_paired"  # facts: one, other
    MENTOR_UNKNOWN = "mentor_unknown"  # facts: value
    MENTOR_ROLE = "mentor_role"  # facts: value
    MENTOR_SELF = "mentor_self"
    MENTOR_PAIR = "mentor_pair"  # a row with a mentor whose own role is mentor or coach
    NO_ROLE = "no_role"  # facts: name, role
    LAST_ROLE = "last_role"  # facts: name, role; without it they are not in the programme
    ROLE_PAIRED = "role_paired"  # facts: one, other, role
    LAST_ADMIN = "last_admin"  # facts: name
    SETTING = "setting"  # facts: key, message
    GUARDED = "guarded"  # a global administrator's, unless delegated; facts: key, names
    GLOBAL_ONLY = "global_only"  # a global administrator's; facts: key, names
    CHANGED_SINCE = "changed_since"  # facts: key, value
    NO_HEIR = "no_heir"  # nobody, or not the right one, to hand over to
    TWO_WAY_ASSISTANT = "two_way_assistant"  # two-way sync needs the Scheduling Assistant
    TWO_WAY_SYNC = "two_way_sync"  # ... and calendar sync
    TWO_WAY_ACCOUNT = "two_way_account"  # ... and the assistant's own account
    TWO_WAY_VERSION = "two_way_version"  # ... and a version of the product that has it
    DOMAIN = "domain"  # facts: value; no domain of mail
    DOMAIN_MISSING = "domain_missing"  # no domain was named
    TENANT = "tenant"  # facts: value; no tenant of Microsoft's
    AUTO_SERVICE = "auto_service"  # facts: value; not one of Google and Microsoft
    AUTO_RUNNING = "auto_running"  # what is on cannot be switched on again or named anew
    AUTO_NOT_ON = "auto_not_on"
    REMINDER = "reminder"  # facts: name; nothing to remind this person of


class Unfit(Refused):
    """Something cannot be done as it was said; `facts` fill the sentence of `problem`."""

    def __init__(self, problem: Problem, **facts: str) -> None:
        """Keep the kind and its facts; the message names the kind alone, for the log."""
        super().__init__()
        self.args = (problem.value,)
        self.problem = problem
        self.facts: Mapping[str, str] = facts

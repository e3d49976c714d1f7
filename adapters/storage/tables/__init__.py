"""The tables, in SQLAlchemy Core: one definition for SQLite and PostgreSQL.

Instants are epoch seconds in bigint columns. What is queried or unique has its own column;
nested values are JSON text (adapters/storage/codecs.py). Columns of bytes hold sealed values and
nothing else (repos/sealed.py). References are checked at the commit, so that a transaction may
write in any order.
"""

from adapters.storage.tables.booking import (
    OPEN_STATES,
    claim,
    event_ref,
    meeting,
    meeting_person,
    proposal,
    proposal_person,
    series,
)
from adapters.storage.tables.calendars import calendar_grant, calendar_link, pending_consent
from adapters.storage.tables.chats import (
    chat_reference,
    conversation,
    inbound,
    local_message,
    post,
    workspace,
)
from adapters.storage.tables.common import metadata
from adapters.storage.tables.people import (
    chat_identity,
    membership,
    organisation,
    pair,
    person,
    programme,
    setting,
)
from adapters.storage.tables.work import DEAD, audit_entry, deployment, effect

__all__ = (
    "DEAD",
    "OPEN_STATES",
    "audit_entry",
    "calendar_grant",
    "calendar_link",
    "chat_identity",
    "chat_reference",
    "claim",
    "conversation",
    "deployment",
    "effect",
    "event_ref",
    "inbound",
    "local_message",
    "meeting",
    "meeting_person",
    "membership",
    "metadata",
    "organisation",
    "pair",
    "pending_consent",
    "person",
    "post",
    "programme",
    "proposal",
    "proposal_person",
    "series",
    "setting",
    "workspace",
)

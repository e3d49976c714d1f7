"""What is kept, and how: one small repository per topic, joined in a transaction `Tx`.

`Store.transact(work)` runs a plain function in one transaction. Every Protocol here is passed
by the same contract suite on memory, SQLite and PostgreSQL. Instants are epoch seconds (UTC).
"""

from core.repositories.booking import Claim, Meetings, Proposals
from core.repositories.effects import Effects
from core.repositories.links import Links
from core.repositories.people import Organisations, People, Programmes, SettingTexts
from core.repositories.records import Audit, AuditEntry, Deployment
from core.repositories.store import Store, Tx

__all__ = (
    "Audit",
    "AuditEntry",
    "Claim",
    "Deployment",
    "Effects",
    "Links",
    "Meetings",
    "Organisations",
    "People",
    "Programmes",
    "Proposals",
    "SettingTexts",
    "Store",
    "Tx",
)

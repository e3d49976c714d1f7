"""What every Store does, whatever is behind it.

A test class derives from this one and gives the fixture `store`: a store that holds the small
world of `tests/contract/store/world.py` and nothing else.
"""

from tests.contract.store.chats_contract import (
    ConsentContract,
    HolderContract,
    InboxContract,
    ReferenceContract,
    WorkspaceContract,
)
from tests.contract.store.effects_contract import EffectContract, EffectLogContract, LaneContract
from tests.contract.store.health_contract import HealthContract
from tests.contract.store.links_contract import DeploymentContract, LinkContract
from tests.contract.store.meetings_contract import ClaimContract, MeetingContract
from tests.contract.store.people_contract import (
    OrganisationContract,
    PeopleContract,
    ProgrammeContract,
    SettingContract,
)
from tests.contract.store.proposals_contract import ProposalContract
from tests.contract.store.retention_contract import RetentionContract
from tests.contract.store.series_contract import SeriesContract
from tests.contract.store.talk_contract import (
    AuditContract,
    ConversationContract,
    LocalMessageContract,
    PostContract,
)
from tests.contract.store.transactions_contract import TransactionContract


class StoreContract(
    OrganisationContract,
    PeopleContract,
    ProgrammeContract,
    SettingContract,
    LinkContract,
    HolderContract,
    HealthContract,
    ConsentContract,
    InboxContract,
    WorkspaceContract,
    ReferenceContract,
    DeploymentContract,
    ProposalContract,
    MeetingContract,
    ClaimContract,
    SeriesContract,
    EffectContract,
    LaneContract,
    EffectLogContract,
    ConversationContract,
    PostContract,
    LocalMessageContract,
    AuditContract,
    RetentionContract,
    TransactionContract,
):
    """Every promise of `core.repositories`."""

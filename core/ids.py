"""Names of things: one NewType per kind of id, so that the type checker keeps them apart.

An id is 128 random bits in lower-case hex. They are made in one place only, the `Ids` port.
"""

from __future__ import annotations

from typing import NewType

OrgId = NewType("OrgId", str)
PersonId = NewType("PersonId", str)
ProgrammeId = NewType("ProgrammeId", str)
PairId = NewType("PairId", str)
GrantId = NewType("GrantId", str)
LinkId = NewType("LinkId", str)
ProposalId = NewType("ProposalId", str)
MeetingId = NewType("MeetingId", str)
SeriesId = NewType("SeriesId", str)
EffectId = NewType("EffectId", int)

"""What all tables share: the register, column types and references."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Integer,
    MetaData,
    Text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

ID = Text()
# SQLite numbers rows by itself only in a column whose type is exactly INTEGER.
NUMBER = BigInteger().with_variant(Integer, "sqlite")


def to(column: str, *, cascade: bool = False) -> ForeignKey:
    """Return a reference that is checked at the commit."""
    return ForeignKey(
        column,
        deferrable=True,
        initially="DEFERRED",
        ondelete="CASCADE" if cascade else None,
    )

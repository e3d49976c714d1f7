"""The history of the schema: it leads to the tables of the code, or leaves everything as it was."""

import asyncio
import re
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, text

from adapters.storage import schema
from adapters.storage.engines import parse
from adapters.storage.errors import SchemaError, StorageError, StorageUnavailable
from adapters.storage.schema import SchemaKind, SchemaState, migrate, schema_state
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from adapters.storage.tables import metadata
from core.ids import OrgId
from core.people import Wishes
from tests.contract.store.world import ORG, PEOPLE, seed
from tests.pg import postgres
from tests.unit.storage.conftest import OLD_KEY

NEWEST = "0006"
MakeUrl = Callable[[], str]

PERSON_OF_BEFORE = """
    INSERT INTO person (id, org_id, name, email, email_folded, zone, locale, leave, is_admin,
                        active, welcomed, nudges)
    VALUES ('maya', 'o', 'Maya', 'm@example.org', 'm@example.org', 'Europe/London', 'en-GB', '[]',
            FALSE, TRUE, TRUE, TRUE)
"""

NEXT = '''"""One step more."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "0006"


def upgrade() -> None:
    """Add a column and forbid an empty name."""
    op.add_column("person", sa.Column("nickname", sa.Text(), nullable=True))
    with op.batch_alter_table("organisation") as batch:
        batch.create_check_constraint("ck_organisation_name", "name <> ''")
'''
FAILS = """    op.execute("DROP TABLE missing")
"""


@pytest.fixture(params=["sqlite", "postgres"])
def make_url(request: pytest.FixtureRequest, tmp_path: Path) -> MakeUrl:
    """Give the URLs of databases that hold nothing yet."""
    numbers = iter(range(100))
    if request.param == "postgres":
        return lambda: postgres().empty()
    return lambda: f"sqlite:///{tmp_path / f'{next(numbers)}.db'}"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let the program know one version more; return the file of that step."""
    history = tmp_path / "migrations"
    shutil.copytree(schema.HISTORY, history)
    monkeypatch.setattr(schema, "HISTORY", history)
    step = history / "versions" / "v9999_next.py"
    step.write_text(NEXT, encoding="utf-8")
    return step


def _engine(url: str) -> Engine:
    return schema._engine(parse(url))


def _run(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = _engine(url)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def _fill(url: str) -> None:
    store = SqlStore(url, Sealer([OLD_KEY]))
    asyncio.run(store.transact(seed))
    store.dispose()


def test_the_history_leads_to_the_tables_of_the_code(make_url: MakeUrl) -> None:
    url = make_url()
    assert migrate(url) == NEWEST
    engine = _engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_constraints_and_indexes_are_those_of_the_code(make_url: MakeUrl) -> None:
    by_history, by_code = make_url(), make_url()
    migrate(by_history)
    engine = _engine(by_code)
    with engine.begin() as connection:
        metadata.create_all(connection)
    described = [_describe(url) for url in (by_history, by_code)]
    engine.dispose()
    assert described[0] == described[1]
    assert any("uq_person_org_id_email_folded" in line for line in described[0])
    assert any("ix_effect_lane" in line for line in described[0])
    assert any("ck_claim_span" in line for line in described[0])


def _describe(url: str) -> set[str]:
    engine = _engine(url)
    with engine.connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        lines = _describe_sqlite(connection) if on_sqlite else _describe_postgres(connection)
    engine.dispose()
    return {line for line in lines if "alembic_version" not in line}


def _describe_sqlite(connection: Connection) -> set[str]:
    found: set[str] = set()
    for kind, name, statement in connection.execute(
        text("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    ):
        body = statement.partition("(")[2].strip()[:-1] if kind == "table" else statement
        # A column that a later step added stands on the line of the one before it.
        body = re.sub(r"(NULL|''|TEXT), (?=[a-z])", r"\1,\n", body) if kind == "table" else body
        found |= {f"{kind} {name}: {line.strip().rstrip(',')}" for line in body.splitlines()}
    return found


def _describe_postgres(connection: Connection) -> set[str]:
    constraints = (
        "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
    )
    indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
    columns = (
        "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable"
        " || ' ' || is_identity FROM information_schema.columns WHERE table_schema = 'public'"
    )
    queries = (constraints, indexes, columns)
    return {str(row[0]) for query in queries for row in connection.execute(text(query))}


def test_state_of_a_database(make_url: MakeUrl) -> None:
    url = make_url()
    assert schema_state(url) == SchemaState(None, NEWEST, SchemaKind.EMPTY)
    migrate(url)
    assert schema_state(url) == SchemaState(NEWEST, NEWEST, SchemaKind.CURRENT)
    assert migrate(url) == NEWEST


def test_looking_makes_no_file(tmp_path: Path) -> None:
    schema_state(f"sqlite:///{tmp_path / 'none.db'}")
    assert list(tmp_path.iterdir()) == []


def test_a_newer_database_is_refused_and_left_alone(make_url: MakeUrl) -> None:
    url = make_url()
    migrate(url)
    _run(url, "UPDATE alembic_version SET version_num = '7777'")
    assert schema_state(url) == SchemaState("7777", NEWEST, SchemaKind.NEWER)
    before = _describe(url)
    with pytest.raises(SchemaError, match=r"version 7777.*newest is 0006"):
        migrate(url)
    assert _describe(url) == before
    assert schema_state(url).current == "7777"


def test_an_older_database_is_brought_forward(make_url: MakeUrl, later: Path) -> None:
    step = later.read_text(encoding="utf-8")
    later.unlink()
    url = make_url()
    migrate(url)
    _fill(url)
    later.write_text(step, encoding="utf-8")
    assert schema_state(url) == SchemaState(NEWEST, "9999", SchemaKind.OLDER)
    assert migrate(url) == "9999"
    assert schema_state(url).kind is SchemaKind.CURRENT
    assert len(_run(url, "SELECT nickname FROM person")) == PEOPLE
    store = SqlStore(url, Sealer([OLD_KEY]))
    assert len(asyncio.run(store.read(lambda tx: tx.people.of(ORG)))) == PEOPLE
    store.dispose()


def test_cards_of_before_count_as_of_the_day_of_the_step(
    make_url: MakeUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = make_url()
    upgrade = command.upgrade
    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", lambda config, _: upgrade(config, "0003"))
        migrate(url)
    assert schema_state(url).current == "0003"
    _run(url, "INSERT INTO organisation (id, name) VALUES ('o', 'Harbour School')")
    _run(url, PERSON_OF_BEFORE)
    post = "('maya', 'meeting:1', 'local/1', 'local', '1')"
    _run(url, f"INSERT INTO post (person_id, subject, place, kind, ref) VALUES {post}")  # noqa: S608  # our own
    assert migrate(url) == NEWEST
    ((saved_at,),) = _run(url, "SELECT saved_at FROM post")
    assert isinstance(saved_at, int)
    assert 0 <= int(time.time()) - saved_at < 3600
    store = SqlStore(url, Sealer([OLD_KEY]))
    (person,) = asyncio.run(store.read(lambda tx: tx.people.of(OrgId("o"))))
    store.dispose()
    assert (person.wishes, person.apart, person.country) == (Wishes(), (), "")


def test_a_step_that_fails_leaves_everything_as_it_was(make_url: MakeUrl, later: Path) -> None:
    step = later.read_text(encoding="utf-8")
    later.unlink()
    url = make_url()
    migrate(url)
    _fill(url)
    before = _describe(url)
    later.write_text(step + FAILS, encoding="utf-8")
    with pytest.raises(StorageError):
        migrate(url)
    assert _describe(url) == before
    assert schema_state(url).kind is SchemaKind.OLDER
    assert len(_run(url, "SELECT id FROM person")) == PEOPLE


def test_a_file_is_copied_before_it_is_changed(
    sqlite_url: str, tmp_path: Path, later: Path
) -> None:
    _fill(sqlite_url)
    (tmp_path / "tandem.db").chmod(0o640)
    (tmp_path / "tandem.db.backup-0006").write_text("an earlier copy", encoding="utf-8")
    migrate(sqlite_url)
    assert (tmp_path / "tandem.db.backup-0006").read_text(encoding="utf-8") == "an earlier copy"
    copy = tmp_path / "tandem.db.backup-0006-2"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o640
    assert schema_state(f"sqlite:///{copy}").current == NEWEST
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (PEOPLE,)
    migrate(sqlite_url)
    assert len(list(tmp_path.glob("*.backup-*"))) == 2


def test_a_new_file_is_for_its_owner_alone(sqlite_url: str, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "tandem.db").stat().st_mode) == 0o600


def test_two_programs_migrate_at_once(make_url: MakeUrl) -> None:
    url = make_url()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(migrate, [url] * 4)) == [NEWEST] * 4
    assert schema_state(url).kind is SchemaKind.CURRENT


def test_a_database_that_cannot_be_reached() -> None:
    url = "postgresql://nobody@/tandem?host=/nonexistent"
    with pytest.raises(StorageUnavailable):
        schema_state(url)
    with pytest.raises(StorageUnavailable):
        migrate(url)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        migrate(f"sqlite:///{tmp_path / 'missing' / 'tandem.db'}")

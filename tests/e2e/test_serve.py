"""`tandem serve` as a process: where it runs, when it refuses to, how it ends."""

from __future__ import annotations

import socket
import stat
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from shutil import copytree, ignore_patterns

import psycopg
import pytest

from adapters.demo.mail_sink import Trouble
from adapters.storage import schema
from adapters.storage.sealing import new_key
from bot.parts import StartError, open_store
from bot.settings import Settings
from tests.e2e.harness import HOST, Chat, Deployment, Finished, fetch, tandem, until, verbs
from tests.e2e.town import (
    Post,
    Someone,
    calendars,
    connect,
    entries,
    message_id,
    settle,
    wait_for,
)
from tests.pg import postgres

Inside = Callable[..., Finished]

NORA = Someone("Nora Quill", "nora@harbour.example")
IVO = Someone("Ivo Brandt", "ivo@harbour.example", "Europe/Berlin")
BEN = Someone("Ben Ashdown", "ben@harbour.example", mentor=NORA.email)
CLEO = Someone("Cleo Marsh", "cleo@harbour.example", mentor=IVO.email)
REVISION = '''"""Nothing at all, after everything there is."""

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing."""
'''


def refused(done: Finished) -> str:
    """Return the words with which a command ended; no trace may stand there."""
    assert done.code == 1, done
    assert done.out == ""
    assert "Traceback" not in done.err
    return done.err


def begun(folder: Path) -> Deployment:
    """Return a deployment that has run before."""
    deployment = Deployment(folder)
    with deployment:
        pass
    return deployment


def ask(url: str, *statements: str) -> None:
    """Change a PostgreSQL database behind the product's back, from another one of the server."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.replace("THIS", str(name)).encode())


def book(asker: Chat, taker: Chat, words: str) -> None:
    """Book the first time that is offered, as two people do."""
    (offer, *_) = verbs(asker.write(words), "offer")
    asker.press(offer)
    answer = taker.press(wait_for(taker, "accept", offer.split(":")[1]))
    assert any(message.text.startswith("Booked:") for message in answer), answer


# --- where it runs ------------------------------------------------------------------------------


def test_on_sqlite_it_makes_its_file_and_answers(tmp_path: Path) -> None:
    with Deployment(tmp_path) as deployment:
        assert fetch(deployment.url, "/health").data == {"status": "ok"}
        assert fetch(deployment.url, "/ready").data == {"status": "ready"}
        assert fetch(deployment.url, "/").status == 200
        assert stat.S_IMODE(deployment.database.stat().st_mode) == 0o600
        assert deployment.stop() == 0


def test_on_postgresql_only_after_migrate(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path, {"database_url": postgres().empty()})
    assert "no schema. Run `tandem migrate` first" in refused(deployment.run("serve"))
    done = deployment.run("migrate")
    assert done.code == 0, done
    with deployment:
        assert fetch(deployment.url, "/ready").status == 200


def test_ready_tells_whether_the_database_answers_and_health_that_the_process_lives(
    tmp_path: Path,
) -> None:
    url = postgres().migrated()
    with Deployment(tmp_path, {"database_url": url}) as deployment:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'THIS'"
        ask(url, "ALTER DATABASE THIS ALLOW_CONNECTIONS false", others)
        assert fetch(deployment.url, "/ready").status == 503
        assert fetch(deployment.url, "/health").status == 200
        ask(url, "ALTER DATABASE THIS ALLOW_CONNECTIONS true")
        until(lambda: fetch(deployment.url, "/ready").status == 200, "it is ready again")


# --- when it refuses to -------------------------------------------------------------------------


def test_missing_settings_are_listed_all_at_once() -> None:
    told = refused(tandem("serve"))
    needed = {name for name, field in Settings.model_fields.items() if field.is_required()}
    assert needed >= {"keys", "assistant_address", "smtp_url", "organisation"}
    for name in needed:
        assert f"TANDEM_{name.upper()}: is missing" in told


def test_wrong_settings_are_listed_without_their_values(tmp_path: Path, inside: Inside) -> None:
    wrong = {
        "assistant_address": "nobody-at-all",
        "public_url": "http://tandem.example.org",
        "port": "eighty",
        "caldav_allow": "just-a-host",
        "log_level": "loud",
    }
    told = refused(inside("serve", env=Deployment(tmp_path, wrong).env))
    for name, value in wrong.items():
        assert f"TANDEM_{name.upper()}: " in told
        assert value not in told.replace("“just-a-host”", "")
    assert "https://" in told


def test_the_schema_of_a_newer_program_is_refused(tmp_path: Path, inside: Inside) -> None:
    url = postgres().migrated()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    deployment = Deployment(tmp_path, {"database_url": url})
    for command in ("serve", "migrate"):
        assert "newer" in refused(inside(command, env=deployment.env))


def test_an_older_schema_is_refused_on_postgresql_and_migrated_on_sqlite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program of tomorrow, which knows one revision more, meets databases of today."""
    url, file = postgres().migrated(), tmp_path / "tandem.db"
    schema.migrate(f"sqlite:///{file}")
    newest = schema.schema_state(url).newest
    history = tmp_path / "history"
    copytree(schema.HISTORY, history, ignore=ignore_patterns("__pycache__"))
    text = REVISION.format(revision="tomorrow", before=newest)
    (history / "versions" / "tomorrow.py").write_text(text)
    monkeypatch.setattr(schema, "HISTORY", history)
    usual = Deployment(tmp_path).settings
    with pytest.raises(StartError, match=r"an older schema.*`tandem migrate`"):
        open_store(Settings.model_validate({**usual, "database_url": url}))
    open_store(Settings.model_validate(usual)).dispose()
    assert schema.schema_state(f"sqlite:///{file}").current == "tomorrow"
    assert Path(f"{file}.backup-{newest}").exists()


def test_keys_that_are_none_or_not_the_right_ones_are_refused(
    tmp_path: Path, inside: Inside
) -> None:
    good = begun(tmp_path)
    nonsense = Deployment(tmp_path, {**good.settings, "keys": "not-a-key"})
    assert "`tandem key` makes a key" in refused(inside("serve", env=nonsense.env))
    for name in ("first", "second"):  # the same name with other bytes, and another name
        other = Deployment(tmp_path, {**good.settings, "keys": new_key(name)})
        told = refused(inside("serve", env=other.env))
        assert "TANDEM_KEYS" in told
        assert "Set the key ring that this database was written with" in told


def test_the_assistant_keeps_its_address_for_ever(tmp_path: Path, inside: Inside) -> None:
    good = begun(tmp_path)
    other = Deployment(tmp_path, {**good.settings, "assistant_address": "helper@tandem.example"})
    told = refused(inside("serve", env=other.env))
    address = good.settings["assistant_address"]
    assert f"Set TANDEM_ASSISTANT_ADDRESS={address}" in told
    assert "could no longer be changed or cancelled" in told


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with closing(socket.create_server((HOST, 0))) as busy:
        port = str(busy.getsockname()[1])
        told = refused(Deployment(tmp_path, {"port": port}).run("serve"))
    assert f"Cannot listen on {HOST}:{port}" in told
    assert "Choose another TANDEM_PORT" in told


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "tandem.example.org"])
def test_the_local_chat_is_for_this_machine_only(tmp_path: Path, host: str, inside: Inside) -> None:
    """Whoever reaches it may speak as anybody."""
    told = refused(inside("serve", env=Deployment(tmp_path, {"host": host}).env))
    assert "TANDEM_LOCAL_CHAT works on TANDEM_HOST=127.0.0.1 only" in told


def test_a_database_with_another_time_is_refused(tmp_path: Path) -> None:
    """The database's clock is put five seconds ahead, by a function before the real one."""
    url = postgres().migrated()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql "
            "AS $$ SELECT pg_catalog.clock_timestamp() + interval '5 s' $$"
        )
    ask(url, "ALTER DATABASE THIS SET search_path = public, pg_catalog")
    told = refused(Deployment(tmp_path, {"database_url": url}).run("serve"))
    assert "s ahead of this machine's; at most 2 s are allowed" in told


# --- how it ends, and beside others -------------------------------------------------------------


def test_asked_to_stop_it_finishes_what_is_under_way(tmp_path: Path) -> None:
    people = [NORA, BEN]
    with Post() as post, calendars(tmp_path / "calendars", people) as server:
        settings = {"smtp_url": post.url, "caldav_allow": server.address}
        deployment = Deployment(tmp_path, settings).start()
        settle(deployment, people, tmp_path)
        for one in people:
            connect(deployment, server, one)
        post.make(Trouble(at="DATA", seconds=2))
        book(Chat(deployment, BEN.email), Chat(deployment, NORA.email), "book Nora next week")
        until(lambda: post.kept_waiting() == len(people), "both mails are on their way")
        assert post.mails() == []
        assert deployment.stop() == 0
        assert sorted(to for mail in post.mails() for to in mail.to) == [BEN.email, NORA.email]
        post.make(None)
        with deployment:
            Chat(deployment, BEN.email).write("what have I got?")
        assert len(post.mails()) == len(people)
        assert [len(entries(server, one)) for one in people] == [1, 1]


def test_two_processes_on_one_database_deliver_everything_once(tmp_path: Path) -> None:
    people = [NORA, IVO, BEN, CLEO]
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    with Post() as post, calendars(tmp_path / "calendars", people) as server:
        first = Deployment(tmp_path, {"smtp_url": post.url, "caldav_allow": server.address})
        first.settings["database_url"] = postgres().migrated()
        (tmp_path / "second").mkdir()
        second = Deployment(tmp_path / "second", first.settings)
        with first, second:
            settle(first, people, tmp_path)
            for one in people:
                connect(second, server, one)

            def week(mentee: Someone, mentor: Someone, here: Deployment, there: Deployment) -> None:
                """Ask at one process and answer at the other."""
                for day in days:
                    words = f"book with {mentor.name} {day} next week"
                    book(Chat(here, mentee.email), Chat(there, mentor.email), words)

            with ThreadPoolExecutor(2) as pool:
                jobs = [
                    pool.submit(week, BEN, NORA, first, second),
                    pool.submit(week, CLEO, IVO, second, first),
                ]
                for job in jobs:
                    job.result()
            until(lambda: len(post.mails()) >= len(people) * len(days), "all mails came")
            until(
                lambda: sum(len(entries(server, one)) for one in people) >= len(people) * len(days),
                "all events are there",
            )
        delivered = Counter(mail.to[0] for mail in post.mails())
        assert delivered == {one.email: len(days) for one in people}
        assert len({message_id(mail) for mail in post.mails()}) == len(post.mails())
        for one in people:
            assert len({event.uid for event in entries(server, one)}) == len(days)
        worked = [len(one.events("effect")) for one in (first, second)]
        assert min(worked) > 0, "one of the two did nothing"

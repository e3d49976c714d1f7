"""The commands beside `serve` and `demo`, on a deployment that has people and calendars."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from adapters.demo.radicale_server import RadicaleServer
from adapters.storage.sealing import new_key
from tests.e2e.harness import Chat, Deployment, Finished, clean_environment, tandem
from tests.e2e.town import (
    ADMIN,
    PROGRAMME,
    Post,
    Someone,
    calendars,
    connect,
    found_programme,
    table,
)

if TYPE_CHECKING:
    from pathlib import Path

Inside = Callable[..., Finished]
COMMANDS = (
    "serve",
    "demo",
    "doctor",
    "migrate",
    "rotate",
    "key",
    "import",
    "understand",
    "slack-manifest",
    "teams-package",
)

NORA = Someone("Nora Quill", "nora@harbour.example")
BEN = Someone("Ben Ashdown", "ben@harbour.example", mentor=NORA.email)


@dataclass(frozen=True, slots=True)
class Scene:
    """A deployment that does not run at the moment, and what stands around it."""

    deployment: Deployment
    post: Post
    near: RadicaleServer
    far: RadicaleServer
    imported: Finished

    def env(self, **other: str) -> dict[str, str]:
        """Return its environment with some settings replaced."""
        return Deployment(self.deployment.folder, {**self.deployment.settings, **other}).env


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Nora's calendar is on one server and Ben's on another."""
    folder = tmp_path_factory.mktemp("commands")
    with (
        Post() as post,
        calendars(folder / "near", [NORA]) as near,
        calendars(folder / "far", [BEN]) as far,
    ):
        settings = {"smtp_url": post.url, "caldav_allow": f"{near.address},{far.address}"}
        with Deployment(folder, settings) as deployment:
            found_programme(deployment)
            file = folder / "people.csv"
            file.write_text(table([NORA, BEN]))
            imported = deployment.run("import", PROGRAMME, str(file))
            connect(deployment, near, NORA)
            connect(deployment, far, BEN)
        yield Scene(deployment, post, near, far, imported)


# --- help ---------------------------------------------------------------------------------------


def test_help_names_every_command(inside: Inside) -> None:
    told = inside("--help")
    assert told.code == 0
    for name in COMMANDS:
        assert re.search(rf"^ +{name}\b", told.out, re.MULTILINE), name


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(inside: Inside, name: str) -> None:
    told = inside(name, "--help")
    assert told.code == 0
    assert told.out.startswith(f"usage: tandem {name}")


def test_the_help_of_serve_lists_the_settings(inside: Inside) -> None:
    told = inside("serve", "--help").out
    for name in ("KEYS", "ASSISTANT_ADDRESS", "SMTP_URL", "DATABASE_URL", "CALDAV_ALLOW"):
        assert f"TANDEM_{name}\n" in told


@pytest.mark.parametrize("words", [(), ("sing",), ("import",), ("demo", "--port", "many")])
def test_a_command_that_is_none_shows_the_usage(inside: Inside, words: tuple[str, ...]) -> None:
    told = inside(*words)
    assert told.code == 2
    assert "usage: tandem" in told.out + told.err


# --- doctor -------------------------------------------------------------------------------------


def lines(done: Finished) -> dict[str, str]:
    """Return what the doctor says of each thing: "" where it is well."""
    found = re.findall(r"^(ok   |WRONG)  (.*?)(?:: (.*))?$", done.out, re.MULTILINE)
    assert found, done
    return {what: detail if mark == "WRONG" else "" for mark, what, detail in found}


CALENDARS = ("caldav calendar of Nora Quill", "caldav calendar of Ben Ashdown")
SERVICES = ("Google calendars", "Microsoft calendars")  # allowed, and not set up here
WELL = dict.fromkeys(
    ("settings", "database and keys", "deliveries", "mail server", *SERVICES, *CALENDARS), ""
)


def test_the_doctor_finds_everything_well(scene: Scene) -> None:
    done = scene.deployment.run("doctor")
    assert (done.code, done.err) == (0, "")
    assert lines(done) == WELL


def test_the_doctor_finds_a_mail_server_that_is_down(scene: Scene, inside: Inside) -> None:
    done = inside("doctor", env=scene.env(smtp_url="smtp://127.0.0.1:9"))
    assert done.code == 1
    found = lines(done)
    assert "cannot connect to the mail server" in found.pop("mail server")
    assert found == {what: "" for what in WELL if what != "mail server"}


def test_the_doctor_finds_the_one_calendar_server_that_is_down(
    scene: Scene, inside: Inside
) -> None:
    scene.far.stop()
    try:
        done = inside("doctor", env=scene.env())
    finally:
        scene.far.start()
    assert done.code == 1
    assert lines(done) == {**WELL, CALENDARS[1]: "the calendar server cannot be reached"}


def test_the_doctor_finds_a_password_that_is_no_longer_right(scene: Scene, inside: Inside) -> None:
    scene.far.stop()
    scene.far.users[BEN.account] = "another-one"
    scene.far.start()
    try:
        done = inside("doctor", env=scene.env())
    finally:
        scene.far.stop()
        scene.far.users[BEN.account] = BEN.password
        scene.far.start()
    assert done.code == 1
    found = lines(done)
    assert "Ben has to connect it again in chat" in found.pop(CALENDARS[1])
    assert found == {what: "" for what in WELL if what != CALENDARS[1]}
    assert "another-one" not in done.out
    assert BEN.password not in done.out


def test_the_doctor_finds_a_wrong_key_and_still_looks_at_the_rest(
    scene: Scene, inside: Inside
) -> None:
    done = inside("doctor", env=scene.env(keys=new_key("other")))
    assert done.code == 1
    found = lines(done)
    assert "cannot be opened" in found.pop("database and keys")
    assert "cannot be opened" in found.pop("connected calendars")
    assert found == {"settings": "", "mail server": ""}


# --- import -------------------------------------------------------------------------------------


def test_a_good_file_brings_its_people_in(scene: Scene, inside: Inside) -> None:
    """It was read while the product ran; reading it again changes nothing."""
    assert scene.imported.code == 0, scene.imported
    assert "2 people added" in scene.imported.out
    assert "1 pairs made" in scene.imported.out or "1 pair made" in scene.imported.out
    file = scene.deployment.folder / "people.csv"
    again = inside("import", PROGRAMME.upper(), str(file), env=scene.env())
    assert again.code == 0
    assert "0 people added" in again.out
    assert "2 here already" in again.out


def test_a_file_without_a_column_is_refused_and_the_column_named(
    scene: Scene, inside: Inside, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email,role\nDov Ashdown,dov@harbour.example,mentee\n")
    done = inside("import", PROGRAMME, str(file), env=scene.env())
    assert done.code == 1
    assert "lacks the column zone" in done.out


def test_a_bad_row_is_reported_and_the_others_come_in(
    scene: Scene, inside: Inside, tmp_path: Path
) -> None:
    mars = replace(BEN, name="Dov Ashdown", email="dov@harbour.example", zone="Mars/Olympus")
    gita = replace(BEN, name="Gita Ashdown", email="gita@harbour.example")
    file = tmp_path / "people.csv"
    file.write_text(table([mars, gita]))
    done = inside("import", PROGRAMME, str(file), env=scene.env())
    assert done.code == 1
    assert "1 person added" in done.out
    assert re.search(r"^row 2: .*Mars/Olympus", done.out, re.MULTILINE)


def test_an_unknown_programme_is_refused_and_the_known_ones_named(
    scene: Scene, inside: Inside
) -> None:
    file = scene.deployment.folder / "people.csv"
    done = inside("import", "Windmill", str(file), env=scene.env())
    assert (done.code, done.out) == (1, "")
    assert f"There is no programme “Windmill”. Programmes: {PROGRAMME}." in done.err


@pytest.mark.parametrize("content", [None, b"PK\x03\x04\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_said(
    scene: Scene, inside: Inside, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "people.xlsx"
    if content is not None:
        file.write_bytes(content)
    done = inside("import", PROGRAMME, str(file), env=scene.env())
    assert done.code == 1
    assert "cannot be read" in done.err
    assert "Traceback" not in done.err


# --- keys ---------------------------------------------------------------------------------------


def test_rotating_lets_the_old_key_go(scene: Scene, inside: Inside) -> None:
    old, fresh = scene.deployment.settings["keys"], new_key("fresh")
    done = inside("rotate", env=scene.env(keys=f"{fresh},{old}"))
    assert done.code == 0
    assert "The other keys can go" in done.out
    gone = inside("doctor", env=scene.env(keys=old))
    assert "cannot be opened" in lines(gone)["database and keys"]
    done = inside("doctor", env=scene.env(keys=fresh))
    assert (done.code, lines(done)) == (0, WELL)
    settings = {**scene.deployment.settings, "keys": fresh}
    with Deployment(scene.deployment.folder, settings) as deployment:
        (found,) = Chat(deployment, BEN.email).write("book with Nora next week")
        assert "could not check" not in found.all
    scene.deployment.settings["keys"] = fresh


def test_rotating_without_the_old_key_changes_nothing(scene: Scene, inside: Inside) -> None:
    done = inside("rotate", env=scene.env(keys=new_key("other")))
    assert done.code == 1
    assert "Set the key ring that this database was written with" in done.err
    assert inside("doctor", env=scene.env()).code == 0


def test_a_made_key_works_and_is_another_one_each_time(inside: Inside, tmp_path: Path) -> None:
    made = [inside("key", "spring").out.strip() for _ in range(2)]
    assert made[0] != made[1]
    assert all(re.fullmatch(r"spring:[A-Za-z0-9+/]{43}=", one) for one in made)
    deployment = Deployment(tmp_path, {"keys": ",".join([made[0], made[1].replace("g:", "gs:")])})
    assert inside("migrate", env=deployment.env).code == 0
    assert inside("doctor", env=deployment.env).out.count("WRONG") == 1  # there is no mail server


def test_a_key_with_a_bad_name_is_refused(inside: Inside) -> None:
    done = inside("key", "a:b,c")
    assert (done.code, done.out) == (1, "")


# --- understand ---------------------------------------------------------------------------------


def test_understand_explains_a_sentence() -> None:
    done = tandem("understand", "book with Nora next Tuesday at 3pm")
    assert (done.code, done.err) == (0, "")
    assert "book" in done.out
    assert "Nora" in done.out
    assert "15:00" in done.out


def test_understand_reads_json_lines() -> None:
    lines = [
        {"id": 7, "text": "cancel my session tomorrow", "zone": "Europe/London"},
        {"id": 8, "text": "book with Nora", "people": ["Nora Quill"]},
    ]
    done = tandem("understand", "--jsonl", told="\n".join(map(json.dumps, lines)))
    assert (done.code, done.err) == (0, "")
    read = [json.loads(line) for line in done.out.splitlines()]
    assert [(one["id"], one["intent"]) for one in read] == [(7, "cancel"), (8, "book")]


@pytest.mark.parametrize("line", ["no JSON", "{}"])
def test_a_line_that_is_none_is_said(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(line))
    done = inside("understand", "--jsonl")
    assert (done.code, done.out) == (1, "")
    assert "a line is not as it should be" in done.err


def test_understand_wants_a_sentence_and_a_zone_that_exists(inside: Inside) -> None:
    assert inside("understand").code == 2
    done = inside("understand", "tomorrow at 9", "--zone", "Mars/Olympus")
    assert done.code == 1
    assert "not a time zone" in done.err


def test_the_administrator_reads_what_was_imported(scene: Scene) -> None:
    with scene.deployment:
        told = Chat(scene.deployment, ADMIN).write(f"admin {PROGRAMME.lower()} people")
    for one in (NORA, BEN):
        assert one.name in told[-1].all


# --- installing in chats ------------------------------------------------------------------------


def chat_settings(**more: str) -> dict[str, str]:
    """Return the environment of a deployment that people reach from outside."""
    settings = {
        "keys": new_key("first"),
        "assistant_address": "assistant@example.org",
        "smtp_url": "smtp://127.0.0.1:9",
        "organisation": "Harbour School",
        "admin_name": "Ada North",
        "admin_email": "ada@harbour.example",
        "public_url": "https://tandem.example.org",
    }
    return clean_environment(**settings, **more)


def test_slacks_manifest_has_this_deployments_address() -> None:
    done = tandem("slack-manifest", env=chat_settings())
    assert (done.code, done.err) == (0, "")
    manifest = json.loads(done.out)
    events = manifest["settings"]["event_subscriptions"]["request_url"]
    assert events == "https://tandem.example.org/slack/events"
    assert (
        "tandem.example.org"
        not in tandem(
            "slack-manifest", env=chat_settings(slack_app_token="xapp-1", slack_bot_token="xoxb-1")
        ).out
    )


def test_teams_package_is_made_or_says_what_is_missing(tmp_path: Path) -> None:
    app_id = "11111111-2222-4333-8444-555555555555"
    done = tandem("teams-package", str(tmp_path), env=chat_settings(teams_app_id=app_id))
    assert done.code == 0
    with zipfile.ZipFile(tmp_path / "tandem-teams.zip") as package:
        manifest = json.loads(package.read("manifest.json"))
    assert manifest["bots"][0]["botId"] == app_id
    assert manifest["validDomains"] == ["tandem.example.org"]
    nowhere = str(tmp_path / "nowhere" / "package.zip")
    lost = tandem("teams-package", nowhere, env=chat_settings(teams_app_id=app_id))
    assert lost.code == 1
    assert "could not be made" in lost.err
    assert "TANDEM_" not in lost.err
    refused = tandem("teams-package", str(tmp_path), env=chat_settings())
    assert refused.code == 1
    assert "TANDEM_TEAMS_APP_ID" in refused.err

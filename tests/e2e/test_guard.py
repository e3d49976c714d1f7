"""The local API from outside: who may not come in, and what is said to what makes no sense."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.e2e.harness import Answer, Chat, Deployment, fetch
from tests.e2e.town import (
    ADMIN,
    Post,
    Someone,
    calendars,
    connect,
    settle,
)
from tests.pg import postgres

NORA = Someone("Nora Quill", "nora@harbour.example")
BEN = Someone("Ben Ashdown", "ben@harbour.example", mentor=NORA.email)
PEOPLE = (NORA, BEN)
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Scene:
    """A running deployment."""

    deployment: Deployment


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """Two people with their calendars connected, on each of the databases."""
    folder = tmp_path_factory.mktemp("guard")
    with Post() as post, calendars(folder / "calendars", PEOPLE) as server:
        settings = {"smtp_url": post.url, "caldav_allow": server.address}
        if request.param == "postgresql":
            settings["database_url"] = postgres().migrated()
        with Deployment(folder, settings) as deployment:
            settle(deployment, PEOPLE, folder)
            for one in PEOPLE:
                connect(deployment, server, one)
            yield Scene(deployment)


def post(scene: Scene, path: str, body: object, **headers: str) -> Answer:
    """Post something; a text is sent as it is."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    url = scene.deployment.url
    return fetch(url, path, method="POST", body=data, headers={**JSON, **headers})


# --- the guard ----------------------------------------------------------------------------------

PATHS = [
    "/",
    "/local",
    "/local/static/app.js",
    "/local/api/inbox?person=ada@harbour.example",
    "/local/api/mails",
    "/local/api/world",
    "/local/api/week?person=ada@harbour.example&start=2026-10-26",
    "/local/api/events?person=ada@harbour.example",
]
POSTS = ["/local/api/messages", "/local/api/actions", "/local/api/files"]


@pytest.mark.parametrize("path", PATHS)
def test_other_names_for_this_machine_are_refused(scene: Scene, path: str) -> None:
    """A page of another site whose name suddenly leads here (DNS rebinding)."""
    for host in ("tandem.example.org", "127.0.0.1.example.org", "192.0.2.7:80", "", "[::2]"):
        answer = fetch(scene.deployment.url, path, headers={"Host": host})
        assert answer.status == 403, host
        assert answer.data["error"]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "tandem.example.org"},
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost"},
    ],
    ids=str,
)
def test_pages_of_other_sites_cannot_speak_for_anybody(
    scene: Scene, path: str, headers: dict[str, str]
) -> None:
    body = {"person": ADMIN, "text": "admin people", "action": "help", "name": "a.csv"}
    before = len(Chat(scene.deployment, ADMIN).inbox())
    answer = post(scene, path, body, **headers)
    assert answer.status == 403
    assert answer.data["error"]
    assert len(Chat(scene.deployment, ADMIN).inbox()) == before


def test_the_own_page_may(scene: Scene) -> None:
    origin = {"Origin": f"http://{scene.deployment.url}"}
    body = {"person": ADMIN, "text": "help"}
    assert post(scene, "/local/api/messages", body, **origin).status == 200


# --- what makes no sense ------------------------------------------------------------------------

WRONG = {
    "no JSON": b"{",
    "no text": b"\xff\xfe\x00",
    "nothing": b"",
    "a list": [],
    "a number": 7,
    "nobody": {"text": "hi"},
    "a person that is a list": {"person": ["ada"], "text": "hi", "action": "help"},
    "a text that is a number": {
        "person": ADMIN, "text": 7, "action": 7, "name": 7, "values": 7
    },
    "values that are a list": {"person": ADMIN, "text": [], "action": "help", "values": [1]},
}  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("kind", WRONG)
def test_what_makes_no_sense_is_refused_in_words(scene: Scene, path: str, kind: str) -> None:
    body = WRONG[kind]
    answer = post(scene, path, body)
    assert 400 <= answer.status < 500, answer
    assert set(answer.data) == {"error"}
    assert answer.data["error"]


def test_another_kind_of_body_is_refused(scene: Scene) -> None:
    """A form of another site could be sent without asking first."""
    body = json.dumps({"person": ADMIN, "text": "help"}).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = post(scene, "/local/api/messages", body, **{"Content-Type": kind})
        assert answer.status == 415, kind
        assert answer.data["error"]


@pytest.mark.parametrize(
    "person", ["nobody@harbour.example", "x" * 10_000, "' OR 1=1 --", "é\u0000"]
)
def test_somebody_unknown_is_not_found(scene: Scene, person: str) -> None:
    for path in POSTS:
        body = {"person": person, "text": "hi", "action": "help", "name": "a.csv"}
        answer = post(scene, path, body)
        assert (answer.status, set(answer.data)) == (404, {"error"}), path
    for path in ("inbox", "events", "week"):
        answer = fetch(scene.deployment.url, f"/local/api/{path}?person=nobody&start=2026-10-26")
        assert (answer.status, set(answer.data)) == (404, {"error"}), path


@pytest.mark.parametrize("start", ["", "today", "2026-13-45", "99999-01-01", "2026-10-26T00:00"])
def test_a_week_wants_a_day(scene: Scene, start: str) -> None:
    answer = fetch(scene.deployment.url, f"/local/api/week?person={ADMIN}&start={start}")
    assert (answer.status, set(answer.data)) == (400, {"error"})


@pytest.mark.parametrize(
    "path", ["/local/static/../api.py", "/local/static/..%2fapi.py", "/local/static/none.js",
             "/local/static/", "/local/api/nothing", "/etc/passwd"]
)  # fmt: skip
def test_other_files_are_not_given(scene: Scene, path: str) -> None:
    assert fetch(scene.deployment.url, path).status == 404


ACTIONS = [
    "offer", "offer:", "offer:x", "offer:x:y:z", "accept:x", "accept:x:never", "accept::",
    "accept:x:99999999999", "decline:x", "withdraw:", "more:x", "none:x", "else:x", "pick:0:x",
    "pick:a:b",
    "book:x", "show:x", "cancel:x", "cancel:x:yes", "move:x", "connect:verify:caldav",
    "connect:choose:x", "connect:again:x", "connect:form:google", "connect:zzz", "connect",
    "connect:choose", "connect:again", "connect:verify", "disconnect:maybe", "nudge:x", "undo",
    "link", "link:skip", "retry:x", "retry:-1", "retry:99999999999999999999999", "admin", "admin:",
    "admin:retry:x", "admin:zzz:1:2", "offers:a,b", "help:me", "zzz", ":", "::::", "x" * 5000,
    "accept:\u0000:1", "offer:é:all",
]  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
def test_a_button_that_is_none_is_answered_in_words(scene: Scene, action: str) -> None:
    """Buttons of older versions, and of people who try things."""
    for person in (ADMIN, BEN.email):
        messages = Chat(scene.deployment, person).press(action)
        assert messages
        assert all(message.text for message in messages)
    assert scene.deployment.events("turn_failed") == []


SAYINGS = [
    "", " ", "\u0000", "?", "book", "book with", "book with myself",
    "book with Nora on 31 February", "book with Nora yesterday", "book with Nora for 0 minutes",
    "book with Nora for 900 hours", "\ud800 alone",
    "book with " + "Nora " * 700, "a" * 3999, "a" * 4001, "\u202e\u2066 hello", "💥" * 500,
    "'; DROP TABLE person; --", "{{7*7}} ${7*7} %s %(x)s {0} {name}", "<script>alert(1)</script>",
    "admin", "admin set", "admin add mentor", "status", "my zone is Mars/Olympus",
    "my link is javascript:alert(1)", "cancel", "move my session", "why not Monday at 25:00?",
    "I'm away until 1 January 1970", "book with Nora every day until 2099", "yes", "no", "2",
]  # fmt: skip


@pytest.mark.parametrize("text", SAYINGS, ids=lambda text: text[:20])
def test_every_sentence_is_answered_in_words(scene: Scene, text: str) -> None:
    for person in (ADMIN, BEN.email):
        messages = Chat(scene.deployment, person).write(text)
        assert messages
        assert all(message.text for message in messages)
    assert scene.deployment.events("turn_failed") == []


def test_files_that_are_none_are_answered_in_words(scene: Scene) -> None:
    for name, text in (("", ""), ("a.csv", ""), ("a.xlsx", "PK\x03\x04"), ("a.csv", "a,b\n" * 9)):
        for person in (ADMIN, BEN.email):
            messages = Chat(scene.deployment, person).upload(name, text)
            assert messages, (name, text)
            assert all(message.text for message in messages)
    big = {"person": ADMIN, "name": "a.csv", "text": "x" * (5 * 1024 * 1024)}
    answer = post(scene, "/local/api/files", big)
    assert (answer.status, set(answer.data)) == (413, {"error"})


def test_nothing_was_a_fault_of_ours(scene: Scene) -> None:
    """After all of the above (tests of a file run in order)."""
    assert scene.deployment.events("request_failed") == []
    assert scene.deployment.events("turn_failed") == []
    assert "Traceback" not in scene.deployment.log.read_text()

"""The product as a process of its own, and what people do with it from outside.

Nothing here reaches into the program: it is started by its command with settings in the
environment, spoken to over HTTP, and ended by signals.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from adapters.storage.sealing import new_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

PATIENCE = 90.0  # seconds, on a machine that does much else; waiting ends as soon as it may
STEP, LONGEST_STEP = 0.03, 0.25
HOST = "127.0.0.1"
ASSISTANT = "assistant@tandem.example.org"
# What a request to a server that has just been killed ends with.
LOST = (OSError, http.client.HTTPException)


def until(check: Callable[[], T], what: str, patience: float = PATIENCE) -> T:
    """Return what `check` gives as soon as that is something; fail when it never is."""
    end, pause = time.monotonic() + patience, STEP
    while not (found := check()):
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(pause)
        pause = min(LONGEST_STEP, pause * 1.3)
    return found


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def data(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def fetch(
    url: str,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request to `host:port`. Raises one of `LOST` when the server is not there."""
    connection = http.client.HTTPConnection(url, timeout=PATIENCE)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.headers), answer.read().decode())
    finally:
        connection.close()


def clean_environment(**settings: str) -> dict[str, str]:
    """Return an environment that holds these settings and none of the machine's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TANDEM_")}
    return kept | {f"TANDEM_{name.upper()}": value for name, value in settings.items()}


def tandem(*words: str, env: Mapping[str, str] | None = None, told: str | None = None) -> Finished:
    """Run a command to its end, as a person in a terminal does."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env=dict(clean_environment() if env is None else env),
        input=told,
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


@dataclass(slots=True)
class Deployment:
    """One deployment in `folder`; `settings` are added to the usual ones, or replace them."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    launched: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        usual = {
            "keys": new_key("first"),
            "assistant_address": ASSISTANT,
            "smtp_url": "smtp://127.0.0.1:9",
            "organisation": "Harbour School",
            "admin_name": "Ada North",
            "admin_email": "ada@harbour.example",
            "database_url": f"sqlite:///{self.database}",
            "port": "0",
            "local_chat": "true",
        }
        self.settings = usual | self.settings

    @property
    def database(self) -> Path:
        """The database's file, where it is SQLite."""
        return self.folder / "tandem.db"

    @property
    def log(self) -> Path:
        """What all its processes have written to standard error."""
        return self.folder / "tandem.log"

    @property
    def url(self) -> str:
        """The `host:port` of the running process."""
        return f"{HOST}:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """The environment of its commands."""
        return clean_environment(**self.settings)

    def run(self, *words: str, told: str | None = None) -> Finished:
        """Run another command on the same deployment."""
        return tandem(*words, env=self.env, told=told)

    def launch(self) -> None:
        """Start the process and return at once; `launched` keeps when (monotonic seconds)."""
        self.launched.append(time.monotonic())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"], env=self.env, stdout=log, stderr=log
            )

    def start(self) -> Self:
        """Start the process and return when it is ready."""
        seen = len(self._served())
        self.launch()
        until(lambda: len(self._served()) > seen or self._ended(), "the process listens")
        assert not self._ended(), self.log.read_text()
        self.port = self._served()[-1]
        until(lambda: fetch(self.url, "/ready").status == 200, "it is ready")
        return self

    def kill(self) -> None:
        """End the process at once, without any chance to tidy up (SIGKILL)."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask the process to end (SIGTERM); return its exit status."""
        return self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> int:
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(number)
        try:
            return process.wait(PATIENCE)
        finally:
            process.kill()

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _served(self) -> list[int]:
        """Return the ports of all processes of this deployment, as they logged them."""
        lines = self.events("serving")
        return [int(line["port"]) for line in lines]

    def events(self, name: str) -> list[dict[str, Any]]:
        """Return the log's events of one name."""
        if not self.log.exists():
            return []
        lines = self.log.read_text(errors="replace").splitlines()
        about = [line for line in lines if f'"{name}"' in line and line.endswith("}")]
        return [event for event in map(_event, about) if event.get("event") == name]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _event(line: str) -> dict[str, Any]:
    """Read a line of the log; one may begin with what a kill has cut off from another."""
    try:
        event: dict[str, Any] = json.loads(line)
    except ValueError:
        event = json.loads(line[line.rindex('{"') :])
    return event


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the assistant, as a person sees it."""

    text: str
    actions: tuple[str, ...]
    labels: tuple[str, ...]
    inputs: Mapping[str, Any]
    card: str

    @property
    def all(self) -> str:
        """Everything that can be read."""
        return f"{self.text}\n{self.card}"


def message_of(data: Mapping[str, Any]) -> Message:
    """Read a message of the API."""
    card = data["card"] or {}
    actions = card.get("actions", [])
    return Message(
        data["text"],
        tuple(action["id"] for action in actions),
        tuple(action["label"] for action in actions),
        {entry["name"]: entry for entry in card.get("inputs", [])},
        json.dumps(card.get("parts", []), ensure_ascii=False),
    )


def verbs(messages: list[Message], verb: str) -> list[str]:
    """Return the buttons of a kind, in the order in which they are shown."""
    return [a for message in messages for a in message.actions if a.startswith(f"{verb}:")]


@dataclass(frozen=True, slots=True)
class Chat:
    """One person in the local chat. Raises one of `LOST` while the process is not there."""

    deployment: Deployment
    person: str

    def write(self, text: str) -> list[Message]:
        """Write a message; return the answers."""
        return self._post("messages", text=text)

    def press(self, action: str, **values: object) -> list[Message]:
        """Press a button, or send a form."""
        return self._post("actions", action=action, values=values)

    def upload(self, name: str, text: str) -> list[Message]:
        """Send a file."""
        return self._post("files", name=name, text=text)

    def inbox(self) -> list[Message]:
        """Return all messages of the assistant."""
        answer = fetch(self.deployment.url, f"/local/api/inbox?person={self.person}")
        assert answer.status == 200, answer.body
        return [message_of(one) for one in answer.data["messages"]]

    def _post(self, path: str, **body: object) -> list[Message]:
        answer = fetch(
            self.deployment.url,
            f"/local/api/{path}",
            method="POST",
            body=json.dumps({"person": self.person, **body}).encode(),
            headers={"Content-Type": "application/json"},
        )
        assert answer.status == 200, answer.body
        return [message_of(one) for one in answer.data["messages"]]

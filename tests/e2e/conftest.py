"""Commands without the second that a process takes to start."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bot import cli, logs
from tests.e2e.harness import Finished, clean_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@pytest.fixture
def inside(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Finished]:
    """Run a command in this process, in the environment of a deployment if one is given.

    Some commands are run as processes of their own all the same: see `harness.tandem`.
    """
    monkeypatch.setattr(logs, "configure", lambda _level, _form: None)  # the tests' own log stays

    def run(*words: str, env: Mapping[str, str] | None = None) -> Finished:
        for name in [name for name in os.environ if name.startswith("TANDEM_")]:
            monkeypatch.delenv(name)
        for name, value in (clean_environment() if env is None else env).items():
            if name.startswith("TANDEM_"):
                monkeypatch.setenv(name, value)
        try:
            code = cli.main(words)
        except SystemExit as end:  # argparse ends so
            code = end.code if isinstance(end.code, int) else 1
        told = capsys.readouterr()
        return Finished(code, told.out, told.err)

    return run

"""Sees from which threads anything is called that blocks: the lowest calls of every library."""

import socket
import threading
from typing import Any

import pytest


def watch(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[int]]:
    """Return the threads that block from now on, by what they do."""
    seen: dict[str, set[int]] = {"connect": set(), "names": set()}
    connect, names = socket.socket.connect, socket.getaddrinfo

    def connecting(self: socket.socket, address: Any) -> None:
        if self.gettimeout() != 0:  # the loop's own sockets never wait
            seen["connect"].add(threading.get_ident())
        connect(self, address)

    def looking_up(*arguments: Any, **named: Any) -> Any:
        seen["names"].add(threading.get_ident())
        return names(*arguments, **named)

    monkeypatch.setattr(socket.socket, "connect", connecting)
    monkeypatch.setattr(socket, "getaddrinfo", looking_up)
    return seen


def watch_calls(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> set[int]:
    """Return the threads that call a method from now on."""
    seen: set[int] = set()
    real = getattr(owner, name)

    def called(*arguments: Any, **named: Any) -> Any:
        seen.add(threading.get_ident())
        return real(*arguments, **named)

    monkeypatch.setattr(owner, name, called)
    return seen

"""Servers written for Node that tests start as processes of their own, on this machine only.

They are installed by `npm ci --prefix tests/servers/node`; where Node or they are absent, the tests
that need them are skipped and say so.
"""

import asyncio
import contextlib
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"


def need(package: str) -> str:
    """Return Node's program; skip the test where it or the package is not installed."""
    node = shutil.which("node")
    if node is None:
        pytest.skip(f"Node is not installed: {package} was not asked")
    if not (MODULES / package).is_dir():
        pytest.skip(f"{package} is not installed: npm ci --prefix tests/servers/node")
    return node


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def answering(port: int) -> None:
    """Wait until something listens on a port."""
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return


@contextlib.asynccontextmanager
async def running(*command: str, ready: str) -> AsyncIterator[str]:
    """Run a server until the block ends; yields the line with which it said that it is ready."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=HERE,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        async with asyncio.timeout(20):
            while ready not in "".join(said[-1:]):
                line = (await process.stdout.readline()).decode()
                assert line, f"it ended: {''.join(said)}"
                said.append(line)
        yield said[-1].strip()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()


@contextlib.asynccontextmanager
async def emulate(service: str, seed: Path) -> AsyncIterator[str]:
    """Run emulate's imitation of a service; yields its address."""
    node, port = need("emulate"), free_port()
    url = f"http://127.0.0.1:{port}"
    program = str(MODULES / "emulate" / "dist" / "index.js")
    preload = (HERE / "loopback.mjs").as_uri()
    options = ["-s", service, "-p", str(port), "--seed", str(seed), "--base-url", url]
    async with running(node, "--import", preload, program, "start", *options, ready="Config:"):
        await answering(port)  # it says so before it is
        yield url


@contextlib.asynccontextmanager
async def oauth_errors() -> AsyncIterator[str]:
    """Run the OAuth server that refuses on demand; yields its address."""
    node = need("oauth2-mock-server")
    async with running(node, str(HERE / "oauth_errors.mjs"), ready="listening on") as line:
        yield f"http://127.0.0.1:{line.split()[-1]}"

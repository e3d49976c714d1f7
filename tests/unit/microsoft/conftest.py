"""The stand-ins for Graph and Entra, for each test anew."""

from collections.abc import AsyncIterator

import pytest

from tests.servers.graph.bench import GraphBench, opened
from tests.servers.graph.tls import PrivateAuthority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> PrivateAuthority:
    return PrivateAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def bench(
    authority: PrivateAuthority, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[GraphBench]:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    async with opened(authority) as bench:
        yield bench

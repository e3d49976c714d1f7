"""A server has to prove who it is before it gets a password."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.caldav.guard import Guard
from adapters.caldav.http import Dav, Login
from core.errors import Unavailable


def made_up_certificate(folder: Path) -> Path:
    """Write a key and a certificate for 127.0.0.1 that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


async def test_a_server_with_a_made_up_certificate_gets_nothing(tmp_path: Path) -> None:
    reached = False

    async def handler(request: web.BaseRequest) -> web.Response:
        nonlocal reached
        reached = True
        return web.Response()

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made_up_certificate(tmp_path))
    runner = web.ServerRunner(web.Server(handler))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    address = f"127.0.0.1:{runner.addresses[0][1]}"
    dav = Dav(Guard([address]))
    try:
        with pytest.raises(Unavailable):
            await dav.send(Login("maya", "secret"), "PROPFIND", f"https://{address}/")
    finally:
        await dav.close()
        await runner.cleanup()
    assert not reached

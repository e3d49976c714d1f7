"""The IT department of the stand-in's Workspace: a service account, and what it may do."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.servers.google.world import Json, World

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EMAIL, CLIENT = "tandem@project.iam.gserviceaccount.example.com", "104857600000000000001"


@cache
def private_key() -> rsa.RSAPrivateKey:
    """One key for all tests, made when it is first needed."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_file(folder: Path, **changes: object) -> str:
    """Write the key file as Google gives it out; return its path."""
    pem = private_key().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    content = {
        "type": "service_account",
        "project_id": "project",
        "private_key_id": "key-1",
        "private_key": pem.decode(),
        "client_email": EMAIL,
        "client_id": CLIENT,
        "token_uri": "https://elsewhere.example.com/token",
        **changes,
    }
    path = folder / "service-account.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


@dataclass(slots=True)
class ItDepartment:
    """What the admin console authorises: the scopes of our client, none before."""

    world: World
    authorised: frozenset[str] = frozenset()
    suspended: frozenset[str] = frozenset()
    asked: list[Mapping[str, object]] = field(default_factory=list)

    def token(self, assertion: str, audience: str, now: int) -> tuple[int, Json] | str:
        """Return a refusal, or the lasting token that stands for the person's grant."""
        try:
            head, body, signature = assertion.split(".")
            private_key().public_key().verify(
                _bytes(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except (ValueError, InvalidSignature):
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        claims = json.loads(_bytes(body))
        self.asked.append(claims)
        right = claims["iss"] == EMAIL and claims["aud"] == audience
        if not right or not claims["iat"] <= now < claims["exp"] <= claims["iat"] + 3600:
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT."}
        account = self.world.accounts.get(claims["sub"])
        if account is None or account.email in self.suspended:
            return 400, {"error": "invalid_grant", "error_description": "Invalid email or User ID"}
        scopes = set(claims["scope"].split())
        if not scopes <= self.authorised:
            return 401, {"error": "unauthorized_client"}
        return self.world.lasting_token(account, scopes)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

"""Signs tokens as the Bot Connector does, and as people do who are not it."""

import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://api.botframework.com"
APP_ID = "5f1c5c0e-7a5d-4d0e-9f57-0d9a4a1c2b3d"


_pool: list[rsa.RSAPrivateKey] = []  # making one takes a tenth of a second


def _key(number: int) -> rsa.RSAPrivateKey:
    """The number-th key of this run, made when it is first needed."""
    while len(_pool) <= number:
        _pool.append(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    return _pool[number]


class Issuer:
    """Holds keys by id; `published` are those that its key document shows."""

    def __init__(self) -> None:
        self._made = 0
        self._keys: dict[str, rsa.RSAPrivateKey] = {}
        self.published: dict[str, list[str]] = {}
        self.add("first")

    def add(self, key_id: str, *endorsements: str) -> None:
        self._keys[key_id] = _key(self._made)
        self._made += 1
        self.published[key_id] = list(endorsements or ("msteams", "skype"))

    def key_set(self) -> dict[str, Any]:
        """The key document (RFC 7517) with the vendor's endorsements."""
        return {
            "keys": [
                {**self._public(key_id), "kid": key_id, "use": "sig", "endorsements": endorsements}
                for key_id, endorsements in self.published.items()
            ]
        }

    def _public(self, key_id: str) -> dict[str, Any]:
        text = jwt.algorithms.RSAAlgorithm.to_jwk(self._keys[key_id].public_key())
        found: dict[str, Any] = json.loads(text)
        return found

    def token(self, service: str, key_id: str = "first", **changed: Any) -> str:
        """A good token for a service address; a claim that is None is left out."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": APP_ID,
            "nbf": now - 60,
            "exp": now + 3600,
            "serviceurl": service,
            **changed,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self._keys[key_id], "RS256", headers={"kid": key_id})

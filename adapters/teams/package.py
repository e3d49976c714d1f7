"""The Teams app package: manifest and icons in a zip, with this deployment's names filled in.

learn.microsoft.com/microsoftteams/platform/resources/schema/manifest-schema; an administrator
uploads it in the Teams admin centre.
"""

from __future__ import annotations

import json
import re
import struct
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SOURCE = Path(__file__).resolve().parents[2] / "manifests" / "teams"
NAME = "tandem-teams.zip"
ICONS = {"color.png": 192, "outline.png": 32}
_GUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_PATH = re.compile(r"(/[a-z0-9._~-]+)*", re.IGNORECASE)
_VERSION = re.compile(r"(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){2}")
_LEFT_OPEN = re.compile(r"\{\{\w+\}\}")
_STAMP = (2024, 1, 1, 0, 0, 0)  # the same manifest makes the same file


def make_package(
    target: Path, app_id: str, address: str, version: str, source: Path = SOURCE
) -> Path:
    """Write the package to a file, or under its usual name into a folder; return its path.

    `address` is the product's public one, such as `https://tandem.example.org`. Raises
    ValueError with a sentence for values that Teams would refuse, OSError when it cannot be read
    or written.
    """
    text = (source / "manifest.json").read_text(encoding="utf-8")
    manifest = filled(text, app_id, address, version)
    files = {"manifest.json": manifest.encode()}
    for name, size in ICONS.items():
        files[name] = (source / name).read_bytes()
        if size_of(files[name]) != (size, size):
            raise ValueError(f"{name} has to be a PNG of {size} x {size} pixels.")
    path = target / NAME if target.is_dir() else target
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return path


def filled(text: str, app_id: str, address: str, version: str) -> str:
    """Return a manifest with its placeholders filled in. Raises ValueError with a sentence."""
    domain, place = _parts(address)
    if not _GUID.fullmatch(app_id):
        raise ValueError("The Teams app id is a GUID such as 00000000-0000-0000-0000-000000000000.")
    if not _VERSION.fullmatch(version):
        raise ValueError(f"A version looks like 1.0.0, not like {version[:30]!r}.")
    values = {
        "APP_ID": app_id.lower(),
        "ADDRESS": f"https://{place}",
        "DOMAIN": domain,
        "VERSION": version,
    }
    for name, value in values.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    if _LEFT_OPEN.search(text):
        raise ValueError("The manifest has a placeholder that nobody fills in.")
    wrong = problems(json.loads(text))
    if wrong:
        raise ValueError(" ".join(wrong))
    return text


def _parts(address: str) -> tuple[str, str]:
    """Return the host of the public address, and host, port and path. Raises ValueError with a
    sentence.
    """
    found = urlsplit(address)
    domain, path = (found.hostname or "").lower(), found.path.rstrip("/")
    if found.scheme != "https" or found.query or found.fragment or not _PATH.fullmatch(path):
        raise ValueError(f"Teams needs an address such as https://example.org, not {address!r}.")
    if not _DOMAIN.fullmatch(domain):
        raise ValueError(f"Teams needs a public domain, not {domain[:80]!r}.")
    port = f":{found.port}" if found.port else ""
    return domain, f"{domain}{port}{path}"


def problems(manifest: dict[str, Any]) -> list[str]:
    """Return what Teams would refuse: texts that are too long, lists that are too many."""
    lengths = [
        ("name.short", manifest["name"]["short"], 30),
        ("name.full", manifest["name"]["full"], 100),
        ("description.short", manifest["description"]["short"], 80),
        ("description.full", manifest["description"]["full"], 4000),
        ("developer.name", manifest["developer"]["name"], 32),
    ]
    found = []
    for group in (g for bot in manifest["bots"] for g in bot["commandLists"]):
        if len(group["commands"]) > 10:
            found.append("A list of commands has more than 10.")
        for command in group["commands"]:
            lengths.append(("a command's title", command["title"], 128))
            lengths.append(("a command's description", command["description"], 128))
    found += [f"{n} is longer than {most} characters." for n, t, most in lengths if len(t) > most]
    if not manifest["$schema"].endswith(f"/v{manifest['manifestVersion']}/{_SCHEMA_FILE}"):
        found.append("The schema is not the manifest's version.")
    return found


_SCHEMA_FILE = "MicrosoftTeams.schema.json"


def size_of(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG in pixels, (0, 0) for anything else (W3C PNG 11.2.2)."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack(">II", png[16:24])
    return int(width), int(height)

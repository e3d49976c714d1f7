"""The app package: its manifest by the vendor's schema, its icons by their bytes."""

import importlib.util
import json
import runpy
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from adapters.teams.package import SOURCE, filled, make_package, problems, size_of
from bot.understand.context import Context
from bot.understand.intent import Intent
from bot.understand.read import read

APP_ID = "5f1c5c0e-7a5d-4d0e-9f57-0d9a4a1c2b3d"
ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = ROOT / "tests/servers/node/node_modules/@microsoft/app-manifest/build/json-schemas/teams"
GOOD = (APP_ID, "https://tandem.example.org", "1.2.3")


def manifest() -> dict[str, Any]:
    text = (SOURCE / "manifest.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(filled(text, *GOOD))
    return found


def schema_errors(value: dict[str, Any]) -> list[str]:
    from jsonschema import Draft4Validator  # noqa: PLC0415  # of the dev extra alone

    file = SCHEMAS / f"v{value['manifestVersion']}" / "MicrosoftTeams.schema.json"
    schema = json.loads(file.read_text(encoding="utf-8-sig"))
    return [error.message[:200] for error in Draft4Validator(schema).iter_errors(value)]


@pytest.mark.skipif(not SCHEMAS.exists(), reason="the test servers of Node are not installed")
@pytest.mark.skipif(not importlib.util.find_spec("jsonschema"), reason="no jsonschema")
def test_the_manifest_is_valid_by_the_vendors_schema() -> None:
    good = manifest()
    assert schema_errors(good) == []
    assert schema_errors({**good, "id": "no guid"}) != []
    assert schema_errors({**good, "extra": 1}) != []


def test_scopes_and_permissions_are_those_that_are_meant() -> None:
    """Written down once more by hand: what is added is a question of every administrator's."""
    found = manifest()
    (bot,) = found["bots"]
    assert set(bot["scopes"]) == {"personal", "groupChat", "team"}
    assert set(found["permissions"]) == {"identity", "messageTeamMembers"}
    assert found["validDomains"] == ["tandem.example.org"]
    assert not {"authorization", "webApplicationInfo", "composeExtensions"} & found.keys()
    assert {scope for group in bot["commandLists"] for scope in group["scopes"]} == set(
        bot["scopes"]
    )


def test_every_command_is_understood_and_only_asks() -> None:
    context = Context(now=1_790_000_000, zone="Europe/London")
    lists = manifest()["bots"][0]["commandLists"]
    titles = {command["title"] for group in lists for command in group["commands"]}
    assert {title: read(title, context).intent for title in titles} == {
        "find a time": Intent.BOOK,
        "my sessions": Intent.LIST_MEETINGS,
        "connect my calendar": Intent.CONNECT,
        "my settings": Intent.SHOW_PREFERENCES,
        "help": Intent.HELP,
    }


def test_the_package_holds_manifest_and_icons(tmp_path: Path) -> None:
    path = make_package(tmp_path, *GOOD)
    assert path.name == "tandem-teams.zip"
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        assert set(package.namelist()) == {"manifest.json", "color.png", "outline.png"}
        inside = json.loads(package.read("manifest.json"))
        assert size_of(package.read("color.png")) == (192, 192)
        assert size_of(package.read("outline.png")) == (32, 32)
    assert inside["bots"][0]["botId"] == inside["id"] == APP_ID
    assert inside["validDomains"] == ["tandem.example.org"]
    assert inside["version"] == "1.2.3"
    assert "{{" not in json.dumps(inside)
    again = make_package(tmp_path / "again.zip", *GOOD)
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (("", "https://tandem.example.org", "1.0.0"), "GUID"),
        ((APP_ID, "https://127.0.0.1", "1.0.0"), "domain"),
        ((APP_ID, "https://localhost", "1.0.0"), "domain"),
        ((APP_ID, "", "1.0.0"), "address"),
        ((APP_ID, "http://tandem.example.org", "1.0.0"), "address"),
        ((APP_ID, "tandem.example.org", "1.0.0"), "address"),
        ((APP_ID, "https://tandem.example.org/?a=b", "1.0.0"), "address"),
        ((APP_ID, 'https://z.org/x", "y": "z.org', "1.0.0"), "address"),
        ((APP_ID, 'https://x", "y": "z.org', "1.0.0"), "domain"),
        ((APP_ID, "https://tandem.example.org", "1.0"), "version"),
    ],
)
def test_values_that_teams_would_refuse(
    tmp_path: Path, values: tuple[str, str, str], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        make_package(tmp_path, *values)
    assert list(tmp_path.iterdir()) == []


def test_a_product_below_a_path_names_its_own_pages(tmp_path: Path) -> None:
    path = make_package(tmp_path, APP_ID, "https://Example.org/tandem/", "1.2.3")
    with zipfile.ZipFile(path) as package:
        inside = json.loads(package.read("manifest.json"))
    assert inside["developer"] == {
        "name": "Tandem",
        "websiteUrl": "https://example.org/tandem",
        "privacyUrl": "https://example.org/tandem/privacy",
        "termsOfUseUrl": "https://example.org/tandem/terms",
    }
    assert inside["validDomains"] == ["example.org"]


def test_what_is_too_long_is_named() -> None:
    good = manifest()
    assert problems(good) == []
    long = {**good, "name": {"short": "x" * 31, "full": "x" * 101}}
    assert problems(long) == [
        "name.short is longer than 30 characters.",
        "name.full is longer than 100 characters.",
    ]
    assert problems({**good, "manifestVersion": "1.23"}) != []


def test_an_icon_that_is_none(tmp_path: Path) -> None:
    for name in ("manifest.json", "color.png", "outline.png"):
        (tmp_path / name).write_bytes((SOURCE / name).read_bytes())
    (tmp_path / "color.png").write_bytes(b"GIF89a")
    with pytest.raises(ValueError, match="192 x 192"):
        make_package(tmp_path / "out.zip", *GOOD, tmp_path)


def pixels(png: bytes) -> list[bytes]:
    """The pixels of a PNG that our own script wrote: one block, no filters."""
    start = png.index(b"IDAT") + 4
    rows = zlib.decompress(png[start : png.rindex(b"IEND") - 8])
    width, height = size_of(png)
    line = 1 + 4 * width
    return [
        rows[line * y + 1 + 4 * x : line * y + 5 + 4 * x]
        for y in range(height)
        for x in range(width)
    ]


def test_the_icons_are_those_that_the_script_draws(tmp_path: Path) -> None:
    script = runpy.run_path(str(SOURCE / "draw_icons.py"))
    script["main"](tmp_path)
    for name in ("color.png", "outline.png"):
        assert pixels((tmp_path / name).read_bytes()) == pixels((SOURCE / name).read_bytes())


def test_the_outline_is_white_on_nothing_and_the_other_is_full() -> None:
    outline = pixels((SOURCE / "outline.png").read_bytes())
    assert {p[:3] for p in outline} == {b"\xff\xff\xff"}
    assert {p[3] for p in outline} > {0, 255}
    assert {p[3] for p in pixels((SOURCE / "color.png").read_bytes())} == {255}

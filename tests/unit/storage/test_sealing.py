"""Sealing: who can open what, and that errors tell no secrets."""

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.storage.errors import SealError
from adapters.storage.sealing import Sealer, new_key, parse_ring

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
PLACE = "calendar_grant.secret:1"


@given(text=st.text(), place=st.text(min_size=1), key=st.binary(min_size=32, max_size=32))
def test_what_is_sealed_opens_at_its_place(text: str, place: str, key: bytes) -> None:
    sealer = Sealer([("k", key)])
    assert sealer.open(sealer.seal(text, place), place) == text


def test_form_of_a_sealed_value() -> None:
    sealed = Sealer([("k1", OLD)]).seal("hello", PLACE)
    assert sealed.startswith(b"v1|k1|")
    rest = sealed.removeprefix(b"v1|k1|")
    assert rest[12:13] == b"|"
    assert len(rest) == 12 + 1 + len("hello") + 16  # nonce, bar, text, tag of GCM


def test_a_nonce_is_used_once() -> None:
    sealer = Sealer([("k1", OLD)])
    assert len({sealer.seal("same", PLACE) for _ in range(100)}) == 100


def test_a_bar_in_the_nonce_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "urandom", lambda size: b"|" * size)
    sealer = Sealer([("k1", OLD)])
    assert sealer.open(sealer.seal("text", PLACE), PLACE) == "text"


def test_another_place_does_not_open() -> None:
    sealer = Sealer([("k1", OLD)])
    with pytest.raises(SealError, match=r"calendar_grant\.secret:2"):
        sealer.open(sealer.seal("hello", PLACE), "calendar_grant.secret:2")


@pytest.mark.parametrize("at", range(6, 32))
def test_a_changed_value_does_not_open(at: int) -> None:
    sealer = Sealer([("k1", OLD)])
    sealed = bytearray(sealer.seal("hello", PLACE))
    sealed[at] ^= 1
    with pytest.raises(SealError):
        sealer.open(bytes(sealed), PLACE)


@pytest.mark.parametrize("sealed", [b"", b"v1", b"v1|k1|", b"v2|k1|" + bytes(40), b"hello"])
def test_what_was_never_sealed_is_recognised(sealed: bytes) -> None:
    with pytest.raises(SealError, match="damaged or of an unknown format"):
        Sealer([("k1", OLD)]).open(sealed, PLACE)


def test_the_first_key_writes_and_all_read() -> None:
    before = Sealer([("old", OLD)]).seal("hello", PLACE)
    ring = Sealer([("new", NEW), ("old", OLD)])
    assert ring.open(before, PLACE) == "hello"
    after = ring.seal("hello", PLACE)
    assert Sealer([("new", NEW)]).open(after, PLACE) == "hello"
    assert (ring.is_current(before), ring.is_current(after)) == (False, True)


def test_a_missing_key_is_named() -> None:
    sealed = Sealer([("old", OLD)]).seal("hello", PLACE)
    with pytest.raises(SealError, match="no key 'old' in the key ring"):
        Sealer([("new", NEW)]).open(sealed, PLACE)


def test_a_wrong_key_is_named_and_nothing_else() -> None:
    sealed = Sealer([("k1", OLD)]).seal("hello", PLACE)
    with pytest.raises(SealError) as error:
        Sealer([("k1", NEW)]).open(sealed, PLACE)
    assert "key 'k1' does not open" in str(error.value)
    assert error.value.__cause__ is None
    assert "hello" not in str(error.value)


def test_repr_names_ids_only() -> None:
    key = new_key("k1")
    sealer = Sealer(parse_ring(key))
    assert repr(sealer) == "Sealer(k1)"


def test_new_keys_differ_and_parse() -> None:
    first, second = new_key("a"), new_key("b")
    ring = parse_ring(f" {first} ,{second},")
    assert [key_id for key_id, _ in ring] == ["a", "b"]
    assert ring[0][1] != ring[1][1]
    assert first == f"a:{base64.b64encode(ring[0][1]).decode()}"


SHORT = base64.b64encode(b"short").decode()
GOOD = base64.b64encode(OLD).decode()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        (" , ", "empty"),
        (GOOD.replace(":", ""), "entry 1 of the key ring is not of the form id:base64"),
        (f"a:{GOOD},{GOOD}", "entry 2 of the key ring is not of the form"),
        (f"a b:{GOOD}", "the id of entry 1"),
        (f":{GOOD}", "the id of entry 1"),
        ("a:not/base64!", "'a' of the key ring is not valid base64"),
        (f"a:{SHORT}", "'a' has 5 bytes instead of 32"),
    ],
)
def test_a_bad_ring_is_explained_without_its_keys(text: str, message: str) -> None:
    with pytest.raises(SealError, match=message) as error:
        parse_ring(text)
    assert GOOD not in str(error.value)


def test_a_ring_holds_an_id_once() -> None:
    with pytest.raises(SealError, match="twice"):
        Sealer([("a", OLD), ("a", NEW)])
    with pytest.raises(SealError, match="empty"):
        Sealer([])
    with pytest.raises(SealError, match="31 bytes"):
        Sealer([("a", OLD[:31])])


def test_a_key_id_must_not_hold_the_separator() -> None:
    with pytest.raises(SealError):
        new_key("a|b")

"""Signed links: what they hold against."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.web.signing import ItsSigner
from core.errors import NotFound

OLD, NEW = "the older key of the tests", "the newer key of the tests"


class MovingClock:
    def __init__(self, now: int = 1000) -> None:
        self.at = now

    def now(self) -> int:
        return self.at


def test_a_link_speaks_for_its_subject() -> None:
    signer = ItsSigner([NEW], MovingClock())
    token = signer.sign("rsvp", "meeting:maya", 2000)
    assert signer.read("rsvp", token) == "meeting:maya"


def test_a_link_ends_at_its_time() -> None:
    clock = MovingClock()
    signer = ItsSigner([NEW], clock)
    token = signer.sign("rsvp", "x", 2000)
    clock.at = 1999
    assert signer.read("rsvp", token) == "x"
    clock.at = 2000
    with pytest.raises(NotFound):
        signer.read("rsvp", token)


def test_a_link_serves_one_purpose() -> None:
    signer = ItsSigner([NEW], MovingClock())
    with pytest.raises(NotFound):
        signer.read("connect", signer.sign("rsvp", "x", 2000))


def test_older_keys_are_believed_until_they_are_dropped() -> None:
    clock = MovingClock()
    token = ItsSigner([OLD], clock).sign("rsvp", "x", 2000)
    assert ItsSigner([NEW, OLD], clock).read("rsvp", token) == "x"
    with pytest.raises(NotFound):
        ItsSigner([NEW], clock).read("rsvp", token)


def test_the_newest_key_signs() -> None:
    clock = MovingClock()
    token = ItsSigner([NEW, OLD], clock).sign("rsvp", "x", 2000)
    assert ItsSigner([NEW], clock).read("rsvp", token) == "x"


def test_the_same_words_give_the_same_link() -> None:
    signer = ItsSigner([NEW], MovingClock())
    assert signer.sign("rsvp", "x", 2000) == signer.sign("rsvp", "x", 2000)


@pytest.mark.parametrize("keys", [[], [""], ["short"], [NEW, "short"]])
def test_weak_keys_are_refused(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="16"):
        ItsSigner(keys, MovingClock())


def forged(token: str, at: int) -> str:
    """The token with one character changed."""
    place = at % len(token)
    other = "A" if token[place] != "A" else "B"
    return token[:place] + other + token[place + 1 :]


@settings(deadline=None)
@given(subject=st.text(max_size=80), at=st.integers(min_value=0))
def test_no_changed_character_passes(subject: str, at: int) -> None:
    signer = ItsSigner([NEW], MovingClock())
    token = signer.sign("rsvp", subject, 2000)
    assert signer.read("rsvp", token) == subject
    assert token.isascii()
    assert not set(token) & set("/?#%&=+ ")
    try:
        changed = signer.read("rsvp", forged(token, at))
    except NotFound:
        return
    assert changed == subject  # the last character of base64 holds bits that say nothing


@settings(deadline=None)
@given(st.text())
def test_no_invented_link_passes(token: str) -> None:
    with pytest.raises(NotFound):
        ItsSigner([NEW], MovingClock()).read("rsvp", token)

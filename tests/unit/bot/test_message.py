"""What came in: secrets are noticed, and what is not seen does not stand between the words."""

import pytest

from bot.message import holds_credential, readable


@pytest.mark.parametrize(
    "text",
    [
        "my password is hunter2",
        "Password: hunter2",
        "here it is, pw: hunter2",
        "the password for my calendar is hunter2",
        "passcode = 4711",
        "it is abcd-efgh-ijkl-mnop",
        "password hunter2",
        "use xoxb-1234567890-abcdefghij",
        "sk-abcdefghijklmnop",
    ],
)
def test_what_looks_like_a_secret(text: str) -> None:
    assert holds_credential(text)


@pytest.mark.parametrize(
    "text",
    [
        "book with Alex next week",
        "book with alex next week then",
        "I forgot my password",
        "how do I change the password?",
        "where do I put my app-specific password",
        "the passage at 15:00 is fine",
        "can we pass on Monday: I am away",
        "password reset on Friday at 3pm",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not holds_credential(text)


def test_a_time_copied_from_our_own_card_is_still_a_time() -> None:
    assert readable("Mon 23 Nov 10\u2060:\u206000-10:30 London") == "Mon 23 Nov 10:00-10:30 London"
    assert readable("America/New\u2060_\u2060York") == "America/New_York"
    assert readable("a\u200bb\x07c") == "ab c"

"""The mail server's address in one line of settings."""

import pytest

from adapters.mail.server import SmtpServer, Tls, parse_smtp_url

SECRET = "hunter2secret"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://relay.example.org", SmtpServer("relay.example.org", 25, Tls.NONE)),
        ("smtp://127.0.0.1:1025/", SmtpServer("127.0.0.1", 1025, Tls.NONE)),
        ("smtp://[::1]:1025", SmtpServer("::1", 1025, Tls.NONE)),
        ("smtp://u:p@localhost:1025", SmtpServer("localhost", 1025, Tls.NONE, "u", "p")),
        ("smtps://u:p@mx.example.org", SmtpServer("mx.example.org", 465, Tls.IMPLICIT, "u", "p")),
        (
            "smtp+starttls://a%40b.org:p%2F%3A%23@mx.example.org",
            SmtpServer("mx.example.org", 587, Tls.STARTTLS, "a@b.org", "p/:#"),
        ),
        (" SMTPS://mx.example.org:4650 ", SmtpServer("mx.example.org", 4650, Tls.IMPLICIT)),
    ],
)
def test_addresses_are_read(url: str, server: SmtpServer) -> None:
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "starts with no scheme"),
        ("mx.example.org:25", "starts with no scheme"),
        (f"https://u:{SECRET}@mx.example.org", "starts with no scheme"),
        ("smtps://", "no host"),
        (f"smtps://u:{SECRET}@", "no host"),
        (f"smtps://u:{SECRET}@mx.example.org:port", "form"),
        (f"smtps://u:{SECRET}@mx.example.org:99999", "form"),
        (f"smtps://u:{SECRET}@mx.example.org:0", "1 to 65535"),
        (f"smtps://[::1:{SECRET}", "form"),
        (f"smtps://mx.example.org/{SECRET}", "%2F"),
        (f"smtps://mx.example.org?{SECRET}", "%3F"),
        ("smtps://u@mx.example.org", "both"),
        (f"smtps://:{SECRET}@mx.example.org", "both"),
        (f"smtp://u:{SECRET}@mx.example.org", "readable"),
    ],
)
def test_what_is_wrong_is_said_without_the_password(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        parse_smtp_url(url)
    assert SECRET not in str(caught.value)


def test_the_password_is_not_printed() -> None:
    assert SECRET not in repr(parse_smtp_url(f"smtps://u:{SECRET}@mx.example.org"))

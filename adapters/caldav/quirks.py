"""What is different at which server, as data.

Most servers need nothing here. What a server answers differently (an entity tag left out, a
property unknown) is met where the answer is read; this table holds what must be known before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

APPLE_PASSWORD = re.compile(r"[a-z]{4}(?:-[a-z]{4}){3}")


@dataclass(frozen=True, slots=True)
class Quirks:
    """One kind of server. `hosts` are its domains: each stands for itself and all below it."""

    name: str
    hosts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # what a person may type instead of the address
    url: str = ""
    shape: re.Pattern[str] | None = None  # of its app passwords
    shape_hint: str = ""
    revoked_hint: str = "the account name or the app password is not accepted"
    roams: bool = False  # calendars may lie on another host of the same domains
    well_known: bool = True  # whether /.well-known/caldav leads to the account
    partial: bool = True  # whether it may be asked for single properties of events
    refused: str = ""  # why this server is not reached by CalDAV

    def knows(self, host: str) -> bool:
        """Tell whether a host belongs to this kind of server."""
        return any(host == domain or host.endswith(f".{domain}") for domain in self.hosts)

    def same_place(self, host: str, port: int, other: str, other_port: int) -> bool:
        """Tell whether credentials for one host and port may go to another."""
        if (host, port) == (other, other_port):
            return True
        return self.roams and self.knows(host) and self.knows(other)


GENERIC = Quirks("caldav")

ICLOUD = Quirks(
    name="icloud",
    hosts=("icloud.com",),
    names=("", "apple", "icloud"),
    url="https://caldav.icloud.com",
    shape=APPLE_PASSWORD,
    shape_hint=(
        "that is not an app-specific password: those have the shape xxxx-xxxx-xxxx-xxxx and are"
        " made at account.apple.com; the password of the Apple Account itself is never accepted"
    ),
    revoked_hint="the app-specific password is not accepted: make a new one at account.apple.com",
    roams=True,
    well_known=False,
)

GOOGLE = Quirks(
    name="google",
    hosts=("google.com", "googleusercontent.com"),
    names=("google", "gmail"),
    refused="Google calendars are connected as Google Calendar, not by CalDAV",
)

MICROSOFT = Quirks(
    name="microsoft",
    hosts=("outlook.com", "office365.com", "office.com", "live.com"),
    names=("outlook", "microsoft", "exchange"),
    refused="Microsoft calendars are connected as Outlook, not by CalDAV",
)

FASTMAIL = Quirks(
    name="fastmail",
    hosts=("fastmail.com",),
    names=("fastmail",),
    url="https://caldav.fastmail.com",
)

KNOWN = (ICLOUD, GOOGLE, MICROSOFT, FASTMAIL)

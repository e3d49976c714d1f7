"""The text for an organisation's IT administrator, ready to be forwarded (R31)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.speak.calendar_views import SERVICES

if TYPE_CHECKING:
    from bot.doors import App
    from core.links import Provider

LETTER = """Hello,

we use Tandem, a scheduling assistant for our mentoring programme. It finds times that suit \
everybody. Please approve it for {service} calendars.

Application (client) id: {client_id}
Permissions asked for: {scopes}
What it does with them: it reads when people are busy (times only: no titles, texts, places or \
guests), and it writes, changes and deletes the sessions that it has booked. Each person still \
decides for themselves whether to connect, and can disconnect at any time.
It runs at: {address}
{how}
Thank you."""
APPROVE = """
To approve it for everybody, open this address as an administrator:
{url}
"""
TRUST = """
To approve it, mark this client id as trusted in the Google admin console under Security, \
Access and data control, API controls, App access control.
"""


def letter(provider: Provider, app: App, public_url: str) -> str:
    """Return the text for one service."""
    how = APPROVE.format(url=app.approve_url) if app.approve_url else TRUST
    return LETTER.format(
        service=SERVICES[provider],
        client_id=app.client_id,
        scopes=", ".join(app.scopes),
        address=public_url,
        how=how,
    )

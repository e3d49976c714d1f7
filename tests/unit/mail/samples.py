"""Mails and invites that the tests of this folder share."""

from dataclasses import replace

from core.booking.drafts import Guest, Invite, Mail, Method
from core.booking.meeting import Rsvp

OCT_27_14_LONDON = 1793109600  # 2026-10-27 14:00 UTC
STAMP = 1792486800  # 2026-10-20 09:00 UTC

MAYA = Guest("Maya Okafor", "Maya@Example.org", Rsvp.ACCEPTED)
ALEX = Guest("Alex Chen", "alex@example.org", Rsvp.NEEDS_ACTION, chair=True)

INVITE = Invite(
    method=Method.REQUEST,
    uid="0123@tandem.example.org",
    sequence=3,
    start=OCT_27_14_LONDON,
    end=OCT_27_14_LONDON + 1800,
    title="Session with Alex Chen",
    description="Booked in chat.\nJoin: https://meet.example.org/a?b=c,d",
    place="https://meet.example.org/a?b=c,d",
    stamp=STAMP,
    guests=(ALEX, MAYA),
)

MAIL = Mail(
    to_name="Maya Okafor",
    to_email="maya@example.org",
    subject="Session with Alex Chen: Tue 27 Oct 14:00 London",
    text="Your session is booked.\n",
    html="<p>Your session is booked.</p>\n",
    message_id="<abc@tandem.example.org>",
    invite=INVITE,
)


def invite(method: Method = Method.REQUEST) -> Invite:
    """The sample with another method."""
    return replace(INVITE, method=method)


class FixedClock:
    """A clock that stands."""

    def now(self) -> int:
        return STAMP

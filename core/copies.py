"""Our copies in calendars: written so that what was done by hand meanwhile is put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import NotConnected, PreconditionFailed, RemoteMissing
from core.ports import Receipt

if TYPE_CHECKING:
    from core.booking.drafts import EventDraft
    from core.booking.meeting import EventRef
    from core.links import CalendarLink, Grant
    from core.ports import CalendarService, Ports


def service_of(ports: Ports, grant: Grant) -> CalendarService:
    """Return a grant's service. Raises NotConnected for one that is gone."""
    service = ports.calendars.get(grant.provider)
    if service is None:
        raise NotConnected("this installation does not speak to the service")
    return service


async def write_copy(
    ports: Ports, grant: Grant, link: CalendarLink, ref: EventRef | None, draft: EventDraft
) -> Receipt:
    """Create or update. Our database is the truth: a copy changed or deleted by hand in the
    meantime is found again and written anew.
    """
    writer = service_of(ports, grant).writer
    if ref is not None:
        receipt = Receipt(ref.remote_id, ref.etag)
        try:
            return await writer.update(grant, link.calendar_id, receipt, draft)
        except (PreconditionFailed, RemoteMissing):
            pass
    return await writer.place(grant, link.calendar_id, draft)


async def remove_copy(ports: Ports, grant: Grant, link: CalendarLink, ref: EventRef) -> None:
    """Delete a copy; one that is gone already is a success."""
    receipt = Receipt(ref.remote_id, ref.etag)
    await service_of(ports, grant).writer.remove(grant, link.calendar_id, receipt)

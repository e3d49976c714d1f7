"""The calendar's API of the stand-in: what each method does to the world."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.timing.spans import Span
from tests.servers.google import recurring
from tests.servers.google.judge import Matched
from tests.servers.google.world import RIGHTS, Account, Json, Shelf, World, instant, stamp

ROOT = "https://www.googleapis.com/auth/"
FOREVER: Span = (0, 2**40)
MESSAGES = {
    "authError": "Invalid Credentials",
    "insufficientPermissions": "Insufficient Permission",
    "fullSyncRequired": "Sync token is no longer valid, a full sync is required.",
}


class Refusal(Exception):  # noqa: N818  # an answer, not a failure of the stand-in
    """An error answer in Google's form."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason

    @property
    def body(self) -> Json:
        message = MESSAGES.get(self.reason, self.reason)
        error = {"message": message, "domain": "global", "reason": self.reason}
        return {"error": {"code": self.status, "message": message, "errors": [error]}}


@dataclass(slots=True)
class Asked:
    """A request that the stand-in has understood."""

    matched: Matched
    query: list[tuple[str, str]]
    body: Json | None
    headers: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.matched.id

    def one(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.query if key == name), default)

    def every(self, name: str) -> list[str]:
        return [value for key, value in self.query if key == name]

    @property
    def window(self) -> Span:
        start, end = self.one("timeMin"), self.one("timeMax")
        return instant(start) if start else FOREVER[0], instant(end) if end else FOREVER[1]


class CalendarApi:
    """Carries out requests for one account at a time."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.takes_exceptions = True  # whether a session of a series can be imported
        self.pending_reads = 1  # how often a new Meet link is still "pending" when looked at

    def act(self, asked: Asked, account: Account, scopes: set[str]) -> Json | None:
        """Return the answer of a request, None for no content. Raises Refusal."""
        if not scopes & set(asked.matched.method["scopes"]):
            raise Refusal(403, "insufficientPermissions")
        acts = {
            "calendarList.list": self.list_calendars,
            "calendarList.get": self.get_calendar,
            "freebusy.query": self.query,
            "events.list": self.list_events,
            "events.get": self.get,
            "events.instances": self.instances,
            "events.insert": self.insert,
            "events.import": self.import_,
            "events.patch": self.patch,
            "events.delete": self.delete,
        }
        if asked.id.startswith("events.") and f"{ROOT}calendar.events" not in scopes:
            shelf = account.shelves.get(asked.matched.path["calendarId"])
            if shelf is not None and shelf.role != "owner":
                raise Refusal(403, "insufficientPermissions")
        return acts[asked.id](asked, account)

    # --- calendars ---

    def list_calendars(self, asked: Asked, account: Account) -> Json:
        least = RIGHTS.index(asked.one("minAccessRole", "freeBusyReader"))
        shown = [s.entry() for s in account.shelves.values() if RIGHTS.index(s.role) >= least]
        items, more = self._page(asked, shown, 100)
        return {"kind": "calendar#calendarList", "etag": '"1"', "items": items, **more}

    def get_calendar(self, asked: Asked, account: Account) -> Json:
        return self._shelf(asked, account).entry()

    def query(self, asked: Asked, account: Account) -> Json:
        assert asked.body is not None
        window = instant(asked.body["timeMin"]), instant(asked.body["timeMax"])
        if window[1] <= window[0]:
            raise Refusal(400, "timeRangeEmpty")
        if window[1] - window[0] > 90 * 86_400:
            raise Refusal(400, "timeRangeTooLong")
        calendars: Json = {}
        wanted = [item["id"] for item in asked.body["items"]]
        for place, calendar_id in enumerate(wanted):
            if place >= min(50, asked.body.get("calendarExpansionMax", 50)):
                calendars[calendar_id] = failed("tooManyCalendarsRequested")
            elif calendar_id not in account.shelves:
                calendars[calendar_id] = failed("notFound")
            else:
                spans = account.shelves[calendar_id].busy(window)
                calendars[calendar_id] = {
                    "busy": [{"start": stamp(s), "end": stamp(e)} for s, e in spans]
                }
        times = {"timeMin": asked.body["timeMin"], "timeMax": asked.body["timeMax"]}
        return {"kind": "calendar#freeBusy", **times, "calendars": calendars}

    # --- events ---

    def list_events(self, asked: Asked, account: Account) -> Json:
        shelf = self._shelf(asked, account)
        single, gone = (asked.one(name) == "true" for name in ("singleEvents", "showDeleted"))
        found = shelf.inside(asked.window, single=single, gone=gone)
        for wanted in asked.every("privateExtendedProperty"):
            name, _, value = wanted.partition("=")
            found = [
                event
                for event in found
                if event.get("extendedProperties", {}).get("private", {}).get(name) == value
            ]
        if uid := asked.one("iCalUID"):
            found = [event for event in found if event["iCalUID"] == uid]
        items, more = self._page(asked, found, 250)
        about = {"summary": shelf.name, "timeZone": shelf.zone, "accessRole": shelf.role}
        return {"kind": "calendar#events", "etag": '"1"', **about, "items": items, **more}

    def get(self, asked: Asked, account: Account) -> Json:
        event = self._event(asked, account)
        request = event.get("conferenceData", {}).get("createRequest", {})
        if request.get("status", {}).get("statusCode") == "pending":
            if self.pending_reads <= 0:
                request["status"] = {"statusCode": "success"}
                event["hangoutLink"] = "https://meet.example.org/aaa-bbbb-ccc"
            self.pending_reads -= 1
        return event

    def instances(self, asked: Asked, account: Account) -> Json:
        shelf, master = self._shelf(asked, account), self._event(asked, account)
        found = [
            one
            for one in recurring.instances(shelf.events, master)
            if one["status"] != "cancelled" or asked.one("showDeleted") == "true"
        ]
        items, more = self._page(asked, found, 250)
        about = {"summary": shelf.name, "timeZone": shelf.zone, "accessRole": shelf.role}
        return {"kind": "calendar#events", "etag": '"1"', **about, "items": items, **more}

    def insert(self, asked: Asked, account: Account) -> Json:
        assert asked.body is not None
        shelf = self._shelf(asked, account)
        name = asked.body.get("id", "")
        if name and not (
            5 <= len(name) <= 1024 and set(name) <= set("0123456789abcdefghijklmnopqrstuv")
        ):
            raise Refusal(400, "invalid")
        if name and "iCalUID" in asked.body:
            raise Refusal(400, "invalid")
        if name in shelf.events:
            raise Refusal(409, "duplicate")
        return self.world.stored(shelf, account, asked.body)

    def import_(self, asked: Asked, account: Account) -> Json:
        assert asked.body is not None
        shelf = self._shelf(asked, account)
        old = self._same(asked.body, shelf)
        _rising(asked.body, old)
        organizer = asked.body.get("organizer", {})
        event = self.world.stored(shelf, account, asked.body, old)
        recurring.prune(shelf.events, event)
        event["organizer"] = organizer | (
            {"self": True} if organizer.get("email") == account.email else {}
        )
        for attendee in event.get("attendees", []):
            if attendee["email"] == account.email:
                attendee["self"] = True
        return event

    def _same(self, body: Json, shelf: Shelf) -> Json | None:
        """Return what an import replaces: the event, or the one session it names."""
        same = [e for e in shelf.events.values() if e["iCalUID"] == body["iCalUID"]]
        masters = [e for e in same if "recurringEventId" not in e]
        if "recurringEventId" not in body:
            return masters[0] if masters else None
        if not self.takes_exceptions:
            return None
        wanted = instant(body["originalStartTime"]["dateTime"])
        listed = recurring.instances(shelf.events, masters[0])
        return next(e for e in listed if instant(e["originalStartTime"]["dateTime"]) == wanted)

    def patch(self, asked: Asked, account: Account) -> Json:
        assert asked.body is not None
        shelf, event = self._shelf(asked, account), self._event(asked, account)
        self._same_version(asked, event)
        _rising(asked.body, event)
        if not event["organizer"].get("self") and set(asked.body) - {"attendees", "reminders"}:
            raise Refusal(403, "forbiddenForNonOrganizer")
        body = dict(asked.body)
        wished = body.pop("conferenceData", {}).get("createRequest")
        stored = self.world.stored(shelf, account, body, event)
        recurring.prune(shelf.events, stored)
        if asked.one("conferenceDataVersion", "0") != "1":
            stored.pop("conferenceData", None)
            stored.pop("hangoutLink", None)
        elif (
            wished
            and stored.get("conferenceData", {}).get("createRequest", {}).get("requestId")
            != wished["requestId"]
        ):
            status = {"statusCode": "pending" if shelf.meet else "failure"}
            stored["conferenceData"] = {"createRequest": {**wished, "status": status}}
        return stored

    def delete(self, asked: Asked, account: Account) -> None:
        event = self._event(asked, account)
        self._same_version(asked, event)
        if event["status"] == "cancelled":
            raise Refusal(410, "deleted")
        event["status"] = "cancelled"
        shelf = self._shelf(asked, account)
        for one in recurring.exceptions(shelf.events, event):
            del shelf.events[one["id"]]
        if event.get("recurringEventId"):
            shelf.events[event["id"]] = event
        event["etag"] = f'"{next(self.world.versions)}"'

    # --- what several do ---

    def _shelf(self, asked: Asked, account: Account) -> Shelf:
        shelf = account.shelves.get(asked.matched.path["calendarId"])
        if shelf is None:
            raise Refusal(404, "notFound")
        return shelf

    def _event(self, asked: Asked, account: Account) -> Json:
        events, name = self._shelf(asked, account).events, asked.matched.path["eventId"]
        event = events.get(name) or recurring.instance(events, name)
        if event is None:
            raise Refusal(404, "notFound")
        return event

    def _same_version(self, asked: Asked, event: Json) -> None:
        wanted = asked.headers.get("If-Match")
        if wanted is not None and wanted not in ("*", event["etag"]):
            raise Refusal(412, "conditionNotMet")

    def _page(self, asked: Asked, items: list[Json], most: int) -> tuple[list[Json], Json]:
        """Return one page, and where the next begins."""
        size = min(int(asked.one("maxResults", str(most))), self.page_size)
        first = int(asked.one("pageToken", "0"))
        more = {"nextPageToken": str(first + size)} if len(items) > first + size else {}
        return items[first : first + size], more

    page_size = 2500


def failed(reason: str) -> Json:
    """Return the free/busy entry of a calendar that could not be computed."""
    return {"errors": [{"domain": "global", "reason": reason}], "busy": []}


def _rising(body: Json, old: Json | None) -> None:
    """Refuse a sequence below the stored one."""
    if old is not None and body.get("sequence", old["sequence"]) < old["sequence"]:
        raise Refusal(400, "invalid")

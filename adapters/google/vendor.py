"""Google's client: the only module that imports it, and itself loaded in a thread (see `api`).

Nothing here may be called on the event loop: every call blocks.
"""

from __future__ import annotations

import json
import logging
import threading
from http.client import HTTPException
from typing import Any

import httplib2
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from adapters.google.calls import Call
from adapters.google.errors import Failure, seconds_to_wait

# It logs addresses and contents of requests, where our titles and people's addresses stand.
logging.getLogger("googleapiclient").setLevel(logging.ERROR)


class Vendor:
    """Google Calendar v3 for blocking callers, from any number of threads.

    The service object knows no credential (the token travels with each request), so one serves
    every grant. It is built from the discovery document that the package ships, without network.
    Connections are kept per thread, because httplib2 is not safe to share between threads.
    """

    def __init__(self, endpoint: str, timeout: float) -> None:
        """Talk to `endpoint` (the whole base, `/calendar/v3/` included); `timeout` in seconds."""
        self._timeout = timeout
        self._local = threading.local()
        self._opened: list[httplib2.Http] = []
        self._service = build(
            "calendar",
            "v3",
            http=httplib2.Http(),
            static_discovery=True,
            cache_discovery=False,
            client_options={"api_endpoint": endpoint},
        )

    def send(self, call: Call, token: str, now: int) -> dict[str, Any]:
        """Make one call and return its JSON object. Raises Failure. `now` dates Retry-After."""
        resource = getattr(self._service, call.resource)()
        request = getattr(resource, call.method)(**call.params)
        request.headers["authorization"] = f"Bearer {token}"
        if call.etag:
            request.headers["if-match"] = call.etag
        http = self._http()
        try:
            answer = request.execute(http=http, num_retries=0)
        except HttpError as error:
            wait = seconds_to_wait(error.resp.get("retry-after"), now)
            raise Failure(error.resp.status, reason_of(error.content), wait) from None
        except (ValueError, RecursionError):
            # What is no text, or nested without end, is no answer of Google's.
            raise Failure(200, "unreadable", again=False) from None
        except (OSError, HTTPException, httplib2.HttpLib2Error) as error:
            http.close()  # what is left of this exchange must not meet the next one
            raise Failure(0, again=not isinstance(error, TimeoutError)) from error
        if not call.answers and not answer:
            return {}
        if not call.answers or not isinstance(answer, dict):
            # A sign-in page of a hotel's network answers 200, too.
            raise Failure(200, "unreadable", again=False)
        return answer

    def close(self) -> None:
        """Close all connections; no other thread may be in a call any more."""
        for http in self._opened:
            http.close()

    def _http(self) -> httplib2.Http:
        """Return this thread's own connections."""
        if not hasattr(self._local, "http"):
            http = httplib2.Http(timeout=self._timeout)
            http.follow_redirects = False
            self._local.http = http
            self._opened.append(http)
        found: httplib2.Http = self._local.http
        return found


def reason_of(content: bytes) -> str:
    """Return Google's word for an error, empty when the answer is not in its form."""
    try:
        error = json.loads(content)["error"]
        details = error.get("errors") or [{}]
        return str(details[0].get("reason") or error.get("status") or "unknown")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return ""

"""What refusals of Graph and Entra mean, one by one."""

import json

import pytest

from adapters.microsoft.errors import Refusal, Reply, TooSlow, failure, retry_after
from core.errors import (
    AccessRevoked,
    BadData,
    Conflict,
    ConsentRequiredByAdmin,
    FullResync,
    InvalidRequest,
    NotConnected,
    PreconditionFailed,
    ProviderError,
    RateLimited,
    RemoteMissing,
    Unavailable,
)


def graph(status: int, code: str = "", text: str = "", **headers: str) -> Reply:
    body = json.dumps({"error": {"code": code, "message": text}}).encode() if code else b""
    return Reply(status, {n.replace("_", "-"): v for n, v in headers.items()}, body)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (graph(400, "ErrorInvalidRequest"), InvalidRequest),
        (graph(400, "RequestBodyRead"), InvalidRequest),
        (graph(400, "ErrorOccurrenceCrossingBoundary"), InvalidRequest),
        (graph(400, "SyncStateNotFound"), FullResync),
        (graph(401, "InvalidAuthenticationToken"), AccessRevoked),
        (graph(403, "ErrorAccessDenied"), NotConnected),
        (graph(403, "Authorization_RequestDenied"), ConsentRequiredByAdmin),
        (graph(403, "Forbidden", "AADSTS90094: an admin must"), ConsentRequiredByAdmin),
        (graph(403), NotConnected),
        (graph(404, "ErrorItemNotFound"), RemoteMissing),
        (graph(404, "MailboxNotEnabledForRESTAPI"), NotConnected),
        (graph(404, "ErrorInvalidUser"), NotConnected),
        (graph(408), Unavailable),
        (graph(409, "ErrorDuplicateTransactionId"), Conflict),
        (graph(409, "ErrorIrresolvableConflict"), PreconditionFailed),
        (graph(410, "resyncRequired"), FullResync),
        (graph(410), FullResync),
        (graph(412, "ErrorIrresolvableConflict"), PreconditionFailed),
        (graph(429, "ApplicationThrottled"), RateLimited),
        (graph(429), RateLimited),
        (graph(500, "ErrorInternalServerTransientError"), Unavailable),
        (graph(503, "ErrorServerBusy", retry_after="3"), RateLimited),
        (graph(503, "MailboxStoreUnavailable"), Unavailable),
        (graph(302), BadData),
        (graph(418), InvalidRequest),
    ],
)
def test_what_graph_refuses(reply: Reply, kind: type[ProviderError]) -> None:
    error = failure(reply)
    assert type(error) is kind
    assert error.provider == "microsoft"


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (Refusal("invalid_grant", codes=(65001,), interactive=True), ConsentRequiredByAdmin),
        (Refusal("invalid_grant", codes=(65001,)), AccessRevoked),
        (
            Refusal("invalid_grant", "AADSTS65001: needs admin consent", codes=(65001,)),
            ConsentRequiredByAdmin,
        ),
        (Refusal("consent_required", interactive=True), ConsentRequiredByAdmin),
        (Refusal("consent_required"), AccessRevoked),
        *(
            (Refusal("access_denied", f"AADSTS{code}: no"), ConsentRequiredByAdmin)
            for code in (90008, 90093, 90094, 90095, 650052, 650056, 500011, 50105, 53003, 53000)
        ),
        *(
            (Refusal("invalid_grant", codes=(code,)), AccessRevoked)
            for code in (700082, 70008, 50173, 700084, 70043, 50076, 50079, 50158)
        ),
        (Refusal("interaction_required", codes=(50076,)), AccessRevoked),
        (Refusal("interaction_required"), AccessRevoked),
        (Refusal("invalid_grant"), AccessRevoked),
        (Refusal("access_denied", "AADSTS65004: the person declined"), NotConnected),
        (Refusal("access_denied"), NotConnected),
        (Refusal("invalid_request", codes=(50020,)), NotConnected),
        (Refusal("invalid_client", codes=(7000215,)), Unavailable),
        (Refusal("invalid_client", codes=(7000222,)), Unavailable),
        (Refusal("temporarily_unavailable"), Unavailable),
        (Refusal("server_error"), Unavailable),
        (Refusal("temporarily_unavailable", codes=(90055,)), RateLimited),
        (Refusal("invalid_scope"), InvalidRequest),
    ],
)
def test_what_entra_refuses(refusal: Refusal, kind: type[ProviderError]) -> None:
    assert type(failure(refusal)) is kind


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (TimeoutError(), TooSlow),
        (OSError("10.0.0.7 refused"), Unavailable),
        (ValueError("no JSON"), BadData),
        (RuntimeError("another nonce"), BadData),
    ],
)
def test_what_breaks_on_the_way(problem: Exception, kind: type[ProviderError]) -> None:
    assert type(failure(problem)) is kind


def test_an_error_tells_codes_and_nothing_else() -> None:
    text = "AADSTS700082: the token of maya@example.org, secret 0.AXoA, has expired"
    told = str(failure(Refusal("invalid_grant", text)))
    assert "700082" in told
    assert "maya" not in told
    assert "0.AXoA" not in told
    assert "<script>" not in str(failure(graph(400, "<script>", "body of the event")))
    assert "body of the event" not in str(failure(graph(400, "ErrorX", "body of the event")))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7", 7), ("0", 1), ("1.5", 2), ("", 60), ("soon", 60), ("9999999", 86_400)],
)
def test_how_long_to_wait(text: str, seconds: int) -> None:
    assert retry_after(graph(429, retry_after=text)) == seconds


def test_a_date_to_wait_for_is_by_the_servers_clock() -> None:
    reply = graph(
        429, retry_after="Wed, 07 Oct 2026 08:00:30 GMT", date="Wed, 07 Oct 2026 08:00:00 GMT"
    )
    assert retry_after(reply) == 30

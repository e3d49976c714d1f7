"""The client against an endpoint that behaves, and against many that do not."""

import asyncio
import gzip
import json

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from adapters.llm.client import LARGEST, SURE, Endpoint
from bot.understand.constraint import Weekday
from bot.understand.intent import Intent
from bot.understand.schema import schema
from tests.unit.understand_llm.answers import SENTENCE, answer, person, span, weekday, when
from tests.unit.understand_llm.endpoint import KEY, Model, completion, never, serving

RIGHT = answer(
    people=[person("Priya")], time=when("on Thursday", options=[span(weekday(3))]), confidence=0.8
)


async def heard(model: Model, *, deadline: float = 5.0, url: str = "") -> tuple[object, list[str]]:
    """Ask once; return the reading, and why it was dropped."""
    reader = model.reader(deadline=deadline, url=url)
    try:
        with capture_logs() as logs:
            reading = await reader.read(SENTENCE)
    finally:
        await reader.close()
    assert all(set(line) == {"event", "log_level", "engine", "why"} for line in logs)
    assert all(line["engine"] == "quick-1" for line in logs)
    return reading, [line["why"] for line in logs]


async def test_a_right_answer_is_a_reading(model: Model) -> None:
    model.answer = RIGHT
    reader = model.reader()
    reading = await reader.read(SENTENCE)
    await reader.close()
    assert reading is not None
    assert (reading.intent, reading.text) == (Intent.BOOK, SENTENCE)
    assert [p.text for p in reading.people] == ["Priya"]
    assert reading.time is not None
    assert reading.time.options[0].dates == Weekday((3,))
    assert model.calls == 1


async def test_the_question_is_the_sentence_and_nothing_else(model: Model) -> None:
    model.answer = RIGHT
    await heard(model)
    assert model.paths == ["POST /v1/chat/completions"]
    (body,) = model.asked
    assert set(body) == {"model", "temperature", "messages", "response_format"}
    assert [m["role"] for m in body["messages"]] == ["system", "user"]
    assert body["messages"][1]["content"] == SENTENCE
    assert SENTENCE not in body["messages"][0]["content"]
    assert body["response_format"]["type"] == "json_schema"
    assert body["response_format"]["json_schema"] == {
        "name": "reading", "strict": True, "schema": json.loads(json.dumps(schema())),
    }  # fmt: skip
    assert model.headers[0]["authorization"] == f"Bearer {KEY}"
    assert "cookie" not in model.headers[0]


async def test_the_instructions_are_the_same_for_every_sentence(model: Model) -> None:
    model.answer = RIGHT
    reader = model.reader()
    await reader.read("one")
    await reader.read("another")
    await reader.close()
    first, second = ([m["content"] for m in body["messages"]] for body in model.asked)
    assert first[0] == second[0]
    assert (first[1], second[1]) == ("one", "another")


# --- what is dropped ----------------------------------------------------------------------------

WRONG = {
    "a name that is not in the text": answer(people=[person("Alex")]),
    "words of time that are not in the text": answer(time=when("next Tuesday")),
    "an unknown intent": answer("reserve"),
    "an intent that acts at once": answer("accept"),
    "an extra field": answer(calendar="primary"),
    "an extra field at the root": {**answer(), "date": "2026-10-22"},
    "a list": [answer()],
    "html": "<!doctype html><title>Sign in</title>",
    "prose": "Sure! They want to meet on Thursday.",
    "JSON in a fence": f"```json\n{json.dumps(answer())}\n```",
    "truncated JSON": json.dumps(RIGHT)[:-20],
    "nothing": "",
}


@pytest.mark.parametrize("what", WRONG)
async def test_a_wrong_answer_is_dropped(model: Model, what: str) -> None:
    model.answer = WRONG[what]
    reading, whys = await heard(model)
    assert reading is None
    assert len(whys) == 1
    assert whys[0].startswith("not a reading: ")
    assert model.calls == 1


@pytest.mark.parametrize("said", [answer("unknown"), answer(confidence=SURE - 0.01)])
async def test_an_unsure_answer_is_dropped(model: Model, said: object) -> None:
    model.answer = said
    assert await heard(model) == (None, ["unsure"])


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{}", b"[]", b"null", b'{"choices": []}', b'{"choices": {"0": 1}}',
     b'{"choices": [{"message": 1}]}', b'{"choices": [{"mess', b"\xff\xfe", b"[" * 60_000],
)  # fmt: skip
async def test_what_is_no_completion_is_dropped(model: Model, body: bytes) -> None:
    async def behave(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type="application/json")

    model.behave = behave
    assert await heard(model) == (None, ["not a completion"])


async def test_a_refusal_says_nothing(model: Model) -> None:
    assert await heard(model) == (None, ["nothing said"])


@pytest.mark.parametrize("status", [201, 204, 400, 401, 403, 404, 429, 500, 503])
async def test_any_other_status_is_dropped_and_not_tried_again(model: Model, status: int) -> None:
    async def behave(_: web.Request) -> web.StreamResponse:
        response = completion(RIGHT) if status != 204 else web.Response()
        response.set_status(status)
        response.headers["Retry-After"] = "0"
        return response

    model.behave = behave
    assert await heard(model) == (None, [f"status {status}"])
    assert model.calls == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(model: Model, status: int) -> None:
    async with serving() as other:
        other.answer = RIGHT

        async def behave(_: web.Request) -> web.StreamResponse:
            where = other.url.replace("127.0.0.1", "localhost")
            return web.Response(status=status, headers={"Location": f"{where}/v1"})

        model.behave = behave
        assert await heard(model) == (None, [f"status {status}"])
        assert (model.calls, other.calls) == (1, 0)


async def test_ten_megabytes_are_not_read(model: Model) -> None:
    sent = 0

    async def behave(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(160):
            try:
                await response.write(b" " * LARGEST)
            except ConnectionError:
                break
            sent += LARGEST
        return response

    model.behave = behave
    assert await heard(model) == (None, ["too large"])
    assert sent < 10 * 1024 * 1024 * 0.9


async def test_the_largest_answer_is_read_and_one_byte_more_is_not(model: Model) -> None:
    plain = completion(RIGHT).body
    assert isinstance(plain, bytes)

    def of_size(size: int) -> None:
        async def behave(_: web.Request) -> web.StreamResponse:
            return web.Response(body=plain.ljust(size), content_type="application/json")

        model.behave = behave

    of_size(LARGEST)
    assert (await heard(model))[1] == []
    of_size(LARGEST + 1)
    assert await heard(model) == (None, ["too large"])


async def test_a_small_answer_that_unfolds_is_not_unfolded(model: Model) -> None:
    async def behave(_: web.Request) -> web.StreamResponse:
        body = gzip.compress(b" " * 50_000_000)
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    model.behave = behave
    assert await heard(model) == (None, ["not a completion"])
    assert model.headers[0]["accept-encoding"] == "identity"


async def test_a_late_answer_is_dropped(model: Model) -> None:
    model.behave = never
    assert await heard(model, deadline=0.2) == (None, ["late"])
    assert model.calls == 1


async def test_an_answer_that_drips_is_late_too(model: Model) -> None:
    async def behave(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.02)

    model.behave = behave
    assert await heard(model, deadline=0.3) == (None, ["late"])


async def test_a_connection_that_breaks_off_is_dropped(model: Model) -> None:
    async def behave(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    model.behave = behave
    reading, whys = await heard(model)
    assert reading is None
    assert [why.partition(":")[0] for why in whys] == ["unreachable"]
    assert model.calls == 1


async def test_nobody_there(model: Model) -> None:
    reading, whys = await heard(model, url="http://127.0.0.1:9/v1")
    assert reading is None
    assert [why.partition(":")[0] for why in whys] == ["unreachable"]


async def test_who_stops_waiting_stops_the_question(model: Model) -> None:
    asked = asyncio.Event()

    async def behave(request: web.Request) -> web.StreamResponse:
        asked.set()
        return await never(request)

    model.behave = behave
    reader = model.reader()
    task = asyncio.create_task(reader.read(SENTENCE))
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await reader.close()


# --- what is kept, shown and logged -------------------------------------------------------------


async def test_nothing_is_opened_before_the_first_question_and_after_the_last(model: Model) -> None:
    model.answer = RIGHT
    reader = model.reader()
    sessions = [reader._session]
    await reader.close()
    for _ in range(2):
        assert await reader.read(SENTENCE) is not None
        sessions.append(reader._session)
    await reader.close()
    assert await reader.read(SENTENCE) is not None
    sessions.append(reader._session)
    await reader.close()
    first, second, third, fourth = sessions
    assert first is None
    assert second is third is not fourth
    assert [s.closed for s in (second, fourth) if s is not None] == [True, True]


def test_the_key_is_in_no_repr() -> None:
    assert KEY not in repr(Endpoint("https://models.example.org/v1", "quick-1", KEY))


async def test_the_log_has_neither_sentence_nor_answer_nor_key(model: Model) -> None:
    reader = model.reader()
    with capture_logs() as logs:
        for said in WRONG.values():
            model.answer = said
            await reader.read(SENTENCE)
    await reader.close()
    shown = repr(logs)
    assert len(logs) == len(WRONG)
    for secret in ("Priya", "Thursday", "natter", "Alex", "primary", "reserve", "Sure!", KEY):
        assert secret not in shown

"""What every second reader keeps to: it reads what is there, or says nothing, and never raises."""

from typing import Protocol

import pytest

from bot.understand.intent import Intent, Reading
from bot.understand.second import SecondReader
from bot.understand.shapes import MODEL_INTENTS

SENTENCE = "Would Priya be up for a natter?"


class Engine(Protocol):
    """A reader, and a way to make what is behind it answer well, badly or not at all."""

    reader: SecondReader

    def works(self) -> None: ...

    def talks_nonsense(self) -> None: ...

    async def is_gone(self) -> None: ...


class SecondReaderContract:
    """Subclasses give a fixture `engine`."""

    async def test_it_has_a_name_for_the_log(self, engine: Engine) -> None:
        assert engine.reader.name.strip()

    async def test_it_reads_what_the_sentence_says(self, engine: Engine) -> None:
        engine.works()
        reading = await engine.reader.read(SENTENCE)
        assert isinstance(reading, Reading)
        assert reading.text == SENTENCE
        assert reading.intent in MODEL_INTENTS - {Intent.UNKNOWN}
        for mention in reading.people:
            first, last = mention.span
            assert SENTENCE[first:last] == mention.text
            assert mention.candidates == ()

    @pytest.mark.parametrize("text", ["", " ", "\x00", "'\"}{\\", "🗓" * 2_000, "\ud800"])
    async def test_no_sentence_makes_it_raise(self, engine: Engine, text: str) -> None:
        engine.works()
        await engine.reader.read(text)

    async def test_nonsense_is_no_reading(self, engine: Engine) -> None:
        engine.talks_nonsense()
        assert await engine.reader.read(SENTENCE) is None

    async def test_nobody_there_is_no_reading(self, engine: Engine) -> None:
        await engine.is_gone()
        assert await engine.reader.read(SENTENCE) is None

    async def test_closing_twice_is_closing(self, engine: Engine) -> None:
        engine.works()
        await engine.reader.read(SENTENCE)
        await engine.reader.close()
        await engine.reader.close()

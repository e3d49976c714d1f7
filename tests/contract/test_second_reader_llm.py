"""The language model's client keeps to the contract of second readers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from adapters.llm.client import ChatReader
from tests.contract.second_reader_contract import SecondReaderContract
from tests.unit.understand_llm.answers import answer, person
from tests.unit.understand_llm.endpoint import Model, serving


@dataclass
class LlmEngine:
    model: Model
    reader: ChatReader

    def works(self) -> None:
        self.model.answer = answer(people=[person("Priya")])

    def talks_nonsense(self) -> None:
        self.model.answer = "I would say they want to meet."

    async def is_gone(self) -> None:
        await self.reader.close()
        self.reader = self.model.reader(url="http://127.0.0.1:9/v1")


class TestLlm(SecondReaderContract):
    @pytest.fixture
    async def engine(self) -> AsyncIterator[LlmEngine]:
        async with serving() as model:
            engine = LlmEngine(model, model.reader())
            yield engine
            await engine.reader.close()

"""One call of the API, in words that need none of Google's client."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `resource` and `method` by the client's names (`import` is `import_`).

    `etag` makes it conditional (If-Match).
    """

    resource: str
    method: str
    params: dict[str, Any] = field(repr=False)
    etag: str = ""

    @property
    def answers(self) -> bool:
        """Whether a success has a body; a deletion has none."""
        return self.method != "delete"

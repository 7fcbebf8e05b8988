"""unfurnish in datatrove."""

from __future__ import annotations

from typing import Any

from datatrove.pipeline.formatters.base import BaseFormatter
from datatrove.utils.typeshelper import StatHints

from ._cleaner import Cleaner
from ._on_error import OnError, check_on_error, failure, tell_skips


class Unfurnish(BaseFormatter):  # type: ignore[misc]
    """A formatter that takes the furniture out of the text of each document.

    Arguments:
        cleaner: how to clean; the default is `Cleaner()`.
        on_error: what to do about a document that cannot be cleaned. "fail" ends the task with an
            error that names its rank and the document; "skip" drops the document and logs that.
    """

    name = "🪑 unfurnish"

    def __init__(self, cleaner: Cleaner | None = None, on_error: OnError = "fail") -> None:
        super().__init__()
        check_on_error(on_error)
        self.cleaner = cleaner or Cleaner()
        self.on_error: OnError = on_error

    def format(self, text: str) -> str:
        """The text without its furniture."""
        return self.cleaner.clean(text)

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        """Cleans the documents of a task."""
        for document in data:
            self.stat_update(StatHints.total)
            try:
                with self.track_time():
                    document.text = self.format(document.text)
            except Exception as error:
                place = f"rank {rank}"
                if self.on_error == "fail":
                    raise failure(place, document.id, error) from error
                tell_skips(place, [(document.id, error)])
                self.stat_update(StatHints.dropped)
                continue
            self.stat_update(StatHints.forwarded)
            yield document

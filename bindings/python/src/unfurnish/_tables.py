"""Tables and batches of pyarrow, for the engines that give these."""

from __future__ import annotations

from typing import Any

import pyarrow

from ._cleaner import Cleaner
from ._on_error import OnError, failure, tell_skips


def clean_batch(
    cleaner: Cleaner, batch: Any, column: str, on_error: OnError, place: str, first_row: int = 0
) -> Any:
    """A record batch of pyarrow with a column cleaned, without the rows that cannot be.

    `place` says for messages which part of the data it is, and `first_row` where in it the batch
    begins.
    """
    try:
        return pyarrow.record_batch(cleaner.clean_arrow(batch, column))
    except Exception:
        # One by one: all but those to blame come through.
        return _clean_rows(cleaner, batch, column, on_error, place, first_row)


def clean_table(
    cleaner: Cleaner, table: Any, column: str, on_error: OnError, place: str, first_row: int = 0
) -> Any:
    """The same for a table."""
    batches = []
    for batch in table.to_batches():
        batches.append(clean_batch(cleaner, batch, column, on_error, place, first_row))
        first_row += batch.num_rows
    return pyarrow.Table.from_batches(batches, table.schema)


def _clean_rows(
    cleaner: Cleaner, batch: Any, column: str, on_error: OnError, place: str, first_row: int
) -> Any:
    texts: list[str | None] = []
    kept: list[int] = []
    skips: list[tuple[object, Exception]] = []
    index = batch.schema.get_field_index(column)
    if index < 0:
        raise ValueError(f"{place}: there is no column {column!r}, or more than one")
    for row, value in enumerate(batch.column(index)):
        text = value.as_py()
        try:
            texts.append(None if text is None else cleaner.clean(text))
            kept.append(row)
        except Exception as error:
            if on_error == "fail":
                raise failure(place, first_row + row, error) from error
            skips.append((first_row + row, error))
    tell_skips(place, skips)
    field = batch.schema.field(index)
    rest = batch.take(pyarrow.array(kept, pyarrow.int64()))
    return rest.set_column(index, field, pyarrow.array(texts, field.type))

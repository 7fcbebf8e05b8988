"""unfurnish on Apache Spark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pyspark.sql.types import StringType

from ._cleaner import Cleaner
from ._on_error import OnError, check_on_error
from ._tables import clean_batch

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def clean(
    frame: DataFrame,
    column: str = "text",
    cleaner: Cleaner | None = None,
    *,
    on_error: OnError = "fail",
) -> DataFrame:
    """The same DataFrame with the texts of a column clean.

    It is a `mapInArrow`: nothing runs before an action. The cleaner goes to the executors with the
    task, and unfurnish has to be installed there. Nulls stay nulls.

    Arguments:
        column: the column, of strings.
        cleaner: how to clean; the default is `Cleaner()`.
        on_error: what to do about a row that cannot be cleaned. "fail" ends the job with an error
            that names partition and row; "skip" leaves the row out and logs that on the executor.

    Raises TypeError if there is no such column or if it is not of strings.
    """
    check_on_error(on_error)
    types = [field.dataType for field in frame.schema.fields if field.name == column]
    if len(types) != 1 or not isinstance(types[0], StringType):
        found = ", ".join(kind.simpleString() for kind in types) or "not there"
        raise TypeError(f"the column {column!r} must be one of strings; it is {found}")
    chosen = cleaner or Cleaner()

    def clean_partition(batches: Iterable[Any]) -> Iterator[Any]:
        from pyspark import TaskContext

        context = TaskContext.get()
        place = f"partition {context.partitionId() if context else '?'}"
        row = 0
        for batch in batches:
            yield clean_batch(chosen, batch, column, on_error, place, row)
            row += batch.num_rows

    return frame.mapInArrow(clean_partition, frame.schema)

"""unfurnish on Ray Data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ray

from ._cleaner import Cleaner
from ._on_error import OnError, check_on_error
from ._tables import clean_table

if TYPE_CHECKING:
    from ray.data import Dataset


def clean(
    dataset: Dataset,
    column: str = "text",
    cleaner: Cleaner | None = None,
    *,
    on_error: OnError = "fail",
) -> Dataset:
    """The same dataset with the texts of a column clean.

    It is a `map_batches`: nothing runs before the dataset is read. The cleaner goes to the workers
    with the task, and unfurnish has to be installed there. Nulls stay nulls.

    Arguments:
        column: the column, of strings.
        cleaner: how to clean; the default is `Cleaner()`.
        on_error: what to do about a row that cannot be cleaned. "fail" ends the work with an error
            that names the task and the row in its block; "skip" leaves the row out and logs that on
            the worker.
    """
    check_on_error(on_error)
    chosen = cleaner or Cleaner()

    def clean_block(block: Any) -> Any:
        place = f"task {ray.get_runtime_context().get_task_id()}"
        return clean_table(chosen, block, column, on_error, place)

    return dataset.map_batches(clean_block, batch_format="pyarrow", batch_size=None)

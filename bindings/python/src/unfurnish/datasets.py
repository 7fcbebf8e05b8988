"""unfurnish on Hugging Face Datasets."""

from __future__ import annotations

from typing import Any, TypeVar

from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict

from ._cleaner import Cleaner
from ._on_error import OnError, check_on_error
from ._tables import clean_table

_Data = TypeVar("_Data", Dataset, IterableDataset, DatasetDict, IterableDatasetDict)


def clean(
    dataset: _Data,
    column: str = "text",
    cleaner: Cleaner | None = None,
    *,
    on_error: OnError = "fail",
    num_proc: int | None = None,
) -> _Data:
    """The same dataset, or the same splits, with the texts of a column clean.

    It is a `map`: a dataset is cleaned now and its result is cached as that of any `map`, an
    iterable one while it is read. A dataset keeps its format; an iterable one comes back without.
    Nulls stay nulls.

    Arguments:
        column: the column, of strings.
        cleaner: how to clean; the default is `Cleaner()`.
        on_error: what to do about a row that cannot be cleaned. "fail" ends the work with an error
            that names the row, and the process if there are several; "skip" leaves the row out and
            logs that.
        num_proc: how many processes share the work; not for iterable datasets.
    """
    check_on_error(on_error)
    return _clean(dataset, _Step(cleaner or Cleaner(), column, on_error), num_proc)


def _clean(dataset: Any, step: _Step, num_proc: int | None) -> Any:
    if isinstance(dataset, dict):
        parts = {name: _clean(part, step, num_proc) for name, part in dataset.items()}
        return type(dataset)(parts)
    arguments = {"batched": True, "with_indices": True, "features": dataset.features}
    as_arrow = dataset.with_format("arrow")
    if not isinstance(dataset, Dataset):
        if num_proc is not None:
            raise ValueError("num_proc is for datasets that are not iterable ones")
        return as_arrow.map(step, **arguments).with_format(None)
    shape = dataset.format
    cleaned = as_arrow.map(step, with_rank=num_proc is not None, num_proc=num_proc, **arguments)
    kwargs = shape.pop("format_kwargs")
    return cleaned.with_format(**shape, **kwargs)


class _Step:
    """What is mapped. Datasets tells by its pickle whether it has the result already."""

    def __init__(self, cleaner: Cleaner, column: str, on_error: OnError) -> None:
        self.cleaner = cleaner
        self.column = column
        self.on_error: OnError = on_error

    def __call__(self, table: Any, rows: list[int], rank: int | None = None) -> Any:
        place = "dataset" if rank is None else f"dataset, process {rank}"
        return clean_table(self.cleaner, table, self.column, self.on_error, place, rows[0])

"""What users write, for type checkers; it is not run."""

from collections.abc import Iterator
from pathlib import Path

import datasets
import duckdb
import polars
import pyarrow
import unfurnish
import unfurnish.datasets
import unfurnish.datatrove
import unfurnish.duckdb
import unfurnish.polars
import unfurnish.ray
import unfurnish.spark
from pyspark.sql import DataFrame
from typing_extensions import assert_type

options: unfurnish.Options = {"profile": "page", "remove": ["meta", "bio"], "budget": None}
assert_type(unfurnish.clean("text", **options), str)

with unfurnish.Cleaner(rules=["[[rule]]", Path("own.toml")], keep="share") as cleaner:
    assert_type(cleaner.clean("text"), str)
    cleaned = cleaner.explain("text")
    assert_type(cleaned, unfurnish.Cleaned)
    assert_type(cleaned.removals, tuple[unfurnish.Removal, ...])
    assert_type(cleaned.removals[0].start, int)
    assert_type(cleaner.clean_many(["text"]), Iterator[str])
    assert_type(cleaner.clean_many(line for line in ["text"]), Iterator[str])
    assert_type(cleaner.clean_arrow(polars.Series(["text"])), unfurnish.CleanStream)
    assert_type(cleaner.clean_arrow(polars.DataFrame(), "text"), unfurnish.CleanStream)
    pyarrow.table(cleaner.clean_arrow(polars.DataFrame(), "text"))

assert_type(unfurnish.polars.clean(polars.col("text"), cleaner), polars.Expr)
unfurnish.duckdb.register(duckdb.connect(), "unfurnish", cleaner)


def on_spark(frame: DataFrame) -> None:
    assert_type(unfurnish.spark.clean(frame, "text", cleaner, on_error="skip"), DataFrame)


def on_datasets(one: datasets.Dataset, several: datasets.DatasetDict) -> None:
    assert_type(unfurnish.datasets.clean(one, num_proc=2), datasets.Dataset)
    assert_type(unfurnish.datasets.clean(several, "text", cleaner), datasets.DatasetDict)


assert_type(unfurnish.datatrove.Unfurnish(on_error="skip").format("text"), str)

try:
    unfurnish.Cleaner(profile="articel")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    unfurnish.clean(b"bytes")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    cleaner.clean_arrow(["text"])  # type: ignore[call-overload] # pyright: ignore
except unfurnish.BuildError as error:
    assert_type(error.status, int)

"""Spark, on a cluster of two workers."""

import os
import re
import sys

import pytest
import unfurnish
import unfurnish.spark
from pyspark.sql import SparkSession


@pytest.fixture(scope="module")
def spark(java):
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def frame(spark, rows):
    tuples = [(row["id"], row["text"]) for row in rows]
    return spark.createDataFrame(tuples, "id long, text string").repartition(4, "id")


def by_id(frame):
    return {row.id: row.text for row in frame.collect()}


def test_rows(spark, rows, expected):
    cleaned = unfurnish.spark.clean(frame(spark, rows))
    assert cleaned.schema == frame(spark, rows).schema
    assert by_id(cleaned) == expected
    executors = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size()
    assert executors == 3  # the two and the driver


def test_options_and_order_of_columns(spark, rows):
    cleaner = unfurnish.Cleaner(profile="normalize")
    turned = frame(spark, rows).selectExpr("text AS body", "id")
    cleaned = unfurnish.spark.clean(turned, "body", cleaner)
    assert cleaned.columns == ["body", "id"]
    texts = {row["id"]: row["text"] for row in rows}
    for row in cleaned.collect():
        text = texts[row.id]
        assert row.body == (None if text is None else cleaner.clean(text))


def test_small_batches(spark, rows, expected):
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 3)
    spark.conf.set("spark.sql.execution.arrow.useLargeVarTypes", "true")
    try:
        assert by_id(unfurnish.spark.clean(frame(spark, rows))) == expected
    finally:
        spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")
        spark.conf.unset("spark.sql.execution.arrow.useLargeVarTypes")


def test_a_row_that_fails(spark, some_broken, all_but_broken, fragile):
    broken = frame(spark, some_broken)
    with pytest.raises(Exception) as caught:
        unfurnish.spark.clean(broken, cleaner=fragile).collect()
    assert re.search(r"partition [0-3], row \d+: it is broken", str(caught.value))
    skipped = unfurnish.spark.clean(broken, cleaner=fragile, on_error="skip")
    assert by_id(skipped) == all_but_broken


def test_what_is_no_column_of_strings(spark, rows):
    for column, found in [("id", "bigint"), ("nothing", "not there")]:
        with pytest.raises(TypeError, match=f"'{column}' must be one of strings; it is {found}"):
            unfurnish.spark.clean(frame(spark, rows), column)
    with pytest.raises(ValueError, match="on_error"):
        unfurnish.spark.clean(frame(spark, rows), on_error="ignore")

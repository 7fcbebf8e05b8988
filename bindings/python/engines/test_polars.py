"""Polars."""

import doctest

import polars
import pytest
import unfurnish
import unfurnish.polars


def test_rows(rows, expected):
    frame = polars.DataFrame(rows)
    cleaned = frame.with_columns(unfurnish.polars.clean("text"))
    assert cleaned.schema == frame.schema
    assert cleaned["text"].to_list() == [expected[row] for row in frame["id"]]


def test_lazily_and_streaming(rows, expected):
    frame = polars.LazyFrame(rows).with_columns(unfurnish.polars.clean().alias("clean"))
    for engine in ("in-memory", "streaming"):
        cleaned = frame.collect(engine=engine)
        assert dict(cleaned.select("id", "clean").iter_rows()) == expected


def test_options_and_expressions(rows):
    cleaner = unfurnish.Cleaner(profile="normalize")
    upper = polars.col("text").str.to_uppercase()
    frame = polars.DataFrame(rows).with_columns(unfurnish.polars.clean(upper, cleaner))
    for text, row in zip(frame["text"], rows):
        assert text == (None if row["text"] is None else cleaner.clean(row["text"].upper()))


def test_what_is_no_column_of_strings():
    with pytest.raises(Exception, match="of no type of strings"):
        polars.DataFrame({"text": [1]}).with_columns(unfurnish.polars.clean())


def test_the_docstring():
    assert doctest.testmod(unfurnish.polars).attempted > 2
    assert doctest.testmod(unfurnish.polars).failed == 0

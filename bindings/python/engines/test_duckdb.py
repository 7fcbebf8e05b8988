"""DuckDB."""

import doctest

import duckdb
import pyarrow
import pytest
import unfurnish
import unfurnish.duckdb


@pytest.fixture
def connection(rows):
    connection = duckdb.connect()
    connection.register("docs", pyarrow.Table.from_pylist(rows))
    return connection


def test_rows(connection, expected):
    unfurnish.duckdb.register(connection)
    cleaned = connection.sql("SELECT id, unfurnish(text) FROM docs")
    assert dict(cleaned.fetchall()) == expected


def test_many_rows_in_several_threads(connection, expected):
    unfurnish.duckdb.register(connection)
    connection.execute("SET threads TO 2")
    connection.execute("CREATE TABLE many AS SELECT d.* FROM docs d, range(2000)")
    cleaned = connection.sql("SELECT DISTINCT id, unfurnish(text) FROM many").fetchall()
    assert len(cleaned) == len(expected)
    assert dict(cleaned) == expected


def test_options(connection, rows):
    cleaner = unfurnish.Cleaner(profile="normalize")
    unfurnish.duckdb.register(connection, "tidy", cleaner)
    for row, text in connection.sql("SELECT id, tidy(text) FROM docs").fetchall():
        given = rows[row]["text"]
        assert text == (None if given is None else cleaner.clean(given))


def test_the_docstring():
    assert doctest.testmod(unfurnish.duckdb).attempted > 2
    assert doctest.testmod(unfurnish.duckdb).failed == 0

"""unfurnish in DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow

from ._cleaner import Cleaner

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def register(
    connection: DuckDBPyConnection, name: str = "unfurnish", cleaner: Cleaner | None = None
) -> None:
    """Makes a function of SQL that cleans a text. NULL stays NULL.

    Arguments:
        name: what the function is called.
        cleaner: how to clean; the default is `Cleaner()`.

    >>> import duckdb, unfurnish.duckdb
    >>> connection = duckdb.connect()
    >>> unfurnish.duckdb.register(connection)
    >>> text = "It rained all day.\\n\\nShare this article:"
    >>> connection.execute("SELECT unfurnish(?)", [text]).fetchone()
    ('It rained all day.',)
    """
    chosen = cleaner or Cleaner()

    def clean_column(texts: Any) -> Any:
        return pyarrow.chunked_array(chosen.clean_arrow(texts))

    create: Any = connection.create_function  # its stubs do not know types by name
    create(name, clean_column, ["VARCHAR"], "VARCHAR", type="arrow")

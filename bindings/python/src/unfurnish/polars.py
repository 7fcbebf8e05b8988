"""unfurnish in Polars."""

from __future__ import annotations

import polars

from ._cleaner import Cleaner


def clean(column: str | polars.Expr = "text", cleaner: Cleaner | None = None) -> polars.Expr:
    """An expression: the texts of a column, clean. Nulls stay nulls.

    Arguments:
        column: the column, by name or as an expression; it must be of type `String`.
        cleaner: how to clean; the default is `Cleaner()`.

    >>> import polars, unfurnish.polars
    >>> frame = polars.DataFrame({"text": ["It rained all day.\\n\\nShare this article:", None]})
    >>> frame.with_columns(unfurnish.polars.clean("text")).to_series().to_list()
    ['It rained all day.', None]
    """
    chosen = cleaner or Cleaner()

    def clean_series(texts: polars.Series) -> polars.Series:
        return polars.Series(texts.name, chosen.clean_arrow(texts))

    expression = polars.col(column) if isinstance(column, str) else column
    return expression.map_batches(clean_series, polars.String, is_elementwise=True)

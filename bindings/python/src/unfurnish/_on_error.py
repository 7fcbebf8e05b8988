"""What to do about a row that cannot be cleaned, in the engines."""

from __future__ import annotations

import logging
from typing import Literal

OnError = Literal["fail", "skip"]

_log = logging.getLogger("unfurnish")


def check_on_error(on_error: str) -> None:
    """Raises ValueError if there is no such way to go on after an error."""
    if on_error not in ("fail", "skip"):
        raise ValueError(f"on_error must be 'fail' or 'skip', not {on_error!r}")


def failure(place: str, row: object, cause: Exception) -> ValueError:
    """The error for a row that cannot be cleaned."""
    return ValueError(f"{place}, row {row}: {cause}; on_error='skip' leaves such rows out")


def tell_skips(place: str, skips: list[tuple[object, Exception]]) -> None:
    """Logs how many rows of a batch were left out, and why the first was."""
    if skips:
        row, cause = skips[0]
        _log.warning("%s: rows left out: %d; row %s: %s", place, len(skips), row, cause)

"""The exceptions for what the C library says."""

from __future__ import annotations

from ctypes import string_at
from typing import Any

from . import _bindings as c
from ._bindings import lib


class BuildError(ValueError):
    """A cleaner cannot be built from these options or rule packs. A text is never the reason.

    >>> import unfurnish
    >>> try:
    ...     unfurnish.Cleaner(disable="en/no-such-rule")
    ... except unfurnish.BuildError as error:
    ...     print(error.status)
    8
    """

    status: int
    """The `unf_status` of the C API, such as 8 for a disabled rule that does not exist."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status

    def __reduce__(self) -> tuple[Any, ...]:
        return BuildError, (str(self), self.status)


_KINDS: dict[int, type[Exception]] = {
    c.ERR_TYPE: TypeError,
    c.ERR_OFFSETS: ValueError,
    c.ERR_ARROW: ValueError,
    c.ERR_OVERFLOW: OverflowError,
    c.ERR_STREAM: OSError,
}


def view(text: c.Str) -> bytes:
    """The bytes of a text that the library lends."""
    return string_at(text.data, text.len)


def failed(status: int, message: str = "") -> Exception:
    """The exception for a status that is not OK."""
    if not message:
        name = lib.unf_status_name(status)
        message = f"unfurnish: {name.decode() if name else status}"
    if c.ERR_OPTION <= status <= c.ERR_TOO_MANY_CUES:
        return BuildError(message, status)
    return _KINDS.get(status, RuntimeError)(message)


def check(status: int, error: Any) -> None:
    """Raises what a call with an `unf_error **` failed with."""
    if status == c.OK:
        return
    try:
        message = view(lib.unf_error_message(error)).decode()
    finally:
        lib.unf_error_free(error)
    raise failed(status, message)

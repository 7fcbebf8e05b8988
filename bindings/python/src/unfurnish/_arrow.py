"""Arrow data, handed over in PyCapsules as all libraries with Arrow data do. No package is needed.

https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref
from typing import TYPE_CHECKING, Any, Protocol

from . import _bindings as c
from ._bindings import lib
from ._errors import check

if TYPE_CHECKING:
    from ._cleaner import Cleaner


class ArrowArrayExportable(Protocol):
    """What has an Arrow array: an array or a record batch of pyarrow, for instance."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """The capsules of an ArrowSchema and an ArrowArray."""
        ...


class ArrowStreamExportable(Protocol):
    """What has a stream of Arrow arrays: columns and tables of polars, pandas, pyarrow, DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The capsule of an ArrowArrayStream."""
        ...


def _reader(kind: Any, name: bytes) -> Any:
    """What gives the struct of this type in a capsule; the capsule has to outlive it."""
    # A function of its own: that of ctypes.pythonapi belongs to everyone.
    get_pointer = ctypes.PYFUNCTYPE(POINTER(kind), ctypes.py_object, ctypes.c_char_p)
    function = get_pointer(("PyCapsule_GetPointer", ctypes.pythonapi))
    return lambda capsule: function(capsule, name)


_schema = _reader(c.ArrowSchema, b"arrow_schema")
_array = _reader(c.ArrowArray, b"arrow_array")
_stream = _reader(c.ArrowArrayStream, b"arrow_array_stream")

# Below, what is clean is put where the text came from, into the producer's own capsule. Whoever
# takes data out of a capsule moves them, and the capsule releases what nobody took, by the callback
# that the data themselves bring. So it does not matter to it whose they are.


class CleanArray:
    """An array whose texts are cleaned when it is taken, as often as it is taken."""

    __slots__ = ("_cleaner", "_column", "_source")

    def __init__(self, cleaner: Cleaner, source: ArrowArrayExportable, column: str) -> None:
        self._cleaner = cleaner
        self._source = source
        self._column = column.encode()

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """The capsules of an ArrowSchema and an ArrowArray."""
        handle = self._cleaner._open_handle()
        schema, array = self._source.__arrow_c_array__(requested_schema)
        data = _array(array)
        error = POINTER(c.Error)()
        column = self._column
        status = lib.unf_cleaner_clean_arrow(
            handle.pointer, data, _schema(schema), column, len(column), data, byref(error)
        )
        check(status, error)
        return schema, array


class CleanStream:
    """A stream whose texts are cleaned while it is read, as often as its source can be read."""

    __slots__ = ("_cleaner", "_column", "_source")

    def __init__(self, cleaner: Cleaner, source: ArrowStreamExportable, column: str) -> None:
        self._cleaner = cleaner
        self._source = source
        self._column = column.encode()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The capsule of an ArrowArrayStream."""
        handle = self._cleaner._open_handle()
        capsule = self._source.__arrow_c_stream__(requested_schema)
        stream = _stream(capsule)
        error = POINTER(c.Error)()
        column = self._column
        status = lib.unf_cleaner_clean_arrow_stream(
            handle.pointer, stream, column, len(column), stream, byref(error)
        )
        check(status, error)
        return capsule

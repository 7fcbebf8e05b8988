"""The C API as ctypes sees it. `tests/test_bindings.py` compares this file with the header."""

from __future__ import annotations

import ctypes
import sys
from ctypes import POINTER, c_bool, c_char, c_char_p, c_int, c_int32, c_int64, c_size_t, c_uint8
from ctypes import c_uint32
from pathlib import Path
from typing import Any

VERSION = "0.1.0"

# unf_status
OK = 0
ERR_NULL = 1
ERR_LENGTH = 2
ERR_INDEX = 3
ERR_OFFSETS = 4
ERR_BUFFER = 5
ERR_OPTION = 6
ERR_RULE_PACK = 7
ERR_UNKNOWN_RULE = 8
ERR_TOO_MANY_CUES = 9
ERR_PANIC = 10
ERR_TYPE = 11
ERR_ARROW = 12
ERR_OVERFLOW = 13
ERR_STREAM = 14
ERR_FILE = 15

# unf_row_flag
ROW_CHANGED = 1
ROW_ABSTAINED = 2
ROW_FAILED = 4


class Builder(ctypes.Structure):
    """unf_builder, opaque."""


class Cleaner(ctypes.Structure):
    """unf_cleaner, opaque."""


class Cleaned(ctypes.Structure):
    """unf_cleaned, opaque."""


class Batch(ctypes.Structure):
    """unf_batch, opaque."""


class Error(ctypes.Structure):
    """unf_error, opaque."""


class ArrowSchema(ctypes.Structure):
    """struct ArrowSchema; PyCapsules hold it."""


class ArrowArray(ctypes.Structure):
    """struct ArrowArray; PyCapsules hold it."""


class ArrowArrayStream(ctypes.Structure):
    """struct ArrowArrayStream; PyCapsules hold it."""


class Str(ctypes.Structure):
    """unf_str."""

    # Not c_char_p, which ctypes would read up to the first NUL.
    _fields_ = [("data", POINTER(c_char)), ("len", c_size_t)]


class Removal(ctypes.Structure):
    """unf_removal."""

    _fields_ = [("start", c_size_t), ("end", c_size_t), ("rule", Str), ("category", c_int)]


class Edit(ctypes.Structure):
    """unf_edit."""

    _fields_ = [("start", c_size_t), ("end", c_size_t), ("replacement", Str)]


_STATUS = c_int

# What each function returns and takes. A `const char *` that goes in is c_char_p: ctypes passes the
# address of the bytes object itself, which may hold NUL bytes since its length goes with it.
FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "unf_version": (c_char_p, []),
    "unf_version_number": (c_uint32, []),
    "unf_unicode_version": (c_char_p, []),
    "unf_rules_version": (c_char_p, []),
    "unf_status_name": (c_char_p, [c_uint32]),
    "unf_category_name": (c_char_p, [c_uint32]),
    "unf_error_status": (_STATUS, [POINTER(Error)]),
    "unf_error_message": (Str, [POINTER(Error)]),
    "unf_error_free": (None, [POINTER(Error)]),
    "unf_builder_new": (POINTER(Builder), []),
    "unf_builder_free": (None, [POINTER(Builder)]),
    "unf_builder_set": (
        _STATUS,
        [POINTER(Builder), c_char_p, c_size_t, c_char_p, c_size_t, POINTER(POINTER(Error))],
    ),
    "unf_builder_rules_toml": (
        _STATUS,
        [POINTER(Builder), c_char_p, c_size_t, POINTER(POINTER(Error))],
    ),
    "unf_builder_rules_file": (
        _STATUS,
        [POINTER(Builder), c_char_p, c_size_t, POINTER(POINTER(Error))],
    ),
    "unf_builder_build": (
        _STATUS,
        [POINTER(Builder), POINTER(POINTER(Cleaner)), POINTER(POINTER(Error))],
    ),
    "unf_cleaner_new": (_STATUS, [POINTER(POINTER(Cleaner)), POINTER(POINTER(Error))]),
    "unf_cleaner_free": (None, [POINTER(Cleaner)]),
    "unf_cleaner_clean": (
        _STATUS,
        [POINTER(Cleaner), c_char_p, c_size_t, POINTER(POINTER(Cleaned))],
    ),
    "unf_cleaner_clean_into": (
        _STATUS,
        [POINTER(Cleaner), c_char_p, c_size_t, POINTER(c_char), c_size_t, POINTER(c_size_t)],
    ),
    "unf_cleaner_clean_batch32": (
        _STATUS,
        [
            POINTER(Cleaner),
            c_char_p,
            c_size_t,
            POINTER(c_int32),
            c_size_t,
            POINTER(POINTER(Batch)),
            POINTER(POINTER(Error)),
        ],
    ),
    "unf_cleaner_clean_batch64": (
        _STATUS,
        [
            POINTER(Cleaner),
            c_char_p,
            c_size_t,
            POINTER(c_int64),
            c_size_t,
            POINTER(POINTER(Batch)),
            POINTER(POINTER(Error)),
        ],
    ),
    "unf_cleaner_clean_arrow": (
        _STATUS,
        [
            POINTER(Cleaner),
            POINTER(ArrowArray),
            POINTER(ArrowSchema),
            c_char_p,
            c_size_t,
            POINTER(ArrowArray),
            POINTER(POINTER(Error)),
        ],
    ),
    "unf_cleaner_clean_arrow_stream": (
        _STATUS,
        [
            POINTER(Cleaner),
            POINTER(ArrowArrayStream),
            c_char_p,
            c_size_t,
            POINTER(ArrowArrayStream),
            POINTER(POINTER(Error)),
        ],
    ),
    "unf_cleaned_free": (None, [POINTER(Cleaned)]),
    "unf_cleaned_text": (Str, [POINTER(Cleaned)]),
    "unf_cleaned_abstained": (c_bool, [POINTER(Cleaned)]),
    "unf_cleaned_invalid_sequences": (c_size_t, [POINTER(Cleaned)]),
    "unf_cleaned_removal_count": (c_size_t, [POINTER(Cleaned)]),
    "unf_cleaned_removal": (_STATUS, [POINTER(Cleaned), c_size_t, POINTER(Removal)]),
    "unf_cleaned_edit_count": (c_size_t, [POINTER(Cleaned)]),
    "unf_cleaned_edit": (_STATUS, [POINTER(Cleaned), c_size_t, POINTER(Edit)]),
    "unf_batch_free": (None, [POINTER(Batch)]),
    "unf_batch_rows": (c_size_t, [POINTER(Batch)]),
    "unf_batch_data": (Str, [POINTER(Batch)]),
    "unf_batch_offsets": (POINTER(c_int64), [POINTER(Batch)]),
    "unf_batch_flags": (POINTER(c_uint8), [POINTER(Batch)]),
    "unf_batch_changed": (c_size_t, [POINTER(Batch)]),
    "unf_batch_abstained": (c_size_t, [POINTER(Batch)]),
    "unf_batch_failed": (c_size_t, [POINTER(Batch)]),
}


def _load() -> ctypes.CDLL:
    names = {"win32": "unfurnish.dll", "darwin": "libunfurnish.dylib"}
    path = Path(__file__).with_name(names.get(sys.platform, "libunfurnish.so"))
    # CDLL, not PyDLL: the GIL is released during every call.
    library = ctypes.CDLL(str(path))
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    found = library.unf_version().decode()
    if found != VERSION:
        raise ImportError(f"{path} is version {found}; this package needs {VERSION}")
    return library


lib = _load()

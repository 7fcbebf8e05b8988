"""_bindings.py says what the header says."""

import ctypes
import re
from pathlib import Path

import pytest
from conftest import ROOT
from unfurnish import _bindings as c

HEADER = re.sub(r"/\*.*?\*/", "", (ROOT / "include" / "unfurnish.h").read_text(), flags=re.S)

SCALARS = {
    "void": None,
    "bool": ctypes.c_bool,
    "size_t": ctypes.c_size_t,
    "int32_t": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "uint8_t": ctypes.c_uint8,
    "uint32_t": ctypes.c_uint32,
    "unf_status": ctypes.c_int,
    "unf_category": ctypes.c_int,
    "unf_str": c.Str,
    "unf_removal": c.Removal,
    "unf_edit": c.Edit,
    "unf_builder": c.Builder,
    "unf_cleaner": c.Cleaner,
    "unf_cleaned": c.Cleaned,
    "unf_batch": c.Batch,
    "unf_error": c.Error,
    "ArrowSchema": c.ArrowSchema,
    "ArrowArray": c.ArrowArray,
    "ArrowArrayStream": c.ArrowArrayStream,
}


def from_c(declaration, named=True):
    """The ctypes type of `const char *data`."""
    declaration = declaration.strip()
    if declaration == "void":
        return None
    constant = declaration.startswith("const ")
    match = re.fullmatch(r"(?:const )?(?:struct )?(\w+)\s*(\**)\s*(\w*)", declaration)
    assert match and bool(match[3]) == named, declaration
    name, stars = match[1], len(match[2])
    if name == "char":
        assert stars == 1
        return ctypes.c_char_p if constant else ctypes.POINTER(ctypes.c_char)
    kind = SCALARS[name]
    for _ in range(stars):
        kind = ctypes.POINTER(kind)
    return kind


def declared():
    pattern = r"^((?:const )?\w+[ *]+)(unf_\w+)\(([^)]*)\);"
    for result, name, arguments in re.findall(pattern, HEADER, flags=re.M):
        result = from_c(result, named=False)
        arguments = [from_c(argument) for argument in arguments.split(",") if argument != "void"]
        yield name, (result, arguments)


def test_functions():
    functions = dict(declared())
    assert len(functions) > 30
    assert functions == c.FUNCTIONS
    for name, (result, arguments) in functions.items():
        function = getattr(c.lib, name)
        assert function.restype is result
        assert list(function.argtypes) == arguments


def test_the_gil_is_released():
    assert type(c.lib) is ctypes.CDLL
    python_api = 4  # FUNCFLAG_PYTHONAPI: the GIL is held
    assert not any(getattr(c.lib, name)._flags_ & python_api for name in c.FUNCTIONS)


@pytest.mark.parametrize("kind, name", [(c.Removal, "unf_removal"), (c.Edit, "unf_edit")])
def test_structures(kind, name):
    body = re.search(r"typedef struct \{([^}]*)\} " + name + ";", HEADER)[1]
    fields = [re.fullmatch(r"(\w+) (\w+)", field.strip()) for field in body.split(";")[:-1]]
    assert kind._fields_ == [(field[2], SCALARS[field[1]]) for field in fields]


def test_view():
    body = re.search(r"typedef struct \{([^}]*)\} unf_str;", HEADER)[1].split()
    assert body == ["const", "char", "*data;", "size_t", "len;"]
    assert [name for name, _ in c.Str._fields_] == ["data", "len"]


@pytest.mark.parametrize("prefix", ["UNF_OK", "UNF_ERR_", "UNF_ROW_"])
def test_constants(prefix):
    found = re.findall(rf"^\s+({prefix}\w*) = (\d+),", HEADER, flags=re.M)
    assert found
    for name, value in found:
        assert getattr(c, name[len("UNF_") :]) == int(value)
    if prefix != "UNF_OK":
        ours = [name for name in vars(c) if name.startswith(prefix[len("UNF_") :])]
        assert len(ours) == len(found)


def test_version():
    major, minor, patch = (
        int(re.search(rf"#define UNF_VERSION_{part} (\d+)", HEADER)[1])
        for part in ("MAJOR", "MINOR", "PATCH")
    )
    assert c.VERSION == f"{major}.{minor}.{patch}"
    assert c.lib.unf_version_number() == major << 16 | minor << 8 | patch


def test_it_is_the_installed_package():
    assert ROOT / "bindings" not in Path(c.__file__).parents

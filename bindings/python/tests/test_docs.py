"""What the documentation shows is what happens."""

import doctest
import re
from importlib.metadata import files, version
from pathlib import Path

import pytest
import unfurnish
from conftest import ROOT

FLAGS = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL


@pytest.mark.parametrize("page", ["bindings/python/README.md", "docs/python.md"])
def test_pages(page):
    for library in re.findall(r"^>>> import (\w+)", (ROOT / page).read_text("utf-8"), re.M):
        pytest.importorskip(library)
    result = doctest.testfile(str(ROOT / page), module_relative=False, optionflags=FLAGS)
    assert result.failed == 0 and result.attempted > 5


@pytest.mark.parametrize(
    "name", ["BuildError", "Cleaner", "Cleaner.clean_arrow", "Cleaner.explain", "clean"]
)
def test_examples_are_found(name):
    assert any(found.name == name and found.examples for found in examples())


def examples():
    finder = doctest.DocTestFinder(exclude_empty=False)
    yield from finder.find(unfurnish)
    for name in unfurnish.__all__:
        # They are written in other modules than they say they are.
        yield from finder.find(getattr(unfurnish, name), name, module=False, globs={})


def test_docstrings():
    pytest.importorskip("pyarrow")
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    for test in examples():
        runner.run(test)
    assert runner.failures == 0
    assert runner.tries > 20


def test_everything_has_a_docstring():
    for name in unfurnish.__all__:
        item = getattr(unfurnish, name)
        assert item.__doc__, name
        if isinstance(item, type):
            methods = [(k, v) for k, v in vars(item).items() if callable(v) and k[0] != "_"]
            assert all(method.__doc__ for _, method in methods), name


def test_the_package_is_typed_and_versioned():
    package = Path(unfurnish.__file__).parent
    assert (package / "py.typed").exists()
    assert version("unfurnish") == unfurnish.__version__
    assert [int(part) for part in unfurnish.unicode_version.split(".")] >= [15, 0, 0]
    assert len(bytes.fromhex(unfurnish.rules_version)) == 8


def test_one_wheel_is_for_all_pythons_of_a_platform():
    [wheel] = [file for file in files("unfurnish") if file.name == "WHEEL"]
    tags = [line for line in wheel.read_text().splitlines() if line.startswith("Tag: ")]
    assert len(tags) == 1
    assert tags[0].startswith("Tag: py3-none-") and not tags[0].endswith("-any")


def test_the_licences_come_along():
    names = {file.name for file in files("unfurnish") if "dist-info" in str(file)}
    assert {"LICENSE-APACHE", "LICENSE-MIT"} <= names

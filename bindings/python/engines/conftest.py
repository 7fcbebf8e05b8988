"""The engines clean what the command line cleans, row for row."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pyarrow.parquet
import pytest
import unfurnish

ROOT = Path(__file__).resolve().parents[3]
TOOL = Path(os.environ.get("UNFURNISH_TOOL", ROOT / "target" / "debug" / "unfurnish"))

# All stays on this machine, and nothing in the home directory.
os.environ.update(
    SPARK_LOCAL_IP="127.0.0.1",
    RAY_AUTH_MODE="disabled",
    RAY_USAGE_STATS_ENABLED="0",
    HF_HUB_OFFLINE="1",
)

# In the text of a row that cannot be cleaned.
BROKEN = "broken row"


def _texts():
    for line in (ROOT / "samples" / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["text"]
    cases = json.loads((ROOT / "tests" / "vectors.json").read_text(encoding="utf-8"))["cases"]
    yield from (case["input"] for case in cases)


def _rows():
    texts = list(_texts())
    for place in range(0, len(texts), 7):
        texts[place:place] = [None, ""]
    return [{"id": row, "text": text} for row, text in enumerate(texts)]


@pytest.fixture(scope="session")
def java():
    """Spark needs it; a machine for tests has it."""
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        missing = "Java is not there: Spark is not tested"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)


@pytest.fixture(scope="session")
def rows():
    """Rows with an id and a text, which may be empty or None."""
    return _rows()


@pytest.fixture(scope="session")
def expected(rows, tmp_path_factory):
    """What the command line makes of them, by id: in Parquet, which has nulls."""
    folder = tmp_path_factory.mktemp("expected")
    given, cleaned = folder / "in.parquet", folder / "out.parquet"
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), given)
    subprocess.run([TOOL, "clean", given, "-o", cleaned], check=True)
    texts = {row["id"]: row["text"] for row in pyarrow.parquet.read_table(cleaned).to_pylist()}
    assert sum(texts[row["id"]] != row["text"] for row in rows) > 50
    assert any(text is None for text in texts.values()) and "" in texts.values()
    return texts


@pytest.fixture
def some_broken(rows):
    """The same with two rows that cannot be cleaned."""
    broken = [dict(row) for row in rows]
    for row in (31, 77):
        broken[row]["text"] = f"{BROKEN} {row}"
    return broken


@pytest.fixture
def all_but_broken(expected):
    return {row: text for row, text in expected.items() if row not in (31, 77)}


@pytest.fixture
def fragile():
    """A cleaner that cannot clean some texts: a true one can clean all."""

    # A class within a function travels to other processes with its code.
    class Fragile(unfurnish.Cleaner):
        def clean(self, text, mark=BROKEN):
            if mark in text:
                raise RuntimeError("it is broken")
            return unfurnish.Cleaner.clean(self, text)

        def clean_arrow(self, data, column=""):
            raise RuntimeError("something is broken")

    return Fragile()

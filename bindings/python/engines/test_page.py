"""The snippets of the pages for Python run and print what the page says.

Those with a prompt are run where the package is tested by itself.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PAGES = ["docs/engines.md", "docs/python.md", "bindings/python/README.md"]
TEXT = "".join((ROOT / page).read_text(encoding="utf-8") for page in PAGES)
# Kind, what it says, and what follows as its output.
SNIPPETS = re.findall(r"^```(sh|python)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", TEXT, re.M | re.S)


def run(command, tmp_path):
    """What a command prints where the samples are, with nothing kept outside of `tmp_path`."""
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    (tmp_path / "bindings").symlink_to(ROOT / "bindings")
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HF_HOME": str(tmp_path),
        "PIP_QUIET": "1",
    }
    run = subprocess.run(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
    assert run.returncode == 0
    return run.stdout


def test_all_are_found():
    assert len(SNIPPETS) == len(re.findall("^```(?!text|pycon)[a-z]", TEXT, re.M)) > 7
    assert all(output for kind, _, output in SNIPPETS if kind == "python")


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_snippet(number, tmp_path, request):
    kind, code, output = SNIPPETS[number]
    if "spark" in code and kind == "python":
        request.getfixturevalue("java")
    command = ["sh", "-e", "-c", code] if kind == "sh" else [sys.executable, "-c", code]
    printed = run(command, tmp_path)
    if kind == "python":
        assert printed == output

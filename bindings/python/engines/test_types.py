"""mypy --strict and pyright have nothing to say, about the package and about code that uses it."""

import subprocess
import sys
from pathlib import Path

import unfurnish

USAGE = Path(__file__).with_name("usage.py")


def run(*command):
    run = subprocess.run([sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True)
    assert run.returncode == 0, run.stdout


def test_mypy(tmp_path):
    config = ["--config-file", str(USAGE.parents[1] / "pyproject.toml")]
    run("mypy", *config, "--cache-dir", str(tmp_path), "-p", "unfurnish")
    run("mypy", *config, "--cache-dir", str(tmp_path), str(USAGE))


def test_pyright():
    package = Path(unfurnish.__file__).parent
    sources = [str(path) for path in package.glob("*.py")]
    run("pyright", "--pythonpath", sys.executable, str(USAGE), *sources)

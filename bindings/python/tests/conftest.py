"""The tests run against the installed package, as users have it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

LINK = "The vote is on Friday.\n\nALSO READ: Ten hotels\n\nTurnout will be high."
LINK_OUT = "The vote is on Friday.\n\nTurnout will be high."

needs_proc = pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="reads /proc")


def resident():
    """How many bytes of memory this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture
def link():
    return LINK


@pytest.fixture
def link_out():
    return LINK_OUT

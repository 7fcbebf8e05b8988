"""The tests run against the installed package, as users have it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

LINK = "The vote is on Friday.\n\nALSO READ: Ten hotels\n\nTurnout will be high."
LINK_OUT = "The vote is on Friday.\n\nTurnout will be high."


@pytest.fixture
def link():
    return LINK


@pytest.fixture
def link_out():
    return LINK_OUT

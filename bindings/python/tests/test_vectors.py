"""tests/vectors.json, as in Rust and C."""

import json

import pytest
import unfurnish
from conftest import ROOT

CASES = json.loads((ROOT / "tests" / "vectors.json").read_text(encoding="utf-8"))["cases"]


def cleaner(case):
    options = dict(case.get("options", {}))
    if "budget" in options:
        options["budget"] = float(options["budget"])
    return unfurnish.Cleaner(**options, rules=case.get("rules", ()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_vector(case):
    text = case["input"]
    data = text.encode()
    with cleaner(case) as one:
        assert one.clean(text) == case["output"]
        assert list(one.clean_many([text, "", text])) == [case["output"], "", case["output"]]
        cleaned = one.explain(text)
    assert cleaned.text == case["output"]
    assert cleaned.abstained == case.get("abstained", False)
    assert [r._replace(start=0, end=0) for r in cleaned.removals] == [
        unfurnish.Removal(0, 0, r["rule"], r["category"]) for r in case.get("removed", [])
    ]
    for ours, theirs in zip(cleaned.removals, case.get("removed", [])):
        # Theirs count bytes, ours code points: they are the same piece of the text.
        assert text[: ours.start].encode() == data[: theirs["start"]]
        assert text[ours.start : ours.end].encode() == data[theirs["start"] : theirs["end"]]

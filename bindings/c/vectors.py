"""Turns tests/vectors.json into what test.c reads: python3 vectors.py IN OUT

Each field of a case is a line `<tag> <length>`, that many bytes, and a line break. The tags, in
order: name, key and value for each option, rules if there are any, input, output, then start, end,
rule, category for each removal, abstained (0 or 1).
"""

import json
import sys


def fields(case):
    yield "name", case["name"]
    for key, value in case.get("options", {}).items():
        yield "key", key
        yield "value", value
    if "rules" in case:
        yield "rules", case["rules"]
    yield "input", case["input"]
    yield "output", case["output"]
    for removal in case.get("removed", []):
        for tag in ("start", "end", "rule", "category"):
            yield tag, str(removal[tag])
    yield "abstained", str(int(case.get("abstained", False)))


source, target = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    cases = json.load(file)["cases"]
with open(target, "wb") as file:
    for case in cases:
        for tag, text in fields(case):
            data = text.encode("utf-8")
            file.write(b"%s %d\n%s\n" % (tag.encode(), len(data), data))

"""What one writes in ten minutes instead of installing a tool: ftfy and some regular expressions.

    ftfy_rows.py IN.jsonl OUT.jsonl
"""

import json
import re
import sys

import ftfy

# Whole lines that go.
FURNITURE = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(also read|read also|read more|see also|related)\b.{0,120}$",
        r"^sign up (for|to) .{0,120}$",
        r"^subscribe (to|now).{0,120}$",
        r"^share (this|on).{0,80}$",
        r"^(facebook|twitter|whatsapp|linkedin|e-?mail|print|[|·,\s])+$",
        r"^(advertisement|sponsored|cookie (policy|notice).*)$",
        r"^(all rights reserved|copyright|©).{0,120}$",
        r"^follow us .{0,80}$",
    )
]


def clean(text: str) -> str:
    lines = ftfy.fix_text(text).split("\n")
    kept = [line for line in lines if not any(rule.match(line) for rule in FURNITURE)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def main() -> None:
    source, target = sys.argv[1:]
    with open(source, encoding="utf-8") as rows, open(target, "w", encoding="utf-8") as out:
        for line in rows:
            row = json.loads(line)
            row["text"] = clean(row["text"])
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

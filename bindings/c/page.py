"""Follows a page as a newcomer would: python3 page.py PAGE.md DIRECTORY

The blocks of the page become one script, which begins in the root of the source tree and has a home
of its own, DIRECTORY. A block of
    sh         is run
    console    is run where a line begins with `$ `, and must say what stands below
    c, cmake   begins with a comment that names a file, which it is written to
Any other block is an error, so that nothing on the page goes untested.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

PRELUDE = """set -euo pipefail
expect() {  # COMMAND EXPECTED
    if ! output=$(eval "$1" 2>&1); then echo "failed: $1"; echo "$output"; exit 1; fi
    if test "$output" != "$2"; then echo "other output: $1"; diff <(echo "$2") <(echo "$output"); fi
}
"""


def commands(text, page):
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.M | re.S)
    for kind, block in blocks:
        if kind == "sh":
            yield block
        elif kind == "console":
            for run in re.split(r"^\$ ", block, flags=re.M)[1:]:
                command, _, output = run.partition("\n")
                yield f"expect {shlex.quote(command)} {shlex.quote(output.rstrip())}\n"
        elif kind in ("c", "cmake"):
            name = re.match(r"(?:/\*|#) ([\w.]+)", block)
            if name is None:
                sys.exit(f"{page}: the block names no file in its first line:\n{block}")
            yield f"printf %s {shlex.quote(block)} > {name[1]}\n"
        else:
            sys.exit(f"{page}: a block of the kind `{kind}` would not be tested:\n{block}")


def main():
    page, home = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    script = PRELUDE + "".join(commands(page.read_text(encoding="utf-8"), page))
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    there = Path.home()
    tools = {"CARGO_HOME": str(there / ".cargo"), "RUSTUP_HOME": str(there / ".rustup")}
    environment = {**tools, **os.environ, "HOME": str(home)}
    root = Path(__file__).resolve().parents[2]
    result = subprocess.run(["bash", "-c", script], cwd=root, env=environment)
    sys.exit(result.returncode)


main()

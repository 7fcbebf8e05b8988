"""The command-line tool beside reading and writing the same file: command_line.py TOOL HARNESS DIRECTORY

Prints a line for each run: name, milliseconds, milliseconds of CPU, megabytes of memory; the best of several.
"""

from __future__ import annotations

import filecmp
import os
import subprocess
import sys
import time
from pathlib import Path

RUNS = 3
STARTS = 20


def run(command: list[str], given: bytes | None) -> tuple[float, float, float]:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stdin is not None
    if given is not None:
        process.stdin.write(given)
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command} failed")
    # Kilobytes, but bytes on macOS.
    memory = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3, memory


def best(name: str, runs: int, command: list[str], given: bytes | None = None) -> None:
    results = [run(command, given) for _ in range(runs)]
    print(name, *(f"{min(column):.3f}" for column in zip(*results)), sep="\t", flush=True)


def main() -> None:
    tool, harness, directory = sys.argv[1:]
    plain = str(Path(directory, "articles.jsonl"))
    packed = plain + ".zst"
    out = str(Path(directory, "out.jsonl"))
    expected = str(Path(directory, "expected.jsonl"))

    def clean(source: str, target: str, threads: int) -> list[str]:
        return [tool, "clean", source, "-o", target, "--threads", str(threads)]

    def check(target: str) -> None:
        if target.endswith(".zst"):
            subprocess.run([harness, "unpack", target, out], check=True)
        # Nothing large is read here: a process begins with the memory of the one that starts it.
        if not filecmp.cmp(out, expected, shallow=False):
            raise RuntimeError("the tool wrote something else than the articles")

    best("copy by line", RUNS, [harness, "copy-lines", plain, out])
    for threads in (1, 2):
        best(f"clean, .jsonl, --threads {threads}", RUNS, clean(plain, out, threads))
        check(out)
    best("recode .zst", RUNS, [harness, "recode", packed, out + ".zst"])
    for threads in (1, 2):
        best(f"clean, .jsonl.zst, --threads {threads}", RUNS, clean(packed, out + ".zst", threads))
        check(out + ".zst")
    best("unfurnish --version", STARTS, [tool, "--version"])
    best("echo x | unfurnish clean", STARTS, [tool, "clean"], b"x\n")


if __name__ == "__main__":
    main()

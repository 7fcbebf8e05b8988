"""`unfurnish clean` on large corpora: corpora.py TOOL HARNESS PYTHON DIRECTORY [SCALE]

Makes 10 GB of JSON lines and 5 GB of Parquet in DIRECTORY, one after the other, cleans them, and deletes
them; SCALE, such as 0.01, makes less of them. Prints a table in Markdown: what was read, how fast, with how
much memory and CPU, and beside it what copying the lines takes, and a script in Python on a sample.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

JSONL = 10_000_000_000
PARQUET = 5_000_000_000
# ftfy takes a second for some megabytes.
SAMPLE = 20_000_000


def run(command: list[str]) -> tuple[float, float, float]:
    """Seconds, seconds of CPU, and the most megabytes of memory."""
    start = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command} failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e3


def main() -> None:
    tool, harness, python, directory, *rest = sys.argv[1:]
    scale = float(rest[0]) if rest else 1.0
    work = Path(directory)
    print("| | read | MB/s | CPU seconds | MB per CPU second | peak memory |")
    print("|---|---:|---:|---:|---:|---:|")

    def row(name: str, source: Path, command: list[str]) -> None:
        size = source.stat().st_size
        wall, cpu, memory = run(command)
        print(
            f"| {name} | {size / 1e9:.2f} GB | {size / wall / 1e6:,.1f} | {cpu:,.1f} "
            f"| {size / cpu / 1e6:,.1f} | {memory:,.0f} MB |",
            flush=True,
        )

    def clean(name: str, source: Path, *options: str) -> None:
        out = work / f"out{source.suffix}"
        row(name, source, [tool, "clean", str(source), "-o", str(out), *options])
        out.unlink()

    def make(size: float, name: str, *kind: str) -> Path:
        path = work / name
        subprocess.run([harness, "rows", *kind, str(int(size * scale)), str(path)], check=True)
        return path

    jsonl = make(JSONL, "rows.jsonl", "jsonl")
    copy = work / "copy.jsonl"
    row("copy by line", jsonl, [harness, "copy-lines", str(jsonl), str(copy)])
    copy.unlink()
    clean(".jsonl, profile normalize", jsonl, "--profile", "normalize")
    clean(".jsonl", jsonl)
    jsonl.unlink()

    parquet = make(PARQUET, "rows.parquet", "parquet", "none")
    clean(".parquet, not compressed, profile normalize", parquet, "--profile", "normalize")
    clean(".parquet, not compressed", parquet)
    parquet.unlink()
    parquet = make(PARQUET / 10, "rows.parquet", "parquet", "zstd")
    clean(".parquet, zstd, profile normalize, a tenth of the rows", parquet, "--profile", "normalize")
    parquet.unlink()

    sample = make(SAMPLE / scale, "sample.jsonl", "jsonl")
    out = work / "sample.out.jsonl"
    script = str(Path(__file__).parent / "ftfy_rows.py")
    row("ftfy and regular expressions, .jsonl", sample, [python, script, str(sample), str(out)])
    clean("the same sample, --threads 1", sample, "--threads", "1")
    for path in (sample, out):
        path.unlink()


if __name__ == "__main__":
    main()

"""unfurnish and its rivals from Python: rivals.py CUES CORPUS...

Prints a row for each, as the harness reads them. CUES has one cue in each line.
"""

from __future__ import annotations

import importlib.metadata
import re
import struct
import sys
import time
import zlib
from pathlib import Path
from typing import Any, Callable, Iterable

# How long one thing is measured, as in src/clock.rs.
BUDGET = 0.4e9
LEAST_RUNS = 3
PATIENCE = 2e9

# Slow ones get so many bytes of a corpus, slower ones so many.
ALL = 1 << 62
SLOW = 1 << 18
SLOWER = 1 << 15


def documents(path: Path) -> list[str]:
    data = path.read_bytes()
    texts = []
    at = 0
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        texts.append(data[at + 4 : at + 4 + length].decode())
        at += 4 + length
    return texts


def first(texts: list[str], most: int) -> list[str]:
    """The first texts, of so many bytes together."""
    size = 0
    for number, text in enumerate(texts):
        size += len(text.encode())
        if size > most:
            return texts[: max(number, 1)]
    return texts


def best(run: Callable[[], object], answer: object) -> int:
    """The fewest nanoseconds of CPU that `run` took to give its answer again."""
    fastest = sys.maxsize
    spent = runs = 0
    while spent < PATIENCE and (runs < LEAST_RUNS or spent < BUDGET):
        start = time.thread_time_ns()
        result = run()
        took = time.thread_time_ns() - start
        if result != answer:
            raise Unavailable("it does not say the same twice")
        fastest = min(fastest, took)
        spent += took
        runs += 1
    return fastest


def crc(texts: Iterable[object]) -> str:
    value = 0
    for text in texts:
        value = zlib.crc32(str(text).encode(), value)
    return f"{value:08x}"


class Unavailable(Exception):
    pass


def rivals(cues: list[str]) -> Iterable[tuple[str, str | None, int, Callable[[], Any]]]:
    """Name, package, most bytes, and what makes a function from texts to an answer."""
    yield "article, Python clean", None, ALL, clean
    yield "article, Python clean_many", None, ALL, clean_many
    yield "article, Python clean_arrow", "pyarrow", ALL, clean_arrow
    # What plsfix and ftfy do is this part of it.
    yield "normalize, Python clean_many", None, ALL, normalize_many
    yield "plsfix", "plsfix", SLOW, plsfix
    yield "ftfy", "ftfy", SLOW, ftfy
    yield "clean-text", "clean-text", SLOWER, clean_text
    yield "datatrove C4 filter", "datatrove", SLOW, c4_filter
    yield "datatrove FTFY formatter", "datatrove", SLOW, ftfy_formatter
    yield "Python re alternation", None, SLOWER, lambda: alternation(cues)


def each(function: Callable[[str], str]) -> Callable[[list[str]], list[str]]:
    return lambda texts: [function(text) for text in texts]


def clean() -> Any:
    import unfurnish

    return each(unfurnish.Cleaner().clean)


def clean_many(profile: str = "article") -> Any:
    import unfurnish

    cleaner = unfurnish.Cleaner(profile)
    return lambda texts: list(cleaner.clean_many(texts))


def normalize_many() -> Any:
    return clean_many("normalize")


def clean_arrow() -> Any:
    import pyarrow
    import unfurnish

    cleaner = unfurnish.Cleaner()
    made: dict[str, Any] = {}

    def clean(texts: list[str]) -> Any:
        # The answer is asked for once before anything is measured, so the column is there by then.
        if made.get("of") is not texts:
            made.update({"of": texts, "column": pyarrow.array(texts, pyarrow.large_string())})
        return pyarrow.array(cleaner.clean_arrow(made["column"]))

    return clean


def plsfix() -> Any:
    from plsfix import fix_text

    assert fix_text("schÃ¶n") == "schön"
    return each(fix_text)


def ftfy() -> Any:
    from ftfy import fix_text

    assert fix_text("schÃ¶n") == "schön"
    return each(fix_text)


def clean_text() -> Any:
    from cleantext import clean

    assert clean("Schön  Ding") == "schon ding"
    return each(clean)


def c4_filter() -> Any:
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter

    # Without the count of sentences, which is the slower half and needs a model for each language.
    c4 = C4QualityFilter(min_num_sentences=-1)

    def clean(text: str) -> str:
        document = Document(text=text, id="")
        return document.text if c4.filter(document) is True else ""

    assert clean("It rained all day.\nShare this") == "It rained all day."
    return each(clean)


def ftfy_formatter() -> Any:
    from datatrove.pipeline.formatters import FTFYFormatter

    formatter = FTFYFormatter()
    assert formatter.format("schÃ¶n") == "schön"
    return each(formatter.format)


def alternation(cues: list[str]) -> Any:
    # Of bytes, for there the cases of ASCII alone are one, as for those that are written in Rust.
    pattern = re.compile(b"|".join(re.escape(cue.encode()) for cue in cues), re.IGNORECASE)
    return lambda texts: sum(sum(1 for _ in pattern.finditer(text.encode())) for text in texts)


def measure(name: str, most: int, function: Any, corpora: list[Path]) -> None:
    for path in corpora:
        texts = first(documents(path), most)
        answer = function(texts)
        size = sum(len(text.encode()) for text in texts)
        shown = answer if isinstance(answer, int) else crc(answer)
        took = best(lambda: function(texts), answer)
        print(path.stem, name, len(texts), size, took, shown, sep="\t", flush=True)


def main() -> None:
    cues = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    corpora = [Path(path) for path in sys.argv[2:]]
    print(f"note\tPython {sys.version.split()[0]}")
    for name, package, most, make in rivals(cues):
        try:
            if package is not None:
                print(f"note\t{name}: {package} {importlib.metadata.version(package)}")
            measure(name, most, make(), corpora)
        except (ImportError, AssertionError, Unavailable) as error:
            print(f"note\t{name}: not measured, {type(error).__name__} {error}", flush=True)


if __name__ == "__main__":
    main()

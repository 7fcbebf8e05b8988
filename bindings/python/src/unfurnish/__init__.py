"""Takes the furniture out of text: newsletter prompts, ALSO READ links, share bars, cookie notices.

>>> import unfurnish
>>> text = "The vote is on Friday.\\n\\nALSO READ: Ten hotels\\n\\nTurnout will be high."
>>> print(unfurnish.clean(text))
The vote is on Friday.
<BLANKLINE>
Turnout will be high.

`clean` cleans one text. `Cleaner` is the same with options, built once and used from any thread;
its `explain` says what went, its `clean_many` cleans an iterable in batches, its `clean_arrow`
columns and tables. `unfurnish.spark`, `ray`, `datasets`, `polars`, `duckdb` and `datatrove` do so in
these engines; each is imported by itself and needs the library whose name it has.
"""

from ._arrow import CleanArray, CleanStream
from ._cleaner import (
    Cleaned,
    Cleaner,
    Options,
    Removal,
    __version__,
    clean,
    rules_version,
    unicode_version,
)
from ._errors import BuildError

__all__ = [
    "BuildError",
    "CleanArray",
    "CleanStream",
    "Cleaned",
    "Cleaner",
    "Options",
    "Removal",
    "__version__",
    "clean",
    "rules_version",
    "unicode_version",
]

# Messages and pickles name them as users do, not by the file they are written in.
for _item in (BuildError, CleanArray, CleanStream, Cleaned, Cleaner, Removal, clean):
    _item.__module__ = __name__
del _item

"""Takes the furniture out of text: newsletter prompts, ALSO READ links, share bars, cookie notices.

>>> import unfurnish
>>> text = "The vote is on Friday.\\n\\nALSO READ: Ten hotels\\n\\nTurnout will be high."
>>> print(unfurnish.clean(text))
The vote is on Friday.
<BLANKLINE>
Turnout will be high.

`clean` cleans one text. `Cleaner` is the same with options, built once and used from any thread;
its `explain` says what went, its `clean_many` cleans an iterable in batches.
"""

from ._cleaner import (
    BuildError,
    Cleaned,
    Cleaner,
    Options,
    Removal,
    __version__,
    clean,
    unicode_version,
)

__all__ = [
    "BuildError",
    "Cleaned",
    "Cleaner",
    "Options",
    "Removal",
    "__version__",
    "clean",
    "unicode_version",
]

# Messages and pickles name them as users do, not by the file they are written in.
for _item in (BuildError, Cleaned, Cleaner, Removal, clean):
    _item.__module__ = __name__
del _item

"""What users of the package see."""

from __future__ import annotations

import codecs
import functools
import os
from array import array
from collections.abc import Iterable, Iterator
from ctypes import POINTER, byref, c_char, c_int64, c_size_t, string_at
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict, Union

from . import _bindings as c
from ._bindings import lib

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Unpack

__version__: str = lib.unf_version().decode()

unicode_version: str = lib.unf_unicode_version().decode()
"""The version of Unicode that texts are normalized by."""

Names = Union[str, Iterable[str]]
Rules = Union[str, "os.PathLike[str]", Iterable[Union[str, "os.PathLike[str]"]]]


class Options(TypedDict, total=False):
    """The options of `clean` and `Cleaner`."""

    profile: Literal["article", "page", "normalize"]
    remove: Names
    keep: Names
    rules: Rules
    disable: Names
    site: str | None
    budget: float | None
    quotes: Literal["keep", "straighten"] | None
    dashes: Literal["keep", "straighten"] | None
    ellipsis: Literal["keep", "dots"] | None
    ligatures: Literal["keep", "split"] | None
    width: Literal["keep", "fold"] | None
    nbsp: Literal["space", "keep"] | None


class BuildError(ValueError):
    """A cleaner cannot be built from these options or rule packs. A text is never the reason."""

    status: int
    """The `unf_status` of the C API, such as 8 for a disabled rule that does not exist."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status

    def __reduce__(self) -> tuple[Any, ...]:
        return BuildError, (str(self), self.status)


class Removal(NamedTuple):
    """One piece of furniture that was taken out: `text[removal.start:removal.end]`."""

    start: int
    """Where it began, as an index into the `str` that was cleaned (code points, not bytes)."""
    end: int
    """Where it ended. Line breaks that went with it are included."""
    rule: str
    """The id of the rule that decided, such as `en/related/also-read`."""
    category: str
    """The category of the rule, such as `related`."""


class Cleaned(NamedTuple):
    """A cleaned text and what was taken out of it."""

    text: str
    removals: tuple[Removal, ...]
    """In the order of the text; none overlaps another."""
    abstained: bool
    """More would have gone than the budget allows, so nothing was removed."""


def _categories() -> tuple[str, ...]:
    names: list[str] = []
    while (name := lib.unf_category_name(len(names))) is not None:
        names.append(name.decode())
    return tuple(names)


_CATEGORIES = _categories()


# -- Text ---------------------------------------------------------------------------------------


def _replace_surrogates(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "\ufffd".encode() * (error.end - error.start), error.end


codecs.register_error("unfurnish.replace", _replace_surrogates)


def _encode_surrogates(text: str) -> bytes:
    """UTF-8 of a str that has lone surrogates: each becomes U+FFFD."""
    return text.encode("utf-8", "unfurnish.replace")


def _view(view: c.Str) -> bytes:
    return string_at(view.data, view.len)


def _not_a_str(text: object) -> TypeError:
    return TypeError(f"a text must be str, not {type(text).__name__}")


# -- Errors -------------------------------------------------------------------------------------


def _failure(status: int, message: str) -> Exception:
    """The exception for a status that is not OK."""
    if c.ERR_OPTION <= status <= c.ERR_TOO_MANY_CUES:
        return BuildError(message, status)
    return RuntimeError(message)


def _failed(status: int) -> Exception:
    name = lib.unf_status_name(status)
    return _failure(status, f"unfurnish: {name.decode() if name else status}")


def _check(status: int, error: Any) -> None:
    """Raises what a call with an `unf_error **` failed with."""
    if status == c.OK:
        return
    try:
        message = _view(lib.unf_error_message(error)).decode()
    finally:
        lib.unf_error_free(error)
    raise _failure(status, message)


# -- Options ------------------------------------------------------------------------------------

# Options by name in the order they are set, then rule packs.
_Settings = tuple[tuple[tuple[str, str], ...], tuple[bytes, ...]]


def _names(option: str, names: Names) -> list[tuple[str, str]]:
    items = [names] if isinstance(names, str) else list(names)
    for item in items:
        if not isinstance(item, str):
            raise TypeError(f"{option} must be str or an iterable of str, not {item!r}")
    return [(option, item) for item in items]


def _packs(rules: Rules) -> tuple[bytes, ...]:
    items = [rules] if isinstance(rules, (str, os.PathLike)) else list(rules)
    packs = []
    for item in items:
        if isinstance(item, str):
            packs.append(_encode_surrogates(item))
        elif isinstance(item, os.PathLike):
            with open(item, "rb") as file:
                packs.append(file.read())
        else:
            raise TypeError(f"rules are TOML as str, or paths as os.PathLike, not {item!r}")
    return tuple(packs)


def _settings(
    profile: str = "article",
    remove: Names = (),
    keep: Names = (),
    rules: Rules = (),
    disable: Names = (),
    *,
    site: str | None = None,
    budget: float | None = None,
    quotes: str | None = None,
    dashes: str | None = None,
    ellipsis: str | None = None,
    ligatures: str | None = None,
    width: str | None = None,
    nbsp: str | None = None,
) -> _Settings:
    pairs = _names("profile", [profile])
    pairs += _names("remove", remove)
    pairs += _names("keep", keep)
    pairs += _names("disable", disable)
    if budget is not None:
        pairs.append(("budget", repr(float(budget))))
    for option, value in (
        ("site", site),
        ("quotes", quotes),
        ("dashes", dashes),
        ("ellipsis", ellipsis),
        ("ligatures", ligatures),
        ("width", width),
        ("nbsp", nbsp),
    ):
        if value is not None:
            pairs += _names(option, [value])
    return tuple(pairs), _packs(rules)


class _Handle:
    """Owns an unf_cleaner. A call that is running has a reference, so it is never freed under it."""

    __slots__ = ("pointer",)

    def __init__(self, settings: _Settings) -> None:
        pairs, packs = settings
        self.pointer = POINTER(c.Cleaner)()
        error = POINTER(c.Error)()
        builder = lib.unf_builder_new()
        try:
            for key, value in pairs:
                k, v = key.encode(), _encode_surrogates(value)
                _check(lib.unf_builder_set(builder, k, len(k), v, len(v), byref(error)), error)
            for pack in packs:
                _check(lib.unf_builder_rules_toml(builder, pack, len(pack), byref(error)), error)
            _check(lib.unf_builder_build(builder, byref(self.pointer), byref(error)), error)
        finally:
            lib.unf_builder_free(builder)

    # The default keeps the function when the interpreter takes modules apart.
    def __del__(self, free: Any = lib.unf_cleaner_free) -> None:
        free(self.pointer)


# -- Cleaning -----------------------------------------------------------------------------------

# Texts of up to _DIRECT bytes are cleaned in one call into a buffer that is kept for the next.
# Some repairs make a text longer, hence the room; where it does not suffice, the other way does.
_DIRECT = 48 * 1024
_ROOM = 64 * 1024
_Buffer = c_char * _ROOM

# clean_many hands over batches of about this many bytes, or this many texts. A batch that stays in
# the cache is three times as fast as one of a megabyte.
_BATCH_BYTES = 1 << 17
_BATCH_ROWS = 4096

_clean_into = lib.unf_cleaner_clean_into


class Cleaner:
    """Takes the furniture out of texts.

    It never changes and may be used from several threads at once; they run in parallel, since the
    GIL is released. Build one once and keep it. It can be pickled.

    Arguments:
        profile: how far to go. "article", the default, is for the text that an extractor gives;
            "page" for the text of a whole web page; "normalize" repairs Unicode and whitespace
            and removes nothing.
        remove: categories to remove that are kept by default: meta, credit, caption, bio.
        keep: categories to keep that are removed by default: newsletter, related, share, nav,
            legal, promo, comments, other.
        rules: rule packs, added to the built-in ones: TOML as str, or paths as os.PathLike.
        disable: ids of rules to leave out, or what they begin with, such as "en/related".
        site: the site of the texts, as rule packs name it; rules for other sites are left out.
        budget: the share of a text's words, 0 to 1, that profile "article" may remove. If more
            would go, it removes nothing and says so (`Cleaned.abstained`). Default 0.5.
        quotes, dashes: "keep" (default) or "straighten".
        ellipsis: "keep" (default) or "dots".
        ligatures: "keep" (default) or "split".
        width: "keep" (default) or "fold", for full-width and half-width forms.
        nbsp: "space" (default) or "keep", for no-break spaces.

    Where several of a kind can be given, one alone can be given too.

    Raises BuildError if an option has no such value, a rule pack is not valid, or a rule to disable
    does not exist.
    """

    __slots__ = ("__weakref__", "_buffers", "_handle", "_settings")

    def __init__(
        self,
        profile: Literal["article", "page", "normalize"] = "article",
        remove: Names = (),
        keep: Names = (),
        rules: Rules = (),
        disable: Names = (),
        *,
        site: str | None = None,
        budget: float | None = None,
        quotes: Literal["keep", "straighten"] | None = None,
        dashes: Literal["keep", "straighten"] | None = None,
        ellipsis: Literal["keep", "dots"] | None = None,
        ligatures: Literal["keep", "split"] | None = None,
        width: Literal["keep", "fold"] | None = None,
        nbsp: Literal["space", "keep"] | None = None,
    ) -> None:
        settings = _settings(
            profile,
            remove,
            keep,
            rules,
            disable,
            site=site,
            budget=budget,
            quotes=quotes,
            dashes=dashes,
            ellipsis=ellipsis,
            ligatures=ligatures,
            width=width,
            nbsp=nbsp,
        )
        self._open(settings)

    def _open(self, settings: _Settings) -> None:
        self._settings = settings
        # Buffers that no call uses: (buffer, length, pointer to length). A call takes one out, so
        # two calls never share one, be they in two threads or one inside the other.
        self._buffers: list[tuple[Any, c_size_t, Any]] = []
        self._handle: _Handle | None = _Handle(settings)

    def clean(self, text: str) -> str:
        """The text without its furniture; the same object if nothing had to change.

        A lone surrogate becomes U+FFFD. Raises TypeError if `text` is not a str, else nothing.
        """
        if not isinstance(text, str):
            raise _not_a_str(text)
        handle = self._handle
        if handle is None:
            raise self._closed()
        original = text
        try:
            data = text.encode()
        except UnicodeEncodeError:
            data = _encode_surrogates(text)
            original = data.decode()
        if len(data) <= _DIRECT:
            try:
                spare = self._buffers.pop()
            except IndexError:
                length = c_size_t()
                spare = (_Buffer(), length, byref(length))
            buffer, length, pointer = spare
            status = _clean_into(handle.pointer, data, len(data), buffer, _ROOM, pointer)
            if status == 0:
                out = buffer[: length.value]
                self._buffers.append(spare)
                return original if out == data else out.decode()
            if status != c.ERR_BUFFER:
                raise _failed(status)
        result = self._call(handle, data)
        try:
            out = _view(lib.unf_cleaned_text(result))
        finally:
            lib.unf_cleaned_free(result)
        return original if out == data else out.decode()

    def explain(self, text: str) -> Cleaned:
        """The text without its furniture, and what was taken out of it, by which rule.

        The spans index `text`, so `text[removal.start:removal.end]` is what went.
        """
        if not isinstance(text, str):
            raise _not_a_str(text)
        handle = self._handle
        if handle is None:
            raise self._closed()
        original = text
        try:
            data = text.encode()
        except UnicodeEncodeError:
            data = _encode_surrogates(text)
            original = data.decode()
        result = self._call(handle, data)
        try:
            out = _view(lib.unf_cleaned_text(result))
            abstained = lib.unf_cleaned_abstained(result)
            removals = []
            removal = c.Removal()
            # From bytes to code points: each byte is looked at once, none if there is only ASCII.
            ascii_only = len(data) == len(text)
            at_byte = at_char = 0

            def index(offset: int) -> int:
                nonlocal at_byte, at_char
                if ascii_only:
                    return offset
                at_char += len(data[at_byte:offset].decode())
                at_byte = offset
                return at_char

            for number in range(lib.unf_cleaned_removal_count(result)):
                status = lib.unf_cleaned_removal(result, number, byref(removal))
                if status != c.OK:
                    raise _failed(status)
                start, end = index(removal.start), index(removal.end)
                rule, category = _view(removal.rule).decode(), _CATEGORIES[removal.category]
                removals.append(Removal(start, end, rule, category))
        finally:
            lib.unf_cleaned_free(result)
        return Cleaned(original if out == data else out.decode(), tuple(removals), abstained)

    def clean_many(self, texts: Iterable[str]) -> Iterator[str]:
        """Cleans many texts, in their order, faster than one by one if they are short.

        It reads ahead by about 128 KB of text, or 4096 texts. A text that is not a str raises
        TypeError when its turn comes, as does whatever `texts` raises.
        """
        if isinstance(texts, (str, bytes)):
            raise TypeError(f"texts must be an iterable of str, not {type(texts).__name__}")
        if self._handle is None:
            raise self._closed()
        return self._clean_batches(iter(texts))

    def _clean_batches(self, texts: Iterator[str]) -> Iterator[str]:
        more = True
        failure: Exception | None = None
        while more and failure is None:
            # What is yielded where a row is unchanged, and its UTF-8.
            originals: list[str] = []
            encoded: list[bytes] = []
            size = 0
            more = False
            try:
                for text in texts:
                    if not isinstance(text, str):
                        raise _not_a_str(text)
                    try:
                        data = text.encode()
                    except UnicodeEncodeError:
                        data = _encode_surrogates(text)
                        text = data.decode()
                    originals.append(text)
                    encoded.append(data)
                    size += len(data)
                    if size >= _BATCH_BYTES or len(encoded) >= _BATCH_ROWS:
                        more = True
                        break
            except Exception as error:  # raised when the texts before it are through
                failure = error
            if encoded:
                yield from self._clean_batch(originals, encoded)
        if failure is not None:
            raise failure

    def _clean_batch(self, originals: list[str], encoded: list[bytes]) -> list[str]:
        handle = self._handle
        if handle is None:
            raise self._closed()
        rows = len(encoded)
        data = b"".join(encoded)
        offsets = array("q", accumulate(map(len, encoded), initial=0))
        batch = POINTER(c.Batch)()
        error = POINTER(c.Error)()
        first = c_int64.from_buffer(offsets)
        status = lib.unf_cleaner_clean_batch64(
            handle.pointer, data, len(data), byref(first), rows, byref(batch), byref(error)
        )
        _check(status, error)
        try:
            if lib.unf_batch_failed(batch):
                raise _failed(c.ERR_PANIC)
            if lib.unf_batch_changed(batch):
                flags = string_at(lib.unf_batch_flags(batch), rows)
                bounds = array("q", string_at(lib.unf_batch_offsets(batch), 8 * (rows + 1)))
                out = _view(lib.unf_batch_data(batch))
                for row, flag in enumerate(flags):
                    if flag & c.ROW_CHANGED:
                        originals[row] = out[bounds[row] : bounds[row + 1]].decode()
        finally:
            lib.unf_batch_free(batch)
        return originals

    @staticmethod
    def _call(handle: _Handle, data: bytes) -> Any:
        result = POINTER(c.Cleaned)()
        status = lib.unf_cleaner_clean(handle.pointer, data, len(data), byref(result))
        if status != c.OK:
            raise _failed(status)
        return result

    # -- Life -----------------------------------------------------------------------------------

    def close(self) -> None:
        """Frees the memory now, not when the object goes. Calls after this raise ValueError."""
        self._handle = None
        self._buffers.clear()

    @staticmethod
    def _closed() -> ValueError:
        return ValueError("the cleaner is closed")

    def __enter__(self) -> Cleaner:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._settings,)

    def __repr__(self) -> str:
        pairs, packs = self._settings
        options = [f"{key}={value!r}" for key, value in pairs]
        options += [f"rules=<{len(packs)}>"] if packs else []
        return f"<unfurnish.Cleaner {' '.join(options)}>"


def _restore(settings: _Settings) -> Cleaner:
    """A cleaner as it was pickled: rule packs from files come along."""
    cleaner = Cleaner.__new__(Cleaner)
    cleaner._open(settings)
    return cleaner


_cleaner = functools.lru_cache(maxsize=32)(_restore)
_default: Cleaner | None = None


def clean(text: str, **options: Unpack[Options]) -> str:
    """The text without its furniture; the same object if nothing had to change.

    The options are those of `Cleaner`. Cleaners for the last 32 sets of options are kept.
    """
    global _default
    if options:
        return _cleaner(_settings(**options)).clean(text)
    if _default is None:
        _default = _cleaner(_settings())
    return _default.clean(text)

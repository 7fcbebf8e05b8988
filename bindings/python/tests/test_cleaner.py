"""What the package adds to the C API: types, options, errors, threads, memory."""

import copy
import doctest
import gc
import itertools
import os
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pytest
import unfurnish
from conftest import ROOT
from unfurnish import _bindings, _cleaner

# -- Texts --------------------------------------------------------------------------------------


def test_a_text_that_does_not_change_is_the_same_object():
    for text in ["", "plain", "schöne Grüße, 投票 🗳"]:
        assert unfurnish.clean(text) is text
        assert unfurnish.Cleaner().explain(text).text is text
        assert next(unfurnish.Cleaner().clean_many([text])) is text


@pytest.mark.parametrize("text", [None, b"bytes", 7, ["list"], bytearray(b"x")])
def test_a_text_is_a_str(text):
    cleaner = unfurnish.Cleaner()
    for call in (unfurnish.clean, cleaner.clean, cleaner.explain):
        with pytest.raises(TypeError, match="a text must be str, not " + type(text).__name__):
            call(text)


def test_a_subclass_of_str_is_a_str(link, link_out):
    class Text(str):
        pass

    assert unfurnish.clean(Text(link)) == link_out


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a\ud800b", "a\ufffdb"),
        ("\udcff", "\ufffd"),
        ("\ud83d\ude00", "\ufffd\ufffd"),  # each by itself, also if they look like a pair
        ("\ud800\udfff\ud800 😀", "\ufffd\ufffd\ufffd 😀"),
    ],
)
def test_a_lone_surrogate_becomes_one_replacement_character(text, expected):
    cleaner = unfurnish.Cleaner()
    assert cleaner.clean(text) == expected
    assert cleaner.explain(text) == (expected, (), False)
    assert list(cleaner.clean_many(["x", text, "y"])) == ["x", expected, "y"]


def test_spans_are_in_code_points():
    parts = ["Größe 投票 🗳\ud800.\n\n", "ALSO READ: schöne 😀\n\n", "Ende ❤️."]
    text = "".join(parts)
    cleaned = unfurnish.Cleaner().explain(text)
    [removal] = cleaned.removals
    assert text[removal.start : removal.end] == parts[1]
    assert cleaned.text == (parts[0] + parts[2]).replace("\ud800", "\ufffd")
    assert (removal.rule, removal.category) == ("en/related/also-read", "related")


@pytest.mark.parametrize("around", [0, 1, 2, 100, 20_000])
def test_sizes_around_that_of_the_buffer(around):
    tail = "\n\nALSO READ: x\n\nend"
    for size in (_cleaner._DIRECT - around, _cleaner._DIRECT + around, _cleaner._ROOM + around):
        text = ("prose " * size)[: size - len(tail) - 1] + "." + tail
        expected = text.replace("ALSO READ: x\n\n", "")
        assert unfurnish.clean(text) == expected
        assert unfurnish.Cleaner().explain(text).text == expected


def test_a_text_that_outgrows_the_buffer(monkeypatch):
    monkeypatch.setattr(_cleaner, "_ROOM", 10)
    assert unfurnish.clean("0123456789") == "0123456789"
    assert unfurnish.clean("0123456789a") == "0123456789a"


# -- Many ---------------------------------------------------------------------------------------


def test_many_keeps_the_order(link, link_out):
    cleaner = unfurnish.Cleaner()
    texts = [f"{i} {link}" if i % 3 else f"{i} ö" * (i % 50) for i in range(20_000)]
    assert list(cleaner.clean_many(texts)) == [cleaner.clean(text) for text in texts]


def test_many_takes_any_iterable(link, link_out):
    cleaner = unfurnish.Cleaner()
    for texts in ([], (), iter([]), {}):
        assert list(cleaner.clean_many(texts)) == []
    assert list(cleaner.clean_many({link: 1})) == [link_out]
    assert list(cleaner.clean_many(link for _ in range(3))) == [link_out] * 3
    endless = cleaner.clean_many(itertools.repeat(link))
    assert [next(endless) for _ in range(10_000)] == [link_out] * 10_000


def test_many_reads_ahead_by_a_bounded_amount():
    read = 0

    def texts():
        nonlocal read
        while True:
            read += 1
            yield "x" * 1000

    assert next(unfurnish.Cleaner().clean_many(texts())) == "x" * 1000
    assert read <= 1000


def test_many_fails_where_the_text_is(link, link_out):
    cleaned = unfurnish.Cleaner().clean_many([link, "b", None, "d"])
    assert [next(cleaned), next(cleaned)] == [link_out, "b"]
    with pytest.raises(TypeError, match="not NoneType"):
        next(cleaned)
    assert list(cleaned) == []

    def broken():
        yield link
        raise KeyError("source")

    cleaned = unfurnish.Cleaner().clean_many(broken())
    assert next(cleaned) == link_out
    with pytest.raises(KeyError, match="source"):
        next(cleaned)


@pytest.mark.parametrize("texts", ["text", b"text", None, 7])
def test_many_is_not_one(texts):
    with pytest.raises(TypeError):
        unfurnish.Cleaner().clean_many(texts)


# -- Options ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"keep": "related"},
        {"keep": ["legal", "related"]},
        {"keep": "legal, related"},
        {"keep": (name for name in ["related"])},
        {"disable": "en/related"},
        {"disable": ["en/related/also-read"]},
        {"profile": "normalize"},
    ],
)
def test_options_that_keep_the_link(link, options):
    cleaner = unfurnish.Cleaner(**options)
    assert cleaner.clean(link) == link
    assert cleaner.explain(link).removals == ()


def test_every_option(link, link_out):
    options = {
        "profile": "article",
        "remove": ["meta", "credit", "caption", "bio"],
        "keep": [],
        "rules": [],
        "disable": (),
        "site": "valley.example",
        "budget": 1,
        "quotes": "straighten",
        "dashes": "straighten",
        "ellipsis": "dots",
        "ligatures": "split",
        "width": "fold",
        "nbsp": "keep",
    }
    assert set(options) == set(unfurnish.Options.__annotations__)
    assert unfurnish.Cleaner(**options).clean(link) == link_out
    assert unfurnish.clean(link, **options) == link_out


def test_rules_of_a_site():
    pack = """
        name = "papers"
        [[rule]]
        id = "other/valley"
        site = "valley.example"
        at = "line"
        any = ["the valley mail"]
        hits = ["The Valley Mail"]
    """
    text = "It rained.\nThe Valley Mail\nAnd then it snowed.\n"
    assert unfurnish.clean(text, rules=pack) == text
    assert unfurnish.clean(text, rules=pack, site="dale.example") == text
    assert unfurnish.clean(text, rules=pack, site="valley.example") == "It rained.\nAnd then it snowed.\n"


def test_module_level_options(link, link_out):
    assert unfurnish.clean(link) == link_out
    assert unfurnish.clean(link, keep=["related"]) == link
    assert unfurnish.clean(link, profile="normalize") == link
    with pytest.raises(TypeError):
        unfurnish.clean(link, nonsense=1)


@pytest.mark.parametrize(
    "options, status, message",
    [
        ({"profile": "pages"}, _bindings.ERR_OPTION, "pages"),
        ({"remove": "nonsense"}, _bindings.ERR_OPTION, "nonsense"),
        ({"keep": ["nonsense"]}, _bindings.ERR_OPTION, "nonsense"),
        ({"budget": 1.5}, _bindings.ERR_OPTION, "1.5"),
        ({"budget": float("nan")}, _bindings.ERR_OPTION, "nan"),
        ({"quotes": "curly"}, _bindings.ERR_OPTION, "curly"),
        ({"nbsp": "\ud800"}, _bindings.ERR_OPTION, "nbsp"),
        ({"disable": "xx/none"}, _bindings.ERR_UNKNOWN_RULE, "xx/none"),
        ({"rules": "[[rule"}, _bindings.ERR_RULE_PACK, ""),
    ],
)
def test_errors(options, status, message):
    with pytest.raises(unfurnish.BuildError) as caught:
        unfurnish.Cleaner(**options)
    error = caught.value
    assert isinstance(error, ValueError)
    assert error.status == status
    assert str(error) and message in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.status) == (str(error), status)
    with pytest.raises(unfurnish.BuildError):
        unfurnish.clean("text", **options)


@pytest.mark.parametrize(
    "options",
    [{"profile": 1}, {"remove": [1]}, {"keep": 5}, {"rules": [b"x"]}, {"budget": "much"}],
)
def test_options_of_the_wrong_type(options):
    with pytest.raises((TypeError, ValueError)) as caught:
        unfurnish.Cleaner(**options)
    assert not isinstance(caught.value, unfurnish.BuildError)


def test_rules_from_files(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_bytes(b"[[rule")
    for rules in (path, [path], ("[[rule", path)):
        with pytest.raises(unfurnish.BuildError) as caught:
            unfurnish.Cleaner(rules=rules)
        assert caught.value.status == _bindings.ERR_RULE_PACK
    path.write_bytes(b"name = '\xff'")
    with pytest.raises(unfurnish.BuildError, match="UTF-8"):
        unfurnish.Cleaner(rules=path)
    with pytest.raises(FileNotFoundError):
        unfurnish.Cleaner(rules=tmp_path / "none.toml")


# -- Life ---------------------------------------------------------------------------------------


def test_close(link):
    cleaner = unfurnish.Cleaner()
    many = cleaner.clean_many([link])
    cleaner.close()
    cleaner.close()
    for call in (cleaner.clean, cleaner.explain, cleaner.clean_many):
        with pytest.raises(ValueError, match="closed"):
            call([link] if call == cleaner.clean_many else link)
    with pytest.raises(ValueError, match="closed"):
        next(many)
    with unfurnish.Cleaner() as cleaner:
        pass
    with pytest.raises(ValueError, match="closed"):
        cleaner.clean(link)


def test_pickle(link):
    cleaner = unfurnish.Cleaner(keep="related", quotes="keep", budget=0.25)
    for other in (pickle.loads(pickle.dumps(cleaner)), copy.copy(cleaner), copy.deepcopy(cleaner)):
        assert other is not cleaner
        assert other.clean(link) == link
        assert repr(other) == repr(cleaner)
    cleaned = unfurnish.Cleaner().explain(link)
    assert pickle.loads(pickle.dumps(cleaned)) == cleaned


def test_repr():
    cleaner = unfurnish.Cleaner(keep=["legal"])
    assert repr(cleaner) == "<unfurnish.Cleaner profile='article' keep='legal'>"


# -- Threads ------------------------------------------------------------------------------------


def test_threads_share_a_cleaner(link):
    cleaner = unfurnish.Cleaner()
    texts = [f"{i} ü {link}" * (i % 7 + 1) for i in range(500)]
    expected = [cleaner.clean(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(10):
            assert list(pool.map(cleaner.clean, texts)) == expected
        explained = pool.map(lambda text: cleaner.explain(text).text, texts)
        assert list(explained) == expected
        many = pool.map(lambda _: list(cleaner.clean_many(texts)), range(8))
        assert all(cleaned == expected for cleaned in many)


def test_close_while_others_clean(link, link_out):
    for _ in range(10):
        cleaner = unfurnish.Cleaner()
        wrong = []

        def work():
            try:
                while True:
                    if cleaner.clean(link) != link_out:
                        wrong.append(1)
            except ValueError:
                pass

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        cleaner.close()
        for thread in threads:
            thread.join()
        assert not wrong


def test_other_threads_run_during_a_call():
    """Needs no second core: with the GIL held, this thread would not get a turn during the call."""
    cleaner = unfurnish.Cleaner()
    handle, data = cleaner._handle, b"It rained all day.\n" * 300_000
    turns = []
    for _ in range(5):
        started, done = threading.Event(), threading.Event()

        def work():
            started.set()
            _bindings.lib.unf_cleaned_free(cleaner._call(handle, data))
            done.set()

        thread = threading.Thread(target=work)
        thread.start()
        started.wait()
        count = 0
        while not done.is_set():
            count += 1
        thread.join()
        turns.append(count)
    assert max(turns) > 1000


# -- Memory -------------------------------------------------------------------------------------


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="reads /proc")
def test_nothing_leaks(link):
    def resident():
        gc.collect()
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    cleaner = unfurnish.Cleaner()
    long = "prose é " * 10_000 + link

    def work(times):
        for i in range(times):
            cleaner.clean(link + str(i))
            cleaner.explain(link + "é")
            list(cleaner.clean_many([link] * (i % 20)))
            cleaner.clean("\ud800")
            if i % 100 == 0:
                cleaner.clean(long)
                unfurnish.Cleaner(keep="related")
                with pytest.raises(unfurnish.BuildError):
                    unfurnish.Cleaner(keep="nonsense")

    work(1_000)
    before = resident()
    work(5_000)
    assert resident() - before < 2_000_000


# -- The rest -----------------------------------------------------------------------------------


def test_readme():
    readme = ROOT / "bindings" / "python" / "README.md"
    flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    result = doctest.testfile(str(readme), module_relative=False, optionflags=flags)
    assert result.failed == 0 and result.attempted > 5


def test_docstrings():
    assert doctest.testmod(unfurnish).failed == 0


def test_the_package_is_typed_and_versioned():
    package = Path(unfurnish.__file__).parent
    assert (package / "py.typed").exists()
    assert version("unfurnish") == unfurnish.__version__
    assert [int(part) for part in unfurnish.unicode_version.split(".")] >= [15, 0, 0]

"""clean_arrow, with the libraries that have Arrow data."""

import gc

import pytest
import unfurnish
from conftest import LINK, LINK_OUT, needs_proc, resident

pa = pytest.importorskip("pyarrow")

LONG = "schön 🗳, and too long for a view"
TEXTS = [LINK, None, "", "short", LONG, LINK.replace("Ten", "Zehn ♨")]
CLEAN = [LINK_OUT, None, "", "short", LONG, LINK_OUT]

TYPES = [pa.string(), pa.large_string(), pa.string_view()]


@pytest.fixture
def cleaner():
    return unfurnish.Cleaner()


def records(kind=None):
    """A batch with another column before the texts, and one after them."""
    ids = pa.array(range(len(TEXTS)), pa.int8())
    texts = pa.array(TEXTS, kind or pa.string())
    batch = pa.record_batch([ids, texts, texts], ["id", "text", "as it was"])
    return batch.replace_schema_metadata({"source": "a test"})


def check_records(table):
    assert table.schema.metadata == {b"source": b"a test"}
    assert table.to_pydict() == {
        "id": list(range(len(TEXTS))),
        "text": CLEAN,
        "as it was": TEXTS,
    }


# -- pyarrow ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_arrays(cleaner, kind):
    for start in range(len(TEXTS)):
        for end in range(start, len(TEXTS) + 1):
            array = pa.array([*TEXTS, "x"], kind).slice(start, end - start)
            cleaned = pa.array(cleaner.clean_arrow(array))
            cleaned.validate(full=True)
            assert cleaned.type == kind
            assert cleaned.null_count == array.null_count
            assert cleaned.to_pylist() == CLEAN[start:end]


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_chunked_arrays(cleaner, kind):
    array = pa.array(TEXTS, kind)
    chunked = pa.chunked_array([array, array.slice(2), array.slice(0, 0)])
    cleaned = pa.chunked_array(cleaner.clean_arrow(chunked))
    assert cleaned.type == kind
    assert cleaned.num_chunks == 3
    assert cleaned.to_pylist() == CLEAN + CLEAN[2:]


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_batches_and_tables(cleaner, kind):
    batch = records(kind)
    cleaned = pa.record_batch(cleaner.clean_arrow(batch, "text"))
    cleaned.validate(full=True)
    assert cleaned.schema.equals(batch.schema, check_metadata=True)
    check_records(cleaned)
    check_records(pa.table(cleaner.clean_arrow(pa.table(batch), "text")))


def test_a_result_can_be_taken_again(cleaner):
    for cleaned, take in [
        (cleaner.clean_arrow(pa.array(TEXTS)), pa.array),
        (cleaner.clean_arrow(pa.chunked_array([TEXTS])), pa.chunked_array),
    ]:
        assert take(cleaned).to_pylist() == CLEAN
        assert take(cleaned).to_pylist() == CLEAN


def test_the_source_stays_as_it_is(cleaner):
    array, batch = pa.array(TEXTS), records()
    pa.array(cleaner.clean_arrow(array))
    pa.record_batch(cleaner.clean_arrow(batch, "text"))
    assert array.to_pylist() == TEXTS
    assert batch.column("text").to_pylist() == TEXTS


def test_nothing_is_copied_on_the_way_in(cleaner):
    batch = pa.record_batch({"text": ["x" * 1000] * 1000, "id": range(1000)})
    before = pa.total_allocated_bytes()
    cleaned = pa.record_batch(cleaner.clean_arrow(batch, "text"))
    assert pa.total_allocated_bytes() < before + 10_000  # the texts are a megabyte
    # And other columns are the same memory.
    addresses = [b.column("id").buffers()[1].address for b in (batch, cleaned)]
    assert addresses[0] == addresses[1]


def test_a_type_can_be_asked_for(cleaner):
    for source in (pa.array(TEXTS), pa.chunked_array([TEXTS])):
        cleaned = pa.chunked_array(cleaner.clean_arrow(source), type=pa.large_string())
        assert cleaned.type == pa.large_string()
        assert cleaned.to_pylist() == CLEAN


def test_a_stream_is_cleaned_as_it_is_read(cleaner):
    read = 0

    def batches():
        nonlocal read
        for _ in range(3):
            read += 1
            yield records()
        raise RuntimeError("the source is dry")

    reader = pa.RecordBatchReader.from_batches(records().schema, batches())
    cleaned = pa.RecordBatchReader.from_stream(cleaner.clean_arrow(reader, "text"))
    assert read == 0
    check_records(cleaned.read_next_batch())
    assert read == 1
    cleaned.read_next_batch()
    cleaned.read_next_batch()
    with pytest.raises(Exception, match="the source is dry"):
        cleaned.read_next_batch()


def test_bytes_that_are_not_utf8(cleaner):
    offsets = pa.py_buffer(bytes([0, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]))
    array = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"a\xffb")])
    assert pa.array(cleaner.clean_arrow(array)).to_pylist() == ["a\ufffd", "b"]


def test_many_rows_are_what_they_are_one_by_one(cleaner):
    texts = [f"{row} {LINK}" if row % 3 else "ö" * (row % 50) for row in range(20_000)]
    cleaned = pa.array(cleaner.clean_arrow(pa.array(texts)))
    assert cleaned.to_pylist() == [cleaner.clean(text) for text in texts]


# -- Other libraries ----------------------------------------------------------------------------


def test_polars(cleaner):
    polars = pytest.importorskip("polars")
    series = polars.Series("body", TEXTS)
    cleaned = polars.Series(cleaner.clean_arrow(series))
    assert (cleaned.name, cleaned.dtype) == ("body", polars.String)
    assert cleaned.to_list() == CLEAN
    frame = polars.DataFrame({"id": range(len(TEXTS)), "text": TEXTS})
    cleaned = polars.DataFrame(cleaner.clean_arrow(frame, "text"))
    assert cleaned.equals(frame.with_columns(text=polars.Series(CLEAN)))


def test_pandas(cleaner):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"id": range(len(TEXTS)), "text": TEXTS})
    table = pa.table(cleaner.clean_arrow(frame, "text"))
    assert table["text"].to_pylist() == CLEAN
    if not hasattr(frame["text"], "__arrow_c_stream__"):
        pytest.skip("columns have it since pandas 3")
    cleaned = pandas.Series.from_arrow(cleaner.clean_arrow(frame["text"]))
    assert [None if pandas.isna(text) else text for text in cleaned] == CLEAN


def test_duckdb(cleaner):
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.register("docs", pa.table(records()))
    relation = connection.sql("SELECT id, text FROM docs ORDER BY id")
    if not hasattr(relation, "__arrow_c_stream__"):
        pytest.skip("relations have it since DuckDB 1.4")
    assert pa.table(cleaner.clean_arrow(relation, "text"))["text"].to_pylist() == CLEAN
    cleaned = cleaner.clean_arrow(pa.table(records()), "text")  # noqa: F841, the query names it
    assert duckdb.sql("SELECT text FROM cleaned ORDER BY id").fetchall() == [(t,) for t in CLEAN]


# -- Errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source, column, message",
    [
        (pa.array([1, 2]), "", "no type of strings"),
        (pa.array([b"bytes"]), "", "no type of strings"),
        (pa.array(["x"]).dictionary_encode(), "", "dictionary"),
        (pa.array(["x"]), "text", "no column `text`"),
        (records(), "", "name the column"),
        (records(), "id", "no type of strings"),
        (records(), "nothing", "no column `nothing`"),
    ],
)
def test_no_column_of_strings(cleaner, source, column, message):
    with pytest.raises(TypeError, match=message):
        cleaner.clean_arrow(source, column).__arrow_c_array__()
    batch = isinstance(source, pa.RecordBatch)
    stream = pa.table(source) if batch else pa.chunked_array([source])
    with pytest.raises(TypeError, match=message):
        cleaner.clean_arrow(stream, column).__arrow_c_stream__()


@pytest.mark.parametrize("data", [["a list"], "text", None, 7])
def test_no_arrow_data(cleaner, data):
    with pytest.raises(TypeError, match=f"__arrow_c_stream__.*{type(data).__name__}"):
        cleaner.clean_arrow(data)


def test_close(cleaner):
    results = [cleaner.clean_arrow(pa.array(TEXTS)), cleaner.clean_arrow(pa.chunked_array([TEXTS]))]
    reader = pa.RecordBatchReader.from_stream(cleaner.clean_arrow(pa.table(records()), "text"))
    cleaner.close()
    with pytest.raises(ValueError, match="closed"):
        cleaner.clean_arrow(pa.array(TEXTS))
    with pytest.raises(ValueError, match="closed"):
        results[0].__arrow_c_array__()
    with pytest.raises(ValueError, match="closed"):
        results[1].__arrow_c_stream__()
    check_records(reader.read_all())  # it was taken before


# -- Memory -------------------------------------------------------------------------------------


def sources(library):
    """Data of a library, of 100 KB, and what takes a column of it."""
    texts = ["x" * 1000] * 100
    if library == "pyarrow":
        yield pa.array(texts), "", pa.array
        yield pa.chunked_array([texts]), "", pa.chunked_array
        yield pa.record_batch({"text": texts}), "text", pa.record_batch
        return
    module = pytest.importorskip(library)
    if library == "polars":
        yield module.Series(texts), "", module.Series
    elif library == "pandas":
        yield module.DataFrame({"text": texts}), "text", pa.table
    elif hasattr(module.DuckDBPyRelation, "__arrow_c_stream__"):
        yield module.sql("SELECT repeat('x', 1000) AS text FROM range(100)"), "text", pa.table


@needs_proc
@pytest.mark.parametrize("library", ["pyarrow", "polars", "pandas", "duckdb"])
def test_nothing_leaks_taken_or_not(cleaner, library):
    given = list(sources(library))

    def work(times):
        for _ in range(times):
            for data, column, take in given:
                take(cleaner.clean_arrow(data, column))
                cleaned = cleaner.clean_arrow(data, column)
                left = getattr(cleaned, "__arrow_c_array__", None) or cleaned.__arrow_c_stream__
                left()
                with pytest.raises(TypeError):
                    take(cleaner.clean_arrow(data, "nothing"))

    work(50)
    gc.collect()
    before = resident()
    work(200)
    gc.collect()
    assert resident() - before < 4_000_000  # what leaks once a turn is 20 MB

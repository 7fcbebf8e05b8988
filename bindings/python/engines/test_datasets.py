"""Hugging Face Datasets."""

import logging

import pytest
import unfurnish
import unfurnish.datasets
from datasets import Dataset, DatasetDict, Features, Value, disable_progress_bars

disable_progress_bars()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path)


def by_id(dataset):
    return {row["id"]: row["text"] for row in dataset}


@pytest.mark.parametrize("num_proc", [None, 2])
def test_rows(rows, expected, num_proc):
    features = Features({"text": Value("large_string"), "id": Value("int16")})
    dataset = Dataset.from_list(rows, features=features)
    cleaned = unfurnish.datasets.clean(dataset, num_proc=num_proc)
    assert cleaned.features == features
    assert cleaned["id"][:] == dataset["id"][:]
    assert by_id(cleaned) == expected


def test_iterable_datasets(rows, expected):
    dataset = Dataset.from_list(rows).to_iterable_dataset(num_shards=3)
    cleaned = unfurnish.datasets.clean(dataset)
    assert cleaned.features == dataset.features
    assert by_id(cleaned) == expected
    with pytest.raises(ValueError, match="num_proc"):
        unfurnish.datasets.clean(dataset, num_proc=2)


def test_splits(rows, expected):
    dataset = Dataset.from_list(rows)
    splits = DatasetDict(train=dataset.select(range(30)), test=dataset.select(range(30, len(rows))))
    cleaned = unfurnish.datasets.clean(splits)
    assert isinstance(cleaned, DatasetDict)
    assert by_id(cleaned["train"]) | by_id(cleaned["test"]) == expected


def test_the_format_stays(rows):
    dataset = Dataset.from_list(rows).with_format("numpy", columns=["text"])
    cleaned = unfurnish.datasets.clean(dataset)
    assert cleaned.format == dataset.format
    assert cleaned.column_names == dataset.column_names


def test_a_result_is_cached(rows, tmp_path):
    Dataset.from_list(rows).save_to_disk(tmp_path / "rows")
    dataset = Dataset.load_from_disk(tmp_path / "rows")
    first = unfurnish.datasets.clean(dataset)
    again = unfurnish.datasets.clean(dataset)
    other = unfurnish.datasets.clean(dataset, cleaner=unfurnish.Cleaner(profile="normalize"))
    assert first.cache_files == again.cache_files != other.cache_files


@pytest.mark.parametrize("iterable", [False, True])
def test_a_row_that_fails(some_broken, all_but_broken, fragile, caplog, iterable):
    dataset = Dataset.from_list(some_broken)
    if iterable:
        dataset = dataset.to_iterable_dataset()
    with pytest.raises(ValueError, match="dataset, row 31: it is broken"):
        list(unfurnish.datasets.clean(dataset, cleaner=fragile))
    with caplog.at_level(logging.WARNING, "unfurnish"):
        skipped = by_id(unfurnish.datasets.clean(dataset, cleaner=fragile, on_error="skip"))
    assert skipped == all_but_broken
    assert "dataset: rows left out: 2; row 31: it is broken" in caplog.text


def test_a_row_that_fails_in_a_process(some_broken, all_but_broken, fragile):
    dataset = Dataset.from_list(some_broken)
    with pytest.raises(Exception, match="dataset, process [01], row (31|77): it is broken"):
        unfurnish.datasets.clean(dataset, cleaner=fragile, num_proc=2)
    skipped = unfurnish.datasets.clean(dataset, cleaner=fragile, on_error="skip", num_proc=2)
    assert by_id(skipped) == all_but_broken


def test_what_is_no_column_of_strings(rows):
    dataset = Dataset.from_list(rows)
    with pytest.raises(ValueError, match="row 0: a text must be str, not int"):
        unfurnish.datasets.clean(dataset, "id")
    with pytest.raises(ValueError, match="there is no column 'nothing'"):
        unfurnish.datasets.clean(dataset, "nothing")

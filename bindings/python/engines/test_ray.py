"""Ray Data, on two workers."""

import re

import pytest
import ray
import unfurnish
import unfurnish.ray


@pytest.fixture(scope="module", autouse=True)
def cluster():
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield
    ray.shutdown()


def dataset(rows):
    return ray.data.from_items(rows, override_num_blocks=4)


def by_id(dataset):
    return {row["id"]: row["text"] for row in dataset.take_all()}


def test_rows(rows, expected):
    assert by_id(unfurnish.ray.clean(dataset(rows))) == expected


def test_options_and_other_columns(rows):
    cleaner = unfurnish.Cleaner(profile="normalize")
    other = dataset(rows).rename_columns({"text": "body"})
    for row in unfurnish.ray.clean(other, "body", cleaner).take_all():
        text = rows[row["id"]]["text"]
        assert row["body"] == (None if text is None else cleaner.clean(text))


def test_a_row_that_fails(some_broken, all_but_broken, fragile):
    with pytest.raises(Exception) as caught:
        unfurnish.ray.clean(dataset(some_broken), cleaner=fragile).take_all()
    assert re.search(r"task [0-9a-f]{20,}, row \d+: it is broken", str(caught.value))
    skipped = unfurnish.ray.clean(dataset(some_broken), cleaner=fragile, on_error="skip")
    assert by_id(skipped) == all_but_broken


def test_blocks_that_are_not_of_strings(rows, expected):
    numbers = ray.data.from_items([{"id": -1 - row, "text": row} for row in range(3)])
    mixed = dataset(rows).union(numbers)
    with pytest.raises(Exception, match=r"task [0-9a-f]{20,}, row 0: a text must be str, not int"):
        unfurnish.ray.clean(mixed).take_all()
    assert by_id(unfurnish.ray.clean(mixed, on_error="skip")) == expected


def test_a_column_that_is_not_there(rows):
    with pytest.raises(Exception, match="there is no column 'nothing'"):
        unfurnish.ray.clean(dataset(rows), "nothing", on_error="skip").take_all()

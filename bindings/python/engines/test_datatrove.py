"""datatrove."""

import json

import pytest
import unfurnish
from conftest import ROOT
from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from unfurnish.datatrove import Unfurnish


def documents(rows):
    """datatrove has no documents without a text."""
    return [
        Document(text=row["text"], id=str(row["id"])) for row in rows if row["text"] is not None
    ]


def by_id(documents):
    return {int(document.id): document.text for document in documents}


def test_documents(rows, expected):
    cleaned = by_id(Unfurnish()(documents(rows)))
    assert cleaned == {row: text for row, text in expected.items() if text is not None}


def test_options(rows):
    cleaner = unfurnish.Cleaner(profile="normalize")
    for before, after in zip(documents(rows), Unfurnish(cleaner)(documents(rows))):
        assert after.text == cleaner.clean(before.text)


def test_a_pipeline_of_two_tasks(tmp_path):
    lines = (ROOT / "samples" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "in").mkdir()
    for part in (0, 1):
        text = "\n".join(lines[part::2])
        (tmp_path / "in" / f"{part}.jsonl").write_text(text, encoding="utf-8")
    LocalPipelineExecutor(
        pipeline=[
            JsonlReader(str(tmp_path / "in")),
            Unfurnish(),
            JsonlWriter(str(tmp_path / "out"), compression=None),
        ],
        tasks=2,
        workers=2,
        logging_dir=str(tmp_path / "logs"),
    ).run()
    found = {}
    for path in (tmp_path / "out").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found[row["id"]] = row["text"]
    assert found == {row["id"]: unfurnish.clean(row["text"]) for row in map(json.loads, lines)}


@pytest.mark.parametrize("broken", ["by the cleaner", "by its type"])
def test_a_document_that_fails(some_broken, all_but_broken, fragile, broken):
    given = documents(some_broken)
    cleaner = fragile
    if broken == "by its type":
        cleaner = None
        for document in given:
            document.text = 7 if "broken" in document.text else document.text
    with pytest.raises(ValueError, match="rank 3, row 31: "):
        list(Unfurnish(cleaner)(given, rank=3, world_size=4))
    step = Unfurnish(cleaner, on_error="skip")
    skipped = by_id(step(documents(some_broken) if cleaner else given, rank=3, world_size=4))
    assert skipped == {row: text for row, text in all_but_broken.items() if text is not None}
    assert step.stats["dropped"].total == 2
    assert step.stats["forwarded"].total == len(skipped)


def test_it_is_a_step():
    assert isinstance(Unfurnish(), PipelineStep)
    with pytest.raises(ValueError, match="on_error"):
        Unfurnish(on_error="ignore")

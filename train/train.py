#!/usr/bin/env python3
"""Trains the model of profile `page` and writes its weights.

    train.py --pages PAGES.jsonl… [--witnesses TEXTS.jsonl…] --out WEIGHTS
    train.py --pages PAGES.jsonl… [--witnesses TEXTS.jsonl…] --cross-validate
             [--only LANGUAGE | --without LANGUAGE]

Rows are JSON objects with `set`, `id`, `domain`, `type`, `view`, `text` and either `gold`, the text of
the page's article, or `with` and `without`, snippets that must stay and that must go; `.zst` is read
by name. Witnesses are what extractors made of pages without gold text, with the `set` and `id` of the
page. The same rows give the same weights.

`--cross-validate` writes no weights: it trains on some domains, cleans the pages of the others with
what came out, as the library does it, and prints the scores. With `--only` it trains on the pages in
one language, such as `eng`, and cleans those in all others; with `--without` it is the other way round.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import lightgbm
import numpy as np

import scores
import weights
import words
from samples import Samples

ROOT = Path(__file__).resolve().parent.parent
# Domains are parted in so many, in cross-validation and where a pass must not know its own scores.
FOLDS = 5
INNER_FOLDS = 4
# Lines that a booster learns from: a sample, in which a line is as likely as it is heavy.
LINES = 400_000
# Trees of the two passes, and how fast they learn.
TREES = ((80, 0.12), (96, 0.08))
PARAMETERS = dict(
    objective="cross_entropy",
    num_leaves=31,
    max_depth=6,
    min_data_in_leaf=80,
    feature_fraction=0.35,
    bagging_fraction=0.7,
    bagging_freq=1,
    lambda_l2=5,
    max_bin=255,
    num_threads=2,
    deterministic=True,
    force_row_wise=True,
    seed=1,
    verbose=-1,
)
# A line is sure beyond this, and asks no more trees; see src/page/model.rs.
LIMIT = 4
# Features that are learned themselves.
LEARNED, SCORE = "its words, as on other pages", "first impression"
# What is seen of the neighbours: in the first pass all that is known of a line by itself, in the
# second the scores and what sets a line apart.
LAST_OF_LINE = "how often it stood above"
BESIDE = ["furniture by a rule", "cues of a rule", LEARNED]
BESIDE_AGAIN = [
    "how it ends", "how it begins", "number of words", "a blank line above", "indentation", "prose",
]  # fmt: skip
NEAR, FAR = (-1, 1), (-8, -6, -5, -4, -3, -2, 2, 3, 4, 5, 6, 8)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pages", nargs="+", required=True)
    parser.add_argument("--witnesses", nargs="+", default=[])
    parser.add_argument("--out")
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("--without")
    arguments = parser.parse_args()
    if bool(arguments.out) == arguments.cross_validate:
        parser.error("give either --out or --cross-validate")
    with tempfile.TemporaryDirectory() as folder:
        tool = Tool(folder)
        tool("samples", folder, *arguments.pages, "--witness", *arguments.witnesses)
        trainer = Trainer(Samples(folder), tool)
        if arguments.cross_validate:
            cross_validate(trainer, arguments)
        else:
            everything = np.ones(len(trainer.samples.pages), bool)
            Path(arguments.out).write_bytes(trainer.train(everything))


class Tool:
    """unfurnish-train, as it was when training began."""

    def __init__(self, folder):
        package = ["--package", "unfurnish-train", "--message-format", "json"]
        command = ["cargo", "build", "--release", *package]
        built = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        messages = map(json.loads, built.stdout.splitlines())
        (executable,) = (m["executable"] for m in messages if m.get("executable"))
        self.path = shutil.copy(executable, folder)

    def __call__(self, *arguments):
        subprocess.run([self.path, *map(str, arguments)], check=True)


class Trainer:
    def __init__(self, samples, tool):
        self.samples = samples
        self.tool = tool
        self.weights = samples.weights()
        self.slots = words.slots(samples)
        names = samples.names
        place = names.index
        score = place(SCORE)
        beside = [*range(place(LAST_OF_LINE) + 1), *map(place, BESIDE)]
        again = [score, *map(place, BESIDE_AGAIN)]
        near = lambda features: [(line, feature) for line in NEAR for feature in features]
        self.columns = (
            [(0, feature) for feature in range(score)] + near(beside),
            [(0, feature) for feature in range(len(names))]
            + near(again)
            + [(line, score) for line in FAR],
        )

    def train(self, pages):
        """The weights of a model that has learned from some pages."""
        samples = self.samples
        features = samples.features.copy()
        learned_at, score_at = samples.names.index(LEARNED), samples.names.index(SCORE)
        lines = pages[samples.page]
        folds = samples.folds(INNER_FOLDS)[samples.page]
        # What words are worth on pages of other domains.
        for fold in range(INNER_FOLDS):
            own = lines & (folds == fold)
            learned = self.learn_words(lines & (folds != fold))
            features[own, learned_at] = words.score(self.slots, learned)[own]
        # What the first pass thinks of pages of other domains.
        matrix = samples.columns(features, self.columns[0])
        first = np.zeros(len(features))
        for fold in range(INNER_FOLDS):
            own = lines & (folds == fold)
            booster = self.boost(matrix, lines & (folds != fold), TREES[0])
            first[own] = booster.predict(matrix[own], raw_score=True)
        first_pass = self.boost(matrix, lines, TREES[0])
        # As `likelihood` in src/page/model.rs has it.
        first = 1 / (1 + np.exp(-np.clip(first, -LIMIT, LIMIT)))
        features[:, score_at] = np.minimum(255, np.floor(256 * first))
        features.tofile(samples.folder / "scored.u8")
        self.tool("look-again", samples.folder)
        features = np.fromfile(samples.folder / "again.u8", dtype=np.uint8).reshape(features.shape)
        matrix = samples.columns(features, self.columns[1])
        second_pass = self.boost(matrix, lines, TREES[1])
        passes = zip((first_pass, second_pass), self.columns)
        return weights.pack(words.BITS, self.learn_words(lines), passes)

    def learn_words(self, lines):
        chosen = np.flatnonzero(lines & (self.samples.tokens > 0))
        return words.fit(self.slots, self.samples, self.weights, chosen)

    def boost(self, matrix, lines, trees):
        count, rate = trees
        chosen, chosen_weights = self.sample(lines)
        data = lightgbm.Dataset(
            matrix[chosen], self.samples.share[chosen], weight=chosen_weights, free_raw_data=True
        )
        return lightgbm.train({**PARAMETERS, "learning_rate": rate}, data, count)

    def sample(self, lines):
        """Some lines and their weights; all lines together keep the weight that they have."""
        weight = np.where(lines & (self.samples.tokens > 0), self.weights, 0)
        low, high = 0.0, float(weight.max())
        for _ in range(40):
            middle = (low + high) / 2
            too_many = np.minimum(1, weight / middle).sum() > LINES
            low, high = (middle, high) if too_many else (low, middle)
        chance = np.minimum(1, weight / high)
        chosen = np.flatnonzero(np.random.RandomState(1).rand(len(weight)) < chance)
        return chosen, weight[chosen] / chance[chosen]


def cross_validate(trainer, arguments):
    samples = trainer.samples
    if arguments.only:
        parts = [samples.languages != arguments.only]
    elif arguments.without:
        parts = [samples.languages == arguments.without]
    else:
        folds = samples.folds(FOLDS)
        parts = [folds == fold for fold in range(FOLDS)]
    cleaned = []
    for part in parts:
        print(f"{part.sum()} of {len(part)} pages are left out", file=sys.stderr)
        model, numbers, out = (samples.folder / name for name in ("model", "numbers", "cleaned"))
        model.write_bytes(trainer.train(~part))
        numbers.write_text("\n".join(map(str, np.flatnonzero(part))))
        trainer.tool("clean", out, model, numbers, *arguments.pages)
        with open(out, encoding="utf-8") as file:
            cleaned += map(json.loads, file)
    table(cleaned, "all")
    for key in ("type", "language"):
        groups = defaultdict(list)
        for row in cleaned:
            groups[row[key] or "?"].append(row)
        for group, rows in sorted(groups.items()):
            table(rows, f"{key} {group}")


def table(rows, title):
    views = defaultdict(list)
    for row in rows:
        views[row["view"]].append(row)
    for view, rows in sorted(views.items()):
        for kind, score, pages in scores.score(rows):
            print(f"| {title} | {view} | {kind} | {pages} | {score:.4f} |", flush=True)


if __name__ == "__main__":
    main()

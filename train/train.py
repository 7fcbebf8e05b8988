#!/usr/bin/env python3
"""Trains the model of profile `page` and writes its weights.

    train.py --pages PAGES.jsonl… [--witnesses TEXTS.jsonl…] --out WEIGHTS
    train.py --pages PAGES.jsonl… [--witnesses TEXTS.jsonl…] --cross-validate
             [--only LANGUAGE… | --without LANGUAGE…]

Rows are JSON objects with `set`, `id`, `domain`, `type`, `view`, `text` and either `gold`, the text of
the page's article, or `with` and `without`, snippets that must stay and that must go; `.zst` is read
by name. Witnesses are what extractors made of pages without gold text, with the `set` and `id` of the
page. The same rows give the same weights.

`--cross-validate` writes no weights: it trains on some domains, cleans the pages of the others with
what came out, as the library does it, and prints the scores. With `--only` it trains on the pages in
some languages, such as `eng`, and cleans those in all others; with `--without` it is the other way round.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import catboost
import numpy as np

import scores
import weights
import words
from samples import Samples

ROOT = Path(__file__).resolve().parent.parent
# Domains are parted in so many, in cross-validation and where a pass must not know its own scores.
FOLDS = 5
INNER_FOLDS = 3
# Lines that a booster learns from: a sample, in which a line is as likely as it is heavy.
LINES = 250_000
# Trees of the passes, and how fast they learn.
TREES = ((200, 0.12), (250, 0.1), (300, 0.08))
PARAMETERS = dict(
    loss_function="CrossEntropy",
    depth=weights.DEPTH,
    boosting_type="Plain",
    bootstrap_type="Bernoulli",
    subsample=0.7,
    rsm=0.25,
    l2_leaf_reg=5,
    border_count=64,
    thread_count=2,
    random_seed=1,
    allow_writing_files=False,
    verbose=0,
)
# A line is sure beyond this, and asks no more trees; see src/page/model.rs.
LIMIT = 4
# Features that are learned themselves.
LEARNED, SCORE = "its words, as on other pages", "impression so far"
# What is seen of the neighbours: in the first pass all that is known of a line by itself, in the
# others the scores and what sets a line apart.
LAST_OF_LINE = "how often it stood above"
BESIDE = ["furniture by a rule", "cues of a rule", LEARNED]
BESIDE_AGAIN = [
    "how it ends", "how it begins", "number of words", "a blank line above", "indentation", "prose",
    LEARNED,
]  # fmt: skip
NEAR, FAR = (-1, 1), (-8, -6, -5, -4, -3, -2, 2, 3, 4, 5, 6, 8)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pages", nargs="+", required=True)
    parser.add_argument("--witnesses", nargs="+", default=[])
    parser.add_argument("--out")
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--without", nargs="+")
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
        learned_at = samples.names.index(LEARNED)
        lines = pages[samples.page]
        folds = samples.folds(INNER_FOLDS)[samples.page]
        # What words are worth on pages of other domains.
        for fold in range(INNER_FOLDS):
            own = lines & (folds == fold)
            learned = self.learn_words(lines & (folds != fold))
            features[own, learned_at] = words.score(self.slots, learned)[own]
        passes = []
        for number, trees in enumerate(TREES):
            columns = self.columns[min(number, 1)]
            matrix = samples.columns(features, columns)
            passes.append((self.boost(matrix, lines, trees), columns))
            if number + 1 < len(TREES):
                # What this pass thinks of pages of other domains.
                sums = np.zeros(len(features))
                for fold in range(INNER_FOLDS):
                    own = lines & (folds == fold)
                    booster = self.boost(matrix, lines & (folds != fold), trees)
                    sums[own] = predict(booster, matrix[own])
                features = self.look_again(features, sums)
        return weights.pack(words.BITS, self.learn_words(lines), passes)

    def look_again(self, features, sums):
        """The features with what a pass thinks of the lines, and of those around them."""
        # As `likelihood` in src/page/model.rs has it.
        likelihoods = 1 / (1 + np.exp(-np.clip(sums, -LIMIT, LIMIT)))
        features[:, self.samples.names.index(SCORE)] = np.minimum(255, np.floor(256 * likelihoods))
        features.tofile(self.samples.folder / "scored.u8")
        self.tool("look-again", self.samples.folder)
        again = np.fromfile(self.samples.folder / "again.u8", dtype=np.uint8)
        return again.reshape(features.shape)

    def learn_words(self, lines):
        chosen = np.flatnonzero(lines & (self.samples.tokens > 0))
        return words.fit(self.slots, self.samples, self.weights, chosen)

    def boost(self, matrix, lines, trees):
        count, rate = trees
        chosen, chosen_weights = self.sample(lines)
        pool = catboost.Pool(
            matrix[chosen].astype(np.float32), self.samples.share[chosen], weight=chosen_weights
        )
        booster = catboost.CatBoostClassifier(**PARAMETERS, iterations=count, learning_rate=rate)
        return booster.fit(pool)

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


def predict(booster, matrix):
    """The logarithms of the odds, of some lines at a time: floats take four times the room of bytes."""
    raw = dict(prediction_type="RawFormulaVal", thread_count=2)
    parts = np.array_split(matrix, 1 + len(matrix) // 100_000)
    return np.concatenate([booster.predict(part.astype(np.float32), **raw) for part in parts])


def cross_validate(trainer, arguments):
    samples = trainer.samples
    if arguments.only:
        parts = [~np.isin(samples.languages, arguments.only)]
    elif arguments.without:
        parts = [np.isin(samples.languages, arguments.without)]
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

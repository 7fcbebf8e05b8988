"""Samples as page-samples writes them."""

import json
import zlib
from pathlib import Path

import numpy as np


class Samples:
    """The lines of all pages, and which page, set and domain each is of."""

    def __init__(self, folder):
        self.folder = Path(folder)
        with open(self.folder / "pages.jsonl", encoding="utf-8") as file:
            self.pages = [json.loads(line) for line in file]
        self.names = json.loads((self.folder / "names.json").read_text(encoding="utf-8"))
        width = len(self.names)
        lines = self._read("lines.u32").reshape(-1, 5).astype(np.int64)
        self.features = np.fromfile(self.folder / "features.u8", dtype=np.uint8).reshape(-1, width)
        self.page, self.tokens, share, self.hash_starts, _ = lines.T
        self.share = share / 1000
        self.hashes = self._read("hashes.u32")
        domains = [page["domain"] or page["set"] + "/" + page["id"] for page in self.pages]
        self.domains = np.array(domains)
        self.languages = np.array([page["language"] or "" for page in self.pages])
        self.sets = np.array([page["set"] for page in self.pages])
        self.has_gold = np.array([page["gold"] is not None for page in self.pages])
        self._mark_snippets()

    def _read(self, name):
        return np.fromfile(self.folder / name, dtype=np.uint32)

    def _mark_snippets(self):
        """Lines with snippets that must stay or go are known, whatever witnesses say."""
        self.known = np.zeros(len(self.page), bool)
        start = 0
        with open(self.folder / "texts.jsonl", encoding="utf-8") as file:
            for page, texts in zip(self.pages, map(json.loads, file)):
                if page["gold"] is None:
                    stay, go = ([plain(s) for s in page[key]] for key in ("with", "without"))
                    for line, text in enumerate(map(plain, texts), start):
                        stays = any(snippet in text for snippet in stay)
                        if stays or any(snippet in text for snippet in go):
                            self.known[line] = True
                            self.share[line] = float(stays)
                start += len(texts)

    def weights(self):
        """What each line weighs: its part of what its page's score depends on."""
        pages = len(self.pages)
        words = np.bincount(self.page, weights=self.tokens, minlength=pages)
        article = np.bincount(self.page, weights=self.tokens * self.share, minlength=pages)
        weights = np.minimum(2 * self.tokens / (article + 0.5 * words + 60)[self.page], 3)
        weights[~self.has_gold[self.page]] *= 0.75
        weights[self.known] *= 3
        # A small set counts for more than its pages, so that a large one does not drown it.
        sets, number, counts = np.unique(self.sets, return_inverse=True, return_counts=True)
        return weights * ((counts.max() / counts) ** 0.5)[number][self.page]

    def folds(self, count):
        """A number for each page, the same for all pages of a domain."""
        return np.array([zlib.crc32(domain.encode()) % count for domain in self.domains])

    def columns(self, features, columns):
        """Features of lines and of their neighbours: a column for each (line, feature)."""
        matrix = np.zeros((len(features), len(columns)), np.uint8)
        for line in {line for line, _ in columns}:
            to = [index for index, column in enumerate(columns) if column[0] == line]
            chosen = [columns[index][1] for index in to]
            lines = np.arange(len(features))
            beside = np.clip(lines + line, 0, len(features) - 1)
            inside = (self.page[beside] == self.page) & (beside == lines + line)
            matrix[np.ix_(inside, to)] = features[beside[inside]][:, chosen]
        return matrix


def plain(text):
    return " ".join(text.split())

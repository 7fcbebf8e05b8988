"""What words of a line are worth: hashed words and pairs, with weights in eight bits."""

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import SGDClassifier

BITS = 16
MOST_WORDS = 24
EDGES = (12_345, 54_321)
# Weights and sums are counted in sixteenths of the odds' logarithm.
UNIT = 16


def slots(samples):
    """The slots of the words and pairs of each line, as a matrix of ones."""
    ends = np.append(samples.hash_starts[1:], len(samples.hashes))
    counts = np.minimum(ends - samples.hash_starts, MOST_WORDS)
    lines = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    places = np.arange(counts.sum()) - np.repeat(before, counts)
    hashes = samples.hashes[np.repeat(samples.hash_starts, counts) + places]
    words = hashes & np.uint32((1 << BITS) - 1)
    previous = np.where(places > 0, np.roll(hashes, 1), np.uint32(EDGES[0]))
    last = (np.cumsum(counts) - 1)[counts > 0]
    rows = np.concatenate([lines, lines, lines[last]])
    columns = np.concatenate([words, pair(previous, hashes), pair(hashes[last], np.uint32(EDGES[1]))])
    ones = np.ones(len(rows), np.float32)
    shape = (len(counts), 1 << BITS)
    return sparse.csr_matrix((ones, (rows, columns.astype(np.int64))), shape=shape)


def pair(first, second):
    with np.errstate(over="ignore"):
        first = first.astype(np.uint32) * np.uint32(0x9E3779B1) + second
        return (first * np.uint32(0x85EBCA6B)) >> np.uint32(32 - BITS)


def fit(matrix, samples, weights, chosen):
    """Learns the weights from the chosen lines; returns them and the bias."""
    counts = np.asarray(matrix.sum(axis=1)).ravel()
    scaled = (sparse.diags(1 / np.sqrt(np.maximum(counts, 1))) @ matrix).tocsr()[chosen]
    mild = np.sqrt(weights[chosen] + 1e-4)
    model = SGDClassifier(
        loss="log_loss", alpha=2e-6, max_iter=4, tol=None, average=True, random_state=1
    )
    model.fit(scaled, samples.share[chosen] > 0.5, sample_weight=mild / mild.mean())
    round_ = lambda numbers: np.rint(UNIT * numbers).astype(int)
    return np.clip(round_(model.coef_[0]), -127, 127), int(round_(model.intercept_[0]))


def score(matrix, learned):
    """The feature `Learned` of each line, as the library computes it."""
    table, bias = learned
    counts = np.asarray(matrix.sum(axis=1)).ravel().astype(np.int64)
    sums = np.asarray(matrix @ table.astype(np.int64)).ravel().astype(np.int64)
    scales = np.sqrt(65_536 // np.maximum(counts, 1)).astype(np.int64)
    values = np.clip(128 + bias + ((sums * scales) >> 8), 0, 255)
    return np.where(counts > 0, values, 128).astype(np.uint8)

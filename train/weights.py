"""The file of weights that the library includes; src/page/model.rs says how it is made up."""

import json
import struct
import tempfile
from pathlib import Path

import numpy as np

MAGIC = b"unfurnish page model 2\n"
UNIT = 1 << 10
CURVE = 512
DEPTH = 6


def pack(bits, learned, passes):
    """The file of a model: what words are worth, and (booster, columns) of both passes."""
    table, bias = learned
    parts = [MAGIC, struct.pack("<Bh", bits, bias), table.astype(np.int8).tobytes(), curve()]
    parts += [pack_pass(booster, columns) for booster, columns in passes]
    return b"".join(parts)


def curve():
    sums = (np.arange(CURVE) - CURVE / 2) / 32
    return np.minimum(65_535, np.rint(65_536 / (1 + np.exp(-sums)))).astype("<u2").tobytes()


def pack_pass(booster, columns):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        booster.save_model(str(path), format="json")
        model = json.loads(path.read_text(encoding="utf-8"))
    scale, (bias,) = model["scale_and_bias"]
    assert scale == 1
    trees = b"".join(pack_tree(tree, columns) for tree in model["oblivious_trees"])
    return struct.pack("<Hi", len(model["oblivious_trees"]), round(UNIT * bias)) + trees


def pack_tree(tree, columns):
    # CatBoost makes shallower trees where nothing is left to ask; a question that all lines answer
    # with no fills them up.
    splits = [(0, 0, 255)] * DEPTH
    for level, split in enumerate(tree["splits"]):
        assert split["split_type"] == "FloatFeature"
        line, feature = columns[split["float_feature_index"]]
        splits[level] = (line, feature, int(np.floor(split["border"])))
    leaves = np.zeros(1 << DEPTH, int)
    leaves[: len(tree["leaf_values"])] = np.rint(UNIT * np.array(tree["leaf_values"]))
    lines = np.zeros(1 << DEPTH)
    lines[: len(tree["leaf_weights"])] = tree["leaf_weights"]
    shares = np.rint(255 * lines / max(lines.max(), 1e-9)).astype(int)
    return b"".join(
        [struct.pack("<bBB", *split) for split in splits]
        + [struct.pack("<hB", *leaf) for leaf in zip(leaves, shares)]
    )

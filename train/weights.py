"""The file of weights that the library includes; src/page/model.rs says how it is made up."""

import struct

import numpy as np

MAGIC = b"unfurnish page model 1\n"
UNIT = 1 << 10
CURVE = 512


def pack(bits, learned, passes):
    """The file of a model: what words are worth, and (booster, columns) of both passes."""
    table, bias = learned
    parts = [MAGIC, struct.pack("<Bh", bits, bias), table.astype(np.int8).tobytes(), curve()]
    parts += [pack_pass(booster.dump_model(), columns) for booster, columns in passes]
    return b"".join(parts)


def curve():
    sums = (np.arange(CURVE) - CURVE / 2) / 32
    return np.minimum(65_535, np.rint(65_536 / (1 + np.exp(-sums)))).astype("<u2").tobytes()


def pack_pass(model, columns):
    trees = [Tree(tree["tree_structure"], columns) for tree in model["tree_info"]]
    # LightGBM puts the average into the first tree; here it has a place of its own.
    base = sum(tree.center() for tree in trees)
    return struct.pack("<Hi", len(trees), base) + b"".join(tree.pack() for tree in trees)


class Tree:
    def __init__(self, structure, columns):
        self.columns = columns
        self.nodes, self.leaves = [], []
        self._add(structure)

    def _add(self, part):
        """Appends a part and what is below it; returns its number as a child."""
        if "leaf_value" in part and "left_child" not in part:
            self.leaves.append(round(UNIT * part["leaf_value"]))
            return ~(len(self.leaves) - 1)
        number = len(self.nodes)
        self.nodes.append(None)
        line, feature = self.columns[part["split_feature"]]
        threshold = int(np.floor(part["threshold"]))
        assert part["decision_type"] == "<=" and 0 <= threshold < 255
        children = [self._add(part["left_child"]), self._add(part["right_child"])]
        mean = round(UNIT * part["internal_value"])
        self.nodes[number] = [line, feature, threshold, *children, mean]
        return number

    def center(self):
        """Takes the mean of the first node out of all values, and returns it."""
        mean = self.nodes[0][-1] if self.nodes else self.leaves[0]
        for node in self.nodes:
            node[-1] -= mean
        self.leaves = [leaf - mean for leaf in self.leaves]
        return mean

    def pack(self):
        nodes = b"".join(struct.pack("<bBBbbh", *node) for node in self.nodes)
        leaves = struct.pack(f"<{len(self.leaves)}h", *self.leaves)
        return struct.pack("<B", len(self.nodes)) + nodes + leaves

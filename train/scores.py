"""The scores that a model is judged by: F1 of words, F1 of runs of four words, F1 of snippets."""

import re
from collections import Counter
from statistics import mean

WORD = re.compile(r"\w+")
RUN = 4


def overlap(gold, text):
    common = sum((gold & text).values())
    return common, sum(text.values()), sum(gold.values())


def f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def word_f1(pairs):
    """The mean over documents; `pairs` of gold text and text."""
    scores = []
    for gold, text in pairs:
        common, got, wanted = overlap(*(Counter(WORD.findall(t.lower())) for t in (gold, text)))
        scores.append(f1(common / got, common / wanted) if got and wanted else float(got == wanted))
    return mean(scores)


def runs(text):
    words = WORD.findall(text)
    return Counter(tuple(words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1)) if words)


def run_f1(pairs):
    """The F1 of the means of precision and recall over documents."""
    precisions, recalls = [], []
    for gold, text in pairs:
        common, got, wanted = overlap(runs(gold), runs(text))
        if got:
            precisions.append(common / got)
        if wanted:
            recalls.append(common / wanted)
    return f1(mean(precisions or [0]), mean(recalls or [0]))


def snippet_f1(triples):
    """Over all snippets; `triples` of what must stay, what must go, and the text."""
    stayed = wrongly = wanted = 0
    for stay, go, text in triples:
        text = " ".join(text.split())
        there = lambda snippets: sum(" ".join(s.split()) in text for s in snippets)
        stayed, wrongly, wanted = stayed + there(stay), wrongly + there(go), wanted + len(stay)
    return 2 * stayed / (stayed + wrongly + wanted) if stayed else 0.0


def score(rows):
    """By how the rows are marked: (kind, score, pages)."""
    gold = [row for row in rows if row["gold"] is not None]
    pairs = lambda rows: [(row["gold"], row["cleaned"]) for row in rows]
    news = [row for row in gold if row["set"] == "fundus"]
    mixed = [row for row in gold if row["set"] != "fundus"]
    articles = [row for row in mixed if row["type"] == "article"]
    snippets = [row for row in rows if row["gold"] is None]
    if articles:
        yield "articles, words", word_f1(pairs(articles)), len(articles)
    if mixed:
        yield "all types, words", word_f1(pairs(mixed)), len(mixed)
    if news:
        yield "news, runs of words", run_f1(pairs(news)), len(news)
    if snippets:
        triples = [(row["with"], row["without"], row["cleaned"]) for row in snippets]
        yield "snippets", snippet_f1(triples), len(snippets)

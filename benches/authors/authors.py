"""How much of what people wrote goes: help pages, a handbook, quotations, stories and descriptions of the sky, in the
languages of the packs.

    python3 benches/authors/authors.py target/release/unfurnish [--show RULE] [LANGUAGE ...]

The texts are those of packages of Debian 12, which `apt-get download` fetches into build/authors/ (a gigabyte, once). None of
it was written for a site, so nearly all that goes goes wrongly; lines of copyright and `See also: ...` are the exception.
`--show en/promo` prints what the rules whose ids begin so take."""

import argparse
import collections
import gettext
import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

HELP = "cs da de el en-us es fi fr hi hu id it ja ko nl pl pt pt-br ru sk sv tr vi zh-cn".split()
QUOTATIONS = {"br": "pt", "cs": "cs", "de": "de", "es": "es", "it": "it", "pl": "pl", "ru": "ru", "zh": "zh", "min": "en"}
PACKAGES = [
    "debian-handbook",
    "gnome-user-docs",
    "stellarium-data",
    "wesnoth-1.16-data",
    *(f"libreoffice-help-{language}" for language in HELP),
    *(f"fortunes-{name}" for name in QUOTATIONS),
]
# The languages of the packs; Slovak is in that of Czech.
LANGUAGES = "ar cs da de el en es fa fi fr he hi hu id it ja ko nb nl pl pt ro ru sk sv tr uk vi zh".split()
# What a help system puts around its pages, and what comes again in more documents than this.
FURNITURE = {"banner", "bug", "debug", "docnav", "donation", "ebook", "howtoget", "leftside", "modules", "navigation"}
FURNITURE |= {"listoftopics", "relatedbody", "relatedtopics", "rightside", "search", "toc"}
MOST_REPEATS = 5
FEWEST_LETTERS = 200
# Texts that are kept as short pieces make one document of so many.
PIECES = 8

BLOCKS = "article blockquote caption dd desc div dl dt h1 h2 h3 h4 h5 h6 item li note ol p pre section table td th title tr ul".split()
VOID = "area base br col hr img input link meta".split()
SILENT = "aside button footer form head header info nav noscript script select style svg template".split()


class Paragraphs(HTMLParser):
    """The paragraphs of a page, without what is around it."""

    def __init__(self):
        super().__init__()
        self.found, self.current, self.open = [], [], []

    def end_paragraph(self):
        text = " ".join("".join(self.current).split())
        self.current = []
        if text:
            self.found.append(text)

    def handle_starttag(self, tag, attributes):
        if tag in BLOCKS or tag == "br":
            self.end_paragraph()
        if tag not in VOID:
            names = " ".join(value or "" for key, value in attributes if key in ("class", "id")).lower().split()
            self.open.append((tag, tag in SILENT or not FURNITURE.isdisjoint(names)))

    def handle_startendtag(self, tag, attributes):
        if tag in BLOCKS or tag == "br":
            self.end_paragraph()

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.end_paragraph()
        while any(tag == name for name, _ in self.open) and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(silent for _, silent in self.open):
            self.current.append(data)


def paragraphs(page):
    parser = Paragraphs()
    parser.feed(page)
    parser.close()
    parser.end_paragraph()
    return parser.found


def pieces(texts):
    """Short texts, some of them to a document."""
    texts = list(texts)
    return [texts[at : at + PIECES] for at in range(0, len(texts), PIECES)]


def messages(catalogue):
    """The sentences of a translated program, in the order of the originals."""
    try:
        with open(catalogue, "rb") as file:
            translated = gettext.GNUTranslations(file)._catalog
    except ValueError:  # The template of a catalogue has no rule for plurals yet.
        return
    for _, text in sorted(translated.items(), key=str):
        if isinstance(text, str) and len(text) >= 40:
            yield from filter(None, (part.strip() for part in re.sub("<[^>]*>", "", text).split("\n")))


def documents(root):
    """Set, language and paragraphs of every document in a folder with the files of the packages."""
    read = lambda path: path.read_text(encoding="utf-8", errors="replace")
    share = root / "usr/share"
    for page in sorted(share.glob("help/*/gnome-help/*.page")):
        yield "GNOME help", page.parts[-3], paragraphs(read(page))
    for page in sorted(share.glob("doc/debian-handbook/html/*/*.html")):
        yield "Debian handbook", page.parts[-2], paragraphs(read(page))
    for page in sorted(share.glob("libreoffice/help/*/text/**/*.html")):
        yield "LibreOffice help", page.relative_to(share).parts[2], paragraphs(read(page))
    for page in sorted(share.glob("stellarium/skycultures/*/description.*.utf8")):
        yield "skies of peoples", page.name.split(".")[1], paragraphs(read(page))
    for catalogue in sorted(share.glob("games/wesnoth/**/*.mo")):
        for texts in pieces(messages(catalogue)):
            yield "stories of a game", catalogue.parts[-3], texts
    for package, language in QUOTATIONS.items():
        for file in sorted((root / "fortunes" / package).rglob("*")):
            if file.is_file() and file.suffix in ("", ".u8") and "games/fortunes" in str(file):
                quotations = re.split(r"^%+\s*$", read(file), flags=re.MULTILINE)
                for texts in pieces(text.strip() for text in quotations):
                    yield "quotations", language, texts


def fetch(folder):
    """The files of the packages, unpacked."""
    archives, root = folder / "packages", folder / "root"
    archives.mkdir(parents=True, exist_ok=True)
    have = {path.name.split("_")[0] for path in archives.glob("*.deb")}
    missing = [name for name in PACKAGES if name not in have]
    if missing:
        subprocess.run(["apt-get", "download", *missing], cwd=archives, check=True)
    for archive in sorted(archives.glob("*.deb")):
        name = archive.name.split("_")[0]
        # Quotations do not say their language but by the package.
        kind = re.fullmatch("fortunes-(.*)", name)
        into = root / "fortunes" / kind[1] if kind else root
        done = folder / f"{archive.stem}.unpacked"
        if not done.exists():
            into.mkdir(parents=True, exist_ok=True)
            subprocess.run(["dpkg-deb", "-x", archive, into], check=True)
            done.touch()
    return root


def write(root, path):
    """The documents as JSON lines, without what their help systems put into many of them."""
    rows, seen, repeats = [], set(), collections.Counter()
    for name, language, texts in documents(root):
        language = {"nn": "nb", "no": "nb"}.get(key := re.split("[-_@]", language)[0].lower(), key)
        if language not in LANGUAGES or (language, *texts) in seen:
            continue
        seen.add((language, *texts))
        rows.append((name, language, texts))
        repeats.update((name, language, text) for text in set(texts))
    unfinished = path.with_suffix(".unfinished")
    with open(unfinished, "w", encoding="utf-8") as out:
        for name, language, texts in rows:
            text = "\n\n".join(text for text in texts if repeats[name, language, text] <= MOST_REPEATS)
            if len(text) >= FEWEST_LETTERS:
                print(json.dumps({"set": name, "lang": language, "text": text}, ensure_ascii=False), file=out)
    unfinished.rename(path)


class Tally:
    def __init__(self):
        self.documents = self.changed = self.words = self.lost = 0

    def __str__(self):
        changed, lost = 100 * self.changed / self.documents, 1e6 * self.lost / self.words
        return f"| {self.documents:,} | {self.words / 1e6:.2f} | {changed:.2f} % | {lost:,.0f} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("unfurnish", type=Path, help="the command-line tool")
    parser.add_argument("languages", nargs="*", choices=[*LANGUAGES, []], metavar="LANGUAGE", help="only these")
    parser.add_argument("--show", metavar="RULE", help="print what rules take whose ids begin so")
    parser.add_argument("--folder", type=Path, default=Path("build/authors"), help="where the texts are, or go")
    options = parser.parse_args()
    path = options.folder / "texts.jsonl"
    if not path.exists():
        write(fetch(options.folder), path)
    command = [options.unfurnish.resolve(), "clean", "--input-format", "jsonl", "--spans", path]
    tallies = collections.defaultdict(Tally)
    words = re.compile(r"\w+")
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process, open(path, encoding="utf-8") as texts:
        for line, cleaned in zip(texts, process.stdout, strict=True):
            row, removed = json.loads(line), json.loads(cleaned)["unfurnish"]["removed"]
            if options.languages and row["lang"] not in options.languages:
                continue
            text = row["text"].encode()
            gone = [(removal["rule"], text[removal["start"] : removal["end"]].decode()) for removal in removed]
            for tally in (tallies["", "all"], tallies["set", row["set"]], tallies["language", row["lang"]]):
                tally.documents += 1
                tally.changed += bool(gone)
                tally.words += len(words.findall(row["text"]))
                tally.lost += sum(len(words.findall(part)) for _, part in gone)
            for rule, part in gone:
                if options.show is not None and rule.startswith(options.show):
                    print(f"{rule}\t{row['lang']}\t{part.strip()!r}")
    if process.returncode:
        parser.exit(1)
    print("| texts | documents | million words | changed | lost words per million |\n|---|---:|---:|---:|---:|")
    for (_, name), tally in sorted(tallies.items()):
        print(f"| {name} {tally}")


if __name__ == "__main__":
    main()

//! What `learn` finds on the sites of the generated corpus, and what `clean` makes of it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::parquet::{columns_of, strings};
use crate::site_corpus::{Document, documents};
use crate::{Dir, args, gzip, run};

fn corpus(documents: impl Iterator<Item = Document>) -> String {
    documents.map(|document| document.json() + "\n").collect()
}

/// Learns from some files, each by itself, and puts the counts together.
fn learn_in_parts(dir: &Dir, parts: &[&str]) -> String {
    let mut counts: Vec<PathBuf> = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        let input = dir.write(&format!("part-{number}.jsonl"), part);
        let output = dir.path(&format!("part-{number}.counts"));
        run(args!["learn", input, "--group-by", "domain", "--partial", "-o", output], "").ok();
        counts.push(output);
    }
    let output = dir.path("merged/site.toml");
    fs::create_dir(dir.path("merged")).unwrap();
    let mut arguments = args!["learn", "--merge", "-o", output].to_vec();
    arguments.extend(counts.into_iter().map(PathBuf::into_os_string));
    run(arguments, "").ok();
    dir.read("merged/site.toml")
}

/// Cleans documents with what was learned, asserts that nothing goes that authors wrote, and says how much
/// furniture there is and how much of it goes.
fn clean(dir: &Dir, pack: &Path, documents: &[Document]) -> (usize, usize) {
    let input = dir.write("rows.jsonl", corpus(documents.iter().cloned()));
    let cleaned = run(args!["clean", input, "--rules", pack, "--budget", "1"], "").ok();
    let (mut furniture, mut gone) = (0, 0);
    for (document, line) in documents.iter().zip(cleaned.lines()) {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut left = row["text"].as_str().unwrap().lines().peekable();
        for (line, is_furniture) in &document.lines {
            let stays = left.next_if(|next| next == line).is_some();
            assert!(stays || *is_furniture, "{}: {line}", document.domain);
            furniture += usize::from(*is_furniture);
            gone += usize::from(!stays);
        }
        assert_eq!(left.next(), None, "{}", document.id);
    }
    (furniture, gone)
}

/// On the articles it learned from, of some of which there are many versions, and on others of the same
/// sites: nearly all of the furniture goes, and nothing that their authors wrote.
#[test]
fn furniture_goes_and_what_authors_repeat_stays() {
    let dir = Dir::new();
    let learned = dir.write("learn.jsonl", corpus(documents(1, 100)));
    let pack = dir.path("site.toml");
    run(args!["learn", learned, "--group-by", "domain", "-o", pack], "").ok();
    let held = run(args!["rules", "check", pack], "").ok();
    assert!(held.ends_with(" hits, 0 misses hold\n"), "{held}");
    for seed in [1, 2] {
        let documents: Vec<Document> = documents(seed, 100).collect();
        let (furniture, gone) = clean(&dir, &pack, &documents);
        assert!(gone * 100 >= furniture * 90, "{gone} of {furniture}");
    }
}

/// What a recipe takes is in many, in any order, each thing above and below each other.
#[test]
fn lists_in_any_order_stay() {
    let dir = Dir::new();
    // None of them has versions yet.
    let recipes = documents(7, 2_000).filter(|document| document.domain == "ovenbird.example");
    let recipes: Vec<Document> = recipes.take(300).collect();
    let learned = dir.write("learn.jsonl", corpus(recipes.iter().cloned()));
    let pack = dir.path("site.toml");
    run(args!["learn", learned, "--group-by", "domain", "-o", pack], "").ok();
    let (furniture, gone) = clean(&dir, &pack, &recipes);
    assert!(gone * 100 >= furniture * 75, "{gone} of {furniture}");
}

/// On a site that has hardly anything but versions of one article, that article stays; once there are
/// enough others, the site's furniture goes.
#[test]
fn versions_of_an_article_are_one() {
    let dir = Dir::new();
    let prose = |of: &str, number: usize| {
        format!("On day {number} the {of} was closed, and all who had to cross went the long way.")
    };
    let row = |id: usize, lines: &[String]| {
        let text = lines.join("\n");
        serde_json::json!({"id": id, "domain": "valley.example", "text": text}).to_string() + "\n"
    };
    let furniture = "The Valley Mail is printed in Alderbrook, three streets from the bridge";
    let mut article: Vec<String> = (0..9).map(|number| prose("bridge", number)).collect();
    let list = ["The piers of oak", "The planks of the deck", "The lamps on either side"];
    article.splice(4..4, list.map(str::to_owned));
    let versions = (0..12).map(|number| {
        let mut version = article.clone();
        version.push(furniture.to_owned());
        match number % 4 {
            0 => version[1] = prose("ferry", number),
            1 => drop(version.pop()),
            2 => drop(version.remove(2)),
            _ => {}
        }
        row(number, &version)
    });
    let versions: String = versions.collect();
    let found = |others: usize| {
        let others = (0..others).map(|number| {
            let lines = [prose("road", number), prose("weir", number), furniture.to_owned()];
            row(100 + number, &lines)
        });
        let input = dir.write("rows.jsonl", versions.clone() + &others.collect::<String>());
        let pack = run(args!["learn", input, "--group-by", "domain"], "").ok();
        let rules = pack.split("\n[[rule]]").skip(1);
        let any = |rule: &str| rule.lines().find(|line| line.starts_with("any")).map(str::to_owned);
        rules.filter_map(any).collect::<Vec<_>>()
    };
    assert_eq!(found(1), [] as [&str; 0]);
    assert_eq!(found(6), [format!("any = [\"{furniture}\"]")]);
}

/// Parts of whatever size, in whatever order, make the pack that the whole makes.
#[test]
fn parts_make_what_the_whole_makes() {
    let dir = Dir::new();
    let lines = corpus(documents(3, 40));
    let input = dir.write("whole.jsonl", &lines);
    let whole = dir.path("site.toml");
    run(args!["learn", input, "--group-by", "domain", "-o", whole], "").ok();
    let whole = dir.read("site.toml");
    assert!(whole.matches("\n[[rule]]").count() > 30, "{whole}");

    let lines: Vec<&str> = lines.split_inclusive('\n').collect();
    let (first, rest) = lines.split_at(7);
    let (second, third) = rest.split_at(200);
    let reversed: String = third.iter().rev().copied().collect();
    let merged = learn_in_parts(&dir, &[&reversed, &first.concat(), "", &second.concat()]);
    assert_eq!(merged, whole);
}

/// The pack is the same whatever the formats that the documents are in, in one run or in parts.
#[test]
fn formats_make_no_difference() {
    let dir = Dir::new();
    let lines = corpus(documents(3, 30));
    let input = dir.write("whole.jsonl", &lines);
    let whole = dir.path("site.toml");
    run(args!["learn", input, "--group-by", "domain", "-o", whole], "").ok();
    let whole = dir.read("site.toml");

    let part = |from: usize, to: usize| -> String {
        lines.split_inclusive('\n').skip(from).take(to - from).collect()
    };
    let table = |lines: &str| strings(&columns_of(lines, &["domain", "text", "id"]), 40);
    let folder = dir.path("parts");
    fs::create_dir_all(folder.join("deep")).unwrap();
    fs::write(folder.join("a.jsonl.gz"), gzip(part(0, 50).as_bytes())).unwrap();
    fs::write(folder.join("b.parquet"), table(&part(50, 170))).unwrap();
    fs::write(folder.join("deep/c.parquet"), table(&part(170, 250))).unwrap();
    fs::write(folder.join("deep/d.jsonl"), part(250, 300)).unwrap();
    let mixed = dir.path("mixed/site.toml");
    fs::create_dir(dir.path("mixed")).unwrap();
    run(args!["learn", folder, "--group-by", "domain", "-o", mixed], "").ok();
    assert_eq!(dir.read("mixed/site.toml"), whole);

    let counts = ["a.jsonl.gz", "b.parquet", "deep/c.parquet", "deep/d.jsonl"].map(|name| {
        let counts = dir.path(&format!("{}.counts", name.replace('/', "-")));
        let input = folder.join(name);
        run(args!["learn", input, "--group-by", "domain", "--partial", "-o", counts], "").ok();
        counts
    });
    let [a, b, c, d] = counts;
    run(args!["learn", "--merge", d, b, a, c, "-o", mixed], "").ok();
    assert_eq!(dir.read("mixed/site.toml"), whole);
}

/// The texts of a row are one document: a line that is in two of its columns is in one document, and
/// each text has its own beginning and end.
#[test]
fn rows_of_several_columns() {
    let dir = Dir::new();
    let rows = 40;
    let all = |of: &dyn Fn(usize) -> Option<String>| (0..rows).map(of).collect::<Vec<_>>();
    let prose = |row: usize, part: &str| {
        let on = " and on".repeat(row);
        format!(
            "The {part} of the bridge was closed for most of the winter, and people went on{on}."
        )
    };
    let text =
        |row: usize, part: &str| Some(format!("{}\nA line of four people", prose(row, part)));
    let columns = [
        ("paper", all(&|row| (row != 7).then(|| "Valley Mail".to_owned()))),
        ("head", all(&|row| text(row, "head").filter(|_| row % 2 == 0))),
        ("body", all(&|row| text(row, "body").filter(|_| row % 10 != 9))),
    ];
    let input = dir.write("rows.parquet", strings(&columns, 15));
    let learn = |options: &[&str]| {
        let args =
            args!["learn", input, "--group-by", "paper", "--field", "body", "--field", "head"];
        run(args.into_iter().chain(options.iter().map(Into::into)), "")
    };
    let error = learn(&[]).ended_at_row();
    assert!(
        error.ends_with("rows.parquet: row 8: it has nothing in the column `paper`\n"),
        "{error}"
    );
    let found = learn(&["--on-error", "skip"]);
    assert!(found.stderr.ends_with("1 row left out\n"), "{}", found.stderr);
    let pack = String::from_utf8(found.stdout).unwrap();
    // Of the forty rows one has no site and four have no text.
    assert!(pack.contains("[[rule]] # in 35 of 35: "), "{pack}");
    assert!(pack.contains("site = \"Valley Mail\""), "{pack}");

    let lines = dir.write("rows.jsonl", "{\"head\":\"x\",\"body\":\"y\"}\n");
    let args = args!["learn", lines, "--group-by", "paper", "--field", "body", "--field", "head"];
    let error = run(args, "").failed();
    assert_eq!(error, "unfurnish: --field: JSON lines have one field of text, not several\n");
}

#[test]
fn after_a_damaged_input_come_the_others() {
    let dir = Dir::new();
    let rows = corpus(documents(1, 40));
    let mut damaged = gzip(rows.as_bytes());
    damaged.truncate(damaged.len() / 100);
    let inputs = [dir.write("1.jsonl.gz", damaged), dir.write("2.jsonl", &rows)];
    let learn = |options: &[&str]| {
        let args = args!["learn", inputs[0], inputs[1], "--group-by", "domain"];
        run(args.into_iter().chain(options.iter().map(Into::into)), "")
    };
    let error = learn(&[]).failed();
    assert!(error.contains("1.jsonl.gz"), "{error}");
    let found = learn(&["--on-error", "skip"]);
    assert_eq!(found.status, Some(1));
    assert!(found.stderr.ends_with("1 input not read to the end\n"), "{}", found.stderr);
    let rules = |pack: &[u8]| String::from_utf8_lossy(pack).matches("[[rule]]").count();
    let whole = run(args!["learn", inputs[1], "--group-by", "domain"], "");
    assert!(rules(&found.stdout) > 0);
    assert_eq!(rules(&found.stdout), rules(&whole.stdout));
}

#[test]
fn thresholds_and_names_of_sites() {
    let dir = Dir::new();
    let prose = "The bridge was closed for most of the winter, and people went on";
    let row = |number: usize| {
        let on = " and on".repeat(number);
        let text = format!("{prose}{on}.\nA line of four people\nAnd one of a whole town\n");
        let url = format!("https://www.valley.example/{number}");
        serde_json::json!({"url": url, "text": text}).to_string() + "\n"
    };
    let rows: String = (0..6).map(row).collect();
    let input = dir.write("rows.jsonl", &rows);
    let found = |options: &[&str]| {
        let mut arguments = args!["learn", input, "--group-by", "url"].to_vec();
        arguments.extend(options.iter().map(Into::into));
        run(arguments, "").ok()
    };
    let pack = found(&[]);
    assert!(pack.contains("site = \"valley.example\""), "{pack}");
    assert!(pack.contains("[[rule]] # in 6 of 6: \"https://www.valley.example/"), "{pack}");
    assert_eq!(pack.matches("\n[[rule]]").count(), 2);
    assert_eq!(found(&["--min-documents", "7"]).matches("[[rule]]").count(), 0);

    // The site of a row is known without being told; that of a row without one is none.
    let pack = dir.write("pack.toml", &pack);
    let cleaned = run(args!["clean", input, "--rules", pack], "").ok();
    assert!(!cleaned.contains("whole town"), "{cleaned}");
    let elsewhere = rows.replace("valley.example", "dale.example");
    let input = dir.write("other.jsonl", &elsewhere);
    assert_eq!(run(args!["clean", input, "--rules", pack], "").ok(), elsewhere);
}

#[test]
fn what_cannot_be_learned_from() {
    let dir = Dir::new();
    let text = dir.write("text.txt", "A text.\n");
    let error = run(args!["learn", text, "--group-by", "domain"], "").failed();
    assert!(
        error.ends_with(
            "text.txt: only JSON lines, Parquet and WET files say of which site a text is\n"
        ),
        "{error}"
    );

    let row = dir.write("row.jsonl", "{\"text\":\"x\"}\n");
    let error = run(args!["learn", row, "--group-by", "domain"], "").ended_at_row();
    assert!(error.ends_with("row.jsonl:1: it has no field `domain`\n"), "{error}");
    let skipped = run(args!["learn", row, "--group-by", "domain", "--on-error", "skip"], "");
    assert_eq!(skipped.status, Some(0));
    assert!(skipped.stderr.ends_with("1 row left out\n"), "{}", skipped.stderr);

    let error = run(args!["learn", "--merge", row], "").failed();
    assert!(error.ends_with("row.jsonl: `unfurnish learn --partial` has not made it\n"), "{error}");
    let error = run(args!["learn", "--merge"], "").failed();
    assert_eq!(error, "unfurnish: --merge needs the files of --partial\n");

    // Counts of other rules are other counts; and half of a file is none.
    let rows = dir.write("rows.jsonl", corpus(documents(1, 2)));
    let part = |name: &str, options: &[&str]| {
        let output = dir.path(name);
        let mut arguments =
            args!["learn", rows, "--group-by", "domain", "--partial", "-o", output].to_vec();
        arguments.extend(options.iter().map(Into::into));
        run(arguments, "").ok();
        output
    };
    let (one, other) = (part("one", &[]), part("other", &["--keep", "nav"]));
    let error = run(args!["learn", "--merge", one, other], "").failed();
    assert!(error.contains("other: another version made it, or other options, than "), "{error}");
    let bytes = fs::read(&one).unwrap();
    fs::write(&one, &bytes[..bytes.len() - 9]).unwrap();
    let error = run(args!["learn", "--merge", one, "-o", dir.path("pack.toml")], "").failed();
    assert!(error.contains("one: cannot read: "), "{error}");
    assert!(!dir.path("pack.toml").exists());
}

/// A text does not say of which site it is, so the rules of a site would do nothing there.
#[test]
fn rules_for_sites_want_a_format_that_says_them() {
    let dir = Dir::new();
    let pack = dir.write(
        "site.toml",
        "name = \"s\"\n[[rule]]\nid = \"other/line\"\nsite = \"example.org\"\nat = \"line\"\n\
         any = [\"the pier news\"]\nhits = [\"The Pier News\"]\n",
    );
    let error = run(args!["clean", "-", "--rules", pack], "The Pier News\n").failed();
    assert_eq!(
        error,
        "unfurnish: --rules: they are for the texts of sites, and only JSON lines, Parquet and WET \
         say of which site a text is\n"
    );
}

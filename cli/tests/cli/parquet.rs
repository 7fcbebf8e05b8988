//! Parquet: the columns that were asked for change, and nothing else does.

use std::fs::{self, File};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::metadata::{
    KeyValue, PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader, SortingColumn,
};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::{Field, Row};
use parquet::schema::parser::parse_message_type;

use crate::{CLEANED, Dir, FURNISHED, GO_ON, args, run};

const SCHEMA: &str = "message page {
    required int64 id;
    optional binary text (STRING);
    required binary raw;
    optional group texts (LIST) { repeated group list { optional binary element (STRING); } }
    required group meta { required binary title (STRING); required int64 year; }
}";

/// Row groups of so many rows. Of ten rows one has no text, and one is clean.
pub(crate) fn parquet(groups: &[usize], compression: Compression, dictionary: bool) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_dictionary_enabled(dictionary)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_column_bloom_filter_enabled("id".into(), true)
        .set_sorting_columns(Some(vec![
            SortingColumn { column_idx: 0, descending: false, nulls_first: false },
            SortingColumn { column_idx: 1, descending: false, nulls_first: true },
        ]))
        .set_created_by("somebody version 1.2.3".to_owned())
        .set_key_value_metadata(Some(vec![KeyValue::new("origin".to_owned(), "a test".to_owned())]))
        .set_data_page_row_count_limit(100)
        .build();
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    let mut first = 0;
    for rows in groups {
        let ids = first..first + *rows as i64;
        first = ids.end;
        let ids: Vec<i64> = ids.collect();
        let bytes = |text: String| ByteArray::from(text.into_bytes());
        let mut group = file.next_row_group().unwrap();
        let mut number = 0;
        while let Some(mut column) = group.next_column().unwrap() {
            let strings = |text: &dyn Fn(i64) -> Option<String>| -> (Vec<ByteArray>, Vec<i16>) {
                let texts: Vec<_> = ids.iter().map(|id| text(*id)).collect();
                let levels = texts.iter().map(|text| i16::from(text.is_some())).collect();
                (texts.into_iter().flatten().map(bytes).collect(), levels)
            };
            match number {
                0 | 5 => {
                    column.typed::<Int64Type>().write_batch(&ids, None, None).map(drop).unwrap();
                }
                1 => {
                    let (values, levels) = strings(&text);
                    let column = column.typed::<ByteArrayType>();
                    column.write_batch(&values, Some(&levels), None).unwrap();
                }
                2 => {
                    let values: Vec<_> =
                        ids.iter().map(|id| ByteArray::from(vec![0xFF, *id as u8])).collect();
                    column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
                }
                3 => {
                    // Two texts in each list, of which the second is missing.
                    let values: Vec<_> = ids.iter().map(|_| bytes(FURNISHED.into())).collect();
                    let definition = [3, 2].repeat(ids.len());
                    let repetition = [0, 1].repeat(ids.len());
                    let column = column.typed::<ByteArrayType>();
                    column.write_batch(&values, Some(&definition), Some(&repetition)).unwrap();
                }
                _ => {
                    let values: Vec<_> =
                        ids.iter().map(|id| bytes(format!("{FURNISHED} {id}"))).collect();
                    column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
                }
            }
            column.close().unwrap();
            number += 1;
        }
        group.close().unwrap();
    }
    file.into_inner().unwrap()
}

/// Columns of strings, in row groups of so many rows.
pub(crate) fn strings(columns: &[(&str, Vec<Option<String>>)], group: usize) -> Vec<u8> {
    let fields: String =
        columns.iter().map(|(name, _)| format!("optional binary {name} (STRING);")).collect();
    let schema = Arc::new(parse_message_type(&format!("message rows {{ {fields} }}")).unwrap());
    let properties = WriterProperties::builder().set_data_page_row_count_limit(150).build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    let rows = columns[0].1.len();
    for first in (0..rows).step_by(group) {
        let mut writer = file.next_row_group().unwrap();
        for (_, values) in columns {
            let values = &values[first..rows.min(first + group)];
            let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
            let values = values.iter().flatten();
            let values: Vec<ByteArray> = values.map(|value| value.as_str().into()).collect();
            let mut column = writer.next_column().unwrap().unwrap();
            let typed = column.typed::<ByteArrayType>();
            typed.write_batch(&values, Some(&levels), None).unwrap();
            column.close().unwrap();
        }
        writer.close().unwrap();
    }
    file.into_inner().unwrap()
}

/// The fields of rows of JSON as columns of strings.
pub(crate) fn columns_of<'n>(
    lines: &str,
    names: &[&'n str],
) -> Vec<(&'n str, Vec<Option<String>>)> {
    let rows: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let column = |name: &str| {
        rows.iter().map(|row| row[name].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    names.iter().map(|name| (*name, column(name))).collect()
}

fn text(id: i64) -> Option<String> {
    match id % 10 {
        0 => None,
        1 => Some(format!("It rained {id} times.")),
        _ => Some(format!("{id}: {FURNISHED}")),
    }
}

fn rows(path: &Path) -> Vec<Row> {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    reader.get_row_iter(None).unwrap().map(Result::unwrap).collect()
}

fn metadata(path: &Path) -> ParquetMetaData {
    ParquetMetaDataReader::new()
        .with_page_index_policy(PageIndexPolicy::Optional)
        .parse_and_finish(&File::open(path).unwrap())
        .unwrap()
}

/// The row with other texts in some of its columns.
fn with(row: &Row, texts: &dyn Fn(&str, &str) -> Option<String>) -> String {
    let change = |name: &str, field: &Field| match field {
        Field::Str(text) => Field::Str(texts(name, text).unwrap_or_else(|| text.clone())),
        other => other.clone(),
    };
    row.get_column_iter()
        .map(|(name, field)| format!("{name}: {}\n", change(name, field)))
        .collect()
}

fn cleaned(text: &str) -> String {
    text.replace(FURNISHED, CLEANED)
}

#[test]
fn the_column_changes_and_nothing_else() {
    let zstd = Compression::ZSTD(ZstdLevel::default());
    for (compression, dictionary) in [
        (Compression::UNCOMPRESSED, true),
        (Compression::SNAPPY, false),
        (Compression::GZIP(Default::default()), true),
        (Compression::BROTLI(Default::default()), false),
        (Compression::LZ4, true),
        (Compression::LZ4_RAW, false),
        (zstd, true),
    ] {
        let dir = Dir::new();
        let input = dir.write("a.parquet", parquet(&[700, 1, 40], compression, dictionary));
        let out = dir.path("b.parquet");
        run(args!["clean", input, "-o", out, "--threads", "2"], "").ok();

        let clean = |name: &str, text: &str| (name == "text").then(|| cleaned(text));
        let want: Vec<_> = rows(&input).iter().map(|row| with(row, &clean)).collect();
        let got: Vec<_> = rows(&out).iter().map(|row| with(row, &|_, _| None)).collect();
        assert!(want == got, "{compression}");
        assert_ne!(fs::read(&input).unwrap(), fs::read(&out).unwrap());

        let (before, after) = (metadata(&input), metadata(&out));
        let (file, new) = (before.file_metadata(), after.file_metadata());
        assert_eq!(file.schema(), new.schema());
        assert_eq!(file.key_value_metadata(), new.key_value_metadata());
        assert_eq!(file.created_by(), new.created_by());
        let bytes = |path: &Path, range: Range<u64>| {
            fs::read(path).unwrap()[range.start as usize..range.end as usize].to_vec()
        };
        for (number, (old, new)) in before.row_groups().iter().zip(after.row_groups()).enumerate() {
            assert_eq!(old.num_rows(), new.num_rows());
            // By `text`, the second, they may no longer be sorted.
            let sorting = old.sorting_columns().map(|columns| columns[..1].to_vec());
            assert_eq!(sorting.as_ref(), new.sorting_columns());
            for (column, (a, b)) in old.columns().iter().zip(new.columns()).enumerate() {
                assert_eq!(a.compression(), b.compression());
                assert_eq!(
                    a.dictionary_page_offset().is_some(),
                    b.dictionary_page_offset().is_some()
                );
                assert_eq!(a.bloom_filter_offset().is_some(), b.bloom_filter_offset().is_some());
                if column == 1 {
                    continue;
                }
                let chunk = |path, (start, length): (u64, u64)| bytes(path, start..start + length);
                assert_eq!(chunk(&input, a.byte_range()), chunk(&out, b.byte_range()));
                assert_eq!(a.statistics(), b.statistics());
                let index = |metadata: &ParquetMetaData| {
                    metadata.column_index().map(|index| index[number][column].clone())
                };
                assert_eq!(index(&before), index(&after));
            }
        }
    }
}

#[test]
fn several_columns_and_nested_ones() {
    let dir = Dir::new();
    let input = dir.write("a.parquet", parquet(&[300, 300], Compression::SNAPPY, true));
    let out = dir.path("b.parquet");
    let fields = ["--field", "meta.title", "--field", "text", "--field", "texts"];
    let args = args!["clean", input, "-o", out].into_iter().chain(fields.map(Into::into));
    run(args, "").ok();
    // All of them print what they hold.
    let print = |row: &Row| row.to_string();
    let want: Vec<_> = rows(&input).iter().map(|row| cleaned(&print(row))).collect();
    assert_eq!(rows(&out).iter().map(print).collect::<Vec<_>>(), want);
}

#[test]
fn the_result_is_the_same_with_any_number_of_threads() {
    let dir = Dir::new();
    let input = dir.write("a.parquet", parquet(&[900; 3], Compression::SNAPPY, true));
    let [one, many] = ["1", "5"].map(|threads| {
        let out = dir.path(threads);
        run(args!["clean", input, "-o", out, "--threads", threads], "").ok();
        fs::read(out).unwrap()
    });
    assert!(one == many);
}

#[test]
fn files_without_rows() {
    let dir = Dir::new();
    for groups in [&[][..], &[0], &[0, 3, 0]] {
        let input = dir.write("a.parquet", parquet(groups, Compression::SNAPPY, true));
        let out = dir.path("out/");
        run(args!["clean", input, "-o", out], "").ok();
        assert_eq!(rows(&dir.path("out/a.parquet")).len(), groups.iter().sum::<usize>());
    }
}

#[test]
fn what_is_wrong() {
    let dir = Dir::new();
    let input = dir.write("a.parquet", parquet(&[30], Compression::SNAPPY, true));
    let name = input.display();
    let cause = |more: &[&str]| {
        let out = dir.path("out.parquet");
        let more = more.iter().map(Into::into);
        let error = run(args!["clean", input, "-o", out].into_iter().chain(more), "").failed();
        assert_eq!(dir.names(), ["a.parquet"]);
        let error = error.strip_suffix(GO_ON).unwrap_or(&error);
        error.strip_prefix("unfurnish: ").unwrap().trim_end().to_owned()
    };
    let strings = "its columns of strings are `text`, `texts.list.element`, `meta.title`";
    assert_eq!(cause(&["--field", "body"]), format!("{name}: it has no column `body`; {strings}"));
    assert_eq!(
        cause(&["--field", "id"]),
        format!("{name}: the column `id` is INT64, not a string")
    );
    assert_eq!(
        cause(&["--field", "raw"]),
        format!(
            "{name}: the column `raw` is BYTE_ARRAY that is not marked as a string, not a string"
        )
    );
    assert!(cause(&["--field", "meta"]).contains("has several parts"));
    assert!(cause(&["--spans"]).starts_with("--spans: a Parquet file has no place"));
    assert_eq!(
        cause(&["--max-row", "50"]),
        format!("{name}: row 3: it has more bytes than --max-row allows")
    );
    let error = run(args!["clean", input, input, "-o", dir.path("x.parquet")], "").failed();
    assert!(error.contains("several Parquet files do not become one"), "{error}");
    let error = run(["clean", "--input-format", "parquet"], "PAR1").failed();
    assert!(error.contains("stdin: Parquet cannot be read from a pipe"), "{error}");
}

#[test]
fn values_that_are_no_text() {
    let dir = Dir::new();
    let mut bytes = parquet(&[30], Compression::UNCOMPRESSED, false);
    let place = bytes.windows(10).position(|window| window == b"12: The vo").unwrap();
    bytes[place + 4] = 0xFF;
    let input = dir.write("a.parquet", bytes);
    let out = dir.path("b.parquet");
    let error = run(args!["clean", input, "-o", out], "").ended_at_row();
    let told = format!("unfurnish: {}: row 13: not UTF-8, at byte 5\n", input.display());
    assert_eq!(error, told);
    let run = run(args!["clean", input, "-o", out, "--on-error", "skip"], "");
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert_eq!(run.stderr, format!("{told}unfurnish: 1 row left out\n"));
    // The value is as it was.
    let bytes = fs::read(&out).unwrap();
    assert!(bytes.windows(7).any(|window| window == b"12: \xFFhe"));
}

/// A site that is null has no rules, whatever the other rows have; and all columns that are rewritten
/// have the same sites beside them.
#[test]
fn rules_of_sites_go_by_another_column() {
    let dir = Dir::new();
    let rule = |site: &str, line: &str| {
        format!(
            "[[rule]]\nid = \"other/{site}\"\nsite = \"{site}\"\nat = \"line\"\n\
             any = [\"{line}\"]\nhits = [\"{line}\"]\n"
        )
    };
    let rules = [rule("pier.example", "the pier news"), rule("weir.example", "the weir news")];
    let pack = dir.write("site.toml", format!("name = \"s\"\n{}", rules.concat()));

    let count = 4_000;
    let site = |row: usize| match row % 7 {
        0 => None,
        1 | 2 => Some("pier.example".to_owned()),
        3 => Some("dale.example".to_owned()),
        _ => Some("weir.example".to_owned()),
    };
    let address = |row: usize| site(row).map(|site| format!("https://www.{site}/{row}"));
    // Of some rows there is no text, and of some there is much of it.
    let text = |row: usize, column: &str| {
        let prose = format!("It was day {row} of the {column}, and the water had not gone down.\n");
        let text = format!("The Pier News\n{prose}The Weir News\n{}", prose.repeat(row % 9));
        (row % 11 != 5).then_some(text)
    };
    let cleaned = |row: usize, column: &str| {
        let news = match site(row).as_deref() {
            Some("pier.example") => "The Pier News\n",
            Some("weir.example") => "The Weir News\n",
            _ => "",
        };
        text(row, column).map(|text| text.replace(news, ""))
    };
    let all = |of: &dyn Fn(usize) -> Option<String>| (0..count).map(of).collect::<Vec<_>>();
    let input = |names: [&str; 2], sites: [Vec<Option<String>>; 2]| {
        let [first, second] = sites;
        let text = |column: &'static str| all(&|row| text(row, column));
        let columns =
            [(names[0], first), ("head", text("head")), (names[1], second), ("body", text("body"))];
        dir.write("a.parquet", strings(&columns, 1_700))
    };
    let check = |input: &Path, options: &[&str]| {
        let out = dir.path("b.parquet");
        let fields = ["--field", "body", "--field", "head"];
        let options = fields.iter().chain(options).map(Into::into);
        let args = args!["clean", input, "-o", out, "--rules", pack];
        run(args.into_iter().chain(options), "").ok();
        let (before, after) = (rows(input), rows(&out));
        assert_eq!(after.len(), count);
        for (row, (before, after)) in before.iter().zip(&after).enumerate() {
            let want = with(before, &|name, text| match name {
                "head" | "body" => cleaned(row, name),
                _ => Some(text.to_owned()),
            });
            assert_eq!(with(after, &|_, _| None), want);
        }
    };
    let by_name = || [all(&site), all(&|_| None)];
    check(&input(["paper", "domain"], by_name()), &["--site-field", "paper"]);
    check(&input(["paper", "domain"], by_name()), &["--site-field", "paper", "--threads", "1"]);
    // Without being told it is the domain, or else the address.
    let mixed = [
        all(&|row| site(row).filter(|_| row % 2 == 0)),
        all(&|row| address(row).filter(|_| row % 2 == 1)),
    ];
    check(&input(["domain", "url"], mixed), &[]);
}

#[test]
fn what_cannot_say_a_site() {
    let dir = Dir::new();
    let pack = dir.write(
        "site.toml",
        "name = \"s\"\n[[rule]]\nid = \"other/x\"\nsite = \"x\"\nat = \"line\"\nany = [\"x\"]\n",
    );
    let input = dir.write("a.parquet", parquet(&[30], Compression::SNAPPY, true));
    let cause = |options: &[&str]| {
        let out = dir.path("out.parquet");
        let options = options.iter().map(Into::into);
        let args = args!["clean", input, "-o", out, "--rules", pack].into_iter().chain(options);
        let error = run(args, "").failed();
        assert!(!out.exists());
        let place = format!("unfurnish: {}: ", input.display());
        error.strip_prefix(&place).unwrap_or_else(|| panic!("{error}")).trim_end().to_owned()
    };
    let strings = "its columns of strings are `text`, `texts.list.element`, `meta.title`";
    assert_eq!(
        cause(&[]),
        format!("no column says of which site a text is: name one with --site-field; {strings}")
    );
    assert_eq!(cause(&["--site-field", "paper"]), format!("it has no column `paper`; {strings}"));
    assert_eq!(
        cause(&["--site-field", "texts"]),
        "the column `texts` is in a list: a row may have several values or none"
    );
    assert_eq!(
        cause(&["--site-field", "raw"]),
        "the column `raw` is BYTE_ARRAY that is not marked as a string, neither a string nor a whole number"
    );
    // One that is inside another may, and so may a number.
    for field in ["meta.title", "id"] {
        let args = ["--site-field", field].map(Into::into);
        let out = dir.path("out.parquet");
        run(args!["clean", input, "-o", out, "--rules", pack].into_iter().chain(args), "").ok();
    }
}

//! Corpora of any size, always the same ones: rows with an id, a URL, a date and a text, an article of
//! some 3 KB in one of nine languages; every other one has furniture.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::corpus::prose;
use crate::texts::{self, LANGUAGES};

/// Articles of each language, as bytes; after as many come the same ones again.
const OF_A_LANGUAGE: usize = 2 << 20;

/// Rows of a row group: some 50 MB.
const ROWS: usize = 16_384;

fn articles() -> Vec<String> {
    let mut by_language: Vec<_> = LANGUAGES
        .iter()
        .map(|language| {
            let plain = prose(language, OF_A_LANGUAGE, 3 << 10).into_iter().enumerate();
            plain.map(move |(number, article)| match number % 2 {
                0 => article,
                _ => texts::furnish(language, &article),
            })
        })
        .collect();
    let mut articles = Vec::new();
    loop {
        let before = articles.len();
        articles.extend(by_language.iter_mut().filter_map(Iterator::next));
        if articles.len() == before {
            return articles;
        }
    }
}

fn url(id: usize) -> String {
    format!("https://news.example/{}/{id}", id % 1_000)
}

fn date(id: usize) -> String {
    format!("2024-{:02}-{:02}T08:00:00Z", id % 12 + 1, id % 28 + 1)
}

/// Lines of JSON, of so many bytes.
pub(crate) fn jsonl(bytes: usize, path: &str) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let strings: Vec<String> =
        articles().iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    let mut written = 0;
    for (id, string) in strings.iter().cycle().enumerate() {
        let (url, date) = (url(id), date(id));
        let line =
            format!("{{\"id\":{id},\"url\":\"{url}\",\"date\":\"{date}\",\"text\":{string}}}\n");
        out.write_all(line.as_bytes())?;
        written += line.len();
        if written >= bytes {
            break;
        }
    }
    Ok(out.flush()?)
}

/// A Parquet file with texts of so many bytes, compressed with `codec`: `none` or `zstd`.
pub(crate) fn parquet(codec: &str, bytes: usize, path: &str) -> Result<(), Box<dyn Error>> {
    let schema = "message row {
        required int64 id; required binary url (STRING); required binary date (STRING);
        required binary text (STRING);
    }";
    let compression = match codec {
        "none" => Compression::UNCOMPRESSED,
        "zstd" => Compression::ZSTD(ZstdLevel::default()),
        other => return Err(format!("unknown codec {other}").into()),
    };
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_column_dictionary_enabled("text".into(), false)
        .build();
    let schema = Arc::new(parse_message_type(schema)?);
    let out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut file = SerializedFileWriter::new(out, schema, Arc::new(properties))?;
    let texts: Vec<ByteArray> =
        articles().into_iter().map(|text| ByteArray::from(text.into_bytes())).collect();
    let (mut first, mut written) = (0, 0);
    while written < bytes {
        let ids = first..first + ROWS;
        first = ids.end;
        let of_ids = |make: &dyn Fn(usize) -> String| -> Vec<ByteArray> {
            ids.clone().map(|id| ByteArray::from(make(id).into_bytes())).collect()
        };
        let group_texts: Vec<_> = ids.clone().map(|id| texts[id % texts.len()].clone()).collect();
        written += group_texts.iter().map(ByteArray::len).sum::<usize>();
        let mut group = file.next_row_group()?;
        let numbers: Vec<i64> = ids.clone().map(|id| id as i64).collect();
        for values in [None, Some(of_ids(&url)), Some(of_ids(&date)), Some(group_texts)] {
            let mut column = group.next_column()?.ok_or("there are four columns")?;
            match values {
                None => column.typed::<Int64Type>().write_batch(&numbers, None, None)?,
                Some(values) => column.typed::<ByteArrayType>().write_batch(&values, None, None)?,
            };
            column.close()?;
        }
        group.close()?;
    }
    file.into_inner()?.flush()?;
    Ok(())
}

//! Writes the corpus that `unfurnish learn` is scored on, as JSON lines with marks:
//!
//!     cargo run --release -p unfurnish-cli --example site_corpus -- SEED DOCUMENTS_PER_SITE > corpus.jsonl

use std::io::{self, BufWriter, Write};

#[path = "../tests/cli/site_corpus.rs"]
mod site_corpus;

fn main() -> io::Result<()> {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let &[seed, of_each] = &numbers[..] else {
        return Err(io::Error::other("arguments: SEED DOCUMENTS_PER_SITE"));
    };
    let mut out = BufWriter::new(io::stdout().lock());
    for document in site_corpus::documents(seed, of_each as usize) {
        writeln!(out, "{}", document.json())?;
    }
    out.flush()
}

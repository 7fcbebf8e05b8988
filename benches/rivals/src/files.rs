//! What the command-line tool is held against: the same file read and written, and nothing done.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};

/// Line by line, as one does it.
pub(crate) fn copy_lines(input: &str, output: &str) -> Result<(), Box<dyn Error>> {
    let mut input = BufReader::with_capacity(1 << 17, File::open(input)?);
    let mut output = BufWriter::with_capacity(1 << 17, File::create(output)?);
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        output.write_all(&line)?;
        line.clear();
    }
    Ok(output.flush()?)
}

/// Decompressed and compressed again, in one thread, at zstd's default level.
pub(crate) fn recode(input: &str, output: &str) -> Result<(), Box<dyn Error>> {
    let mut input = zstd::Decoder::new(File::open(input)?)?;
    let output = BufWriter::new(File::create(output)?);
    let mut output = zstd::Encoder::new(output, zstd::DEFAULT_COMPRESSION_LEVEL)?;
    output.include_checksum(true)?;
    io::copy(&mut input, &mut output)?;
    output.finish()?.flush()?;
    Ok(())
}

/// Decompressed, to be compared.
pub(crate) fn unpack(input: &str, output: &str) -> Result<(), Box<dyn Error>> {
    zstd::stream::copy_decode(File::open(input)?, File::create(output)?)?;
    Ok(())
}

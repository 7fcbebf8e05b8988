//! `.gz` and `.zst`, by name.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use flate2::{Compress, Crc, FlushCompress};

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    Gzip,
    Zstd,
}

/// What decompression is fed with at a time.
const CHUNK: usize = 128 << 10;

impl Compression {
    /// By the end of the file's name.
    pub(crate) fn of(path: &Path) -> Compression {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some(extension) if extension.eq_ignore_ascii_case("gz") => Compression::Gzip,
            Some(extension) if extension.eq_ignore_ascii_case("zst") => Compression::Zstd,
            _ => Compression::None,
        }
    }

    /// A reader of what `raw` holds, with all members or frames of it.
    pub(crate) fn reader(
        self,
        raw: impl Read + Send + 'static,
    ) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Compression::None => Box::new(raw),
            Compression::Gzip => {
                Box::new(MultiGzDecoder::new(BufReader::with_capacity(CHUNK, raw)))
            }
            Compression::Zstd => {
                Box::new(zstd::Decoder::with_buffer(BufReader::with_capacity(CHUNK, raw))?)
            }
        })
    }

    /// Does in a worker's thread what of the compression can be done there.
    pub(crate) fn pack(self, bytes: Vec<u8>) -> Piece {
        let last_byte = bytes.last().copied();
        match self {
            Compression::Gzip => {
                let (bytes, crc) = deflate(&bytes);
                Piece { bytes, crc, last_byte }
            }
            _ => Piece { bytes, crc: Crc::new(), last_byte },
        }
    }

    /// A writer into `file`, of pieces that were packed for it.
    pub(crate) fn writer(self, file: File, threads: usize) -> io::Result<Writer> {
        let mut file = BufWriter::with_capacity(CHUNK, file);
        Ok(match self {
            Compression::None => Writer::Plain(file),
            Compression::Gzip => {
                file.write_all(GZIP_HEADER)?;
                Writer::Gzip { file, crc: Crc::new() }
            }
            Compression::Zstd => {
                let mut encoder = zstd::Encoder::new(file, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                encoder.include_checksum(true)?;
                // Even if it is one: with none at all the result would be another.
                encoder.multithread(threads.min(ZSTD_THREADS) as u32)?;
                Writer::Zstd(encoder)
            }
        })
    }
}

/// Deflated data follows; no name, no time, system unknown.
const GZIP_HEADER: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\xff";

/// An empty block, the last one.
const LAST_BLOCK: &[u8] = b"\x03\0";

/// Enough for 1 GB/s; each takes some 10 MB.
const ZSTD_THREADS: usize = 4;

/// A piece of an output.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    bytes: Vec<u8>,
    /// Of what is in it, for gzip.
    crc: Crc,
    /// Of what is in it; none if that is empty.
    pub(crate) last_byte: Option<u8>,
}

impl Piece {
    /// As it is written to standard output, where nothing is compressed.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Deflated blocks that end at a byte, so that those of many pieces make one stream; pigz does it
/// like this. Compression is by far the most of the work where the output is gzip.
fn deflate(bytes: &[u8]) -> (Vec<u8>, Crc) {
    let mut crc = Crc::new();
    crc.update(bytes);
    let mut deflated = Vec::new();
    if !bytes.is_empty() {
        let mut compress = Compress::new(flate2::Compression::default(), false);
        let mut rest = bytes;
        // It is complete when it did not need all the room it had.
        while deflated.len() == deflated.capacity() {
            deflated.reserve(bytes.len() / 2 + 64);
            let before = compress.total_in();
            compress
                .compress_vec(rest, &mut deflated, FlushCompress::Sync)
                .expect("deflate takes all bytes");
            rest = &rest[(compress.total_in() - before) as usize..];
        }
    }
    (deflated, crc)
}

/// A writer into a file; [`finish`](Writer::finish) completes it.
pub(crate) enum Writer {
    Plain(BufWriter<File>),
    Gzip { file: BufWriter<File>, crc: Crc },
    Zstd(zstd::Encoder<'static, BufWriter<File>>),
}

impl Writer {
    /// What its pieces are to be packed with.
    pub(crate) fn compression(&self) -> Compression {
        match self {
            Writer::Plain(_) => Compression::None,
            Writer::Gzip { .. } => Compression::Gzip,
            Writer::Zstd(_) => Compression::Zstd,
        }
    }

    pub(crate) fn write(&mut self, piece: &Piece) -> io::Result<()> {
        match self {
            Writer::Plain(file) => file.write_all(&piece.bytes),
            Writer::Gzip { file, crc } => {
                crc.combine(&piece.crc);
                file.write_all(&piece.bytes)
            }
            Writer::Zstd(encoder) => encoder.write_all(&piece.bytes),
        }
    }

    /// Sends on what was written so far, so that whoever reads can have it.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Writer::Plain(file) | Writer::Gzip { file, .. } => file.flush(),
            Writer::Zstd(encoder) => encoder.flush(),
        }
    }

    pub(crate) fn finish(self) -> io::Result<()> {
        let mut file = match self {
            Writer::Plain(file) => file,
            Writer::Gzip { mut file, crc } => {
                file.write_all(LAST_BLOCK)?;
                file.write_all(&crc.sum().to_le_bytes())?;
                file.write_all(&crc.amount().to_le_bytes())?;
                file
            }
            Writer::Zstd(encoder) => encoder.finish()?,
        };
        file.flush()
    }
}

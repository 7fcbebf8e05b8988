//! `.gz`, `.zst`, `.bz2` and `.xz`, by name.

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use flate2::{Compress, Crc, FlushCompress};
use liblzma::bufread::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    Gzip,
    /// Gzip where each piece is a member of its own, as web archives want it. Read like any other.
    GzipMembers,
    Zstd,
    /// Only read.
    Bzip2,
    /// Only read.
    Xz,
}

/// What decompression is fed with at a time.
const CHUNK: usize = 128 << 10;

/// The memory that a .xz file may ask for; `xz -9` needs 65 MiB to be read.
const XZ_MEMORY: u64 = 128 << 20;

/// The window that a .zst file may ask for, as a power of two: 128 MiB, which is also what the
/// tool `zstd` reads unless it is told otherwise.
const ZSTD_WINDOW: u32 = 27;

/// The ends of names.
const EXTENSIONS: [(&str, Compression); 4] = [
    ("gz", Compression::Gzip),
    ("zst", Compression::Zstd),
    ("bz2", Compression::Bzip2),
    ("xz", Compression::Xz),
];

/// What files begin with that are not what their names say; a `?` stands for any byte.
const MAGIC: [(&[u8], &str); 5] = [
    (b"\x1f\x8b\x08", "gzip: its name should end in .gz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard: its name should end in .zst"),
    (b"BZh?1AY&SY", "bzip2: its name should end in .bz2"),
    (b"\xfd7zXZ\0", "xz: its name should end in .xz"),
    (b"PAR1", "Parquet: its name should end in .parquet, or add --input-format parquet"),
];

/// What the first bytes of a text say that it is instead.
pub(crate) fn mislabelled(bytes: &[u8]) -> Option<&'static str> {
    let is = |magic: &[u8]| {
        magic.len() <= bytes.len()
            && magic.iter().zip(bytes).all(|(magic, byte)| magic == byte || *magic == b'?')
    };
    MAGIC.iter().find(|(magic, _)| is(magic)).map(|(_, what)| *what)
}

impl Compression {
    /// By the end of the file's name.
    pub(crate) fn of(path: &Path) -> Compression {
        let extension = path.extension().and_then(|extension| extension.to_str());
        EXTENSIONS
            .iter()
            .find(|(known, _)| extension.is_some_and(|found| found.eq_ignore_ascii_case(known)))
            .map_or(Compression::None, |(_, compression)| *compression)
    }

    /// What is written for an input that is compressed like this.
    pub(crate) fn written(self) -> Compression {
        match self {
            Compression::Bzip2 | Compression::Xz => Compression::Zstd,
            other => other,
        }
    }

    /// With the dot; empty if there is none.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Compression::None => "",
            Compression::Gzip | Compression::GzipMembers => ".gz",
            Compression::Zstd => ".zst",
            Compression::Bzip2 => ".bz2",
            Compression::Xz => ".xz",
        }
    }

    /// A reader of what `raw` holds, with all members, frames or streams of it.
    pub(crate) fn reader(
        self,
        raw: impl Read + Send + 'static,
    ) -> io::Result<Box<dyn Read + Send>> {
        if self == Compression::None {
            return Ok(Box::new(raw));
        }
        let raw = BufReader::with_capacity(CHUNK, raw);
        Ok(match self {
            Compression::None => Box::new(raw),
            Compression::Gzip | Compression::GzipMembers => Box::new(MultiGzDecoder::new(raw)),
            Compression::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(raw)?;
                decoder.window_log_max(ZSTD_WINDOW)?;
                Box::new(decoder)
            }
            Compression::Bzip2 => Box::new(MultiBzDecoder::new(raw)),
            Compression::Xz => {
                let stream = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED)?;
                Box::new(XzDecoder::new_stream(raw, stream))
            }
        })
    }

    /// Does in a worker's thread what of the compression can be done there.
    pub(crate) fn pack(self, bytes: Vec<u8>) -> Piece {
        let last_byte = bytes.last().copied();
        let (bytes, crc) = match self {
            Compression::Gzip => deflate(&bytes),
            Compression::GzipMembers => (member(&bytes), Crc::new()),
            _ => (bytes, Crc::new()),
        };
        Piece { bytes, crc, last_byte }
    }

    /// A writer into `raw`, of pieces that were packed for it.
    pub(crate) fn writer<W: Write>(self, raw: W, threads: usize) -> io::Result<Writer<W>> {
        let mut raw = BufWriter::with_capacity(CHUNK, raw);
        Ok(match self {
            Compression::None | Compression::GzipMembers => Writer::Plain(raw),
            Compression::Gzip => {
                raw.write_all(GZIP_HEADER)?;
                Writer::Gzip { raw, crc: Crc::new() }
            }
            Compression::Zstd => {
                let mut encoder = zstd::Encoder::new(raw, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                encoder.include_checksum(true)?;
                // Even if it is one: with none at all the result would be another.
                encoder.multithread(threads.min(ZSTD_THREADS) as u32)?;
                Writer::Zstd(encoder)
            }
            Compression::Bzip2 | Compression::Xz => {
                let cause = ".bz2 and .xz are only read: give it a name in .gz or .zst";
                return Err(io::Error::new(io::ErrorKind::Unsupported, cause));
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
    /// Adds what comes after it, packed in the same way.
    pub(crate) fn append(&mut self, next: &Piece) {
        self.bytes.extend_from_slice(&next.bytes);
        self.crc.combine(&next.crc);
        self.last_byte = next.last_byte.or(self.last_byte);
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

/// A whole member.
fn member(bytes: &[u8]) -> Vec<u8> {
    let (deflated, crc) = deflate(bytes);
    let mut member = GZIP_HEADER.to_vec();
    member.extend_from_slice(&deflated);
    member.extend_from_slice(&gzip_end(&crc));
    member
}

/// The end of a member.
fn gzip_end(crc: &Crc) -> Vec<u8> {
    [LAST_BLOCK, &crc.sum().to_le_bytes(), &crc.amount().to_le_bytes()].concat()
}

/// A writer into a file; [`finish`](Writer::finish) completes it.
pub(crate) enum Writer<W: Write> {
    Plain(BufWriter<W>),
    Gzip { raw: BufWriter<W>, crc: Crc },
    Zstd(zstd::Encoder<'static, BufWriter<W>>),
}

impl<W: Write> Writer<W> {
    pub(crate) fn write(&mut self, piece: &Piece) -> io::Result<()> {
        match self {
            Writer::Plain(raw) => raw.write_all(&piece.bytes),
            Writer::Gzip { raw, crc } => {
                crc.combine(&piece.crc);
                raw.write_all(&piece.bytes)
            }
            Writer::Zstd(encoder) => encoder.write_all(&piece.bytes),
        }
    }

    /// Sends on what was written so far, so that whoever reads can have it.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Writer::Plain(raw) | Writer::Gzip { raw, .. } => raw.flush(),
            Writer::Zstd(encoder) => encoder.flush(),
        }
    }

    /// Writes what is left, and gives back what it was written into.
    pub(crate) fn finish(self) -> io::Result<W> {
        let raw = match self {
            Writer::Plain(raw) => raw,
            Writer::Gzip { mut raw, crc } => {
                raw.write_all(&gzip_end(&crc))?;
                raw
            }
            Writer::Zstd(encoder) => encoder.finish()?,
        };
        raw.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes, and then fails as a full disk does.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let count = bytes.len().min(self.0);
            self.0 -= count;
            match count {
                0 if !bytes.is_empty() => Err(io::ErrorKind::StorageFull.into()),
                _ => Ok(count),
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn write(compression: Compression, raw: impl Write) -> io::Result<()> {
        let mut writer = compression.writer(raw, 2)?;
        for number in 0..20_u64 {
            let numbers = (0..5_000).map(|n| (n * n * 7919 + number) % 100_003);
            let bytes = numbers.flat_map(u64::to_le_bytes).collect();
            writer.write(&compression.pack(bytes))?;
        }
        writer.finish().map(drop)
    }

    /// Wherever the disk is full: who writes is told, at the last when all is said to be written.
    #[test]
    fn no_error_is_lost() {
        use Compression::{Gzip, GzipMembers, None, Zstd};
        for compression in [None, Gzip, GzipMembers, Zstd] {
            let mut whole = Vec::new();
            write(compression, &mut whole).unwrap();
            let length = whole.len();
            write(compression, Full(length)).unwrap();
            for room in [0, 1, 9, 10, 11, CHUNK, length / 2, length - 9, length - 4, length - 1] {
                let error = write(compression, Full(room)).unwrap_err();
                assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{compression:?} {room}");
            }
        }
    }

    #[test]
    fn names() {
        for (name, want) in [
            ("a.jsonl.gz", Compression::Gzip),
            ("a.GZ", Compression::Gzip),
            ("a.zst", Compression::Zstd),
            ("a.bz2", Compression::Bzip2),
            ("a.xz", Compression::Xz),
            ("gz", Compression::None),
            ("a.gz.txt", Compression::None),
        ] {
            assert_eq!(Compression::of(Path::new(name)), want, "{name}");
        }
    }
}

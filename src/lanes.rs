//! Many bytes at a time, in plain loops that compilers turn into vector instructions.

/// Calls a function that is compiled for the widest vectors that the processor has, with all that is
/// inlined into it.
#[inline]
pub(crate) fn wide<R>(call: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
    {
        #[target_feature(enable = "avx2,bmi1,bmi2")]
        fn with_avx2<R>(call: impl FnOnce() -> R) -> R {
            call()
        }
        // SAFETY: the processor has what the function is compiled for.
        #[allow(unsafe_code)]
        return unsafe { with_avx2(call) };
    }
    call()
}

/// Bytes that are taken in one step.
pub(crate) const LANES: usize = 64;

/// The next bytes of a text, or zeros after its end, and how many of them are ASCII before the
/// first that is not.
#[inline(always)]
pub(crate) fn lanes(rest: &[u8]) -> ([u8; LANES], usize) {
    let (lanes, length) = match rest.first_chunk() {
        Some(lanes) => (*lanes, LANES),
        None => {
            let mut lanes = [0; LANES];
            lanes[..rest.len()].copy_from_slice(rest);
            (lanes, rest.len())
        }
    };
    let ascii = high_bits(&lanes).trailing_zeros() as usize;
    (lanes, length.min(ascii))
}

/// A bit for each byte that something holds for.
#[inline(always)]
pub(crate) fn bits(lanes: &[u8; LANES], holds: impl Fn(u8) -> bool) -> u64 {
    let mut all = [0; LANES];
    for i in 0..LANES {
        all[i] = if holds(lanes[i]) { 0xFF } else { 0 };
    }
    high_bits(&all)
}

#[inline(always)]
pub(crate) fn within(byte: u8, first: u8, last: u8) -> bool {
    byte.wrapping_sub(first) <= last - first
}

/// Whether a byte is a letter or a digit of ASCII.
#[inline(always)]
pub(crate) fn is_ascii_alphanumeric(byte: u8) -> bool {
    within(byte | 0x20, b'a', b'z') | within(byte, b'0', b'9')
}

/// The highest bit of each byte.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
#[inline(always)]
fn high_bits(lanes: &[u8; LANES]) -> u64 {
    use std::arch::x86_64::{_mm_loadu_si128, _mm_movemask_epi8};
    let (parts, _) = lanes.as_chunks::<16>();
    let bits = |part: &[u8; 16]| {
        // SAFETY: every x86-64 has SSE2, and a part has the 16 bytes that are loaded from it.
        unsafe { _mm_movemask_epi8(_mm_loadu_si128(part.as_ptr().cast())) as u64 }
    };
    bits(&parts[0]) | bits(&parts[1]) << 16 | bits(&parts[2]) << 32 | bits(&parts[3]) << 48
}

/// The highest bit of each byte.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn high_bits(lanes: &[u8; LANES]) -> u64 {
    let (words, _) = lanes.as_chunks::<8>();
    words.iter().rev().fold(0, |bits, word| {
        let highest = u64::from_le_bytes(*word) >> 7 & 0x0101_0101_0101_0101;
        bits << 8 | highest.wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}

#[test]
fn a_bit_for_each_byte() {
    let lanes: [u8; LANES] = std::array::from_fn(|i| i as u8);
    assert_eq!(
        bits(&lanes, |byte| byte % 5 == 3),
        (0..64).filter(|i| i % 5 == 3).map(|i| 1 << i).sum()
    );
    let (lanes, ascii) = super::lanes::lanes("plain é".as_bytes());
    assert_eq!((&lanes[..5], ascii), (&b"plain"[..], 6));
}

//! The mixing functions that turn positions and seeds into bits.

/// 2^64 over the golden ratio, odd: multiples of it are spread evenly.
pub(crate) const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser `moremur` (Evensen 2019), a bijection of 64 bits that is made for counters: it is
/// stronger than those of MurmurHash3 and SplitMix64 on inputs that differ in few bits.
#[inline(always)]
pub(crate) const fn moremur(mut x: u64) -> u64 {
    x ^= x >> 27;
    x = x.wrapping_mul(0x3C79_AC49_2BA7_B653);
    x ^= x >> 33;
    x = x.wrapping_mul(0x1C69_B3F7_4AC4_AE35);
    x ^ (x >> 27)
}

/// Both halves of the 128-bit product, folded into 64 bits (as in wyhash).
#[inline(always)]
pub(crate) const fn fold(a: u64, b: u64) -> u64 {
    let product = (a as u128) * (b as u128);
    (product as u64) ^ ((product >> 64) as u64)
}

/// A hash of words, not made to resist an adversary.
#[derive(Clone, Copy)]
pub(crate) struct Absorb(u64, u64);

impl Absorb {
    pub(crate) const fn new(domain: u64) -> Self {
        Self(moremur(domain ^ 0x243F_6A88_85A3_08D3), moremur(domain ^ 0x1319_8A2E_0370_7344))
    }

    /// Takes a word in. Both halves are bijections of their state for a given word, and of the
    /// word for a given state.
    pub(crate) const fn word(self, word: u64) -> Self {
        let a = moremur(self.0 ^ word).wrapping_add(GOLDEN);
        let b = moremur(self.1.wrapping_add(word.rotate_left(32)) ^ 0xA409_3822_299F_31D0);
        Self(a.wrapping_add(self.1), b ^ self.0.rotate_left(17))
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self = self.word(u64::from_le_bytes(word));
        }
        self.word(bytes.len() as u64)
    }

    /// The `n`-th word that comes out.
    pub(crate) const fn out(self, n: u64) -> u64 {
        let a = self.0.wrapping_add(GOLDEN.wrapping_mul(n + 1));
        moremur(moremur(a) ^ self.1.wrapping_add(n))
    }
}

//! [`Token`]: 128-bit structural hashes that name work by its content.
//!
//! Equal operation, parameters and inputs give an equal token, in every run and on every machine,
//! so that work which two collections share is computed once. The hash is BLAKE3 cut to 128 bits
//! over a prefix-free encoding: every item carries its type and its length.

use std::fmt;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{SystemTime, UNIX_EPOCH};

/// What a token was made from; kept in its two highest bits, so that kinds never collide.
const KIND_MASK: u64 = 0b11 << 62;
const STRUCTURAL: u64 = 0b00 << 62;
const UNIQUE: u64 = 0b01 << 62;
const GIVEN: u64 = 0b10 << 62;

/// A 128-bit identity of some work: a hash of its content, or unique in this process.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token([u64; 2]);

impl Token {
    /// What names nothing.
    pub(crate) const NONE: Token = Token([0; 2]);

    /// A token that equals no other one: for sources without a stable identity.
    pub fn unique() -> Token {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        static PROCESS: LazyLock<u64> = LazyLock::new(|| {
            let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let mut hash = Tokenizer::new("process");
            hash.u64(clock.as_nanos() as u64).u64(u64::from(std::process::id()));
            hash.finish().0[1]
        });
        Token([UNIQUE | (*PROCESS & !KIND_MASK), NEXT.fetch_add(1, Relaxed)])
    }

    /// The token of a name that the user chose, as in a hand-written graph.
    pub(crate) fn given(name: &str) -> Token {
        let mut hash = Tokenizer::new("given");
        hash.str(name);
        let Token([high, low]) = hash.finish();
        Token([GIVEN | (high & !KIND_MASK), low])
    }

    /// Whether this names content, so that it is the same in every run.
    pub fn is_structural(self) -> bool {
        self.0[0] & KIND_MASK == STRUCTURAL
    }

    pub(crate) fn is_given(self) -> bool {
        self.0[0] & KIND_MASK == GIVEN
    }

    /// The 16 bytes of the token, most significant first.
    pub fn to_bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.0[0].to_be_bytes());
        bytes[8..].copy_from_slice(&self.0[1].to_be_bytes());
        bytes
    }

    /// The token that [`Token::to_bytes`] gave, perhaps in another process.
    pub fn from_bytes(bytes: [u8; 16]) -> Token {
        let bits = u128::from_be_bytes(bytes);
        Token([(bits >> 64) as u64, bits as u64])
    }

    /// 32 bits that tell tokens apart at a glance, for display.
    pub(crate) fn short(self) -> u32 {
        (self.0[1] ^ (self.0[0] << 7)) as u32
    }

    /// 64 well-mixed bits for hash tables.
    pub(crate) fn mixed(self) -> u64 {
        (self.0[0] ^ self.0[1]).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{:016x}", self.0[0], self.0[1])
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Builds a structural [`Token`] from an operation, its parameters and the tokens of its inputs.
///
/// ```
/// use chunkwise_graph::Tokenizer;
/// let x = Tokenizer::of("arange", &(0i64, 10i64));
/// let sum = |axis: u64| { let mut t = Tokenizer::new("sum"); t.token(x).u64(axis); t.finish() };
/// assert_eq!(sum(0), sum(0));
/// assert_ne!(sum(0), sum(1));
/// ```
#[derive(Clone, Debug)]
pub struct Tokenizer(blake3::Hasher);

impl Tokenizer {
    /// Starts from the name of the operation.
    pub fn new(operation: &str) -> Tokenizer {
        let mut hash = Tokenizer(blake3::Hasher::new());
        hash.str(operation);
        hash
    }

    /// The token of an operation with one parameter (a tuple for several).
    pub fn of(operation: &str, parameters: &(impl Tokenize + ?Sized)) -> Token {
        let mut hash = Tokenizer::new(operation);
        parameters.tokenize(&mut hash);
        hash.finish()
    }

    fn item(&mut self, tag: u8, bytes: &[u8]) -> &mut Tokenizer {
        self.0.update(&[tag]);
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds raw bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Tokenizer {
        self.item(0, bytes)
    }

    /// Adds text.
    pub fn str(&mut self, text: &str) -> &mut Tokenizer {
        self.item(1, text.as_bytes())
    }

    /// Adds an unsigned integer.
    pub fn u64(&mut self, number: u64) -> &mut Tokenizer {
        self.item(2, &number.to_le_bytes())
    }

    /// Adds a signed integer.
    pub fn i64(&mut self, number: i64) -> &mut Tokenizer {
        self.item(3, &number.to_le_bytes())
    }

    /// Adds a floating-point number by its bits: `0.0` and `-0.0` differ, equal NaNs are equal.
    pub fn f64(&mut self, number: f64) -> &mut Tokenizer {
        self.item(4, &number.to_bits().to_le_bytes())
    }

    /// Adds the token of an input.
    pub fn token(&mut self, token: Token) -> &mut Tokenizer {
        self.item(5, &token.to_bytes())
    }

    /// Adds the length of a sequence whose items follow.
    pub fn sequence(&mut self, len: usize) -> &mut Tokenizer {
        self.item(6, &(len as u64).to_le_bytes())
    }

    /// The token of everything added so far.
    pub fn finish(&self) -> Token {
        let hash = self.0.finalize();
        let word = |range: std::ops::Range<usize>| {
            hash.as_bytes()[range].iter().fold(0u64, |word, &byte| word << 8 | u64::from(byte))
        };
        Token([STRUCTURAL | (word(0..8) & !KIND_MASK), word(8..16)])
    }
}

/// Parameters that can be part of a structural token.
///
/// # Contract
/// Equal values add equal items; different values of one type add different items.
pub trait Tokenize {
    /// Adds this value to the hash.
    fn tokenize(&self, hash: &mut Tokenizer);
}

macro_rules! tokenize_as {
    ($method:ident, $as:ty: $($type:ty),+) => { $(
        impl Tokenize for $type {
            fn tokenize(&self, hash: &mut Tokenizer) {
                hash.$method(<$as>::from(*self));
            }
        }
    )+ };
}
tokenize_as!(u64, u64: u8, u16, u32, u64, bool);
tokenize_as!(i64, i64: i8, i16, i32, i64);
tokenize_as!(f64, f64: f32, f64);

impl Tokenize for usize {
    fn tokenize(&self, hash: &mut Tokenizer) {
        hash.u64(*self as u64);
    }
}

impl Tokenize for isize {
    fn tokenize(&self, hash: &mut Tokenizer) {
        hash.i64(*self as i64);
    }
}

impl Tokenize for char {
    fn tokenize(&self, hash: &mut Tokenizer) {
        hash.u64(u64::from(u32::from(*self)));
    }
}

impl Tokenize for () {
    fn tokenize(&self, hash: &mut Tokenizer) {
        hash.sequence(0);
    }
}

impl Tokenize for std::path::Path {
    fn tokenize(&self, hash: &mut Tokenizer) {
        hash.bytes(self.as_os_str().as_encoded_bytes());
    }
}

impl Tokenize for std::path::PathBuf {
    fn tokenize(&self, hash: &mut Tokenizer) {
        self.as_path().tokenize(hash);
    }
}

impl Tokenize for str {
    fn tokenize(&self, hash: &mut Tokenizer) {
        hash.str(self);
    }
}

impl Tokenize for String {
    fn tokenize(&self, hash: &mut Tokenizer) {
        hash.str(self);
    }
}

impl Tokenize for Token {
    fn tokenize(&self, hash: &mut Tokenizer) {
        hash.token(*self);
    }
}

impl<T: Tokenize + ?Sized> Tokenize for &T {
    fn tokenize(&self, hash: &mut Tokenizer) {
        (**self).tokenize(hash);
    }
}

impl<T: Tokenize> Tokenize for [T] {
    fn tokenize(&self, hash: &mut Tokenizer) {
        hash.sequence(self.len());
        self.iter().for_each(|item| item.tokenize(hash));
    }
}

impl<T: Tokenize> Tokenize for Vec<T> {
    fn tokenize(&self, hash: &mut Tokenizer) {
        self[..].tokenize(hash);
    }
}

impl<T: Tokenize, const N: usize> Tokenize for [T; N] {
    fn tokenize(&self, hash: &mut Tokenizer) {
        self[..].tokenize(hash);
    }
}

impl<T: Tokenize> Tokenize for Option<T> {
    fn tokenize(&self, hash: &mut Tokenizer) {
        self.as_slice().tokenize(hash);
    }
}

macro_rules! tokenize_tuples {
    ($($name:ident)+) => {
        impl<$($name: Tokenize),+> Tokenize for ($($name,)+) {
            #[allow(non_snake_case, reason = "the macro's type parameters name its variables")]
            fn tokenize(&self, hash: &mut Tokenizer) {
                let ($($name,)+) = self;
                $($name.tokenize(hash);)+
            }
        }
    };
}
tokenize_tuples!(A);
tokenize_tuples!(A B);
tokenize_tuples!(A B C);
tokenize_tuples!(A B C D);
tokenize_tuples!(A B C D E);
tokenize_tuples!(A B C D E F);
tokenize_tuples!(A B C D E F G);
tokenize_tuples!(A B C D E F G H);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_the_same_in_every_run() {
        // Golden: a change here changes every stored key, so it must be on purpose.
        let token = Tokenizer::of("sum", &(1u64, "x", -2i64, 0.5f64));
        assert_eq!(token.to_string(), "07e970f7ec435e806a31e696dc81dda4");
    }

    #[test]
    fn tokens_come_back_from_their_bytes() {
        for token in [Token::unique(), Token::given("a"), Tokenizer::of("a", &1u64)] {
            assert_eq!(Token::from_bytes(token.to_bytes()), token);
        }
    }

    #[test]
    fn the_encoding_keeps_neighbours_apart() {
        let of = |parameters: &dyn Tokenize| Tokenizer::of("f", parameters);
        assert_ne!(of(&("ab", "c")), of(&("a", "bc")));
        assert_ne!(of(&(vec![1u64, 2], vec![3u64])), of(&(vec![1u64], vec![2u64, 3])));
        assert_ne!(of(&1u64), of(&1i64));
        assert_ne!(of(&0.0), of(&-0.0));
        assert_eq!(of(&f64::NAN), of(&f64::NAN));
        assert_ne!(of(&None::<u64>), of(&Some(0u64)));
    }

    #[test]
    fn kinds_never_meet() {
        let (a, b) = (Token::unique(), Token::unique());
        assert_ne!(a, b);
        assert!(!a.is_structural() && Tokenizer::new("x").finish().is_structural());
        assert!(Token::given("x").is_given() && !Token::given("x").is_structural());
        assert_eq!(Token::given("x"), Token::given("x"));
    }
}

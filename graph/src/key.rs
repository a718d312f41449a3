//! [`Name`] names a layer, [`Key`] one task of it.
//!
//! Keys exist at the edges: errors, observers, look-ups, pictures. Inside a run a task is a `u32`.

use crate::token::Token;
use smallvec::SmallVec;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

/// Position of a task in the grid of its layer; empty for a layer of one task.
pub type Index = SmallVec<[u32; 4]>;

/// Name of a layer: a readable prefix and a [`Token`]; equal tokens mean equal content.
///
/// Prints as `sum-3f9a01c2`, or as the bare prefix when the user chose the name.
#[derive(Clone)]
pub struct Name {
    prefix: Prefix,
    token: Token,
}

#[derive(Clone)]
enum Prefix {
    Static(&'static str),
    Shared(Arc<str>),
}

impl From<&'static str> for Prefix {
    fn from(prefix: &'static str) -> Prefix {
        Prefix::Static(prefix)
    }
}

impl Name {
    /// A name that equals no other one: for work without a stable identity.
    pub fn unique(prefix: &'static str) -> Name {
        Name { prefix: prefix.into(), token: Token::unique() }
    }

    /// A name that stands for content: the token covers the operation, its parameters and inputs.
    pub fn structural(prefix: &'static str, token: Token) -> Name {
        Name { prefix: prefix.into(), token }
    }

    /// A name that the user chose; two of them are equal when their texts are.
    pub fn given(text: impl Into<Arc<str>>) -> Name {
        let text = text.into();
        let token = Token::given(&text);
        Name { prefix: Prefix::Shared(text), token }
    }

    /// The same identity under another readable prefix.
    pub fn with_prefix(&self, prefix: impl Into<Arc<str>>) -> Name {
        Name { prefix: Prefix::Shared(prefix.into()), token: self.token }
    }

    /// The readable part.
    pub fn prefix(&self) -> &str {
        match &self.prefix {
            Prefix::Static(text) => text,
            Prefix::Shared(text) => text,
        }
    }

    /// Whether the user chose it.
    pub fn is_given(&self) -> bool {
        self.token.is_given()
    }

    /// The identity.
    pub fn token(&self) -> Token {
        self.token
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.token == other.token
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.token.mixed());
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// By readable prefix first, as a reader would sort them.
impl Ord for Name {
    fn cmp(&self, other: &Name) -> std::cmp::Ordering {
        (self.prefix(), self.token).cmp(&(other.prefix(), other.token))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix())?;
        if self.token.is_given() { Ok(()) } else { write!(f, "-{:08x}", self.token.short()) }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Hashes a [`Name`] by the bits of its token, which are a hash already.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenHasher(u64);

impl Hasher for TokenHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(29) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// A hash map keyed by [`Name`] or [`Key`]. Iterate it only where the order does not show.
pub type NameMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<TokenHasher>>;

/// Names one task: its layer and its position in the layer's grid. Prints as `sum-3f9a01c2[4, 7]`.
///
/// Hand-written graphs make keys of text and of text with numbers:
///
/// ```
/// use chunkwise_graph::Key;
/// assert_eq!(Key::from("total").to_string(), "total");
/// assert_eq!(Key::from(("df", 3)).to_string(), "df[3]");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The layer.
    pub name: Name,
    /// The position of the task in the layer's grid.
    pub index: Index,
}

impl Key {
    /// The key of a layer of one task.
    pub fn new(name: Name) -> Key {
        Key { name, index: Index::new() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.name, f)?;
        if self.index.is_empty() { Ok(()) } else { write!(f, "{:?}", &self.index[..]) }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Key {
        Key::new(Name::given(text))
    }
}

impl From<String> for Key {
    fn from(text: String) -> Key {
        Key::new(Name::given(text))
    }
}

impl From<&String> for Key {
    fn from(text: &String) -> Key {
        Key::from(text.as_str())
    }
}

impl From<&Key> for Key {
    fn from(key: &Key) -> Key {
        key.clone()
    }
}

/// Numbers that can be part of a [`Key`].
pub trait IndexNumber {
    /// The number as stored.
    ///
    /// # Panics
    /// If it is negative or above `u32::MAX`.
    fn number(self) -> u32;
}

macro_rules! index_numbers {
    ($($type:ty),+) => { $(
        impl IndexNumber for $type {
            fn number(self) -> u32 {
                let number = u32::try_from(self).ok();
                number.unwrap_or_else(|| panic!("{self} cannot be part of a key: 0..2^32 can"))
            }
        }
    )+ };
}
index_numbers!(u8, u16, u32, u64, usize, i32, i64);

/// A text and one number. Panics as [`IndexNumber::number`] does.
impl<T: Into<Arc<str>>, I: IndexNumber> From<(T, I)> for Key {
    fn from((text, i): (T, I)) -> Key {
        Key { name: Name::given(text), index: smallvec::smallvec![i.number()] }
    }
}

/// A text and two numbers. Panics as [`IndexNumber::number`] does.
impl<T: Into<Arc<str>>, I: IndexNumber, J: IndexNumber> From<(T, I, J)> for Key {
    fn from((text, i, j): (T, I, J)) -> Key {
        Key { name: Name::given(text), index: smallvec::smallvec![i.number(), j.number()] }
    }
}

/// A text and three numbers. Panics as [`IndexNumber::number`] does.
impl<T: Into<Arc<str>>, I: IndexNumber, J: IndexNumber, K: IndexNumber> From<(T, I, J, K)> for Key {
    fn from((text, i, j, k): (T, I, J, K)) -> Key {
        let index = smallvec::smallvec![i.number(), j.number(), k.number()];
        Key { name: Name::given(text), index }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_are_equal_by_text_and_print_bare() {
        assert_eq!(Key::from("a"), Key::from(String::from("a")));
        assert_ne!(Key::from("a"), Key::from(("a", 0)));
        assert_eq!(Key::from(("x", 0, 12usize)).to_string(), "x[0, 12]");
        assert_eq!(Key::from("größe ∑").to_string(), "größe ∑");
        assert_eq!(Key::from("").to_string(), "");
    }

    #[test]
    fn unique_names_differ_and_show_a_token() {
        let (a, b) = (Name::unique("load"), Name::unique("load"));
        assert_ne!(a, b);
        assert!(a.to_string().starts_with("load-"));
        assert_eq!(a.with_prefix("read"), a);
    }

    #[test]
    #[should_panic(expected = "-1 cannot be part of a key")]
    fn a_negative_number_is_no_key() {
        let _ = Key::from(("df", -1));
    }
}

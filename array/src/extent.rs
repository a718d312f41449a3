//! [`Extent`]: the length of an axis, which may be known at run time only.

use std::fmt;

/// The length of an axis: known, or [deferred](crate#deferred-sizes) until blocks have been
/// computed, as after a selection by a mask.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Extent {
    /// So many elements.
    Known(usize),
    /// As many as there will be.
    Deferred,
}

impl Extent {
    /// The length, if it is known.
    pub const fn known(self) -> Option<usize> {
        match self {
            Extent::Known(len) => Some(len),
            Extent::Deferred => None,
        }
    }
}

impl PartialEq<usize> for Extent {
    fn eq(&self, other: &usize) -> bool {
        self.known() == Some(*other)
    }
}

impl fmt::Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Extent::Known(len) => f.write_str(&grouped(*len)),
            Extent::Deferred => f.write_str("?"),
        }
    }
}

/// A number with its digits in groups of three: `20_000`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// `(20_000, 3)`, as shapes are written; `(5,)` of one axis.
pub(crate) fn tuple_text<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    let comma = if items.len() == 1 { "," } else { "" };
    format!("({}{comma})", items.join(", "))
}

/// A shape of known lengths.
pub(crate) fn shape_text(shape: &[usize]) -> String {
    tuple_text(shape.iter().map(|&len| grouped(len)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        let texts = [0, 999, 1000, 1_234_567].map(grouped);
        assert_eq!(texts, ["0", "999", "1_000", "1_234_567"]);
        assert_eq!(shape_text(&[20_000]), "(20_000,)");
        assert_eq!(tuple_text([Extent::Known(3), Extent::Deferred]), "(3, ?)");
        assert_eq!(shape_text(&[]), "()");
    }
}

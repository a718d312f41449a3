//! [`Attribute`]: small values that say something about a dataset or a group.

/// A small value that says something about a dataset or a group.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Attribute {
    /// Text.
    Text(String),
    /// Integers; one for a scalar.
    Integers(Vec<i64>),
    /// Floating-point numbers; one for a scalar.
    Floats(Vec<f64>),
    /// Something else: its type in words.
    Other(String),
}

impl Attribute {
    /// The text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Attribute::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one alone; an integer as the float nearest to it.
    pub fn number(&self) -> Option<f64> {
        match self {
            Attribute::Integers(numbers) => match numbers[..] {
                [number] => Some(number as f64),
                _ => None,
            },
            Attribute::Floats(numbers) => match numbers[..] {
                [number] => Some(number),
                _ => None,
            },
            _ => None,
        }
    }
}

impl From<&str> for Attribute {
    fn from(text: &str) -> Attribute {
        Attribute::Text(text.to_owned())
    }
}

impl From<i64> for Attribute {
    fn from(number: i64) -> Attribute {
        Attribute::Integers(vec![number])
    }
}

impl From<f64> for Attribute {
    fn from(number: f64) -> Attribute {
        Attribute::Floats(vec![number])
    }
}

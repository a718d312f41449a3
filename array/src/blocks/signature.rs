//! [`Signature`]: which axes of its inputs a function works along, as text: `(i,j),(j)->(i)`.

use smallvec::SmallVec;
use std::error::Error as StdError;
use std::fmt;
use std::str::FromStr;

/// The core dimensions of the inputs and outputs of a function: `(i,j),(j)->(i)` of the product of
/// a matrix and a vector.
///
/// Each pair of parentheses names the last axes of an array, in their order; `()` names none. The
/// same name means the same length. A name that is a number means that length: `(3),(3)->(3)`.
/// Blanks are left out.
///
/// ```
/// use chunkwise_array::Signature;
/// let signature: Signature = "(i, j), (j) -> (i)".parse()?;
/// assert_eq!(signature.to_string(), "(i,j),(j)->(i)");
/// assert_eq!((signature.inputs().len(), signature.outputs().len()), (2, 1));
/// let error = "(i,j->(i)".parse::<Signature>().unwrap_err();
/// assert_eq!(error.to_string(), "signature `(i,j->(i)`: `,` or `)` belongs before `->(i)`");
/// # Ok::<(), chunkwise_array::SignatureError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Signature {
    inputs: Vec<Dimensions>,
    outputs: Vec<Dimensions>,
}

/// The names of the core dimensions of one array.
type Dimensions = SmallVec<[Box<str>; 2]>;

/// A text that is no signature.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct SignatureError {
    /// The text.
    pub text: Box<str>,
    /// The byte of the text at which something else belongs.
    pub at: usize,
    /// What belongs there.
    pub expected: &'static str,
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SignatureError { text, at, expected } = self;
        write!(f, "signature `{text}`: {expected} belongs ")?;
        match text.get(*at..).filter(|rest| !rest.is_empty()) {
            Some(rest) => write!(f, "before `{rest}`"),
            None => f.write_str("at the end"),
        }
    }
}

impl StdError for SignatureError {}

impl Signature {
    /// For each input the names of its core dimensions.
    pub fn inputs(&self) -> impl ExactSizeIterator<Item = &[Box<str>]> {
        self.inputs.iter().map(|names| &names[..])
    }

    /// For each output the names of its core dimensions.
    pub fn outputs(&self) -> impl ExactSizeIterator<Item = &[Box<str>]> {
        self.outputs.iter().map(|names| &names[..])
    }
}

impl FromStr for Signature {
    type Err = SignatureError;

    fn from_str(text: &str) -> Result<Signature, SignatureError> {
        let mut parser = Parser { text, at: 0 };
        let inputs = parser.arrays()?;
        if !parser.takes("->") {
            return Err(parser.error("`,` or `->`"));
        }
        let outputs = parser.arrays()?;
        match parser.rest().is_empty() {
            true => Ok(Signature { inputs, outputs }),
            false => Err(parser.error("`,` or the end")),
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrays = |arrays: &[Dimensions]| {
            let all: Vec<String> =
                arrays.iter().map(|names| format!("({})", names.join(","))).collect();
            all.join(",")
        };
        write!(f, "{}->{}", arrays(&self.inputs), arrays(&self.outputs))
    }
}

/// The text, and how far it has been read.
struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    /// What has not been read, without blanks before it.
    fn rest(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    /// Reads over this text, if it is what comes.
    fn takes(&mut self, token: &str) -> bool {
        let is_next = self.rest().starts_with(token);
        if is_next {
            self.at += token.len();
        }
        is_next
    }

    fn error(&mut self, expected: &'static str) -> SignatureError {
        self.rest();
        SignatureError { text: self.text.into(), at: self.at, expected }
    }

    /// `(i,j),(j)`.
    fn arrays(&mut self) -> Result<Vec<Dimensions>, SignatureError> {
        let mut arrays = vec![self.array()?];
        while self.takes(",") {
            arrays.push(self.array()?);
        }
        Ok(arrays)
    }

    /// `(i,j)`.
    fn array(&mut self) -> Result<Dimensions, SignatureError> {
        if !self.takes("(") {
            return Err(self.error("`(`"));
        }
        let mut names = Dimensions::new();
        if self.takes(")") {
            return Ok(names);
        }
        loop {
            names.push(self.name()?);
            if self.takes(")") {
                return Ok(names);
            }
            if !self.takes(",") {
                return Err(self.error("`,` or `)`"));
            }
        }
    }

    /// `i`.
    fn name(&mut self) -> Result<Box<str>, SignatureError> {
        let rest = self.rest();
        let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if len == 0 {
            return Err(self.error("the name of a dimension"));
        }
        self.at += len;
        Ok(rest[..len].into())
    }
}

//! [`Header`]: what stands before the elements.

use crate::dtype::DType;
use crate::error::StorageError;
use crate::positioned::Positioned;
use std::path::Path;

/// What every such file starts with.
const MAGIC: &[u8; 6] = b"\x93NUMPY";

/// Longest header that is believed; numpy's own limit is 10,000 unless told otherwise.
const LONGEST: usize = 1 << 20;

/// What stands before the elements.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Header {
    /// The type as numpy names it: `<f8`.
    pub(super) descr: String,
    /// Whether the first axis runs fastest.
    pub(super) fortran: bool,
    pub(super) shape: Vec<usize>,
    /// Bytes before the elements.
    pub(super) len: u64,
}

impl Header {
    /// Reads it.
    pub(super) fn read(file: &Positioned) -> Result<Header, StorageError> {
        let wrong = |detail: &str| not_npy(file.path(), detail);
        let start = file.read_up_to(0, 12)?;
        if !start.starts_with(MAGIC) {
            return Err(wrong("it does not start as such a file does"));
        }
        let (before, len) = match start[6..] {
            [1, _, a, b, ..] => (10, usize::from(u16::from_le_bytes([a, b]))),
            [2 | 3, _, a, b, c, d] => (12, u32::from_le_bytes([a, b, c, d]) as usize),
            [version, ..] => return Err(wrong(&format!("version {version} is not known"))),
            [] => return Err(wrong("it ends after its first bytes")),
        };
        if len > LONGEST {
            return Err(wrong("its header is longer than 1 MiB"));
        }
        let mut text = vec![0; len];
        file.read(None, before, &mut text)?;
        let text = String::from_utf8_lossy(&text);
        let header = parse(&text, before + len as u64);
        header.ok_or_else(|| wrong(&format!("its header is `{}`", text.trim_end())))
    }

    /// The type of the elements and whether they are in the other byte order; `None` for types that
    /// no element here has.
    pub(super) fn dtype(&self) -> Option<(DType, bool)> {
        let (order, kind) = self.descr.split_at_checked(1)?;
        let other = if cfg!(target_endian = "big") { "<" } else { ">" };
        let dtype = DType::ALL.into_iter().find(|dtype| code(*dtype) == kind)?;
        match order {
            "<" | ">" | "=" | "|" => Some((dtype, order == other && dtype.size() > 1)),
            _ => None,
        }
    }

    /// The bytes of it, as numpy writes them: the elements start at a multiple of 64.
    pub(super) fn bytes(dtype: DType, shape: &[usize]) -> Vec<u8> {
        let descr = descr(dtype);
        let shape = match shape {
            [len] => format!("({len},)"),
            shape => {
                let lens: Vec<String> = shape.iter().map(usize::to_string).collect();
                format!("({})", lens.join(", "))
            }
        };
        let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
        let (version, before) = if text.len() + 11 + 63 < 1 << 16 { (1u8, 10) } else { (2, 12) };
        let len = (before + text.len() + 1).next_multiple_of(64) - before;
        let mut bytes = MAGIC.to_vec();
        bytes.extend([version, 0]);
        bytes.extend(&(len as u32).to_le_bytes()[..before - 8]);
        bytes.extend(text.as_bytes());
        bytes.resize(before + len - 1, b' ');
        bytes.push(b'\n');
        bytes
    }
}

/// numpy's name of a type, of this machine's byte order.
pub(super) fn descr(dtype: DType) -> String {
    let order = match dtype.size() {
        1 => '|',
        _ if cfg!(target_endian = "big") => '>',
        _ => '<',
    };
    format!("{order}{}", code(dtype))
}

/// numpy's name of a type, without a byte order.
fn code(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "b1",
        DType::I8 => "i1",
        DType::I16 => "i2",
        DType::I32 => "i4",
        DType::I64 => "i8",
        DType::U8 => "u1",
        DType::U16 => "u2",
        DType::U32 => "u4",
        DType::U64 => "u8",
        DType::F32 => "f4",
        DType::F64 => "f8",
        DType::C64 => "c8",
        DType::C128 => "c16",
    }
}

/// An error for a file that is of another format, or damaged.
pub(super) fn not_npy(path: &Path, detail: &str) -> StorageError {
    let detail = detail.to_owned();
    StorageError::NotThisFormat { path: path.to_owned(), format: "npy", detail }
}

/// Reads the text, a literal of Python: `{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}`.
fn parse(text: &str, len: u64) -> Option<Header> {
    let mut rest = text.trim().strip_prefix('{')?.trim_start();
    let (mut descr, mut fortran, mut shape) = (None, None, None);
    while !rest.starts_with('}') {
        let (key, behind) = quoted(rest)?;
        rest = behind.trim_start().strip_prefix(':')?.trim_start();
        match key {
            "descr" => {
                let (value, behind) = match rest.strip_prefix('[') {
                    // structured elements: kept as they are, for the error
                    Some(_) => rest.split_at(list_end(rest)?),
                    None => quoted(rest)?,
                };
                descr = Some(value.to_owned());
                rest = behind;
            }
            "fortran_order" => {
                let value = rest.starts_with("True");
                rest = rest.strip_prefix(if value { "True" } else { "False" })?;
                fortran = Some(value);
            }
            "shape" => {
                let (inside, behind) = rest.strip_prefix('(')?.split_once(')')?;
                let lens = inside.split(',').map(str::trim).filter(|len| !len.is_empty());
                // Python 2 wrote large numbers with an L
                let lens: Option<Vec<usize>> =
                    lens.map(|len| len.trim_end_matches('L').parse().ok()).collect();
                shape = Some(lens?);
                rest = behind;
            }
            _ => return None,
        }
        rest = rest.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    Some(Header { descr: descr?, fortran: fortran?, shape: shape?, len })
}

/// A text in quotes at the start, and what is behind it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    text[1..].split_once(quote)
}

/// How long the list is that a text starts with.
fn list_end(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read() {
        let header = |text| parse(text, 80);
        let plain = header("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }   \n");
        let plain = plain.unwrap();
        assert_eq!((&plain.shape[..], plain.fortran, plain.len), (&[3, 4][..], false, 80));
        assert_eq!(plain.dtype(), Some((DType::F64, false)));
        let turned = header("{\"shape\": (5L,), 'fortran_order': True,'descr':'>i2'}").unwrap();
        assert_eq!((turned.dtype(), turned.fortran), (Some((DType::I16, true)), true));
        let pair =
            header("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': ()}").unwrap();
        assert_eq!((pair.dtype(), &pair.shape[..]), (None, &[][..]));
        for bad in
            ["", "{", "{'descr'", "{'descr': '<f8'}", "{'descr': [[], 'shape': ()}", "{'x': 1}"]
        {
            assert_eq!(header(bad), None, "{bad}");
        }
        let huge =
            header("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}");
        assert_eq!(huge, None);
    }

    #[test]
    fn headers_are_written_as_numpy_does() {
        let bytes = Header::bytes(DType::F64, &[3]);
        assert_eq!(bytes.len() % 64, 0);
        let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }";
        assert!(String::from_utf8_lossy(&bytes[10..]).starts_with(text));
        assert_eq!(bytes.last(), Some(&b'\n'));
    }
}

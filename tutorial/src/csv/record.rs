//! One record: splits it into its three fields and parses the numbers.

use std::borrow::Cow;

use super::error::Problem;
use super::{COLUMNS, Located};

/// The longest record accepted, in bytes. An accounts row has about 14; without a limit a file
/// that lacks line ends would be read into memory whole.
pub(super) const MAX_RECORD_BYTES: usize = 1 << 20;

/// The text of a field, without its quotes, and where it begins in the record.
#[derive(Debug)]
pub(super) struct Field<'a> {
    /// Byte of the record at which the field begins, its quote included.
    pub(super) at: usize,
    /// The text, unescaped.
    pub(super) text: Cow<'a, [u8]>,
}

/// The three fields of a record.
pub(super) type Fields<'a> = [Field<'a>; 3];

/// Splits a record, given without its line end, into exactly three fields.
pub(super) fn split(record: &[u8]) -> Located<Fields<'_>> {
    let (id, next) = field(record, 0)?;
    let at = next.ok_or((record.len(), Problem::MissingField { column: COLUMNS[1] }))?;
    let (names, next) = field(record, at)?;
    let at = next.ok_or((record.len(), Problem::MissingField { column: COLUMNS[2] }))?;
    let (amount, next) = field(record, at)?;
    match next {
        None => Ok([id, names, amount]),
        Some(at) => Err((at, Problem::ExtraField)),
    }
}

/// The field that begins at `at`, and where the next one begins if a comma follows.
fn field(record: &[u8], at: usize) -> Located<(Field<'_>, Option<usize>)> {
    let rest = &record[at..];
    if rest.first() == Some(&b'"') {
        return quoted(record, at);
    }
    let stop = rest.iter().position(|&byte| byte == b',' || byte == b'"');
    let (text, next) = match stop {
        None => (rest, None),
        Some(length) if rest[length] == b',' => (&rest[..length], Some(at + length + 1)),
        Some(length) => return Err((at + length, Problem::QuoteInField)),
    };
    Ok((Field { at, text: Cow::Borrowed(text) }, next))
}

/// The quoted field whose opening quote stands at `at`.
fn quoted(record: &[u8], at: usize) -> Located<(Field<'_>, Option<usize>)> {
    let mut text = Cow::Borrowed(&[][..]);
    let mut from = at + 1;
    loop {
        let Some(length) = record[from..].iter().position(|&byte| byte == b'"') else {
            return Err((at, Problem::QuoteNotClosed));
        };
        let close = from + length;
        match record.get(close + 1) {
            Some(b'"') => {
                // A doubled quote: keep one, and go on after both.
                text.to_mut().extend_from_slice(&record[from..=close]);
                from = close + 2;
                continue;
            }
            Some(b',') | None => {}
            Some(_) => return Err((close + 1, Problem::TextAfterQuote)),
        }
        let last = &record[from..close];
        if text.is_empty() {
            text = Cow::Borrowed(last);
        } else {
            text.to_mut().extend_from_slice(last);
        }
        let next = (close + 1 < record.len()).then_some(close + 2);
        return Ok((Field { at, text }, next));
    }
}

/// The field as an `id`: digits only, at most `u32::MAX`.
pub(super) fn parse_id(field: &Field<'_>) -> Located<u32> {
    let number = digits(&field.text);
    match number.map(u32::try_from) {
        Some(Ok(id)) => Ok(id),
        _ => Err(refuse(field, COLUMNS[0], "u32")),
    }
}

/// The field as an `amount`: digits after an optional minus sign, within `i64`.
pub(super) fn parse_amount(field: &Field<'_>) -> Located<i64> {
    let (negative, text) = match &*field.text {
        [b'-', rest @ ..] => (true, rest),
        text => (false, text),
    };
    let number = digits(text).and_then(|size| {
        if negative { 0_i64.checked_sub_unsigned(size) } else { i64::try_from(size).ok() }
    });
    number.ok_or_else(|| refuse(field, COLUMNS[2], "i64"))
}

/// The number that the digits of `text` spell; none for other bytes, no byte, or above `u64::MAX`.
fn digits(text: &[u8]) -> Option<u64> {
    // 19 digits fit without a check, and no valid field of this format is longer.
    const SURELY_FIT: usize = 19;
    let mut number: u64 = 0;
    for &byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = if text.len() <= SURELY_FIT {
            number * 10 + u64::from(digit)
        } else {
            number.checked_mul(10)?.checked_add(u64::from(digit))?
        };
    }
    (!text.is_empty()).then_some(number)
}

/// Why the field is not a number of the column: not one at all, or one that does not fit.
fn refuse(field: &Field<'_>, column: &'static str, dtype: &'static str) -> (usize, Problem) {
    let found = String::from_utf8_lossy(&field.text).into_owned();
    let unsigned = field.text.strip_prefix(b"-").unwrap_or(&field.text);
    let is_number = !unsigned.is_empty() && unsigned.iter().all(u8::is_ascii_digit);
    let problem = if is_number {
        Problem::OutOfRange { column, dtype, found }
    } else {
        Problem::NotANumber { column, found }
    };
    (field.at, problem)
}

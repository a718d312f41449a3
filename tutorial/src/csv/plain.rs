//! The quick way through the rows that nearly all rows are: no quotes, short numbers.
//!
//! It accepts a part of what [`record`](super::record) accepts, with the same meaning, and leaves
//! every other row, good or bad, to it. A test compares the two on the same input.

/// A row read in place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PlainRow<'a> {
    pub(super) id: u32,
    /// Without quotes, commas and line ends; not yet known to be UTF-8.
    pub(super) name: &'a [u8],
    pub(super) amount: i64,
    /// Length of the row with its line end.
    pub(super) bytes: usize,
}

/// Digits that fit `u32` whatever they are.
const ID_DIGITS: usize = 9;
/// Digits that fit `i64` whatever they are.
const AMOUNT_DIGITS: usize = 18;

/// The row that `text` begins with; none if it is not plain, or `text` ends before its line end.
pub(super) fn plain_row(text: &[u8]) -> Option<PlainRow<'_>> {
    let (id, at) = digits(text, 0, ID_DIGITS)?;
    if *text.get(at)? != b',' {
        return None;
    }
    let name_start = at + 1;
    let mut at = name_start;
    loop {
        match *text.get(at)? {
            b',' => break,
            b'"' | b'\n' => return None,
            _ => at += 1,
        }
    }
    let name = &text[name_start..at];
    let negative = *text.get(at + 1)? == b'-';
    let (size, mut at) = digits(text, at + 1 + usize::from(negative), AMOUNT_DIGITS)?;
    if *text.get(at)? == b'\r' {
        at += 1;
    }
    if *text.get(at)? != b'\n' {
        return None;
    }
    // Both numbers have too few digits to lose any in the cast.
    let amount = if negative { -(size as i64) } else { size as i64 };
    Some(PlainRow { id: id as u32, name, amount, bytes: at + 1 })
}

/// The number that begins at `start`, of 1 to `most` digits, and where it ends.
fn digits(text: &[u8], start: usize, most: usize) -> Option<(u64, usize)> {
    let mut number = 0;
    let mut at = start;
    loop {
        let digit = text.get(at)?.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        number = number * 10 + u64::from(digit);
        at += 1;
        if at - start > most {
            return None;
        }
    }
    (at > start).then_some((number, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_row_is_read_up_to_its_line_end() {
        let row = |id, name, amount, bytes| Some(PlainRow { id, name, amount, bytes });
        assert_eq!(plain_row(b"12,Al,-5\n7"), row(12, b"Al", -5, 9));
        assert_eq!(plain_row(b"999999999,,0\r\n"), row(999_999_999, b"", 0, 14));
        let most = b"0,\xff,-999999999999999999\n";
        assert_eq!(plain_row(most), row(0, b"\xff", -999_999_999_999_999_999, most.len()));
    }

    #[test]
    fn what_is_not_plain_or_not_whole_is_left() {
        for text in [
            "",
            "1",
            "1,",
            "1,Al",
            "1,Al,",
            "1,Al,-",
            "1,Al,5",
            "1,Al,5\r",
            "\n1,Al,5\n",
            ",Al,5\n",
            "1,\"Al\",5\n",
            "1,A\nl,5\n",
            "1,Al,5,6\n",
            "1,Al,5\r\r\n",
            "1234567890,Al,5\n",
            "1,Al,1234567890123456789\n",
        ] {
            assert_eq!(plain_row(text.as_bytes()), None, "{text:?}");
        }
    }
}

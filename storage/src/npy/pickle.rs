//! Just enough of Python's pickles for the file `info` of a stack.

use super::header::descr;
use crate::dtype::DType;

/// `{'chunks': ((2, 2), (5,)), 'dtype': numpy.dtype('<f8'), 'axis': 0}`, protocol 2.
pub(super) fn info(chunks: &[Vec<usize>], dtype: DType, axis: usize) -> Vec<u8> {
    let mut out = vec![0x80, 2, b'}', b'('];
    text(&mut out, "chunks");
    out.push(b'(');
    for along in chunks {
        out.push(b'(');
        along.iter().for_each(|&len| number(&mut out, len));
        out.push(b't');
    }
    out.push(b't');
    text(&mut out, "dtype");
    out.extend(b"cnumpy\ndtype\n");
    text(&mut out, &descr(dtype));
    out.extend([0x85, b'R']);
    text(&mut out, "axis");
    number(&mut out, axis);
    out.extend(b"u.");
    out
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.push(b'X');
    out.extend((text.len() as u32).to_le_bytes());
    out.extend(text.as_bytes());
}

/// A number of up to 63 bits.
fn number(out: &mut Vec<u8>, number: usize) {
    match u8::try_from(number) {
        Ok(number) => out.extend([b'K', number]),
        Err(_) => {
            // eight bytes, of which the last holds the sign
            out.extend([0x8a, 9]);
            out.extend((number as u64).to_le_bytes());
            out.push(0);
        }
    }
}

/// The axis in such a file, whoever wrote it: the small number behind the text `axis`.
pub(super) fn axis(info: &[u8]) -> Option<usize> {
    let at = info.windows(4).rposition(|bytes| bytes == b"axis")?;
    let mut rest = &info[at + 4..];
    loop {
        rest = match rest {
            // kept for later: numbered with a byte, with four, or by counting
            [b'q', _, rest @ ..] | [b'r', _, _, _, _, rest @ ..] | [0x94, rest @ ..] => rest,
            [b'K', axis, ..] => return Some(usize::from(*axis)),
            _ => return None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_is_found_again() {
        assert_eq!(axis(&info(&[vec![2, 300], vec![5]], DType::F64, 3)), Some(3));
        assert_eq!(axis(b"\x8c\x04axis\x94K\x01u."), Some(1));
        assert_eq!(axis(b"X\x04\x00\x00\x00axisq\x05K\x02u."), Some(2));
        assert_eq!((axis(b""), axis(b"axis"), axis(b"axis?")), (None, None, None));
    }
}

//! [`Element`]: the Rust types that arrays may hold.

use crate::dtype::DType;
use num_complex::Complex;
use std::fmt;

/// Bytes that are no element of the type: a `bool` that is neither 0 nor 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidBytes {
    /// The type that they should have been of.
    pub dtype: DType,
    /// The number of the element, from 0.
    pub element: usize,
}

impl fmt::Display for InvalidBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "element {} is no {}", self.element, self.dtype)
    }
}

impl std::error::Error for InvalidBytes {}

/// A type that arrays may hold: numbers, `bool`, complex numbers.
///
/// # Contract
/// `DTYPE.size()` bytes; [`Default`] is zero.
pub trait Element:
    Copy + Default + PartialEq + fmt::Debug + fmt::Display + Send + Sync + 'static
{
    /// The type as a value.
    const DTYPE: DType;

    /// The elements as the bytes that they are in memory.
    fn bytes_of(elements: &[Self]) -> &[u8];

    /// The elements as bytes that may be overwritten by any others; `None` for `bool`.
    fn bytes_of_mut(elements: &mut [Self]) -> Option<&mut [u8]>;

    /// Copies elements from bytes as they are in memory, which need not be aligned.
    ///
    /// # Errors
    /// [`InvalidBytes`] for bytes that are no element.
    ///
    /// # Panics
    /// If the lengths do not agree.
    fn copy_from_bytes(bytes: &[u8], elements: &mut [Self]) -> Result<(), InvalidBytes>;

    /// Turns the bytes of each number around: from the other endianness.
    fn swap_endianness(elements: &mut [Self]);
}

/// Reverses each `size` bytes.
fn swap_each(bytes: &mut [u8], size: usize) {
    bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
}

macro_rules! pod {
    ($($element:ty: $dtype:ident, $number:ty);+ $(;)?) => { $(
        impl Element for $element {
            const DTYPE: DType = DType::$dtype;

            fn bytes_of(elements: &[Self]) -> &[u8] {
                bytemuck::cast_slice(elements)
            }

            fn bytes_of_mut(elements: &mut [Self]) -> Option<&mut [u8]> {
                Some(bytemuck::cast_slice_mut(elements))
            }

            fn copy_from_bytes(bytes: &[u8], elements: &mut [Self]) -> Result<(), InvalidBytes> {
                bytemuck::cast_slice_mut::<Self, u8>(elements).copy_from_slice(bytes);
                Ok(())
            }

            fn swap_endianness(elements: &mut [Self]) {
                swap_each(bytemuck::cast_slice_mut(elements), size_of::<$number>());
            }
        }
    )+ };
}

pod! {
    i8: I8, i8;
    i16: I16, i16;
    i32: I32, i32;
    i64: I64, i64;
    u8: U8, u8;
    u16: U16, u16;
    u32: U32, u32;
    u64: U64, u64;
    f32: F32, f32;
    f64: F64, f64;
    Complex<f32>: C64, f32;
    Complex<f64>: C128, f64;
}

impl Element for bool {
    const DTYPE: DType = DType::Bool;

    fn bytes_of(elements: &[bool]) -> &[u8] {
        bytemuck::cast_slice(elements)
    }

    fn bytes_of_mut(_: &mut [bool]) -> Option<&mut [u8]> {
        None
    }

    fn copy_from_bytes(bytes: &[u8], elements: &mut [bool]) -> Result<(), InvalidBytes> {
        assert_eq!(bytes.len(), elements.len(), "a bool is a byte");
        if let Some(element) = bytes.iter().position(|byte| *byte > 1) {
            return Err(InvalidBytes { dtype: DType::Bool, element });
        }
        elements.iter_mut().zip(bytes).for_each(|(element, byte)| *element = *byte == 1);
        Ok(())
    }

    fn swap_endianness(_: &mut [bool]) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_types() {
        fn check<T: Element>() {
            assert_eq!(size_of::<T>(), T::DTYPE.size(), "{}", T::DTYPE);
            assert_eq!(T::bytes_of(&[T::default(); 3]), &vec![0; 3 * size_of::<T>()][..]);
        }
        check::<bool>();
        check::<i8>();
        check::<u64>();
        check::<f32>();
        check::<Complex<f32>>();
        check::<Complex<f64>>();
    }

    #[test]
    fn bytes_go_there_and_back() {
        let numbers = [1.5f64, -0.0, f64::INFINITY];
        let mut again = [0.0; 3];
        f64::copy_from_bytes(f64::bytes_of(&numbers), &mut again).unwrap();
        assert_eq!(numbers.map(f64::to_bits), again.map(f64::to_bits));
        let mut bools = [false; 3];
        bool::copy_from_bytes(&[1, 0, 1], &mut bools).unwrap();
        assert_eq!(bools, [true, false, true]);
        let error = bool::copy_from_bytes(&[1, 2, 1], &mut bools).unwrap_err();
        assert_eq!(error.to_string(), "element 1 is no bool");
    }

    #[test]
    fn the_other_endianness_is_turned_around_number_by_number() {
        let mut numbers = [0x0102u16, 0xff00];
        u16::swap_endianness(&mut numbers);
        assert_eq!(numbers, [0x0201, 0x00ff]);
        let mut complex = [Complex::new(1.0f32, 2.0)];
        <Complex<f32> as Element>::swap_endianness(&mut complex);
        let swapped = |x: f32| f32::from_bits(x.to_bits().swap_bytes());
        assert_eq!(complex[0].re.to_bits(), swapped(1.0).to_bits());
        assert_eq!(complex[0].im.to_bits(), swapped(2.0).to_bits());
    }
}

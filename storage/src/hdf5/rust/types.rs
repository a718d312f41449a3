//! Element types as the library describes them, and back.

use super::super::meta::Stored;
use crate::dtype::DType;
use rust_hdf5::format::messages::datatype::{CompoundMember, EnumMember, IeeeFormat};
use rust_hdf5::{ByteOrder, DatatypeMessage, H5Type};

/// What elements of a described type are.
pub(super) fn stored(datatype: &DatatypeMessage) -> Stored {
    match known(datatype) {
        Some((dtype, order)) => {
            let native = if cfg!(target_endian = "big") {
                ByteOrder::BigEndian
            } else {
                ByteOrder::LittleEndian
            };
            Stored::As { dtype, swapped: order != native && one_number(dtype) > 1 }
        }
        None => Stored::Other(datatype.to_string()),
    }
}

/// Bytes of one number in an element.
fn one_number(dtype: DType) -> usize {
    match dtype {
        DType::C64 | DType::C128 => dtype.size() / 2,
        other => other.size(),
    }
}

fn known(datatype: &DatatypeMessage) -> Option<(DType, ByteOrder)> {
    match datatype {
        DatatypeMessage::FixedPoint { size, byte_order, signed, bit_offset, bit_precision } => {
            if *bit_offset != 0 || u32::from(*bit_precision) != size * 8 {
                return None;
            }
            let dtype = match (size, signed) {
                (1, true) => DType::I8,
                (2, true) => DType::I16,
                (4, true) => DType::I32,
                (8, true) => DType::I64,
                (1, false) => DType::U8,
                (2, false) => DType::U16,
                (4, false) => DType::U32,
                (8, false) => DType::U64,
                _ => return None,
            };
            Some((dtype, *byte_order))
        }
        DatatypeMessage::FloatingPoint { byte_order, .. } => match datatype.ieee_format()? {
            IeeeFormat::Binary32 => Some((DType::F32, *byte_order)),
            IeeeFormat::Binary64 => Some((DType::F64, *byte_order)),
            _ => None,
        },
        DatatypeMessage::Enum { base, members } => {
            let (dtype, order) = known(base)?;
            let is_bool = dtype.size() == 1
                && members.len() == 2
                && members.iter().all(|member| match &member.value[..] {
                    [0] => member.name.eq_ignore_ascii_case("false"),
                    [1] => member.name.eq_ignore_ascii_case("true"),
                    _ => false,
                });
            Some((if is_bool { DType::Bool } else { dtype }, order))
        }
        DatatypeMessage::Compound { size, members } => {
            let [real, imaginary] = &members[..] else { return None };
            let (part, order) = known(&real.datatype)?;
            let named = matches!(
                (&real.name[..], &imaginary.name[..]),
                ("r", "i") | ("re", "im") | ("real", "imag")
            );
            let packed = real.offset == 0
                && imaginary.offset as usize == part.size()
                && *size as usize == 2 * part.size();
            match part {
                _ if !named || !packed || known(&imaginary.datatype) != Some((part, order)) => None,
                DType::F32 => Some((DType::C64, order)),
                DType::F64 => Some((DType::C128, order)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// How the elements of a type are described, as h5py does.
pub(super) fn describe(dtype: DType) -> DatatypeMessage {
    let complex = |part: DatatypeMessage| {
        let size = part.element_size();
        let member = |name: &str, offset| CompoundMember {
            name: name.to_owned(),
            offset,
            datatype: part.clone(),
        };
        DatatypeMessage::compound(2 * size, vec![member("r", 0), member("i", size)])
    };
    match dtype {
        DType::Bool => {
            let member =
                |name: &str, value| EnumMember { name: name.to_owned(), value: vec![value] };
            let members = vec![member("FALSE", 0), member("TRUE", 1)];
            DatatypeMessage::enumeration(DatatypeMessage::i8_type(), members)
        }
        DType::I8 => DatatypeMessage::i8_type(),
        DType::I16 => DatatypeMessage::i16_type(),
        DType::I32 => DatatypeMessage::i32_type(),
        DType::I64 => DatatypeMessage::i64_type(),
        DType::U8 => DatatypeMessage::u8_type(),
        DType::U16 => DatatypeMessage::u16_type(),
        DType::U32 => DatatypeMessage::u32_type(),
        DType::U64 => DatatypeMessage::u64_type(),
        DType::F32 => DatatypeMessage::f32_type(),
        DType::F64 => DatatypeMessage::f64_type(),
        DType::C64 => complex(DatatypeMessage::f32_type()),
        DType::C128 => complex(DatatypeMessage::f64_type()),
    }
}

/// An element of so many bytes, for calls of the library that want a type.
#[derive(Clone, Copy)]
pub(super) struct Raw<const SIZE: usize>(pub(super) [u8; SIZE]);

impl<const SIZE: usize> H5Type for Raw<SIZE> {
    fn hdf5_type() -> DatatypeMessage {
        // never written to a file: datasets are made with a type of their own
        DatatypeMessage::Opaque { size: SIZE as u32, tag: String::new() }
    }

    fn element_size() -> usize {
        SIZE
    }
}

/// Calls a function that is generic over [`Raw`] with the size of an element.
macro_rules! with_size {
    ($size:expr, $function:ident($($argument:expr),* $(,)?)) => {
        match $size {
            1 => $function::<1>($($argument),*),
            2 => $function::<2>($($argument),*),
            4 => $function::<4>($($argument),*),
            8 => $function::<8>($($argument),*),
            _ => $function::<16>($($argument),*),
        }
    };
}
pub(super) use with_size;

/// Bytes as elements; the surplus at the end is left out.
pub(super) fn elements<const SIZE: usize>(bytes: &[u8]) -> Vec<Raw<SIZE>> {
    bytes.as_chunks::<SIZE>().0.iter().map(|element| Raw(*element)).collect()
}

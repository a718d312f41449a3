//! Element types as the C library describes them.

use super::super::meta::Stored;
use crate::dtype::DType;
use hdf5_metno::datatype::{ByteOrder, Datatype};
use hdf5_metno::types::{FloatSize, IntSize, TypeDescriptor};

/// What elements of a described type are.
pub(super) fn stored(datatype: &Datatype) -> Stored {
    let descriptor = match datatype.to_descriptor() {
        Ok(descriptor) => descriptor,
        Err(error) => return Stored::Other(error.to_string()),
    };
    match known(&descriptor) {
        Some(dtype) => {
            let other = match cfg!(target_endian = "big") {
                true => ByteOrder::LittleEndian,
                false => ByteOrder::BigEndian,
            };
            Stored::As { dtype, swapped: datatype.byte_order() == other && dtype.size() > 1 }
        }
        None => Stored::Other(descriptor.to_string()),
    }
}

fn known(descriptor: &TypeDescriptor) -> Option<DType> {
    let signed = |size: &IntSize| match size {
        IntSize::U1 => DType::I8,
        IntSize::U2 => DType::I16,
        IntSize::U4 => DType::I32,
        IntSize::U8 => DType::I64,
    };
    let unsigned = |size: &IntSize| match size {
        IntSize::U1 => DType::U8,
        IntSize::U2 => DType::U16,
        IntSize::U4 => DType::U32,
        IntSize::U8 => DType::U64,
    };
    Some(match descriptor {
        TypeDescriptor::Boolean => DType::Bool,
        TypeDescriptor::Integer(size) => signed(size),
        TypeDescriptor::Unsigned(size) => unsigned(size),
        TypeDescriptor::Float(FloatSize::U4) => DType::F32,
        TypeDescriptor::Float(FloatSize::U8) => DType::F64,
        TypeDescriptor::Enum(of) if of.signed => signed(&of.size),
        TypeDescriptor::Enum(of) => unsigned(&of.size),
        TypeDescriptor::Compound(compound) => {
            let [real, imaginary] = &compound.fields[..] else { return None };
            let part = known(&real.ty)?;
            let named = matches!(
                (&real.name[..], &imaginary.name[..]),
                ("r", "i") | ("re", "im") | ("real", "imag")
            );
            let packed = real.offset == 0
                && imaginary.offset == part.size()
                && compound.size == 2 * part.size();
            match part {
                _ if !named || !packed || known(&imaginary.ty) != Some(part) => return None,
                DType::F32 => DType::C64,
                DType::F64 => DType::C128,
                _ => return None,
            }
        }
        _ => return None,
    })
}

/// Calls a function that is generic over the element type.
macro_rules! with_type {
    ($dtype:expr, $function:ident($($argument:expr),* $(,)?)) => {
        match $dtype {
            DType::Bool => $function::<bool>($($argument),*),
            DType::I8 => $function::<i8>($($argument),*),
            DType::I16 => $function::<i16>($($argument),*),
            DType::I32 => $function::<i32>($($argument),*),
            DType::I64 => $function::<i64>($($argument),*),
            DType::U8 => $function::<u8>($($argument),*),
            DType::U16 => $function::<u16>($($argument),*),
            DType::U32 => $function::<u32>($($argument),*),
            DType::U64 => $function::<u64>($($argument),*),
            DType::F32 => $function::<f32>($($argument),*),
            DType::F64 => $function::<f64>($($argument),*),
            DType::C64 => $function::<num_complex::Complex<f32>>($($argument),*),
            DType::C128 => $function::<num_complex::Complex<f64>>($($argument),*),
        }
    };
}
pub(super) use with_type;

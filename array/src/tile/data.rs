//! [`TileRef`] and [`TileBuf`]: some elements in a row, of any element type.

use crate::element::{Element, for_each_dtype};
use chunkwise_graph::BoxError;
use chunkwise_storage::DType;

macro_rules! tiles {
    ($($variant:ident $element:ty),+) => {
        /// Elements in a row.
        #[doc(hidden)]
        #[derive(Clone, Copy, Debug)]
        pub enum TileRef<'a> {
            $(#[allow(missing_docs, reason = "named after its type")] $variant(&'a [$element]),)+
        }

        /// Room for elements in a row.
        #[doc(hidden)]
        #[derive(Clone, Debug)]
        pub enum TileBuf {
            $(#[allow(missing_docs, reason = "named after its type")] $variant(Vec<$element>),)+
        }

        impl TileBuf {
            /// Room for `len` elements of a type.
            pub(crate) fn new(dtype: DType, len: usize) -> TileBuf {
                match dtype {
                    $(DType::$variant => TileBuf::$variant(vec![<$element>::default(); len]),)+
                    // The enum may grow; what it grows by is added here in the same change.
                    _ => TileBuf::Bool(Vec::new()),
                }
            }

            /// The first `len` elements.
            #[inline]
            pub(crate) fn first(&self, len: usize) -> TileRef<'_> {
                match self {
                    $(TileBuf::$variant(elements) => TileRef::$variant(&elements[..len]),)+
                }
            }
        }

        impl TileRef<'_> {
            fn dtype(&self) -> DType {
                match self {
                    $(TileRef::$variant(_) => DType::$variant,)+
                }
            }
        }
    };
}
for_each_dtype!(tiles);

impl<'a> TileRef<'a> {
    /// The elements, which must be of this type.
    ///
    /// # Errors
    /// If they are of another one.
    #[inline]
    pub(crate) fn get<T: Element>(self) -> Result<&'a [T], BoxError> {
        T::of_tile(self).ok_or_else(|| wrong(T::DTYPE, self.dtype()))
    }
}

impl TileBuf {
    /// The elements, which must be of this type.
    ///
    /// # Errors
    /// If they are of another one.
    #[inline]
    pub(crate) fn get<T: Element>(&mut self) -> Result<&mut Vec<T>, BoxError> {
        let found = self.first(0).dtype();
        T::of_buffer(self).ok_or_else(|| wrong(T::DTYPE, found))
    }
}

#[cold]
fn wrong(expected: DType, found: DType) -> BoxError {
    format!("a tile of {found} where one of {expected} belongs").into()
}

//! [`Target`]: something that an array is written to.

use chunkwise_storage::WriteRegion;
use std::sync::Arc;

/// Something that an array is written to, shared between tasks.
pub(super) type Target<T> = Arc<dyn WriteRegion<T>>;

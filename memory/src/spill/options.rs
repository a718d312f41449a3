//! [`SpillOptions`]: where spilled bytes go, how many, and whether they are compressed.

use std::path::PathBuf;

/// Where a [`Spill`](crate::Spill) writes, how much, and in which form.
///
/// ```
/// use chunkwise_memory::{Compression, SpillOptions};
/// let options = SpillOptions::default().quota(1 << 30).compression(Compression::Never);
/// assert_eq!(options.quota, Some(1 << 30));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpillOptions {
    /// The folder of the files; `None` is [`std::env::temp_dir`] at the first write.
    pub folder: Option<PathBuf>,
    /// The most bytes on disk at a time; `None` is what the disk has.
    pub quota: Option<u64>,
    /// Whether bytes are compressed.
    pub compression: Compression,
}

/// Whether spilled bytes are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// Where it is quicker than the disk, by what was measured so far; see
    /// [`Spill::write`](crate::Spill::write).
    #[default]
    Auto,
    /// Never.
    Never,
    /// Each block that shrinks by at least 10 %.
    Always,
}

impl SpillOptions {
    /// The same, with files in `folder`.
    #[must_use]
    pub fn folder(self, folder: impl Into<PathBuf>) -> SpillOptions {
        SpillOptions { folder: Some(folder.into()), ..self }
    }

    /// The same, with at most `bytes` on disk at a time.
    #[must_use]
    pub fn quota(self, bytes: u64) -> SpillOptions {
        SpillOptions { quota: Some(bytes), ..self }
    }

    /// The same, compressed or not.
    #[must_use]
    pub fn compression(self, compression: Compression) -> SpillOptions {
        SpillOptions { compression, ..self }
    }
}

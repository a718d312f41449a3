//! [`SpillError`]: what can go wrong with bytes on disk and with what is made of them.

use crate::budget::OutOfBudget;
use chunkwise_graph::format_bytes;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// What can go wrong with spilled bytes, blobs and exchanges. Cheap to clone, so that a failure
/// that nobody asked for can be kept and told later.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SpillError {
    /// More bytes than the quota allows.
    Quota {
        /// The folder of the files.
        folder: PathBuf,
        /// Bytes that were to be written.
        bytes: u64,
        /// Bytes on disk at the time.
        used: u64,
        /// The most bytes on disk.
        quota: u64,
    },
    /// The disk, or the user's share of it, is full.
    DiskFull {
        /// The folder of the files.
        folder: PathBuf,
        /// Bytes that were to be written.
        bytes: u64,
        /// Bytes that this spill has on disk.
        used: u64,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// No file could be made.
    Create {
        /// The folder of the files.
        folder: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// Bytes could not be written.
    Write {
        /// The folder of the files.
        folder: PathBuf,
        /// Bytes that were to be written.
        bytes: u64,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// Bytes could not be read back; a file that has become shorter is one cause.
    Read {
        /// The folder of the files.
        folder: PathBuf,
        /// Bytes that were to be read.
        bytes: u64,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// What was read back is not what was written.
    Corrupt {
        /// The folder of the files.
        folder: PathBuf,
        /// Where the damaged block starts, in bytes of what was written.
        offset: u64,
        /// Bytes of the block.
        bytes: u64,
    },
    /// Bytes were asked for beyond the end.
    OutOfRange {
        /// The first byte.
        offset: u64,
        /// How many.
        bytes: u64,
        /// How many there are.
        len: u64,
    },
    /// A value's type has no codec.
    NoCodec {
        /// The type.
        type_name: &'static str,
    },
    /// A codec failed, to write a value or to read it back.
    Codec {
        /// The type.
        type_name: &'static str,
        /// What the codec said.
        source: Arc<dyn StdError + Send + Sync>,
    },
    /// Buffers that the work needs are not to be had.
    OutOfBudget {
        /// Of which budget, and what for.
        source: OutOfBudget,
    },
    /// A partition that does not exist.
    NoPartition {
        /// Which was asked for.
        partition: u32,
        /// How many there are.
        n_partitions: u32,
    },
    /// Pieces for more or fewer partitions than there are.
    Partitions {
        /// How many there should be.
        expected: u32,
        /// How many there are.
        found: u64,
    },
    /// Bytes that are no whole number of records.
    PartialRecord {
        /// How many bytes.
        bytes: u64,
        /// Bytes of a record.
        width: u64,
    },
}

impl fmt::Display for SpillError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpillError::Quota { folder, bytes, used, quota } => {
                let [bytes, used, quota] = [*bytes, *used, *quota].map(format_bytes);
                let folder = folder.display();
                write!(
                    f,
                    "{bytes} more do not fit on disk in {folder}, where {used} of the quota of {quota} are used: raise the quota, or the memory limit"
                )
            }
            SpillError::DiskFull { folder, bytes, used, .. } => {
                let ([bytes, used], folder) = ([*bytes, *used].map(format_bytes), folder.display());
                write!(
                    f,
                    "the disk of {folder} has no room for {bytes} more, {used} of it are spilled bytes: free some, or spill to another folder"
                )
            }
            SpillError::Create { folder, .. } => {
                write!(f, "no file for spilled bytes can be made in {}", folder.display())
            }
            SpillError::Write { folder, bytes, .. } => {
                write!(f, "writing {} to {} failed", format_bytes(*bytes), folder.display())
            }
            SpillError::Read { folder, bytes, .. } => {
                write!(f, "reading {} back from {} failed", format_bytes(*bytes), folder.display())
            }
            SpillError::Corrupt { folder, offset, bytes } => {
                let (bytes, folder) = (format_bytes(*bytes), folder.display());
                write!(
                    f,
                    "the {bytes} from byte {offset} on, spilled to {folder}, are not what was written: the disk or its driver is at fault"
                )
            }
            other => other.fmt_misuse(f),
        }
    }
}

impl SpillError {
    /// Those that no disk has a part in.
    fn fmt_misuse(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpillError::OutOfRange { offset, bytes, len } => {
                write!(f, "{bytes} bytes from byte {offset} on are beyond the end at {len}")
            }
            SpillError::NoCodec { type_name } => {
                write!(f, "values of {type_name} cannot be written to disk: the type has no codec")
            }
            SpillError::Codec { type_name, .. } => write!(f, "the codec of {type_name} failed"),
            SpillError::OutOfBudget { .. } => f.write_str("there is no memory for buffers"),
            SpillError::NoPartition { partition, n_partitions } => {
                write!(f, "there is no partition {partition}, there are {n_partitions}")
            }
            SpillError::Partitions { expected, found } => {
                write!(f, "pieces for {found} partitions, of which there are {expected}")
            }
            SpillError::PartialRecord { bytes, width } => {
                write!(f, "{bytes} bytes are no whole number of records of {width} bytes")
            }
            _ => f.write_str("spilling failed"),
        }
    }
}

impl StdError for SpillError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            SpillError::DiskFull { source, .. }
            | SpillError::Create { source, .. }
            | SpillError::Write { source, .. }
            | SpillError::Read { source, .. } => Some(&**source),
            SpillError::Codec { source, .. } => Some(&**source),
            SpillError::OutOfBudget { source } => Some(source),
            _ => None,
        }
    }
}

impl From<OutOfBudget> for SpillError {
    fn from(source: OutOfBudget) -> SpillError {
        SpillError::OutOfBudget { source }
    }
}

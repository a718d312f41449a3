//! Segments: files without a name that grow at their end, and [`Room`], which is a range of one.

use super::error::SpillError;
use super::options::SpillOptions;
use super::position;
use super::statistics::SpillStatistics;
use crate::sync::{Mutex, lock};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Weak};

/// Bytes of a segment while little is on disk.
pub(super) const SEGMENT_BYTES: u64 = 64 << 20;
/// A segment is this part of all bytes on disk when these are many: a terabyte takes some hundred
/// files, and not more than a process may have open.
const PART_OF_ALL: u64 = 64;
/// From so many bytes on, a range starts at a page, and is given back as soon as it is not needed.
const WORTH_A_HOLE: u64 = 64 << 10;
const PAGE: u64 = 4096;

/// A file that has no name: it is gone when the last who knows it is.
pub(super) struct Segment {
    file: File,
    /// Who is writing to it: file systems let one write at a time.
    writers: AtomicUsize,
}

/// A segment that has room at its end. Nobody who holds a range of it any more: it is gone.
struct Open {
    segment: Weak<Segment>,
    end: u64,
    capacity: u64,
}

/// What the clones of a spill share.
pub(super) struct Shared {
    pub(super) options: SpillOptions,
    open: Mutex<Vec<Open>>,
    statistics: Mutex<SpillStatistics>,
}

impl Shared {
    pub(super) fn new(options: SpillOptions) -> Shared {
        Shared { options, open: Mutex::default(), statistics: Mutex::default() }
    }

    pub(super) fn statistics(&self) -> SpillStatistics {
        *lock(&self.statistics)
    }

    pub(super) fn update<R>(&self, change: impl FnOnce(&mut SpillStatistics) -> R) -> R {
        change(&mut lock(&self.statistics))
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.options.folder.clone().unwrap_or_else(std::env::temp_dir)
    }

    /// Room for `bytes`, counted as if they were on disk already.
    pub(super) fn reserve(self: &Arc<Shared>, bytes: u64) -> Result<Room, SpillError> {
        let on_disk = self.count(bytes)?;
        let place = self.place(bytes, (on_disk / PART_OF_ALL).max(SEGMENT_BYTES));
        let (segment, offset) = place.inspect_err(|_| self.discount(bytes))?;
        segment.writers.fetch_add(1, Relaxed);
        Ok(Room { shared: self.clone(), segment, offset, bytes })
    }

    /// Counts bytes if the quota allows them; says how many there are now.
    fn count(&self, bytes: u64) -> Result<u64, SpillError> {
        let quota = self.options.quota.unwrap_or(u64::MAX);
        self.update(|statistics| {
            let used = statistics.on_disk;
            let more = used.checked_add(bytes).filter(|&more| more <= quota);
            let quota_error = || SpillError::Quota { folder: self.folder(), bytes, used, quota };
            statistics.on_disk = more.ok_or_else(quota_error)?;
            statistics.peak_on_disk = statistics.peak_on_disk.max(statistics.on_disk);
            Ok(statistics.on_disk)
        })
    }

    fn discount(&self, bytes: u64) {
        self.update(|statistics| statistics.on_disk -= bytes);
    }

    /// The end of a segment that nobody writes to at the moment, else of a new one.
    fn place(&self, bytes: u64, capacity: u64) -> Result<(Arc<Segment>, u64), SpillError> {
        let mut open = lock(&self.open);
        open.retain(|open| open.segment.strong_count() > 0 && open.end < open.capacity);
        for Open { segment, end, capacity } in open.iter_mut() {
            let start = if bytes >= WORTH_A_HOLE { end.next_multiple_of(PAGE) } else { *end };
            let fits = start.checked_add(bytes).filter(|end| end <= capacity);
            let idle = segment.upgrade().filter(|segment| segment.writers.load(Relaxed) == 0);
            if let (Some(new_end), Some(segment)) = (fits, idle) {
                *end = new_end;
                return Ok((segment, start));
            }
        }
        let segment = Arc::new(self.new_segment()?);
        let capacity = capacity.max(bytes);
        open.push(Open { segment: Arc::downgrade(&segment), end: bytes, capacity });
        Ok((segment, 0))
    }

    fn new_segment(&self) -> Result<Segment, SpillError> {
        let folder = self.folder();
        match tempfile::tempfile_in(&folder) {
            Ok(file) => Ok(Segment { file, writers: AtomicUsize::new(0) }),
            Err(source) => Err(SpillError::Create { folder, source: Arc::new(source) }),
        }
    }
}

/// A range of a segment. It is counted, and its room on disk is given back when it is dropped.
pub(super) struct Room {
    pub(super) shared: Arc<Shared>,
    segment: Arc<Segment>,
    offset: u64,
    bytes: u64,
}

impl Room {
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn write(&self, bytes: &[u8], at: u64) -> Result<(), SpillError> {
        let written = position::write_all_at(&self.segment.file, bytes, self.offset + at);
        written.map_err(|source| self.write_error(source))
    }

    /// Writes parts to its start.
    pub(super) fn write_parts(&self, parts: &[&[u8]]) -> Result<(), SpillError> {
        let written = position::write_parts_at(&self.segment.file, parts, self.offset);
        written.map_err(|source| self.write_error(source))
    }

    pub(super) fn read(&self, into: &mut [u8], at: u64) -> Result<(), SpillError> {
        let read = position::read_exact_at(&self.segment.file, into, self.offset + at);
        read.map_err(|source| {
            let (folder, bytes) = (self.shared.folder(), into.len() as u64);
            SpillError::Read { folder, bytes, source: Arc::new(source) }
        })
    }

    pub(super) fn write_error(&self, source: io::Error) -> SpillError {
        let (folder, bytes) = (self.shared.folder(), self.bytes);
        let full = matches!(
            source.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
        );
        let source = Arc::new(source);
        if full {
            let used = self.shared.statistics().on_disk.saturating_sub(bytes);
            SpillError::DiskFull { folder, bytes, used, source }
        } else {
            SpillError::Write { folder, bytes, source }
        }
    }

    #[cfg(test)]
    #[cfg_attr(shuttle, allow(dead_code, reason = "its callers are not there under shuttle"))]
    pub(super) fn file(&self) -> &File {
        &self.segment.file
    }

    /// Ends writing; what was not needed is no longer counted. It was never written, so that it
    /// takes no room.
    pub(super) fn finish(&mut self, bytes: u64) {
        self.shared.discount(self.bytes - bytes);
        self.bytes = bytes;
        self.segment.writers.fetch_sub(1, Relaxed);
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.shared.discount(self.bytes);
        // Of the last range of a segment the whole file goes.
        if self.bytes >= WORTH_A_HOLE && Arc::strong_count(&self.segment) > 1 {
            position::punch_hole(&self.segment.file, self.offset, self.bytes);
        }
    }
}

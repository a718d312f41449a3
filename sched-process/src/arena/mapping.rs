//! [`Mapping`]: one region of the shared file, mapped.

use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};
use std::io;
use std::os::fd::BorrowedFd;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64};

/// One region of the shared file.
///
/// Other processes write to it while it is mapped here, so that no reference to its bytes is given
/// out but under the rules of [`Mapping::bytes`].
pub(crate) struct Mapping {
    start: NonNull<u8>,
    len: usize,
}

// SAFETY: the mapping is plain memory that belongs to no thread; how it may be used from several at
// once is said at each method.
unsafe impl Send for Mapping {}
// SAFETY: as above.
unsafe impl Sync for Mapping {}

impl Mapping {
    pub(crate) fn new(file: BorrowedFd<'_>, offset: u64, len: usize) -> io::Result<Mapping> {
        let flags = MapFlags::SHARED | MapFlags::NORESERVE;
        let protection = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: a new mapping at an address that the system chooses overlaps nothing.
        let start = unsafe { mmap(std::ptr::null_mut(), len, protection, flags, file, offset)? };
        let start = NonNull::new(start.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Mapping { start, len })
    }

    fn check(&self, offset: u64, len: u64) -> io::Result<usize> {
        let end = offset.checked_add(len).filter(|&end| end <= self.len as u64);
        end.map(|_| offset as usize).ok_or_else(|| io::Error::other("outside the shared region"))
    }

    /// Bytes that were published.
    ///
    /// # Errors
    /// If they are outside the region.
    ///
    /// # Safety
    /// Nobody writes to them while the reference lives: their owner has counted them as written (see
    /// [`Mapping::progress`]), and will not use the place again before it is told to release it.
    pub(crate) unsafe fn bytes(&self, offset: u64, len: u64) -> io::Result<&[u8]> {
        let at = self.check(offset, len)?;
        // SAFETY: within the mapping, and not written to meanwhile (the caller's promise).
        Ok(unsafe { std::slice::from_raw_parts(self.start.as_ptr().add(at), len as usize) })
    }

    /// Copies bytes to a place.
    ///
    /// # Errors
    /// If it is outside the region.
    ///
    /// # Safety
    /// The place is the caller's: its free list gave it out, and nobody was told of it yet.
    pub(crate) unsafe fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let at = self.check(offset, bytes.len() as u64)?;
        // SAFETY: within the mapping, nobody else looks at it (the caller's promise), and `bytes`
        // cannot overlap it as nothing in this process borrows what is not published.
        unsafe {
            let to = self.start.as_ptr().add(at);
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len());
        }
        Ok(())
    }

    /// How many bytes of something are there, at a place of 64 bytes that holds nothing else.
    ///
    /// # Errors
    /// If it is outside the region or out of line.
    pub(crate) fn progress(&self, offset: u64) -> io::Result<&AtomicU64> {
        let at = self.check(offset, size_of::<AtomicU64>() as u64)?;
        if !at.is_multiple_of(align_of::<AtomicU64>()) {
            return Err(io::Error::other("out of line"));
        }
        // SAFETY: aligned and within the mapping, and used through atomics only: the free list gives
        // such places out for this purpose.
        Ok(unsafe { &*self.start.as_ptr().add(at).cast::<AtomicU64>() })
    }

    /// What a thread of the region's owner is running: the task's number plus one, or 0. The first
    /// page of a region is for this and [`Mapping::running_since`].
    pub(crate) fn running(&self, thread: usize) -> Option<&AtomicU32> {
        if thread >= Mapping::N_THREADS {
            return None;
        }
        // SAFETY: aligned and within the first page, which is mapped, and which every process uses
        // through atomics only.
        Some(unsafe { &*self.start.as_ptr().cast::<AtomicU32>().add(thread) })
    }

    /// When the thread started with it, in nanoseconds of the machine's monotonic clock.
    pub(crate) fn running_since(&self, thread: usize) -> Option<&AtomicU64> {
        if thread >= Mapping::N_THREADS {
            return None;
        }
        let at = Mapping::N_THREADS * size_of::<AtomicU32>();
        // SAFETY: as above; `at` is a multiple of eight.
        Some(unsafe { &*self.start.as_ptr().add(at).cast::<AtomicU64>().add(thread) })
    }

    /// For how many threads of its owner a region has room.
    pub(crate) const N_THREADS: usize = 340;

    /// Bytes at the start of a region that are for its threads.
    pub(crate) const THREADS_LEN: u64 = 4096;
}

const _: () = {
    let each = size_of::<AtomicU32>() + size_of::<AtomicU64>();
    assert!(Mapping::N_THREADS * each <= Mapping::THREADS_LEN as usize);
    assert!((Mapping::N_THREADS * size_of::<AtomicU32>()).is_multiple_of(align_of::<AtomicU64>()));
};

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: mapped by `new` with this length, and nothing borrows from it any more.
        // It can fail only if it were not mapped.
        let _ = unsafe { munmap(self.start.as_ptr().cast(), self.len) };
    }
}

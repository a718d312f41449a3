//! Memory that the processes share: one anonymous file, of which each process writes one region and
//! all may read the others'.
//!
//! The file has no name, so that nothing is left of it when its processes have ended, however they
//! did. Its pages stay once they were touched and are used again: fresh ones cost more than copying
//! (see README.md). A region outlives the process that wrote it.

mod free_list;
mod mapping;

pub(crate) use free_list::FreeList;
pub(crate) use mapping::Mapping;

use rustix::fs::{FallocateFlags, MemfdFlags, fallocate, ftruncate, memfd_create};
use std::collections::HashMap;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};

/// Where some bytes are: in which region, and at which place there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Span {
    pub(crate) region: u32,
    pub(crate) offset: u64,
    pub(crate) len: u64,
}

/// The shared file, and what of it this process has mapped.
pub(crate) struct Arena {
    file: OwnedFd,
    region_len: u64,
    mapped: Mutex<HashMap<u32, Arc<Mapping>>>,
}

impl Arena {
    /// A new file, whose regions are as long as the machine has memory: address space, not memory.
    pub(crate) fn new() -> io::Result<Arena> {
        let file = memfd_create("chunkwise-arena", MemfdFlags::CLOEXEC)?;
        let region_len = machine_memory().next_power_of_two().max(1 << 30);
        Ok(Arena::open(file, region_len))
    }

    /// A file that another process made.
    pub(crate) fn open(file: OwnedFd, region_len: u64) -> Arena {
        Arena { file, region_len, mapped: Mutex::default() }
    }

    pub(crate) fn file(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    pub(crate) fn region_len(&self) -> u64 {
        self.region_len
    }

    /// Makes the file long enough for a region. Only the process that made the file calls it.
    pub(crate) fn grow_to(&self, region: u32) -> io::Result<()> {
        Ok(ftruncate(&self.file, (u64::from(region) + 1) * self.region_len)?)
    }

    /// The region, mapped.
    pub(crate) fn region(&self, region: u32) -> io::Result<Arc<Mapping>> {
        let mut mapped = self.mapped.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mapping) = mapped.get(&region) {
            return Ok(mapping.clone());
        }
        let offset = u64::from(region) * self.region_len;
        let mapping = Arc::new(Mapping::new(self.file(), offset, self.region_len as usize)?);
        mapped.insert(region, mapping.clone());
        Ok(mapping)
    }

    /// Lets a region go that nobody will ask for again.
    pub(crate) fn forget(&self, region: u32) {
        self.mapped.lock().unwrap_or_else(PoisonError::into_inner).remove(&region);
    }

    /// Gives the memory of some bytes back to the system. They read as zeros afterwards.
    pub(crate) fn give_back(&self, span: Span) -> io::Result<()> {
        if span.len == 0 {
            return Ok(());
        }
        let flags = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        let offset = u64::from(span.region) * self.region_len + span.offset;
        Ok(fallocate(&self.file, flags, offset, span.len)?)
    }

    /// Gives the memory of a whole region back.
    pub(crate) fn give_region_back(&self, region: u32) -> io::Result<()> {
        self.give_back(Span { region, offset: 0, len: self.region_len })
    }
}

/// Bytes of memory that the machine has; 16 GiB where it does not tell.
fn machine_memory() -> u64 {
    let told = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = told.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kib = total.and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kib.map_or(1 << 34, |kib| kib << 10)
}

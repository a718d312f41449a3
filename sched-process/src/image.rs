//! References to statics of this executable that mean the same in every process of it.
//!
//! A static's address relative to where the executable was loaded is the same in each process that
//! runs the same image. What arrives is checked before it is believed: it must lie within the
//! image, be aligned, start with the mark of its type, and bear the name whose hash came along.

use chunkwise_graph::{ErrorInfo, ShipFn, TypeInfo};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::OnceLock;

/// A static of the executable, in a form that can be sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct StaticRef {
    offset: u64,
    /// Hash of its name.
    check: u32,
}

/// Statics that can be referred to.
///
/// # Safety
/// The type is `#[repr(C)]` and its first field is a `u64` that is always `MARK`; every bit pattern
/// that starts with the mark and lies in the image is one of them, as nothing else is marked so.
pub(crate) unsafe trait Marked: Sized + 'static {
    const MARK: u64;

    fn name(&self) -> &'static str;
}

// SAFETY: `ShipFn` is `#[repr(C)]`, and its first field is its mark.
unsafe impl Marked for ShipFn {
    const MARK: u64 = ShipFn::MARK;

    fn name(&self) -> &'static str {
        ShipFn::name(self)
    }
}

// SAFETY: `TypeInfo` is `#[repr(C)]`, and its first field is its mark.
unsafe impl Marked for TypeInfo {
    const MARK: u64 = TypeInfo::MARK;

    fn name(&self) -> &'static str {
        TypeInfo::name(self)
    }
}

// SAFETY: `ErrorInfo` is `#[repr(C)]`, and its first field is its mark.
unsafe impl Marked for ErrorInfo {
    const MARK: u64 = ErrorInfo::MARK;

    fn name(&self) -> &'static str {
        ErrorInfo::name(self)
    }
}

/// Why a static cannot be referred to: its code is in a shared library.
#[derive(Debug)]
pub(crate) struct NotInExecutable;

impl StaticRef {
    pub(crate) fn to<T: Marked>(target: &'static T) -> Result<StaticRef, NotInExecutable> {
        let address = std::ptr::from_ref(target).expose_provenance();
        let image = image();
        if !image.holds(address, size_of::<T>()) {
            return Err(NotInExecutable);
        }
        let offset = address.wrapping_sub(image.base) as u64;
        Ok(StaticRef { offset, check: hash(target.name()) })
    }

    /// What the reference refers to; `None` if that is nothing of the kind.
    pub(crate) fn find<T: Marked>(self) -> Option<&'static T> {
        let image = image();
        let address = image.base.wrapping_add(self.offset as usize);
        if !address.is_multiple_of(align_of::<T>()) || !image.holds(address, size_of::<T>()) {
            return None;
        }
        // SAFETY: the address is aligned and within a mapped, readable part of the executable.
        let mark = unsafe { std::ptr::with_exposed_provenance::<u64>(address).read() };
        if mark != T::MARK {
            return None;
        }
        // SAFETY: what starts with the mark is a `T` (the trait's promise), a static that lives as
        // long as the process.
        let found = unsafe { &*std::ptr::with_exposed_provenance::<T>(address) };
        (hash(found.name()) == self.check).then_some(found)
    }
}

/// FNV-1a (Fowler, Noll, Vo), folded to 32 bits.
fn hash(name: &str) -> u32 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    (hash ^ (hash >> 32)) as u32
}

/// Where the executable is in memory.
struct Image {
    base: usize,
    segments: Vec<Range<usize>>,
    build: Vec<u8>,
}

impl Image {
    fn holds(&self, address: usize, len: usize) -> bool {
        let end = address.saturating_add(len);
        self.segments.iter().any(|segment| segment.start <= address && end <= segment.end)
    }
}

/// The build id that the linker gave the executable; empty if it gave none. Processes of one image
/// have it in common, so it is a check only.
pub(crate) fn build_id() -> &'static [u8] {
    &image().build
}

fn image() -> &'static Image {
    static IMAGE: OnceLock<Image> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let mut image = Image { base: 0, segments: Vec::new(), build: Vec::new() };
        // SAFETY: the callback has the wanted type, and `data` is the image that it expects, which
        // outlives the call.
        unsafe { libc::dl_iterate_phdr(Some(first_object), (&raw mut image).cast()) };
        image
    })
}

/// Called by the loader for each loaded object; the first one is the executable.
///
/// # Safety
/// `info` is the loader's, and `data` an [`Image`] that nobody else looks at.
unsafe extern "C" fn first_object(
    info: *mut libc::dl_phdr_info,
    _size: libc::size_t,
    data: *mut libc::c_void,
) -> libc::c_int {
    // SAFETY: the caller's promise.
    let (info, image) = unsafe { (&*info, &mut *data.cast::<Image>()) };
    image.base = info.dlpi_addr as usize;
    // SAFETY: the loader gives the number of headers at that address.
    let headers = unsafe { std::slice::from_raw_parts(info.dlpi_phdr, info.dlpi_phnum as usize) };
    for header in headers {
        let start = image.base.wrapping_add(header.p_vaddr as usize);
        let len = header.p_memsz as usize;
        match header.p_type {
            libc::PT_LOAD if header.p_flags & libc::PF_R != 0 => {
                image.segments.push(start..start.saturating_add(len));
            }
            libc::PT_NOTE => {
                // SAFETY: the loader has mapped the notes of the executable there.
                let notes = unsafe { std::slice::from_raw_parts(start as *const u8, len) };
                if let Some(build) = gnu_build_id(notes) {
                    image.build = build.to_vec();
                }
            }
            _ => {}
        }
    }
    1
}

/// The description of the note of type 3 by GNU, among ELF notes.
fn gnu_build_id(mut notes: &[u8]) -> Option<&[u8]> {
    while let Some((sizes, rest)) = notes.split_first_chunk::<12>() {
        let word = |at: usize| {
            let bytes = [sizes[at], sizes[at + 1], sizes[at + 2], sizes[at + 3]];
            u32::from_ne_bytes(bytes) as usize
        };
        let (name_len, id_len, kind) = (word(0), word(4), word(8));
        let (name, rest) = rest.split_at_checked(name_len.next_multiple_of(4))?;
        let (id, rest) = rest.split_at_checked(id_len.next_multiple_of(4).min(rest.len()))?;
        if kind == 3 && name.starts_with(b"GNU") {
            return id.get(..id_len);
        }
        notes = rest;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_come_back_to_what_they_refer_to() {
        let info = TypeInfo::opaque::<u64>();
        let reference = StaticRef::to(info).unwrap();
        let found: &TypeInfo = reference.find().unwrap();
        assert_eq!(found.id(), info.id());
    }

    #[test]
    fn forged_references_are_refused() {
        let good = StaticRef::to(TypeInfo::opaque::<u64>()).unwrap();
        let StaticRef { offset, check } = good;
        for (offset, check) in [
            (offset + 8, check),
            (offset + 1, check),
            (offset, check ^ 1),
            (0, check),
            (u64::MAX / 2, check),
            (u64::MAX - 7, check),
        ] {
            assert!(StaticRef { offset, check }.find::<TypeInfo>().is_none());
        }
        assert!(good.find::<ShipFn>().is_none());
    }

    #[test]
    fn what_is_on_the_heap_is_no_static_of_the_executable() {
        let held = Box::new(ShipFn::new::<()>(|_| Err("never made".into())));
        let address = std::ptr::from_ref(&*held).addr();
        assert!(!image().holds(address, size_of::<ShipFn>()));
    }

    #[test]
    fn build_ids_are_found_among_notes() {
        let mut notes = Vec::new();
        for (kind, name, id) in [(1u32, &b"GNU\0"[..], &[9u8, 9][..]), (3, b"GNU\0", &[1, 2, 3, 4])]
        {
            for word in [name.len() as u32, id.len() as u32, kind] {
                notes.extend(word.to_ne_bytes());
            }
            notes.extend(name);
            notes.extend(id);
            notes.resize(notes.len().next_multiple_of(4), 0);
        }
        assert_eq!(gnu_build_id(&notes), Some(&[1u8, 2, 3, 4][..]));
        assert_eq!(gnu_build_id(&notes[..20]), None);
        assert_eq!(gnu_build_id(&[0xff; 30]), None);
    }
}

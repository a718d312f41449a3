//! [`Walk`]: the superblock, and the messages of object headers.

use super::{damaged, unknown};
use crate::positioned::Positioned;
use rust_hdf5::format::btree_v1::BTreeV1Config;
use rust_hdf5::format::messages::MSG_OBJ_HEADER_CONTINUATION;
use rust_hdf5::format::messages::continuation::ContinuationMessage;
use rust_hdf5::format::object_header::{OHDR_SIGNATURE, ObjectHeader, ObjectHeaderMessage};
use rust_hdf5::format::superblock::{SuperblockV0V1, SuperblockV2V3, detect_superblock_version};
use rust_hdf5::format::{BlockReader, FormatContext, FormatError, FormatResult, UNDEF_ADDR};

/// Bytes read of a header at first; most are shorter.
const PROBE: usize = 8192;

/// Continuations followed of one header: more are damage.
const CONTINUATIONS: usize = 4096;

/// A file, and what its superblock says.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    file: &'a Positioned,
    /// The byte from which addresses count.
    base: u64,
    context: FormatContext,
    pub(super) ranks: BTreeV1Config,
    /// The address of the header of the first group.
    pub(super) root: u64,
    /// The address at which the file ends.
    end: u64,
}

impl<'a> Walk<'a> {
    /// Reads the superblock, which is at byte 0, or at 512, 1024, ... behind a block of the user's.
    pub(super) fn start(file: &'a Positioned) -> FormatResult<Walk<'a>> {
        let len = file.len().map_err(|error| damaged(&error.to_string()))?;
        let mut base = 0;
        let superblock = loop {
            let bytes = file.read_up_to(base, 1024).map_err(|error| damaged(&error.to_string()))?;
            if bytes.starts_with(b"\x89HDF\r\n\x1a\n") {
                break bytes;
            }
            base = if base == 0 { 512 } else { base * 2 };
            if base >= len {
                return Err(FormatError::InvalidSignature);
            }
        };
        let walk = |sizeof_addr, sizeof_size, ranks, root, end| Walk {
            file,
            base,
            context: FormatContext { sizeof_addr, sizeof_size },
            ranks,
            root,
            end,
        };
        match detect_superblock_version(&superblock)? {
            0 | 1 => {
                let block = SuperblockV0V1::decode(&superblock)?;
                // a superblock extension may say other ranks: that is left to the library
                if block.superblock_extension_address != UNDEF_ADDR {
                    return Err(unknown("a superblock extension"));
                }
                let chunk_rank = BTreeV1Config::default().chunk_internal_k;
                let ranks = BTreeV1Config {
                    sym_leaf_k: block.sym_leaf_k,
                    snode_internal_k: block.btree_internal_k,
                    chunk_internal_k: block.indexed_storage_k.unwrap_or(chunk_rank),
                };
                let root = block.root_symbol_table_entry.obj_header_addr;
                Ok(walk(
                    block.sizeof_offsets,
                    block.sizeof_lengths,
                    ranks,
                    root,
                    block.end_of_file_address,
                ))
            }
            _ => {
                let block = SuperblockV2V3::decode(&superblock)?;
                let root = block.root_group_object_header_address;
                let ranks = BTreeV1Config::default();
                Ok(walk(
                    block.sizeof_offsets,
                    block.sizeof_lengths,
                    ranks,
                    root,
                    block.end_of_file_address,
                ))
            }
        }
    }

    pub(super) fn context(&self) -> FormatContext {
        self.context
    }

    /// Where the file ends, as it says itself.
    pub(super) fn end(&self) -> u64 {
        // counted from the start of the file, also behind a block of the user's
        if self.end == UNDEF_ADDR { 0 } else { self.end }
    }

    /// The byte of the file that an address means.
    pub(super) fn absolute(&self, address: u64) -> FormatResult<u64> {
        self.base.checked_add(address).ok_or_else(|| damaged("an address beyond any file"))
    }

    /// All messages of the header at an address, those of its continuations with them.
    pub(super) fn messages(&mut self, address: u64) -> FormatResult<Vec<ObjectHeaderMessage>> {
        let mut bytes = self.read_block(address, PROBE)?;
        if let Err(FormatError::BufferTooShort { needed, .. }) = ObjectHeader::decode_any(&bytes)
            && needed > bytes.len()
        {
            bytes = self.read_block(address, needed)?;
        }
        let (header, _) = ObjectHeader::decode_any(&bytes)?;
        let newer = bytes.starts_with(&OHDR_SIGNATURE);
        // message headers hold an order of creation if the header says so
        let prefix = if newer && header.flags & 4 != 0 { 6 } else { 4 };
        let mut messages = header.messages;
        let mut next = 0;
        let mut followed = 0;
        while let Some(message) = messages.get(next) {
            next += 1;
            if message.msg_type != MSG_OBJ_HEADER_CONTINUATION {
                continue;
            }
            followed += 1;
            if followed > CONTINUATIONS {
                return Err(damaged("a header that does not end"));
            }
            let (to, _) = ContinuationMessage::decode(&message.data, &self.context)?;
            let len = usize::try_from(to.length).map_err(|_| damaged("a header too long"))?;
            let block = self.read_block(to.offset, len)?;
            if block.len() < len {
                return Err(FormatError::BufferTooShort { needed: len, available: block.len() });
            }
            if newer {
                newer_block(&block, prefix, &mut messages)
            } else {
                older_block(&block, &mut messages)
            }
        }
        Ok(messages)
    }
}

/// The messages of a continuation of version 2: a signature, messages, a checksum.
fn newer_block(block: &[u8], prefix: usize, messages: &mut Vec<ObjectHeaderMessage>) {
    let mut rest = block.get(4..block.len().saturating_sub(4)).unwrap_or_default();
    while let Some((head, body)) = rest.split_at_checked(prefix) {
        let len = usize::from(u16::from_le_bytes([head[1], head[2]]));
        let Some((data, behind)) = body.split_at_checked(len) else { return };
        messages.push(message(head[0], head[3], data));
        rest = behind;
    }
}

/// The messages of a continuation of version 1: each padded to 8 bytes.
fn older_block(block: &[u8], messages: &mut Vec<ObjectHeaderMessage>) {
    let mut rest = block;
    while let Some((head, body)) = rest.split_at_checked(8) {
        let len = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let Some(data) = body.get(..len) else { return };
        if head[1] == 0 {
            messages.push(message(head[0], head[4], data));
        }
        rest = body.get(len.next_multiple_of(8)..).unwrap_or_default();
    }
}

fn message(msg_type: u8, flags: u8, data: &[u8]) -> ObjectHeaderMessage {
    ObjectHeaderMessage { msg_type, flags, creation_index: 0, data: data.to_vec() }
}

impl BlockReader for Walk<'_> {
    fn read_block(&mut self, offset: u64, len: usize) -> FormatResult<Vec<u8>> {
        let offset = self.absolute(offset)?;
        self.file.read_up_to(offset, len).map_err(|error| damaged(&error.to_string()))
    }
}

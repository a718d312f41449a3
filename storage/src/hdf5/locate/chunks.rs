//! Tables of chunks, from each kind of index that is read here.

use super::super::meta::Meta;
use super::super::place::{ChunkTable, StoredChunk, grid};
use super::header::Walk;
use super::{damaged, unknown};
use rust_hdf5::format::btree_v1::ChunkBTreeV1Node;
use rust_hdf5::format::chunk_index::btree_v2::{
    BT2_TYPE_CHUNK_UNFILT, Bt2ChunkIndex, Bt2Header, collect_btree_v2_records,
};
use rust_hdf5::format::chunk_index::fixed_array::{
    FA_CLIENT_FILT_CHUNK, FixedArrayDataBlock, FixedArrayHeader,
};
use rust_hdf5::format::{BlockReader, FormatResult, UNDEF_ADDR};

/// Nodes visited of one tree: more are damage.
const NODES: usize = 1 << 24;

/// The chunks of a tree of version 1: what h5py writes unless told otherwise.
pub(super) fn btree_v1(
    walk: &mut Walk<'_>,
    meta: &Meta,
    chunk: &[usize],
    tree: u64,
) -> FormatResult<ChunkTable> {
    let width = usize::from(walk.context().sizeof_addr);
    let (rank, ranks) = (chunk.len(), walk.ranks);
    let mut entries = Vec::new();
    // every level on the way down is lower than the one before, so that a damaged tree ends
    let mut nodes = vec![(tree, u16::from(u8::MAX) + 1)];
    let mut visited = 0;
    while let Some((address, below)) = nodes.pop() {
        if address == UNDEF_ADDR {
            continue;
        }
        visited += 1;
        let bytes = walk.read_block(address, ranks.chunk_btree_node_size(width, rank))?;
        let node = ChunkBTreeV1Node::decode(&bytes, width, rank, ranks.chunk_max_entries())?;
        if u16::from(node.level) >= below || visited > NODES {
            return Err(damaged("a tree that does not end"));
        }
        if node.level > 0 {
            nodes.extend(node.children.iter().map(|&child| (child, u16::from(node.level))));
            continue;
        }
        for (key, &address) in node.keys.iter().zip(&node.children) {
            let mut index = Vec::with_capacity(rank);
            for (&at, &len) in key.offsets.iter().zip(chunk) {
                if !at.is_multiple_of(len as u64) {
                    return Err(damaged("a chunk between chunks"));
                }
                index.push(at / len as u64);
            }
            if address != UNDEF_ADDR {
                let stored = StoredChunk {
                    offset: walk.absolute(address)?,
                    len: u64::from(key.chunk_size),
                    skipped: key.filter_mask,
                };
                entries.push((index, stored));
            }
        }
    }
    Ok(ChunkTable::new(&meta.shape, chunk, entries))
}

/// The chunks of a fixed array: what newer files have where no axis can grow.
pub(super) fn fixed_array(
    walk: &mut Walk<'_>,
    meta: &Meta,
    chunk: &[usize],
    chunk_bytes: u64,
    array: u64,
) -> FormatResult<ChunkTable> {
    let context = walk.context();
    let bytes = walk.read_block(array, 256)?;
    let head = FixedArrayHeader::decode(&bytes, &context)?;
    let grid = grid(&meta.shape, chunk);
    let count = grid.iter().try_fold(1usize, |count, &len| count.checked_mul(len));
    let count = count.filter(|&count| count as u64 == head.num_elmts);
    let count = count.ok_or_else(|| unknown("an array of another length"))?;
    if head.data_blk_addr == UNDEF_ADDR {
        return Ok(ChunkTable::new(&meta.shape, chunk, []));
    }
    // more than 1024 chunks are in pages
    if head.is_paged() {
        return super::pages::paged(walk, meta, chunk, chunk_bytes, &head);
    }
    let width = usize::from(context.sizeof_addr);
    let filtered = head.client_id == FA_CLIENT_FILT_CHUNK;
    let element = usize::from(head.element_size);
    let len = count.checked_mul(element).and_then(|len| len.checked_add(4 + 1 + 1 + width + 4));
    let bytes = walk.read_block(head.data_blk_addr, len.ok_or_else(|| damaged("too long"))?)?;
    let mut entries = Vec::new();
    if filtered {
        let size_len = element.checked_sub(width + 4).filter(|&len| len <= 8);
        let size_len = size_len.ok_or_else(|| damaged("a width of sizes"))?;
        let block = FixedArrayDataBlock::decode_filtered(&bytes, &context, count, size_len)?;
        entries.extend(
            block.filtered_elements.iter().map(|at| (at.address, at.chunk_size, at.filter_mask)),
        );
    } else {
        let block = FixedArrayDataBlock::decode_unfiltered(&bytes, &context, count)?;
        entries.extend(block.elements.iter().map(|&address| (address, chunk_bytes, 0)));
    }
    numbered(walk, meta, chunk, &entries)
}

/// A table of chunks that are listed in row-major order.
pub(super) fn numbered(
    walk: &Walk<'_>,
    meta: &Meta,
    chunk: &[usize],
    entries: &[(u64, u64, u32)],
) -> FormatResult<ChunkTable> {
    let grid = grid(&meta.shape, chunk);
    let mut table = Vec::new();
    for (number, &(address, len, skipped)) in entries.iter().enumerate() {
        if address == UNDEF_ADDR {
            continue;
        }
        let mut left = number;
        let mut index = vec![0; grid.len()];
        for axis in (0..grid.len()).rev() {
            index[axis] = (left % grid[axis]) as u64;
            left /= grid[axis];
        }
        table.push((index, StoredChunk { offset: walk.absolute(address)?, len, skipped }));
    }
    Ok(ChunkTable::new(&meta.shape, chunk, table))
}

/// The chunks of a tree of version 2: what newer files have where several axes can grow.
pub(super) fn btree_v2(
    walk: &mut Walk<'_>,
    meta: &Meta,
    chunk: &[usize],
    chunk_bytes: u64,
    tree: u64,
) -> FormatResult<ChunkTable> {
    let context = walk.context();
    let bytes = walk.read_block(tree, 256)?;
    let head = Bt2Header::decode(&bytes, &context)?;
    if head.root_node_addr == UNDEF_ADDR || head.total_num_records == 0 || head.record_size == 0 {
        return Ok(ChunkTable::new(&meta.shape, chunk, []));
    }
    let records = collect_btree_v2_records(&head, &context, walk)?;
    let (count, rank) = (records.len() / usize::from(head.record_size), chunk.len());
    let mut entries = Vec::new();
    let mut put = |index: Vec<u64>, address, len, skipped| -> FormatResult<()> {
        entries.push((index, StoredChunk { offset: walk.absolute(address)?, len, skipped }));
        Ok(())
    };
    if head.record_type == BT2_TYPE_CHUNK_UNFILT {
        for at in Bt2ChunkIndex::decode_unfiltered_records(&records, count, rank, &context)? {
            put(at.scaled_offsets, at.chunk_address, chunk_bytes, 0)?;
        }
    } else {
        let size = head.record_size;
        for at in Bt2ChunkIndex::decode_filtered_records(&records, count, rank, size, &context)? {
            put(at.scaled_offsets, at.chunk_address, at.chunk_size, at.filter_mask)?;
        }
    }
    Ok(ChunkTable::new(&meta.shape, chunk, entries))
}

//! Fixed arrays of chunks that are long enough to be in pages.

use super::super::meta::Meta;
use super::super::place::ChunkTable;
use super::chunks::numbered;
use super::damaged;
use super::header::Walk;
use rust_hdf5::format::chunk_index::fixed_array::{
    FA_CLIENT_FILT_CHUNK, FixedArrayHeader, FixedArrayPagedPrefix, decode_filtered_page,
    decode_unfiltered_page,
};
use rust_hdf5::format::{BlockReader, FormatResult, UNDEF_ADDR};

/// The chunks of an array in pages; those of pages that were never written are nowhere.
pub(super) fn paged(
    walk: &mut Walk<'_>,
    meta: &Meta,
    chunk: &[usize],
    chunk_bytes: u64,
    head: &FixedArrayHeader,
) -> FormatResult<ChunkTable> {
    let context = walk.context();
    let (width, element) = (usize::from(context.sizeof_addr), usize::from(head.element_size));
    let (pages, on_page) = (head.npages(), head.dblk_page_nelmts());
    let overflow = || damaged("an array too long");
    let prefix_len = usize::try_from(pages.div_ceil(8)).map_err(|_| overflow())?;
    let prefix = walk.read_block(head.data_blk_addr, 4 + 1 + 1 + width + prefix_len + 4)?;
    let prefix = FixedArrayPagedPrefix::decode(&prefix, &context, pages)?;
    let stride = on_page.checked_mul(element as u64).and_then(|len| len.checked_add(4));
    let stride = stride.ok_or_else(overflow)?;
    let size_len = element.checked_sub(width + 4).filter(|&len| len <= 8);
    let mut entries = Vec::new();
    for page in 0..pages {
        let left = head.num_elmts.saturating_sub(page.saturating_mul(on_page)).min(on_page);
        let count = usize::try_from(left).map_err(|_| overflow())?;
        if !prefix.page_initialized(page as usize) {
            entries.extend(std::iter::repeat_n((UNDEF_ADDR, 0, 0), count));
            continue;
        }
        let at = page.checked_mul(stride).and_then(|at| at.checked_add(prefix.prefix_size as u64));
        let at = at.and_then(|at| at.checked_add(head.data_blk_addr)).ok_or_else(overflow)?;
        let bytes = walk.read_block(at, count * element + 4)?;
        if head.client_id == FA_CLIENT_FILT_CHUNK {
            let size_len = size_len.ok_or_else(|| damaged("a width of sizes"))?;
            let page = decode_filtered_page(&bytes, &context, count, size_len)?;
            entries.extend(page.iter().map(|at| (at.address, at.chunk_size, at.filter_mask)));
        } else {
            let page = decode_unfiltered_page(&bytes, &context, count)?;
            entries.extend(page.iter().map(|&address| (address, chunk_bytes, 0)));
        }
    }
    numbered(walk, meta, chunk, &entries)
}

//! From the first group of a file to the header of a dataset.

use super::header::Walk;
use super::{damaged, unknown};
use rust_hdf5::format::btree_v1::BTreeV1Node;
use rust_hdf5::format::dense_link::read_dense_links;
use rust_hdf5::format::local_heap::{
    LocalHeapHeader, local_heap_get_string, local_heap_header_size,
};
use rust_hdf5::format::messages::link::{LinkMessage, LinkTarget};
use rust_hdf5::format::messages::link_info::LinkInfoMessage;
use rust_hdf5::format::messages::{MSG_LINK, MSG_LINK_INFO, MSG_SYMBOL_TABLE};
use rust_hdf5::format::object_header::ObjectHeaderMessage;
use rust_hdf5::format::symbol_table::SymbolTableNode;
use rust_hdf5::format::{BlockReader, FormatResult, UNDEF_ADDR};

/// Nodes visited of one tree: more are damage.
const NODES: usize = 1 << 20;

/// The address of the header of a dataset, along hard links.
pub(super) fn find(walk: &mut Walk<'_>, name: &str) -> FormatResult<u64> {
    let mut address = walk.root;
    for part in name.split('/').filter(|part| !part.is_empty()) {
        let messages = walk.messages(address)?;
        address = child(walk, &messages, part)?;
    }
    Ok(address)
}

/// The address of the header of what a group has under a name.
fn child(walk: &mut Walk<'_>, group: &[ObjectHeaderMessage], name: &str) -> FormatResult<u64> {
    let context = walk.context();
    for message in group {
        match message.msg_type {
            MSG_SYMBOL_TABLE => {
                let width = usize::from(context.sizeof_addr);
                let tree = address(&message.data, width)?;
                let heap = address(message.data.get(width..).unwrap_or_default(), width)?;
                return in_symbol_table(walk, tree, heap, name);
            }
            MSG_LINK => {
                let (link, _) = LinkMessage::decode(&message.data, &context)?;
                if link.name == name {
                    return target(&link);
                }
            }
            MSG_LINK_INFO => {
                let (info, _) = LinkInfoMessage::decode(&message.data, &context)?;
                let links = read_dense_links(&info, &context, walk)?;
                if let Some(link) = links.iter().find(|link| link.name == name) {
                    return target(link);
                }
            }
            _ => {}
        }
    }
    Err(unknown("no such link"))
}

fn target(link: &LinkMessage) -> FormatResult<u64> {
    match link.target {
        LinkTarget::Hard { address } => Ok(address),
        _ => Err(unknown("a link that is not hard")),
    }
}

/// A number of some bytes, the low ones first.
fn address(bytes: &[u8], width: usize) -> FormatResult<u64> {
    let bytes = bytes.get(..width).filter(|_| width <= 8);
    let mut wide = [0; 8];
    let bytes = bytes.ok_or_else(|| damaged("a short message"))?;
    wide[..width].copy_from_slice(bytes);
    Ok(u64::from_le_bytes(wide))
}

/// Looks a name up in a group of the old kind: a tree of nodes whose names are in a heap.
fn in_symbol_table(walk: &mut Walk<'_>, tree: u64, heap: u64, name: &str) -> FormatResult<u64> {
    let context = walk.context();
    let (width, size) = (usize::from(context.sizeof_addr), usize::from(context.sizeof_size));
    let ranks = walk.ranks;
    let head = walk.read_block(heap, local_heap_header_size(width, size))?;
    let head = LocalHeapHeader::decode(&head, width, size)?;
    let names = usize::try_from(head.data_size).map_err(|_| damaged("a heap too large"))?;
    let names = walk.read_block(head.data_addr, names)?;
    let mut nodes = vec![tree];
    for visited in 0.. {
        let Some(node) = nodes.pop().filter(|_| visited < NODES) else { break };
        let bytes = walk.read_block(node, ranks.snode_btree_node_size(width, size))?;
        let node = BTreeV1Node::decode(&bytes, width, size, ranks.snode_max_entries())?;
        if node.level > 0 {
            nodes.extend(&node.children);
            continue;
        }
        for &leaf in &node.children {
            let bytes = walk.read_block(leaf, ranks.symbol_table_node_size(width, size))?;
            let leaf = SymbolTableNode::decode(&bytes, width, size, ranks.sym_leaf_max_entries())?;
            for entry in &leaf.entries {
                if local_heap_get_string(&names, entry.name_offset)? == name {
                    return match entry.obj_header_addr {
                        UNDEF_ADDR => Err(unknown("a soft link")),
                        address => Ok(address),
                    };
                }
            }
        }
    }
    Err(unknown("no such name"))
}

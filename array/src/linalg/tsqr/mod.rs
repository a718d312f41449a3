//! The QR decomposition of an array with few columns, block by block.
//!
//! Each block of rows is decomposed on its own ([`factor`]). What is left of it, its R, has as many
//! rows as columns; some of these are put below one another and decomposed again ([`merge`]), until
//! one is left. Q is a product along the way back: each level's Q is multiplied by the rows of the
//! one above that belong to it ([`spread`], [`orthogonal`]).
//!
//! Source: Demmel, Grigori, Hoemmen, Langou, "Communication-optimal parallel and sequential QR and
//! LU factorizations" (2012).

mod factor;
mod merge;
mod orthogonal;
mod spread;

use super::dense::Side;
use super::field::Field;
use super::parts::part;
use super::ready::{About, ready};
use crate::axis_chunks::AxisChunks;
use crate::chunks::Chunks;
use crate::expr::Node;
use chunkwise_graph::Tokenizer;
use factor::FactorBlocks;
use merge::MergeBlocks;
use orthogonal::OrthogonalBlocks;
use spread::SpreadBlocks;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// The factors in the values of blocks: Q, R, and of merged blocks where the rows of each begin.
const Q: usize = 0;
const R: usize = 1;
const STARTS: usize = 2;

/// What the Rs that are put together hold at least, in bytes: one decomposition of some hundred
/// rows costs less than several tasks.
const MERGED_BYTES: usize = 4 << 20;

/// A decomposition into Q and R, level by level.
pub(super) struct Tsqr {
    /// The blocks of rows, and what was merged of them; the last one has one block.
    levels: Vec<Arc<Node>>,
    /// How the rows are cut.
    rows: AxisChunks,
    /// How many of a level are merged.
    fan: u32,
    /// Columns of the array, and those of Q.
    n: usize,
    pub(super) k: usize,
    made_at: &'static Location<'static>,
}

/// A layer of as many blocks as there are, along one axis.
fn blocks_along(n: usize) -> Chunks {
    [AxisChunks::regular(n, 1)].into_iter().collect()
}

/// The decomposition of an array, or of its adjoint, whose columns are one chunk of known length.
///
/// Where the number of rows is deferred, it is taken to be no less than that of the columns; if it
/// is, the task that finds out fails.
pub(super) fn tsqr<T: Field>(
    array: &Arc<Node>,
    side: Side,
    made_at: &'static Location<'static>,
) -> Tsqr {
    let (long, short) = if side == Side::AsIs { (0, 1) } else { (1, 0) };
    let rows = array.chunks.axes()[long].clone();
    let n = array.chunks.axes()[short].len().unwrap_or(0);
    let k = rows.len().map_or(n, |m| m.min(n));
    let r_bytes = (n * n * size_of::<T>()).max(1);
    let fan = (MERGED_BYTES / r_bytes).clamp(4, 64) as u32;
    let about = |name: &'static str, n_blocks: usize, token| About {
        name,
        dtype: T::DTYPE,
        chunks: blocks_along(n_blocks),
        token,
        made_at,
    };
    let mut n_blocks = rows.n_chunks();
    let expected = |n_blocks: usize| (n_blocks == 1).then_some(k);
    let token = Tokenizer::of("tsqr", &(array.token, u64::from(side == Side::Adjoint)));
    let blocks = FactorBlocks::<T> {
        grid: vec![n_blocks as u32],
        from: Arc::clone(&array.chunks),
        side,
        expected: expected(n_blocks),
        of: PhantomData,
    };
    let first = ready(about("qr", n_blocks, token), [Arc::clone(array)], blocks);
    let mut levels = vec![first];
    while n_blocks > 1 {
        let (children, last) = (n_blocks as u32, Arc::clone(&levels[levels.len() - 1]));
        n_blocks = n_blocks.div_ceil(fan as usize);
        let token = Tokenizer::of("tsqr merge", &last.token);
        let grid = vec![n_blocks as u32];
        let expected = expected(n_blocks);
        let blocks = MergeBlocks::<T> { grid, children, fan, n, expected, of: PhantomData };
        levels.push(ready(about("qr", n_blocks, token), [last], blocks));
    }
    Tsqr { levels, rows, fan, n, k, made_at }
}

impl Tsqr {
    /// R, in one chunk.
    pub(super) fn r<T: Field>(&self) -> Arc<Node> {
        let top = &self.levels[self.levels.len() - 1];
        part::<T>("qr_r", top, R, Side::AsIs, Chunks::whole(&[self.k, self.n]))
    }

    /// Q, cut like the rows; or the product of Q and a matrix in one chunk, of so many columns; or
    /// the adjoint of it.
    pub(super) fn q<T: Field>(&self, times: Option<(Arc<Node>, usize)>, side: Side) -> Arc<Node> {
        let columns = times.as_ref().map_or(self.k, |(_, columns)| *columns);
        let (rows, columns) = (self.rows.clone(), AxisChunks::whole(columns));
        let chunks: Chunks = match side {
            Side::AsIs => [rows, columns],
            Side::Adjoint => [columns, rows],
        }
        .into_iter()
        .collect();
        if let ([only], None) = (&self.levels[..], &times) {
            return part::<T>("qr_q", only, Q, side, chunks);
        }
        let width = chunks.axes()[usize::from(side == Side::AsIs)].len().unwrap_or(0);
        let mut upper = times.map(|(node, _)| node);
        for at in (1..self.levels.len()).rev() {
            upper = Some(self.spread::<T>(at, upper, width));
        }
        let first = Arc::clone(&self.levels[0]);
        let mut hash = Tokenizer::new("tsqr q");
        hash.token(first.token).u64(u64::from(side == Side::Adjoint));
        let inputs: Vec<Arc<Node>> = [first].into_iter().chain(upper).collect();
        hash.token(inputs[inputs.len() - 1].token);
        let blocks = OrthogonalBlocks::<T> {
            grid: chunks.grid(),
            chunks: Arc::new(chunks.clone()),
            side,
            of: PhantomData,
        };
        let (token, made_at) = (hash.finish(), self.made_at);
        ready(About { name: "qr_q", dtype: T::DTYPE, chunks, token, made_at }, inputs, blocks)
    }

    /// What the blocks below a level are multiplied by.
    fn spread<T: Field>(&self, at: usize, upper: Option<Arc<Node>>, width: usize) -> Arc<Node> {
        let level = Arc::clone(&self.levels[at]);
        let n_blocks = self.levels[at - 1].chunks.axes()[0].n_chunks();
        let mut hash = Tokenizer::new("tsqr spread");
        hash.token(level.token);
        if let Some(upper) = &upper {
            hash.token(upper.token);
        }
        let blocks = SpreadBlocks::<T> {
            grid: vec![n_blocks as u32],
            fan: self.fan,
            is_multiplied: upper.is_some(),
            most: (self.n, width),
            of: PhantomData,
        };
        let inputs: Vec<Arc<Node>> = [level].into_iter().chain(upper).collect();
        let (token, made_at) = (hash.finish(), self.made_at);
        let chunks = blocks_along(n_blocks);
        ready(About { name: "qr", dtype: T::DTYPE, chunks, token, made_at }, inputs, blocks)
    }
}

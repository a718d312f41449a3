//! A1 to A3: a dataset block by block, in a loop.

use chunkwise::storage::hdf5::{Hdf5Dataset, Hdf5File};
use chunkwise::storage::{Region, Span, StorageError};

use crate::chapter::{ChapterError, Context};
use crate::human::Count;
use crate::report::{Code, Step};

const SOURCE: &str = include_str!("by_hand.rs");

/// Numbers of a block.
pub(super) const BLOCK: usize = 1_000_000;

/// What `of_block` gives of each block of a dataset, summed.
fn blocked<T: std::iter::Sum>(
    x: &Hdf5Dataset<f32>,
    of_block: impl Fn(&[f32]) -> T,
) -> Result<T, StorageError> {
    let n = x.info().shape[0];
    let mut block = vec![0.0; BLOCK.min(n)];
    let of_blocks = (0..n).step_by(BLOCK).map(|start| {
        let len = BLOCK.min(n - start);
        x.read_region(&Region::from_iter([Span::new(start, len)]), &mut block[..len])?;
        Ok(of_block(&block[..len]))
    });
    of_blocks.sum()
}

/// The sum of a block, in `f64`: a billion numbers are too many for the 24 bits of `f32`.
fn sum(block: &[f32]) -> f64 {
    block.iter().map(|&x| f64::from(x)).sum()
}

/// How many numbers of a block are greater than 1.
fn above_one(block: &[f32]) -> usize {
    block.iter().filter(|&&x| x > 1.0).count()
}

/// Sum and number of the positive numbers of a block.
fn positive(block: &[f32]) -> Moments {
    let positive = || block.iter().filter(|&&x| x > 0.0);
    Moments { sum: positive().map(|&x| f64::from(x)).sum(), n: positive().count() }
}

/// What a mean is made from.
struct Moments {
    sum: f64,
    n: usize,
}

impl std::iter::Sum for Moments {
    fn sum<I: Iterator<Item = Moments>>(blocks: I) -> Moments {
        let start = Moments { sum: 0.0, n: 0 };
        blocks.fold(start, |all, block| Moments { sum: all.sum + block.sum, n: all.n + block.n })
    }
}

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    let path = context.prepared(context.data.random_array())?;
    context.prose(
        "A file holds more numbers than you want in memory. Opening it reads none of them: a \
         handle knows\nthe shape, and reads the region that it is asked for.",
    )?;
    let title = "Hdf5File::open(path)?.dataset::<f32>(\"/x\")?";
    let step = Step { ids: "A1", title, ..Step::default() };
    let open = || Ok(Hdf5File::open(&path)?.dataset::<f32>("/x")?);
    let x = context.step(step, open, |x| x.info().to_string())?;
    let data_bytes = (x.info().shape[0] * size_of::<f32>()) as u64;
    context
        .prose("So a loop adds up a million at a time, and the sums of the blocks after that.")?;
    let code = Code::of(SOURCE, &["blocked", "sum"]);
    let step = Step { ids: "A2", title: "blocked(&x, sum)?", data_bytes, code };
    context.step(step, || Ok(blocked(&x, sum)?), |sum| format!("{sum:.1}"))?;
    let code = Code::of(SOURCE, &["above_one"]);
    let step = Step { ids: "A3", title: "blocked(&x, above_one)?", data_bytes, code };
    let show = |n: &usize| format!("{} numbers above 1", Count(*n as i128));
    context.step(step, || Ok(blocked(&x, above_one)?), show)?;
    let code = Code::of(SOURCE, &["positive"]);
    let step = Step { ids: "A3", title: "blocked(&x, positive)?", data_bytes, code };
    let show = |of: &Moments| format!("mean of the positive numbers: {:.6}", of.sum / of.n as f64);
    context.step(step, || Ok(blocked(&x, positive)?), show)?;
    Ok(())
}

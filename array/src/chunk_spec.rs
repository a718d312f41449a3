//! [`ChunkSpec`]: the ways in which a user says how an array is to be cut.

use crate::axes::find_axis;
use crate::axis_chunks::AxisChunks;
use crate::chunks::{Chunks, PerAxis};
use crate::error::ArrayError;
use crate::extent::shape_text;

/// How an array is to be cut. It is made from what is natural to write:
///
/// | written | means |
/// |---|---|
/// | `1000` | chunks of 1,000 along every axis |
/// | `[1000, 500]` | chunks of 1,000 along the first axis and 500 along the second |
/// | `[1000, -1]` | -1: the whole axis |
/// | `"auto"` | about 8 MiB a chunk, the same along every axis as far as that goes |
/// | `"64 MiB"` | about so many bytes a chunk |
/// | `ChunkSpec::sizes([vec![3, 5], vec![4]])` | exactly these |
/// | `[ChunkAxis::Auto, 100.into()]` | one axis cut to suit the other |
/// | `ChunkSpec::axis(0, 100)` | chunks of 100 along the first axis; the others as they are |
#[derive(Clone, PartialEq, Debug)]
pub struct ChunkSpec(Spec);

#[derive(Clone, PartialEq, Debug)]
enum Spec {
    Each(ChunkAxis),
    PerAxis(Vec<ChunkAxis>),
    Some(Vec<(isize, ChunkAxis)>),
    Bytes(u64),
    Text(String),
}

/// How one axis is to be cut.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChunkAxis {
    /// Chunks of this size, the last one shorter.
    Size(usize),
    /// One chunk of everything.
    Whole,
    /// To suit the other axes and the wanted bytes of a chunk.
    Auto,
    /// Exactly these sizes.
    Sizes(Vec<usize>),
    /// What no cut can be: a negative size.
    #[doc(hidden)]
    Invalid(i64),
}

/// What a chunk holds at most when nobody says otherwise, in bytes: a task a chunk costs next to
/// nothing at this size, and some chunks for each core fit a small budget together.
pub const AUTO_BYTES: u64 = 8 << 20;

impl ChunkSpec {
    /// The size of each chunk along each axis.
    pub fn sizes<I: IntoIterator<Item = usize>>(axes: impl IntoIterator<Item = I>) -> ChunkSpec {
        let sizes = |axis: I| ChunkAxis::Sizes(axis.into_iter().collect());
        ChunkSpec(Spec::PerAxis(axes.into_iter().map(sizes).collect()))
    }

    /// One axis cut so, the others as they are; [`ChunkSpec::and_axis`] adds more. A new array has no
    /// others yet: they are cut automatically. Negative axes count from the end.
    pub fn axis(axis: isize, cut: impl Into<ChunkAxis>) -> ChunkSpec {
        ChunkSpec(Spec::Some(vec![(axis, cut.into())]))
    }

    /// The same, and one axis more cut so.
    #[must_use]
    pub fn and_axis(self, axis: isize, cut: impl Into<ChunkAxis>) -> ChunkSpec {
        match self.0 {
            Spec::Some(mut axes) => {
                axes.push((axis, cut.into()));
                ChunkSpec(Spec::Some(axes))
            }
            // All axes are cut so already, but for this one.
            Spec::PerAxis(mut axes) => {
                if let Ok(at) = find_axis(axis, axes.len()) {
                    axes[at] = cut.into();
                }
                ChunkSpec(Spec::PerAxis(axes))
            }
            other => ChunkSpec(other),
        }
    }

    /// The cut of an array that is cut like `own` so far; axes that are not named stay as they are.
    ///
    /// # Errors
    /// As [`ChunkSpec::resolve`]; [`ArrayError::Deferred`] if an axis of deferred length is cut.
    pub(crate) fn resolve_again(
        &self,
        own: &Chunks,
        item_bytes: usize,
    ) -> Result<Chunks, ArrayError> {
        let deferred = own.axes().iter().position(|axis| axis.len().is_none());
        let Spec::Some(named) = &self.0 else {
            let shape = own.shape().ok_or(ArrayError::Deferred {
                operation: "rechunk",
                axis: deferred.unwrap_or(0),
            })?;
            return self.resolve(&shape, item_bytes);
        };
        // Deferred axes count as they are for the size of automatic ones: not at all.
        let lens: PerAxis<usize> = own.axes().iter().map(|axis| axis.len().unwrap_or(1)).collect();
        let mut axes: Vec<ChunkAxis> = own.axes().iter().map(kept_axis).collect();
        for (axis, cut) in named {
            let axis = find_axis(*axis, own.ndim())?;
            if own.axes()[axis].len().is_none() {
                return Err(ArrayError::Deferred { operation: "rechunk", axis });
            }
            axes[axis] = cut.clone();
        }
        let chunks = ChunkSpec(Spec::PerAxis(axes)).resolve(&lens, item_bytes)?;
        let both = chunks.axes().iter().zip(own.axes());
        Ok(both
            .map(|(new, own)| if own.len().is_none() { own.clone() } else { new.clone() })
            .collect())
    }

    /// About so many bytes a chunk.
    pub fn bytes(bytes: u64) -> ChunkSpec {
        ChunkSpec(Spec::Bytes(bytes))
    }

    /// As [`ChunkSpec::resolve`], for an array that is stored in chunks: where sizes are chosen here,
    /// they are whole numbers of stored chunks.
    pub(crate) fn resolve_stored(
        &self,
        shape: &[usize],
        item_bytes: usize,
        stored: Option<&[usize]>,
    ) -> Result<Chunks, ArrayError> {
        let chunks = self.resolve(shape, item_bytes)?;
        let Some(stored) = stored else { return Ok(chunks) };
        let is_auto = |axis: usize| match &self.0 {
            Spec::Each(each) => *each == ChunkAxis::Auto,
            Spec::PerAxis(axes) => axes[axis] == ChunkAxis::Auto,
            Spec::Some(named) => named.iter().all(|(at, cut)| {
                find_axis(*at, shape.len()).ok() != Some(axis) || *cut == ChunkAxis::Auto
            }),
            Spec::Bytes(_) | Spec::Text(_) => true,
        };
        let axes = chunks.axes().iter().zip(stored).enumerate();
        Ok(axes
            .map(|(axis, (cut, &stored))| match (is_auto(axis), cut.regular_size(), cut.len()) {
                (true, Some(size), Some(len)) if stored > 0 => {
                    AxisChunks::regular(len, (size / stored).max(1) * stored)
                }
                _ => cut.clone(),
            })
            .collect())
    }

    /// The cut of an array of this shape, whose elements have `item_bytes` bytes.
    ///
    /// Axes that are cut automatically get the same size where they are long enough.
    ///
    /// # Errors
    /// If the specification has another number of axes, sizes that do not add up, a size of 0, or
    /// text that means nothing.
    pub(crate) fn resolve(&self, shape: &[usize], item_bytes: usize) -> Result<Chunks, ArrayError> {
        let invalid = |why: String| ArrayError::Chunks { shape: shape.into(), why };
        let (axes, bytes) = match &self.0 {
            Spec::Each(axis) => (vec![axis.clone(); shape.len()], AUTO_BYTES),
            Spec::PerAxis(axes) => (axes.clone(), AUTO_BYTES),
            Spec::Some(named) => {
                let mut axes = vec![ChunkAxis::Auto; shape.len()];
                for (axis, cut) in named {
                    axes[find_axis(*axis, shape.len())?] = cut.clone();
                }
                (axes, AUTO_BYTES)
            }
            Spec::Bytes(bytes) => (vec![ChunkAxis::Auto; shape.len()], *bytes),
            Spec::Text(text) => {
                let bytes = parse_bytes(text).ok_or_else(|| {
                    invalid(format!("`{text}` is neither `auto` nor a size such as `64 MiB`"))
                })?;
                (vec![ChunkAxis::Auto; shape.len()], bytes)
            }
        };
        if axes.len() != shape.len() {
            let (n, ndim) = (axes.len(), shape.len());
            return Err(invalid(format!("chunks are given for {n} axes of {ndim}")));
        }
        let cuts: Vec<Option<AxisChunks>> = axes
            .iter()
            .zip(shape)
            .enumerate()
            .map(|(at, (axis, &len))| {
                cut(axis, len).map_err(|why| invalid(format!("axis {at}: {why}")))
            })
            .collect::<Result<_, _>>()?;
        Ok(fill_auto(&cuts, shape, bytes / item_bytes.max(1) as u64))
    }
}

fn cut(axis: &ChunkAxis, len: usize) -> Result<Option<AxisChunks>, String> {
    Ok(Some(match axis {
        ChunkAxis::Auto => return Ok(None),
        ChunkAxis::Whole => AxisChunks::whole(len),
        ChunkAxis::Size(0) if len > 0 => return Err("chunks of 0 elements".into()),
        ChunkAxis::Size(size) => AxisChunks::regular(len, *size),
        ChunkAxis::Sizes(sizes) => {
            let sum = sizes.iter().fold(0usize, |sum, &size| sum.saturating_add(size));
            if sum != len {
                return Err(format!(
                    "the sizes {} add up to {sum}, not to {len}",
                    shape_text(sizes)
                ));
            }
            AxisChunks::of_sizes(sizes.iter().copied())
        }
        ChunkAxis::Invalid(size) => {
            return Err(format!("chunks of {size} elements; -1 stands for the whole axis"));
        }
    }))
}

/// Gives the open axes one size, so that a chunk has at most `elements`; axes that are shorter than
/// that are whole, and leave more to the others.
fn fill_auto(cuts: &[Option<AxisChunks>], shape: &[usize], elements: u64) -> Chunks {
    let fixed: u64 = cuts
        .iter()
        .flatten()
        .map(|cut| cut.largest().unwrap_or(1).max(1) as u64)
        .fold(1, u64::saturating_mul);
    let mut left = (elements / fixed).max(1) as f64;
    let mut open: Vec<usize> = (0..cuts.len()).filter(|&at| cuts[at].is_none()).collect();
    open.sort_by_key(|&at| shape[at]);
    let mut sizes: PerAxis<usize> = shape.iter().copied().collect();
    for (done, &at) in open.iter().enumerate() {
        let each = left.powf(1.0 / (open.len() - done) as f64);
        // Rounded down, but not for the error of the root.
        sizes[at] = ((each + 1e-6) as usize).clamp(1, shape[at].max(1));
        left = (left / sizes[at] as f64).max(1.0);
    }
    let resolved = cuts.iter().zip(shape).zip(&sizes);
    resolved
        .map(|((cut, &len), &size)| {
            cut.clone().unwrap_or_else(|| AxisChunks::regular(len, even_size(len, size)))
        })
        .collect()
}

/// As many chunks as `size` makes, all of about the same size.
fn even_size(len: usize, size: usize) -> usize {
    len.div_ceil(len.div_ceil(size).max(1)).max(1)
}

/// `64MiB`, `1.5 GB`, `100 kB`, `4096`; `auto` is [`AUTO_BYTES`].
fn parse_bytes(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    if text == "auto" {
        return Some(AUTO_BYTES);
    }
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_'));
    let (number, unit) = text.split_at(digits.unwrap_or(text.len()));
    let number: f64 = number.replace('_', "").parse().ok()?;
    let factor: u64 = match unit.trim() {
        "" | "b" => 1,
        "k" | "kb" => 1000,
        "m" | "mb" => 1000 * 1000,
        "g" | "gb" => 1000 * 1000 * 1000,
        "ki" | "kib" => 1 << 10,
        "mi" | "mib" => 1 << 20,
        "gi" | "gib" => 1 << 30,
        _ => return None,
    };
    let bytes = number * factor as f64;
    (bytes >= 1.0).then_some(bytes as u64)
}

impl From<usize> for ChunkAxis {
    fn from(size: usize) -> ChunkAxis {
        ChunkAxis::Size(size)
    }
}

impl From<i64> for ChunkAxis {
    fn from(size: i64) -> ChunkAxis {
        match size {
            -1 => ChunkAxis::Whole,
            _ => usize::try_from(size).map_or(ChunkAxis::Invalid(size), ChunkAxis::Size),
        }
    }
}

impl From<i32> for ChunkAxis {
    fn from(size: i32) -> ChunkAxis {
        i64::from(size).into()
    }
}

impl From<Vec<usize>> for ChunkAxis {
    fn from(sizes: Vec<usize>) -> ChunkAxis {
        ChunkAxis::Sizes(sizes)
    }
}

macro_rules! from_lists {
    ($($number:ty),+) => { $(
        impl From<$number> for ChunkSpec {
            fn from(size: $number) -> ChunkSpec {
                ChunkSpec(Spec::Each(size.into()))
            }
        }
    )+ };
}
from_lists!(usize, i32, i64);

impl<A: Into<ChunkAxis>, const N: usize> From<[A; N]> for ChunkSpec {
    fn from(axes: [A; N]) -> ChunkSpec {
        ChunkSpec(Spec::PerAxis(axes.into_iter().map(Into::into).collect()))
    }
}

impl<A: Into<ChunkAxis> + Clone> From<&[A]> for ChunkSpec {
    fn from(axes: &[A]) -> ChunkSpec {
        ChunkSpec(Spec::PerAxis(axes.iter().cloned().map(Into::into).collect()))
    }
}

impl From<&str> for ChunkSpec {
    fn from(text: &str) -> ChunkSpec {
        ChunkSpec(Spec::Text(text.to_owned()))
    }
}

/// As it is.
fn kept_axis(axis: &AxisChunks) -> ChunkAxis {
    match (axis.regular_size(), axis.sizes()) {
        (Some(size), _) => ChunkAxis::Size(size),
        (None, Some(sizes)) => ChunkAxis::Sizes(sizes),
        (None, None) => ChunkAxis::Whole,
    }
}

impl From<&Chunks> for ChunkSpec {
    fn from(chunks: &Chunks) -> ChunkSpec {
        ChunkSpec(Spec::PerAxis(chunks.axes().iter().map(kept_axis).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(spec: impl Into<ChunkSpec>, shape: &[usize]) -> String {
        let resolved = spec.into().resolve(shape, 8);
        resolved.map_or_else(|error| format!("error: {error}"), |chunks| chunks.to_string())
    }

    #[test]
    fn every_way_of_writing_is_understood() {
        let shape = [20_000, 10_000];
        assert_eq!(chunks(1000, &shape), "200 chunks of (1_000, 1_000)");
        assert_eq!(chunks([1000, 500], &shape), "400 chunks of (1_000, 500)");
        assert_eq!(chunks([1000, -1], &shape), "20 chunks of (1_000, 10_000)");
        assert_eq!(chunks(-1, &shape), "1 chunk of (20_000, 10_000)");
        assert_eq!(chunks("auto", &shape), "200 chunks of (1_000, 1_000)");
        assert_eq!(chunks("128 MiB", &shape), "15 chunks of (4_000, 3_334)");
        let sizes = [vec![15_000, 5_000], vec![10_000]];
        assert_eq!(chunks(ChunkSpec::sizes(sizes), &shape), "2 chunks of (15_000, 10_000)");
        let mixed = [ChunkAxis::Auto, 100.into()];
        assert_eq!(chunks(mixed, &shape), "200 chunks of (10_000, 100)");
        assert_eq!(chunks(ChunkSpec::bytes(1), &[3]), "3 chunks of (1,)");
    }

    #[test]
    fn empty_and_scalar_arrays_have_one_chunk() {
        assert_eq!(chunks(10, &[0, 5]), "1 chunk of (0, 5)");
        assert_eq!(chunks("auto", &[]), "1 chunk of ()");
        assert_eq!(chunks("auto", &[0]), "1 chunk of (0,)");
        assert_eq!(chunks(0, &[0]), "1 chunk of (0,)");
    }

    #[test]
    fn what_cannot_be_is_an_error_that_says_why() {
        let shape = [10, 4];
        let error = |spec: ChunkSpec| chunks(spec, &shape);
        assert_eq!(
            error([3].into()),
            "error: chunks of an array of shape (10, 4): chunks are given for 1 axes of 2"
        );
        assert!(error([0, 1].into()).ends_with("axis 0: chunks of 0 elements"));
        assert!(error([5, -2].into()).ends_with("-1 stands for the whole axis"));
        assert!(
            error(ChunkSpec::sizes([vec![3], vec![4]]))
                .ends_with("axis 0: the sizes (3,) add up to 3, not to 10")
        );
        assert!(
            error("64 parsecs".into())
                .ends_with("`64 parsecs` is neither `auto` nor a size such as `64 MiB`")
        );
    }
}

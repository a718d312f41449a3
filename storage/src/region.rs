//! [`Region`]: a box of an n-dimensional array, with a step along each axis.

use smallvec::SmallVec;
use std::fmt;

/// Positions along one axis: `start`, `start + step`, ... (`count` of them).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Span {
    /// The first position.
    pub start: usize,
    /// How many positions.
    pub count: usize,
    /// From one position to the next; at least 1.
    pub step: usize,
}

impl Span {
    /// `count` positions from `start` on, one after the other.
    pub const fn new(start: usize, count: usize) -> Span {
        Span { start, count, step: 1 }
    }

    /// Behind the last position; `start` if there is none.
    pub const fn end(&self) -> usize {
        if self.count == 0 { self.start } else { self.start + (self.count - 1) * self.step + 1 }
    }

    /// Whether the positions follow one another.
    pub const fn is_contiguous(&self) -> bool {
        self.step == 1 || self.count <= 1
    }

    /// The positions.
    pub fn positions(&self) -> impl Iterator<Item = usize> + use<> {
        let Span { start, count, step } = *self;
        (0..count).map(move |at| start + at * step)
    }
}

/// A box of an array, with a step along each axis.
///
/// ```
/// use chunkwise_storage::{Region, Span};
/// let region = Region::from_iter([Span::new(2, 3), Span { start: 0, count: 2, step: 5 }]);
/// assert_eq!(region.counts()[..], [3, 2]);
/// assert_eq!((region.len(), region.to_string()), (6, "[2..5, 0..6;5]".to_owned()));
/// assert!(region.fits(&[5, 6]) && !region.fits(&[5, 5]));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Region(SmallVec<[Span; 4]>);

impl Region {
    /// The whole of an array of this shape.
    pub fn whole(shape: &[usize]) -> Region {
        shape.iter().map(|&len| Span::new(0, len)).collect()
    }

    /// The span along each axis.
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Number of axes.
    pub fn ndim(&self) -> usize {
        self.0.len()
    }

    /// Number of positions along each axis: the shape of what is read.
    pub fn counts(&self) -> SmallVec<[usize; 4]> {
        self.0.iter().map(|span| span.count).collect()
    }

    /// Number of elements; 1 without axes.
    pub fn len(&self) -> usize {
        self.0.iter().map(|span| span.count).product()
    }

    /// Whether it holds no element.
    pub fn is_empty(&self) -> bool {
        self.0.iter().any(|span| span.count == 0)
    }

    /// Whether the positions along each axis follow one another.
    pub fn is_contiguous(&self) -> bool {
        self.0.iter().all(Span::is_contiguous)
    }

    /// Whether it lies in an array of this shape.
    pub fn fits(&self, shape: &[usize]) -> bool {
        self.0.len() == shape.len()
            && self.0.iter().zip(shape).all(|(span, &len)| span.step > 0 && span.end() <= len)
    }
}

impl FromIterator<Span> for Region {
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Region {
        Region(spans.into_iter().collect())
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (axis, span) in self.0.iter().enumerate() {
            let comma = if axis == 0 { "" } else { ", " };
            write!(f, "{comma}{}..{}", span.start, span.end())?;
            if !span.is_contiguous() {
                write!(f, ";{}", span.step)?;
            }
        }
        f.write_str("]")
    }
}

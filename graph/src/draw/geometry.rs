//! Points and sizes, in pixels of the unscaled SVG.

/// A place; `x` grows to the right, `y` downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Point {
    pub(super) const fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    /// The same point moved by (`x`, `y`).
    pub(super) fn moved(self, x: f64, y: f64) -> Point {
        Point::new(self.x + x, self.y + y)
    }

    /// The point mirrored at the diagonal.
    pub(super) fn transposed(self) -> Point {
        Point::new(self.y, self.x)
    }
}

/// Width and height of something.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Size {
    pub(super) const fn new(width: f64, height: f64) -> Size {
        Size { width, height }
    }

    /// Width and height exchanged.
    pub(super) fn transposed(self) -> Size {
        Size::new(self.height, self.width)
    }
}

//! [`Colormap`]: from numbers to colours.

use colorous::Gradient;

/// From numbers to colours, by their usual names. `…Reversed` runs the other way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Colormap {
    /// Black to white.
    Gray,
    /// Dark blue over green to yellow; told apart by everybody, also in grey.
    #[default]
    Viridis,
    /// Black over violet to pale yellow.
    Magma,
    /// Black over red to yellow.
    Inferno,
    /// Blue over violet to yellow.
    Plasma,
    /// Dark blue to yellow, for readers who see few colours.
    Cividis,
    /// Blue over green to red, of more even lightness than rainbows are.
    Turbo,
    /// Red over white to blue: for what differs from a middle.
    RdBu,
    /// Blue over white to red: cold to warm.
    RdBuReversed,
    /// White to dark blue.
    Blues,
    /// White to dark red.
    Reds,
    /// White to dark green.
    Greens,
    /// Red over yellow to blue.
    Spectral,
}

impl Colormap {
    fn gradient(self) -> Option<Gradient> {
        Some(match self {
            Colormap::Gray => return None,
            Colormap::Viridis => colorous::VIRIDIS,
            Colormap::Magma => colorous::MAGMA,
            Colormap::Inferno => colorous::INFERNO,
            Colormap::Plasma => colorous::PLASMA,
            Colormap::Cividis => colorous::CIVIDIS,
            Colormap::Turbo => colorous::TURBO,
            Colormap::RdBu | Colormap::RdBuReversed => colorous::RED_BLUE,
            Colormap::Blues => colorous::BLUES,
            Colormap::Reds => colorous::REDS,
            Colormap::Greens => colorous::GREENS,
            Colormap::Spectral => colorous::SPECTRAL,
        })
    }

    /// The colour of a number from 0 to 1; others are cut off there.
    pub fn color(self, at: f64) -> [u8; 3] {
        let at = at.clamp(0.0, 1.0);
        let at = if self == Colormap::RdBuReversed { 1.0 - at } else { at };
        match self.gradient() {
            Some(gradient) => gradient.eval_continuous(at).into_array(),
            None => [(at * 255.0).round() as u8; 3],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_run_from_end_to_end() {
        assert_eq!(Colormap::Gray.color(0.0), [0; 3]);
        assert_eq!(Colormap::Gray.color(2.0), [255; 3]);
        let [cold, warm] = [0.0, 1.0].map(|at| Colormap::RdBuReversed.color(at));
        assert!(cold[2] > cold[0] && warm[0] > warm[2], "{cold:?} {warm:?}");
        assert_eq!(Colormap::RdBu.color(0.0), warm);
    }
}

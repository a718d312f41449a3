//! Fourier transforms along axes of arrays.
//!
//! A transformed axis is one chunk: an array that is cut along it is cut otherwise first, so that a
//! task holds the whole length of the axis. Each task transforms one chunk along all axes that are
//! asked for, lane by lane (`pass.rs`).

mod functions;
mod kind;
mod node;
mod options;
mod pass;
mod sample;
mod shift;

pub use functions::{
    fft, fft_with, fft2, fftn, fftn_with, hfft, hfft_with, ifft, ifft_with, ifft2, ifftn,
    ifftn_with, ihfft, ihfft_with, irfft, irfft_with, irfft2, irfftn, irfftn_with, rfft, rfft_with,
    rfft2, rfftn, rfftn_with,
};
pub use kind::{FftFloat, Signal};
pub use options::{FftNorm, FftOptions, FftnOptions};
pub use sample::{fftfreq, rfftfreq};
pub use shift::{fftshift, ifftshift};

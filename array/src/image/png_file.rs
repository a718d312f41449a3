//! Images as PNG files.

use super::picture::Image;
use crate::error::ArrayError;
use chunkwise_graph::draw::write_whole;
use std::io;
use std::path::Path;

impl Image {
    /// Writes a PNG file, which appears whole or not at all.
    ///
    /// # Errors
    /// [`ArrayError::Storage`] if it cannot be written; an image without pixels is no file.
    pub fn write_png(&self, path: impl AsRef<Path>) -> Result<(), ArrayError> {
        let path = path.as_ref();
        self.encoded()
            .and_then(|bytes| write_whole(path, &bytes))
            .map_err(|source| ArrayError::storage(path.display().to_string(), source.into()))
    }

    fn encoded(&self) -> io::Result<Vec<u8>> {
        let side = |n: usize| u32::try_from(n).map_err(io::Error::other);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, side(self.width)?, side(self.height)?);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgb)?;
        writer.finish()?;
        Ok(bytes)
    }
}

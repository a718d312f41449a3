//! Images as PNG files.

use super::picture::Image;
use crate::error::ArrayError;
use std::io::{self, BufWriter, Write};
use std::path::Path;

impl Image {
    /// Writes a PNG file, which appears whole or not at all.
    ///
    /// # Errors
    /// [`ArrayError::Storage`] if it cannot be written; an image without pixels is no file.
    pub fn write_png(&self, path: impl AsRef<Path>) -> Result<(), ArrayError> {
        let path = path.as_ref();
        self.place(path)
            .map_err(|source| ArrayError::storage(path.display().to_string(), source.into()))
    }

    fn place(&self, path: &Path) -> io::Result<()> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut file = tempfile::Builder::new().prefix(".chunkwise-").tempfile_in(folder)?;
        self.encode(BufWriter::new(file.as_file_mut()))?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }

    fn encode(&self, out: impl Write) -> io::Result<()> {
        let side = |n: usize| u32::try_from(n).map_err(io::Error::other);
        let mut encoder = png::Encoder::new(out, side(self.width)?, side(self.height)?);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgb)?;
        Ok(writer.finish()?)
    }
}

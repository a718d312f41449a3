//! [`SpilledValue`]: a value on disk, written and read by its codec.

use super::{Extent, Spill, SpillError};
use chunkwise_graph::{Error, Frames, FramesRef, TypeInfo, Value};

/// A value of a task that is on disk: its header in memory, its buffers in one extent.
#[derive(Clone, Debug)]
pub struct SpilledValue {
    info: &'static TypeInfo,
    header: Vec<u8>,
    lens: Vec<usize>,
    extent: Extent,
    nbytes: usize,
}

impl Spill {
    /// Writes a value to disk, through the codec of its type. The value itself stays with the
    /// caller, who drops it to free its memory.
    ///
    /// ```
    /// use chunkwise_graph::Value;
    /// use chunkwise_memory::{Spill, SpillOptions};
    /// let spill = Spill::new(SpillOptions::default());
    /// let spilled = spill.write_value(&Value::new(vec![1.5f64; 1000]))?;
    /// assert_eq!(spilled.read()?.get::<Vec<f64>>()?, &[1.5; 1000]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// - [`SpillError::NoCodec`] if the type has none.
    /// - [`SpillError::Codec`] if the codec fails.
    /// - What [`Spill::write`] gives.
    pub fn write_value(&self, value: &Value) -> Result<SpilledValue, SpillError> {
        let mut frames = Frames::default();
        value.encode(&mut frames).map_err(codec_error)?;
        let buffers: Vec<&[u8]> = frames.buffers.iter().map(|buffer| (**buffer).as_ref()).collect();
        let (extent, lens) = (self.write(&buffers)?, buffers.iter().map(|b| b.len()).collect());
        let (info, nbytes) = (value.info(), value.nbytes());
        Ok(SpilledValue { info, header: frames.header, lens, extent, nbytes })
    }
}

impl SpilledValue {
    /// Reads the value back.
    ///
    /// # Errors
    /// - [`SpillError::Codec`] if the codec makes nothing of the bytes.
    /// - What [`Extent::read_at`] gives.
    ///
    /// # Complexity
    /// Memory for the value and once more for its buffers.
    pub fn read(&self) -> Result<Value, SpillError> {
        let mut offset = 0;
        let mut buffers: Vec<Vec<u8>> = Vec::with_capacity(self.lens.len());
        for &len in &self.lens {
            let mut buffer = vec![0; len];
            self.extent.read_at(offset, &mut buffer)?;
            offset += len as u64;
            buffers.push(buffer);
        }
        let buffers: Vec<&[u8]> = buffers.iter().map(Vec::as_slice).collect();
        let value = self.info.decode(FramesRef::new(&self.header, &buffers));
        let type_name = self.info.name();
        value.map_err(|source| SpillError::Codec { type_name, source: source.into() })
    }

    /// Bytes of the value as it was in memory.
    pub fn nbytes(&self) -> usize {
        self.nbytes
    }

    /// What is known of the value's type.
    pub fn info(&self) -> &'static TypeInfo {
        self.info
    }

    /// Where its buffers are.
    pub fn extent(&self) -> &Extent {
        &self.extent
    }
}

fn codec_error(error: Error) -> SpillError {
    match error {
        Error::NoCodec { type_name } => SpillError::NoCodec { type_name },
        Error::Codec { type_name, source } => SpillError::Codec { type_name, source },
        other => SpillError::Codec { type_name: "a value", source: std::sync::Arc::new(other) },
    }
}

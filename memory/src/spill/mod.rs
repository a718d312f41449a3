//! stub
#![allow(missing_docs)]
use chunkwise_graph::{Frames, FramesRef, TypeInfo, Value};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

#[derive(Debug)]
pub enum SpillError {
    Io(std::io::Error),
    Graph(chunkwise_graph::Error),
}
impl From<std::io::Error> for SpillError {
    fn from(e: std::io::Error) -> Self {
        SpillError::Io(e)
    }
}
impl std::fmt::Display for SpillError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}
impl std::error::Error for SpillError {}
#[derive(Clone, Default, Debug)]
pub struct Spill;
pub struct SpilledValue {
    info: &'static TypeInfo,
    header: Vec<u8>,
    lens: Vec<usize>,
    file: Arc<File>,
    nbytes: u64,
}
impl Spill {
    pub fn write_value(&self, value: &Value) -> Result<SpilledValue, SpillError> {
        let mut frames = Frames::default();
        value.encode(&mut frames).map_err(SpillError::Graph)?;
        let file = tempfile::tempfile()?;
        let mut at = 0;
        for b in &frames.buffers {
            let b: &[u8] = (**b).as_ref();
            file.write_all_at(b, at)?;
            at += b.len() as u64;
        }
        Ok(SpilledValue {
            info: value.info(),
            lens: frames.buffers.iter().map(|b| (**b).as_ref().len()).collect(),
            header: frames.header.clone(),
            file: Arc::new(file),
            nbytes: value.nbytes() as u64,
        })
    }
    pub fn write_rate(&self) -> f64 {
        1e9
    }
    pub fn read_rate(&self) -> f64 {
        1e9
    }
}
impl SpilledValue {
    pub fn nbytes(&self) -> u64 {
        self.nbytes
    }
    pub fn read(&self) -> Result<Value, SpillError> {
        let mut at = 0;
        let mut bufs = Vec::new();
        for &l in &self.lens {
            let mut b = vec![0u8; l];
            self.file.read_exact_at(&mut b, at)?;
            at += l as u64;
            bufs.push(b);
        }
        let refs: Vec<&[u8]> = bufs.iter().map(|b| &b[..]).collect();
        self.info
            .decode(FramesRef::new(&self.header, &refs))
            .map_err(|e| SpillError::Io(std::io::Error::other(e.to_string())))
    }
}

//! [`Blob`]: immutable bytes, in memory as long as the budget has room for them, else on disk.

use crate::budget::{Budget, Reclaim, Reservation};
use crate::current::current;
use crate::spill::{Extent, Spill, SpillError};
use crate::sync::{Mutex, RwLock, lock, read, write};
use chunkwise_graph::{BoxError, Buffer, Codec, Data, FramesRef, Value};
use std::fmt;
use std::sync::{Arc, Weak};

/// Immutable bytes that are accounted in a [`Budget`], in memory or on disk. Cheap to clone; the
/// last clone that is dropped frees both.
///
/// While they are in memory, whoever needs the memory can have it: the budget asks, and the bytes
/// are written out. If that fails they stay where they are, and [`Blob::failure`] says why.
///
/// ```
/// use chunkwise_memory::{Blob, Budget, Spill, SpillOptions};
/// let (budget, spill) = (Budget::new(10), Spill::new(SpillOptions::default()));
/// let blob = Blob::new(b"12345678".to_vec(), &budget, &spill)?;
/// assert!(blob.is_in_memory());
/// let sum = budget.reserve(8, "a sum")?;   // asks the blob to go
/// assert!(!blob.is_in_memory());
/// let mut bytes = [0; 2];
/// blob.read_at(3, &mut bytes)?;
/// assert_eq!(&bytes, b"45");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Blob {
    inner: Arc<Inner>,
}

struct Inner {
    len: u64,
    /// Where ranges start that are read alone.
    cuts: Arc<[u64]>,
    spill: Spill,
    place: RwLock<Place>,
    /// Held while the bytes are written; why that last failed.
    failure: Mutex<Option<SpillError>>,
}

enum Place {
    Memory(Arc<Resident>),
    Disk(Extent),
}

/// Bytes in memory, and what counts them.
struct Resident {
    bytes: Vec<u8>,
    reservation: Reservation,
}

impl AsRef<[u8]> for Resident {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Blob {
    /// Of bytes that the caller has: they stay in memory if the budget has room for them, else they
    /// are written at once. Nobody is asked to give back for them.
    ///
    /// # Errors
    /// What [`Spill::write`] gives.
    ///
    /// # Complexity
    /// O(1), or one write.
    pub fn new(bytes: Vec<u8>, budget: &Budget, spill: &Spill) -> Result<Blob, SpillError> {
        let reservation = budget.try_reserve(bytes.capacity() as u64);
        Blob::of(bytes, Arc::default(), reservation, spill)
    }

    /// Of parts, which are put together if they stay in memory, and written uncopied if not.
    ///
    /// # Errors
    /// What [`Spill::write`] gives.
    pub fn from_parts(parts: &[&[u8]], budget: &Budget, spill: &Spill) -> Result<Blob, SpillError> {
        let cuts: Arc<[u64]> = starts(parts.iter().map(|part| part.len() as u64)).collect();
        let len = parts.iter().map(|part| part.len() as u64).sum();
        match budget.try_reserve(len) {
            Some(reservation) => Blob::of(parts.concat(), cuts, Some(reservation), spill),
            None => Ok(Blob::at(len, cuts, Place::Disk(spill.write(parts)?), spill)),
        }
    }

    /// Of bytes that are cut where ranges start that will be read alone, and that `reservation`
    /// counts already; without one they are written.
    pub(crate) fn of(
        bytes: Vec<u8>,
        cuts: Arc<[u64]>,
        reservation: Option<Reservation>,
        spill: &Spill,
    ) -> Result<Blob, SpillError> {
        let len = bytes.len() as u64;
        let Some(reservation) = reservation else {
            let extent = spill.write(&parts(&bytes, &cuts))?;
            return Ok(Blob::at(len, cuts, Place::Disk(extent), spill));
        };
        let budget = reservation.budget().clone();
        let resident = Arc::new(Resident { bytes, reservation });
        let blob = Blob::at(len, cuts, Place::Memory(resident), spill);
        if len > 0 {
            let holder: Weak<Inner> = Arc::downgrade(&blob.inner);
            budget.register(holder);
        }
        Ok(blob)
    }

    fn at(len: u64, cuts: Arc<[u64]>, place: Place, spill: &Spill) -> Blob {
        let (place, spill, failure) = (RwLock::new(place), spill.clone(), Mutex::default());
        Blob { inner: Arc::new(Inner { len, cuts, spill, place, failure }) }
    }

    /// How many bytes there are.
    pub fn len(&self) -> u64 {
        self.inner.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether they are in memory at the moment.
    pub fn is_in_memory(&self) -> bool {
        matches!(*read(&self.inner.place), Place::Memory(_))
    }

    /// Reads the bytes from `offset` on until `into` is full, wherever they are. Others may read
    /// them, or write them out, at the same time.
    ///
    /// # Errors
    /// As [`Extent::read_at`].
    pub fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), SpillError> {
        let place = read(&self.inner.place);
        let resident = match &*place {
            Place::Memory(resident) => resident,
            Place::Disk(extent) => {
                let extent = extent.clone();
                drop(place);
                return extent.read_at(offset, into);
            }
        };
        let (bytes, len) = (into.len() as u64, self.len());
        let end = offset.checked_add(bytes).filter(|&end| end <= len);
        let end = end.ok_or(SpillError::OutOfRange { offset, bytes, len })?;
        into.copy_from_slice(&resident.bytes[offset as usize..end as usize]);
        Ok(())
    }

    /// All bytes, in memory that the caller accounts for.
    ///
    /// # Errors
    /// As [`Blob::read_at`].
    pub fn to_vec(&self) -> Result<Vec<u8>, SpillError> {
        let mut bytes = vec![0; self.len() as usize];
        self.read_at(0, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes the bytes to disk if they are in memory; says how many bytes of the budget that gave
    /// back.
    ///
    /// # Errors
    /// What [`Spill::write`] gives; then they stay in memory.
    pub fn write_out(&self) -> Result<u64, SpillError> {
        self.inner.write_out()
    }

    /// Why the bytes could not be written when the budget last asked for their memory.
    pub fn failure(&self) -> Option<SpillError> {
        lock(&self.inner.failure).clone()
    }

    pub(crate) fn cuts(&self) -> &Arc<[u64]> {
        &self.inner.cuts
    }

    /// What `nbytes` counts of a blob without cuts.
    pub(crate) const HANDLE_BYTES: usize = size_of::<Blob>() + size_of::<Inner>();

    /// For a codec: the bytes themselves if they are in memory, which stay there as long as
    /// somebody holds the buffer, else what is read from disk.
    pub(crate) fn buffer(&self) -> Result<Buffer, SpillError> {
        if let Place::Memory(resident) = &*read(&self.inner.place) {
            return Ok(resident.clone());
        }
        Ok(Arc::new(self.to_vec()?))
    }

    /// For a codec: a buffer that came, in the budget of where it came to.
    pub(crate) fn received(
        frames: FramesRef<'_>,
        buffer: usize,
        cuts: Arc<[u64]>,
    ) -> Result<Blob, BoxError> {
        let len = frames.buffer_len(buffer)?;
        if !cuts.is_sorted() || cuts.last().is_some_and(|&cut| cut > len as u64) {
            return Err("ranges of bytes that overlap".into());
        }
        let budget = current();
        let reservation = budget.try_reserve(len as u64);
        let mut bytes = Vec::with_capacity(len);
        for piece in frames.pieces(buffer)? {
            bytes.extend_from_slice(piece?);
        }
        Ok(Blob::of(bytes, cuts, reservation, budget.spill())?)
    }
}

impl Inner {
    fn write_out(&self) -> Result<u64, SpillError> {
        let mut failure = lock(&self.failure);
        let resident = match &*read(&self.place) {
            Place::Memory(resident) => resident.clone(),
            Place::Disk(_) => return Ok(0),
        };
        let written = self.spill.write(&parts(&resident.bytes, &self.cuts));
        *failure = written.as_ref().err().cloned();
        let before = std::mem::replace(&mut *write(&self.place), Place::Disk(written?));
        drop(before);
        // A buffer on its way to another process keeps the bytes a little longer.
        let last = Arc::into_inner(resident);
        Ok(last.map_or(0, |resident| resident.reservation.bytes()))
    }
}

impl Reclaim for Inner {
    /// Everything or nothing: a blob is in one place. A failure is kept.
    fn reclaim(&self, _bytes: u64) -> u64 {
        self.write_out().unwrap_or(0)
    }
}

/// Where parts start that lie one behind the other.
fn starts(lens: impl Iterator<Item = u64>) -> impl Iterator<Item = u64> {
    lens.scan(0, |end, len| {
        *end += len;
        Some(*end - len)
    })
}

/// Bytes cut at places in ascending order.
fn parts<'a>(bytes: &'a [u8], cuts: &[u64]) -> Vec<&'a [u8]> {
    let (mut rest, mut start) = (bytes, 0);
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    for &cut in cuts {
        let (part, behind) = rest.split_at((cut - start) as usize);
        parts.push(part);
        (rest, start) = (behind, cut);
    }
    parts.push(rest);
    parts
}

/// Numbers as a codec's header has them.
pub(crate) fn to_header(numbers: impl IntoIterator<Item = u64>) -> Vec<u8> {
    numbers.into_iter().flat_map(u64::to_le_bytes).collect()
}

/// The numbers of such a header.
pub(crate) fn of_header(header: &[u8]) -> Result<Vec<u64>, BoxError> {
    let (numbers, rest) = header.as_chunks::<8>();
    if rest.is_empty() {
        Ok(numbers.iter().map(|&number| u64::from_le_bytes(number)).collect())
    } else {
        Err("a header that is no list of numbers".into())
    }
}

impl Data for Blob {
    /// The handle alone: the bytes are counted where they were reserved.
    fn nbytes(&self) -> usize {
        Blob::HANDLE_BYTES + size_of_val(&self.inner.cuts[..])
    }

    const IS_HANDLE: bool = true;

    const CODEC: Option<Codec> = Some(Codec {
        encode: |value, frames| {
            let blob: &Blob = value.downcast_ref().ok_or("it is no blob")?;
            frames.header = to_header(blob.cuts().iter().copied());
            frames.buffers.push(blob.buffer()?);
            Ok(())
        },
        decode: |frames| {
            let cuts = of_header(frames.header)?.into();
            Ok(Value::data(Blob::received(frames, 0, cuts)?))
        },
    });

    fn describe(&self) -> String {
        format!("blob of {}", chunkwise_graph::format_bytes(self.len()))
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.is_in_memory() { "in memory" } else { "on disk" };
        write!(f, "Blob({} bytes, {place})", self.len())
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests {
    use super::*;
    use crate::spill::SpillOptions;
    use chunkwise_graph::Frames;

    fn spill() -> Spill {
        Spill::new(SpillOptions::default())
    }

    #[test]
    fn bytes_stay_in_memory_as_long_as_there_is_room() {
        let (budget, spill) = (Budget::new(100), spill());
        let [a, b] = [1, 2].map(|byte| Blob::new(vec![byte; 60], &budget, &spill).unwrap());
        assert!(a.is_in_memory() && !b.is_in_memory());
        let mine = budget.reserve(100, "a sort").unwrap();
        assert!(!a.is_in_memory());
        assert_eq!(a.to_vec().unwrap(), [1; 60]);
        assert_eq!(b.to_vec().unwrap(), [2; 60]);
        assert!(a.read_at(1, &mut [0; 60]).is_err());
        drop((a, b, mine));
        assert_eq!((budget.used(), budget.peak(), spill.statistics().on_disk), (0, 100, 0));
    }

    #[test]
    fn what_cannot_be_written_stays_and_says_why() {
        let (budget, full) = (Budget::new(100), Spill::new(SpillOptions::default().quota(10)));
        let blob = Blob::new(vec![1; 60], &budget, &full).unwrap();
        assert!(budget.reserve(50, "a sort").is_err());
        assert!(matches!(blob.failure(), Some(SpillError::Quota { .. })));
        assert!(blob.write_out().is_err() && blob.is_in_memory());
        assert_eq!(blob.to_vec().unwrap(), [1; 60]);
        assert_eq!((budget.used(), full.statistics().on_disk), (60, 0));
    }

    #[test]
    fn a_codec_carries_the_bytes_from_both_places() {
        let (budget, spill) = (Budget::new(100), spill());
        for _ in 0..2 {
            let blob = Blob::from_parts(&[&[1; 30], &[2; 50]], &budget, &spill).unwrap();
            let mut frames = Frames::default();
            let value = Value::data(blob.clone());
            value.encode(&mut frames).unwrap();
            let again = frames.with_ref(|frames| value.info().decode(frames)).unwrap();
            let again: &Blob = again.get().unwrap();
            assert_eq!(again.to_vec().unwrap(), blob.to_vec().unwrap());
            assert_eq!(again.cuts(), blob.cuts());
            let _ = budget.try_reserve(100).map(std::mem::forget);
        }
    }

    #[test]
    fn a_hundred_thousand_blobs_are_registered_and_reclaimed() {
        let (budget, spill) = (Budget::new(800_000), spill());
        let blobs: Vec<Blob> = (0..100_000u64)
            .map(|i| Blob::new(i.to_le_bytes().to_vec(), &budget, &spill).unwrap())
            .collect();
        assert_eq!(budget.used(), 800_000);
        for i in 0..100 {
            let _mine = budget.reserve(8 * (i + 1), "a little").unwrap();
        }
        assert!(budget.used() >= 799_000 && blobs[99_999].is_in_memory());
        assert_eq!(blobs[0].to_vec().unwrap(), [0; 8]);
    }

    #[test]
    fn threads_read_while_others_reclaim() {
        let (budget, spill) = (Budget::new(1 << 20), spill());
        let blobs: Vec<Blob> =
            (0..16).map(|i| Blob::new(vec![i; 1 << 16], &budget, &spill).unwrap()).collect();
        std::thread::scope(|scope| {
            let reader = || {
                for (i, blob) in blobs.iter().enumerate().cycle().take(200) {
                    assert!(blob.to_vec().unwrap().iter().all(|&byte| byte == i as u8));
                }
            };
            scope.spawn(reader);
            scope.spawn(reader);
            for i in 1..=16 {
                drop(budget.reserve(i << 16, "more and more").unwrap());
            }
        });
        assert!(blobs.iter().all(|blob| !blob.is_in_memory()));
    }
}

#[cfg(test)]
#[cfg(shuttle)]
mod shuttle_tests {
    use super::*;
    use crate::spill::SpillOptions;

    #[test]
    fn reading_while_two_reclaim() {
        shuttle::check_random(
            || {
                let budget = Budget::new(8);
                let spill = Spill::new(SpillOptions::default());
                let blob = Blob::new(vec![7; 8], &budget, &spill).unwrap();
                let reclaiming = [(); 2].map(|()| {
                    let budget = budget.clone();
                    shuttle::thread::spawn(move || drop(budget.reserve(8, "all").ok()))
                });
                assert_eq!(blob.to_vec().unwrap(), [7; 8]);
                for thread in reclaiming {
                    thread.join().unwrap();
                }
                assert_eq!(blob.to_vec().unwrap(), [7; 8]);
                assert!(!blob.is_in_memory());
                assert_eq!(budget.used(), 0);
            },
            1000,
        );
    }
}

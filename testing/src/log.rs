//! [`Log`]: a list of numbers that several processes add to.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::HashMap;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

/// Numbers in the order in which they were added, by whatever process: a file that every process
/// appends to. Clones, and copies that travelled as serde values, are the same log; the file goes
/// with the last one in the process that made it.
///
/// ```
/// use chunkwise_testing::Log;
/// let log = Log::new();
/// log.add(7);
/// assert_eq!(log.all(), [7]);
/// ```
#[derive(Clone)]
pub struct Log {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    /// In append mode: a short write lands whole, whoever else writes.
    file: File,
    /// What was read of it so far.
    known: Mutex<Vec<u64>>,
    /// Removes the file, in the process that made it.
    _made: Option<tempfile::TempPath>,
}

/// The logs of this process, so that each is opened once.
static OPEN: LazyLock<Mutex<HashMap<PathBuf, Weak<Shared>>>> = LazyLock::new(Mutex::default);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Log {
    /// Without numbers.
    ///
    /// # Panics
    /// If there is no temporary file to be had.
    #[allow(clippy::new_without_default, reason = "it makes a file")]
    pub fn new() -> Log {
        let made = tempfile::Builder::new().prefix("chunkwise-log-").tempfile();
        let made = made.expect("there is room for a temporary file").into_temp_path();
        let path = made.to_path_buf();
        let shared = Shared::open(path.clone(), Some(made)).expect("a new file can be opened");
        let shared = Arc::new(shared);
        lock(&OPEN).insert(path, Arc::downgrade(&shared));
        Log { shared }
    }

    /// The log that another copy calls by this path.
    ///
    /// # Errors
    /// If there is no such file any longer.
    pub fn at(path: &Path) -> io::Result<Log> {
        let mut open = lock(&OPEN);
        if let Some(shared) = open.get(path).and_then(Weak::upgrade) {
            return Ok(Log { shared });
        }
        let shared = Arc::new(Shared::open(path.to_path_buf(), None)?);
        open.insert(path.to_path_buf(), Arc::downgrade(&shared));
        Ok(Log { shared })
    }

    /// What the other copies find it by.
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    /// Adds a number.
    ///
    /// # Panics
    /// If the disk is full.
    pub fn add(&self, number: u64) {
        (&self.shared.file).write_all(&number.to_le_bytes()).expect("there is room for 8 bytes");
    }

    /// Everything that was added so far, in that order.
    ///
    /// # Panics
    /// If the file cannot be read.
    pub fn all(&self) -> Vec<u64> {
        let mut all = Vec::new();
        self.after(0, |number| all.push(number));
        all
    }

    /// Visits what was added after the first `n` numbers, and gives how many there are now.
    ///
    /// # Panics
    /// If the file cannot be read.
    pub fn after(&self, n: usize, visit: impl FnMut(u64)) -> usize {
        let mut known = lock(&self.shared.known);
        read_on(&self.shared.file, &mut known).expect("an open file can be read");
        known[n..].iter().copied().for_each(visit);
        known.len()
    }
}

impl Shared {
    fn open(path: PathBuf, made: Option<tempfile::TempPath>) -> io::Result<Shared> {
        let file = OpenOptions::new().read(true).append(true).open(&path)?;
        Ok(Shared { path, file, known: Mutex::default(), _made: made })
    }
}

fn read_on(file: &File, known: &mut Vec<u64>) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let n_read = file.read_at(&mut buffer, known.len() as u64 * 8)?;
        // A number that is being written comes whole the next time.
        let (numbers, _) = buffer[..n_read].as_chunks();
        known.extend(numbers.iter().copied().map(u64::from_le_bytes));
        if n_read < buffer.len() {
            return Ok(());
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let mut open = lock(&OPEN);
        // Unless it was opened anew since the last copy went.
        if open.get(&self.path).is_some_and(|known| known.strong_count() == 0) {
            open.remove(&self.path);
        }
    }
}

impl Serialize for Log {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.shared.path.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Log {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Log, D::Error> {
        let path = PathBuf::deserialize(deserializer)?;
        Log::at(&path).map_err(serde::de::Error::custom)
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Log({})", self.shared.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn numbers_come_in_order_and_from_every_thread() {
        let log = Log::new();
        thread::scope(|scope| {
            for thread in 0..4 {
                let log = log.clone();
                scope.spawn(move || (0..1000).for_each(|i| log.add(thread * 1000 + i)));
            }
        });
        let mut all = log.all();
        for thread in 0..4 {
            let own = all.iter().filter(|number| **number / 1000 == thread);
            assert!(own.is_sorted());
        }
        all.sort_unstable();
        assert_eq!(all, (0..4000).collect::<Vec<u64>>());
    }

    #[test]
    fn a_copy_that_travelled_is_the_same_log_and_the_file_goes_with_the_last() {
        let log = Log::new();
        let path = log.path().to_path_buf();
        let there: Log = postcard::from_bytes(&postcard::to_stdvec(&log).unwrap()).unwrap();
        assert!(Arc::ptr_eq(&log.shared, &there.shared));
        drop(log);
        there.add(1);
        assert!(path.exists());
        drop(there);
        assert!(!path.exists());
        assert!(Log::at(&path).is_err());
        assert!(!lock(&OPEN).contains_key(&path));
    }

    #[test]
    fn what_another_process_adds_is_seen() {
        // What another process does: it opens the file by its path, and knows of nothing else.
        let log = Log::new();
        let elsewhere = Shared::open(log.path().to_path_buf(), None).unwrap();
        let elsewhere = Log { shared: Arc::new(elsewhere) };
        elsewhere.add(3);
        log.add(4);
        assert_eq!(log.all(), [3, 4]);
        assert_eq!(elsewhere.all(), [3, 4]);
        drop(elsewhere);
        assert!(log.path().exists());
    }
}

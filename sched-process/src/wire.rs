//! Messages over a socket: what is said, as postcard, then raw bytes that belong to it.
//!
//! `u32` length of what is said, `u64` length of the bytes, both little-endian; then the two.

use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, recv, send};
use serde::{Serialize, de::DeserializeOwned};
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

const PREFIX: usize = 12;

/// Longer messages are no messages of ours: the other side has lost its mind.
const MAX_SAID: usize = 1 << 30;

/// How long to look again and again for what is about to come, before one goes to sleep.
pub(crate) const AWAKE: Duration = Duration::from_micros(50);

/// Whether to wait until the socket is ready.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wait {
    Yes,
    No,
}

/// The end of a socket that messages come out of.
pub(crate) struct Inlet {
    socket: Arc<OwnedFd>,
    /// What has come and was not read lies in `at..end`; the rest is room, which need not be cleared
    /// anew each time.
    buffer: Vec<u8>,
    at: usize,
    end: usize,
}

impl Inlet {
    pub(crate) fn new(socket: Arc<OwnedFd>) -> Inlet {
        Inlet { socket, buffer: Vec::new(), at: 0, end: 0 }
    }

    /// Reads what has come; `false` if the other side has closed the socket.
    pub(crate) fn read(&mut self, wait: Wait) -> io::Result<bool> {
        let (mut wait, before) = (wait, self.end);
        loop {
            self.make_room();
            let room = self.buffer.len() - self.end;
            let flags = match wait {
                Wait::Yes => RecvFlags::empty(),
                Wait::No => RecvFlags::DONTWAIT,
            };
            match recv(&*self.socket, &mut self.buffer[self.end..], flags) {
                // What came before the end counts; the end is seen again.
                Ok((0, _)) => return Ok(self.end > before),
                Ok((n, _)) => {
                    self.end += n;
                    if n < room {
                        return Ok(true);
                    }
                    // There may be more, which is not waited for.
                    wait = Wait::No;
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(true),
                Err(Errno::CONNRESET | Errno::PIPE) => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Makes room for as much as the message that has begun to come still lacks, and more.
    fn make_room(&mut self) {
        const AT_ONCE: usize = 1 << 16;
        let come = self.end - self.at;
        let missing = self.lengths().map_or(0, |(said, blob)| {
            PREFIX.saturating_add(said).saturating_add(blob).saturating_sub(come)
        });
        // A length that cannot be is found out when the message is read.
        let room = missing.clamp(AT_ONCE, 2 * MAX_SAID);
        if self.buffer.len() < self.end + room {
            self.buffer.resize(self.end + room, 0);
        }
    }

    fn lengths(&self) -> Option<(usize, usize)> {
        let (prefix, _) = self.buffer[self.at..self.end].split_first_chunk::<PREFIX>()?;
        let (said, blob) = prefix.split_first_chunk::<4>()?;
        let blob = <[u8; 8]>::try_from(blob).ok()?;
        Some((u32::from_le_bytes(*said) as usize, u64::from_le_bytes(blob) as usize))
    }

    /// The next message that has come whole.
    pub(crate) fn next<M: DeserializeOwned>(&mut self) -> io::Result<Option<(M, Vec<u8>)>> {
        let Some((said, blob)) = self.lengths() else { return Ok(self.compact()) };
        if said > MAX_SAID || blob > MAX_SAID {
            return Err(io::Error::other("a message of impossible length"));
        }
        let start = self.at + PREFIX;
        if start + said + blob > self.end {
            return Ok(self.compact());
        }
        let (said, blob) = self.buffer[start..start + said + blob].split_at(said);
        let message = postcard::from_bytes(said).map_err(io::Error::other)?;
        let (len, blob) = (said.len() + blob.len(), blob.to_vec());
        self.at = start + len;
        Ok(Some((message, blob)))
    }

    /// Moves what was not read to the front; `None`, for the caller's convenience.
    fn compact<T>(&mut self) -> Option<T> {
        /// Room for more is given back: few messages are so long.
        const MUCH: usize = 1 << 22;
        self.buffer.copy_within(self.at..self.end, 0);
        (self.at, self.end) = (0, self.end - self.at);
        if self.end == 0 && self.buffer.len() > MUCH {
            self.buffer = Vec::new();
        }
        None
    }

    /// Waits for one message; `None` if the other side has closed the socket. For the first `awake`
    /// it looks again and again, letting others run in between: to be woken takes longer than most
    /// messages do.
    pub(crate) fn wait<M: DeserializeOwned>(
        &mut self,
        awake: Duration,
    ) -> io::Result<Option<(M, Vec<u8>)>> {
        let since = (!awake.is_zero()).then(Instant::now);
        loop {
            if let Some(message) = self.next()? {
                return Ok(Some(message));
            }
            let look_again = since.is_some_and(|since| since.elapsed() < awake);
            let wait = if look_again { Wait::No } else { Wait::Yes };
            let before = self.end;
            if !self.read(wait)? {
                return Ok(None);
            }
            if look_again && self.end == before {
                std::thread::yield_now();
            }
        }
    }
}

/// The end of a socket that messages go into.
pub(crate) struct Outlet {
    socket: Arc<OwnedFd>,
    buffer: Vec<u8>,
    /// How much of the buffer is on its way already.
    sent: usize,
}

impl Outlet {
    pub(crate) fn new(socket: Arc<OwnedFd>) -> Outlet {
        Outlet { socket, buffer: Vec::new(), sent: 0 }
    }

    /// Puts a message into the buffer. What cannot be written as postcard cannot be said: none of
    /// our messages is of that kind.
    pub(crate) fn put(&mut self, message: &impl Serialize, blob: &[u8]) -> io::Result<()> {
        let prefix = self.buffer.len();
        self.buffer.resize(prefix + PREFIX, 0);
        let buffer = std::mem::take(&mut self.buffer);
        self.buffer = postcard::to_extend(message, buffer).map_err(io::Error::other)?;
        let said = self.buffer.len() - prefix - PREFIX;
        self.buffer[prefix..prefix + 4].copy_from_slice(&(said as u32).to_le_bytes());
        let blob_len = (blob.len() as u64).to_le_bytes();
        self.buffer[prefix + 4..prefix + PREFIX].copy_from_slice(&blob_len);
        self.buffer.extend_from_slice(blob);
        Ok(())
    }

    /// Whether something is left in the buffer.
    pub(crate) fn is_pending(&self) -> bool {
        self.sent < self.buffer.len()
    }

    /// Sends what is in the buffer, or as much of it as the socket takes without waiting.
    pub(crate) fn flush(&mut self, wait: Wait) -> io::Result<()> {
        let flags = match wait {
            Wait::Yes => SendFlags::NOSIGNAL,
            Wait::No => SendFlags::NOSIGNAL | SendFlags::DONTWAIT,
        };
        while self.is_pending() {
            match send(&*self.socket, &self.buffer[self.sent..], flags) {
                Ok(n) => self.sent += n,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        self.buffer.clear();
        self.sent = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::os::unix::net::UnixStream;

    fn pair() -> (Outlet, Inlet) {
        let (a, b) = UnixStream::pair().unwrap();
        (Outlet::new(Arc::new(a.into())), Inlet::new(Arc::new(b.into())))
    }

    proptest! {
        #[test]
        fn messages_come_as_they_went(
            messages in prop::collection::vec(
                (any::<String>(), prop::collection::vec(any::<u8>(), 0..5000)), 0..40
            ),
            at_once in 1usize..10,
        ) {
            let (mut outlet, mut inlet) = pair();
            let mut got = Vec::new();
            for some in messages.chunks(at_once) {
                for (said, blob) in some {
                    outlet.put(said, blob).unwrap();
                }
                while outlet.is_pending() {
                    outlet.flush(Wait::No).unwrap();
                    prop_assert!(inlet.read(Wait::No).unwrap());
                    while let Some(message) = inlet.next::<String>().unwrap() {
                        got.push(message);
                    }
                }
            }
            prop_assert_eq!(got, messages);
            drop(outlet);
            prop_assert!(inlet.wait::<String>(Duration::ZERO).unwrap().is_none());
        }
    }

    #[test]
    fn large_messages_come_through() {
        let (mut outlet, mut inlet) = pair();
        let blob: Vec<u8> = (0..3_000_000u32).map(|i| i as u8).collect();
        let expected = blob.clone();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                outlet.put(&1u8, &blob).unwrap();
                outlet.flush(Wait::Yes).unwrap();
            });
            assert!(inlet.wait::<u8>(Duration::from_millis(1)).unwrap() == Some((1, expected)));
        });
    }

    #[test]
    fn nonsense_is_an_error() {
        let (a, b) = UnixStream::pair().unwrap();
        let a: Arc<OwnedFd> = Arc::new(a.into());
        send(&*a, &[0xff; 40], SendFlags::empty()).unwrap();
        let mut inlet = Inlet::new(Arc::new(b.into()));
        assert!(inlet.wait::<u8>(Duration::ZERO).is_err());
    }
}

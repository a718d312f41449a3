//! File descriptors, from the parent to a new worker: its control socket and the shared memory.

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, OwnedFd};

/// Descriptors travel with at least one byte.
const BYTE: u8 = b'w';

pub(crate) fn send(
    socket: BorrowedFd<'_>,
    control: BorrowedFd<'_>,
    arena: BorrowedFd<'_>,
) -> io::Result<()> {
    let descriptors = [control, arena];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    ancillary.push(SendAncillaryMessage::ScmRights(&descriptors));
    sendmsg(socket, &[IoSlice::new(&[BYTE])], &mut ancillary, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// The control socket and the shared memory.
pub(crate) fn receive(socket: &OwnedFd) -> io::Result<(OwnedFd, OwnedFd)> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0u8];
    let flags = RecvFlags::CMSG_CLOEXEC;
    recvmsg(socket, &mut [IoSliceMut::new(&mut byte)], &mut ancillary, flags)?;
    let mut descriptors = ancillary.drain().flat_map(|message| match message {
        RecvAncillaryMessage::ScmRights(descriptors) => descriptors.collect::<Vec<_>>(),
        _ => Vec::new(),
    });
    match (descriptors.next(), descriptors.next()) {
        (Some(control), Some(arena)) => Ok((control, arena)),
        _ => Err(io::Error::other("the parent sent no descriptors")),
    }
}

//! How a worker process starts.

use super::current::Current;
use super::outbox::Outbox;
use super::programs::{Programs, load};
use super::queue::Queue;
use super::store::Store;
use super::{Worker, lock};
use crate::arena::Arena;
use crate::descriptors;
use crate::image::{StaticRef, build_id};
use crate::message::{Hello, Parts, Setup};
use crate::own_region::OwnRegion;
use crate::wire::{Inlet, Outlet, Wait};
use chunkwise_graph::{Block, ShipFn};
use rustix::process::{Signal, kill_current_process_group};
use std::io;
use std::os::fd::OwnedFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What parent and worker refer to in the same way if they run the same image. A static and no
/// constant, of which there may be several.
pub(crate) static PROBE: ShipFn = ShipFn::new::<Hello>(|_| Err("it stands for itself".into()));

/// What a worker process does, from its first message to the end of its parent.
pub(crate) fn serve(socket: OwnedFd) -> io::Result<()> {
    let (control, arena) = descriptors::receive(&socket)?;
    let socket = Arc::new(socket);
    let (mut inlet, mut outlet) = (Inlet::new(socket.clone()), Outlet::new(socket));
    let Some((setup, _)) = inlet.wait::<Setup>(Duration::ZERO)? else { return Ok(()) };
    let arena = Arena::open(arena, setup.region_len);
    let region = OwnRegion::new(setup.region, arena.region(setup.region)?, setup.region_len);
    let failed = setup.start_up.as_ref().and_then(|hook| start_up(hook).err());
    let probe = StaticRef::to(&PROBE).map_err(|_| io::Error::other("not in the executable"))?;
    outlet.put(&Hello { build: build_id().to_vec(), probe, failed }, &[])?;
    outlet.flush(Wait::Yes)?;
    let worker = Arc::new(Worker {
        arena,
        region,
        inlet: Mutex::new(inlet),
        outbox: Mutex::new(Outbox::new(outlet)),
        queue: Queue::default(),
        programs: Programs::default(),
        store: Store::default(),
        current: Current::new(),
    });
    worker.run_threads(control, &setup)
}

/// Runs the hook, which is shipped as a kernel.
fn start_up(hook: &Parts) -> Result<(), String> {
    let called = catch_unwind(AssertUnwindSafe(|| {
        let block = Block { number: 0, grid: &[] };
        load(hook)?.call(block, &mut []).map(drop)
    }));
    match called {
        Ok(called) => called.map_err(|error| error.to_string()),
        Err(panic) => Err(chunkwise_graph::panic_message(&*panic)),
    }
}

impl Worker {
    fn run_threads(self: Arc<Worker>, control: OwnedFd, setup: &Setup) -> io::Result<()> {
        let worker = self.clone();
        let control = Arc::new(control);
        thread::Builder::new().name("chunkwise service".into()).spawn(move || {
            let (mut inlet, mut outlet) = (Inlet::new(control.clone()), Outlet::new(control));
            let _ = worker.serve_control(&mut inlet, &mut outlet);
            end_with_everything()
        })?;
        let spawn = |number: u32| {
            let worker = self.clone();
            thread::Builder::new()
                .name(format!("chunkwise task {number}"))
                .stack_size(setup.stack_bytes as usize)
                .spawn(move || worker.work(number))
        };
        let threads = (0..setup.n_threads).map(spawn).collect::<io::Result<Vec<_>>>()?;
        for thread in threads {
            // A thread of ours that panics is a bug; there is nobody left to tell it to.
            if let Ok(result) = thread.join() {
                result?;
            }
        }
        // Nothing is heard from the parent any more, so that it is gone, or wants this to end.
        let _ = lock(&self.outbox).flush();
        Ok(())
    }
}

/// The parent is gone: this process ends, and so does whatever its tasks have started.
fn end_with_everything() -> ! {
    use std::io::Write;
    let _ = std::io::stdout().flush();
    // The group is this worker's own.
    let _ = kill_current_process_group(Signal::KILL);
    std::process::abort()
}

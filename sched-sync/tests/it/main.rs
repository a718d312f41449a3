//! The conformance suite on the synchronous scheduler.

use chunkwise_sched_sync::Synchronous;
use chunkwise_testing::{conformance::Subject, scheduler_conformance};

scheduler_conformance!(synchronous: Subject::one_worker(|| Synchronous));

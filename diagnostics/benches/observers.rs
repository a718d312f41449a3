//! What an observer costs: a chain of 100,000 trivial tasks in the calling thread, watched by
//! nobody, by an observer that does nothing, and by each of ours.

use chunkwise_diagnostics::{LiveResults, Profile, ProgressBar, TermLike};
use chunkwise_graph::{Error, InOrder, Key, Observer, Plan, Run, Scheduler, TaskDict};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::io;
use std::sync::Arc;
use std::time::Duration;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const N: usize = 100_000;

struct Idle;
impl Observer for Idle {}

/// Takes what is drawn and forgets it.
#[derive(Debug)]
struct Void;

impl TermLike for Void {
    fn width(&self) -> u16 {
        80
    }
    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn write_line(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
    fn write_str(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }
    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

fn chain() -> Result<Plan, Error> {
    let mut graph = TaskDict::new();
    graph.value(("x", 0), 0i64);
    for i in 1..N {
        graph.task(("x", i), |x: i64| x + 1, [("x", i - 1)]);
    }
    graph.graph(&[Key::from(("x", N - 1))])?.plan()
}

fn observers(c: &mut Criterion) {
    let plan = chain().unwrap_or_else(|error| panic!("the chain is sound: {error}"));
    let mut group = c.benchmark_group("chain of 100k");
    group.sample_size(20).warm_up_time(Duration::from_millis(300));
    group.measurement_time(Duration::from_secs(2)).throughput(Throughput::Elements(N as u64));
    let mut bench = |name: &str, observer: Option<Arc<dyn Observer>>, after: &dyn Fn()| {
        let run = observer.into_iter().fold(Run::new(), Run::observer);
        group.bench_function(name, |b| {
            b.iter(|| {
                assert!(black_box(InOrder.run(&plan, &run)).is_ok());
                after();
            });
        });
    };
    bench("nobody", None, &|| ());
    bench("one that does nothing", Some(Arc::new(Idle)), &|| ());
    bench("progress bar, hidden", Some(Arc::new(ProgressBar::hidden())), &|| ());
    bench("progress bar, drawn", Some(Arc::new(ProgressBar::on_terminal(Void))), &|| ());
    bench("live results", Some(Arc::new(LiveResults::new())), &|| ());
    let profile = Arc::new(Profile::new());
    bench("profile", Some(profile.clone()), &|| profile.clear());
    let counting = Arc::new(Profile::with_limit(0));
    bench("profile that only counts", Some(counting.clone()), &|| counting.clear());
    group.finish();
}

criterion_group!(benches, observers);
criterion_main!(benches);

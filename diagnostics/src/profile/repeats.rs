//! What was started again: tasks that were lost with their worker process, and those whose values
//! were.

use super::run_profile::RunProfile;
use std::collections::HashMap;

/// Settles when tries ended of whose end nobody told, and when results went that were lost.
///
/// Nobody tells of the end of a task that failed in another process, nor of one that was lost with
/// it: it is over, at the latest, when its worker starts another task, or when it is started again.
/// A result that is made again was gone before. Records come by start.
pub(super) fn settle(run: &mut RunProfile) {
    if !run.records.iter().any(|record| record.is_elsewhere) {
        return;
    }
    // The start of the next try of each task, and of the next task of each worker.
    let mut next_try: HashMap<u32, u64> = HashMap::new();
    let mut next_of_worker: HashMap<u32, u64> = HashMap::new();
    for record in run.records.iter_mut().rev() {
        let again = next_try.insert(record.task, record.start);
        let next = next_of_worker.insert(record.thread, record.start);
        if record.is_finished {
            if let Some(again) = again {
                let released = record.released.map_or(again, |released| released.min(again));
                record.released = Some(released.max(record.end));
            }
        } else if record.is_elsewhere {
            record.is_lost = again.is_some();
            let end = [again, next].into_iter().flatten().fold(record.end, u64::min);
            record.end = end.max(record.start);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::Record;
    use super::super::samples;
    use super::*;

    #[test]
    fn tries_end_where_something_else_begins() {
        let plan = samples::plan(&[vec![], vec![], vec![0, 1]]);
        let made = |task, thread, start, end| Record {
            is_elsewhere: true,
            thread,
            ..samples::record(&plan, task, start, end)
        };
        let open =
            |task, thread, start| Record { is_finished: false, ..made(task, thread, start, 1000) };
        let records = vec![
            made(0, 0, 10, 20), // its value is lost with worker 0
            open(1, 1, 10),     // lost with worker 1, which goes on anew
            open(2, 0, 30),     // lost with worker 0, and then with worker 1
            made(0, 1, 40, 50),
            open(2, 1, 60),
            made(2, 0, 70, 80),
            open(1, 0, 90), // goes on until the end
        ];
        let mut run = samples::run(&plan, records, 1000);
        settle(&mut run);
        let ends: Vec<u64> = run.records.iter().map(|record| record.end).collect();
        assert_eq!(ends, [20, 40, 60, 50, 70, 80, 1000]);
        let lost: Vec<bool> = run.records.iter().map(Record::lost).collect();
        assert_eq!(lost, [false, true, true, false, true, false, false]);
        let released: Vec<_> = run.records.iter().map(|record| record.released).collect();
        assert_eq!(released[0], Some(40));
        assert!(released[1..].iter().all(Option::is_none));
        assert_eq!(run.n_lost(), 3);
    }

    #[test]
    fn threads_of_this_process_lose_nothing() {
        let plan = samples::plan(&[vec![]]);
        let failed = Record { is_finished: false, ..samples::record(&plan, 0, 10, 1000) };
        let mut run = samples::run(&plan, vec![failed, samples::record(&plan, 0, 20, 30)], 1000);
        settle(&mut run);
        assert_eq!((run.records[0].end, run.n_lost()), (1000, 0));
    }
}

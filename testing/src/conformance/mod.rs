//! What every [`Scheduler`] must do, as small cases in a module for each subject.
//!
//! | module | what it checks |
//! |---|---|
//! | [`values`] | the right values for every shape of graph, against slow references |
//! | [`release`] | values go with their last consumer, and nothing is held after a run |
//! | [`errors`] | the first failing task in plan order wins; errors name and keep what happened |
//! | [`faulty`] | tasks that fail, panic, are slow or are cancelled midway leave nothing behind |
//! | [`cancellation`] | tokens before and during a run, and tasks that do not look |
//! | [`nested`] | tasks that compute graphs of their own |
//! | [`observers`] | what observers are told, in which order |
//! | [`concurrency`] | several runs on one scheduler at once |
//! | [`choice`] | every way to choose a scheduler and a plan gives the same values |
//! | [`memory`] | measured peaks are the predicted ones, results keep to their bounds |
//! | [`large`] | a million tasks |
//!
//! The work of the suite's tasks can run in other processes: it is functions without captures, and
//! what they need to know is a serde value ([`TaskGraph::plan_with_state`](crate::TaskGraph)).
//! What tasks tell the test, and the test them, goes through files: [`Alive`](crate::Alive) values,
//! a [`Log`](crate::Log), a [`Flag`](crate::Flag). [`Subject::separate_processes`] says what
//! schedulers of such processes are asked otherwise.

pub mod cancellation;
pub mod choice;
pub mod concurrency;
pub mod errors;
pub mod faulty;
pub mod large;
pub mod memory;
pub mod nested;
pub mod observers;
pub mod release;
pub mod values;

mod subject;

pub use subject::Subject;

#[cfg(doc)]
use chunkwise_graph::Scheduler;

/// Calls a macro with all cases, by module: the only list of them.
#[doc(hidden)]
#[macro_export]
macro_rules! with_scheduler_cases {
    ($callback:ident $($argument:tt)*) => {
        $crate::$callback! {
            [$($argument)*]
            values: no_tasks, no_outputs, one_task, outputs_asked_twice, inner_tasks_as_outputs,
                repeated_arguments, a_diamond, a_chain, a_tree, a_lattice, a_wide_graph,
                dense_layers, random_graphs, random_dicts, random_layers,
                float_sums_have_the_same_bits;
            release: nothing_is_alive_after_a_run, a_value_goes_with_its_last_consumer,
                a_released_value_is_dropped, the_only_consumer_owns_its_input,
                the_last_consumer_owns_its_input, a_result_is_the_callers_alone,
                the_plan_is_let_go;
            errors: the_first_failing_task_wins, a_slow_failure_before_a_fast_one_wins,
                the_source_is_kept, the_site_says_where, panics_become_errors,
                a_value_of_another_type, observers_that_panic, a_scheduler_outlives_failures,
                what_cannot_leave_is_refused, what_has_no_codec_is_refused;
            faulty: every_nth_task_fails, every_nth_task_panics, every_nth_task_is_slow,
                observers_as_faults, layers_with_faults, cancelled_by_a_task,
                cancelled_by_another_thread, cancelled_by_an_observer;
            cancellation: a_token_cancelled_before, a_token_that_is_never_cancelled,
                nothing_starts_afterwards, the_last_task_cancels, tasks_can_ask,
                one_token_stops_several_runs, a_cancelled_scope, a_stuck_task_is_left_behind;
            nested: a_task_computes_a_graph, the_scheduler_is_inherited, three_levels,
                fifty_levels, a_hundred_times_a_hundred, observers_are_inherited,
                the_token_is_inherited, errors_keep_their_sources, panics_keep_their_sources,
                another_scheduler_inside;
            observers: the_sequence_of_a_run, a_run_of_nothing, a_failing_run, a_cancelled_run,
                every_observer_is_told, a_worker_runs_one_task_at_a_time,
                start_and_finish_come_from_the_caller, a_shared_value_is_released_after_all_uses;
            concurrency: many_plans_at_once, one_plan_many_times, failures_stay_apart;
            choice: a_scope, the_default, per_call, every_order, fused_chains, a_wrapped_scheduler;
            memory: the_measured_peak_is_the_predicted_one, only_outputs_are_left,
                results_keep_to_their_bounds;
            large: a_chain_of_a_million, a_tree_of_a_million, a_star_of_a_hundred_thousand;
        }
    };
}

/// Makes a module of tests, one for each case, of a scheduler.
///
/// ```
/// use chunkwise_graph::InOrder;
/// use chunkwise_testing::{conformance::Subject, scheduler_conformance};
/// scheduler_conformance!(in_order: Subject::one_worker(|| InOrder));
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! scheduler_conformance {
    ($name:ident: $subject:expr) => {
        $crate::with_scheduler_cases! { scheduler_tests $name: $subject }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! scheduler_tests {
    ([$name:ident: $subject:expr] $($module:ident: $($case:ident),+;)+) => {
        mod $name {
            #[allow(unused_imports, reason = "what the expression needs, which may be nothing")]
            use super::*;

            $( mod $module {
                #[allow(unused_imports, reason = "as above")]
                use super::*;

                $( #[test]
                fn $case() {
                    $crate::within($crate::LIMIT, || {
                        $crate::conformance::$module::$case(&$subject);
                    });
                } )+
            } )+
        }
    };
}

/// A case of the suite.
pub type Case = fn(&Subject);

#[doc(hidden)]
#[macro_export]
macro_rules! scheduler_case_list {
    ([] $($module:ident: $($case:ident),+;)+) => {
        &[$($(
            (concat!(stringify!($module), "::", stringify!($case)), $module::$case),
        )+)+]
    };
}

/// Every case with its name.
pub const CASES: &[(&str, Case)] = with_scheduler_cases!(scheduler_case_list);

/// Runs every case in turn: for schedulers that are made at run time. Tests use
/// [`scheduler_conformance!`], which reports each case by itself.
///
/// # Panics
/// If a case fails; its name is printed before.
pub fn suite(subject: &Subject) {
    for (name, case) in CASES {
        println!("{name}");
        case(subject);
    }
}

//! Pi from random points: many equal tasks, each with a seed of its own.

use std::f64::consts::PI;

use chunkwise::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::chapter::schedulers::on_each;
use crate::chapter::{ChapterError, Context};
use crate::human::Count;
use crate::report::{Code, Step, Way};

const SOURCE: &str = include_str!("pi.rs");

const N_TASKS: u64 = 32;
const N_POINTS: u64 = 100_000;

/// Of `n` random points in a square, how many lie in the quarter of a circle.
fn inside(seed: u64, n: u64) -> u64 {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut inside = 0;
    for _ in 0..n {
        let (x, y): (f64, f64) = (random.random(), random.random());
        inside += u64::from(x * x + y * y <= 1.0);
    }
    inside
}

fn ratio(inside: Vec<u64>) -> f64 {
    4.0 * inside.iter().sum::<u64>() as f64 / (N_TASKS * N_POINTS) as f64
}

fn pi() -> Delayed<f64> {
    let inside = delayed(inside);
    let counts: Vec<Delayed<u64>> =
        (0..N_TASKS).map(|seed| inside.call((seed, N_POINTS))).collect();
    delayed(ratio).call(counts)
}

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    context.prose(
        "Pi from random points. Each task has a seed of its own, so that the answer depends on \
         neither\nthe scheduler nor the number of threads or processes.",
    )?;
    let code = Code::of(SOURCE, &["inside", "ratio", "pi"]);
    let points = Count(i128::from(N_TASKS * N_POINTS));
    let title = format!("pi from {points} points, in {N_TASKS} tasks");
    let step = Step { ids: "I1", title: &title, code, ..Step::default() };
    let workers = context.workers("I1")?;
    let in_a_loop = Way::new("in a loop", || {
        Ok(ratio((0..N_TASKS).map(|seed| inside(seed, N_POINTS)).collect()))
    });
    let pi = pi();
    let compute = |scheduler: &dyn Scheduler| pi.compute_with(scheduler);
    let found = context
        .compare(step, in_a_loop, on_each(workers.as_ref(), compute), |pi| format!("{pi:.6}"))?;
    context.prose(format!(
        "Off by {:.6}. Tasks that take two numbers and give one take hardly longer in \
         processes\nthan on threads.",
        (found - PI).abs()
    ))
}

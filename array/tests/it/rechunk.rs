use crate::check::{check, computed, cuts};
use chunkwise_array::{
    Array, ChunkSpec, Chunks, CollectionExt, RechunkOptions, plan_rechunk, unify_chunks,
};
use chunkwise_graph::Layer;
use ndarray::ArrayD;
use proptest::prelude::*;
use std::sync::Arc;

/// Sizes of chunks of an axis of this length.
fn sizes_of(len: usize) -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..=len, 0..5).prop_map(move |mut ends| {
        ends.push(len);
        ends.sort_unstable();
        let mut start = 0;
        ends.into_iter().map(|end| end - std::mem::replace(&mut start, end)).collect()
    })
}

fn pair(ndim: usize) -> impl Strategy<Value = Vec<(Vec<usize>, Vec<usize>)>> {
    prop::collection::vec(0usize..20, ndim).prop_flat_map(|lens| {
        lens.into_iter().map(|len| (sizes_of(len), sizes_of(len))).collect::<Vec<_>>()
    })
}

/// What the tasks of the rechunk layers hold at most, and how many dependencies they have, counted
/// task by task.
fn counted(array: &Array<i64>) -> (u64, u64) {
    let (mut peak, mut edges) = (0, 0);
    let mut layers = Vec::new();
    chunkwise_graph::Collection::layers(array, &mut layers);
    let mut stack: Vec<Arc<Layer>> = layers;
    while let Some(layer) = stack.pop() {
        stack.extend(layer.inputs().iter().cloned());
        if !layer.blocks().op_name().starts_with("rechunk") {
            continue;
        }
        let input = &layer.inputs()[0];
        for block in 0..layer.len() {
            let mut deps = Vec::new();
            layer.blocks().deps(block, &mut deps);
            edges += deps.len() as u64;
            let held: u64 = (0..input.len())
                .filter(|block| deps.contains(&chunkwise_graph::Dep::input(0, *block)))
                .map(|block| input.blocks().bytes(block).output.unwrap())
                .sum();
            peak = peak.max(held + layer.blocks().bytes(block).output.unwrap());
        }
    }
    (peak, edges)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_plan_gives_the_same_elements(axes in pair(2), limit in 1u64..4000, max_edges in 1u64..40) {
        let shape: Vec<usize> = axes.iter().map(|(sizes, _)| sizes.iter().sum()).collect();
        let n: usize = shape.iter().product();
        let memory = ArrayD::from_shape_vec(shape, (0..n as i64).collect()).unwrap();
        let from = ChunkSpec::sizes(axes.iter().map(|(sizes, _)| sizes.clone()));
        let to = ChunkSpec::sizes(axes.iter().map(|(_, sizes)| sizes.clone()));
        // Not what is in memory, which is not cut again but cut otherwise.
        let x = Array::from_ndarray(&memory, from).map(|x| x);
        let options = RechunkOptions::DEFAULT.limit_bytes(limit).max_edges(max_edges);
        let again = x.rechunk_with(to.clone(), &options);
        check(&again, &memory);
        let plan = x.plan_rechunk(to.clone(), &options).unwrap();
        if let Some(last) = plan.stages.last() {
            prop_assert_eq!(&last.chunks, again.chunks());
        }
        let (peak, edges) = counted(&again);
        prop_assert_eq!(edges, plan.n_edges());
        // A chunk has some bytes besides its elements.
        let headers = 256 * (edges + 1);
        prop_assert!(peak <= plan.peak_bytes() + headers, "{} {}", peak, plan);
        // More stages never exceed the limits by more than one does.
        let one = x.plan_rechunk(to, &RechunkOptions::DEFAULT).unwrap();
        if one.peak_bytes() <= limit && one.n_edges() <= max_edges {
            prop_assert_eq!(plan, one);
        }
    }

    #[test]
    fn sizes_are_evened_out(cut in cuts(1..3, any::<i32>())) {
        let balanced = cut.array.balance();
        check(&balanced, &cut.memory);
        for (axis, own) in balanced.chunks().axes().iter().zip(cut.array.chunks().axes()) {
            prop_assert!(axis.largest() <= own.largest());
        }
    }
}

#[test]
fn rows_become_columns_in_stages() {
    let x = Array::<f64>::ones([20_000, 20_000], [200, -1]).map(|x| x);
    let one = RechunkOptions::DEFAULT.limit_bytes(u64::MAX);
    let plan = x.plan_rechunk([-1, 200], &one).unwrap();
    assert_eq!(
        plan.to_string(),
        "100 chunks of (20_000, 200): 100 tasks, 10000 dependencies, 3.2 GB a task\n"
    );
    let plan = x.plan_rechunk([-1, 200], &RechunkOptions::DEFAULT).unwrap();
    assert_eq!(
        plan.to_string(),
        "100 chunks of (2_000, 2_000): 100 tasks, 1000 dependencies, 352.0 MB a task\n\
         100 chunks of (20_000, 200): 100 tasks, 1000 dependencies, 352.0 MB a task\n"
    );
    let explained = x.rechunk([-1, 200]).graph().explain().unwrap().to_string();
    assert!(explained.contains("rechunk-stage"), "{explained}");
    let tight = RechunkOptions::DEFAULT.limit_bytes(200 << 20);
    let plan = x.plan_rechunk([-1, 200], &tight).unwrap();
    assert!(plan.peak_bytes() <= 200 << 20 && plan.stages.len() == 3, "{plan}");
    // What cannot be is done as well as it can.
    let plan = x.plan_rechunk([-1, 200], &tight.limit_bytes(1)).unwrap();
    assert!(plan.peak_bytes() < 150 << 20, "{plan}");
    let many = Chunks::regular(&[1_000_000, 1_000_000], &[100, 1_000_000]);
    let plan = plan_rechunk(
        &many,
        &Chunks::regular(&[1_000_000, 1_000_000], &[1_000_000, 100]),
        1,
        &RechunkOptions::DEFAULT,
    );
    assert!(plan.stages.iter().all(|stage| stage.n_edges <= 1 << 22), "{plan}");
}

#[test]
fn some_axes_are_cut() {
    let x = Array::<f64>::ones([100, 80], ChunkSpec::sizes([vec![60, 40], vec![50, 30]]));
    let text = |spec: ChunkSpec| x.rechunk(spec).chunks().to_string();
    assert_eq!(text(ChunkSpec::axis(0, 25)), "8 chunks of (25, 50)");
    assert_eq!(text(ChunkSpec::axis(-1, -1)), "2 chunks of (60, 80)");
    assert_eq!(text(ChunkSpec::axis(0, 50).and_axis(1, 40)), "4 chunks of (50, 40)");
    let error = x.rechunk(ChunkSpec::axis(2, 1)).checked().unwrap_err();
    assert_eq!(error.to_string(), "axis 2 of an array with 2 axes");
    let error = x.rechunk(ChunkSpec::axis(0, 0)).checked().unwrap_err();
    assert!(error.to_string().ends_with("axis 0: chunks of 0 elements"), "{error}");
    let new = Array::<f64>::ones([100, 80], ChunkSpec::axis(0, 10));
    assert_eq!(new.chunks().to_string(), "10 chunks of (10, 80)");
}

#[test]
fn arrays_are_cut_alike() {
    let (x, y) = (Array::<f64>::ones([10, 1], [4, 1]), Array::<f64>::ones([10, 6], [5, 6]));
    let both = unify_chunks(&[&x, &y]);
    assert_eq!(both[0].chunks().axes()[0], both[1].chunks().axes()[0]);
    assert_eq!(both[0].chunks().axes()[0].sizes().unwrap(), [4, 1, 3, 2]);
    assert!(unify_chunks(&[&x, &y.t()]).iter().all(|array| array.checked().is_err()));
}

#[test]
fn neighbours_are_reduced() {
    let x = Array::<i64>::arange(0, 24, 1, 5).reshape([4, 6]).rechunk([3, 4]);
    let sums = x.coarsen(&[2, 3], |x, axes| x.sum_axis(axes));
    assert_eq!(computed(&sums), ndarray::array![[24, 42], [96, 114]].into_dyn());
    let greatest = x.coarsen(&[4, 1], |x, axes| x.max_axis(axes));
    assert_eq!(computed(&greatest), ndarray::array![[18, 19, 20, 21, 22, 23]].into_dyn());
    let error = x.coarsen(&[3, 1], |x, axes| x.sum_axis(axes)).checked().unwrap_err();
    assert_eq!(error.to_string(), "factors: axis 0 of length 4 is no multiple of 3");
    assert!(x.coarsen(&[2], |x, axes| x.sum_axis(axes)).checked().is_err());
}

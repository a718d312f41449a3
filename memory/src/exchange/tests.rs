//! Tests of the exchange: against grouping in a vector, with any budget, as values and as layers.

use super::*;
use crate::{Budget, Compression, Spill, SpillError, SpillOptions, enter};
use chunkwise_graph::{Bounds, Frames, Graph, Held, InOrder, Layer, Name, Run, Scheduler, Value};
use chunkwise_testing::Crossing;
use proptest::prelude::*;

const WIDTH: usize = 16;

/// Records that say which partition they are for in the first four bytes.
fn records(partitions: &[u32], seed: usize) -> Vec<u8> {
    let record = |(i, partition): (usize, &u32)| {
        let mut record = partition.to_le_bytes().to_vec();
        record.extend_from_slice(&((seed * 1_000_003 + i) as u64).to_le_bytes());
        record.extend_from_slice(&[0; 4]);
        record
    };
    partitions.iter().enumerate().flat_map(record).collect()
}

fn partition_of(record: &[u8]) -> u32 {
    u32::from_le_bytes([record[0], record[1], record[2], record[3]])
}

/// The records of each partition, input by input.
fn grouped(inputs: &[Vec<u8>], n_partitions: u32) -> Vec<Vec<u8>> {
    let mut groups = vec![Vec::new(); n_partitions as usize];
    for record in inputs.iter().flat_map(|input| input.chunks_exact(WIDTH)) {
        groups[partition_of(record) as usize].extend_from_slice(record);
    }
    groups
}

fn exchanged(inputs: &[Vec<u8>], n: u32, budget: &Budget, spill: &Spill) -> Exchanged {
    let scatter = |input: &Vec<u8>| {
        let of = |i: usize| partition_of(&input[i * WIDTH..]);
        PartitionedBuilder::new(n, budget, spill).scatter_fixed(input, WIDTH, of).unwrap()
    };
    Exchanged::new(n, inputs.iter().map(scatter).collect()).unwrap()
}

fn contents(exchanged: &Exchanged) -> Vec<Vec<u8>> {
    let partitions = 0..exchanged.n_partitions();
    partitions.map(|j| exchanged.partition(j).unwrap().read_all().unwrap()).collect()
}

fn spill() -> Spill {
    Spill::new(SpillOptions::default())
}

/// For each input the partitions of its records, of `n` partitions; at times all in one.
fn any_inputs() -> impl Strategy<Value = (u32, Vec<Vec<u32>>)> {
    (1u32..40, any::<bool>()).prop_flat_map(|(n, one)| {
        let partition = if one { (n / 2..n / 2 + 1).boxed() } else { (0..n).boxed() };
        let input = prop::collection::vec(partition, 0..300);
        (Just(n), prop::collection::vec(input, 0..8))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn what_comes_out_is_grouped_whatever_the_budget(
        (n, inputs) in any_inputs(),
        limit in prop_oneof![Just(0u64), 0u64..20_000, Just(u64::MAX)],
        n_parts in 1u32..5,
    ) {
        let spill = spill();
        let budget = Budget::new(limit).with_spill(spill.clone());
        let inputs: Vec<Vec<u8>> =
            inputs.iter().enumerate().map(|(i, input)| records(input, i)).collect();
        let wanted = grouped(&inputs, n);
        let exchange = exchanged(&inputs, n, &budget, &spill);
        prop_assert_eq!(&contents(&exchange), &wanted);
        for (j, wanted) in wanted.iter().enumerate() {
            prop_assert_eq!(exchange.partition_bytes(j as u32), wanted.len() as u64);
            let mut pieces = exchange.partition(j as u32).unwrap().pieces();
            let mut all = Vec::new();
            while let Some(piece) = pieces.next_piece().unwrap() {
                prop_assert!(!piece.is_empty());
                all.extend_from_slice(piece);
            }
            prop_assert_eq!(&all, wanted);
            match exchange.partition(j as u32).unwrap().read_reserved(&budget) {
                Ok((bytes, reserved)) => {
                    prop_assert_eq!(&bytes, wanted);
                    prop_assert_eq!(reserved.bytes(), wanted.len() as u64);
                }
                Err(error) => {
                    let out_of_budget = matches!(error, SpillError::OutOfBudget { .. });
                    prop_assert!(out_of_budget && wanted.len() as u64 > limit);
                }
            }
        }
        let largest = (0..n).max_by_key(|&j| exchange.partition_bytes(j)).unwrap();
        let part_of = |record: &[u8]| u32::from(record[4]) % n_parts;
        let split = enter(&budget, || {
            exchange.split_fixed(largest, n_parts, WIDTH, part_of)
        });
        if let Ok(split) = split {
            let mut groups = vec![Vec::new(); n_parts as usize];
            for record in wanted[largest as usize].chunks_exact(WIDTH) {
                groups[part_of(record) as usize].extend_from_slice(record);
            }
            prop_assert_eq!(contents(&split), groups);
        } else {
            prop_assert!(limit < exchange.partition(largest).unwrap().max_piece_bytes());
        }
        prop_assert!(budget.peak() <= limit);
        drop(exchange);
        prop_assert_eq!((budget.used(), spill.statistics().on_disk), (0, 0));
    }

    #[test]
    fn pieces_of_any_length_come_back(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..100), 0..10),
        width in 0usize..40,
        fits: bool,
    ) {
        let spill = spill();
        let budget = Budget::new(if fits { 10_000 } else { 0 }).with_spill(spill.clone());
        let builder = || PartitionedBuilder::new(pieces.len() as u32, &budget, &spill);
        let mut pushing = builder();
        pieces.iter().for_each(|piece| { pushing.push(piece); });
        for partitioned in [builder().from_pieces(&pieces).unwrap(), pushing.finish().unwrap()] {
            prop_assert_eq!(partitioned.blob().is_in_memory(), fits || partitioned.is_empty());
            let mut piece = vec![1; 7];
            for (j, wanted) in pieces.iter().enumerate() {
                partitioned.read_piece(j as u32, &mut piece).unwrap();
                prop_assert_eq!(&piece, wanted);
            }
            prop_assert!(partitioned.read_piece(pieces.len() as u32, &mut piece).is_err());
        }
        let all: Vec<u8> = pieces.concat();
        let scattered = PartitionedBuilder::new(3, &budget, &spill)
            .scatter_fixed(&all, width, |i| (i % 3) as u32);
        match scattered {
            Ok(scattered) => prop_assert_eq!(scattered.len(), all.len() as u64),
            Err(_) => prop_assert!(!all.len().is_multiple_of(width)),
        }
    }
}

#[test]
fn misuse_is_named() {
    let spill = spill();
    let budget = Budget::new(1000).with_spill(spill.clone());
    let builder = || PartitionedBuilder::new(2, &budget, &spill);
    let text = |error: SpillError| error.to_string();
    let error = builder().scatter_fixed(&[0; 8], 4, |i| i as u32 + 1).unwrap_err();
    assert_eq!(text(error), "there is no partition 2, there are 2");
    let error = builder().scatter_fixed(&[0; 7], 4, |_| 0).unwrap_err();
    assert_eq!(text(error), "7 bytes are no whole number of records of 4 bytes");
    let error = builder().from_pieces(&[Vec::new()]).unwrap_err();
    assert_eq!(text(error), "pieces for 1 partitions, of which there are 2");
    let other = PartitionedBuilder::new(3, &budget, &spill).finish().unwrap();
    assert!(Exchanged::new(2, vec![other]).is_err());
    let none = Exchanged::new(0, Vec::new()).unwrap();
    assert!(none.partition(0).is_err());
    assert_eq!(none.partition_bytes(7), 0);
}

#[test]
fn a_partition_is_split_by_a_function_of_pieces() {
    let spill = spill();
    let budget = Budget::new(1 << 20).with_spill(spill.clone());
    let inputs = [records(&[0, 1, 1], 1), records(&[1, 0], 2)];
    let exchange = exchanged(&inputs, 2, &budget, &spill);
    let split = enter(&budget, || {
        exchange.split(1, 2, |mut builder, piece| {
            let (first, rest) = piece.split_at(WIDTH);
            builder.push(first).push(rest);
            builder.finish()
        })
    });
    let lens = contents(&split.unwrap()).iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(lens, [2 * WIDTH, WIDTH]);
}

#[test]
fn codecs_carry_handles_with_their_bytes() {
    let spill = spill();
    let budget = Budget::new(500).with_spill(spill.clone());
    let inputs = [records(&[0, 2, 1], 1), records(&[1; 40], 2), Vec::new()];
    let exchange = exchanged(&inputs, 3, &budget, &spill);
    let value = Value::data(exchange.clone());
    let mut frames = Frames::default();
    value.encode(&mut frames).unwrap();
    let again = frames.with_ref(|frames| value.info().decode(frames)).unwrap();
    assert_eq!(contents(again.get().unwrap()), contents(&exchange));
    assert_eq!(again.nbytes(), value.nbytes());
    assert!(value.nbytes() as u64 <= Exchanged::nbytes_at_most(3, 3));
    for len in 0..frames.header.len() {
        frames.header.truncate(frames.header.len() - len.min(1));
        let decoded = frames.with_ref(|frames| value.info().decode(frames));
        assert!(decoded.is_err() || len == 0);
    }
}

/// Numbers, scattered by their remainder, gathered as sums.
fn layers(n_inputs: u32, n_partitions: u32) -> std::sync::Arc<Layer> {
    let block = |i: u32| Value::new((0..100).map(|x| u64::from(i * 100 + x)).collect::<Vec<u64>>());
    let held = Held::new(vec![n_inputs], (0..n_inputs).map(block).collect());
    let numbers = Layer::new(Name::unique("numbers"), [], held);
    let scatter = Scatter::new(vec![n_inputs], n_partitions, n_partitions, |n: &u32, task| {
        let records: Vec<u8> =
            task.inputs[0].get::<Vec<u64>>()?.iter().flat_map(|x| x.to_le_bytes()).collect();
        let of = |i: usize| u32::from(records[8 * i]) % *n;
        Ok(task.builder().scatter_fixed(&records, 8, of)?)
    });
    let scatter = scatter.scratch(|_| 3 * 800 + 400);
    let scattered = Layer::new(Name::unique("scatter"), [numbers], scatter);
    let gather = Gather::new(n_partitions, (), |(): &(), task: Gathering<'_>| {
        let bytes = task.exchanges[0].partition(task.partition)?.read_all()?;
        let (numbers, _) = bytes.as_chunks::<8>();
        Ok(Value::new(numbers.iter().map(|&x| u64::from_le_bytes(x)).sum::<u64>()))
    });
    let gather = gather.bounds(|_| Bounds::output(8).with_scratch(10_000));
    Layer::new(Name::unique("gather"), [barrier(&scattered, n_partitions)], gather)
}

#[test]
fn layers_run_here_and_in_other_processes_with_few_tasks() {
    let layer = layers(6, 5);
    let mut graph = Graph::new([&layer]);
    graph.want(&(0..5).map(|j| layer.key(j)).collect::<Vec<_>>()).unwrap();
    let plan = graph.plan().unwrap();
    assert_eq!(plan.len(), 6 + 6 + 1 + 5);
    let wanted: Vec<u64> =
        (0..5u64).map(|j| (0..600u64).filter(|x| (x % 256) % 5 == j).sum()).collect();
    for limit in [0, 1000, u64::MAX] {
        let spill = spill();
        let budget = Budget::new(limit).with_spill(spill.clone());
        for scheduler in [&InOrder as &dyn Scheduler, &Crossing] {
            let values = enter(&budget, || scheduler.run(&plan, &Run::new())).unwrap();
            let sums: Vec<u64> = values.iter().map(|value| *value.get().unwrap()).collect();
            assert_eq!(sums, wanted);
            assert_eq!((budget.used(), spill.statistics().on_disk), (0, 0));
            assert!(budget.peak() <= limit);
        }
    }
}

/// Set for the child of the next test: where it spills.
const CHILD: &str = "CHUNKWISE_SPILLING_CHILD";

#[cfg(target_os = "linux")]
#[test]
fn a_killed_process_leaves_no_file() {
    use std::io::Read;
    if let Some(folder) = std::env::var_os(CHILD) {
        let options = SpillOptions::default().folder(folder).compression(Compression::Never);
        let (budget, spill) = (Budget::new(0), Spill::new(options));
        let _exchange = exchanged(&[records(&[0; 100_000], 1)], 1, &budget, &spill);
        println!("spilled {}", spill.statistics().on_disk);
        std::thread::sleep(std::time::Duration::from_secs(60));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["a_killed_process_leaves_no_file", "--nocapture"])
        .env(CHILD, folder.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = Vec::new();
    let mut stdout = child.stdout.take().unwrap();
    let mut byte = [0];
    while !told.ends_with(b"spilled 1600000") {
        stdout.read_exact(&mut byte).expect("the child says that it has spilled");
        told.push(byte[0]);
    }
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

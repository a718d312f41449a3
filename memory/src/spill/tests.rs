//! Tests of writing and reading: any parts, any ranges, quotas, damage, threads.

use super::*;
use chunkwise_graph::Value;
use proptest::prelude::*;
use std::error::Error;

fn spill(compression: Compression) -> Spill {
    Spill::new(SpillOptions::default().compression(compression))
}

/// Bytes of which LZ4 makes about a third.
fn text(len: usize) -> Vec<u8> {
    (0..len as u64).flat_map(|i| (i * i / 7).to_le_bytes()).take(len).collect()
}

fn noise(len: usize) -> Vec<u8> {
    let mut state = 1u64;
    let step = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    (0..len).map(step).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn any_range_of_any_parts_is_read_back(
        lens in prop::collection::vec(0usize..300_000, 0..6),
        ranges in prop::collection::vec((0.0..1.0f64, 0.0..1.0f64), 1..8),
        which in 0..3usize,
        noisy: bool,
    ) {
        let spill = spill([Compression::Auto, Compression::Never, Compression::Always][which]);
        let parts: Vec<Vec<u8>> =
            lens.iter().map(|&len| if noisy { noise(len) } else { text(len) }).collect();
        let all = parts.concat();
        let slices: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        let extent = spill.write(&slices).unwrap();
        prop_assert_eq!(extent.len(), all.len() as u64);
        prop_assert_eq!(extent.stored(), spill.statistics().on_disk);
        for (a, b) in ranges {
            let [a, b] = [a.min(b), a.max(b)].map(|x| (x * all.len() as f64) as usize);
            let mut into = vec![0; b - a];
            extent.read_at(a as u64, &mut into).unwrap();
            prop_assert_eq!(&into[..], &all[a..b]);
        }
        let beyond = extent.read_at(1, &mut vec![0; all.len()]);
        let out_of_range = matches!(beyond, Err(SpillError::OutOfRange { .. }));
        prop_assert!(out_of_range);
        drop(extent);
        prop_assert_eq!(spill.statistics().on_disk, 0);
    }
}

#[test]
fn what_does_not_shrink_is_not_compressed() {
    let always = spill(Compression::Always);
    let (a, b) =
        (always.write(&[&text(1 << 20)]).unwrap(), always.write(&[&noise(1 << 20)]).unwrap());
    assert!(a.stored() < 900_000, "{a:?}");
    assert_eq!(b.stored(), 1 << 20);
    let statistics = always.statistics();
    assert_eq!((statistics.written, statistics.written_stored), (2 << 20, a.stored() + b.stored()));
}

#[test]
fn a_quota_counts_living_bytes_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let options = SpillOptions::default().folder(folder.path()).quota(1000);
    let spill = Spill::new(options);
    let extent = spill.write(&[&[1; 600]]).unwrap();
    let error = spill.write(&[&[2; 500]]).unwrap_err();
    let text = error.to_string().replace(&folder.path().display().to_string(), "FOLDER");
    assert_eq!(
        text,
        "500 B more do not fit on disk in FOLDER, where 600 B of the quota of 1.0 kB are used: \
         raise the quota, or the memory limit"
    );
    let kept = extent.clone();
    drop(extent);
    assert!(spill.write(&[&[2; 500]]).is_err());
    drop(kept);
    let statistics = spill.statistics();
    assert_eq!((statistics.on_disk, statistics.peak_on_disk), (0, 600));
    assert!(spill.write(&[&[2; 1000]]).is_ok());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn nothing_touches_the_disk_before_the_first_write() {
    let spill = Spill::new(SpillOptions::default().folder("no/such/folder"));
    assert!(spill.write(&[]).unwrap().is_empty());
    let error = spill.write(&[b"x"]).unwrap_err();
    assert!(matches!(error, SpillError::Create { .. }) && error.source().is_some(), "{error}");
    assert_eq!(spill.statistics().on_disk, 0);
}

#[test]
fn a_full_disk_leaves_nothing_counted() {
    let full = |kind: std::io::ErrorKind| {
        let spill = spill(Compression::Never);
        let room = spill.shared.reserve(10).unwrap();
        room.write_error(kind.into())
    };
    for kind in [std::io::ErrorKind::StorageFull, std::io::ErrorKind::QuotaExceeded] {
        let error = full(kind);
        assert!(matches!(error, SpillError::DiskFull { bytes: 10, used: 0, .. }), "{error}");
    }
    assert!(matches!(full(std::io::ErrorKind::Other), SpillError::Write { .. }));
}

#[test]
fn damage_is_an_error() {
    for (compression, at) in [(Compression::Never, 300_000), (Compression::Always, 30_000)] {
        let spill = spill(compression);
        let data = text(500_000);
        let extent = spill.write(&[&data]).unwrap();
        extent.damage(at);
        let error = extent.read_at(0, &mut vec![0; 500_000]).unwrap_err();
        assert!(matches!(error, SpillError::Corrupt { .. }), "{error}");
    }
}

#[test]
fn a_file_that_became_shorter_is_an_error() {
    let spill = spill(Compression::Never);
    let extent = spill.write(&[&[1; 100]]).unwrap();
    extent.truncate(50);
    let error = extent.read_at(0, &mut [0; 100]).unwrap_err();
    assert!(matches!(error, SpillError::Read { bytes: 100, .. }), "{error}");
}

#[test]
fn threads_write_at_the_same_time() {
    let spill = spill(Compression::Auto);
    std::thread::scope(|scope| {
        for thread in 0..4u8 {
            let spill = &spill;
            scope.spawn(move || {
                let extents: Vec<Extent> = (0..20)
                    .map(|i| spill.write(&[&vec![thread * 20 + i; 70_000]]).unwrap())
                    .collect();
                for (i, extent) in extents.iter().enumerate() {
                    let mut into = vec![0; 70_000];
                    extent.read_at(0, &mut into).unwrap();
                    assert!(into.iter().all(|&byte| byte == thread * 20 + i as u8));
                }
            });
        }
    });
    assert_eq!(spill.statistics().on_disk, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn dropped_extents_give_their_room_back_and_leave_others_alone() {
    let spill = spill(Compression::Never);
    let (first, small) = (spill.write(&[&noise(1 << 20)]).unwrap(), spill.write(&[b"x"]).unwrap());
    let data = noise(1 << 20);
    let last = spill.write(&[&data]).unwrap();
    let before = last.blocks_of_file();
    drop(first);
    assert!(last.blocks_of_file() + (1 << 20) / 512 <= before, "{before}");
    let mut into = vec![0; 1 << 20];
    last.read_at(0, &mut into).unwrap();
    assert_eq!(into, data);
    small.read_at(0, &mut into[..1]).unwrap();
    assert_eq!(into[0], b'x');
}

#[test]
fn values_come_back_and_one_without_codec_is_named() {
    struct NoCodec;
    let spill = spill(Compression::Auto);
    let value = Value::new(text(100_000));
    let spilled = spill.write_value(&value).unwrap();
    assert_eq!(spilled.nbytes(), value.nbytes());
    assert_eq!(spilled.read().unwrap().get::<Vec<u8>>().unwrap(), &text(100_000));
    let error = spill.write_value(&Value::new(NoCodec)).unwrap_err();
    assert!(error.to_string().contains("NoCodec cannot be written to disk"), "{error}");
}

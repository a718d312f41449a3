//! Files that are missing, damaged, changed; disks that are full.

use super::fixture;
use crate::conformance::{numbered, read_all};
use chunkwise_storage::hdf5::{Backend, DatasetOptions, Hdf5Dataset, Hdf5File, Hdf5Writer};
use chunkwise_storage::{ReadRegion, Region, Span, StorageError, WriteRegion};
use std::path::Path;

#[test]
fn what_is_not_there_is_said() {
    for &backend in Backend::ALL {
        let open = |path: &Path| Hdf5File::open_with(path, backend).unwrap_err();
        let error = open(&fixture("none.hdf5"));
        assert!(matches!(error, StorageError::NotFound { .. }), "{error}");
        let error = open(&fixture("."));
        assert!(matches!(error, StorageError::IsDirectory { .. }), "{error}");
        let error = open(&fixture("make_hdf5.py"));
        assert!(matches!(error, StorageError::NotThisFormat { .. }), "{error}");
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty");
        std::fs::write(&empty, b"").unwrap();
        let error = open(&empty);
        assert!(matches!(error, StorageError::NotThisFormat { .. }), "{error}");

        let file = Hdf5File::open_with(fixture("latest.hdf5"), backend).unwrap();
        let error = file.dataset::<f32>("/layout/gzp").unwrap_err();
        assert!(matches!(error, StorageError::NoSuchDataset { .. }), "{error}");
        assert!(error.to_string().contains("/layout/gzip"), "{error}");
        let error = file.dataset::<f32>("/layout").unwrap_err();
        assert!(matches!(error, StorageError::NoSuchDataset { .. }), "{error}");
        let error = file.dataset::<f64>("/layout/gzip").unwrap_err();
        assert!(error.to_string().ends_with("the elements are f32, not f64"), "{error}");
        for name in ["odd/text", "odd/half", "odd/pairs", "every/bool"] {
            let error = file.dataset::<f64>(name).unwrap_err();
            assert!(matches!(error, StorageError::WrongDType { .. }), "{error}");
        }
        let error = file.dataset::<f32>("odd/null").unwrap_err();
        assert!(matches!(error, StorageError::Unsupported { .. }), "{error}");
        let error = file.target::<f32>("layout/gzip").unwrap_err();
        assert!(matches!(error, StorageError::ReadOnly { .. }), "{error}");
        let error = file
            .dataset::<f32>("/layout/gzip")
            .unwrap()
            .read_region(&Region::from_iter([Span::new(0, 21), Span::new(0, 1)]), &mut [0.0; 21])
            .unwrap_err();
        assert!(matches!(error, StorageError::RegionOutside { .. }), "{error}");
    }
}

/// The damaged copy is refused, or read; if both of its datasets are read, then as they were,
/// where a checksum is meant to see to that.
fn try_damaged(path: &Path, checked: bool, context: &str) {
    for &backend in Backend::ALL {
        let Ok(file) = Hdf5File::open_with(path, backend) else { continue };
        let _ = file.datasets();
        let _ = file.attributes("/");
        if let Ok(dataset) = file.dataset::<i32>("checked") {
            let shape = dataset.shape().to_vec();
            let len: usize = shape.iter().product();
            if len > 1 << 20 {
                continue;
            }
            let mut out = vec![0; len];
            let read = dataset.read_region(&Region::whole(&shape), &mut out);
            if checked && read.is_ok() && shape == [12, 10] {
                assert_eq!(out, numbered::<i32>(&[12, 10]), "{context}");
            }
            let some: Region = shape
                .iter()
                .map(|&len| Span { start: 0, count: len.div_ceil(3), step: 3 })
                .collect();
            let _ = dataset.read_region(&some, &mut vec![0; some.len()]);
        }
        if let Ok(dataset) = file.dataset::<f64>("plain") {
            let len: usize = dataset.shape().iter().product();
            if len < 1 << 20 {
                let _ = dataset.read(&Region::whole(dataset.shape()), &mut vec![0.0; len]);
            }
        }
    }
}

#[test]
fn truncated_files_are_errors_or_right() {
    for name in ["small.hdf5", "small_old.hdf5", "earliest.hdf5", "latest.hdf5"] {
        let bytes = std::fs::read(fixture(name)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        let step = if bytes.len() > 10_000 { 97 * 31 } else { 97 };
        for len in (0..bytes.len()).step_by(step) {
            std::fs::write(&path, &bytes[..len]).unwrap();
            try_damaged(&path, true, &format!("{name} cut to {len}"));
            if name == "earliest.hdf5" || name == "latest.hdf5" {
                let Ok(file) = Hdf5File::open(&path) else { continue };
                for info in file.datasets().unwrap_or_default() {
                    if let Ok(dataset) = file.dataset::<f32>(&info.name) {
                        let mut out = vec![0.0; dataset.shape().iter().product()];
                        let _ = dataset.read(&Region::whole(&info.shape), &mut out);
                    }
                }
            }
        }
    }
}

#[test]
fn flipped_bits_never_panic() {
    for name in ["small.hdf5", "small_old.hdf5"] {
        let bytes = std::fs::read(fixture(name)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        for at in (0..bytes.len()).step_by(if bytes.len() > 5000 { 3 } else { 1 }) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (at % 8);
            std::fs::write(&path, &damaged).unwrap();
            // the old format has checksums for chunks, but not for what says where they are
            try_damaged(&path, name == "small.hdf5", &format!("{name} at {at}"));
        }
    }
}

#[test]
fn a_damaged_chunk_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.hdf5");
    let file = Hdf5Writer::create(&path).unwrap();
    let options = DatasetOptions::chunked(&[4, 4]).fletcher32();
    let target = file.dataset::<u8>("x", &[8, 8], &options).unwrap();
    let data: Vec<u8> = (100..164).collect();
    target.write(&Region::whole(&[8, 8]), &data).unwrap();
    file.finish().unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    // the first row of chunk (1, 0)
    let at = bytes.windows(4).position(|row| row == &data[32..36]).unwrap();
    bytes[at] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let dataset = Hdf5File::open(&path).unwrap().dataset::<u8>("x").unwrap();
    let error = dataset.read_region(&Region::whole(&[8, 8]), &mut [0; 64]).unwrap_err();
    let text = error.to_string();
    assert!(text.contains(&format!("/x: chunk (1, 0) at byte {at}: does not unpack")), "{text}");
    // the others are still read
    let other = Region::from_iter([Span::new(0, 8), Span::new(4, 4)]);
    dataset.read_region(&other, &mut [0; 32]).unwrap();
}

#[test]
fn a_file_cut_short_while_open_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.hdf5");
    for options in [DatasetOptions::default(), DatasetOptions::chunked(&[100]).gzip(1)] {
        let file = Hdf5Writer::create(&path).unwrap();
        let target = file.dataset::<i64>("x", &[1000], &options).unwrap();
        target.write(&Region::whole(&[1000]), &numbered(&[1000])).unwrap();
        file.finish().unwrap();
        let dataset = Hdf5File::open(&path).unwrap().dataset::<i64>("x").unwrap();
        read_all(&dataset);
        let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(100).unwrap();
        let error = dataset.read_region(&Region::whole(&[1000]), &mut [0; 1000]).unwrap_err();
        assert!(matches!(error, StorageError::Truncated { .. }), "{error}");
    }
}

#[cfg(feature = "serde")]
#[test]
fn handles_cross_to_other_processes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.hdf5");
    let write = |value: u8| {
        let file = Hdf5Writer::create(&path).unwrap();
        let target = file.dataset::<u8>("/g/x", &[4], &DatasetOptions::default()).unwrap();
        target.write(&Region::whole(&[4]), &[value; 4]).unwrap();
        file.finish().unwrap();
    };
    write(1);
    for &backend in Backend::ALL {
        write(1);
        let dataset = Hdf5File::open_with(&path, backend).unwrap().dataset::<u8>("/g/x").unwrap();
        let sent = serde_json::to_string(&dataset).unwrap();
        let again: Hdf5Dataset<u8> = serde_json::from_str(&sent).unwrap();
        assert_eq!(read_all(&again), [1; 4]);
        assert_eq!(again.identity(), dataset.identity());
        let error = serde_json::from_str::<Hdf5Dataset<u16>>(&sent).unwrap_err();
        assert!(error.to_string().contains("the elements are u8, not u16"), "{error}");
        std::thread::sleep(std::time::Duration::from_millis(20));
        write(2);
        let error = serde_json::from_str::<Hdf5Dataset<u8>>(&sent).unwrap_err();
        assert!(error.to_string().contains("has changed since it was opened"), "{error}");
        std::fs::remove_file(&path).unwrap();
        let error = serde_json::from_str::<Hdf5Dataset<u8>>(&sent).unwrap_err();
        assert!(error.to_string().contains("does not exist"), "{error}");
    }
}

/// A full disk, played by a limit on the length of files: the test runs itself again under it.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_leaves_nothing() {
    if std::env::var_os("CHUNKWISE_FULL_DISK").is_none() {
        let test = "hdf5::faults::a_full_disk_is_an_error_and_leaves_nothing";
        // the signal that comes with the limit is ignored, so that the write itself fails
        let command = format!(
            "trap '' XFSZ; ulimit -f 100; CHUNKWISE_FULL_DISK=1 exec '{}' --exact {test} --nocapture",
            std::env::current_exe().unwrap().display()
        );
        let done = std::process::Command::new("bash").arg("-c").arg(command).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
        assert!(said.contains("1 passed"), "{said}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.hdf5");
    for options in [DatasetOptions::default(), DatasetOptions::chunked(&[1000])] {
        let file = Hdf5Writer::create(&path).unwrap();
        let target = file.dataset::<u64>("x", &[100_000], &options).unwrap();
        let data: Vec<u64> = (0..100_000).collect();
        let written = target.write_region(&Region::whole(&[100_000]), &data);
        let error = match written {
            Err(error) => {
                drop(file);
                error
            }
            Ok(()) => file.finish().unwrap_err(),
        };
        assert!(matches!(error, StorageError::DiskFull { .. }), "{error:?}");
        drop(target);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
    #[cfg(feature = "npy")]
    {
        use chunkwise_storage::npy::write_npy;
        let error =
            write_npy(folder.path().join("x.npy"), &[100_000], &[1u64; 100_000]).unwrap_err();
        assert!(matches!(error, StorageError::DiskFull { .. }), "{error:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

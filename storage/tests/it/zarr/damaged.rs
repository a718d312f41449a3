use super::{read, read_all, storage_error};
use chunkwise_storage::zarr::{
    Compressor, ZarrArray, ZarrGroup, ZarrMeta, ZarrOptions, ZarrTarget, ZarrVersion,
};
use chunkwise_storage::{Region, Span, StorageError, WriteRegion};
use std::fs;
use std::path::{Path, PathBuf};

/// A store of 12 numbers in chunks of 3.
fn store(folder: &Path, options: ZarrOptions<u32>) -> PathBuf {
    let path = folder.join("a.zarr");
    let target = ZarrTarget::create(&path, "", &[12], &options).unwrap();
    let numbers: Vec<u32> = (1..=12).map(|i| i * 0x0101_0101).collect();
    target.write(&Region::whole(&[12]), &numbers).unwrap();
    target.finish().unwrap();
    path
}

fn all_options() -> Vec<ZarrOptions<u32>> {
    let compressors = [
        Compressor::None,
        Compressor::Gzip { level: 5 },
        Compressor::Zstd { level: 1 },
        Compressor::Blosc { level: 5 },
    ];
    let of = |compressor| {
        let options = ZarrOptions::new([3]).compressor(compressor);
        let (v2, sharded) = (options.clone().version(ZarrVersion::V2), options.clone().shards([6]));
        [options, v2, sharded]
    };
    compressors.into_iter().flat_map(of).collect()
}

/// A file of the array.
fn a_chunk(path: &Path) -> PathBuf {
    [path.join("c/1"), path.join("1")].into_iter().find(|file| file.exists()).unwrap()
}

#[test]
fn damaged_bytes_are_errors_or_numbers_and_never_panics() {
    for options in all_options() {
        let folder = tempfile::tempdir().unwrap();
        let path = store(folder.path(), options.clone());
        let file = a_chunk(&path);
        let array = ZarrArray::<u32>::open(&path, "").unwrap();
        let good = fs::read(&file).unwrap();
        for len in 0..good.len() {
            fs::write(&file, &good[..len]).unwrap();
            let error = read_all(&array).expect_err("a chunk that is cut off");
            let StorageError::Corrupt { path, dataset, .. } = storage_error(&*error) else {
                panic!("{options:?} cut to {len}: {error}");
            };
            assert_eq!((path, dataset.as_deref()), (&file, Some("/")));
        }
        for at in 0..good.len() {
            for flip in [1, 0x80, 0xff] {
                let mut bad = good.clone();
                bad[at] ^= flip;
                fs::write(&file, &bad).unwrap();
                if let Err(error) = read_all(&array) {
                    let error = storage_error(&*error);
                    assert!(matches!(error, StorageError::Corrupt { .. }), "{error}");
                }
            }
        }
    }
}

#[test]
fn errors_name_the_chunk() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path(), ZarrOptions::new([3]).compressor(Compressor::None));
    fs::write(path.join("c/2"), "short").unwrap();
    let array = ZarrArray::<u32>::open(&path, "").unwrap();
    let error = read_all(&array).unwrap_err().to_string();
    assert!(error.contains("c/2` /: chunk (2,): "), "{error}");

    let folder = tempfile::tempdir().unwrap();
    let options = ZarrOptions::new([3]).shards([6]).compressor(Compressor::Gzip { level: 1 });
    let path = store(folder.path(), options);
    let array = ZarrArray::<u32>::open(&path, "").unwrap();
    let file = path.join("c/1");
    let good = fs::read(&file).unwrap();
    let mut bad = good.clone();
    bad[0] ^= 0xff; // the magic number of the shard's first chunk
    fs::write(&file, &bad).unwrap();
    let error = read_all(&array).unwrap_err().to_string();
    assert!(error.contains("c/1` /: chunk (2,): "), "{error}");
    let beside = Region::from_iter([Span::new(9, 3)]);
    assert_eq!(read(&array, &beside).unwrap(), [10, 11, 12].map(|i| i * 0x0101_0101));
    fs::write(&file, &good[..good.len() - 7]).unwrap();
    let error = read_all(&array).unwrap_err().to_string();
    assert!(error.contains("cut off"), "{error}");
    fs::write(&file, &good[..10]).unwrap();
    let error = read_all(&array).unwrap_err().to_string();
    assert!(error.contains("cut off: it has 10 bytes"), "{error}");
}

#[test]
fn a_byte_that_is_no_bool_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let options = ZarrOptions::new([2]).compressor(Compressor::None);
    let target = ZarrTarget::<bool>::create(&path, "", &[5], &options).unwrap();
    target.write(&Region::whole(&[5]), &[true; 5]).unwrap();
    target.finish().unwrap();
    fs::write(path.join("c/1"), [1, 7]).unwrap();
    let array = ZarrArray::<bool>::open(&path, "").unwrap();
    let error = read_all(&array).unwrap_err().to_string();
    assert!(error.contains("c/1` /: chunk (1,): "), "{error}");
}

#[test]
fn what_is_no_store_says_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let error = |path: &Path, component| ZarrMeta::read(path, component).unwrap_err();
    let missing = error(&path.join("nowhere"), "");
    assert!(matches!(missing, StorageError::NotFound { .. }), "{missing}");
    assert!(error(path, "").to_string().contains("the folder is empty"));
    for name in ["b", "a", "d", "c"] {
        fs::write(path.join(name), "").unwrap();
    }
    let found = error(path, "x").to_string();
    assert!(found.contains("the folder has a, b, c and 1 more"), "{found}");
    assert!(matches!(error(&path.join("a"), ""), StorageError::NotThisFormat { .. }));
    assert!(matches!(error(&path.join("a"), "x"), StorageError::NotThisFormat { .. }));
    assert!(ZarrGroup::open(path).is_err());
}

#[test]
fn metadata_that_make_no_sense_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    // gzip in version 3 and 2, and in shards; Blosc in version 2
    let (all, some) = (all_options(), [3, 4, 5, 10]);
    for options in some.map(|number| all[number].clone()) {
        let path = store(folder.path(), options);
        let file = [path.join("zarr.json"), path.join(".zarray")];
        let file = file.iter().find(|file| file.exists()).unwrap();
        let good = fs::read(file).unwrap();
        for len in 0..good.len() - 2 {
            fs::write(file, &good[..len]).unwrap();
            let error = ZarrMeta::read(&path, "").unwrap_err();
            assert!(matches!(error, StorageError::Corrupt { .. }), "{error}");
        }
        // every number and word replaced by others
        let text = String::from_utf8(good).unwrap();
        let words: Vec<&str> = text.split_inclusive([' ', '\n']).collect();
        for at in 0..words.len() {
            for other in ["0", "-1", "9223372036854775807", "1e99", "null", "[]", "{}", "\"x\""] {
                let word = words[at].trim_end();
                let comma = if word.ends_with(',') { "," } else { "" };
                let changed = format!("{other}{comma}\n");
                let mut words = words.clone();
                words[at] = &changed;
                fs::write(file, words.concat()).unwrap();
                if let Ok(array) = ZarrArray::<u32>::open(&path, "") {
                    let some = array.meta().shape().iter().map(|len| Span::new(0, 2.min(*len)));
                    let _ = read(&array, &some.collect());
                }
            }
        }
        fs::remove_dir_all(&path).unwrap();
    }
}

#[test]
fn a_frame_that_claims_much_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path(), ZarrOptions::new([3]));
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0xe0];
    frame.extend((1u64 << 46).to_le_bytes());
    frame.extend([9, 0, 0, b'x']);
    fs::write(path.join("c/1"), frame).unwrap();
    let array = ZarrArray::<u32>::open(&path, "").unwrap();
    let error = read_all(&array).unwrap_err().to_string();
    assert!(error.contains("claims 70368744177664 bytes"), "{error}");
}

#[test]
fn an_array_that_is_gone_has_no_fill_values() {
    for options in [ZarrOptions::new([3]), ZarrOptions::new([3]).shards([6])] {
        let folder = tempfile::tempdir().unwrap();
        let path = store(folder.path(), options);
        let array = ZarrArray::<u32>::open(&path, "").unwrap();
        let target = ZarrTarget::<u32>::open_rw(&path, "").unwrap();
        fs::remove_dir_all(&path).unwrap();
        let error = read_all(&array).unwrap_err();
        assert!(matches!(storage_error(&*error), StorageError::Changed { .. }), "{error}");
        let error = target.write(&Region::whole(&[12]), &[7; 12]).unwrap_err();
        assert!(matches!(storage_error(&*error), StorageError::Changed { .. }), "{error}");
        assert!(!path.exists());
    }
}

/// `mount -t tmpfs -o size=200k tmpfs FOLDER`, and `SMALL_DISK=FOLDER cargo test ... -- --ignored`.
#[test]
#[ignore = "needs a disk that is small, in SMALL_DISK"]
fn a_full_disk_is_named_and_leaves_nothing() {
    let disk = PathBuf::from(std::env::var("SMALL_DISK").unwrap());
    let path = disk.join("a.zarr");
    let options = ZarrOptions::new([10_000]).compressor(Compressor::None);
    let target = ZarrTarget::<u32>::create(&path, "", &[100_000], &options).unwrap();
    let error = target.write(&Region::whole(&[100_000]), &vec![7; 100_000]).unwrap_err();
    assert!(matches!(storage_error(&*error), StorageError::DiskFull { .. }), "{error}");
    drop(target);
    assert_eq!(fs::read_dir(&disk).unwrap().count(), 0);
}

#[test]
fn regions_that_do_not_fit_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path(), ZarrOptions::new([3]));
    let array = ZarrArray::<u32>::open(&path, "").unwrap();
    let outside = Region::from_iter([Span::new(10, 3)]);
    let error = read(&array, &outside).unwrap_err();
    assert!(matches!(storage_error(&*error), StorageError::RegionOutside { .. }), "{error}");
    let target = ZarrTarget::<u32>::open_rw(&path, "").unwrap();
    let error = target.write(&outside, &[0; 3]).unwrap_err();
    assert!(matches!(storage_error(&*error), StorageError::RegionOutside { .. }), "{error}");
    let error = target.write(&Region::whole(&[12]), &[0; 3]).unwrap_err();
    assert!(matches!(storage_error(&*error), StorageError::ShapeMismatch { .. }), "{error}");
}

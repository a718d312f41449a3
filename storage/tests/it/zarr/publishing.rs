use super::{read_all, storage_error};
use chunkwise_storage::zarr::{
    Existing, ZarrArray, ZarrGroup, ZarrMeta, ZarrOptions, ZarrTarget, ZarrVersion,
};
use chunkwise_storage::{Region, StorageError, WriteRegion};
use std::fs;
use std::path::Path;

fn target(path: &Path, component: &str, options: &ZarrOptions<i32>) -> ZarrTarget<i32> {
    ZarrTarget::create(path, component, &[3], options).unwrap()
}

fn fill(target: &ZarrTarget<i32>, number: i32) {
    target.write(&Region::whole(&[3]), &[number; 3]).unwrap();
}

fn content(path: &Path, component: &str) -> Vec<i32> {
    read_all(&ZarrArray::<i32>::open(path, component).unwrap()).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string();
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|it| name(it).unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_store_appears_when_it_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sub/a.zarr");
    let given_up = target(&path, "", &ZarrOptions::new([2]));
    fill(&given_up, 1);
    assert!(!path.exists());
    drop(given_up);
    assert_eq!(names(&folder.path().join("sub")), Vec::<String>::new());
    let kept = target(&path, "", &ZarrOptions::new([2]));
    fill(&kept, 2);
    kept.finish().unwrap();
    kept.finish().unwrap();
    let error = kept.write(&Region::whole(&[3]), &[1; 3]).unwrap_err();
    assert!(error.to_string().contains("is finished"), "{error}");
    drop(kept);
    assert_eq!(names(&folder.path().join("sub")), ["a.zarr"]);
    assert_eq!(content(&path, ""), [2; 3]);
}

#[test]
#[cfg(unix)]
fn others_may_read_what_they_may_read_elsewhere() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zarr");
    let new = target(&path, "", &ZarrOptions::new([2]));
    fill(&new, 2);
    new.finish().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
    assert_eq!(mode("a.zarr/c/0"), mode("file"));
    assert_eq!(mode("a.zarr/zarr.json"), mode("file"));
    assert_eq!((mode("a.zarr"), mode("a.zarr/c")), (mode("folder"), mode("folder")));
}

#[test]
fn what_is_there_is_replaced_only_when_asked_and_finished() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zarr");
    let old = target(&path, "", &ZarrOptions::new([2]));
    fill(&old, 1);
    old.finish().unwrap();
    let error = ZarrTarget::<i32>::create(&path, "", &[3], &ZarrOptions::new([2])).unwrap_err();
    assert!(matches!(error, StorageError::DatasetExists { .. }), "{error}");
    let options = ZarrOptions::new([2]).existing(Existing::Replace).version(ZarrVersion::V2);
    let new = target(&path, "", &options);
    fill(&new, 2);
    assert_eq!(content(&path, ""), [1; 3]);
    new.finish().unwrap();
    drop(new);
    assert_eq!(content(&path, ""), [2; 3]);
    assert_eq!(ZarrMeta::read(&path, "").unwrap().version(), ZarrVersion::V2);
    assert_eq!(names(folder.path()), ["a.zarr"]);

    let other = folder.path().join("documents");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("letter"), "dear").unwrap();
    let error = ZarrTarget::<i32>::create(&other, "", &[3], &options).unwrap_err();
    assert!(matches!(error, StorageError::NotThisFormat { .. }), "{error}");
    let error = ZarrTarget::<i32>::create(other.join("letter"), "", &[3], &options).unwrap_err();
    assert!(matches!(error, StorageError::NotThisFormat { .. }), "{error}");
}

#[test]
fn the_first_to_finish_wins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zarr");
    let (first, second) =
        (target(&path, "", &ZarrOptions::new([2])), target(&path, "", &ZarrOptions::new([2])));
    fill(&first, 1);
    fill(&second, 2);
    first.finish().unwrap();
    let error = second.finish().unwrap_err();
    assert!(matches!(storage_error(&*error), StorageError::DatasetExists { .. }), "{error}");
    drop((first, second));
    assert_eq!(content(&path, ""), [1; 3]);
    assert_eq!(names(folder.path()), ["a.zarr"]);
}

#[test]
fn arrays_join_a_store() {
    for version in [ZarrVersion::V2, ZarrVersion::V3] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zarr");
        let options = ZarrOptions::new([2]).version(version);
        let components = ["x", "deep/y", "deep/z", "deep/er/w"];
        let targets = components.map(|component| target(&path, component, &options));
        std::thread::scope(|scope| {
            for (number, target) in targets.iter().enumerate() {
                scope.spawn(move || {
                    fill(target, number as i32);
                    target.finish().unwrap();
                });
            }
        });
        assert_eq!(
            ZarrGroup::open(&path).unwrap().arrays().unwrap(),
            ["deep/er/w", "deep/y", "deep/z", "x"]
        );
        for (number, component) in components.into_iter().enumerate() {
            assert_eq!(content(&path, component), [number as i32; 3]);
        }
        drop(targets);
        assert_eq!(names(folder.path()), ["a.zarr"]);
        let error = ZarrTarget::<i32>::create(&path, "x/inner", &[3], &options).unwrap_err();
        assert!(error.to_string().contains("an array within an array"), "{error}");
        let replace = options.clone().existing(Existing::Replace);
        let again = target(&path, "deep", &replace);
        fill(&again, 7);
        again.finish().unwrap();
        assert_eq!(ZarrGroup::open(&path).unwrap().arrays().unwrap(), ["deep", "x"]);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zarr");
    target(&path, "x", &ZarrOptions::new([2])).finish().unwrap();
    let v2 = ZarrOptions::new([2]).version(ZarrVersion::V2);
    let error = ZarrTarget::<i32>::create(&path, "y", &[3], &v2).unwrap_err();
    assert!(error.to_string().contains("a store of both versions"), "{error}");
    let root = r#"{"zarr_format":3,"node_type":"group","consolidated_metadata":{"kind":"inline"}}"#;
    fs::write(path.join("zarr.json"), root).unwrap();
    let error = ZarrTarget::<i32>::create(&path, "y", &[3], &ZarrOptions::new([2])).unwrap_err();
    assert!(error.to_string().contains("consolidated metadata"), "{error}");
}

#[test]
fn options_that_cannot_be_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |component: &str, options: &ZarrOptions<i32>| {
        let path = folder.path().join("a");
        let error = ZarrTarget::create(path, component, &[3], options).unwrap_err();
        assert!(matches!(error, StorageError::InvalidOptions { .. }), "{error}");
        assert_eq!(names(folder.path()), Vec::<String>::new());
    };
    refused("", &ZarrOptions::new([0]));
    refused("", &ZarrOptions::new([1, 1]));
    refused("", &ZarrOptions::new([2]).shards([3]));
    refused("", &ZarrOptions::new([2]).shards([4]).version(ZarrVersion::V2));
    let gzip = chunkwise_storage::zarr::Compressor::Gzip { level: 10 };
    refused("", &ZarrOptions::new([2]).compressor(gzip));
    ["..", "a/../b", ".zarray", "zarr.json"]
        .iter()
        .for_each(|component| refused(component, &ZarrOptions::new([2])));
}

#[test]
fn a_store_that_changes_has_another_identity() {
    use chunkwise_storage::ReadRegion;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zarr");
    let new = target(&path, "", &ZarrOptions::new([2]));
    fill(&new, 1);
    new.finish().unwrap();
    let identity = || ZarrArray::<i32>::open(&path, "").unwrap().identity().unwrap();
    let before = identity();
    assert_eq!(before, identity());
    std::thread::sleep(std::time::Duration::from_millis(20));
    let change = ZarrTarget::<i32>::open_rw(&path, "").unwrap();
    fill(&change, 2);
    change.finish().unwrap();
    assert_ne!(before, identity());
}

use super::read_all;
use chunkwise_storage::zarr::{Existing, ZarrArray, ZarrOptions, ZarrTarget};
use chunkwise_storage::{ReadRegion, Region, Span, WriteRegion};

#[test]
fn arrays_cross() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zarr");
    let target = ZarrTarget::<f32>::create(&path, "t2m", &[4], &ZarrOptions::new([2])).unwrap();
    // two other processes write, one of them finishes
    let sent = serde_json::to_vec(&target).unwrap();
    let others: [ZarrTarget<f32>; 2] = [(); 2].map(|()| serde_json::from_slice(&sent).unwrap());
    for (number, other) in others.iter().enumerate() {
        let region = Region::from_iter([Span::new(2 * number, 2)]);
        other.write(&region, &[number as f32 + 1.0; 2]).unwrap();
    }
    drop(others);
    target.finish().unwrap();
    assert!(serde_json::to_vec(&target).is_err());
    assert!(serde_json::from_slice::<ZarrTarget<f32>>(&sent).is_err());

    let array = ZarrArray::<f32>::open(&path, "t2m").unwrap();
    let sent = serde_json::to_vec(&array).unwrap();
    let there: ZarrArray<f32> = serde_json::from_slice(&sent).unwrap();
    assert_eq!(read_all(&there).unwrap(), [1.0, 1.0, 2.0, 2.0]);
    assert_eq!(there.identity(), array.identity());
    let error = serde_json::from_slice::<ZarrArray<f64>>(&sent).unwrap_err();
    assert!(error.to_string().contains("f32, not f64"), "{error}");

    let options = ZarrOptions::new([3]).existing(Existing::Replace);
    ZarrTarget::<f32>::create(&path, "t2m", &[4], &options).unwrap().finish().unwrap();
    let error = serde_json::from_slice::<ZarrArray<f32>>(&sent).unwrap_err();
    assert!(error.to_string().contains("has changed"), "{error}");
}

#[test]
fn a_target_may_be_finished_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zarr");
    let target = ZarrTarget::<f32>::create(&path, "", &[4], &ZarrOptions::new([2])).unwrap();
    let sent = serde_json::to_vec(&target).unwrap();
    let other: ZarrTarget<f32> = serde_json::from_slice(&sent).unwrap();
    other.finish().unwrap();
    assert!(path.join("zarr.json").exists());
    assert!(target.finish().unwrap_err().to_string().contains("is finished"));
    drop(target);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    let in_place = ZarrTarget::<f32>::open_rw(&path, "").unwrap();
    let sent = serde_json::to_vec(&in_place).unwrap();
    let other: ZarrTarget<f32> = serde_json::from_slice(&sent).unwrap();
    other.write(&Region::whole(&[4]), &[5.0; 4]).unwrap();
    other.finish().unwrap();
    assert_eq!(read_all(&ZarrArray::<f32>::open(&path, "").unwrap()).unwrap(), [5.0; 4]);
}

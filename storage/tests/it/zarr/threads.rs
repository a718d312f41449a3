use super::read_all;
use chunkwise_storage::zarr::{Compressor, ZarrArray, ZarrOptions, ZarrTarget};
use chunkwise_storage::{ReadRegion, Region, Span, WriteRegion};

const LEN: usize = 40;

/// Writes rows of a matrix from several threads, in pieces that lie across the chunks.
fn write_misaligned(target: &ZarrTarget<u32>) {
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                for row in (thread..LEN).step_by(4) {
                    for start in (0..LEN).step_by(9) {
                        let columns = Span::new(start, 9.min(LEN - start));
                        let region = Region::from_iter([Span::new(row, 1), columns]);
                        let data: Vec<u32> =
                            columns.positions().map(|at| (row * LEN + at) as u32 + 1).collect();
                        target.write(&region, &data).unwrap();
                    }
                }
            });
        }
    });
}

#[test]
fn misaligned_writes_lose_nothing() {
    let expected: Vec<u32> = (1..=(LEN * LEN) as u32).collect();
    for shards in [None, Some([14, 14])] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let mut options = ZarrOptions::new([7, 7]).compressor(Compressor::Zstd { level: 1 });
        options.shards = shards.map(Vec::from);
        let target = ZarrTarget::<u32>::create(&path, "", &[LEN, LEN], &options).unwrap();
        write_misaligned(&target);
        target.finish().unwrap();
        assert_eq!(read_all(&ZarrArray::<u32>::open(&path, "").unwrap()).unwrap(), expected);

        // and in place, over what is there
        let again = ZarrTarget::<u32>::open_rw(&path, "").unwrap();
        again.write(&Region::whole(&[LEN, LEN]), &[0; LEN * LEN]).unwrap();
        assert!(!path.join("c/0/0").exists(), "chunks of fill values are not stored");
        write_misaligned(&again);
        again.finish().unwrap();
        assert_eq!(read_all(&ZarrArray::<u32>::open(&path, "").unwrap()).unwrap(), expected);
    }
}

#[test]
fn readers_see_whole_chunks_while_an_array_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let options = ZarrOptions::new([64]).shards([128]);
    let target = ZarrTarget::<u32>::create(&path, "", &[128], &options).unwrap();
    target.write(&Region::whole(&[128]), &[1; 128]).unwrap();
    target.finish().unwrap();
    let target = ZarrTarget::<u32>::open_rw(&path, "").unwrap();
    let array = ZarrArray::<u32>::open(&path, "").unwrap();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut last = 1;
            while last < 20 {
                let mut out = [0; 128];
                array.read(&Region::whole(&[128]), &mut out).unwrap();
                assert!(out.iter().all(|number| *number == out[0]), "{out:?}");
                assert!(out[0] >= last);
                last = out[0];
            }
        });
        for round in 2..=20 {
            target.write(&Region::whole(&[128]), &[round; 128]).unwrap();
        }
        reader.join().unwrap();
    });
}

//! What h5py wrote: every layout and type.

use super::fixture;
use crate::conformance::{Numbered, check_reader, for_every_type, numbered, numpy_name, read_all};
use chunkwise_storage::hdf5::{Attribute, Backend, Hdf5File};
use chunkwise_storage::{DType, ReadRegion};

/// The files with all layouts, by each backend.
fn files() -> Vec<Hdf5File> {
    let open = |name: &'static str| {
        Backend::ALL.iter().map(move |b| Hdf5File::open_with(fixture(name), *b).unwrap())
    };
    open("earliest.hdf5").chain(open("latest.hdf5")).collect()
}

#[test]
fn every_type_in_both_byte_orders() {
    fn check<T: Numbered>(file: &Hdf5File) {
        let name = numpy_name(T::DTYPE);
        let all = numbered::<T>(&[5, 7]);
        for prefix in ["", "big_", "packed_"] {
            if prefix == "big_" && T::DTYPE.size() == 1 {
                continue;
            }
            let dataset = file.dataset::<T>(&format!("/every/{prefix}{name}")).unwrap();
            assert_eq!(dataset.info().dtype, Some(T::DTYPE));
            check_reader(&dataset, &[5, 7], &all);
        }
    }
    for file in files() {
        for_every_type!(check(&file));
    }
}

#[test]
fn every_layout() {
    for file in files() {
        let all = numbered::<f32>(&[20, 30]);
        for name in [
            "contiguous",
            "compact",
            "chunked",
            "chunked_big",
            "one_chunk",
            "one_chunk_gzip",
            "gzip",
            "shuffle",
            "fletcher32",
            "all",
            "lzf",
            "growing",
            "growing_gzip",
            "growing_both",
            "growing_both_gzip",
        ] {
            let dataset = file.dataset::<f32>(&format!("layout/{name}")).unwrap();
            assert_eq!(dataset.chunk_shape().is_some(), !["contiguous", "compact"].contains(&name));
            check_reader(&dataset, &[20, 30], &all);
        }
        let dataset = file.dataset::<i32>("layout/scaleoffset").unwrap();
        check_reader(&dataset, &[20, 30], &numbered(&[20, 30]));
        let dataset = file.dataset::<u16>("layout/three").unwrap();
        assert_eq!(dataset.chunk_shape(), Some(&[2, 3, 5][..]));
        check_reader(&dataset, &[6, 7, 8], &numbered(&[6, 7, 8]));
        let dataset = file.dataset::<u8>("layout/many_chunks").unwrap();
        let shape = dataset.shape().to_vec();
        check_reader(&dataset, &shape, &numbered(&shape));
        let dataset = file.dataset::<i16>("layout/big_edge").unwrap();
        check_reader(&dataset, &[3, 5], &numbered(&[3, 5]));
    }
}

#[test]
fn empty_scalar_and_unwritten() {
    for file in files() {
        check_reader(&file.dataset::<f64>("odd/scalar").unwrap(), &[], &[1.25]);
        check_reader(&file.dataset::<f32>("odd/empty").unwrap(), &[0], &[]);
        check_reader(&file.dataset::<i64>("odd/empty2").unwrap(), &[3, 0], &[]);
        check_reader(&file.dataset::<f64>("odd/empty_growing").unwrap(), &[0, 4], &[]);
        check_reader(&file.dataset::<f32>("odd/unwritten").unwrap(), &[4, 5], &[0.0; 20]);
        check_reader(&file.dataset::<i16>("odd/fill").unwrap(), &[4, 5], &[-7; 20]);
        check_reader(&file.dataset::<i16>("odd/fill_big").unwrap(), &[4, 5], &[-7; 20]);
        let all = numbered::<f32>(&[20, 30]);
        let partly: Vec<f32> = (0..600)
            .map(|i| {
                let there = (7..14).contains(&(i / 30)) && (11..22).contains(&(i % 30));
                if there { all[i] } else { 2.5 }
            })
            .collect();
        for name in ["partly", "partly_plain"] {
            let dataset = file.dataset::<f32>(&format!("odd/{name}")).unwrap();
            check_reader(&dataset, &[20, 30], &partly);
        }
        let dataset = file.dataset::<bool>("odd/partly_bool").unwrap();
        assert_eq!(read_all(&dataset)[..5], [true, true, true, true, false]);
        let colours = file.dataset::<i16>("odd/colours").unwrap();
        check_reader(&colours, &[3], &[0, 2, 1]);
    }
}

#[test]
fn links_groups_and_userblocks() {
    for file in files() {
        let all = numbered::<f32>(&[20, 30]);
        for name in ["odd/soft", "odd/hard"] {
            check_reader(&file.dataset::<f32>(name).unwrap(), &[20, 30], &all);
        }
        check_reader(&file.dataset::<i64>("//a/b/c/d/x/").unwrap(), &[10], &numbered(&[10]));
        check_reader(&file.dataset::<i32>("many/dataset17").unwrap(), &[1], &[17]);
        let names: Vec<String> =
            file.datasets().unwrap().into_iter().map(|dataset| dataset.name).collect();
        for name in ["/a/b/c/d/x", "/layout/gzip", "/every/complex64", "/odd/text"] {
            assert!(names.iter().any(|there| there == name), "{name} in {names:?}");
        }
        assert!(names.is_sorted());
    }
    for backend in Backend::ALL {
        let file = Hdf5File::open_with(fixture("userblock.hdf5"), *backend).unwrap();
        check_reader(&file.dataset::<f64>("x").unwrap(), &[10], &numbered(&[10]));
        check_reader(&file.dataset::<i32>("y").unwrap(), &[10, 10], &numbered(&[10, 10]));
    }
}

#[test]
fn lists_say_what_is_there() {
    for file in files() {
        let all = file.datasets().unwrap();
        let info = |name: &str| all.iter().find(|info| info.name == name).unwrap();
        let packed = info("/layout/all");
        assert_eq!((&packed.shape[..], packed.dtype), (&[20, 30][..], Some(DType::F32)));
        assert_eq!(packed.chunks.as_deref(), Some(&[7, 11][..]));
        assert_eq!(packed.filters, ["shuffle", "gzip", "fletcher32"]);
        assert_eq!((info("/odd/text").dtype, info("/odd/half").dtype), (None, None));
        assert_eq!(info("/odd/pairs").dtype, None);
        assert!(info("/every/big_int16").type_name.contains("other byte order"));
    }
}

#[test]
fn attributes_are_read() {
    for file in files() {
        assert_eq!(file.attribute("/", "title").unwrap().unwrap().text(), Some("layouts"));
        let of = |name: &str| file.attribute("/layout/contiguous", name).unwrap();
        assert_eq!(of("units").unwrap().text(), Some("K"));
        assert_eq!(of("fixed").unwrap().text(), Some("fixed"));
        assert_eq!(of("scale").unwrap().number(), Some(0.5));
        assert_eq!(of("level"), Some(Attribute::from(850)));
        assert_eq!(of("levels"), Some(Attribute::Integers(vec![1000, 850, 500])));
        assert_eq!(of("nothing"), None);
        assert!(file.attributes("/not/there").is_err());
    }
}

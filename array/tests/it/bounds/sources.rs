use super::{matrix, survey, turned, vector};
use chunkwise_array::random::{self, Seed};
use chunkwise_array::{
    Array, CollectionExt, Indexing, meshgrid, open_hdf5, open_hdf5_in, open_npy, open_npy_stack, s,
};
use std::sync::Arc;

#[test]
fn created() {
    let (x, v) = (matrix(), vector());
    let p = vec![0.25; 4];
    let row = v.slice(s![..400]);
    survey! {
        "zeros": Array::<f64>::zeros([512, 384], [256, 128]);
        "full_like": &x.full_like(2.0) + 1.0;
        "arange": Array::<f64>::arange(0.0, 96_000.0, 1.0, 32_000);
        "linspace": Array::<f64>::linspace(0.0, 1.0, 96_000, 32_000);
        "logspace": Array::<f64>::logspace(0.0, 1.0, 96_000, 10.0, 32_000);
        "indices": Array::<i64>::indices([200, 300], [100, 100]);
        "tril_indices": Array::<i64>::tril_indices(300, 300, 0, 20_000).0;
        "meshgrid": meshgrid(&[&row, &row], Indexing::Xy).remove(1);
        "eye": Array::<f64>::eye(400, 400, 0, 200);
        "tri": Array::<f64>::tri(400, 400, 0, 200);
        "vander": v.slice(s![..20_000]).vander(6, true);
        "normal": random::normal(0.0, 1.0, [512, 384], Seed(1)).chunks([256, 128]);
        "integers": random::integers(0i32, 9, [512, 384], Seed(1)).chunks([256, 128]);
        "gamma": random::gamma(0.5, 2.0, [512, 384], Seed(1)).chunks([256, 128]);
        "permutation": random::permutation(96_000, Seed(1)).chunks(32_000);
        "choice": random::choice_without_replacement(100_000, 50_000, Seed(1)).chunks(25_000);
        "choice weighted": random::choice_weighted_without_replacement(&vec![1.0 / 9_000.0; 9_000], 8_000, Seed(1), 4_000);
        "multinomial": random::multinomial(20, &p, [20_000], Seed(1)).chunks(10_000);
        "a part of random numbers": random::normal(0.0, 1.0, [512, 384], Seed(1)).chunks([256, 128]).slice(s![.., 3..100]);
    }
}

/// What is encoded and decoded on the way is known up to a factor.
#[test]
fn files() {
    let (x, y) = (matrix(), turned());
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    survey! {
        within 1000.0 times:
        "to_hdf5": x.to_hdf5(at("a.h5"), "x");
        "to_hdf5 of columns": y.to_hdf5(at("b.h5"), "x");
        "to_npy": x.to_npy(at("a.npy"));
        "to_npy of columns": y.to_npy(at("b.npy"));
        "to_npy_stack": x.to_npy_stack(at("stack"), 0);
    }
    x.to_hdf5(at("c.h5"), "x").compute().unwrap();
    x.to_npy(at("c.npy")).compute().unwrap();
    x.to_npy_stack(at("stack2"), 0).compute().unwrap();
    let hdf5 = || open_hdf5::<f64>(at("c.h5"), "x").unwrap();
    let npy = || open_npy::<f64>(at("c.npy"), [256, 128]).unwrap();
    survey! {
        within 8.0 times:
        "open_hdf5": hdf5();
        "open_hdf5, part": &hdf5().slice(s![10..400;3, ..]) + 1.0;
        "open_hdf5, sum": hdf5().sum();
        "open_npy": npy();
        "open_npy, part": npy().slice(s![.., ..;2]);
        "open_npy_stack": open_npy_stack::<f64>(at("stack2")).unwrap();
    }
}

/// Parts of stored chunks that were compressed.
#[test]
fn compressed_files() {
    use chunkwise_storage::hdf5::{DatasetOptions, Hdf5Writer};
    let x = matrix();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.h5");
    let file = Hdf5Writer::create(&path).unwrap();
    let options = DatasetOptions::chunked(&[256, 192]).gzip(1);
    let target = Arc::new(file.dataset::<f64>("/x", &[512, 384], &options).unwrap());
    survey! {
        within 1000.0 times:
        "store": x.store(Arc::clone(&target));
    }
    drop(target);
    file.finish().unwrap();
    let read = open_hdf5_in::<f64>(&path, "x", [64, 384]).unwrap();
    survey! {
        within 1000.0 times:
        "open_hdf5_in": read;
        "a row": read.slice(s![3, ..]);
        "a row, squared": read.slice(s![3, ..]).square();
    }
}

#[cfg(feature = "zarr")]
#[test]
fn zarr() {
    use chunkwise_array::open_zarr;
    let (x, y) = (matrix(), turned());
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    survey! {
        within 8.0 times:
        "to_zarr": x.to_zarr(at("a"), "x");
        "to_zarr of columns": y.to_zarr(at("b"), "x");
    }
    x.to_zarr(at("c"), "x").compute().unwrap();
    survey! {
        within 8.0 times:
        "open_zarr": open_zarr::<f64>(at("c"), "x").unwrap();
        "open_zarr, part": open_zarr::<f64>(at("c"), "x").unwrap().slice(s![10..400;3, ..]);
    }
}

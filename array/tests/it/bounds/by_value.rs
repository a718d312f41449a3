use super::{matrix, survey, turned, vector, whole_numbers};
use crate::check::counted;
use chunkwise_array::{Bins, lexsort};

#[test]
fn sorted() {
    let (x, y, v) = (matrix(), turned(), vector());
    survey! {
        "sort": x.sort(0);
        "sort along the last": x.sort(1);
        "sort of columns": y.sort(1);
        "sort_flat": x.sort_flat();
        "sort of f32": x.cast_lossy::<f32>().sort(0);
        "argsort": x.argsort(0);
        "argsort of a vector": v.argsort(0);
        "argsort_flat": x.argsort_flat();
        "argsort of bytes": v.gt(0.0).cast::<u8>().argsort(0);
        "partition": x.partition(1, 5);
        "argpartition": x.argpartition(0, 5);
        "lexsort": lexsort(&[&x, &y], 0);
        "topk": x.topk(0, 5);
        "topk, many": v.topk(0, 20_000);
        "argtopk": x.argtopk(1, -7);
        "argtopk of a vector": v.argtopk(0, 3_000);
    }
}

#[test]
fn statistics() {
    let x = matrix();
    survey! {
        "quantile along 0": x.quantile_axis(0, 0.3);
        "quantiles along 1": x.quantile_axis(1, [0.1, 0.5, 0.9]);
        "nanmedian along": x.nanmedian_axis(0);
        "cov": x.slice(chunkwise_array::s![..64, ..]).cov(1.0);
        "corrcoef": x.slice(chunkwise_array::s![..64, ..]).corrcoef();
    }
}

/// Counts are small, and chunks that do not lie row by row are copied: these lie so.
#[test]
fn counts() {
    let (x, y, v) = (matrix(), turned(), vector());
    survey! {
        within 1200.0 times:
        "histogram": x.histogram(Bins::uniform(20, -3.0, 3.0));
        "histogram, many bins": v.histogram(Bins::uniform(20_000, -3.0, 3.0));
        "histogram_weighted": x.histogram_weighted(Bins::uniform(20, -3.0, 3.0), &y);
        "histogram_density": x.histogram_density(Bins::uniform(20, -3.0, 3.0));
        "histogram2d": x.histogram2d(&y, Bins::uniform(100, -3.0, 3.0), Bins::uniform(200, -3.0, 3.0));
    }
}

/// How much is found depends on the elements: all may be different, or lie beside one another.
#[test]
fn what_elements_decide() {
    let (x, y, v, n) = (matrix(), turned(), vector(), whole_numbers());
    survey! {
        within 1200.0 times:
        "unique": n.unique();
        "unique of many": v.unique();
        "unique inverse": n.unique_all().inverse;
        "unique counts": n.unique_all().counts;
        "unique index": n.unique_all().index;
        "quantile": v.quantile(0.3);
        "quantiles": x.quantile([0.1, 0.5, 0.9]);
        "quantile of columns": y.quantile(0.5);
        "median": x.median();
        "percentile of ints": n.percentile(30.0);
        "union1d": n.union1d(&(&n + 50));
        "intersect1d": v.intersect1d(&v);
        "setdiff1d": v.setdiff1d(&(&v + 1.0));
        "setxor1d": v.setxor1d(&(&v + 1.0));
    }
}

/// Counts up to the greatest number, which nobody knows before the run.
#[test]
fn bincount_alone_is_not_known() {
    let counts = counted(&whole_numbers().bincount(20));
    assert_eq!(counts.faults(), [""; 0]);
    assert_eq!(counts.unknown(), ["bincount", "bincount-join"]);
}

/// Tight where nothing is the same.
#[test]
fn different_elements() {
    let (v, y) = (vector(), turned());
    survey! {
        within 3.0 times:
        "unique": v.unique();
        "unique of columns": y.unique();
        "setxor1d": v.setxor1d(&(&v + 1.0));
        "histogram of columns": y.histogram(Bins::uniform(20_000, -3.0, 3.0));
    }
}

use crate::check::cuts;
use chunkwise_array::{Array, CollectionExt, Colormap, ImageOptions};
use chunkwise_testing::Crossing;
use proptest::prelude::*;

/// The reference: each pixel is the mean of its square of elements, row by row.
fn pixels(array: &ndarray::ArrayD<f64>, most: usize) -> (usize, usize, Vec<f64>) {
    let (rows, columns) = (array.shape()[0], array.shape()[1]);
    let scale = rows.max(columns).div_ceil(most).max(1);
    let (height, width) = (rows.div_ceil(scale), columns.div_ceil(scale));
    let mean = |pixel: usize| {
        let (row, column) = (pixel / width * scale, pixel % width * scale);
        let inside = (row..rows.min(row + scale))
            .flat_map(|row| (column..columns.min(column + scale)).map(move |column| (row, column)));
        let elements: Vec<f64> = inside.map(|(row, column)| array[[row, column]]).collect();
        elements.iter().sum::<f64>() / elements.len() as f64
    };
    (width, height, (0..width * height).map(mean).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn pixels_are_means_of_squares_whatever_the_chunks(
        cut in cuts(2, -8i32..8),
        most in 1usize..6,
    ) {
        let memory = cut.memory.mapv(f64::from);
        let (width, height, means) = pixels(&memory, most);
        let options = ImageOptions::from(Colormap::Magma).range(-4.0, 4.0).fit(most, most);
        let picture = cut.array.to_image(options);
        let image = picture.compute().unwrap();
        prop_assert_eq!((image.width, image.height), (width, height));
        let colors: Vec<u8> =
            means.iter().flat_map(|mean| Colormap::Magma.color((mean + 4.0) / 8.0)).collect();
        prop_assert_eq!(&image.rgb, &colors);
        prop_assert_eq!(&picture.compute_with(&Crossing).unwrap(), &image);
    }
}

#[test]
fn the_range_is_that_of_the_pixels_and_missing_ones_have_a_color() {
    let x = Array::from_ndarray(&ndarray::arr2(&[[1.0, f64::NAN, 3.0]]), 1);
    let image =
        x.to_image(ImageOptions::from(Colormap::Gray).missing([9, 8, 7])).compute().unwrap();
    assert_eq!(image.rgb, [0, 0, 0, 9, 8, 7, 255, 255, 255]);
    let flat = Array::<f32>::ones([2, 2], 1).to_image(Colormap::Gray).compute().unwrap();
    assert_eq!(flat.rgb, [128; 12]);
}

#[test]
fn a_file_holds_the_picture_and_appears_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.png");
    let x = Array::<i64>::arange(0, 35, 1, 4).reshape([5, 7]);
    x.to_png(&path, Colormap::RdBuReversed).compute().unwrap();
    let file = std::io::BufReader::new(std::fs::File::open(&path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut rgb = vec![0; 5 * 7 * 3];
    let info = reader.next_frame(&mut rgb).unwrap();
    assert_eq!((info.width, info.height), (7, 5));
    assert_eq!(rgb, x.to_image(Colormap::RdBuReversed).compute().unwrap().rgb);
    // What others may read of a new file, they may read of this one.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(folder.path().join("plain"), "x").unwrap();
        let mode = |name| folder.path().join(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode("x.png"), mode("plain"));
    }
    let error = x.to_png(folder.path().join("no/x.png"), Colormap::Gray).compute().unwrap_err();
    assert!(error.report().to_string().contains("no/x.png"), "{error:?}");
    let line = Array::<f64>::ones(3, 1).to_png(folder.path().join("line.png"), Colormap::Gray);
    let error = line.compute().unwrap_err().report().to_string();
    assert!(error.contains("shape (3,) where one with two axes is to be drawn"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

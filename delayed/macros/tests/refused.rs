//! What the compiler says to a misuse of `#[delayed]`, of its functions and of pure ones.

/// The messages are part of the interface; `TRYBUILD=overwrite` writes them anew.
#[test]
fn misuse_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

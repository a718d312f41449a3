/// What the compiler says is part of the interface; `TRYBUILD=overwrite` writes it anew.
#[test]
fn misuse_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/it/ui/*.rs");
}

//! What is read, what is refused and where the message points.

use std::fmt::Write as _;
use std::io::{self, BufReader, Read};

use proptest::prelude::*;

use super::record::MAX_RECORD_BYTES;
use super::*;

fn read(text: impl AsRef<[u8]>) -> Result<Accounts, CsvError> {
    read_from(text.as_ref(), Path::new("a.csv"), 0)
}

fn message(text: impl AsRef<[u8]>) -> String {
    read(text).unwrap_err().to_string()
}

fn accounts(rows: &[(u32, &str, i64)]) -> Accounts {
    let mut columns = Columns::with_room_for(0);
    for &(id, name, amount) in rows {
        assert!(columns.names.push(name));
        columns.id.push(id);
        columns.amount.push(amount);
    }
    columns.finish()
}

#[test]
fn a_plain_file_is_read() {
    let expected = accounts(&[(12, "Alice", -5), (0, "Bob", 0), (12, "Alice", 7)]);
    for text in [
        "id,names,amount\n12,Alice,-5\n0,Bob,0\n12,Alice,7\n",
        "id,names,amount\n12,Alice,-5\n0,Bob,0\n12,Alice,7",
        "id,names,amount\r\n12,Alice,-5\r\n0,Bob,0\r\n12,Alice,7\r\n",
        "\u{feff}id,names,amount\n12,Alice,-5\n0,Bob,0\n12,Alice,7\n",
        "\nid,names,amount\n\r\n12,Alice,-5\n0,Bob,0\n\n12,Alice,7\n\n",
        "\"id\",names,\"amount\"\n\"12\",\"Alice\",\"-5\"\n0,Bob,-0\n012,Alice,007",
    ] {
        assert_eq!(read(text).unwrap(), expected, "{text:?}");
    }
}

#[test]
fn quoted_names_hold_anything() {
    let text = "id,names,amount\n1,\"a,b\",1\n2,\"say \"\"hi\"\"\",2\n3,\"two\r\nlines\",3\n4,\"\",4\n\
                5,,5\n6,\"\"\"\",6\n7,Zoë 🦀,7\n";
    let rows = [
        (1, "a,b", 1),
        (2, "say \"hi\"", 2),
        (3, "two\r\nlines", 3),
        (4, "", 4),
        (5, "", 5),
        (6, "\"", 6),
        (7, "Zoë 🦀", 7),
    ];
    assert_eq!(read(text).unwrap(), accounts(&rows));
}

#[test]
fn a_header_alone_is_no_rows() {
    for text in ["id,names,amount", "id,names,amount\n", "id,names,amount\r\n\r\n"] {
        assert_eq!(read(text).unwrap().len(), 0);
    }
}

#[test]
fn the_limits_of_the_types_are_read() {
    let text = format!("id,names,amount\n{},x,{}\n0,x,{}\n", u32::MAX, i64::MAX, i64::MIN);
    assert_eq!(read(text).unwrap(), accounts(&[(u32::MAX, "x", i64::MAX), (0, "x", i64::MIN)]));
}

#[test]
fn a_bad_header_is_named() {
    let wants = "expected the header `id,names,amount`, found";
    assert_eq!(message(""), format!("a.csv:1:1: {wants} nothing"));
    assert_eq!(message("\n\n"), format!("a.csv:3:1: {wants} nothing"));
    assert_eq!(message("1,Alice,5\n"), format!("a.csv:1:1: {wants} \"1,Alice,5\""));
    assert_eq!(message("id,amount,names\n"), format!("a.csv:1:1: {wants} \"id,amount,names\""));
    assert!(message("id,names\n1,x\n").starts_with("a.csv:1:1: expected the header"));
    assert!(message("id,names,amount,\n").starts_with("a.csv:1:1: expected the header"));
    assert!(message([0xff; 100]).starts_with("a.csv:1:1: expected the header"));
}

#[test]
fn a_bad_row_is_named_by_line_and_column() {
    let whole = "expected a whole number for";
    let cases = [
        ("1\n", "3:2: expected the field `names`, found the end of the record".to_owned()),
        ("1,Al\n", "3:5: expected the field `amount`, found the end of the record".to_owned()),
        (",Al,5\n", format!("3:1: {whole} `id`, found \"\"")),
        ("x,Al,5\n", format!("3:1: {whole} `id`, found \"x\"")),
        ("-1,Al,5\n", "3:1: expected `id` within u32, found \"-1\"".to_owned()),
        ("4294967296,Al,5\n", "3:1: expected `id` within u32, found \"4294967296\"".to_owned()),
        ("1,Al,\n", format!("3:6: {whole} `amount`, found \"\"")),
        ("1,Al,-\n", format!("3:6: {whole} `amount`, found \"-\"")),
        ("1,Al,+5\n", format!("3:6: {whole} `amount`, found \"+5\"")),
        ("1,Al, 5\n", format!("3:6: {whole} `amount`, found \" 5\"")),
        ("1,Al,5.0\n", format!("3:6: {whole} `amount`, found \"5.0\"")),
        ("1,Al,--5\n", format!("3:6: {whole} `amount`, found \"--5\"")),
        (
            "1,Al,9223372036854775808\n",
            "3:6: expected `amount` within i64, found \"9223372036854775808\"".to_owned(),
        ),
        (
            "1,Al,-9223372036854775809\n",
            "3:6: expected `amount` within i64, found \"-9223372036854775809\"".to_owned(),
        ),
        (
            "1,Al,5,6\n",
            "3:8: expected the end of the record after `amount`, found another field".to_owned(),
        ),
        (
            "1,A\"l,5\n",
            "3:4: expected no quote within a field that does not begin with one".to_owned(),
        ),
        (
            "1,\"Al\"x,5\n",
            "3:7: expected a comma or the end of the record after the closing quote".to_owned(),
        ),
        (
            "1,\"Al,5\n2,Bo,6\n",
            "3:3: expected a closing quote for the field that begins here".to_owned(),
        ),
        ("1,\"A\nl\",x\n", format!("4:4: {whole} `amount`, found \"x\"")),
        ("1,\"\",x\r\n", format!("3:6: {whole} `amount`, found \"x\"")),
    ];
    for (row, expected) in cases {
        let text = format!("id,names,amount\n0,Bob,0\n{row}");
        assert_eq!(message(&text), format!("a.csv:{expected}"), "{row:?}");
    }
}

#[test]
fn text_that_is_not_utf8_is_named() {
    let mut text = b"id,names,amount\n0,Bob,0\n17,Al\xff,0\n".to_vec();
    assert_eq!(message(&text), "a.csv:3:4: expected UTF-8 text for `names`");
    text.truncate(24);
    text.extend_from_slice(b"1,Al,\xff\n");
    assert_eq!(
        message(&text),
        "a.csv:3:6: expected a whole number for `amount`, found \"\u{fffd}\""
    );
}

#[test]
fn long_digits_do_not_wrap() {
    let zeros = "0".repeat(100);
    assert_eq!(
        read(format!("id,names,amount\n{zeros}7,x,-{zeros}8\n")).unwrap(),
        accounts(&[(7, "x", -8)])
    );
    let long = "1".repeat(100);
    let text = message(format!("id,names,amount\n1,x,{long}\n"));
    assert_eq!(
        text,
        format!("a.csv:2:5: expected `amount` within i64, found \"{}\"...", "1".repeat(40))
    );
}

#[test]
fn a_file_without_line_ends_is_not_read_whole() {
    /// Gives the same byte for ever and counts.
    struct Endless(u8, usize);
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            buffer.fill(self.0);
            self.1 += buffer.len();
            Ok(buffer.len())
        }
    }
    let limit = format!("expected the end of the record within {MAX_RECORD_BYTES} bytes");
    let mut endless = Endless(b'x', 0);
    let error = read_from(BufReader::new(&mut endless), Path::new("a.csv"), u64::MAX).unwrap_err();
    assert_eq!(error.to_string(), format!("a.csv:1:1: {limit}"));
    assert!(endless.1 < 2 * MAX_RECORD_BYTES);

    let open = (&b"id,names,amount\n1,\"x"[..]).chain(Endless(b'\n', 0));
    let error = read_from(BufReader::new(open), Path::new("a.csv"), 0).unwrap_err();
    assert!(error.to_string().starts_with("a.csv:2:3: expected a closing quote"), "{error}");
}

#[test]
fn a_stray_quote_early_in_a_long_file_is_named() {
    let mut text = "id,names,amount\n1,A\"l,5\n".to_owned();
    text.push_str(&"1,Alice,5\n".repeat(MAX_RECORD_BYTES / 5));
    assert!(message(text).starts_with("a.csv:2:4: expected no quote within a field"));
}

#[test]
fn the_longest_record_is_read_and_one_byte_more_is_not() {
    for (line_end, more) in [("\n", 0), ("\r\n", 0), ("", 0), ("\n", 1), ("\r\n", 1), ("", 1)] {
        let name = "n".repeat(MAX_RECORD_BYTES - "1,,5".len() + more);
        let text = format!("id,names,amount\n1,{name},5{line_end}");
        match read(text) {
            Ok(read) if more == 0 => assert_eq!(read, accounts(&[(1, &name, 5)])),
            Err(error) if more == 1 => {
                assert!(error.to_string().starts_with("a.csv:2:1: expected the end"));
            }
            other => panic!("{line_end:?} {more} {:?}", other.map(|read| read.len())),
        }
    }
}

#[test]
fn a_missing_file_and_a_folder_are_errors_that_name_the_path() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("none.csv"), folder.path().to_owned()] {
        let error = read_csv(&path).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot read {}", path.display()));
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[test]
fn the_head_is_the_first_rows() {
    let all = accounts(&[(1, "a", 1), (2, "b", 2), (3, "a", 3)]);
    assert_eq!(all.head(0), accounts(&[]));
    assert_eq!(all.head(2), accounts(&[(1, "a", 1), (2, "b", 2)]));
    assert_eq!(all.head(usize::MAX), all);
}

#[test]
fn a_table_is_aligned_and_cut() {
    let few = accounts(&[(1, "Al", -1_000), (200, "Zoë\n", 5)]);
    let expected = " id  names  amount\n  1     Al   -1000\n200  Zoë\\n       5\n\
                    [2 rows x 3 columns]";
    assert_eq!(few.to_string(), expected);
    let rows: Vec<_> = (0..12).map(|id| (id, "x", 0)).collect();
    let many = accounts(&rows).to_string();
    let first: Vec<_> = many.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    let shown = ["id", "0", "1", "2", "3", "4", "...", "7", "8", "9", "10", "11", "[12"];
    assert_eq!(first, shown);
    assert_eq!(accounts(&[]).to_string(), "id  names  amount\n[0 rows x 3 columns]");
}

#[test]
fn memory_grows_by_sixteen_bytes_a_row() {
    let rows = vec![(1, "Alice", 1); 1_000];
    let one = accounts(&rows[..1]).memory_bytes();
    assert_eq!(accounts(&rows).memory_bytes() - one, 999 * 16);
}

/// Writes accounts by the book: `quote` says for each name whether it is quoted without need.
fn write_csv(rows: &[(u32, String, i64, bool)], line_end: &str, last_line_end: bool) -> String {
    let mut text = format!("id,names,amount{line_end}");
    for (id, name, amount, quote) in rows {
        let needed = name.contains(['"', ',', '\n', '\r']);
        let name = if needed || *quote {
            format!("\"{}\"", name.replace('"', "\"\""))
        } else {
            name.clone()
        };
        write!(text, "{id},{name},{amount}{line_end}").unwrap();
    }
    if !last_line_end {
        text.truncate(text.len() - line_end.len());
    }
    text
}

/// What the texts of a test are put together from.
const PARTS: &[&[u8]] = &[
    b"1,Al,5\n",
    b"23,Bo,-67\r\n",
    b"4,\"C,\"\"c\",8\n",
    b"4294967296,D,1\n",
    b"5,D,9223372036854775807\n",
    b"6,\xff,1\n",
    b"\n",
    b"\r",
    b"\"",
    b",",
    b"-",
    b"7",
    b"Al",
    b"\xff",
    b"\xc3\xa9",
];

proptest! {
    #[test]
    fn what_is_written_is_read(
        rows in prop::collection::vec(
            (any::<u32>(), "([a-zA-Z,\"\r\n 🦀é]{0,6}|\\PC{0,3})", any::<i64>(), any::<bool>()),
            0..40,
        ),
        crlf: bool,
        last_line_end: bool,
        capacity in 1_usize..64,
    ) {
        let text = write_csv(&rows, if crlf { "\r\n" } else { "\n" }, last_line_end);
        let input = BufReader::with_capacity(capacity, text.as_bytes());
        let read = read_from(input, Path::new("a.csv"), 0).unwrap();
        let rows: Vec<_> = rows.iter().map(|(id, n, amount, _)| (*id, &**n, *amount)).collect();
        prop_assert_eq!(read, accounts(&rows));
    }

    #[test]
    fn any_input_is_read_alike_at_once_and_byte_by_byte(parts in prop::collection::vec(
        prop::sample::select(PARTS), 0..20,
    )) {
        let text = parts.concat();
        let _ = read(&text);
        let text = [b"id,names,amount\n", &text[..]].concat();
        // With one byte buffered no row is whole, so none is read the quick way.
        let slowly = read_from(BufReader::with_capacity(1, &*text), Path::new("a.csv"), 0);
        prop_assert_eq!(format!("{:?}", read(&text)), format!("{slowly:?}"));
    }
}

/// Wherever a good file is cut, its whole rows are read, and an error stands on the line of the
/// cut.
#[test]
fn a_cut_file_gives_its_whole_rows_or_an_error_at_its_end() {
    let header = "id,names,amount\n";
    let text = format!("{header}10,Alice,-500\n20,\"Bob\",600\n3,Dan,7\n");
    let whole = read(&text).unwrap();
    for cut in header.len()..=text.len() {
        let n_whole = text[header.len()..cut].matches('\n').count();
        match read(&text[..cut]) {
            Ok(part) => {
                assert_eq!(part.head(n_whole), whole.head(n_whole), "{cut}");
                assert_eq!(part.len(), n_whole + usize::from(!text[..cut].ends_with('\n')));
            }
            Err(CsvError::Syntax { line, .. }) => assert_eq!(line, n_whole as u64 + 2, "{cut}"),
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn accounts_come_back_from_the_form_that_crosses_processes() {
    use chunkwise::graph::{Frames, TypeInfo, Value};
    let text = "id,names,amount\n7,\"Alice, A.\",-12\n8,größe,9223372036854775807\n7,größe,0\n";
    for text in [text, "id,names,amount\n"] {
        let accounts = read_from(text.as_bytes(), Path::new("x.csv"), 0).unwrap();
        let mut frames = Frames::default();
        Value::serde(accounts.clone()).encode(&mut frames).unwrap();
        let codec = TypeInfo::serde::<Accounts>().codec().unwrap();
        let back = frames.with_ref(|frames| (codec.decode)(frames)).unwrap();
        assert_eq!(back.get::<Accounts>().unwrap(), &accounts);
    }
}

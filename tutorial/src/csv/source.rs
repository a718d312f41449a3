//! Cuts a stream into records and knows where in the file each one stands.

use std::io::{self, BufRead, Read};
use std::path::Path;

use super::error::{CsvError, Problem};
use super::plain::{PlainRow, plain_row};
use super::record::{MAX_RECORD_BYTES, split};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The records of a stream, one at a time in a buffer that is used again.
pub(super) struct Records<'a, R> {
    input: R,
    path: &'a Path,
    /// The current record with its line end.
    buffer: Vec<u8>,
    /// Bytes of the byte order mark before the record; they count in the column.
    mark: usize,
    /// Length of the record without its line end, from `mark`.
    end: usize,
    /// Line on which the record begins, from 1.
    line: u64,
    /// Line ends read so far.
    lines_read: u64,
}

impl<'a, R: BufRead> Records<'a, R> {
    pub(super) fn new(input: R, path: &'a Path) -> Self {
        Self { input, path, buffer: Vec::new(), mark: 0, end: 0, line: 1, lines_read: 0 }
    }

    /// Goes to the next record that is not blank; false at the end of the stream.
    pub(super) fn advance(&mut self) -> Result<bool, CsvError> {
        loop {
            self.buffer.clear();
            self.mark = 0;
            self.line = self.lines_read + 1;
            if !self.append_line()? {
                self.end = 0;
                return Ok(false);
            }
            if self.line == 1 && self.buffer.starts_with(BYTE_ORDER_MARK) {
                self.mark = BYTE_ORDER_MARK.len();
            }
            self.complete_quotes()?;
            self.end = without_line_end(&self.buffer).len();
            if self.end > self.mark {
                return Ok(true);
            }
        }
    }

    /// Gives the plain rows that come next, as far as they are buffered, to `take` until it gives
    /// false. What comes then is for [`advance`](Self::advance); there may be plain rows after it.
    pub(super) fn plain_rows(
        &mut self,
        mut take: impl FnMut(&PlainRow<'_>) -> bool,
    ) -> Result<(), CsvError> {
        let buffered = match self.input.fill_buf() {
            Ok(buffered) => buffered,
            // The next read tries again.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            Err(source) => return Err(CsvError::Read { path: self.path.to_owned(), source }),
        };
        let mut used = 0;
        while let Some(row) = plain_row(&buffered[used..])
            && row.bytes <= MAX_RECORD_BYTES
            && take(&row)
        {
            used += row.bytes;
            self.lines_read += 1;
        }
        self.input.consume(used);
        Ok(())
    }

    /// The current record, without its line end.
    pub(super) fn record(&self) -> &[u8] {
        &self.buffer[self.mark..self.end.max(self.mark)]
    }

    /// The error for a problem at byte `at` of the current record.
    pub(super) fn problem(&self, at: usize, problem: Problem) -> CsvError {
        let before = &self.buffer[..(self.mark + at).min(self.buffer.len())];
        let line_ends = before.iter().filter(|&&byte| byte == b'\n').count();
        let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        CsvError::Syntax {
            path: self.path.to_owned(),
            line: self.line + line_ends as u64,
            column: before.len() - line_start + 1,
            problem,
        }
    }

    /// While a quote is open at the end of the line, the next line belongs to the record.
    ///
    /// A record has an odd number of quotes exactly when one is open: an escaped quote is two,
    /// and a quote inside a plain field is refused later whatever follows.
    fn complete_quotes(&mut self) -> Result<(), CsvError> {
        let mut counted = 0;
        let mut open = false;
        loop {
            let fresh = &self.buffer[counted..];
            if fresh.contains(&b'"') {
                open ^= fresh.iter().filter(|&&byte| byte == b'"').count() % 2 == 1;
            }
            counted = self.buffer.len();
            if !open || !self.append_line()? {
                return Ok(());
            }
        }
    }

    /// Appends a line with its end to the buffer; false when the stream has no more bytes.
    fn append_line(&mut self) -> Result<bool, CsvError> {
        // Two bytes more than a record: its line end.
        let room = (MAX_RECORD_BYTES + 2).saturating_sub(self.buffer.len());
        let read = read_line(&mut self.input, room, &mut self.buffer)
            .map_err(|source| CsvError::Read { path: self.path.to_owned(), source })?;
        self.lines_read += u64::from(self.buffer.ends_with(b"\n") && read > 0);
        let cut = read == room && !self.buffer.ends_with(b"\n");
        if cut || without_line_end(&self.buffer).len() > MAX_RECORD_BYTES {
            return Err(self.too_long());
        }
        Ok(read > 0)
    }

    /// The error for a record without an end. A stray quote is the usual cause and the more useful
    /// thing to name: it makes all the lines after it one record.
    fn too_long(&self) -> CsvError {
        match split(&self.buffer[self.mark..]) {
            Err((at, problem @ (Problem::QuoteNotClosed | Problem::QuoteInField))) => {
                self.problem(at, problem)
            }
            _ => self.problem(0, Problem::RecordTooLong { limit: MAX_RECORD_BYTES }),
        }
    }
}

/// Reads to the next line end, included, but at most `room` bytes.
fn read_line(input: &mut impl BufRead, room: usize, buffer: &mut Vec<u8>) -> io::Result<usize> {
    input.take(room as u64).read_until(b'\n', buffer)
}

fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

//! How much is taken of what others wrote.

/// Longest record of a table, in bytes: a cell that is never closed would swallow the file.
pub const RECORD_BYTES: usize = 1 << 20;
/// Most cells of a record.
pub const CELLS: usize = 1024;
/// Longest text of one field that goes out, in characters; what is longer is cut, and that is told.
pub const FIELD_CHARS: usize = 32_768;
/// Lines that are looked at before it is said what a table's columns mean.
pub const SAMPLE_LINES: usize = 2_000;
/// And at most so many bytes of them.
pub const SAMPLE_BYTES: usize = 4 << 20;
/// Among how many first lines the heading is looked for.
pub const HEADING_WITHIN: usize = 120;
/// Bytes that are looked at to find out in which encoding a text is.
pub const HEAD_BYTES: usize = 256 << 10;
/// Longest single piece of XML or JSON between two rows.
pub const PIECE_BYTES: u64 = 8 << 20;
/// How deep XML may go.
pub const DEPTH: usize = 64;
/// Largest spreadsheet: it cannot be read as a stream.
pub const SHEET_BYTES: u64 = 64 << 20;
/// Most accounts of which sums are kept.
pub const SUMS: usize = 10_000;
/// Most troubles of one kind that are told one by one; the others are counted.
pub const TROUBLES: u64 = 1_000;

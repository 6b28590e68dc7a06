//! Exhibits: rows of statements, calls and chats brought in (observables a second), and files that are made to take everything (row S7).

pub mod bombs;
mod made;
pub mod rows;

use std::process::ExitCode;

/// This program as the limited reader, where it was called so: it must limit itself before anything else is done.
#[must_use]
pub fn as_reader() -> Option<ExitCode> {
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() != Some(READER) {
        return None;
    }
    Some(match reader::child::Ask::from_args(args) {
        Some(ask) => reader::child::run(&ask),
        None => ExitCode::from(2),
    })
}

/// The word by which this program is called as the reader.
const READER: &str = "read-exhibit";

/// The limited reader, which is this program.
fn reader_of_this_program() -> anyhow::Result<reader::Reader> {
    Ok(reader::Reader::new(std::env::current_exe()?, vec![READER.into()]))
}

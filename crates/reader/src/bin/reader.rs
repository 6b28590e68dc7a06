//! The reading process alone, as the platform's own program runs it under `read-exhibit`.

use std::process::ExitCode;

fn main() -> ExitCode {
    match reader::child::Ask::from_args(std::env::args().skip(1)) {
        Some(ask) => reader::child::run(&ask),
        None => ExitCode::from(2),
    }
}

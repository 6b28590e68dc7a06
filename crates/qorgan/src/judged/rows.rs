//! Statements, records of calls, chats and reports of devices, as lines of JSON.

use std::ops::ControlFlow;
use std::path::PathBuf;

use anyhow::Context as _;
use statement::encoding::Charset;
use statement::{Format, Options, Plan, ReadError, Row};

use super::{open, written};

/// So much memory it takes at most, whatever the file.
const MEMORY_BYTES: u64 = 512 << 20;

/// What is read, and how it is shown.
#[derive(Debug, clap::Args)]
pub struct ReadStatementArgs {
    /// camt.052 to 054, CSV, XLSX, XLS, ODS, a chat of `WhatsApp` or `Telegram`, CASE/UCO
    file: PathBuf,
    /// What a table's columns mean: what `--show-mapping` prints, as it is or corrected
    #[arg(long)]
    mapping: Option<PathBuf>,
    /// Prints what a table's columns were found to mean, and nothing else
    #[arg(long)]
    show_mapping: bool,
    /// Prints what is wrong and what it adds up to, not the rows
    #[arg(long, conflicts_with = "show_mapping")]
    dry_run: bool,
    /// Of what encoding it is, where it is not to be found out: `windows-1251`, `kz-1048`, `cp866`, `koi8-r`, `utf-8`, `utf-16le`
    #[arg(long)]
    encoding: Option<String>,
    /// What it is, where it is not to be found out: `camt`, `csv`, `sheet`, `whats_app`, `telegram`, `case_uco`
    #[arg(long)]
    format: Option<String>,
    /// Where results go; standard output if left out
    #[arg(long)]
    out: Option<PathBuf>,
}

fn options(args: &ReadStatementArgs) -> anyhow::Result<Options> {
    let plan = match &args.mapping {
        Some(path) => {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            Some(Plan::from_toml(&text).with_context(|| format!("`{}` is no mapping", path.display()))?)
        }
        None => None,
    };
    let charset = match &args.encoding {
        Some(name) => {
            Some(Charset::named(name).with_context(|| format!("`{name}` is no encoding that is read"))?)
        }
        None => None,
    };
    let format = match &args.format {
        Some(name) => Some(
            serde_json::from_value::<Format>(serde_json::json!(name))
                .with_context(|| format!("`{name}` is no format"))?,
        ),
        None => None,
    };
    Ok(Options { format, plan, charset })
}

/// Reads a file row by row.
///
/// # Errors
/// It cannot be opened or is in no format that is read; what was read until it broke off is written.
pub fn read_statement(args: &ReadStatementArgs) -> anyhow::Result<()> {
    let options = options(args)?;
    let file = open(&args.file)?;
    // A file that would take more is refused by the kernel, not by the machine's patience.
    let memory = reader::limits::Memory::hold(MEMORY_BYTES);
    if memory.is_none() {
        tracing::warn!("memory is not limited");
    }
    let mut read = Ok(());
    written(args.out.as_deref(), |out| {
        let mut failed: anyhow::Result<()> = Ok(());
        let done = {
            let mut sink = |row: Row| {
                let wanted = !args.show_mapping && (!args.dry_run || matches!(row, Row::Trouble(_)));
                let line =
                    if wanted { serde_json::to_writer(&mut *out, &row).map_err(Into::into) } else { Ok(()) };
                let line = line.and_then(|()| {
                    if wanted { out.write_all(b"\n").map_err(anyhow::Error::from) } else { Ok(()) }
                });
                match line {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(error) => {
                        failed = Err(error);
                        ControlFlow::Break(())
                    }
                }
            };
            reader::child::from(file, &options, &mut sink)
        };
        failed?;
        match done {
            Ok(summary) if args.show_mapping => {
                let plan = summary.plan.context("the file is no table: its columns need no mapping")?;
                out.write_all(plan.to_toml().as_bytes())?;
            }
            Ok(summary) => {
                serde_json::to_writer(
                    &mut *out,
                    &serde_json::json!({ "kind": "summary", "summary": summary }),
                )?;
                out.write_all(b"\n")?;
            }
            Err(error) => {
                let told = serde_json::json!({ "kind": "error", "code": error.code(), "message": error.to_string() });
                serde_json::to_writer(&mut *out, &told)?;
                out.write_all(b"\n")?;
                read = Err(error);
            }
        }
        Ok(())
    })?;
    drop(memory);
    read.map_err(|error: ReadError| anyhow::anyhow!("`{}`: {error}", args.file.display()))
}

/// The reading process: limits itself and reads standard input. It is started by the platform itself.
#[derive(Debug, clap::Args)]
pub struct ReadExhibitArgs {
    /// Prints rows, not what is in it
    #[arg(long)]
    rows: bool,
    /// Reads nothing and tries what it still could do
    #[arg(long)]
    prove: bool,
    /// How large the file is; then its beginning and its end come
    #[arg(long)]
    size_bytes: Option<u64>,
    /// So many bytes of a mapping come before it
    #[arg(long)]
    plan_bytes: Option<u64>,
    /// Processor time, in seconds
    #[arg(long)]
    cpu_s: Option<u64>,
}

/// Reads an exhibit.
#[must_use]
pub fn read_exhibit(args: &ReadExhibitArgs) -> std::process::ExitCode {
    reader::child::run(&reader::child::Ask {
        size: args.size_bytes,
        rows: args.rows,
        prove: args.prove,
        plan_bytes: args.plan_bytes,
        cpu_s: args.cpu_s,
    })
}

//! `qorgan question`: shows that a question of an institution stands in the record, and what was told.

use std::io::Write;

use anyhow::Context as _;
use registry::live::{Number, prove};
use serde_json::json;

use crate::node::{self, NodeArgs};

/// Arguments of `question`.
#[derive(Debug, clap::Args)]
pub struct QuestionArgs {
    #[command(flatten)]
    node: NodeArgs,
    /// The number that stood in the answer (`question`)
    number: String,
}

/// Prints the question with its path to the root that is in the record, as JSON (RFC 9162, 2.1.3).
///
/// # Errors
/// No such number, or nothing is written down under it.
pub fn run(args: &QuestionArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let number: Number =
        args.number.parse().map_err(|()| anyhow::anyhow!("`{}` is no number of a question", args.number))?;
    let app = node::open(&args.node)?;
    let no = i64::try_from(number.no).context("there is no such number")?;
    let row = app.db.read_blocking(move |tx| registry::store::holding(tx, number.process, no))?.context(
        "nothing is written down under this number: it was never given, or its process ended before it was",
    )?;
    let proof = prove(&row, number.no).context("the segment does not hold what it says")?;
    let shown = json!({
        "line": proof.line, "index": proof.index, "size": proof.size,
        "path": proof.path.iter().map(|hash| hex::encode(hash.as_bytes())).collect::<Vec<_>>(),
        "root": hex::encode(row.root), "record": {"act": "registry.questions", "subject": row.id.to_string()},
    });
    Ok(writeln!(out, "{shown:#}")?)
}

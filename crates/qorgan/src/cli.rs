//! The command line.

use std::io::{BufReader, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::builder::TypedValueParser as _;
use clap::{Args, Parser, Subcommand};
use kernel::Actor;

use crate::node::NodeArgs;
use crate::{
    demo, figures, filters, judged, node, package, question, record, rotting, searching, serve, user,
};

/// The working platform of a cybercrime department.
#[derive(Debug, Parser)]
#[command(name = "qorgan", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the node: portal, desk, partner API and the work behind them
    Serve(serve::ServeArgs),
    /// Creates a demonstration database: invented partners, demo sign-ins, a standing approval
    DemoInit(demo::DemoArgs),
    /// Prints the platform's own figures of a demonstration as JSON
    DemoFigures(NodeArgs),
    /// Runs the simulated country beside a demonstration node
    Sandbox(sandbox::Args),
    /// Checks an institution's own endpoint against the partner API before it goes live
    #[command(long_about = conformance::ABOUT)]
    Conformance(Box<conformance::Args>),
    /// Finds identifiers in stories: lines {"id","story"} in, {"id","identifiers"} out
    Extract(ExtractArgs),
    /// Compares names, as persons are compared: a number from 0 to 1 for each line of a CSV file with `name1` and `name2`
    ScoreNames(judged::ScoreNamesArgs),
    /// Finds out which records of a CSV file are one person's: writes `record_id,cluster_id`
    ResolvePersons(judged::ResolvePersonsArgs),
    /// Follows money from transfers that victims report, in a CSV file of all transfers: writes `seed_tran_id,tran_id`
    FindTrail(judged::FindTrailArgs),
    /// Finds the credit at one bank that a debit at another became: writes `debit_id,credit_id`
    MatchTransfers(judged::MatchTransfersArgs),
    /// Reads a bank statement, records of calls, a chat or a report of a device: rows as lines of JSON, and what they add up to
    ReadStatement(judged::ReadStatementArgs),
    /// Reads an exhibit from standard input, in a process that may do nothing else
    #[command(hide = true)]
    ReadExhibit(judged::ReadExhibitArgs),
    /// Runs a witness of other organisations' records: cosigns what grew, refuses what was rolled back or forked
    Witness(witness::Args),
    /// Checks the tamper-evident record offline and names what was changed
    VerifyLog(record::VerifyArgs),
    /// Checks the database row by row: names what is not as it was written, because a bit turned or a page was torn
    CheckDatabase(rotting::CheckArgs),
    /// Writes the record in tlog-tiles form, for checking without the database
    ExportLog(record::ExportArgs),
    /// Checks a package of evidence without a node: holds or is refused, with the file that is wrong
    VerifyPackage(package::VerifyArgs),
    /// Shows that a question of an institution stands in the record, with the proof
    Question(question::QuestionArgs),
    /// Signed filters, at an institution's own site
    Filter {
        #[command(subcommand)]
        command: filters::FilterCommand,
    },
    /// Partners
    Partner {
        #[command(subcommand)]
        command: PartnerCommand,
    },
    /// The index for searching
    Search {
        #[command(subcommand)]
        command: searching::SearchCommand,
    },
    /// Staff accounts
    User {
        #[command(subcommand)]
        command: user::UserCommand,
    },
}

#[derive(Debug, Args)]
struct ExtractArgs {
    /// JSON lines
    file: PathBuf,
    /// Says also which stories belong together and how the fraud is done: `scheme`, `kind`, and the words that decided, `why`
    #[arg(long)]
    schemes: bool,
    /// From so many per cent of rows of words in common on two stories belong together; those that name different things, from 80 on
    #[arg(long, default_value_t = scheme::Aim::DESK.alike, requires = "schemes", value_parser = clap::value_parser!(u8).range(1..=100).map(usize::from))]
    alike: usize,
    /// Words in a row: with two, more stories are alike than with three
    #[arg(long, default_value_t = scheme::Aim::DESK.row, requires = "schemes", value_parser = clap::value_parser!(u8).range(1..=8).map(usize::from))]
    row: usize,
    /// Where results go; standard output if left out
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum PartnerCommand {
    /// Takes in an agreement file
    Import {
        #[command(flatten)]
        node: NodeArgs,
        /// JSON
        file: PathBuf,
        /// New institutions are live from the beginning, without a trial
        #[arg(long)]
        live: bool,
    },
    /// Stops believing a key at once
    RevokeKey {
        #[command(flatten)]
        node: NodeArgs,
        /// `CODE/NAME`
        keyid: String,
        /// Why; kept sealed with the key and in the record
        #[arg(long, default_value = "revoked at the command line")]
        reason: String,
    },
}

/// What is told where an endpoint could not be judged at all.
const NOT_JUDGED: u8 = 2;

/// Runs one command.
///
/// # Errors
/// A sentence for the person at the terminal.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let done = match cli.command {
        Command::Conformance(args) => return conformance(*args),
        Command::ReadExhibit(args) => return Ok(judged::read_exhibit(&args)),
        Command::VerifyPackage(args) => {
            // Asked wrongly is 2, as by clap: a slip of the hand must not look like a forgery.
            return Ok(match package::run(&args, &mut std::io::stdout().lock()) {
                Ok(found) => ExitCode::from(found.code()),
                Err(error) => {
                    writeln!(std::io::stderr(), "error: {error:#}")?;
                    ExitCode::from(2)
                }
            });
        }
        Command::Serve(args) => runtime()?.block_on(serve::run(args)),
        Command::DemoInit(args) => runtime()?.block_on(demo::init(args)),
        Command::DemoFigures(args) => figures::print(&args),
        Command::Sandbox(args) => runtime()?.block_on(sandbox::execute(args, &mut std::io::stdout())),
        Command::Extract(args) => extract(&args),
        Command::ScoreNames(args) => judged::score_names(&args),
        Command::MatchTransfers(args) => judged::match_transfers(&args),
        Command::ReadStatement(args) => judged::read_statement(&args),
        Command::FindTrail(args) => judged::find_trail(&args),
        Command::ResolvePersons(args) => judged::resolve_persons(&args),
        Command::Witness(args) => {
            let wall = kernel::WallClock::system();
            let seconds = Arc::new(move || u64::try_from(wall.now().as_micros() / 1_000_000).unwrap_or(0));
            runtime()?.block_on(witness::run(&args, seconds))
        }
        Command::VerifyLog(args) => verify_log(&args),
        Command::CheckDatabase(args) => check_database(&args),
        Command::ExportLog(args) => export_log(&args),
        Command::Question(args) => question::run(&args, &mut std::io::stdout()),
        Command::Filter { command } => {
            filters::run(command, &mut std::io::stdin().lock(), &mut std::io::stdout())
        }
        Command::Partner { command } => runtime()?.block_on(partner_command(command)),
        Command::Search { command } => runtime()?.block_on(searching::run(command, &mut std::io::stdout())),
        Command::User { command } => {
            runtime()?.block_on(user::run(command, &mut std::io::stdin().lock(), &mut std::io::stdout()))
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// Judges an endpoint. What is wrong with the arguments says nothing about it, and must not look like its fault.
fn conformance(args: conformance::Args) -> anyhow::Result<ExitCode> {
    match runtime()?.block_on(conformance::execute(args, &mut std::io::stdout())) {
        Ok(code) => Ok(ExitCode::from(code)),
        Err(error) => {
            writeln!(std::io::stderr(), "Error: {error:#}")?;
            Ok(ExitCode::from(NOT_JUDGED))
        }
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

fn extract(args: &ExtractArgs) -> anyhow::Result<()> {
    if args.schemes {
        let aim = scheme::Aim { row: args.row, alike: args.alike };
        return judged::extract_schemes(&args.file, args.out.as_deref(), aim);
    }
    let file =
        std::fs::File::open(&args.file).with_context(|| format!("cannot open `{}`", args.file.display()))?;
    let options = identifier::Options::default();
    let mut stats = identifier::Stats::default();
    judged::written(args.out.as_deref(), |out| {
        stats = identifier::extract_jsonl(BufReader::new(file), out, &options)?;
        Ok(())
    })?;
    tracing::info!(stories = stats.stories, identifiers = stats.identifiers, "extracted");
    for bad in &stats.bad_lines {
        tracing::error!(line = bad.line, why = %bad.why, "line left out");
    }
    anyhow::ensure!(
        stats.bad_lines.is_empty(),
        "{} lines could not be read; the others were worked on",
        stats.bad_lines.len()
    );
    Ok(())
}

fn verify_log(args: &record::VerifyArgs) -> anyhow::Result<()> {
    let verdict = record::verify(args)?;
    writeln!(std::io::stdout(), "{verdict}")?;
    anyhow::ensure!(verdict.is_sound(), "the record has been tampered with, or this is not its key");
    Ok(())
}

fn check_database(args: &rotting::CheckArgs) -> anyhow::Result<()> {
    let places = rotting::check(args, &mut std::io::stdout())?;
    let more = if places >= db::rot::MOST { " or more" } else { "" };
    anyhow::ensure!(places == 0, "places that are not as they were written: {places}{more}");
    Ok(())
}

fn export_log(args: &record::ExportArgs) -> anyhow::Result<()> {
    let (_, key) = record::export(args)?;
    writeln!(std::io::stdout(), "{key}")?;
    Ok(())
}

async fn partner_command(command: PartnerCommand) -> anyhow::Result<()> {
    let actor = Actor::system("setup");
    match command {
        PartnerCommand::Import { node, file, live } => {
            let app = node::open(&node)?;
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("cannot read `{}`", file.display()))?;
            let country = serde_json::from_str(&text)
                .with_context(|| format!("`{}` is no agreement file", file.display()))?;
            let mode = if live { partner::Mode::Live } else { partner::Mode::Test };
            let new = partner::service::import_as(&app, &actor, country, mode).await?;
            tracing::info!(new, mode = mode.as_str(), "partners taken in");
        }
        PartnerCommand::RevokeKey { node, keyid, reason } => {
            partner::manage::revoke_key(&node::open(&node)?, &actor, &keyid, &reason).await?;
        }
    }
    Ok(())
}

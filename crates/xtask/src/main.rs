//! `cargo xtask`: everything a developer, a demonstration or CI needs, without other tools.
#![expect(clippy::print_stdout, reason = "a development tool talks to its terminal")]
#![expect(clippy::disallowed_methods, reason = "a development tool waits on real processes and real time")]

mod case;
mod ci;
mod demo;
mod dev;
mod judges;
mod postgres;
mod run;
mod size;
mod tiers;
mod tools;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Development commands of Qorgan")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sets everything up, builds, and runs a node with the simulated country beside it
    Demo(demo::DemoArgs),
    /// The same with a rebuild and restart of the node at every save
    Dev(demo::DemoArgs),
    /// Everything that must be green: format, lints, checks, tests on both engines, browser
    Ci(ci::CiArgs),
    /// Compares the crates' dependencies with the table in ARCHITECTURE.md
    CheckTiers,
    /// Refuses source files over 800 lines and lists those over 400
    CheckSize,
    /// Holds what the product writes against schemas of others, and lets a program of others try its API
    Judges {
        /// One of them only
        part: Option<judges::Part>,
    },
    /// Runs one row of the bars and prints figure, denominator and ratio
    Bench {
        /// hold, intake, trail, …
        name: String,
        /// Handed to the bench
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// The browser walk against a fresh demonstration
    Walk {
        /// Every page at every width and theme, not the short form
        #[arg(long)]
        full: bool,
    },
}

fn main() -> std::process::ExitCode {
    match work() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            println!("\nfailed: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn work() -> anyhow::Result<()> {
    std::env::set_current_dir(run::root()?)?;
    match Cli::parse().command {
        Command::Demo(args) => demo::run(&args),
        Command::Dev(args) => dev::run(&args),
        Command::Ci(args) => ci::run(&args),
        Command::CheckTiers => tiers::check(),
        Command::CheckSize => size::check(),
        Command::Judges { part } => judges::run(part),
        Command::Bench { name, rest } => {
            if name == "lookalike" {
                judges::lookalike_names()?;
            }
            let mut args = vec!["run", "--quiet", "--release", "--package", "bench", "--", &name];
            args.extend(rest.iter().map(String::as_str));
            run::cargo(&args)
        }
        Command::Walk { full } => ci::walk(full),
    }
}

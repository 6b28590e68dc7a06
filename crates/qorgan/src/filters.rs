//! `qorgan filter check`: what an institution runs at home, with the filter that it fetched. Nothing leaves the machine.

use std::fmt::Write as _;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use filter::{Filter, Refused, Seen};
use identifier::{Candidate, Kind, Options, Region};
use kernel::WallClock;
use registry::service::private::open_hashes;

/// What is done with filters.
#[derive(Debug, clap::Subcommand)]
pub enum FilterCommand {
    /// Says of each thing whether it is certainly not listed, or must be asked about
    #[command(
        long_about = "Says of each thing whether it is certainly not listed, or must be asked about.\n\n\
        One line for each: `no`, `ask` or `unread`, and what it was read as. A kind can be said first, as in `account:12345678`. `ask` \
        is no verdict: of things that are not listed, one in 256 is told so; ask about what is `unread`, too. A filter that is over, changed, or older than one that was seen before is refused; then ask about everything."
    )]
    Check(CheckArgs),
}

/// Arguments of `filter check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// The whole filter, as fetched from `/api/v1/filters/whole`
    #[arg(long)]
    whole: PathBuf,
    /// What has changed since, from `/api/v1/filters/changes`
    #[arg(long)]
    changes: PathBuf,
    /// The office's public key, base64, as `/api/v1/keys` gives it; compare it with your agreement
    #[arg(long)]
    key: String,
    /// Keeps the number of the newest filter that was seen, so that nobody can hand you an older one
    #[arg(long)]
    seen: PathBuf,
    /// The country of telephone numbers that are written without one
    #[arg(long, default_value = "KZ")]
    region: String,
    /// The things; without any they are read from standard input, one in a line
    values: Vec<String>,
}

/// Runs it.
///
/// # Errors
/// A sentence that says why the filter is not believed, or what cannot be read.
pub fn run(command: FilterCommand, input: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    let FilterCommand::Check(args) = command;
    let clock = WallClock::system();
    let filter = open(&args, clock.now().as_secs())?;
    let Some(region) = Region::from_code(&args.region) else { bail!("`{}` is no country", args.region) };
    let options = Options { region };
    if args.values.is_empty() {
        for line in input.lines() {
            writeln!(out, "{}", said(&filter, &line?, &options, clock.now().as_secs())?)?;
        }
    }
    for value in &args.values {
        writeln!(out, "{}", said(&filter, value, &options, clock.now().as_secs())?)?;
    }
    Ok(())
}

fn open(args: &CheckArgs, now: i64) -> anyhow::Result<Filter> {
    let read = |path: &Path| std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()));
    let key = httpsig::public_key_from_text(&args.key).context("the key is no Ed25519 key in base64")?;
    let mut seen = match std::fs::read_to_string(&args.seen) {
        Ok(text) => {
            Seen(text.trim().parse().with_context(|| format!("`{}` holds no number", args.seen.display()))?)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Seen::default(),
        Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", args.seen.display())),
    };
    let before = seen;
    let filter = Filter::open(&read(&args.whole)?, &read(&args.changes)?, &key, &mut seen, now)
        .context("the filter is not believed: ask about everything")?;
    if seen != before {
        // Whole or not at all: a number that was lost would let an older filter in.
        let new = args.seen.with_extension("new");
        let written = std::fs::File::create(&new).and_then(|mut file| {
            file.write_all(format!("{}\n", seen.0).as_bytes())?;
            file.sync_all()
        });
        written
            .and_then(|()| std::fs::rename(&new, &args.seen))
            .with_context(|| format!("cannot keep `{}`", args.seen.display()))?;
    }
    Ok(filter)
}

/// One line about one thing.
fn said(filter: &Filter, value: &str, options: &Options, now: i64) -> Result<String, Refused> {
    let named = value.split_once(':').and_then(|(kind, rest)| Some((Kind::parse(kind.trim())?, rest)));
    let read: Vec<(Kind, String)> = match named {
        Some((kind, rest)) => identifier::normalise(kind, rest, options.region)
            .ok()
            .map(|value| (kind, value))
            .into_iter()
            .collect(),
        None => identifier::recognise(value, options)
            .into_iter()
            .filter_map(|Candidate { kind, outcome }| Some((kind, outcome.ok()?)))
            .collect(),
    };
    if read.is_empty() {
        return Ok("unread".to_owned());
    }
    let mut perhaps = false;
    let mut line = String::new();
    for (kind, canonical) in &read {
        for open in open_hashes(*kind, canonical) {
            perhaps |= filter.may_hold(&open, now)?;
        }
        let _ = write!(line, " {}:{canonical}", kind.as_str());
    }
    Ok(format!("{}{line}", if perhaps { "ask" } else { "no" }))
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use filter::{Made, OpenHash};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(subcommand)]
        command: FilterCommand,
    }

    struct Site(PathBuf);

    impl Drop for Site {
        fn drop(&mut self) {
            drop(std::fs::remove_dir_all(&self.0));
        }
    }

    impl Site {
        fn new(name: &str) -> Self {
            let place = std::env::temp_dir().join(format!("qorgan_filter_{name}_{}", std::process::id()));
            std::fs::create_dir_all(&place).unwrap();
            Self(place)
        }

        /// Fetches a filter that lists one telephone and one account; of this number.
        fn fetched(&self, number: u64, until: i64) {
            let (key, now) = (httpsig::SigningKey::from_bytes(&[3; 32]), WallClock::system().now().as_secs());
            let made = |number| Made { number, at: now, until: now + until };
            let things = [OpenHash::of("phone", "+77010000001"), OpenHash::of("account", "12345678")];
            let whole = ::filter::base(&things, [1; 16], made(number), &key).unwrap();
            let changes = ::filter::delta(&whole, (&[], &[]), &things, made(number + 1), &key).unwrap();
            std::fs::write(self.0.join("whole"), whole).unwrap();
            std::fs::write(self.0.join("changes"), changes).unwrap();
        }

        fn check(&self, values: &[&str], input: &str) -> anyhow::Result<String> {
            let key = httpsig::SigningKey::from_bytes(&[3; 32]).verifying_key();
            let at = |name: &str| self.0.join(name).display().to_string();
            let mut line: Vec<String> = ["-", "check", "--whole"].map(str::to_owned).to_vec();
            line.extend([
                at("whole"),
                "--changes".to_owned(),
                at("changes"),
                "--seen".to_owned(),
                at("seen"),
            ]);
            line.extend(["--key".to_owned(), httpsig::public_key_text(&key)]);
            line.extend(values.iter().map(|value| (*value).to_owned()));
            let mut out = Vec::new();
            run(Line::try_parse_from(line)?.command, &mut input.as_bytes(), &mut out)?;
            Ok(String::from_utf8(out)?)
        }
    }

    #[test]
    fn things_are_read_as_people_write_them() {
        let site = Site::new("read");
        site.fetched(10, 600);
        let said =
            site.check(&["8 (701) 000-00-01", "8 701 000 00 02", "account:12345678", "hm"], "").unwrap();
        assert_eq!(said, "ask phone:+77010000001\nno phone:+77010000002\nask account:12345678\nunread\n");
        let said = site.check(&[], "+77010000001\n+77010000003\n").unwrap();
        assert_eq!(said, "ask phone:+77010000001\nno phone:+77010000003\n");
    }

    #[test]
    fn an_older_one_and_one_that_is_over_are_refused() {
        let site = Site::new("old");
        site.fetched(20, 600);
        site.check(&["+77010000001"], "").unwrap();
        assert_eq!(std::fs::read_to_string(site.0.join("seen")).unwrap(), "21\n");
        site.fetched(10, 600);
        let error = format!("{:#}", site.check(&["+77010000001"], "").unwrap_err());
        assert!(
            error.contains("ask about everything") && error.contains("holds the newer one back"),
            "{error}"
        );
        site.fetched(30, 0);
        assert!(format!("{:#}", site.check(&["+77010000001"], "").unwrap_err()).contains("is over"));
        std::fs::write(site.0.join("seen"), "x").unwrap();
        assert!(format!("{:#}", site.check(&["1"], "").unwrap_err()).contains("holds no number"));
    }
}

//! The command line.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Args as ClapArgs;
use tokio::net::TcpListener;

use crate::clock;
use crate::plan::{self, Payment, Plan};
use crate::run::{Ended, run};
use crate::sign::Signer;

/// What the command is, in plain words: the long help of whichever program has it.
pub const ABOUT: &str = "\
Checks an institution's own endpoint against the partner API before it goes live.

Run it against YOUR OWN endpoint, in its test environment, with test accounts. It plays the national node: it listens, \
sends signed test orders to URL/messages, takes the answers, and says check by check whether they are as \
docs/partner-api has it. Everything it sends says \"test\": true and names a report TEST-…; what it lets be held it \
releases again. It goes to no other address and follows no redirects.

Before the first run, let your endpoint take the kit's key (--kit-key FILE --show-key prints it), and let it send its \
answers to where the kit listens. An endpoint that refuses the kit's first message, or says nothing to the first \
order, is left alone. docs/partner-api/conformance.md goes through it step by step.

Exit code: 0 nothing failed, 1 something failed, 2 it could not be judged.";

/// The arguments of the command.
#[derive(Debug, Clone, ClapArgs)]
pub struct Args {
    /// Your endpoint, http://HOST[:PORT][/PATH]; messages go to URL/messages
    #[arg(required_unless_present = "show_key")]
    url: Option<String>,
    /// Your institution's code, as in the agreement
    #[arg(long, required_unless_present = "show_key")]
    code: Option<String>,
    /// Your public key: base64 of 32 bytes (Ed25519), or a file with it
    #[arg(long, required_unless_present = "show_key", value_name = "BASE64|FILE")]
    key: Option<String>,
    /// The name of that key, CODE/NAME
    #[arg(long, required_unless_present = "show_key", value_name = "CODE/NAME")]
    keyid: Option<String>,
    /// Something your test environment knows: an account with money, a number… A bare value is an IBAN; else
    /// KIND:VALUE. May be given several times
    #[arg(
        long = "known",
        alias = "account",
        required_unless_present = "show_key",
        value_name = "[KIND:]VALUE"
    )]
    known: Vec<String>,
    /// Something of the same kind that it does not know
    #[arg(
        long,
        alias = "unknown-account",
        required_unless_present = "show_key",
        value_name = "[KIND:]VALUE"
    )]
    unknown: Option<String>,
    /// The payment that came into the known account and still lies there: AMOUNT@TIME[@REFERENCE]. Orders ask to
    /// hold a fortieth of it each. Left out: 1000000.00 an hour ago
    #[arg(long, value_name = "AMOUNT@TIME[@REFERENCE]")]
    payment: Option<String>,
    /// Currency of the known account
    #[arg(long, default_value = "KZT")]
    currency: String,
    /// What you are asked to do: hold, incoming_stop, number_block, sim_block, imei_block, sender_block,
    /// resource_restriction, listing
    #[arg(long, default_value = "hold")]
    measure: String,
    /// Where the kit listens for your answers
    #[arg(long, default_value = "127.0.0.1:9100", value_name = "HOST:PORT")]
    listen: String,
    /// Address under which you reach the kit, if it is another than http://LISTEN; your signatures cover it
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// File with the kit's private key; made if it is not there. Left out: a new key for each run
    #[arg(long, value_name = "FILE")]
    kit_key: Option<PathBuf>,
    /// Prints the kit's public key and its name, and ends. With --kit-key
    #[arg(long, requires = "kit_key")]
    show_key: bool,
    /// How long to wait for an answer: 90s, 5m
    #[arg(long, default_value = "60s", value_parser = duration)]
    patience: Duration,
    /// How long to watch that nothing comes
    #[arg(long, default_value = "3s", value_parser = duration)]
    quiet: Duration,
    /// Term of the order that is to lapse; longer than you take to answer
    #[arg(long, default_value = "30s", value_parser = duration)]
    term: Duration,
    /// How long the kit keeps silent where it plays a node that does not answer
    #[arg(long, default_value = "12s", value_parser = duration)]
    silence: Duration,
    /// Orders about one account follow each other. For a bank that answers `H12` to a second order about one payment,
    /// whatever the caps
    #[arg(long)]
    one_by_one: bool,
    /// How many objects the order names that names many, 2 to 1000
    #[arg(long, default_value_t = 50)]
    objects: usize,
    /// Also writes the report as JSON into this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Reads `90s`, `5m` or a bare number of seconds, at most a day.
fn duration(text: &str) -> Result<Duration, String> {
    let unit = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let (number, unit) = text.split_at(unit);
    let seconds = match unit {
        "" | "s" => 1,
        "m" => 60,
        _ => return Err(format!("`{unit}` is none of s, m")),
    };
    let number: u64 = number.parse().map_err(|_| format!("`{text}` is not a time such as `90s`"))?;
    let all = number.checked_mul(seconds).filter(|all| *all <= 86_400);
    all.map(Duration::from_secs).ok_or_else(|| format!("`{text}` is longer than a day"))
}

impl Args {
    /// Everything checked, nothing sent yet. `listen` is where the kit truly listens.
    fn plan(&self, listen: &str) -> anyhow::Result<Plan> {
        let given = |text: &Option<String>| text.clone().unwrap_or_default();
        let (code, keyid) = (given(&self.code), given(&self.keyid));
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        ensure!(
            (1..=32).contains(&code.len()) && code.chars().all(plain),
            "`{code}` is no institution's code"
        );
        ensure!(
            keyid.strip_prefix(&format!("{code}/")).is_some_and(|name| !name.is_empty()),
            "`{keyid}` is no key of `{code}`: a key's name is `{code}/NAME`"
        );
        ensure!((2..=1_000).contains(&self.objects), "an order names 2 to 1000 objects here");
        let currency = self.currency.as_str();
        ensure!(
            currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase()),
            "`{currency}` is no currency"
        );
        let known: Vec<_> = self.known.iter().map(|t| plan::thing(t)).collect::<anyhow::Result<_>>()?;
        let unknown = plan::thing(&given(&self.unknown))?;
        ensure!(!known.contains(&unknown), "the unknown thing is one of the known ones");
        let payment = match &self.payment {
            Some(text) => Payment::read(text)?,
            None => {
                Payment { amount: 100_000_000, at: clock::now() - 3_600 * clock::SECOND, reference: None }
            }
        };
        ensure!(payment.at <= clock::now(), "the payment lies in the future");
        // Each order asks for a fortieth, and a third of that is released.
        ensure!(payment.amount >= 12_000, "the payment is too small to be shared out; at least 120.00");
        let public_url = match &self.public_url {
            Some(url) => plan::endpoint(url)?,
            None => format!("http://{listen}"),
        };
        Ok(Plan {
            url: plan::endpoint(&given(&self.url))?,
            key: plan::public_key(&given(&self.key))?,
            measure: plan::measure(&self.measure)?,
            currency: self.currency.clone(),
            patience: self.patience.max(Duration::from_secs(1)),
            quiet: self.quiet,
            term: self.term,
            silence: self.silence,
            objects: self.objects,
            one_by_one: self.one_by_one,
            code,
            keyid,
            public_url,
            known,
            unknown,
            payment,
        })
    }
}

/// Does what the command line asks; the report goes to `out`. Gives the exit code.
///
/// # Errors
/// A sentence for the person at the terminal: what is wrong with the arguments, which file cannot be read or written.
pub async fn execute(args: Args, out: &mut (dyn Write + Send)) -> anyhow::Result<u8> {
    let signer = match &args.kit_key {
        Some(path) => Signer::kept(path)?,
        None => Signer::fresh()?,
    };
    if args.show_key {
        writeln!(out, "{} {}", signer.keyid, signer.public_text())?;
        return Ok(0);
    }
    let listener = TcpListener::bind(&args.listen).await;
    let listener = listener.with_context(|| format!("cannot listen on `{}`", args.listen))?;
    let plan = args.plan(&listener.local_addr()?.to_string())?;
    writeln!(
        out,
        "The kit signs as {} with the public key {}\nand answers at {}/api/v1 until it is done. It plays against {} only.\n",
        signer.keyid,
        signer.public_text(),
        plan.public_url,
        plan.messages()
    )?;
    match run(plan, signer, listener).await? {
        Ended::Judged(report) => {
            out.write_all(report.text().as_bytes())?;
            if let Some(path) = &args.json {
                let json = serde_json::to_vec_pretty(&report.json())?;
                std::fs::write(path, json).with_context(|| format!("cannot write `{}`", path.display()))?;
            }
            Ok(report.exit_code())
        }
        Ended::Unreachable(why) => {
            writeln!(out, "It could not be judged: {why}")?;
            Ok(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }

    const GOOD: &[&str] = &[
        "kit",
        "http://127.0.0.1:8090/ZALT",
        "--code=ZALT",
        "--keyid=ZALT/2026-1",
        "--key=JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=",
        "--account=KZ938010000000000017",
        "--unknown-account=KZ458010000000009999",
    ];

    fn plan(more: &[&str]) -> anyhow::Result<Plan> {
        Cli::try_parse_from(GOOD.iter().chain(more))?.args.plan("127.0.0.1:9100")
    }

    #[test]
    fn arguments_are_checked_before_anything_is_sent() {
        let unknown = "KZ458010000000009999";
        // The invented account of these tests must itself be one.
        let good = plan(&[]);
        assert_eq!(good.as_ref().map(|p| p.cap()).map_err(ToString::to_string), Ok(2_500_000), "{unknown}");
        assert_eq!(good.unwrap().public_url, "http://127.0.0.1:9100");
        for bad in [
            "--measure=disclosure",
            "--objects=1",
            "--currency=tenge",
            "--payment=5",
            "--payment=5000@2126-01-01T00:00:00Z",
            "--payment=100@2026-01-01T00:00:00Z",
            "--public-url=https://x.example",
            "--patience=1h",
            "--known=KZ938010000000000018",
        ] {
            assert!(plan(&[bad]).is_err(), "{bad}");
        }
        assert!(Cli::try_parse_from(["kit", "http://127.0.0.1:1"]).is_err());
        assert!(Cli::try_parse_from(["kit", "--show-key"]).is_err(), "it needs --kit-key");
        assert!(Cli::try_parse_from(["kit", "--show-key", "--kit-key=x"]).is_ok());
    }
}

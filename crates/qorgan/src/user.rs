//! Accounts of staff from the command line: for the first administrator, and where nobody can sign in.

use std::io::{BufRead, Write};

use access::{AccountId, Handed, NewAccount};
use anyhow::Context as _;
use app::App;
use clap::Subcommand;
use kernel::{Actor, Purpose, Role, Secret};

use crate::node::{self, NodeArgs};

/// `qorgan user …`.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Lists the accounts: login, state, roles, last sign-in, name
    List {
        /// Which node
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Adds an account; the password is read from standard input, an empty line has one made and printed
    Add {
        /// Which node
        #[command(flatten)]
        node: NodeArgs,
        /// Sign-in name
        login: String,
        /// Name for people
        #[arg(long)]
        name: String,
        /// `duty_officer`, `approver` or `administrator`; may be repeated
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
    },
    /// Closes an account and ends its sessions at once
    Close {
        /// Which node
        #[command(flatten)]
        node: NodeArgs,
        /// Sign-in name
        login: String,
        /// Why; kept sealed with the account and in the record
        #[arg(long)]
        reason: String,
    },
    /// Opens a closed account again
    Open {
        /// Which node
        #[command(flatten)]
        node: NodeArgs,
        /// Sign-in name
        login: String,
        /// Why; kept sealed with the account and in the record
        #[arg(long)]
        reason: String,
    },
    /// Gives an account a new password (as `add` reads it) and new one-time codes, and ends its sessions
    Reset {
        /// Which node
        #[command(flatten)]
        node: NodeArgs,
        /// Sign-in name
        login: String,
    },
}

/// Runs one of them. Whatever is handed to a person goes to `output`.
///
/// # Errors
/// A sentence for the person at the terminal.
pub async fn run(
    command: UserCommand,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> anyhow::Result<()> {
    let setup = Actor::system("setup");
    match command {
        UserCommand::List { node } => list(&node::open(&node)?, &setup, output).await,
        UserCommand::Add { node, login, name, roles } => {
            let app = node::open(&node)?;
            let roles = roles
                .iter()
                .map(|r| Role::parse(r).with_context(|| format!("`{r}` is no role")))
                .collect::<anyhow::Result<Vec<_>>>()?;
            let password = typed(input)?;
            let new = NewAccount {
                login: login.clone(),
                name,
                password: Secret::new(password.clone().unwrap_or_default()),
                roles,
                seat: None,
                unit: app.node.unit.clone(),
            };
            if password.is_some() {
                let created = access::create_account(&app, &setup, new).await?;
                writeln!(output, "{}", created.otpauth)?;
                return Ok(());
            }
            let id = AccountId::from_uuid(app.uuid());
            hand(&access::enrol_account(&app, &setup, id, new).await?, output)
        }
        UserCommand::Close { node, login, reason } => {
            Ok(access::set_active(&node::open(&node)?, &setup, &login, false, &reason).await?)
        }
        UserCommand::Open { node, login, reason } => {
            Ok(access::set_active(&node::open(&node)?, &setup, &login, true, &reason).await?)
        }
        UserCommand::Reset { node, login } => {
            let app = node::open(&node)?;
            match typed(input)? {
                Some(password) => {
                    let created = access::reset_account(&app, &setup, &login, Secret::new(password)).await?;
                    writeln!(output, "{}", created.otpauth)?;
                    Ok(())
                }
                None => hand(&access::renew_account(&app, &setup, &login).await?, output),
            }
        }
    }
}

/// One line of standard input; `None` if it is empty.
fn typed(input: &mut impl BufRead) -> anyhow::Result<Option<String>> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    let line = line.trim_end_matches(['\r', '\n']);
    Ok((!line.is_empty()).then(|| line.to_owned()))
}

fn hand(handed: &Handed, output: &mut impl Write) -> anyhow::Result<()> {
    writeln!(output, "{}", handed.password.expose())?;
    writeln!(output, "{}", handed.created.otpauth)?;
    Ok(())
}

async fn list(app: &App, actor: &Actor, output: &mut impl Write) -> anyhow::Result<()> {
    for account in access::accounts(app, actor).await? {
        let roles: Vec<&str> = account.roles.iter().map(|r| r.as_str()).collect();
        let last = account.last_sign_in.map_or_else(|| "never".to_owned(), |at| at.rfc3339());
        let state = if account.active { "open" } else { "closed" };
        let name = account.name.open(Purpose::Operate);
        writeln!(output, "{}\t{state}\t{}\t{last}\t{name}", account.login, roles.join(","))?;
    }
    Ok(())
}

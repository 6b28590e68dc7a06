//! Who takes part: parties, banks, accounts.

use crate::limits::MAX_REPEATS;
use crate::out::Out;
use crate::place::{Part, Place};
use crate::rule::{CODE, ID, NAME, Rule};
use crate::{Fault, Flaw, Scheme};

/// An identifier with the name of its scheme and of who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identifier {
    /// The identifier: of banks 1 to 35 characters, of accounts 1 to 34, of parties 1 to 256 in camt.056 and
    /// camt.029 and 1 to 35 in the others.
    pub id: String,
    /// Its scheme: `NIDN` for a national identity number, `BANK` for an account number of a bank's own.
    pub scheme: Option<Scheme>,
    /// Who gave it, 1 to 35 characters.
    pub issuer: Option<String>,
}

impl Identifier {
    /// An identifier alone.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }
    /// With the name of its scheme.
    #[must_use]
    pub fn of(self, scheme: Scheme) -> Self {
        Self { scheme: Some(scheme), ..self }
    }
    fn put_as(&self, out: &mut Out, rule: Rule) -> Result<(), Fault> {
        out.text("Id", &self.id, rule)?;
        Scheme::put_in(self.scheme.as_ref(), "SchmeNm", out, CODE)?;
        out.text_opt("Issr", self.issuer.as_ref(), ID)
    }
    fn take_as(at: &Place<'_>, rule: Rule) -> Result<Self, Fault> {
        Ok(Self {
            id: at.text("Id", rule)?,
            scheme: Scheme::take_from(at, "SchmeNm", CODE)?,
            issuer: at.text_opt("Issr", ID)?,
        })
    }
}

impl Part for Identifier {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        self.put_as(out, ID)
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Self::take_as(at, ID)
    }
}

/// By what a party is known (`OrgId` or `PrvtId`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartyId {
    /// An organisation.
    Organisation {
        /// Code of ISO 9362 of any organisation.
        bic: Option<String>,
        /// Legal entity identifier of ISO 17442.
        lei: Option<String>,
        /// Others.
        other: Vec<Identifier>,
    },
    /// A person.
    Private(Vec<Identifier>),
}

impl PartyId {
    fn put_ids(ids: &[Identifier], out: &mut Out) -> Result<(), Fault> {
        let rule = out.party_id;
        out.each("Othr", ids, MAX_REPEATS, |out, id| id.put_as(out, rule))
    }
    /// Newer versions of all messages admit longer ones.
    fn take_ids(at: &Place<'_>) -> Result<Vec<Identifier>, Fault> {
        at.many("Othr", MAX_REPEATS)?.iter().map(|id| Identifier::take_as(id, Rule::Text(256))).collect()
    }
}

impl Part for PartyId {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        match self {
            Self::Organisation { bic, lei, other } => out.node_opt("OrgId", |out| {
                out.text_opt("AnyBIC", bic.as_ref(), Rule::Bic)?;
                out.text_opt("LEI", lei.as_ref(), Rule::Lei)?;
                Self::put_ids(other, out)
            }),
            Self::Private(ids) => out.node_opt("PrvtId", |out| Self::put_ids(ids, out)),
        }
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        match (at.one("OrgId")?, at.one("PrvtId")?) {
            (Some(_), Some(_)) => Err(at.fault(Flaw::Choice)),
            (Some(org), None) => Ok(Self::Organisation {
                bic: org.text_opt("AnyBIC", Rule::Bic)?,
                lei: org.text_opt("LEI", Rule::Lei)?,
                other: Self::take_ids(&org)?,
            }),
            (None, Some(person)) => Ok(Self::Private(Self::take_ids(&person)?)),
            (None, None) => Ok(Self::Private(Vec::new())),
        }
    }
    fn is_blank(&self) -> bool {
        match self {
            Self::Organisation { bic, lei, other } => bic.is_none() && lei.is_none() && other.is_empty(),
            Self::Private(ids) => ids.is_empty(),
        }
    }
}

/// A party: an office, an organisation, a person. Its address, birth and contacts are neither written nor read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party {
    /// Name, 1 to 140 characters of any script.
    pub name: Option<String>,
    /// By what it is known.
    pub id: Option<PartyId>,
    /// Country of residence, ISO 3166.
    pub country: Option<String>,
}

impl Part for Party {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.text_opt("Nm", self.name.as_ref(), NAME)?;
        out.node_opt("Id", |out| self.id.as_ref().map_or(Ok(()), |id| id.put(out)))?;
        out.text_opt("CtryOfRes", self.country.as_ref(), Rule::Country)
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self {
            name: at.text_opt("Nm", NAME)?,
            id: at.part_opt("Id")?,
            country: at.text_opt("CtryOfRes", Rule::Country)?,
        })
    }
    fn is_blank(&self) -> bool {
        self.name.is_none() && self.country.is_none() && self.id.as_ref().is_none_or(Part::is_blank)
    }
}

/// A bank or another institution with accounts. Its address and branch are neither written nor read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agent {
    /// Code of ISO 9362 (`BICFI`).
    pub bic: Option<String>,
    /// Member of a clearing system (`ClrSysMmbId/MmbId`), 1 to 35 characters.
    pub member_id: Option<String>,
    /// Which clearing system; only together with the member.
    pub clearing_system: Option<Scheme>,
    /// Legal entity identifier of ISO 17442.
    pub lei: Option<String>,
    /// Name, 1 to 140 characters.
    pub name: Option<String>,
    /// Another identifier.
    pub other: Option<Identifier>,
}

impl Part for Agent {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.node_opt("FinInstnId", |out| {
            out.text_opt("BICFI", self.bic.as_ref(), Rule::Bic)?;
            if self.clearing_system.is_some() && self.member_id.is_none() {
                return Err(out.fault_in("ClrSysMmbId/MmbId", Flaw::Missing));
            }
            out.node_opt("ClrSysMmbId", |out| {
                Scheme::put_in(self.clearing_system.as_ref(), "ClrSysId", out, Rule::Text(5))?;
                out.text_opt("MmbId", self.member_id.as_ref(), ID)
            })?;
            out.text_opt("LEI", self.lei.as_ref(), Rule::Lei)?;
            out.text_opt("Nm", self.name.as_ref(), NAME)?;
            out.part_opt("Othr", self.other.as_ref())
        })
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        let at = at.need("FinInstnId")?;
        let member = at.one("ClrSysMmbId")?;
        Ok(Self {
            bic: at.text_opt("BICFI", Rule::Bic)?,
            member_id: member.as_ref().map(|m| m.text("MmbId", ID)).transpose()?,
            clearing_system: match &member {
                Some(member) => Scheme::take_from(member, "ClrSysId", Rule::Text(5))?,
                None => None,
            },
            lei: at.text_opt("LEI", Rule::Lei)?,
            name: at.text_opt("Nm", NAME)?,
            other: at.part_opt("Othr")?,
        })
    }
    fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

/// Who asks, answers, pays or is paid: a party or a bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Participant {
    /// An office, an organisation, a person (`Pty`).
    Party(Party),
    /// A bank (`Agt`).
    Agent(Agent),
}

/// Nobody: what is written from it is refused.
impl Default for Participant {
    fn default() -> Self {
        Self::Party(Party::default())
    }
}

impl Participant {
    /// An office or organisation by its name.
    pub fn organisation(name: impl Into<String>) -> Self {
        Self::Party(Party { name: Some(name.into()), ..Party::default() })
    }
    /// An office or organisation by its name and its code in a scheme of the sender's own.
    pub fn organisation_with(name: impl Into<String>, id: Identifier) -> Self {
        let id = Some(PartyId::Organisation { bic: None, lei: None, other: vec![id] });
        Self::Party(Party { name: Some(name.into()), id, country: None })
    }
    /// A person by name and identifiers.
    pub fn person(name: impl Into<String>, ids: Vec<Identifier>) -> Self {
        let id = (!ids.is_empty()).then_some(PartyId::Private(ids));
        Self::Party(Party { name: Some(name.into()), id, country: None })
    }
    /// A bank by its code of ISO 9362.
    pub fn bic(bic: impl Into<String>) -> Self {
        Self::Agent(Agent { bic: Some(bic.into()), ..Agent::default() })
    }
    /// A bank by its code in the national clearing system.
    pub fn member(id: impl Into<String>) -> Self {
        Self::Agent(Agent { member_id: Some(id.into()), ..Agent::default() })
    }
}

impl Part for Participant {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        match self {
            Self::Party(party) => out.part("Pty", party),
            Self::Agent(agent) => out.part("Agt", agent),
        }
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        match (at.has("Pty"), at.has("Agt")) {
            (true, true) => Err(at.fault(Flaw::Choice)),
            (_, true) => Ok(Self::Agent(at.need("Agt")?.inside()?)),
            (true, _) => Ok(Self::Party(at.need("Pty")?.inside()?)),
            // The first versions had the party itself here.
            (false, false) => Ok(Self::Party(Party::take(at)?)),
        }
    }
    fn is_blank(&self) -> bool {
        match self {
            Self::Party(party) => party.is_blank(),
            Self::Agent(agent) => agent.is_blank(),
        }
    }
}

/// A name by which an account is reached: a telephone number, a wallet's address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proxy {
    /// The name, 1 to 2,048 characters.
    pub id: String,
    /// Its kind: `TELE`, or one's own word such as `wallet_tron`.
    pub kind: Option<Scheme>,
}

impl Part for Proxy {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        Scheme::put_in(self.kind.as_ref(), "Tp", out, CODE)?;
        out.text("Id", &self.id, Rule::Text(2048))
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self { kind: Scheme::take_from(at, "Tp", CODE)?, id: at.text("Id", Rule::Text(2048))? })
    }
}

/// The number of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountId {
    /// International number of ISO 13616, without spaces; the check digits are checked.
    Iban(String),
    /// Another number, 1 to 34 characters.
    Other(Identifier),
}

/// An account, or a card or wallet taken for one. What is longer than 34 characters, as addresses of wallets are,
/// goes as a proxy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// Its number.
    pub id: Option<AccountId>,
    /// Its currency, ISO 4217. It may be another than the message's: banks convert.
    pub currency: Option<String>,
    /// Its name, 1 to 70 characters.
    pub name: Option<String>,
    /// A name by which it is reached.
    pub proxy: Option<Proxy>,
}

impl Account {
    /// An account by its international number.
    pub fn iban(iban: impl Into<String>) -> Self {
        Self { id: Some(AccountId::Iban(iban.into())), ..Self::default() }
    }
    /// An account by another number.
    #[must_use]
    pub fn other(id: Identifier) -> Self {
        Self { id: Some(AccountId::Other(id)), ..Self::default() }
    }
    /// An account by a name that leads to it.
    pub fn proxy(id: impl Into<String>, kind: Scheme) -> Self {
        Self { proxy: Some(Proxy { id: id.into(), kind: Some(kind) }), ..Self::default() }
    }
}

impl Part for Account {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.node_opt("Id", |out| match &self.id {
            Some(AccountId::Iban(iban)) => out.text("IBAN", iban, Rule::Iban),
            Some(AccountId::Other(id)) => out.node("Othr", |out| id.put_as(out, Rule::Text(34))),
            None => Ok(()),
        })?;
        out.text_opt("Ccy", self.currency.as_ref(), Rule::Currency)?;
        out.text_opt("Nm", self.name.as_ref(), Rule::Text(70))?;
        out.part_opt("Prxy", self.proxy.as_ref())
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        let id = match at.one("Id")? {
            Some(id) => match (id.text_opt("IBAN", Rule::Iban)?, id.one("Othr")?) {
                (Some(iban), None) => Some(AccountId::Iban(iban)),
                (None, Some(other)) => Some(AccountId::Other(Identifier::take_as(&other, Rule::Text(34))?)),
                _ => return Err(id.fault(Flaw::Choice)),
            },
            None => None,
        };
        Ok(Self {
            id,
            currency: at.text_opt("Ccy", Rule::Currency)?,
            name: at.text_opt("Nm", Rule::Text(70))?,
            proxy: at.part_opt("Prxy")?,
        })
    }
    fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

/// Between whom the payment went (`OrgnlTxRef`), as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parties {
    /// Who paid.
    pub debtor: Option<Participant>,
    /// The account it left.
    pub debtor_account: Option<Account>,
    /// The bank it left.
    pub debtor_agent: Option<Agent>,
    /// The bank it came to.
    pub creditor_agent: Option<Agent>,
    /// Who was paid.
    pub creditor: Option<Participant>,
    /// The account it came to.
    pub creditor_account: Option<Account>,
}

impl Parties {
    /// From one account to another.
    #[must_use]
    pub fn between(debtor_account: Account, creditor_account: Account) -> Self {
        Self {
            debtor_account: Some(debtor_account),
            creditor_account: Some(creditor_account),
            ..Self::default()
        }
    }
    /// Whether an account is named.
    #[must_use]
    pub const fn has_account(&self) -> bool {
        self.debtor_account.is_some() || self.creditor_account.is_some()
    }
}

impl Part for Parties {
    fn put(&self, out: &mut Out) -> Result<(), Fault> {
        out.part_opt("Dbtr", self.debtor.as_ref())?;
        out.part_opt("DbtrAcct", self.debtor_account.as_ref())?;
        out.part_opt("DbtrAgt", self.debtor_agent.as_ref())?;
        out.part_opt("CdtrAgt", self.creditor_agent.as_ref())?;
        out.part_opt("Cdtr", self.creditor.as_ref())?;
        out.part_opt("CdtrAcct", self.creditor_account.as_ref())
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        Ok(Self {
            debtor: at.part_opt("Dbtr")?,
            debtor_account: at.part_opt("DbtrAcct")?,
            debtor_agent: at.part_opt("DbtrAgt")?,
            creditor_agent: at.part_opt("CdtrAgt")?,
            creditor: at.part_opt("Cdtr")?,
            creditor_account: at.part_opt("CdtrAcct")?,
        })
    }
    fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

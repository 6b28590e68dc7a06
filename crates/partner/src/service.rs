//! Whether a signed message may be believed, signing our own, and taking in an agreement file.

use access::{Action, Resource};
use app::App;
use audit::Act;
use db::{DbError, Tx};
use http::{HeaderMap, HeaderName, HeaderValue};
use httpsig::{Params, Request, Response, SigError, SigningKey, VerifyingKey};
use kernel::{Actor, Class, Coded, Lang, Timestamp};
use serde_json::json;

use crate::agreement::{self, DecideError, Faults};
use crate::model::{Contact, Country, Institution, Mode, Partner, PartnerId, PartnerKey, Protocol};
use crate::quota::{self, Full, Purpose, Used};
use crate::rules::{self, EntryError};
use crate::store;

/// How long a signature of ours may be used.
const SIGNATURE_SECS: i64 = 120;

/// What can go wrong between us and a partner.
#[derive(Debug, thiserror::Error)]
pub enum PartnerError {
    /// No signature, or one that does not hold.
    #[error("{0}")]
    Signature(#[from] SigError),
    /// The signature was used before.
    #[error("this signature was used before")]
    Replayed,
    /// The key is unknown, revoked, or its partner takes no part.
    #[error("the key is unknown or no longer valid")]
    UnknownKey,
    /// The token is none, not good any more, or its key is not believed.
    #[error("the token is none, no longer good, or its key is not believed")]
    Token,
    /// Who takes part is not known at present.
    #[error("who takes part is not known at present")]
    Unsure,
    /// An entry of an agreement file is refused.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// A known key id with another public key: answers signed by the old one could no longer be told from forged ones.
    #[error(
        "key id `{0}` is known with another public key; to change keys, give the new key an id of its own and \
         import it, then revoke `{0}`"
    )]
    KeyChanged(String),
    /// The name of a key is none.
    #[error("a key is named by 1 to 40 Latin letters, digits, hyphens, underscores")]
    KeyName,
    /// What was given is no Ed25519 public key.
    #[error("this is not an Ed25519 public key: 32 bytes in base64, or PEM")]
    Key,
    /// The key is known under another name or of another institution.
    #[error("this key is known already; a new one is needed")]
    KeyKnown,
    /// Too many keys are believed at once.
    #[error("at most eight keys are believed at once; revoke one first")]
    Keys,
    /// Taking out, taking in and revoking take a reason.
    #[error("a reason of 1 to 500 characters is needed")]
    Reason,
    /// The actor's institution takes no part.
    #[error("the institution takes no part at present")]
    Out,
    /// The institution has sent as much as its agreement allows in a minute.
    #[error(transparent)]
    Quota(#[from] Full),
    /// The agreement asks for mutual TLS, and no certificate of the institution came through a trusted proxy.
    #[error("no client certificate of this institution came through a trusted proxy")]
    Certificate,
    /// What was given is no SHA-256 fingerprint.
    #[error("this is not a SHA-256 fingerprint: 64 hexadecimal digits")]
    Fingerprint,
    /// The certificate was added before; a revoked one does not come back.
    #[error("this certificate was added before")]
    FingerprintKnown,
    /// Too many certificates at once.
    #[error("at most two certificates at once; revoke one first")]
    Certificates,
    /// An agreement cannot be taken as it stands.
    #[error("{0}")]
    Terms(Faults),
    /// Another institution that takes part keeps a register that this one would keep again.
    #[error("another institution that takes part keeps the register `{0}`")]
    RegisterKept(String),
    /// Another institution that takes part answers for a body for which this one would answer again.
    #[error("another institution that takes part answers for the body `{0}`")]
    BodyKept(String),
    /// The institution is on trial: what it files would be a real report.
    #[error("the institution is on trial")]
    OnTrial,
    /// A version of an agreement, or a key, cannot be confirmed.
    #[error(transparent)]
    Decide(#[from] DecideError),
    /// There is no such partner, or no such key.
    #[error("no such partner or key")]
    NotFound,
    /// A file is no envelope around a message.
    #[error("the file is no envelope around a message")]
    Envelope,
    /// Not permitted.
    #[error(transparent)]
    Access(#[from] access::AccessError),
    /// The vault's.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The database's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for PartnerError {
    fn class(&self) -> Class {
        match self {
            Self::Signature(_) | Self::Replayed | Self::UnknownKey | Self::Certificate | Self::Token => {
                Class::Unauthenticated
            }
            Self::Unsure => Class::Unavailable,
            Self::Entry(_)
            | Self::Reason
            | Self::KeyName
            | Self::Key
            | Self::Fingerprint
            | Self::Envelope
            | Self::Terms(_) => Class::Invalid,
            Self::KeyChanged(_)
            | Self::KeyKnown
            | Self::Keys
            | Self::RegisterKept(_)
            | Self::BodyKept(_)
            | Self::OnTrial
            | Self::FingerprintKnown
            | Self::Certificates => Class::Conflict,
            Self::Out => Class::Forbidden,
            Self::Quota(_) => Class::TooMany,
            Self::Decide(e) => e.class(),
            Self::NotFound => Class::NotFound,
            Self::Access(e) => e.class(),
            Self::Vault(e) => e.class(),
            Self::Db(e) => e.class(),
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Signature(e) => e.code(),
            Self::Replayed => "signature.replayed",
            Self::UnknownKey => "signature.unknown_key",
            Self::Token => "partner.token",
            Self::Unsure => "partner.unsure",
            Self::Entry(_) => "partner.entry",
            Self::KeyChanged(_) => "partner.key_changed",
            Self::KeyName => "partner.key_name",
            Self::Key => "partner.key",
            Self::KeyKnown => "partner.key_known",
            Self::Keys => "partner.keys",
            Self::Reason => "partner.reason",
            Self::Out => "partner.out",
            Self::Quota(_) => "partner.quota",
            Self::Certificate => "partner.certificate",
            Self::Fingerprint => "partner.fingerprint",
            Self::FingerprintKnown => "partner.fingerprint_known",
            Self::Certificates => "partner.certificates",
            Self::Terms(_) => "partner.agreement",
            Self::RegisterKept(_) => "partner.register_kept",
            Self::BodyKept(_) => "partner.body_kept",
            Self::OnTrial => "partner.on_trial",
            Self::Decide(e) => e.code(),
            Self::NotFound => "partner.not_found",
            Self::Envelope => "partner.envelope",
            Self::Access(e) => e.code(),
            Self::Vault(e) => e.code(),
            Self::Db(e) => e.code(),
        }
    }
}

/// Who signed a message.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The partner as an actor.
    pub actor: Actor,
    /// By which key.
    pub keyid: String,
}

/// Reads the key id that a message claims, before anything is believed. Only to look the key up.
fn claimed_keyid(headers: &HeaderMap) -> Option<String> {
    let input = headers.get("signature-input")?.to_str().ok()?;
    let start = input.find("keyid=\"")? + 7;
    let rest = input.get(start..)?;
    rest.get(..rest.find('"')?).map(str::to_owned)
}

/// The key that a message claims, with the partner behind it, if both are valid now, and what that partner has sent.
async fn claimed_key(app: &App, headers: &HeaderMap) -> Result<(PartnerKey, Partner, Used), PartnerError> {
    let keyid = claimed_keyid(headers).ok_or(SigError::Missing)?;
    app.db
        .read(move |tx| {
            let key =
                store::key(tx, &keyid)?.filter(PartnerKey::is_believed).ok_or(PartnerError::UnknownKey)?;
            let code = keyid.split('/').next().unwrap_or_default();
            let partner = store::by_code(tx, code)?
                .filter(|p| p.active && p.id == key.partner)
                .ok_or(PartnerError::UnknownKey)?;
            let used = quota::store::used(tx, partner.id)?;
            Ok((key, partner, used))
        })
        .await
}

/// Verifies a signed request, counts it for whoever signed it and uses its nonce up. Only what is truly signed counts:
/// nobody can use up another's quota.
///
/// # Errors
/// Missing, wrong, expired or replayed signature; unknown or revoked key; [`PartnerError::Quota`].
pub async fn verify_request(
    app: &App,
    request: &Request<'_>,
    purpose: Purpose,
) -> Result<Verified, PartnerError> {
    let (key, partner, used) = claimed_key(app, request.headers).await?;
    let now = app.wall.now().as_secs();
    let verified = httpsig::verify_request(request, |id| resolve(&key, id), now)?;
    // Whoever floods is refused here, without a write that would make others wait.
    quota::rules::admit(quota::service::quota(app, &partner), used, purpose, now)?;
    use_nonce(app, verified, key, partner, Some(purpose)).await
}

/// Verifies a signed response in the same way.
///
/// # Errors
/// As [`verify_request`].
pub async fn verify_response(
    app: &App,
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
) -> Result<Actor, PartnerError> {
    let headers = header_map(headers);
    let (key, partner, _) = claimed_key(app, &headers).await?;
    let response = Response { status, headers: &headers, body };
    let verified = httpsig::verify_response(&response, |id| resolve(&key, id), app.wall.now().as_secs())?;
    // An answer to a message of ours comes no more often than we post.
    Ok(use_nonce(app, verified, key, partner, None).await?.actor)
}

fn resolve(key: &PartnerKey, keyid: &str) -> Option<VerifyingKey> {
    (keyid == key.keyid).then(|| VerifyingKey::from_bytes(&key.public_key).ok()).flatten()
}

async fn use_nonce(
    app: &App,
    verified: httpsig::Verified,
    key: PartnerKey,
    partner: Partner,
    counted: Option<Purpose>,
) -> Result<Verified, PartnerError> {
    let (keyid, expires) = (key.keyid.clone(), Timestamp::from_secs(verified.expires).plus_secs(86_400));
    let (me, of) = (app.clone(), partner.clone());
    let fresh = app
        .db
        .write(move |tx| {
            let fresh = store::use_nonce(tx, &keyid, &verified.nonce, expires)?;
            // What is sent again by somebody who listens does not count.
            if let Some(purpose) = counted.filter(|_| fresh) {
                quota::service::take(tx, &me, &of, purpose)?;
            }
            Ok::<_, PartnerError>(fresh)
        })
        .await?;
    if !fresh {
        return Err(PartnerError::Replayed);
    }
    Ok(Verified { actor: Actor::institution(partner.id.uuid(), &partner.code), keyid: key.keyid })
}

fn header_map(headers: &[(String, String)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value)) {
            map.append(name, value);
        }
    }
    map
}

/// Signs a request of ours with the node's key, its body JSON. Gives the headers to send.
///
/// # Errors
/// A sentence, if the address or body cannot be signed.
pub fn sign_request(
    app: &App,
    method: &str,
    url: &str,
    body: &[u8],
) -> Result<Vec<(String, String)>, String> {
    sign_request_of(app, method, url, "application/json", body)
}

/// The same with a body of another kind.
///
/// # Errors
/// As [`sign_request`].
pub fn sign_request_of(
    app: &App,
    method: &str,
    url: &str,
    content_type: &'static str,
    body: &[u8],
) -> Result<Vec<(String, String)>, String> {
    let key = SigningKey::from_bytes(app.node.message_key.expose());
    let mut headers = HeaderMap::new();
    headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    let created = app.wall.now().as_secs();
    let nonce = hex::encode(app.entropy.bytes::<16>());
    let params = Params { keyid: &app.node.keyid, nonce: &nonce, created, expires: created + SIGNATURE_SECS };
    let request = Request { method, target_uri: url, headers: &headers, body };
    let added = httpsig::sign_request(&key, &request, &params).map_err(|e| e.to_string())?;
    headers.extend(added);
    Ok(headers
        .iter()
        .filter_map(|(n, v)| Some((n.as_str().to_owned(), v.to_str().ok()?.to_owned())))
        .collect())
}

/// Takes in an agreement file of institutions that are live from the beginning, as [`import_as`].
///
/// # Errors
/// As [`import_as`].
pub async fn import(app: &App, actor: &Actor, country: Country) -> Result<usize, PartnerError> {
    import_as(app, actor, country, Mode::Live).await
}

/// Takes in an agreement file: new institutions are added in `mode`, known ones changed and left in theirs, new keys added
/// beside the old. Gives how many were new. An institution that was taken out stays out, a revoked key stays revoked.
///
/// # Errors
/// Not permitted; the first entry that is refused, in which case nothing is taken; [`PartnerError::KeyChanged`].
pub async fn import_as(
    app: &App,
    actor: &Actor,
    country: Country,
    mode: Mode,
) -> Result<usize, PartnerError> {
    access::require(actor, Action::ManagePartners, &Resource::any("partner"))?;
    let mut checked = Vec::new();
    for entry in country.institutions {
        let key = rules::check(&entry)?;
        let faults = agreement::rules::check(&entry, &app.profile, false);
        if !faults.is_empty() {
            return Err(PartnerError::Terms(Faults(faults)));
        }
        checked.push((entry, key));
    }
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let mut new = 0;
            for (entry, key) in &checked {
                new += usize::from(import_one(tx, &me, &actor, (entry, *key), mode)?);
            }
            Ok(new)
        })
        .await
}

fn import_one(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (entry, key): (&Institution, [u8; 32]),
    mode: Mode,
) -> Result<bool, PartnerError> {
    let known = store::by_code(tx, &entry.code)?.map(|p| p.id);
    let id = known.unwrap_or_else(|| PartnerId::from_uuid(app.uuid()));
    install(tx, app, actor, (id, mode), entry, Some(key))?;
    agreement::service::keep_import(tx, app, actor, id, entry)?;
    let facts = json!({"code": entry.code, "keyid": entry.keyid, "new": known.is_none()});
    app.record(tx, actor, &Act { facts, ..Act::about("partner.imported", "partner", id.uuid()) })?;
    Ok(known.is_none())
}

/// Puts an entry into force: makes the institution, which begins in a mode, or changes it and leaves it in its own, and begins believing its key, if one comes with it. The
/// caller records the act.
pub(crate) fn install(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (id, begins): (PartnerId, Mode),
    entry: &Institution,
    key: Option<[u8; 32]>,
) -> Result<(), PartnerError> {
    let all = store::all(tx)?;
    // Also what was right when it was proposed: another one may have become the keeper since.
    agreement::service::refuse_on(agreement::place::check(entry, &all))?;
    let known = all.into_iter().find(|p| p.code == entry.code);
    let first = entry.agreement.contacts.iter().find(|c| !c.is_empty());
    let contact = match (entry.contact.text(), first) {
        (text, Some(first)) if text.is_empty() => {
            Contact { name: first.name.clone(), phone: first.phone.clone(), email: first.email.clone() }
                .text()
        }
        (text, _) => text,
    };
    let partner = Partner {
        id,
        code: entry.code.clone(),
        kind: entry.kind.clone(),
        role: entry.role,
        names: entry.names.clone(),
        iban_codes: entry.iban_code.iter().cloned().collect(),
        card_bins: entry.card_bins.clone(),
        keeps: entry.keeps.clone(),
        protocol: Protocol::parse(&entry.delivery),
        gateway_url: if matches!(entry.delivery.as_str(), "" | "push" | "iso20022") {
            entry.gateway.clone()
        } else {
            String::new()
        },
        duty_phone: match first {
            Some(first) if entry.duty_phone.is_empty() => first.phone.clone(),
            _ => entry.duty_phone.clone(),
        },
        contact,
        // Whoever was taken out for a reason is not brought back by a file.
        active: known.as_ref().is_none_or(|p| p.active),
        until_day: entry.agreement.until.clone(),
        requests_per_minute: entry.agreement.requests_per_minute,
        mode: known.as_ref().map_or(begins, |p| p.mode),
        mutual_tls: entry.agreement.mutual_tls,
        live_asked_by: known.as_ref().and_then(|p| p.live_asked_by.clone()),
    };
    if known.is_some() {
        store::update(tx, &partner)?;
    } else {
        store::insert(tx, &partner, &app.header(actor, Lang::EN, "partner"))?;
    }
    match key {
        Some(key) => believe(tx, app, id, &entry.keyid, key),
        None => Ok(()),
    }
}

fn believe(
    tx: &mut Tx<'_>,
    app: &App,
    partner: PartnerId,
    keyid: &str,
    public_key: [u8; 32],
) -> Result<(), PartnerError> {
    let now = app.office.now();
    match store::key(tx, keyid)? {
        Some(old) if old.public_key != public_key => return Err(PartnerError::KeyChanged(keyid.to_owned())),
        Some(PartnerKey { awaits: Some(author), .. }) => {
            store::confirm_key(tx, keyid, &author, now)?;
        }
        Some(_) => {}
        None => {
            let keyid = keyid.to_owned();
            let key = PartnerKey { partner, keyid, public_key, revoked_at: None, awaits: None };
            store::insert_key(tx, app.uuid(), &key, now)?;
        }
    }
    Ok(())
}

/// All partners, for lists and for recognising whose an account is.
///
/// # Errors
/// The database's.
pub async fn all(app: &App) -> Result<Vec<Partner>, PartnerError> {
    app.db.read(|tx| Ok(store::all(tx)?)).await
}

//! What the limited reader has said of an exhibit, for its page: what to beware of first, then what it is, what it tells, what it consists
//! of, its text. All of it is text and is written as text.

use kernel::{Purpose, Timestamp};
use reader::answer::{Part, Warning};
use reader::{Answer, Ended, Sign};
use web::{Ctx, Markup};

use super::look_words as said;
use crate::model::Look;
use crate::rules::looks::{in_order, is_grave};

/// Most of what a warning is about that is named.
const MOST_ABOUT: usize = 8;
/// Most parts that are shown.
const MOST_PARTS: usize = 200;
/// From so many on they lie folded: on a telephone each is as high as a card.
const FOLDED_PARTS: usize = 12;

/// Something to know before it is opened.
pub(super) struct Card {
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) about: Vec<String>,
    pub(super) more: Option<String>,
}

/// One line of what it consists of.
pub(super) struct PartRow {
    pub(super) name: String,
    pub(super) size: String,
    pub(super) kind: String,
    pub(super) password: String,
}

/// The section of the page.
#[derive(Default)]
pub(super) struct Section {
    /// Why there is nothing yet.
    pub(super) note: Option<String>,
    pub(super) cards: Vec<Card>,
    /// Nothing was warned of.
    pub(super) calm: bool,
    /// What it is, when it was looked into.
    pub(super) is: Vec<(String, String)>,
    pub(super) at: Option<Markup>,
    pub(super) facts: Vec<(String, String)>,
    pub(super) parts: Vec<PartRow>,
    /// What unfolds them, where they are many.
    pub(super) parts_fold: Option<String>,
    pub(super) parts_more: Option<String>,
    pub(super) text: Option<String>,
    pub(super) text_cut: bool,
}

/// The section; nothing for what has no bytes. `here`: whether this node looks into files.
pub(super) fn section(ctx: &Ctx, look: &Look, file_name: &str, here: bool) -> Option<Section> {
    let note = |key: &str| Some(Section { note: Some(ctx.t(key)), ..Section::default() });
    match look {
        Look::Nothing => None,
        Look::Waiting if here => note("evidence-look-waiting"),
        Look::Waiting => note("evidence-look-not-here"),
        Look::Damaged => note("evidence-look-damaged"),
        Look::Done { ended, at, answer } => {
            let answer = answer.clone().map(|a| a.into_inner(Purpose::HandleReport));
            Some(done(ctx, (*ended, *at), answer.unwrap_or_default(), file_name))
        }
    }
}

fn done(ctx: &Ctx, (ended, at): (Ended, Timestamp), answer: Answer, file_name: &str) -> Section {
    let cards = cards(ctx, ended, &answer, file_name);
    let mut is = vec![(ctx.t("evidence-look-kind"), said::kind(ctx, answer.kind))];
    if !answer.also.is_empty() {
        let also: Vec<String> = answer.also.iter().map(|kind| said::kind(ctx, *kind)).collect();
        is.push((ctx.t("evidence-look-also"), also.join("; ")));
    }
    if answer.seen_bytes < answer.size_bytes {
        let args =
            [("seen", said::size(ctx, answer.seen_bytes)), ("size", said::size(ctx, answer.size_bytes))];
        is.push((ctx.t("evidence-look-seen"), ctx.ta("evidence-look-seen-of", args)));
    }
    let left_out = u64::try_from(answer.parts.len().saturating_sub(MOST_PARTS))
        .unwrap_or(0)
        .saturating_add(answer.parts_left_out);
    Section {
        note: None,
        calm: cards.is_empty() && ended == Ended::Whole,
        cards,
        is,
        at: Some(ctx.time(at)),
        facts: facts(ctx, &answer),
        parts: answer.parts.iter().take(MOST_PARTS).map(|part| row(ctx, part)).collect(),
        parts_fold: (answer.parts.len() > FOLDED_PARTS).then(|| {
            let shown = u64::try_from(answer.parts.len().min(MOST_PARTS)).unwrap_or(0);
            ctx.ta("evidence-look-parts-fold", [("n", said::number(ctx, shown))])
        }),
        parts_more: (left_out > 0)
            .then(|| ctx.ta("evidence-look-parts-more", [("n", said::number(ctx, left_out))])),
        text_cut: answer.preview.as_ref().is_some_and(|preview| preview.cut),
        text: answer.preview.map(|preview| preview.text),
    }
}

/// How it ended if that is not the end, then what can do harm, then what is only to be known.
fn cards(ctx: &Ctx, ended: Ended, answer: &Answer, file_name: &str) -> Vec<Card> {
    let mut all = Vec::new();
    if ended != Ended::Whole {
        all.push(card(ctx, &said::ended_key(ended), ended != Ended::NotRead, Vec::new()));
    }
    if !answer.kind.fits(file_name) {
        all.push(card(ctx, said::WRONG_ENDING, true, vec![file_name.to_owned()]));
    }
    let mut signs = answer.signs.clone();
    if reader::disguised(file_name) {
        signs.insert(0, Sign { code: Warning::DisguisedName, about: file_name.to_owned() });
    }
    for code in in_order() {
        let of: Vec<&Sign> = signs.iter().filter(|sign| sign.code == code).collect();
        if !of.is_empty() {
            let about = of.iter().filter(|sign| !sign.about.is_empty());
            let about = about.map(|sign| said::about(ctx, code, &sign.about)).collect();
            // A password is nothing that harms, and the first that is asked for.
            let loud = is_grave(code) || code == Warning::Encrypted;
            all.push(card(ctx, &said::warning_key(code), loud, about));
        }
    }
    all
}

fn card(ctx: &Ctx, key: &str, loud: bool, mut about: Vec<String>) -> Card {
    let more = i64::try_from(about.len().saturating_sub(MOST_ABOUT)).unwrap_or(0);
    about.truncate(MOST_ABOUT);
    Card {
        tone: if loud { "amber" } else { "blue" },
        icon: if loud { "warning" } else { "info" },
        title: ctx.t(&format!("{key}.title")),
        text: ctx.t(&format!("{key}.text")),
        about,
        more: (more > 0).then(|| ctx.ta("evidence-look-about-more", [("n", ctx.number(more))])),
    }
}

/// Facts in the order in which a person reads them; of one name in the order in which they were told.
fn facts(ctx: &Ctx, answer: &Answer) -> Vec<(String, String)> {
    let place = |name: &str| reader::FACT_NAMES.iter().position(|known| *known == name);
    let mut all: Vec<_> = answer.facts.iter().filter_map(|fact| Some((place(&fact.name)?, fact))).collect();
    all.sort_by_key(|(place, _)| *place);
    all.into_iter()
        .map(|(_, fact)| (ctx.t(&said::fact_key(&fact.name)), said::value(ctx, &fact.name, &fact.value)))
        .collect()
}

fn row(ctx: &Ctx, part: &Part) -> PartRow {
    let counted = part.kind == "table";
    PartRow {
        name: part.name.clone(),
        size: match part.kind.as_str() {
            "folder" | "view" | "trigger" | "index" | "virtual table" => String::new(),
            _ if counted => ctx.ta("evidence-look-rows", [("n", said::number(ctx, part.size))]),
            _ => said::size(ctx, part.size),
        },
        kind: said::part(ctx, &part.kind),
        password: if part.encrypted { ctx.t("evidence-look-locked") } else { String::new() },
    }
}

/// What a list shows beside the title.
pub(super) fn marks(ctx: &Ctx, mark: crate::rules::looks::Mark) -> Vec<web::Status> {
    let mut all = Vec::new();
    if mark.beware {
        all.push(web::Status::new(ctx, "evidence-mark-beware", web::Tone::Amber));
    }
    if mark.encrypted {
        all.push(web::Status::new(ctx, "evidence-mark-encrypted", web::Tone::Grey));
    }
    all
}

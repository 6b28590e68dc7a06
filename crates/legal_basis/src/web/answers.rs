//! What a form sent, good or bad: kept as it was typed, read into the text of a basis.

use jiff::civil::Date;
use kernel::{Lang, Localised, Role};
use profile::{
    AddresseeKind, Appeal, Approvers, BasisRecord, ExemptReceipt, Extension, LawClocks, Measure, Notify,
    NotifyWhom, Scope, ScopeRule, Source, SourceMark, StandingRule, Term,
};
use web::day::{read_day, written};

/// A field that could not be read, and the key of what to do about it.
pub(crate) type Wrong = (String, &'static str);

/// Units of a term in the form; hours are whole hours of minutes.
pub(crate) const UNITS: [&str; 4] = ["minutes", "hours", "calendar_days", "working_days"];

/// A form's fields by name, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answers(pub(crate) Vec<(String, String)>);

impl Answers {
    /// The first answer under a name, without blanks around it; empty if there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }
    /// All answers under a name: what was ticked.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v.trim()).collect()
    }
    fn put(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }
    fn put_all(&mut self, name: &str, values: impl IntoIterator<Item = &'static str>) {
        for value in values {
            self.put(name, value);
        }
    }
    fn put_text(&mut self, name: &str, text: &Localised, langs: &[Lang]) {
        for lang in langs.iter().filter(|l| text.has(l)) {
            self.put(&in_lang(name, lang), text.get(lang));
        }
    }
    fn put_term(&mut self, name: &str, term: Option<Term>) {
        let (n, unit) = match term {
            None => return,
            Some(Term::Minutes(n)) if n % 60 == 0 => (n / 60, "hours"),
            Some(Term::Minutes(n)) => (n, "minutes"),
            Some(Term::CalendarDays(n)) => (u32::from(n), "calendar_days"),
            Some(Term::WorkingDays(n)) => (u32::from(n), "working_days"),
        };
        self.put(name, n.to_string());
        self.put(&unit_of(name), unit);
    }

    /// As the form first shows it: the text that is changed, to begin on `from`.
    pub(crate) fn of(record: &BasisRecord, langs: &[Lang], from: Date) -> Self {
        let mut a = Self::default();
        a.put("from", written(from.max(record.from)));
        a.put("to", record.to.filter(|to| *to >= from).map_or_else(String::new, written));
        a.put_text("title", &record.title, langs);
        a.put_text("text", &record.text, langs);
        a.put_all("measures", record.measures.iter().map(|m| m.as_str()));
        a.put_all("addressees", record.addressees.iter().map(|m| m.as_str()));
        a.put("widest", record.scope.widest.as_str());
        a.put("reason_above", record.scope.reason_above.as_str());
        a.put("approvers_count", record.approvers.count.to_string());
        a.put_all("approvers_roles", record.approvers.roles.iter().map(|r| r.as_str()));
        a.put("sanction", if record.prosecutor_sanction { "yes" } else { "no" });
        a.put("standing", if record.standing.is_some() { "yes" } else { "no" });
        if let Some(rule) = &record.standing {
            a.put("standing_count", rule.approvers.count.to_string());
            a.put_all("standing_roles", rule.approvers.roles.iter().map(|r| r.as_str()));
            a.put("standing_days", rule.max_days.to_string());
        }
        a.put_term("ack", record.clocks.ack);
        a.put_term("action", record.clocks.action);
        a.put_term("max_term", record.max_term);
        a.put_term("extension", record.extension.map(|e| e.term));
        if let Some(extension) = record.extension {
            a.put("extension_times", extension.times.to_string());
        }
        a.put_all("exempt", record.exempt_receipts.iter().map(|e| e.as_str()));
        for whom in NotifyWhom::ALL {
            let told = record.notify.iter().find(|n| n.whom == *whom);
            a.put_term(&notify_of(*whom), told.map(|n| n.within));
        }
        a.put_text("appeal", &record.appeal.body, langs);
        a.put_term("file_within", record.appeal.file_within);
        a.put_term("decide_within", Some(record.appeal.decide_within));
        a.put("mark", record.source.mark.as_str());
        a.put_text("note", &record.source.note, langs);
        for field in &record.source.unverified {
            a.put("unverified", field.as_str());
        }
        a
    }

    /// The text that the form proposes in the place of `base`; else every field that could not be read.
    pub(crate) fn record(&self, base: &BasisRecord, langs: &[Lang]) -> Result<BasisRecord, Vec<Wrong>> {
        let mut read = Reading { answers: self, wrong: Vec::new() };
        let from = read.day("from", true);
        let to = read.day("to", false);
        let approvers = read.approvers("approvers", Some(&base.approvers));
        let standing = read.standing(base.standing.as_ref().map(|s| &s.approvers));
        let clocks = LawClocks { ack: read.term("ack"), action: read.term("action") };
        let (max_term, extension) = (read.term("max_term"), read.extension());
        let scope = ScopeRule { widest: read.scope("widest"), reason_above: read.scope("reason_above") };
        let before: Vec<NotifyWhom> = base.notify.iter().map(|n| n.whom).collect();
        let notify = in_order(NotifyWhom::ALL.to_vec(), &before)
            .into_iter()
            .filter_map(|whom| Some(Notify { whom, within: read.term(&notify_of(whom))? }))
            .collect();
        let file_within = read.term("file_within");
        let decide_within = read.term("decide_within");
        if decide_within.is_none() && self.get("decide_within").is_empty() {
            read.say("decide_within", "legal-basis-form-term-missing");
        }
        let mark = SourceMark::parse(self.get("mark")).unwrap_or(SourceMark::ToBeConfirmed);
        let wrong = read.wrong;
        let (Some(from), true) = (from, wrong.is_empty()) else { return Err(wrong) };
        Ok(BasisRecord {
            from,
            to,
            title: self.text("title", langs),
            text: self.text("text", langs),
            measures: in_order(self.chosen("measures", Measure::parse), &base.measures),
            addressees: in_order(self.chosen("addressees", AddresseeKind::parse), &base.addressees),
            approvers,
            prosecutor_sanction: self.get("sanction") == "yes",
            standing,
            clocks,
            max_term,
            extension,
            scope,
            exempt_receipts: in_order(self.chosen("exempt", ExemptReceipt::parse), &base.exempt_receipts),
            notify,
            appeal: Appeal {
                body: self.text("appeal", langs),
                file_within,
                decide_within: decide_within.unwrap_or(base.appeal.decide_within),
            },
            source: Source {
                mark,
                note: self.text("note", langs),
                unverified: in_order(
                    self.chosen("unverified", |f| Some(f.to_owned())),
                    &base.source.unverified,
                ),
            },
            ..base.clone()
        })
    }

    fn text(&self, name: &str, langs: &[Lang]) -> Localised {
        // These texts are one paragraph each: a form that breaks its lines changes nothing of the law.
        let line = |l: &Lang| joined(self.get(&in_lang(name, l)));
        Localised::from_pairs(langs.iter().map(|l| (l.clone(), line(l))))
    }

    fn chosen<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        self.all(name).into_iter().filter_map(parse).collect()
    }
}

/// What was chosen, each once: first in the order in which it stood before, then what is new. A form sends its boxes
/// in an order of its own, which is no change of the law.
fn in_order<T: PartialEq + Clone>(chosen: Vec<T>, before: &[T]) -> Vec<T> {
    let mut out: Vec<T> = before.iter().filter(|b| chosen.contains(b)).cloned().collect();
    for one in chosen {
        if !out.contains(&one) {
            out.push(one);
        }
    }
    out
}

/// Lines and repeated blanks become one blank; blanks that do not break stay.
fn joined(text: &str) -> String {
    text.split([' ', '\t', '\r', '\n']).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The name of a text's field in one language.
pub(crate) fn in_lang(name: &str, lang: &Lang) -> String {
    format!("{name}-{lang}")
}

/// The name of the unit beside a term.
pub(crate) fn unit_of(name: &str) -> String {
    format!("{name}_unit")
}

/// The name of the term within which somebody is told.
pub(crate) fn notify_of(whom: NotifyWhom) -> String {
    format!("notify_{whom}")
}

/// A form on its way to be read; every mistake is noted.
struct Reading<'a> {
    answers: &'a Answers,
    wrong: Vec<Wrong>,
}

impl Reading<'_> {
    fn say(&mut self, field: &str, key: &'static str) {
        self.wrong.push((field.to_owned(), key));
    }

    fn day(&mut self, name: &str, must: bool) -> Option<Date> {
        let typed = self.answers.get(name);
        if typed.is_empty() && !must {
            return None;
        }
        let read = read_day(typed);
        if read.is_none() {
            self.say(name, "legal-basis-form-no-day");
        }
        read
    }

    /// A term; `None` where the number is left empty.
    fn term(&mut self, name: &str) -> Option<Term> {
        let typed = self.answers.get(name);
        if typed.is_empty() {
            return None;
        }
        let n: Option<u32> = typed.parse().ok().filter(|n| *n > 0);
        let short = n.and_then(|n| u16::try_from(n).ok());
        let read = match self.answers.get(&unit_of(name)) {
            "minutes" => n.map(Term::Minutes),
            "hours" => n.and_then(|n| n.checked_mul(60)).map(Term::Minutes),
            "calendar_days" => short.map(Term::CalendarDays),
            "working_days" => short.map(Term::WorkingDays),
            _ => None,
        };
        if read.is_none() {
            self.say(name, "legal-basis-form-no-term");
        }
        read
    }

    fn count<T: std::str::FromStr + Default + PartialEq>(&mut self, name: &str) -> T {
        let read = self.answers.get(name).parse::<T>().ok().filter(|n| *n != T::default());
        if read.is_none() {
            self.say(name, "legal-basis-form-no-number");
        }
        read.unwrap_or_default()
    }

    fn approvers(&mut self, of: &str, before: Option<&Approvers>) -> Approvers {
        let chosen = self.answers.chosen(&format!("{of}_roles"), Role::parse);
        let roles = in_order(chosen, before.map_or(&[], |b| b.roles.as_slice()));
        Approvers { count: self.count(&format!("{of}_count")), roles }
    }

    /// The terms of a standing approval. Its scope is not asked: no rule admits any but the disputed sum.
    fn standing(&mut self, before: Option<&Approvers>) -> Option<StandingRule> {
        if self.answers.get("standing") != "yes" {
            return None;
        }
        let approvers = self.approvers("standing", before);
        Some(StandingRule { approvers, max_days: self.count("standing_days"), widest: Scope::AmountOnly })
    }

    fn extension(&mut self) -> Option<Extension> {
        let term = self.term("extension")?;
        Some(Extension { term, times: self.count("extension_times") })
    }

    fn scope(&mut self, name: &str) -> Scope {
        let read = Scope::parse(self.answers.get(name));
        if read.is_none() {
            self.say(name, "legal-basis-form-no-choice");
        }
        read.unwrap_or(Scope::AmountOnly)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use profile::Profile;

    /// What the form shows of each shipped text reads back as that text.
    #[test]
    fn there_and_back() {
        for id in Profile::embedded_ids() {
            let profile = Profile::embedded(id).unwrap();
            for record in profile.legal_bases() {
                let answers = Answers::of(record, profile.languages(), record.from);
                assert_eq!(
                    answers.record(record, profile.languages()).as_ref(),
                    Ok(record),
                    "{}",
                    record.key
                );
            }
        }
    }

    #[test]
    fn days_as_people_write_them() {
        let day = Date::new(2026, 11, 3).ok();
        for text in ["03.11.2026", "3.11.2026", "3 11 2026", "03112026", "2026-11-03", "3/11/2026"] {
            assert_eq!(read_day(text), day, "{text}");
        }
        for text in ["", "3.11", "31.02.2026", "tomorrow", "3.11.26", "ұұұұ"] {
            assert_eq!(read_day(text), None, "{text}");
        }
    }

    #[test]
    fn every_mistake_is_named() {
        let profile = Profile::embedded("kz").unwrap();
        let base = &profile.legal_bases()[0];
        let mut answers = Answers::of(base, profile.languages(), base.from);
        for (name, value) in
            [("from", "soon"), ("max_term", "0"), ("approvers_count", "many"), ("widest", "")]
        {
            answers.0.retain(|(n, _)| n != name);
            answers.put(name, value);
        }
        answers.0.retain(|(n, _)| n != "decide_within");
        let wrong = answers.record(base, profile.languages()).unwrap_err();
        let fields: Vec<&str> = wrong.iter().map(|(f, _)| f.as_str()).collect();
        assert_eq!(fields, ["from", "approvers_count", "max_term", "widest", "decide_within"]);
    }
}

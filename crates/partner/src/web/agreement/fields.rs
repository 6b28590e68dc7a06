//! The questions of the form, by section.

use ::web::{Choice, Ctx, Field, FieldError, Markup, render};
use kernel::Lang;
use profile::Profile;

use super::answers::{Answers, PARTS, TLPS, contact, in_lang};
use super::words;

/// A part of the form under one heading.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) lead: String,
    /// Questions that stand beside each other, group by group.
    pub(super) groups: Vec<Vec<Markup>>,
}

/// Makes the fields of one form, with what was typed and what was wrong with it.
pub(super) struct Form<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) answers: &'a Answers,
    pub(super) errors: &'a [FieldError],
    pub(super) profile: &'a Profile,
    /// A new institution, which is asked for code, kind and first key, too.
    pub(super) new: bool,
}

impl Form<'_> {
    /// All questions, in the order of the page.
    pub(super) fn sections(&self) -> Vec<Section> {
        let mut who = vec![self.names()];
        if self.new {
            who.insert(0, vec![self.line("code", 10, false), self.kind()]);
        }
        let number = vec![self.line("number", 20, false), self.day("signed", false)];
        let term = vec![self.day("from", true), self.day("until", true)];
        let contacts = (1..=self.answers.contacts()).map(|no| self.contact(no));
        let mut all = vec![
            self.section("who", who),
            self.section("terms", vec![number, term, vec![self.marking()], vec![self.regions()]]),
            self.section("contacts", contacts.chain([vec![self.phone("duty_phone")]]).collect()),
            self.section(
                "channel",
                vec![
                    vec![self.delivery()],
                    vec![self.line("gateway", 0, true)],
                    vec![self.requests()],
                    vec![self.mutual_tls()],
                ],
            ),
            self.section("keeps", self.keeps()),
        ];
        if self.new {
            let key = self
                .done(Field::area(self.ctx, "public_key", &key("public_key"), 4).optional(), "public_key");
            all.push(self.section("key", vec![vec![self.line("key_name", 20, false)], vec![key]]));
        }
        all
    }

    fn section(&self, id: &'static str, groups: Vec<Vec<Markup>>) -> Section {
        let text = |part: &str| self.ctx.t(&format!("partner-form-s-{id}.{part}"));
        Section { id, title: text("title"), lead: text("lead"), groups }
    }

    fn done(&self, field: Field, name: &str) -> Markup {
        render(&field.value(self.answers.get(name)).errors(self.errors))
    }

    fn line(&self, name: &str, width: u8, optional: bool) -> Markup {
        let field = Field::text(self.ctx, name, &key(name)).autocomplete("off").width(width);
        self.done(if optional { field.optional() } else { field }, name)
    }

    fn phone(&self, name: &str) -> Markup {
        self.done(Field::phone(self.ctx, name, &key(name)).autocomplete("off").optional(), name)
    }

    fn day(&self, name: &str, optional: bool) -> Markup {
        let field = Field::code(self.ctx, name, &key(name)).width(10);
        self.done(if optional { field.optional() } else { field }, name)
    }

    /// One field for each language of the profile.
    fn names(&self) -> Vec<Markup> {
        let one = |lang: &Lang| {
            let own = format!("partner-form-name-{lang}");
            let known = self.ctx.has_text(&format!("{own}.label"));
            let field = Field::text(self.ctx, &in_lang(lang), if known { &own } else { "partner-form-name" });
            // A language without words of its own is named by its tag.
            let field = if known { field } else { field.hint(lang.tag()) };
            self.done(field.autocomplete("off"), &in_lang(lang))
        };
        self.profile.languages().iter().map(one).collect()
    }

    fn kind(&self) -> Markup {
        let kinds = self.profile.institution_kinds();
        let choices =
            kinds.iter().map(|k| Choice::new(k.kind.as_str(), k.name.get(self.ctx.lang()))).collect();
        self.done(Field::select(self.ctx, "kind", &key("kind"), choices), "kind")
    }

    fn marking(&self) -> Markup {
        let choices = TLPS.map(|t| Choice::new(t.as_str(), words::tlp(t))).to_vec();
        self.done(Field::select(self.ctx, "marking", &key("marking"), choices).width(20), "marking")
    }

    fn regions(&self) -> Markup {
        let regions = self.profile.regions();
        let choices = regions.iter().map(|r| Choice::new(&r.code, r.name.get(self.ctx.lang()))).collect();
        let field = Field::checks(self.ctx, "regions", &key("regions"), choices).optional();
        render(&field.values(self.answers.all("regions")).errors(self.errors))
    }

    /// A contact point: its parts beside each other.
    fn contact(&self, no: usize) -> Vec<Markup> {
        let one = |part: &str| {
            let (name, key) = (contact(no, part), format!("partner-form-contact-{part}"));
            let field = match part {
                "phone" => Field::phone(self.ctx, &name, &key).autocomplete("off"),
                _ => Field::text(self.ctx, &name, &key).autocomplete("off").width(20),
            };
            let number = i64::try_from(no).unwrap_or_default();
            let field = if part == "name" {
                field.hint(self.ctx.ta("partner-form-contact-no", [("n", number)]))
            } else {
                field
            };
            self.done(if no > 1 || part == "hours" { field.optional() } else { field }, &name)
        };
        PARTS.iter().map(|part| one(part)).collect()
    }

    fn delivery(&self) -> Markup {
        let choice = |code: &str| {
            Choice::new(code, words::delivery(self.ctx, code))
                .hint(self.ctx.t(&format!("partner-delivery-{}-hint", code.replace('_', "-"))))
        };
        let choices = words::DELIVERIES.map(choice).to_vec();
        self.done(Field::radios(self.ctx, "delivery", &key("delivery"), choices), "delivery")
    }

    fn requests(&self) -> Markup {
        let default = i64::from(self.profile.partner_terms().requests_per_minute);
        let field = Field::code(self.ctx, "requests_per_minute", &key("requests_per_minute")).width(10);
        let hint = self.ctx.ta("partner-form-requests-default", [("n", default)]);
        self.done(field.hint(hint).optional(), "requests_per_minute")
    }

    fn mutual_tls(&self) -> Markup {
        let yes = vec![Choice::new("yes", self.ctx.t("partner-form-mutual-tls-yes"))];
        let field = Field::checks(self.ctx, "mutual_tls", &key("mutual_tls"), yes).optional();
        render(&field.values(self.answers.all("mutual_tls")).errors(self.errors))
    }

    fn keeps(&self) -> Vec<Vec<Markup>> {
        let area = |name: &str| {
            let field = Field::area(self.ctx, name, &key(name), 2).optional();
            self.done(field, name)
        };
        let yes = |name: &str| {
            let choice = Choice::new("yes", self.ctx.t(&format!("{}-yes", key(name))));
            let field = Field::checks(self.ctx, name, &key(name), vec![choice]).optional();
            render(&field.values(self.answers.all(name)))
        };
        vec![
            vec![self.line("iban_code", 10, true), area("card_bins")],
            vec![area("phone_prefixes"), area("sim_prefixes")],
            vec![area("hosts"), area("networks")],
            vec![yes("handles"), yes("apps")],
        ]
    }
}

fn key(name: &str) -> String {
    format!("partner-form-{}", name.replace('_', "-"))
}

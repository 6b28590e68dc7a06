//! Facts of a payment that are told later: what completes it, what corrects it, what may stand in it.

use kernel::{Personal, Purpose};

use crate::model::{Fact, Payment, Target};

/// Whether what is known of a payment names somebody who can be asked about it. Then an order may have gone
/// out that rests on these facts: they are not changed under it. This slice knows no orders, so it takes the
/// cautious view.
#[must_use]
pub const fn can_be_asked(p: &Payment) -> bool {
    let receiver = p.to.is_some() && !p.to_institution.is_empty();
    let own = !p.own_institution.is_empty() && (p.own_account.is_some() || p.to.is_some());
    receiver || own
}

/// What stands in a payment where `fact` would stand; `None` where nothing does.
#[must_use]
pub fn known(p: &Payment, fact: &Fact) -> Option<Fact> {
    let open = |v: &Option<Personal<String>>| v.as_ref().map(|v| v.open(Purpose::OwnData).clone());
    match fact {
        Fact::Amount(_) => Some(Fact::Amount(p.amount)),
        Fact::When(_) => Some(Fact::When(p.when.clone())),
        Fact::OwnBank(_) => (!p.own_institution.is_empty()).then(|| Fact::OwnBank(p.own_institution.clone())),
        Fact::OwnAccount(_) => open(&p.own_account).map(Fact::OwnAccount),
        Fact::To(..) => open(&p.to).map(|value| {
            let (kind, masked) = (p.to_kind.clone(), p.to_masked.clone());
            Fact::To(Target { kind, value, masked }, p.to_institution.clone())
        }),
        Fact::Reference(_) => open(&p.reference).map(Fact::Reference),
    }
}

/// Whether a fact tells something that the payment does not say already.
#[must_use]
pub fn is_news(p: &Payment, fact: &Fact) -> bool {
    match (fact, known(p, fact)) {
        (Fact::When(new), Some(Fact::When(old))) => (new.earliest, new.latest) != (old.earliest, old.latest),
        // The number most often says whose account it is; the same number is news only with a bank that was
        // not known.
        (Fact::To(new, bank), Some(Fact::To(old, known))) => {
            !same_number(new, &old) || known.is_empty() && !bank.is_empty()
        }
        (_, Some(old)) => old != *fact,
        (_, None) => true,
    }
}

fn same_number(a: &Target, b: &Target) -> bool {
    (&a.kind, &a.value) == (&b.kind, &b.value)
}

/// Whether a fact only completes what was told: something where nothing stood, or a time within the span that
/// was told.
#[must_use]
pub fn completes(p: &Payment, fact: &Fact) -> bool {
    match fact {
        Fact::When(new) => new.earliest >= p.when.earliest && new.latest <= p.when.latest,
        Fact::To(new, _) => match known(p, fact) {
            Some(Fact::To(old, bank)) => same_number(new, &old) && bank.is_empty(),
            _ => true,
        },
        _ => known(p, fact).is_none(),
    }
}

/// Whether a later fact may stand in the payment, or is a note for the officer.
#[must_use]
pub fn applies(p: &Payment, fact: &Fact) -> bool {
    completes(p, fact) || !can_be_asked(p)
}

/// The payment with a later fact in it.
pub fn put(p: &mut Payment, fact: Fact) {
    match fact {
        Fact::Amount(amount) => p.amount = amount,
        Fact::When(when) => p.when = when,
        Fact::OwnBank(code) => p.own_institution = code,
        Fact::OwnAccount(account) => p.own_account = Some(Personal::new(account)),
        Fact::To(to, institution) => {
            (p.to_kind, p.to_masked, p.to_institution) = (to.kind, to.masked, institution);
            p.to = Some(Personal::new(to.value));
        }
        Fact::Reference(reference) => p.reference = Some(Personal::new(reference)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PaymentId, ReportId};
    use crate::rules::mask;
    use kernel::{Money, Timestamp, When};
    use uuid::Uuid;

    fn paid(own: &str, account: Option<&str>, to: Option<&str>, keeper: &str) -> Payment {
        let kzt = kernel::Asset::new("KZT", 2).unwrap();
        let some = |text: Option<&str>| text.map(|t| Personal::new(t.to_owned()));
        let at = Timestamp::from_secs(1_800_000_000);
        Payment {
            id: PaymentId::from_uuid(Uuid::from_u128(1)),
            report: ReportId::from_uuid(Uuid::from_u128(2)),
            no: 1,
            amount: Money::from_minor(500, kzt),
            when: When { earliest: at, latest: at.plus_secs(86_400), told: String::new() },
            own_institution: own.to_owned(),
            own_account: some(account),
            to_kind: to.map_or("", |_| "phone").to_owned(),
            to: some(to),
            to_masked: String::new(),
            to_institution: keeper.to_owned(),
            reference: None,
        }
    }

    #[test]
    fn what_an_order_may_rest_on_is_not_changed_under_it() {
        let kzt = kernel::Asset::new("KZT", 2).unwrap();
        let day = |from: i64, to: i64| {
            let at = |secs| Timestamp::from_secs(1_800_000_000).plus_secs(secs);
            Fact::When(When { earliest: at(from), latest: at(to), told: String::new() })
        };
        let target = |value: &str| {
            let value = value.to_owned();
            Fact::To(Target { kind: "phone".into(), masked: mask("phone", &value), value }, String::new())
        };
        let (amount, bank) = (Fact::Amount(Money::from_minor(700, kzt)), Fact::OwnBank("VBANK".into()));
        // Nobody can have been asked: everything may be put right.
        for p in
            [paid("", None, None, ""), paid("UBANK", None, None, ""), paid("", Some("1"), Some("+7701"), "")]
        {
            assert!(!can_be_asked(&p));
            for fact in [&amount, &bank, &target("+7702"), &day(-9, 9)] {
                assert!(applies(&p, fact));
            }
        }
        // Somebody may have been asked: what was missing is filled in, what was told stays.
        let asked = [
            paid("UBANK", Some("KZ1"), None, ""),
            paid("UBANK", None, Some("+7701"), ""),
            paid("", None, Some("KZ2"), "VBANK"),
        ];
        for p in &asked {
            assert!(can_be_asked(p) && !applies(p, &amount));
            assert!(applies(p, &day(60, 60)) && !applies(p, &day(-60, 60)), "a time within the span told");
            assert!(applies(p, &Fact::Reference("REF".into())));
        }
        let [out, through, into] = asked;
        assert!(applies(&out, &target("+7702")) && !applies(&out, &bank));
        assert!(!applies(&through, &target("+7702")) && applies(&through, &Fact::OwnAccount("KZ1".into())));
        assert!(applies(&into, &bank) && !applies(&into, &target("+7702")));
    }

    #[test]
    fn what_is_known_is_no_news() {
        let p = paid("UBANK", Some("KZ1"), Some("+7701"), "");
        for fact in [
            Fact::Amount(p.amount),
            Fact::OwnBank("UBANK".into()),
            Fact::OwnAccount("KZ1".into()),
            Fact::When(p.when.clone()),
        ] {
            assert!(!is_news(&p, &fact), "{}", fact.field());
            let mut same = p.clone();
            put(&mut same, fact);
            assert_eq!(same, p);
        }
        let bank = |code: &str| {
            Fact::To(
                Target { kind: "phone".into(), value: "+7701".into(), masked: String::new() },
                code.to_owned(),
            )
        };
        assert!(!is_news(&p, &bank("")) && is_news(&p, &bank("VBANK")) && applies(&p, &bank("VBANK")));
        let mut kept = p.clone();
        put(&mut kept, bank("VBANK"));
        assert!(!is_news(&kept, &bank("VBANK")) && !applies(&kept, &Fact::OwnBank("ZBANK".into())));
        for fact in [Fact::OwnBank("V".into()), Fact::OwnAccount("KZ2".into()), Fact::Reference("R".into())] {
            assert!(is_news(&p, &fact), "{}", fact.field());
            let mut changed = p.clone();
            put(&mut changed, fact.clone());
            assert!(!is_news(&changed, &fact) && known(&changed, &fact) == Some(fact));
        }
    }
}

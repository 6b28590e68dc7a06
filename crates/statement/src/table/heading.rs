//! What headings are called, in Kazakh, Russian and English.

use serde::{Deserialize, Serialize};

/// What a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Movements on an account.
    #[default]
    Statement,
    /// Records of calls.
    Calls,
}

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it, and they are what a mapping is written with")]
pub enum Field {
    BookedAt,
    Time,
    ValueDate,
    Amount,
    Debit,
    Credit,
    Direction,
    Currency,
    Account,
    CounterAccount,
    CounterName,
    CounterBank,
    CounterNumber,
    PayerAccount,
    PayerName,
    PayerBank,
    PayerNumber,
    PayeeAccount,
    PayeeName,
    PayeeBank,
    PayeeNumber,
    Purpose,
    Reference,
    Code,
    Status,
    Balance,
    StartedAt,
    EndedAt,
    Duration,
    From,
    To,
    CallSort,
    CallDirection,
    Imei,
    Imsi,
    Cell,
    Place,
}

use Field as F;

/// Which fields a table of movements may have.
#[rustfmt::skip]
const STATEMENT: &[(Field, &[&str])] = &[
    (F::BookedAt, &["дата операции", "дата проводки", "дата транзакции", "дата и время операции",
        "дата время операции", "дата совершения операции", "дата и время", "дата документа", "дата платежа", "дата",
        "күні", "операция күні", "операцияның күні", "төлем күні", "транзакция күні", "құжат күні",
        "күні мен уақыты", "операция күні мен уақыты", "өткізу күні", "date", "booking date", "transaction date",
        "posting date", "operation date", "date and time", "date time", "booked at", "booked", "completed date",
        "posted", "datetime"]),
    (F::Time, &["время", "время операции", "уақыты", "операция уақыты", "time", "transaction time"]),
    (F::ValueDate, &["дата валютирования", "дата зачисления", "дата списания", "дата обработки", "валюталау күні",
        "валюталандыру күні", "value date", "валюта күні"]),
    (F::Amount, &["сумма", "сумма операции", "сумма в валюте счета", "сумма платежа", "сумма транзакции",
        "сумма документа", "сумма перевода", "сома", "сомасы", "операция сомасы", "операцияның сомасы",
        "төлем сомасы", "шот валютасындағы сома", "amount", "transaction amount", "sum", "value",
        "amount in account currency"]),
    (F::Debit, &["дебет", "по дебету", "сумма по дебету", "дебетовый оборот", "оборот по дебету", "обороты дебет",
        "обороты по дебету", "расход", "списание", "списано", "сумма списания", "дебет бойынша", "дебеті",
        "дебет айналымы", "шығыс", "есептен шығару", "debit", "debit amount", "withdrawal", "withdrawals",
        "paid out", "money out", "outgoing"]),
    (F::Credit, &["кредит", "по кредиту", "сумма по кредиту", "кредитовый оборот", "оборот по кредиту",
        "обороты кредит", "обороты по кредиту", "приход", "зачисление", "зачислено", "поступление",
        "сумма зачисления", "кредит бойынша", "кредиті", "кредит айналымы", "кіріс", "түсім", "есепке алу", "credit",
        "credit amount", "deposit", "deposits", "paid in", "money in", "incoming"]),
    (F::Direction, &["д к", "дт кт", "дебет кредит", "признак", "направление", "приход расход", "тип операции",
        "вид операции", "тип движения", "операция", "бағыты", "операция түрі", "кіріс шығыс", "dc", "d c", "dr cr",
        "debit credit", "credit debit", "direction", "type", "transaction type", "credit debit indicator"]),
    (F::Currency, &["валюта", "валюта операции", "валюта счета", "валюта платежа", "код валюты", "валютасы",
        "шот валютасы", "currency", "ccy", "currency code"]),
    (F::Account, &["счет", "номер счета", "иик", "счет клиента", "лицевой счет", "шот", "шот нөмірі", "клиент шоты",
        "жск", "account", "account number", "iban", "own account"]),
    (F::CounterAccount, &["счет контрагента", "счет корреспондента", "счет корреспондент", "корреспондирующий счет",
        "корр счет", "иик контрагента", "иик корреспондента", "иик отправителя бенефициара",
        "иик бенефициара отправителя", "счет отправителя получателя", "счет получателя отправителя",
        "номер счета контрагента", "контрагент шоты", "контрагенттің шоты", "контрагент жск", "корреспондент шоты",
        "жіберуші алушы шоты", "counterparty account", "counter account", "counterparty iban",
        "correspondent account", "partner iban", "account of counterparty", "counterparty account number",
        "contra account"]),
    (F::CounterName, &["контрагент", "корреспондент", "наименование контрагента", "наименование корреспондента",
        "отправитель получатель", "отправитель бенефициар", "бенефициар отправитель", "получатель отправитель",
        "плательщик получатель", "фио контрагента", "контрагент атауы", "контрагенттің атауы", "жіберуші алушы",
        "корреспондент атауы", "counterparty", "counterparty name", "counter name", "payee payer", "payer payee",
        "name", "partner name", "merchant"]),
    (F::CounterBank, &["банк контрагента", "банк корреспондента", "бик контрагента", "бик банка контрагента", "бик",
        "бик банка", "банк", "мфо", "контрагент банкі", "контрагенттің банкі", "бск", "банк атауы",
        "counterparty bank", "counter bank", "bank", "bic", "swift", "bank code", "counterparty bic"]),
    (F::CounterNumber, &["бин контрагента", "иин контрагента", "бин иин контрагента", "иин бин контрагента",
        "бин иин", "иин бин", "бин", "иин", "инн", "инн контрагента", "контрагент жсн бсн", "жсн бсн", "бсн жсн",
        "counterparty id", "tax id", "counterparty tax id"]),
    (F::PayerAccount, &["счет плательщика", "счет отправителя", "иик плательщика", "иик отправителя", "төлеуші шоты",
        "жіберуші шоты", "төлеушінің шоты", "жіберушінің шоты", "payer account", "sender account", "debtor account",
        "from account"]),
    (F::PayerName, &["плательщик", "отправитель", "наименование плательщика", "наименование отправителя",
        "фио отправителя", "төлеуші", "жіберуші", "төлеушінің атауы", "жіберушінің аты", "payer", "sender",
        "payer name", "sender name", "debtor"]),
    (F::PayerBank, &["банк плательщика", "банк отправителя", "бик плательщика", "бик отправителя", "төлеуші банкі",
        "жіберуші банкі", "payer bank", "sender bank", "debtor bank"]),
    (F::PayerNumber, &["бин плательщика", "иин бин плательщика", "бин иин плательщика", "иин бин отправителя",
        "бин иин отправителя", "иин отправителя", "инн плательщика", "жіберуші жсн бсн", "төлеуші жсн бсн",
        "payer id", "sender id"]),
    (F::PayeeAccount, &["счет получателя", "счет бенефициара", "иик получателя", "иик бенефициара", "алушы шоты",
        "алушының шоты", "бенефициар шоты", "payee account", "beneficiary account", "recipient account",
        "creditor account", "to account"]),
    (F::PayeeName, &["получатель", "бенефициар", "наименование получателя", "наименование бенефициара",
        "фио получателя", "алушы", "алушының атауы", "алушының аты", "payee", "beneficiary", "recipient", "receiver",
        "payee name", "beneficiary name", "recipient name", "creditor"]),
    (F::PayeeBank, &["банк получателя", "банк бенефициара", "бик получателя", "бик бенефициара", "алушы банкі",
        "алушының банкі", "payee bank", "beneficiary bank", "recipient bank", "creditor bank"]),
    (F::PayeeNumber, &["бин получателя", "иин бин получателя", "бин иин получателя", "бин бенефициара",
        "иин бин бенефициара", "бин иин бенефициара", "иин получателя", "инн получателя", "алушы жсн бсн",
        "payee id", "beneficiary id", "recipient id"]),
    (F::Purpose, &["назначение платежа", "назначение", "описание", "описание операции", "детали", "детали операции",
        "детали платежа", "основание", "комментарий", "содержание операции", "төлем мақсаты", "төлемнің мақсаты",
        "төлем тағайындалуы", "төлемнің тағайындалуы", "мақсаты", "сипаттама", "сипаттамасы", "операция сипаттамасы",
        "түсініктеме", "purpose", "payment purpose", "purpose of payment", "description", "details",
        "payment details", "narrative", "remittance information", "memo", "comment", "particulars"]),
    (F::Reference, &["номер документа", "номер операции", "номер транзакции", "номер платежа", "номер", "документ",
        "референс", "ид операции", "id операции", "құжат нөмірі", "құжат номер", "операция нөмірі", "нөмірі",
        "референсі", "reference", "ref", "reference number", "document number", "transaction id",
        "transaction reference", "id", "rrn", "ref no"]),
    (F::Code, &["кнп", "ттк", "код назначения платежа", "код назначения", "төлем тағайындау коды", "purpose code",
        "knp", "mcc"]),
    (F::Status, &["статус", "состояние", "статус операции", "мәртебесі", "күйі", "status", "state"]),
    (F::Balance, &["остаток", "баланс", "остаток после операции", "исходящий остаток", "остаток на счете", "сальдо",
        "қалдық", "қалдығы", "шот қалдығы", "операциядан кейінгі қалдық", "balance", "running balance",
        "balance after", "closing balance", "available balance"]),
];

/// Which fields records of calls may have.
#[rustfmt::skip]
const CALLS: &[(Field, &[&str])] = &[
    (F::StartedAt, &["дата и время начала", "начало", "время начала", "дата звонка", "дата вызова", "дата и время",
        "дата и время вызова", "дата и время соединения", "дата соединения", "дата", "дата начала",
        "начало соединения", "күні", "басталған уақыты", "қоңырау күні", "күні мен уақыты", "басталу уақыты", "date",
        "start", "start time", "started at", "call start", "date time", "call date", "date and time", "datetime"]),
    (F::Time, &["время", "время звонка", "время вызова", "уақыты", "қоңырау уақыты", "time", "call time"]),
    (F::EndedAt, &["окончание", "время окончания", "дата и время окончания", "конец", "аяқталған уақыты",
        "аяқталу уақыты", "end", "end time", "ended at", "call end"]),
    (F::Duration, &["длительность", "продолжительность", "длительность сек", "длительность вызова",
        "длительность разговора", "продолжительность сек", "ұзақтығы", "ұзақтығы сек", "қоңырау ұзақтығы",
        "duration", "duration s", "duration sec", "call duration", "seconds", "duration seconds"]),
    (F::From, &["номер а", "а номер", "абонент а", "вызывающий", "вызывающий номер", "вызывающий абонент",
        "исходящий номер", "номер абонента", "кто звонил", "қоңырау шалушы", "шалушы нөмірі", "шалушы", "а нөмірі",
        "а абоненті", "caller", "calling", "calling number", "a number", "a party", "from", "msisdn", "source",
        "calling party", "subscriber"]),
    (F::To, &["номер б", "б номер", "номер в", "абонент б", "вызываемый", "вызываемый номер", "вызываемый абонент",
        "набранный номер", "собеседник", "номер собеседника", "кому", "қабылдаушы", "қабылдаушы нөмірі", "б нөмірі",
        "б абоненті", "called", "called number", "callee", "b number", "b party", "to", "destination",
        "dialed number", "dialled number", "called party", "other party"]),
    (F::CallSort, &["вид связи", "тип связи", "тип соединения", "услуга", "вид услуги", "тип услуги",
        "байланыс түрі", "қызмет түрі", "service", "service type", "record type"]),
    (F::CallDirection, &["направление", "тип вызова", "тип звонка", "тип", "вид вызова", "бағыты", "қоңырау түрі",
        "түрі", "direction", "call type", "type", "call direction"]),
    (F::Imei, &["imei", "имей", "imei а", "imei a"]),
    (F::Imsi, &["imsi", "imsi а", "imsi a"]),
    (F::Cell, &["базовая станция", "бс", "сота", "id соты", "номер бс", "lac cid", "lac cell", "cid", "cell",
        "cell id", "cellid", "base station", "ұяшық", "базалық станция", "first cell", "идентификатор соты",
        "сектор"]),
    (F::Place, &["адрес", "адрес бс", "адрес базовой станции", "местоположение", "мекенжайы", "мекенжай",
        "базалық станция мекенжайы", "address", "location", "cell address", "site address"]),
];

impl Sort {
    const fn words(self) -> &'static [(Field, &'static [&'static str])] {
        match self {
            Self::Statement => STATEMENT,
            Self::Calls => CALLS,
        }
    }

    /// What of a table's needs is missing, if anything is.
    #[must_use]
    pub fn missing(self, has: impl Fn(Field) -> bool) -> Option<&'static str> {
        match self {
            Self::Statement if !has(F::BookedAt) && !has(F::ValueDate) => Some("booked_at"),
            Self::Statement if !has(F::Amount) && !has(F::Debit) && !has(F::Credit) => Some("amount"),
            Self::Calls if !has(F::StartedAt) => Some("started_at"),
            Self::Calls if !has(F::From) && !has(F::To) => Some("from"),
            Self::Statement | Self::Calls => None,
        }
    }
}

/// A heading as it is compared: small letters, one space between words, no marks.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().take(200) {
        let c = match c {
            'ё' | 'Ё' => 'е',
            '№' => {
                out.push_str(" номер ");
                continue;
            }
            other => other,
        };
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else {
            out.push(' ');
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How well a heading fits a phrase; 0 where it does not.
fn weight(heading: &str, phrase: &str) -> u32 {
    let length = u32::try_from(phrase.chars().count()).unwrap_or(0);
    if heading == phrase {
        return 1000 + length;
    }
    let begins = heading.strip_prefix(phrase).is_some_and(|rest| rest.starts_with(' '));
    if begins {
        return 500 + length;
    }
    let ends = heading.strip_suffix(phrase).is_some_and(|rest| rest.ends_with(' '));
    let within = ends || heading.contains(&format!(" {phrase} "));
    if within && length >= 3 { 200 + length } else { 0 }
}

/// Gives each heading at most one meaning, and each meaning to at most one heading, the best first.
#[must_use]
pub fn assign(headings: &[String], sort: Sort) -> Vec<Option<(Field, bool)>> {
    let mut fits: Vec<(u32, usize, Field)> = Vec::new();
    for (at, heading) in headings.iter().enumerate() {
        if heading.is_empty() || heading.chars().count() > 80 {
            continue;
        }
        for (field, phrases) in sort.words() {
            let best = phrases.iter().map(|phrase| weight(heading, phrase)).max().unwrap_or(0);
            if best > 0 {
                fits.push((best, at, *field));
            }
        }
    }
    fits.sort_by_key(|(weight, at, field)| (std::cmp::Reverse(*weight), *at, *field));
    let mut given: Vec<Option<(Field, bool)>> = vec![None; headings.len()];
    let mut taken: Vec<Field> = Vec::new();
    for (weight, at, field) in fits {
        let Some(slot) = given.get_mut(at) else { continue };
        if slot.is_none() && !taken.contains(&field) {
            *slot = Some((field, weight >= 1000));
            taken.push(field);
        }
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(row: &str, sort: Sort) -> Vec<Option<Field>> {
        let headings: Vec<String> = row.split('|').map(folded).collect();
        assign(&headings, sort).into_iter().map(|g| g.map(|(f, _)| f)).collect()
    }

    #[test]
    fn headings_in_three_languages() {
        let want = vec![
            Some(F::BookedAt),
            Some(F::Reference),
            Some(F::Debit),
            Some(F::Credit),
            Some(F::CounterName),
            Some(F::CounterAccount),
            Some(F::CounterBank),
            Some(F::Purpose),
        ];
        for row in [
            "Дата операции|№ документа|Дебет|Кредит|Наименование контрагента|Счёт контрагента|БИК|Назначение платежа",
            "Операция күні|Құжат нөмірі|Дебет|Кредит|Контрагент атауы|Контрагент шоты|БСК|Төлем мақсаты",
            "Transaction date|Reference|Debit|Credit|Counterparty name|Counterparty account|BIC|Payment details",
        ] {
            assert_eq!(fields(row, Sort::Statement), want, "{row}");
        }
    }

    #[test]
    fn one_meaning_for_one_column() {
        let got = fields("Дата|Сумма|Сумма в валюте счета, KZT|Валюта|Описание", Sort::Statement);
        assert_eq!(got, vec![Some(F::BookedAt), Some(F::Amount), None, Some(F::Currency), Some(F::Purpose)]);
        let got =
            fields("Отправитель|Счет отправителя|Получатель|Счет получателя|Дата|Сумма", Sort::Statement);
        assert_eq!(
            got,
            vec![
                Some(F::PayerName),
                Some(F::PayerAccount),
                Some(F::PayeeName),
                Some(F::PayeeAccount),
                Some(F::BookedAt),
                Some(F::Amount),
            ]
        );
    }

    #[test]
    fn calls() {
        let got = fields(
            "Дата и время|Номер А|Номер Б|Длительность, сек|Тип вызова|IMEI|Базовая станция|Адрес БС",
            Sort::Calls,
        );
        assert_eq!(
            got,
            vec![
                Some(F::StartedAt),
                Some(F::From),
                Some(F::To),
                Some(F::Duration),
                Some(F::CallDirection),
                Some(F::Imei),
                Some(F::Cell),
                Some(F::Place),
            ]
        );
    }

    #[test]
    fn no_phrase_stands_for_two_fields() {
        for sort in [Sort::Statement, Sort::Calls] {
            let mut seen = std::collections::BTreeMap::new();
            for (field, phrases) in sort.words() {
                for phrase in *phrases {
                    assert_eq!(folded(phrase), *phrase, "not folded");
                    if let Some(other) = seen.insert(*phrase, *field) {
                        assert_eq!(other, *field, "`{phrase}`");
                    }
                }
            }
        }
    }
}

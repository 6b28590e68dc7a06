//! Numbers, money, dates and times as CLDR 48 writes them in Kazakh, Russian and English. The one place that
//! formats: texts, tables and papers all come here.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use kernel::{Lang, Money, Timestamp};

/// No-break space, between groups of digits and before signs.
pub(crate) const NBSP: char = '\u{a0}';

/// Whose habits of writing figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Kazakh, in any script.
    Kk,
    /// Russian.
    Ru,
    /// English and whatever has no own habits here.
    En,
}

impl Style {
    pub(crate) fn of(lang: &Lang) -> Self {
        match lang.tag().split('-').next() {
            Some("kk") => Self::Kk,
            Some("ru") => Self::Ru,
            _ => Self::En,
        }
    }
    const fn group(self) -> char {
        match self {
            Self::En => ',',
            Self::Kk | Self::Ru => NBSP,
        }
    }
    const fn decimal(self) -> char {
        match self {
            Self::En => '.',
            Self::Kk | Self::Ru => ',',
        }
    }
    /// Words for 10^3, 10^6, 10^9, 10^12.
    const fn short(self) -> [&'static str; 4] {
        match self {
            Self::Kk => ["\u{a0}мың", "\u{a0}млн", "\u{a0}млрд", "\u{a0}трлн"],
            Self::Ru => ["\u{a0}тыс.", "\u{a0}млн", "\u{a0}млрд", "\u{a0}трлн"],
            Self::En => ["K", "M", "B", "T"],
        }
    }
    /// Names of months as they stand in a date.
    const fn months(self) -> [&'static str; 12] {
        match self {
            Self::Kk => [
                "қаңтар",
                "ақпан",
                "наурыз",
                "сәуір",
                "мамыр",
                "маусым",
                "шілде",
                "тамыз",
                "қыркүйек",
                "қазан",
                "қараша",
                "желтоқсан",
            ],
            Self::Ru => [
                "января",
                "февраля",
                "марта",
                "апреля",
                "мая",
                "июня",
                "июля",
                "августа",
                "сентября",
                "октября",
                "ноября",
                "декабря",
            ],
            Self::En => [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
        }
    }
}

/// Groups the digits of a plain decimal number (`-1234567.5`) in the habit of `style`.
pub(crate) fn group_digits(plain: &str, style: Style) -> String {
    let (sign, rest) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
    let (whole, decimals) = rest.split_once('.').unwrap_or((rest, ""));
    let mut out = String::from(sign);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(style.group());
        }
        out.push(c);
    }
    if !decimals.is_empty() {
        out.push(style.decimal());
        out.push_str(decimals);
    }
    out
}

/// The formatter of one language and one time zone.
#[derive(Debug, Clone)]
pub struct Formats {
    style: Style,
    zone: TimeZone,
}

impl Formats {
    /// For `lang`, with times shown in `zone`.
    #[must_use]
    pub fn new(lang: &Lang, zone: TimeZone) -> Self {
        Self { style: Style::of(lang), zone }
    }
    /// The zone times are shown in.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// `1 234 567`, in English `1,234,567`.
    #[must_use]
    pub fn number(&self, n: i64) -> String {
        group_digits(&n.to_string(), self.style)
    }

    /// `1 234 567,89 ₸`. Two decimals or none for currencies of two; other assets drop trailing zeros. The
    /// tenge has its sign, every other asset its code, which nobody can mistake.
    #[must_use]
    pub fn money(&self, money: Money) -> String {
        format!("{}{NBSP}{}", self.money_plain(money), sign(money))
    }

    /// As [`Self::money`], without the sign: for columns whose head names the currency.
    #[must_use]
    pub fn money_plain(&self, money: Money) -> String {
        let plain = money.to_decimal();
        let trimmed = match plain.split_once('.') {
            Some((whole, decimals)) if decimals.bytes().all(|b| b == b'0') => whole.to_owned(),
            Some((whole, decimals)) if decimals.len() > 2 => {
                format!("{whole}.{}", decimals.trim_end_matches('0'))
            }
            _ => plain,
        };
        group_digits(&trimmed, self.style)
    }

    /// `2,4 млн ₸`: two leading digits, rounded half to even. Only beside the exact sum.
    #[must_use]
    pub fn money_short(&self, money: Money) -> String {
        let exponent = u32::from(money.asset().scale());
        match self.short(i128::from(money.minor()), exponent) {
            Some(text) => format!("{text}{NBSP}{}", sign(money)),
            None => self.money(money),
        }
    }

    /// `2,4 млн`. Only beside the exact number.
    #[must_use]
    pub fn number_short(&self, n: i64) -> String {
        self.short(i128::from(n), 0).unwrap_or_else(|| self.number(n))
    }

    /// `value / 10^exponent` with two leading digits and a word; `None` below a thousand.
    fn short(&self, value: i128, exponent: u32) -> Option<String> {
        let size = value.unsigned_abs();
        let words = self.style.short();
        for (step, power) in [(3_usize, 12_u32), (2, 9), (1, 6), (0, 3)] {
            let unit = 10_u128.checked_pow(exponent + power)?;
            if size < unit {
                continue;
            }
            // Tenths below ten units, whole units above.
            let (digits, tenths) = if size < unit * 10 {
                (half_even(size * 10, unit), true)
            } else {
                (half_even(size, unit) * 10, false)
            };
            let (digits, step) = if digits >= 10_000 && step < 3 { (10, step + 1) } else { (digits, step) };
            let (whole, tenth) = (digits / 10, digits % 10);
            let plain = if tenths && tenth > 0 { format!("{whole}.{tenth}") } else { whole.to_string() };
            let sign = if value < 0 { "-" } else { "" };
            return Some(format!("{sign}{}{}", group_digits(&plain, self.style), words.get(step)?));
        }
        None
    }

    /// `64 %` in Russian, `64%` in Kazakh and English, from hundredths of a percent (6,400); up to two
    /// decimals, none where they are zero.
    #[must_use]
    pub fn percent(&self, basis_points: i64) -> String {
        let size = basis_points.unsigned_abs();
        let sign = if basis_points < 0 { "-" } else { "" };
        let decimals = format!("{:02}", size % 100);
        let decimals = decimals.trim_end_matches('0');
        let dot = if decimals.is_empty() { "" } else { "." };
        let number = group_digits(&format!("{sign}{}{dot}{decimals}", size / 100), self.style);
        match self.style {
            Style::Ru => format!("{number}{NBSP}%"),
            Style::Kk | Style::En => format!("{number}%"),
        }
    }

    /// `part` of `whole` in whole percent, rounded half to even; a dash where there is no whole.
    #[must_use]
    pub fn share(&self, part: i64, whole: i64) -> String {
        let (Ok(part), Ok(whole)) = (u128::try_from(part), u128::try_from(whole)) else {
            return "–".to_owned();
        };
        if whole == 0 {
            return "–".to_owned();
        }
        self.percent(i64::try_from(half_even(part * 100, whole) * 100).unwrap_or(i64::MAX))
    }

    /// `2026 ж. 30 қараша`, `30 ноября 2026 г.`, `30 November 2026`.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> String {
        self.zoned(at).map_or_else(|| at.rfc3339(), |z| self.civil_date(z.date()))
    }

    /// The same for a calendar date that has no time.
    #[must_use]
    pub fn civil_date(&self, date: Date) -> String {
        let (y, d) = (date.year(), date.day());
        let month = self.month(date.month());
        match self.style {
            Style::Kk => format!("{y}{NBSP}ж. {d}{NBSP}{month}"),
            Style::Ru => format!("{d}{NBSP}{month} {y}{NBSP}г."),
            Style::En => format!("{d}{NBSP}{month} {y}"),
        }
    }

    /// The name of month 1 to 12 as it stands in a date; empty outside.
    #[must_use]
    pub fn month(&self, month: i8) -> &'static str {
        let months = self.style.months();
        usize::try_from(month).ok().and_then(|m| months.get(m.checked_sub(1)?).copied()).unwrap_or_default()
    }

    /// `30.11.2026`, for tables.
    #[must_use]
    pub fn date_dense(&self, at: Timestamp) -> String {
        self.zoned(at)
            .map_or_else(|| at.rfc3339(), |z| format!("{:02}.{:02}.{}", z.day(), z.month(), z.year()))
    }

    /// `14:05`.
    #[must_use]
    pub fn hour(&self, at: Timestamp) -> String {
        self.zoned(at).map_or_else(|| at.rfc3339(), |z| format!("{:02}:{:02}", z.hour(), z.minute()))
    }

    /// `14:05:09`.
    #[must_use]
    pub fn second(&self, at: Timestamp) -> String {
        self.zoned(at)
            .map_or_else(|| at.rfc3339(), |z| format!("{:02}:{:02}:{:02}", z.hour(), z.minute(), z.second()))
    }

    /// `2026 ж. 30 қараша, 18:00`.
    #[must_use]
    pub fn date_time(&self, at: Timestamp) -> String {
        format!("{}, {}", self.date(at), self.hour(at))
    }

    /// `30.11.2026 18:00`, for tables.
    #[must_use]
    pub fn date_time_dense(&self, at: Timestamp) -> String {
        format!("{}{NBSP}{}", self.date_dense(at), self.hour(at))
    }

    /// `18:00 UTC`, beside local times in foreign matters.
    #[must_use]
    pub fn utc(&self, at: Timestamp) -> String {
        let utc = Self { style: self.style, zone: TimeZone::UTC };
        format!("{}{NBSP}UTC", utc.date_time_dense(at))
    }

    /// The calendar day in the zone.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Option<Date> {
        self.zoned(at).map(|z| z.date())
    }

    /// Words for thousand, million, billion, trillion, with the space before them.
    pub(crate) const fn short_words(&self) -> [&'static str; 4] {
        self.style.short()
    }
    pub(crate) const fn group_sign(&self) -> char {
        self.style.group()
    }
    pub(crate) const fn decimal_sign(&self) -> char {
        self.style.decimal()
    }
    /// What clocks on the wall show; `None` beyond the years that a calendar has.
    fn zoned(&self, at: Timestamp) -> Option<DateTime> {
        Some(self.zone.to_datetime(jiff::Timestamp::from_microsecond(at.as_micros()).ok()?))
    }
}

/// `₸` for the tenge, the code for everything else.
fn sign(money: Money) -> String {
    match money.asset().code() {
        "KZT" => "₸".to_owned(),
        code => code.to_owned(),
    }
}

/// An identifier in groups of `size` from the left, as people read it aloud: `KZ86 125K ZT50`. The copy button
/// copies without the gaps.
#[must_use]
pub fn grouped(identifier: &str, size: usize) -> String {
    let mut out = String::with_capacity(identifier.len() * 5 / 4 + 1);
    for (i, c) in identifier.chars().filter(|c| !c.is_whitespace()).enumerate() {
        if size > 0 && i > 0 && i.is_multiple_of(size) {
            out.push(NBSP);
        }
        out.push(c);
    }
    out
}

/// `+7 701 123 45 67` from `+77011234567`; other numbers in groups of three behind the plus sign.
#[must_use]
pub fn phone(e164: &str) -> String {
    let digits: String = e164.chars().filter(char::is_ascii_digit).collect();
    let parts = |cuts: &[usize]| {
        let (mut out, mut rest) = (String::from("+"), digits.as_str());
        for (i, cut) in cuts.iter().enumerate() {
            let (head, tail) = rest.split_at_checked(*cut).unwrap_or((rest, ""));
            if i > 0 {
                out.push(NBSP);
            }
            out.push_str(head);
            rest = tail;
        }
        out
    };
    if digits.len() == 11 && digits.starts_with('7') {
        parts(&[1, 3, 3, 2, 2])
    } else if digits.len() == 11 && digits.starts_with('1') {
        parts(&[1, 3, 3, 4])
    } else {
        let (country, rest) = digits.split_at_checked(country_digits(&digits)).unwrap_or((&digits, ""));
        let (mut out, mut rest) = (format!("+{country}"), rest);
        while !rest.is_empty() {
            // No digit stands alone at the end.
            let (head, tail) =
                if rest.len() > 4 { rest.split_at_checked(3) } else { None }.unwrap_or((rest, ""));
            out.push(NBSP);
            out.push_str(head);
            rest = tail;
        }
        out
    }
}

/// How long the code of the country is with which a number begins (ITU-T E.164).
fn country_digits(digits: &str) -> usize {
    const TWO: [u8; 43] = [
        20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57,
        58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95,
    ];
    let two = digits.get(..2).and_then(|d| d.parse::<u8>().ok());
    match digits.as_bytes().first() {
        Some(b'1' | b'7') => 1,
        _ if two.is_some_and(|code| code == 98 || TWO.contains(&code)) => 2,
        _ => 3,
    }
}

/// `a / b` rounded half to even.
const fn half_even(a: u128, b: u128) -> u128 {
    let (q, r) = (a / b, a % b);
    let twice = r * 2;
    if twice > b || (twice == b && q % 2 == 1) { q + 1 } else { q }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Asset;
    use proptest::prelude::*;

    fn f(lang: Lang) -> Formats {
        Formats::new(&lang, TimeZone::get("Asia/Almaty").unwrap())
    }
    fn kzt(minor: i64) -> Money {
        Money::from_minor(minor, Asset::new("KZT", 2).unwrap())
    }
    fn three(what: impl Fn(&Formats) -> String) -> [String; 3] {
        [Lang::KK, Lang::RU, Lang::EN].map(|l| what(&f(l)).replace(NBSP, "_"))
    }

    #[test]
    fn money_in_three_languages() {
        for (minor, want) in [
            (123_456_789, ["1_234_567,89_₸", "1_234_567,89_₸", "1,234,567.89_₸"]),
            (240_000_000, ["2_400_000_₸", "2_400_000_₸", "2,400,000_₸"]),
            (1, ["0,01_₸", "0,01_₸", "0.01_₸"]),
            (99_950, ["999,50_₸", "999,50_₸", "999.50_₸"]),
            (100_000, ["1_000_₸", "1_000_₸", "1,000_₸"]),
            (-150_000, ["-1_500_₸", "-1_500_₸", "-1,500_₸"]),
        ] {
            assert_eq!(three(|f| f.money(kzt(minor))), want);
        }
        let btc = Money::from_minor(150_000_000, Asset::new("BTC", 8).unwrap());
        assert_eq!(three(|f| f.money(btc)), ["1,5_BTC", "1,5_BTC", "1.5_BTC"]);
    }

    #[test]
    fn short_sums() {
        for (minor, want) in [
            (240_000_000, ["2,4_млн_₸", "2,4_млн_₸", "2.4M_₸"]),
            (185_000_000, ["1,8_млн_₸", "1,8_млн_₸", "1.8M_₸"]),
            (6_400_000_000, ["64_млн_₸", "64_млн_₸", "64M_₸"]),
            (31_000_000, ["310_мың_₸", "310_тыс._₸", "310K_₸"]),
            (99_999_999, ["1_млн_₸", "1_млн_₸", "1M_₸"]),
            (50_000, ["500_₸", "500_₸", "500_₸"]),
            (910_000_000_000, ["9,1_млрд_₸", "9,1_млрд_₸", "9.1B_₸"]),
        ] {
            assert_eq!(three(|f| f.money_short(kzt(minor))), want, "{minor}");
        }
        assert_eq!(three(|f| f.number_short(41_000)), ["41_мың", "41_тыс.", "41K"]);
    }

    #[test]
    fn percent_and_share() {
        assert_eq!(three(|f| f.percent(6_400)), ["64%", "64_%", "64%"]);
        assert_eq!(three(|f| f.percent(1_820)), ["18,2%", "18,2_%", "18.2%"]);
        assert_eq!(three(|f| f.percent(-5)), ["-0,05%", "-0,05_%", "-0.05%"]);
        assert_eq!(three(|f| f.share(1, 3)), ["33%", "33_%", "33%"]);
        assert_eq!(f(Lang::EN).share(1, 0), "–");
    }

    #[test]
    fn dates_and_times() {
        let at = Timestamp::parse_rfc3339("2026-11-30T18:00:07+05:00").unwrap();
        assert_eq!(three(|f| f.date(at)), ["2026_ж. 30_қараша", "30_ноября 2026_г.", "30_November 2026"]);
        assert_eq!(
            three(|f| f.date_time(at)),
            ["2026_ж. 30_қараша, 18:00", "30_ноября 2026_г., 18:00", "30_November 2026, 18:00"]
        );
        assert_eq!(three(|f| f.date_time_dense(at)), ["30.11.2026_18:00"; 3].map(str::to_owned));
        assert_eq!(f(Lang::KK).second(at), "18:00:07");
        assert_eq!(f(Lang::KK).utc(at).replace(NBSP, " "), "30.11.2026 13:00 UTC");
        // The offset changed from +06 to +05 on 1 March 2024: the same zone name serves both.
        let before = Timestamp::parse_rfc3339("2024-02-29T12:00:00Z").unwrap();
        assert_eq!(f(Lang::KK).hour(before), "18:00");
        assert_eq!(f(Lang::KK).month(13), "");
    }

    #[test]
    fn groups() {
        assert_eq!(grouped("KZ86125KZT5004100100", 4).replace(NBSP, " "), "KZ86 125K ZT50 0410 0100");
        assert_eq!(phone("+77011234567").replace(NBSP, " "), "+7 701 123 45 67");
        assert_eq!(phone("+442079460958").replace(NBSP, " "), "+44 207 946 0958");
        assert_eq!(phone("+12025550143").replace(NBSP, " "), "+1 202 555 0143");
        assert_eq!(phone("+998901234567").replace(NBSP, " "), "+998 901 234 567");
        assert_eq!(phone("7").replace(NBSP, " "), "+7");
    }

    proptest! {
        #[test]
        fn grouping_loses_no_digit(minor in any::<i64>()) {
            let shown = f(Lang::KK).money(kzt(minor));
            let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
            let plain: String = kzt(minor).to_decimal().chars().filter(char::is_ascii_digit).collect();
            let with_zeros = format!("{}00", digits);
            prop_assert!(plain == digits || plain == with_zeros);
        }
        #[test]
        fn short_is_within_five_percent(minor in 100_000_i64..1_000_000_000_000_000) {
            let text = f(Lang::EN).money_short(kzt(minor)).replace(NBSP, "");
            let unit = text.chars().find(char::is_ascii_alphabetic).unwrap();
            let power = "KMBT".find(unit).unwrap() + 1;
            let (whole, tenth) = text.split(unit).next().unwrap().split_once('.').map_or_else(
                || (text.split(unit).next().unwrap().replace(',', ""), 0),
                |(w, t)| (w.to_owned(), t.parse::<i128>().unwrap()),
            );
            // In tiyn: tenths of a unit of 10^(3 power) tenge.
            let shown = (whole.parse::<i128>().unwrap() * 10 + tenth) * 1_000_i128.pow(u32::try_from(power).unwrap()) * 10;
            let off = (shown - i128::from(minor)).abs();
            prop_assert!(off * 20 <= i128::from(minor), "{} {}", text, minor);
        }
    }
}

//! Exhibits with very many rows, all invented.

use std::fmt::Write as _;

/// A kind of file with rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A statement with running balances.
    Statement,
    /// Who called whom.
    Calls,
    /// A chat as a messenger exports it.
    Chat,
}

impl Sort {
    pub(super) const ALL: [Self; 3] = [Self::Statement, Self::Calls, Self::Chat];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Statement => "statement",
            Self::Calls => "calls",
            Self::Chat => "chat",
        }
    }

    pub(super) const fn file(self) -> &'static str {
        match self {
            Self::Statement => "statement.csv",
            Self::Calls => "calls.csv",
            Self::Chat => "chat.txt",
        }
    }

    /// The file.
    pub(super) fn bytes(self, rows: u32) -> Vec<u8> {
        let mut text = match self {
            Self::Statement => "Выписка по счёту KZ75999ZBEK0000000001 (вымышленная)\r\nВходящий остаток;0,00\r\nДата операции;Дебет;Кредит;Счёт корреспондента;Наименование корреспондента;Назначение платежа;Номер документа;Остаток\r\n".to_owned(),
            Self::Calls => "Дата и время;Исходящий номер;Номер Б;Длительность\n".to_owned(),
            Self::Chat => String::new(),
        };
        let mut balance = 0_u64;
        for no in 0..rows {
            // Writing to a text does not fail.
            let _ = match self {
                Self::Statement => {
                    balance += 15_000;
                    let at = moment(no);
                    writeln!(
                        text,
                        "{at};;150,00;{};Үлгі {no};перевод (выдумано);D-{no};{},{:02}\r",
                        other(no),
                        balance / 100,
                        balance % 100
                    )
                }
                Self::Calls => {
                    writeln!(text, "{};+77000001234;{};{}", moment(no), other(no), no % 600)
                }
                Self::Chat => {
                    let who = if no.is_multiple_of(2) { other(no) } else { "Үлгі Адам".to_owned() };
                    writeln!(text, "{} - {who}: хабар {no} (ойдан шығарылған)", chat_moment(no))
                }
            };
        }
        if self == Self::Statement {
            let _ = writeln!(text, "Исходящий остаток;{},{:02}\r", balance / 100, balance % 100);
        }
        text.into_bytes()
    }
}

/// The other side of a row: of two hundred thousand some come often, most once.
pub(super) fn other(no: u32) -> String {
    let who = if no.is_multiple_of(4) { no % 97 } else { no };
    format!("+7701{who:07}")
}

fn moment(no: u32) -> String {
    let (day, second) = (no / 7_200, no % 7_200 * 12);
    format!(
        "{:02}.{:02}.2026 {:02}:{:02}:{:02}",
        1 + day % 28,
        1 + day / 28 % 11,
        second / 3_600,
        second / 60 % 60,
        second % 60
    )
}

fn chat_moment(no: u32) -> String {
    let at = moment(no);
    let (day, time) = at.split_once(' ').unwrap_or_default();
    format!("{day}, {}", time.get(..5).unwrap_or_default())
}

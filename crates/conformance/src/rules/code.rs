//! The table of codes: what each must add, and which measures it answers.

/// The table of the page, with what each code must add.
const TABLE: &[(&str, &[&str])] = &[
    ("A00", &[]),
    ("H10", &["amount"]),
    ("H11", &["amount"]),
    ("H12", &[]),
    ("M20", &["amount", "at", "account"]),
    ("M21", &["amount", "at", "institution", "account"]),
    ("M22", &["amount", "at", "terminal"]),
    ("M23", &["amount", "at", "merchant"]),
    ("M24", &["amount", "at", "account"]),
    ("M25", &["amount", "at", "institution"]),
    ("N30", &[]),
    ("N31", &[]),
    ("N32", &[]),
    ("N33", &[]),
    ("N34", &["institution"]),
    ("N35", &[]),
    ("N36", &[]),
    ("R40", &["text"]),
    ("R41", &["text"]),
    ("R42", &["text"]),
    ("R43", &["text"]),
    ("B10", &["at"]),
    ("B11", &["at", "text"]),
    ("B12", &[]),
    ("B13", &["at"]),
    ("D10", &["reference"]),
    ("D11", &["reference", "text"]),
    ("K10", &["until", "reference"]),
    ("Q50", &["text"]),
    ("L60", &["at"]),
    ("L61", &["at"]),
    ("L62", &["at"]),
    ("S10", &["at"]),
    ("S20", &["at"]),
    ("P70", &["amount", "reference"]),
    ("P71", &["amount", "reference"]),
    ("E90", &[]),
];

/// Whether the table has the code.
#[must_use]
pub fn in_table(code: &str) -> bool {
    TABLE.iter().any(|(c, _)| *c == code)
}

/// What a line with this code must add.
#[must_use]
pub fn needs(code: &str) -> &'static [&'static str] {
    TABLE.iter().find(|(c, _)| *c == code).map_or(&[], |(_, needs)| needs)
}

/// Money that left.
#[must_use]
pub fn is_outflow(code: &str) -> bool {
    matches!(code, "M20" | "M21" | "M22" | "M23" | "M24" | "M25")
}

/// Money that is held by this order.
#[must_use]
pub fn is_held(code: &str) -> bool {
    matches!(code, "H10" | "H11")
}

/// The end of what was restricted.
#[must_use]
pub fn is_end(code: &str) -> bool {
    matches!(code, "L60" | "L61" | "L62")
}

/// Words that say nothing of what became of the thing.
#[must_use]
pub fn is_receipt(code: &str) -> bool {
    matches!(code, "A00" | "S10" | "S20")
}

/// Whether a code is a word about an object by which its order is answered.
#[must_use]
pub fn is_substance(code: &str) -> bool {
    in_table(code) && !is_receipt(code) && !matches!(code, "E90" | "Q50")
}

/// Whether a measure takes something from somebody for a time, so that it is released, lapses and is told of.
#[must_use]
pub fn restricts(measure: &str) -> bool {
    matches!(
        measure,
        "hold"
            | "incoming_stop"
            | "number_block"
            | "sim_block"
            | "imei_block"
            | "sender_block"
            | "resource_restriction"
            | "listing"
    )
}

/// Whether a code says anything about such a measure. Of a measure that nobody knows, only what may be said of any.
#[must_use]
pub fn fits(code: &str, measure: &str) -> bool {
    if matches!(code, "A00" | "N30" | "N32" | "R40" | "R41" | "Q50" | "S20" | "E90") {
        return true;
    }
    if code == "S10" {
        return restricts(measure);
    }
    // Every measure can end but the one that ends a listing.
    if is_end(code) {
        return restricts(measure)
            || matches!(measure, "return" | "disclosure" | "preservation" | "extension");
    }
    match measure {
        "hold" => {
            is_outflow(code) || is_held(code) || matches!(code, "H12" | "N31" | "N33" | "R42" | "P70" | "P71")
        }
        "return" => matches!(code, "N31" | "N33" | "R42" | "P70" | "P71"),
        "incoming_stop" => matches!(code, "B10" | "B11" | "B12" | "R42"),
        "number_block" | "sim_block" | "imei_block" | "sender_block" => {
            matches!(code, "B10" | "B11" | "B12" | "N34" | "N35" | "R43")
        }
        "resource_restriction" => matches!(code, "B10" | "B11" | "B12" | "B13" | "N35" | "R43"),
        "disclosure" => matches!(code, "D10" | "D11" | "N34" | "N35" | "N36"),
        "preservation" => matches!(code, "K10" | "N34" | "N35" | "N36"),
        "listing" => matches!(code, "B10" | "B12" | "R43"),
        "delisting" => matches!(code, "B10" | "B12"),
        "extension" => matches!(code, "B10" | "N31" | "R43"),
        _ => false,
    }
}

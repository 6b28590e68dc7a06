//! What can be wrong with a message. No text here ever repeats what stood in the message: it holds names and accounts.

/// One place of a message and what is wrong there. Writing gives it before a byte is handed out, reading inside
/// [`ReadError::Fault`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}`: {flaw}")]
pub struct Fault {
    /// Where, as an XPath without prefixes: `/Document/FIToFIPmtCxlReq/Undrlyg/TxInf[2]/OrgnlUETR`. Of several
    /// elements of one name the second and later carry their place.
    pub path: String,
    /// What.
    pub flaw: Flaw,
}

impl Fault {
    pub(crate) const fn new(path: String, flaw: Flaw) -> Self {
        Self { path, flaw }
    }
}

/// What is wrong at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// Something must stand here, and nothing does.
    #[error("is missing")]
    Missing,
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// An element that stands once at most stands here several times; none of them is chosen by guess.
    #[error("stands here more than once")]
    Repeated,
    /// Exactly one of several elements must stand here, and several do, or one that this crate does not know.
    #[error("must be exactly one of the forms that are known")]
    Choice,
    /// More of them than the crate handles.
    #[error("stands here more than {max} times")]
    TooMany {
        /// How many are handled.
        max: usize,
    },
    /// Too many characters (Unicode scalar values), or bytes where the whole document is meant; it is not written
    /// to its end, so there may be more.
    #[error("is {len} long, at most {max} are allowed")]
    TooLong {
        /// How many are allowed.
        max: usize,
        /// How many there are.
        len: usize,
    },
    /// A character that XML or a single line of text does not admit.
    #[error("has the character U+{0:04X}, which is not allowed")]
    Character(u32),
    /// White space at an end, which a reader may drop.
    #[error("begins or ends with white space")]
    Edges,
    /// An element where text must stand, or text where elements must.
    #[error("mixes text and elements")]
    Mixed,
    /// A tag of a note is 1 to 8 of `A-Z0-9`.
    #[error("is not a tag of 1 to 8 of `A-Z0-9`")]
    Tag,
    /// A note too long for one line has nowhere a place to be cut: only white space around the end of a line.
    #[error("cannot be cut into lines")]
    Uncuttable,
    /// Not two letters, two digits and up to 30 letters and digits, or the check digits (ISO 7064) are wrong.
    #[error("is not an iban")]
    Iban,
    /// Not a UUID of version 4 in lower case.
    #[error("is not a uuid of version 4 in lower case")]
    Uetr,
    /// Not 8 or 11 characters as ISO 9362 has them.
    #[error("is not a bic")]
    Bic,
    /// Not 18 of `A-Z0-9` and two digits (ISO 17442).
    #[error("is not a legal entity identifier")]
    Lei,
    /// Not two capital letters (ISO 3166).
    #[error("is not a country code")]
    Country,
    /// Not three capital letters (ISO 4217).
    #[error("is not a currency code")]
    Currency,
    /// Not a day `YYYY-MM-DD` that exists.
    #[error("is not a date")]
    Date,
    /// Not `YYYY-MM-DDThh:mm:ss` with or without fraction and offset.
    #[error("is not a date and time")]
    DateTime,
    /// Not `true` or `false`.
    #[error("is not `true` or `false`")]
    Flag,
    /// Not a whole number in the range that is allowed here.
    #[error("is not a number that is allowed here")]
    Number,
    /// Not decimal digits with at most one point.
    #[error("is not an amount")]
    Amount,
    /// Below zero.
    #[error("is negative")]
    Negative,
    /// Zero where money must have moved.
    #[error("is zero")]
    Zero,
    /// More than 18 digits in all, or more than 5 after the point.
    #[error("has more than 18 digits, or more than 5 after the point")]
    Precision,
    /// Another currency than the amounts before it in the same message.
    #[error("is in another currency than the amounts before it")]
    OtherCurrency,
    /// A part that is more than the whole.
    #[error("is more than the amount of the payment")]
    Exceeds,
    /// The sum that is stated is not the sum of the parts.
    #[error("is not the sum of its parts")]
    Sum,
    /// The number that is stated is not the number of elements.
    #[error("is not the number of what follows")]
    Count,
    /// A payment without an identifier and without an account: nobody could find it.
    #[error("names neither an identifier nor an account of the payment")]
    Unidentified,
    /// A code that the schema does not list, where the schema lists all.
    #[error("is a code that the schema does not have")]
    UnknownCode,
    /// A form of the message that is read as a whole but cannot be written.
    #[error("is a form that cannot be written")]
    Unwritable,
}

/// Why bytes were not taken as a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// More bytes than [`MAX_BYTES`](crate::MAX_BYTES). Nothing of them was looked at.
    #[error("{len} bytes, at most {max} are read")]
    TooLarge {
        /// How many there are.
        len: usize,
        /// How many are read.
        max: usize,
    },
    /// Not UTF-8, or the declaration names another encoding.
    #[error("the text is not utf-8")]
    Encoding,
    /// A document type declaration. It is refused before anything in it is looked at.
    #[error("document type declarations and entities are not read")]
    Doctype,
    /// An entity that is none of the five of XML.
    #[error("an entity at byte {at} is none of the five of xml")]
    Entity {
        /// Where, in bytes from the start.
        at: u64,
    },
    /// A character that XML 1.0 does not admit, as it stands or as a reference.
    #[error("byte {at} begins a character that xml does not admit")]
    Character {
        /// Where, in bytes from the start.
        at: u64,
    },
    /// Not well-formed XML 1.0 with namespaces.
    #[error("not well-formed xml near byte {at}")]
    Malformed {
        /// Where, in bytes from the start.
        at: u64,
    },
    /// Elements in elements in elements.
    #[error("elements are nested deeper than {max}")]
    TooDeep {
        /// How deep they may be.
        max: usize,
    },
    /// More elements, or more attributes on one element, than any honest message has.
    #[error("more than {max} elements or attributes")]
    TooMany {
        /// How many there may be.
        max: usize,
    },
    /// The root is not `Document` in a namespace `urn:iso:std:iso:20022:tech:xsd:…`.
    #[error("the root is not an iso 20022 document")]
    NotADocument,
    /// A message of ISO 20022 that this crate does not read.
    #[error("`{0}` is not read here")]
    OtherMessage(String),
    /// The message is there, and something in it cannot be taken.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Fault {
    /// A stable code for problem documents and logs, `iso20022.uetr`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.flaw.code()
    }
}

impl Flaw {
    /// A stable code for problem documents and logs, `iso20022.uetr`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "iso20022.missing",
            Self::Empty => "iso20022.empty",
            Self::Repeated => "iso20022.repeated",
            Self::Choice => "iso20022.choice",
            Self::TooMany { .. } => "iso20022.too_many",
            Self::TooLong { .. } => "iso20022.too_long",
            Self::Character(_) => "iso20022.character",
            Self::Edges => "iso20022.edges",
            Self::Mixed => "iso20022.mixed",
            Self::Tag => "iso20022.tag",
            Self::Uncuttable => "iso20022.uncuttable",
            Self::Iban => "iso20022.iban",
            Self::Uetr => "iso20022.uetr",
            Self::Bic => "iso20022.bic",
            Self::Lei => "iso20022.lei",
            Self::Country => "iso20022.country",
            Self::Currency => "iso20022.currency",
            Self::Date => "iso20022.date",
            Self::DateTime => "iso20022.date_time",
            Self::Flag => "iso20022.flag",
            Self::Number => "iso20022.number",
            Self::Amount => "iso20022.amount",
            Self::Negative => "iso20022.negative",
            Self::Zero => "iso20022.zero",
            Self::Precision => "iso20022.precision",
            Self::OtherCurrency => "iso20022.other_currency",
            Self::Exceeds => "iso20022.exceeds",
            Self::Sum => "iso20022.sum",
            Self::Count => "iso20022.count",
            Self::Unidentified => "iso20022.unidentified",
            Self::UnknownCode => "iso20022.unknown_code",
            Self::Unwritable => "iso20022.unwritable",
        }
    }
}

impl ReadError {
    /// A stable code for problem documents and logs, `iso20022.doctype`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "iso20022.too_large",
            Self::Encoding => "iso20022.encoding",
            Self::Doctype => "iso20022.doctype",
            Self::Entity { .. } => "iso20022.entity",
            Self::Character { .. } => "iso20022.character",
            Self::Malformed { .. } => "iso20022.malformed",
            Self::TooDeep { .. } => "iso20022.too_deep",
            Self::TooMany { .. } => "iso20022.too_many",
            Self::NotADocument => "iso20022.not_a_document",
            Self::OtherMessage(_) => "iso20022.other_message",
            Self::Fault(fault) => fault.code(),
        }
    }
}

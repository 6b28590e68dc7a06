//! Messages: headers, the way they came, parts with their hashes.

use mailparse::{DispositionType, MailHeaderMap as _, ParsedMail, parse_mail};
use sha2::{Digest as _, Sha256};

use crate::answer::{Answer, PREVIEW_BYTES, Part, Warning};
use crate::kind::{disguised, runs};
use crate::seen::Seen;

/// Most steps of the way that are told.
const HOPS: usize = 40;
/// Most parts that are looked into.
const PARTS: usize = 2_000;

const HEADERS: &[(&str, &str)] = &[
    ("From", "from"),
    ("Sender", "sender"),
    ("To", "to"),
    ("Cc", "cc"),
    ("Bcc", "bcc"),
    ("Reply-To", "reply_to"),
    ("Return-Path", "return_path"),
    ("Subject", "subject"),
    ("Date", "sent_at"),
    ("Message-ID", "message_id"),
    ("In-Reply-To", "in_reply_to"),
    ("References", "references"),
    ("X-Mailer", "software"),
    ("User-Agent", "software"),
    ("X-Originating-IP", "originating_ip"),
    ("Authentication-Results", "authentication"),
    ("Received-SPF", "spf"),
    ("DKIM-Signature", "dkim"),
    ("List-Unsubscribe", "list_unsubscribe"),
];

/// What a message tells.
pub(crate) fn read(seen: &Seen, answer: &mut Answer) {
    let Ok(mail) = parse_mail(seen.head()) else {
        answer.warn(Warning::Damaged, "");
        return;
    };
    for (header, fact) in HEADERS {
        for value in mail.headers.get_all_values(header).iter().take(8) {
            answer.fact(fact, value);
        }
    }
    let way = mail.headers.get_all_values("Received");
    answer.fact("hops", &way.len().to_string());
    // The first stands last.
    for step in way.iter().rev().take(HOPS) {
        answer.fact("received", step);
    }
    reply(answer);
    if mail.headers.get_first_value("Message-ID").is_none() || way.is_empty() {
        answer.fact("unsent", if way.is_empty() { "no_way" } else { "no_id" });
    }
    let mut text = Text::default();
    let mut many = 0;
    walk(&mail, answer, &mut text, &mut many, 0);
    let (body, more) = if text.plain.trim().is_empty() {
        (stripped(&text.html), text.more)
    } else {
        (text.plain, text.more)
    };
    answer.preview(&body, more);
}

/// Whether answers go to another place than the one it says it came from.
fn reply(answer: &mut Answer) {
    let domain = |fact: &str| {
        let value = answer.value(fact)?;
        let (_, behind) = value.rsplit_once('@')?;
        let domain: String =
            behind.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).collect();
        Some(domain.to_lowercase()).filter(|d| !d.is_empty())
    };
    if let (Some(from), Some(to)) = (domain("from"), domain("reply_to"))
        && from != to
    {
        answer.warn(Warning::ReplyElsewhere, &format!("{from} -> {to}"));
    }
}

#[derive(Default)]
struct Text {
    plain: String,
    html: String,
    more: bool,
}

fn walk(part: &ParsedMail<'_>, answer: &mut Answer, text: &mut Text, many: &mut usize, depth: usize) {
    if depth > 60 || *many > PARTS {
        answer.parts_left_out = answer.parts_left_out.saturating_add(1);
        return;
    }
    *many = many.saturating_add(1);
    let kind = part.ctype.mimetype.as_str();
    if matches!(kind, "multipart/encrypted" | "application/pkcs7-mime" | "application/x-pkcs7-mime") {
        answer.warn(Warning::Encrypted, kind);
    }
    if !part.subparts.is_empty() {
        for below in &part.subparts {
            walk(below, answer, text, many, depth.saturating_add(1));
        }
        return;
    }
    let disposition = part.get_content_disposition();
    let name = disposition
        .params
        .get("filename")
        .or_else(|| part.ctype.params.get("name"))
        .cloned()
        .unwrap_or_default();
    let attached = disposition.disposition == DispositionType::Attachment || !name.is_empty();
    if !attached && kind == "text/plain" {
        take(part, &mut text.plain, &mut text.more);
    } else if !attached && kind == "text/html" {
        take(part, &mut text.html, &mut text.more);
        let low = text.html.to_lowercase();
        if crate::look::runs(text.html.as_bytes()) {
            answer.warn(Warning::Scripts, kind);
        }
        if low.contains("<img") && low.contains("src=\"http") {
            answer.warn(Warning::LoadsFromElsewhere, kind);
        }
    }
    let Ok(bytes) = part.get_body_raw() else {
        answer.warn(Warning::Damaged, &name);
        return;
    };
    if attached {
        answer.warn(Warning::Attachments, "");
        if runs(&name) {
            answer.warn(Warning::Program, &name);
        }
        if disguised(&name) {
            answer.warn(Warning::DisguisedName, &name);
        }
    }
    answer.part(Part {
        name,
        kind: kind.to_owned(),
        size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        sha256: hex::encode(Sha256::digest(&bytes)),
        ..Part::default()
    });
}

fn take(part: &ParsedMail<'_>, to: &mut String, more: &mut bool) {
    if to.len() > PREVIEW_BYTES.saturating_mul(4) {
        *more = true;
        return;
    }
    if let Ok(body) = part.get_body() {
        let mut chars = body.chars();
        to.extend(chars.by_ref().take(PREVIEW_BYTES.saturating_mul(2)));
        *more |= chars.next().is_some();
        to.push('\n');
    }
}

/// A page without its marks. What it shows need not be what stands there; it is a help for reading, no picture of it.
fn stripped(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((text, tail)) = rest.split_once('<') {
        out.push_str(text);
        let name: String = tail
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
            .collect::<String>()
            .to_lowercase();
        if matches!(name.as_str(), "br" | "p" | "/p" | "div" | "/div" | "tr" | "/tr" | "li") {
            out.push('\n');
        }
        let end =
            if matches!(name.as_str(), "script" | "style") { format!("</{name}") } else { ">".to_owned() };
        let at = tail.as_bytes().windows(end.len()).position(|w| w.eq_ignore_ascii_case(end.as_bytes()));
        let tail = at.and_then(|at| tail.get(at..)).unwrap_or_default();
        rest = tail.split_once('>').map_or("", |(_, behind)| behind);
        if out.len() > PREVIEW_BYTES {
            break;
        }
    }
    out.push_str(rest);
    for (entity, sign) in [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")] {
        out = out.replace(entity, sign);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_become_facts_that_there_are() {
        assert!(HEADERS.iter().all(|(_, fact)| crate::FACT_NAMES.contains(fact)));
    }
}

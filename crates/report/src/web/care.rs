//! Words of despair. Whoever writes them is shown, quietly, whom they can call; nothing is counted, sent
//! or kept about it.

use app::App;
use web::{Callout, Ctx, Markup, Tone};

/// Stems as people write them, in small letters, `ё` as `е`; in whichever language the story is told.
/// A needless line harms nobody, so that the list may be generous.
const STEMS: &[&str] = &[
    // Kazakh
    "өлгім кел",
    "өмір сүргім келме",
    "тірі жүргім келме",
    "өзіме қол жұмса",
    "өзіме қол сал",
    "асылып өл",
    "өмірден түңіл",
    "өмірімнің мәні жоқ",
    "өлсем екен",
    "өліп қалсам",
    "бұдан өлген артық",
    // Russian
    "не хочу жить",
    "не хочется жить",
    "жить не хочу",
    "жить незачем",
    "незачем жить",
    "нет смысла жить",
    "не вижу смысла жить",
    "покончить с собой",
    "покончу с собой",
    "наложить на себя руки",
    "наложу на себя руки",
    "руки на себя наложить",
    "свести счеты с жизнью",
    "суицид",
    "самоубий",
    "хочу умереть",
    "хочется умереть",
    "лучше умереть",
    "лучше бы умер",
    "повешусь",
    "повеситься",
    "из окна выпрыг",
    "прыгнуть с крыши",
    // English
    "kill myself",
    "killing myself",
    "end my life",
    "take my own life",
    "want to die",
    "wanted to die",
    "suicid",
    "no reason to live",
    "do not want to live",
    "don't want to live",
    "better off dead",
];

/// Whether a story holds words of despair.
pub(super) fn despairs(story: &str) -> bool {
    let mut text = String::with_capacity(story.len());
    for c in story.chars().flat_map(char::to_lowercase) {
        match c {
            'ё' => text.push('е'),
            '’' => text.push('\''),
            c if c.is_whitespace() => {
                if !text.ends_with(' ') {
                    text.push(' ');
                }
            }
            c => text.push(c),
        }
    }
    STEMS.iter().any(|stem| text.contains(stem))
}

/// The line with the country's emergency numbers; `None` where the story gives no cause.
pub(super) fn line(ctx: &Ctx, app: &App, story: &str) -> Option<Callout> {
    if !despairs(story) {
        return None;
    }
    let numbers = app.profile.emergency().iter().map(|e| {
        let href = format!("tel:{}", e.number);
        let words =
            ctx.ta("report-care.number", [("name", e.name.get(ctx.lang())), ("number", e.number.as_str())]);
        Markup::link(&href, &words).to_string()
    });
    let numbers = Markup::trusted(numbers.collect::<Vec<_>>().join(", "));
    let text = ctx.tm("report-care.text", [("numbers", numbers)]);
    Some(Callout::new(ctx, Tone::Blue, &ctx.t("report-care.title"), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_despair_are_seen_and_others_are_not() {
        for story in [
            "Не знаю, что делать. ЖИТЬ   НЕЗАЧЕМ.",
            "после этого хочу свести счёты с жизнью",
            "Қарызға баттым,\nөлгім келеді",
            "I don’t want to live any more",
        ] {
            assert!(despairs(story), "{story}");
        }
        for story in [
            "",
            "Сказали, что сын попал в аварию",
            "Ақшамды алып кетті",
            "They said my mother would die soon",
        ] {
            assert!(!despairs(story), "{story}");
        }
    }
}

//! The words that tell what the number beside them is, in Russian, Kazakh and English. Stems, because
//! both Russian and Kazakh put the grammar at the end of the word.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word says about a number beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// A telephone, a call, a messenger.
    Phone,
    /// A payment card.
    Card,
    /// An identification number of a person or a firm.
    National,
    /// A device number.
    Imei,
    /// Something that has a number of its own which is no identifier here: an order, a contract, a code.
    Other,
    /// As `Other`, but only together with `№`, "number" or "id": a payment, a loan, an account.
    OtherIfNumbered,
    /// An amount.
    Amount,
    /// "Number" itself.
    Number,
    /// A preposition that begins a new phrase: what stands before it says nothing about the number.
    Preposition,
    /// A word that may stand between the thing and its number: "code *of the goods* 8701…".
    Filler,
    /// A shop or market that orders are placed with: "order *at Ozon* 8701…".
    Market,
    /// A web site.
    Site,
    /// A version, a clause, a section: what has numbers with full stops in them.
    Version,
    /// An address of the network layer.
    Ip,
}

/// A trailing `$` means the whole word, otherwise its beginning.
const LISTS: &[(Word, &str)] = &[
    (
        Word::Phone,
        "тел$ телеф моб$ мобил сотов сотк$ сотка сотку звон позвон перезвон созвон дозвон прозвон набир набра набер \
         ватсап вотсап вацап вотсапп уатсап вайбер viber whatsapp whatsap watsap wa$ телеграм telegram tg$ смс$ sms$ \
         смск контактн абонент қоңырау қонырау хабарлас ұялы байланыс phone mobile cell$ cellphone tel$ call caller \
         called dial звякн каспи$ мессендж pozvon zvon$ zvoni telefon vatsap votsap watsap vacap mobiln habarlas qonyrau qonyray",
    ),
    (
        Word::Card,
        "карт karta$ karty$ kartu$ karte$ kartam$ kartasy kartoi kartoy card visa виза$ визу$ mastercard мастеркард маэстро maestro пластик голд$ gold$ debit",
    ),
    (Word::National, "иин$ жсн$ iin$ инн$ бин$ бсн$ bin$ inn$ жсны$ жсні$ иины$ иином$ бином$"),
    (Word::Imei, "imei имей$ имеи$ имэй имеем$ емей$ имея$"),
    (
        Word::Other,
        "заказ$ заказа$ заказу$ заказом$ заказе$ заказы$ заказов$ заказам$ заказик тапсырыс тапсырма договор$ договора$ \
         договору$ договором$ договоре$ договоры$ договоров$ договорам$ контракт шарт$ шарты шартын шартқа шартпен келісім трек tracking track$ \
         трэк трекинг накладн жүкқұжат квитанц түбіртек чек$ чека$ чеку$ чеке$ чеком$ чеки$ чегі чекті фактур инвойс \
         invoice заявк заявлен өтінім өтініш обращени арыз талон билет ticket рейс flight бронь$ брони$ бронью$ бронир booking reservation \
         полис policy артикул article sku$ код$ кода$ коду$ коде$ кодом$ коды$ кодым кодын кодтар кодпен code$ codes$ \
         пин$ пинкод pin$ otp$ парол құпиясөз құпия password индекс postcode zip$ штрих barcode серийн сериялық серия \
         serial паспорт passport удостоверени куәлі протокол хаттама дело$ дела$ делу$ делом$ деле$ постановлен қаулы \
         куи$ ердр$ кусп$ сдтб$ ордер order$ orders$ референс reference ref$ rrn$ ррн$ лот$ лота$ партия$ \
         партии$ batch модел model инвентар лицев кадастр vin$ вин$ посылк посылок сәлемдеме отправлени parcel \
         shipment waybill лиценз license licence свидетельств сертификат уведомлен реестр табельн счетчик счётчик \
         contract agreement receipt case$ id$ ид$ айди идентификатор uuid$ guid$ акт$ акта$ акту$ эсф$ снт$ доверенност \
         промокод купон терминал снилс позици юmoney yoomoney юмани юмоней жеткізілім consignment claim билеті \
         накл$ дог$ зак$ жалоб шағым рапорт справк анықтама ведомост смет$ сметы$ путевк рецепт пропуск жетон бейдж \
         абонемент дисконт лотере вагон поезд пойыз контейнер пломб ячейк ұяшық постамат постомат кепілдік гаранти претензи присвоен груз$ груза$ грузов$ zakaz dogovor kontrakt tapsyrys kelisim shart$ sharty kod$ koda$ kodom$ kvitanc chek$ cheka$ nakladn zayavk trek$ \
         журнал штраф айыппұл тикет session документ құжат бланк анкет платёжк платежк merchant мерчант токен$ токена$ token$ hash$ хеш$ хэш$ \
         огрн кпп$ бик$ бск$ уин$ кбк$ окпо$ октмо$ диплом аттестат тендер закупк конкурс исполнительн направлени больнич \
         зачёт зачет студен госконтракт сатып$ жоба проект скидк скидок$ ветпаспорт талап$ рецепт устройств прибор показани касс ккм$ рнм$ \
         сборник том$ фискальн признак личност техпаспорт страховк сесси с/н$ s/n$ л/с$ предписани лояльн отправк двигател \
         участк шасси контрольн инв$ инвент заводск ттн$ рка$ western$ union$ банкомат$ банкомата$ арт$ права$ лист$ листа$ \
         qr$ pos$ дербес$ жөнелтілім транзакц transaction приказ бұйрық жолдама ваучер voucher mtcn мтсн декларац",
    ),
    (
        Word::OtherIfNumbered,
        "операци доставк іс$ ісі$ істің$ перевод аударым платеж платёж төлем payment transfer счет счёт шот account кредит \
         займ несие қарыз loan рассрочк зарегистр регистрац тіркел тіркеу клиент пользовател поездк игров игрок \
         ипотек депозит вклад внутренн ойын user$ player client вывод письмо$ письма$ письму$ хат$ хаты сообщени хабарлама group групп исх$ вх$ объявлен хабарландыру аккаунт сч$ места$ место$ месте$",
    ),
    (
        Word::Amount,
        "сумм сума$ доход выручк оборот прибыл зарплат оклад табыс$ табысы жалақы summa$ summu$ ущерб остат остал лимит стоимост цена$ цену$ цене$ цены$ ценой$ итого$ всего$ сома сомасы бағас \
         қалдық amount sum$ total price balance limit пробег лайк подписчик просмотр",
    ),
    (Word::Number, "номер нөмір нөмер номір number num$ no$ nomer nomir"),
    (
        Word::Preposition,
        "с$ со$ на$ от$ к$ ко$ из$ через$ у$ по$ from$ to$ via$ by$ at$ on$ с-под$ а$ но$ и$ что$ как$ где$ когда$ \
         потом$ затем$ или$ либо$ and$ or$ then$ және$ мен$ бірақ$ содан$ сосын$ немесе$",
    ),
    (
        Word::Filler,
        "под$ в$ во$ товар посылк займ оплат оплачен об$ клиент покупк аренд услуг рассрочк возврат мой$ моя$ мое$ моё$ моего$ \
         моей$ моему$ наш$ наша$ нашего$ нашей$ ваш$ ваша$ вашего$ вашей$ его$ её$ ее$ их$ менің$ біздің$ сіздің$ \
         был$ была$ было$ is$ was$ my$ our$ your$ the$ of$ сдэк казпочт магазин такси банк подтверждени авторизаци \
         активаци растау жеткізу новый$ нового$ новой$ последн перв втор этот$ этого$ этой$ это$ осы$ сол$ за$ n$ \
         продаж купли найма подряд задолженност страхов поставк приёма приема мошенник продавец$ продавца$ продавцу$ продавщиц менеджер оператор муж$ мужа$ \
         жена$ жены$ сын$ сына$ брат сестр друг$ друга$ директор алаяқ сатушы хозяин владел получател алушы водител \
         следовател сотрудник девушк мужчин женщин человек адам иесі анам әкем мамы$ мамин папы$ курьер",
    ),
    (
        Word::Market,
        "вб$ wb$ wildberries вайлдберри вайлдбери валдберис озон ozon$ ламода lamoda алиэкспресс али$ aliexpress \
         temu$ amazon амазон shein шеин сату$ satu$ маркет маркетплейс market",
    ),
    (
        Word::Site,
        "сайт ссылк домен портал страниц платформ площадк бирж интернет магазин сілтеме парақша site website link url$ \
         domain webpage http$ https$ www$ перейд перешёл$ перешел$ перешла$ зашел$ зашёл$ зашла$ зайти$ зайд кірдім$ \
         кіріп$ кір$ кіруім кіріңіз адрес мекенжай открыл platform visit зеркал лендинг",
    ),
    (
        Word::Version,
        "верси нұсқа обнов прошивк android андроид ios$ windows$ chrome$ пункт п$ пп$ раздел глав стать ст$ подпункт \
         приложени сборк build$ version release тармақ бап$ бабы section clause firmware miui$ гост$ снип$ v$ ver$ вер$ \
         driver драйвер ядр размер өлшем bios$ python java$",
    ),
    (
        Word::Ip,
        "ip$ айпи адрес сервер хост мекенжай address host server ipv подключ dns$ vpn$ прокси proxy шлюз роутер маршрутиз \
         лог$ логи$ логах$ логов$ вход$ входа$ вошли зашли заходил login қосыл",
    ),
];

static TABLE: LazyLock<HashMap<&'static str, Vec<(bool, Word)>>> = LazyLock::new(|| {
    let mut table: HashMap<&'static str, Vec<(bool, Word)>> = HashMap::new();
    for (class, list) in LISTS {
        for stem in list.split_whitespace() {
            let (stem, whole) = stem.strip_suffix('$').map_or((stem, false), |s| (s, true));
            table.entry(stem).or_default().push((whole, *class));
        }
    }
    table
});

/// The longest stem in the tables, in characters, bounds each look-up.
const LONGEST_STEM: usize = 16;

/// Whether `word` (lower case) belongs to `class`, as one of the meanings it may have.
pub(crate) fn is(word: &str, class: Word) -> bool {
    classes(word).any(|c| c == class)
}

/// All meanings of `word` (lower case), those of the longest stem first.
pub(crate) fn classes(word: &str) -> impl Iterator<Item = Word> + use<'_> {
    let ends: Vec<usize> =
        word.char_indices().map(|(at, c)| at.saturating_add(c.len_utf8())).take(LONGEST_STEM).collect();
    ends.into_iter().rev().flat_map(move |end| {
        let stem = word.get(..end).unwrap_or("");
        let whole = end == word.len();
        TABLE
            .get(stem)
            .into_iter()
            .flatten()
            .filter(move |(only_whole, _)| whole || !only_whole)
            .map(|(_, class)| *class)
    })
}

/// Units and currencies: a number before one of them is an amount.
pub(crate) fn is_unit(word: &str) -> bool {
    const UNITS: &[&str] = &[
        "тенге",
        "теңге",
        "тнг",
        "kzt",
        "руб",
        "рубл",
        "usd",
        "доллар",
        "долл",
        "евро",
        "eur",
        "usdt",
        "btc",
        "eth",
        "trx",
        "тыс",
        "млн",
        "млрд",
        "мың",
        "миллион",
        "миллиард",
        "сом",
        "сум",
        "км",
        "кг",
        "шт",
        "штук",
        "дана",
        "процент",
        "балл",
        "бонус",
        "tenge",
        "rub",
        "dollar",
        "euro",
        "тиын",
        "копе",
        "подписчик",
        "просмотр",
    ];
    UNITS.iter().any(|unit| word.starts_with(unit)) && word.chars().count() <= 12
}

/// Words that are written with a full stop which ends no sentence.
pub(crate) fn is_abbreviation(word: &str) -> bool {
    const SHORT: &[&str] = &[
        "тел",
        "моб",
        "раб",
        "дом",
        "сот",
        "исх",
        "вх",
        "г",
        "гор",
        "ул",
        "пр",
        "д",
        "кв",
        "т",
        "р",
        "им",
        "ст",
        "п",
        "пп",
        "стр",
        "см",
        "гр",
        "ж",
        "қ",
        "сағ",
        "обл",
        "мкр",
        "каб",
        "ном",
        "н",
        "нөм",
        "дог",
        "зак",
        "накл",
        "рег",
        "уд",
        "пол",
        "корп",
        "оф",
        "эт",
        "сч",
        "ref",
        "no",
        "nr",
        "tel",
        "mob",
        "inv",
        "acc",
        "art",
        "арт",
        "сер",
        "бил",
        "внутр",
        "доп",
        "доб",
        "вн",
        "пер",
        "конт",
        "реф",
        "ид",
        "лиц",
        "инд",
        "шиф",
        "деп",
        "трек",
        "квит",
        "к",
        "с",
        "е",
        "ү",
        "көш",
        "инв",
        "ұялы",
        "қос",
        "абон",
    ];
    SHORT.contains(&word)
}

/// Case endings that Kazakh writers join to an identifier with a hyphen or an apostrophe.
pub(crate) fn is_ending(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "ге", "ке", "ға", "қа", "де", "те", "да", "та", "ден", "тен", "дан", "тан", "нен", "нан", "ді", "ті",
        "ды", "ты", "ні", "ны", "нің", "ның", "тің", "тың", "дің", "дың", "мен", "пен", "бен", "дегі",
        "тегі", "дағы", "тағы", "і", "ы", "сі", "сы", "ім", "ым", "м", "ның", "не", "на", "лі", "лы", "ті",
        "му", "ом", "ой", "го", "ый", "ая", "нда", "нде", "нан", "дікі", "тікі", "мын", "мін", "ғой", "ша",
        "ше",
    ];
    ENDINGS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_and_whole_words() {
        assert!(is("заказа", Word::Other));
        assert!(is("тапсырысым", Word::Other));
        assert!(is("код", Word::Other));
        assert!(!is("кодекс", Word::Other));
        assert!(is("картасына", Word::Card));
        assert!(is("нөмірінен", Word::Number));
        assert!(!is("сотқа", Word::Phone), "a court is no telephone");
        assert!(is_unit("теңгені"));
        assert!(is_ending("ден"));
    }

    #[test]
    fn no_stem_is_longer_than_the_look_up() {
        for (_, list) in LISTS {
            for stem in list.split_whitespace() {
                assert!(stem.trim_end_matches('$').chars().count() <= LONGEST_STEM, "{stem}");
            }
        }
    }
}

### Words that all pages share: navigation, buttons, clocks, problems.
### Native reader: not yet

## Product and navigation

product-name = Qorgan
nav-skip = Негізгі мәтінге өту
nav-language = Тіл
nav-portal = Бөлімдер
nav-desk = Жұмыс бөлімдері
nav-search = Бәрінен іздеу
nav-search-go = Табу
nav-settings = Баптаулар
nav-sign-out = Шығу
nav-back = Артқа
nav-more = Тағы көрсету
help-line = Көмек керек пе? { $phone } нөміріне қоңырау шалыңыз.
demo-bar = Демонстрация: адамдар, банктер мен сомалар ойдан шығарылған.
theme-label = Бет түстері
theme-light = Ашық
theme-dark = Күңгірт
theme-auto = Құрылғыдағыдай
density-comfortable = Жолдарды кеңірек көрсету
density-compact = Жолдарды тығызырақ көрсету

## Buttons

button-continue = Жалғастыру
button-send = Жіберу
button-save = Сақтау
button-save-leave = Сақтап шығу
button-print = Басып шығару
button-copy = Көшіріп алу
button-add = Қосу
button-remove = Алып тастау
button-change = Өзгерту
button-busy = Орындалып жатыр…
copy-done = Көшірілді
dialog-close = Жабу
dialog-close-unchanged = Өзгертпей жабу

## Keys of the desk

keys-on = Жылдам пернелерді қосу
keys-off = Жылдам пернелерді өшіру
keys-show = Пернелер тізімі
keys-title = Жылдам пернелер
key-down = Келесі жол
key-up = Алдыңғы жол
key-tick = Жолды белгілеу
key-range = Осы жолға дейін белгілеу
key-peek = Жылдам қарау
key-open = Ашу
key-clear = Белгілерді алып тастау
key-take = Өзіме алу
key-orders = Жіберілетін талаптар
key-snooze = Себебін жазып, кейінге қалдыру
key-note = Арыз иесіне хабар жазу
key-new = Жаңа арыз рәсімдеу
key-filter = Сүзгі
key-search = Бәрінен іздеу (бос сүзгіде / пернесі де)
key-undo = Соңғы әрекетті болдырмау
key-help = Осы тізім
key-send = Жіберу (тек осы бетте)
key-day = Алдыңғы немесе келесі күн

## Fields and errors

error-prefix = Қате:
error-summary = Мына жауаптарды түзетіңіз
field-optional = (міндетті емес)
field-select = Таңдаңыз
password-show = Көрсету
password-hide = Жасыру
amount-readback = Оқылғаны: { $sum }
when-today = Бүгін
when-yesterday = Кеше
when-other = Басқа күні
when-day = Күні
when-month = Айы
when-year = Жылы
when-time = Уақыты
when-time-hint = Мысалы: 14:05. Есіңізде болмаса, бос қалдырыңыз.
when-about = Шамамен осы уақытта
when-missing = Қай күні болғанын таңдаңыз
when-no-date = Күнін, айын және жылын толық жазыңыз
when-no-time = Уақытын 14:05 түрінде жазыңыз
when-future = Бұл уақыт әлі келген жоқ. Күні мен уақытын тексеріңіз

## Clocks and times

unit-day = { $n } күн
unit-hour = { $n } сағ
unit-minute = { $n } мин
unit-second = { $n } сек
clock-left = { $time } қалды
clock-late = { $time } кешікті
clock-done = { $time } ішінде орындалды
clock-done-late = кешігіп, { $time } ішінде орындалды
clock-paused = тоқтап тұр: { $cause }
time-now = қазір
time-ago-minutes = { $n } мин бұрын
time-ago-hours = { $n } сағ бұрын
time-in-minutes = { $n } минуттан кейін
time-in-hours = { $n } сағаттан кейін

## Lists

filter-label = Сүзгі
filter-apply = Көрсету
filter-clear = Сүзгіні тазалау
filter-count = Табылғаны: { $n }
bulk-label = Белгіленген жолдармен әрекет
bulk-count = Белгіленгені: { $n }
bulk-clear = Белгілерді алып тастау
table-tick = Жолды белгілеу: { $name }
live-new = Жаңасы: { $n }
live-late = Кешіккені: { $n }
live-as-of = Деректер уақыты: { $time }. Қайта қосылып жатырмыз.
toast-undo = Болдырмау
toast-close = Жабу
toast-recent = Соңғы әрекеттер
toast-saved = Сақталды.
toast-undone = Бұрынғы күйге келтірілді.

print-as-of = Басып шығарылған уақыты: { $time }

## Timeline

timeline-gap = үзіліс: { $time }
timeline-times = { $n ->
    [one] { $n } рет, алғашқысы: { $first }, соңғысы: { $last }
   *[other] { $n } рет, алғашқысы: { $first }, соңғысы: { $last }
 }
timeline-machine = автоматты түрде
timeline-basis = негізі:
timeline-proof = жазбаның дәлелі

## Drafts

upload-waits = Кезегін күтуде
upload-sending = Жіберілуде: { $n }%
upload-cut = Байланыс үзілді. Қайта жіберіп көреміз…
upload-done = Қабылданды
upload-not-sent = Жіберілмеді. Байланысты тексеріп, файлды қайта қосыңыз
draft-saved = Сақталды: { $time }
draft-cut = Байланыс үзілді. Жазғаныңыз осы бетте тұр. Бетті жаппаңыз: байланыс қалпына келгенде бәрі өзі сақталады.
draft-not-saved = Соңғы өзгеріс сақталмады. «Жалғастыру» түймесін басыңыз.
wizard-step = Қадам: { $at } / { $of }
wizard-step-open = Қадам: { $at }
wizard-kept = Жауаптарыңыз сақталып тұрады

## Empty states

empty-first =
    .title = Әзірге ештеңе жоқ
    .text = Бірінші жазба түскенде осы жерден көрінеді.
empty-filter =
    .title = Сүзгіге сай жазба жоқ
    .text = Сүзгіні өзгертіңіз немесе тазалаңыз.
empty-nothing-due =
    .title = Мерзімі жақындаған жұмыс жоқ
    .text = Жаңа жұмыс түссе, ол осында өзі шығады.

## Problems: the title by class, then what is so and what to do

page-not-found = Бұл бет жоқ немесе сізге ашық емес. Сілтемені тексеріңіз.
service-down = Қызмет қазір істемей тұр. Күтпеңіз: банкке және { $phone } нөміріне қоңырау шалыңыз.
service-down-saved = Қызмет қазір істемей тұр. Жазғаныңыз сақталды. Күтпеңіз: банкке және { $phone } нөміріне қоңырау шалыңыз.
problem-invalid = Деректер қабылданбады
    .detail = Енгізген мәліметті тексеріп, қайта жіберіңіз.
problem-unauthenticated = Алдымен жүйеге кіріңіз
    .detail = Бұл бет жүйеге кіргеннен кейін ашылады.
problem-forbidden = Бұл әрекетке құқығыңыз жоқ
    .detail = Қажет болса, басшыңызға немесе кезекші қызметкерге хабарласыңыз.
problem-not-found = Бет табылмады
    .detail = { page-not-found }
problem-conflict = Деректер өзгеріп кетті
    .detail = Осы аралықта басқа біреу өзгеріс енгізді. Бетті жаңартып, қайта қараңыз.
problem-gone = Бұл енді ашылмайды
    .detail = Мерзімі өтті немесе жұмыс аяқталды.
problem-too-many = Тым көп әрекет жасалды
    .detail = Біраз күтіп, қайталап көріңіз.
problem-unavailable = Қызмет қазір істемей тұр
    .detail = Күтпеңіз: банкке және { $phone } нөміріне қоңырау шалыңыз.
problem-bug = Бізде ақау шықты
    .detail = Ақау тіркелді, біз оны түзетеміз. Шұғыл болса, { $phone } нөміріне қоңырау шалыңыз.
problem-request = Ақау нөмірі: { $id }
error-web-not-found = { page-not-found }
error-web-cross-site = Бұл сұрау басқа сайттан жіберілді. Біздің бетті ашып, қайта жіберіңіз.
error-web-method = Бұл мекенжай мұндай сұрауды қабылдамайды.
error-web-too-large = Жіберілген дерек тым көп. Бөліп жіберіңіз.
error-web-media-type = Деректің мұндай пішімі қабылданбайды.
error-web-too-many = { problem-too-many.detail }
error-web-unreadable = Сұрауды оқу мүмкін болмады. Толтырылған өрістерді тексеріңіз.
error-web-control-character = Мәтінде басқару таңбасы бар. Тек табуляция мен жол соңы қабылданады.
error-web-unavailable = { problem-unavailable.detail }
error-web-fault = { problem-bug.detail }
error-web-template = { problem-bug.detail }
error-web-not-wrapped = { problem-bug.detail }

## The page of components: samples only

kit-title = Құрамдас бөліктер
kit-lead = Әр бөліктің барлық күйі. Тілі мен түсін осы бетте ауыстыруға болады.
kit-portal = Азаматтарға арналған беттер
kit-desk = Қызметкерлерге арналған беттер
kit-buttons = Түймелер
kit-report = Қазір хабарлау
kit-fields = Сұрақтар
kit-clocks = Мерзімдер
kit-tags = Күйлер
kit-notices = Хабарламалар
kit-money = Ақша жолы
kit-history = Не істелді
kit-table = Кезек
kit-colours = Түстер мен өлшемдер
kit-waiting = Күту
kit-receipt = Талон-хабарлама
kit-amount =
    .label = Қанша ақша аудардыңыз?
    .hint = Бос орынмен немесе үтірмен жазуға болады.
    .missing = Қанша ақша аударғаныңызды жазыңыз
kit-phone =
    .label = Телефон нөміріңіз
    .hint = Хабарды осы нөмірге жібереміз.
    .length = Нөмірдің цифр саны сәйкес емес. Енгізілген цифр саны: { $n }
kit-bank =
    .label = Қай банктен аудардыңыз?
kit-what =
    .label = Не болды?
    .hint = Бірнешеуі сәйкес келсе, ең маңыздысын таңдаңыз.
    .money = Ақшам кетіп қалды
    .money-hint = Аударым, картадан шешілген ақша немесе терминал
    .loan = Менің атыма кредит рәсімделді
    .nothing = Әзірге ештеңе жоғалтқан жоқпын
kit-whom =
    .label = Кімге хабарлап қойдыңыз?
    .bank = Банкке
    .police = Полицияға
kit-words =
    .label = Олар не айтты?
kit-files =
    .label = Скриншоттар мен чектер
kit-when =
    .label = Ақшаны қашан аудардыңыз?
kit-password =
    .label = Құпиясөз
kit-late = кешігіп тұр
kit-sent = Жіберілді
kit-held = Бұғатталды
kit-new = Жаңа
kit-due = Мерзімі жақын
kit-overdue = Кешігіп тұр
kit-waits = арыз иесінің жауабын күтіп тұрмыз
kit-second-fraud = Сақ болыңыз: ақшаны қайтарып беру үшін ақы сұраған адам – алаяқ. Біз ол үшін ешқашан төлем алмаймыз.
kit-receipt-done = Арызыңыз қабылданды
kit-receipt-number = Нөмірі: { $number }
kit-receipt-code = Бұл код – арызыңыздың кілті. Сақтап қойыңыз, ол қайта көрсетілмейді. Оны ешкімге, полицияға да айтпаңыз.
kit-next-sent = Банкке талап жіберілді
kit-next-answer = Банк осы уақытқа дейін жауап беруі керек
kit-next-message = Сізге келесі хабар
kit-stopped = Тоқтатып үлгердік (аударғаныңыз: { $sent })
kit-trail-bank = «Үлгі» банкі
kit-trail-held = бұғатталды
kit-trail-cash = банкоматтан алынған
kit-trail-unknown = әлі белгісіз
kit-trail-asked = сұралды
kit-trail-caption = Тексеру: 1 850 000 + 400 000 + 150 000 = 2 400 000. Сома түгел.
kit-trail-table = Осы мәлімет кесте түрінде
kit-col-place = Қайда
kit-col-sum = Сома, ₸
kit-col-state = Күйі
kit-col-time = Мерзімі
kit-col-number = Нөмірі
kit-col-loss = Залал, ₸
kit-col-what = Не болған
kit-col-owner = Жауапты
kit-why = Бірінші әрекет жасалмаған: 2-буынға талап жоқ
kit-story = Қоңырау, «қауіпсіз шот»
kit-nobody = ешкім
kit-take = Өзіме алу
kit-snooze = Кейінге қалдыру
kit-chip-late = Кешіккені
kit-chip-mine = Маған тағайындалғаны
kit-done = { $number } сізге тағайындалды.
kit-entry-received = Арыз қабылданды
kit-entry-sent = Банкке бұғаттау талабы жіберілді
kit-entry-answer = Банк жауап берді: 1 850 000 ₸ бұғатталды
kit-basis = 25-1-бап
kit-actor = А. Сейітов
kit-send-three = Талаптарды жіберу (3)

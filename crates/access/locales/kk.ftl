### Signing in, sessions, roles, refusals.
### Native reader: not yet

## Signing in

access-sign-in-title = Қызметкерлерге арналған кіру
access-sign-in-lead = Логин, құпиясөз және бір реттік код қажет.
access-sign-in-button = Кіру
access-login =
    .label = Логин
    .wrong = Логин, құпиясөз немесе код қате. Үшеуін де тексеріп, қайта енгізіңіз
    .too-many = Тым көп әрекет жасалды. Күту уақыты: { $minutes }
access-password =
    .label = Құпиясөз
access-code =
    .label = Бір реттік код
    .hint = Аутентификатор қолданбасындағы 6 цифр
    .wrong = Код қате немесе бұрын пайдаланылған. Келесі кодты күтіп, енгізіңіз
access-lost = Құпиясөзді ұмыттыңыз ба? Код келетін құрылғыны жоғалттыңыз ба? Әкімшіге хабарласыңыз.
access-signed-out = Жүйеден шықтыңыз.

## Roles

access-role-duty-officer = кезекші қызметкер
access-role-approver = бекітуші
access-role-administrator = әкімші
access-role-prosecutor = прокурор

## A code anew

access-step-up-title = Бір реттік кодты қайта енгізіңіз
access-step-up-lead = Келесі әрекетке жаңа код қажет. Кодты енгізген соң мұндай әрекеттер 5 минут ашық болады.

## Sessions

access-sessions-title = Ашық сеанстар
access-sessions-lead = Мұнда сіз кірген сеанстар көрсетілген. Өзіңіз ашпаған сеансты көрсеңіз, оны аяқтап, әкімшіге хабарлаңыз.
access-session-begun = Басталуы
access-session-seen = Соңғы әрекет
access-session-ends = Аяқталуы
access-session-here = осы браузер
access-session-end = Сеансты аяқтау
access-session-end-others = Қалған сеанстардың бәрін аяқтау
access-session-ended = Сеанс аяқталды.
access-own-nav = Сеанстар мен құпиясөз
access-password-title = Құпиясөзді ауыстыру
access-password-lead = Алғашқы құпиясөзді есептік жазбаңызды қосқан адам көрген: өзіңіздікін таңдаңыз. Басқа сеанстарыңыз аяқталады.
access-password-current =
    .label = Қазіргі құпиясөз
access-password-new =
    .label = Жаңа құпиясөз
    .hint = Кемінде 12 таңба, мысалы бірнеше кездейсоқ сөз
access-password-changed = Құпиясөз ауыстырылды, басқа сеанстарыңыз аяқталды.

## The people of a demonstration

access-demo-title = Демонстрация қатысушылары
access-demo-lead = Бұл адамдар ойдан шығарылған. Кез келгенінің атынан кіріңіз.
access-demo-code = Қазіргі код
access-demo-password = Бәрінің құпиясөзі бір:
access-demo-enter-as = Кіру: { $name }

## The administrator's accounts

access-nav-accounts = Есептік жазбалар
access-accounts-title = Қызметкерлердің есептік жазбалары
access-accounts-lead = Жүйеге кім кіре алады. Есептік жазба жойылмайды, тек жабылады: журналда оның ізі қала береді.
access-account-title = Есептік жазба
access-account-add = Есептік жазба қосу
access-account-own = өзіңіздікі
access-account-own-text = Бұл – өзіңіздің есептік жазбаңыз. Оны басқа әкімші өзгертеді. Өз сеанстарыңызды мына жерде аяқтайсыз:
access-account-never = әлі кірмеген
access-account-is-open = ашық
access-account-is-closed = жабық
access-account-made = Қосылған уақыты
access-account-opened-at = Қайта ашылған уақыты
access-account-closed-at = Жабылған уақыты
access-account-no-sessions = Қазір бұл есептік жазбамен ешкім кірмеген.
access-account-opened = Есептік жазба қайта ашылды.
access-account-closed = Есептік жазба жабылды, оның сеанстары аяқталды.
access-col-name = Аты-жөні
access-col-login = Логин
access-col-role = Рөлі
access-col-last = Соңғы кіруі
access-col-state = Күйі
access-col-acts = Әрекеттер
access-chip-open = Ашық
access-chip-closed = Жабық
access-chip-never = Ешқашан кірмегендер
access-chip-officers = Кезекші қызметкерлер
access-chip-approvers = Бекітушілер
access-chip-administrators = Әкімшілер
access-role-duty-officer-hint = Арыздармен жұмыс істейді, талаптарды дайындап, жібереді.
access-role-approver-hint = Талаптарға және тұрақты рұқсаттарға қол қояды.
access-role-administrator-hint = Есептік жазбалар мен ұйымдарды жүргізеді, арыздарды көрмейді. Басқа рөлдермен бірге берілмейді.
access-role-prosecutor-hint = Заң прокурордың санкциясын талап ететін шараларды қарайды. Талап дайындау және оған қол қою құқығымен бірге берілмейді.
access-new-lead = Алғашқы құпиясөз бен бір реттік кодтардың құпия кілтін бағдарлама жасайды. Оларды бір рет қана көресіз.
access-new-name =
    .label = Адамның аты-жөні
access-new-login =
    .label = Логин
    .hint = Кіші латын әріптері, цифрлар, нүкте, сызықша; бірінші таңба – әріп
access-new-roles =
    .label = Рөлдері
access-new-unit =
    .label = Бөлімше
access-reason =
    .label = Себебі
    .hint = 500 таңбадан аспасын. Есептік жазбамен бірге шифрланған күйде сақталады
access-close =
    .title = Есептік жазбаны жабу
    .text = Адамның барлық сеансы бірден аяқталады, ол енді кіре алмайды. Есептік жазбаны кейін қайта ашуға болады.
    .button = Есептік жазбаны жабу
access-open =
    .title = Есептік жазбаны қайта ашу
    .text = Адам бұрынғы құпиясөзімен және бір реттік кодтарымен кіре алады. Олар жоғалған болса, кейін жаңасын жасаңыз.
    .button = Есептік жазбаны қайта ашу
access-reset =
    .title = Жаңа құпиясөз бен кодтар
    .text = Бұрынғы құпиясөз бен бір реттік кодтар бірден жарамсыз болады, есептік жазбаның барлық сеансы аяқталады. Сұрап тұрған адам иесінің өзі екеніне басқа жолмен көз жеткізіңіз.
    .button = Жаңасын жасау
    .link = Жаңа құпиясөз бен кодтар
access-handed-new = Есептік жазба қосылды
access-handed-reset = Жаңа құпиясөз бен кодтар жасалды
access-handed-once = Олар тек қазір көрсетіледі.
access-handed-lead = Адамға өз қолыңызбен беріңіз, поштамен не мессенджермен жібермеңіз.
access-handed-secret = Бір реттік кодтардың құпия кілті
access-handed-otpauth = Аутентификаторға арналған мекенжай
access-handed-how = Адам құпия кілтті аутентификатор қолданбасына қосып, логин, құпиясөз және кодпен кіреді. Бірдеңе жоғалса, есептік жазба бетінде жаңасын жасаңыз.
access-handed-done = Қолына бердім

## Refusals

error-access-not-found = Бұл бет жоқ немесе сізге ашық емес. Сілтемені тексеріңіз.
error-access-no-session = Бұл бет жоқ немесе сізге ашық емес. Сілтемені тексеріңіз.
error-access-forbidden = Бұл әрекетке құқығыңыз жоқ. Қажет болса, басшыңызға хабарласыңыз.
error-access-step-up = Алдымен жаңа бір реттік кодты енгізіп, әрекетті қайталаңыз.
error-access-sign-in-first = Сеанс аяқталды. Кіру бетін жаңа қойындыда ашып, жүйеге кіріңіз де, осында қайта жіберіңіз.
error-access-wrong = Логин, құпиясөз немесе код қате. Үшеуін де тексеріп, қайта енгізіңіз.
error-access-too-many = Тым көп әрекет жасалды. Біраз күтіп, қайталаңыз.
error-access-busy = Қазір тым көп адам кіріп жатыр. Бірнеше секундтан кейін қайталаңыз.
error-access-login = Логинде 2–40 таңба болсын: кіші латын әріптері, цифрлар, нүкте, сызықша. Бірінші таңба – әріп.
error-access-login-taken = Мұндай логин бар. Басқасын таңдаңыз.
error-access-name = Адамның атын жазыңыз (200 таңбадан аспасын).
error-access-password-short = Құпиясөз тым қысқа. Кемінде 12 таңба енгізіңіз.
error-access-password-long = Құпиясөз тым ұзын. 200 таңбадан асырмаңыз.
error-access-password-common = Бұл құпиясөзді табу оңай. Бірнеше кездейсоқ сөзден құрап көріңіз.
error-access-password-like-login = Құпиясөз логинге ұқсас. Басқасын таңдаңыз.
error-access-roles = Кемінде бір рөл таңдаңыз. Әкімші мен прокурор рөлі басқа рөлдермен бірге берілмейді.
error-access-unit = Бөлімшені көрсетіңіз (80 таңбаға дейін, қиғаш сызықсыз).
error-access-not-demo = Демонстрация қатысушылары тек демонстрациялық дерекқорда болады.
error-access-rules = Қол жеткізу ережелерін тексеру мүмкін болмады. Әрекет орындалмады. Ақау тіркелді.
error-access-hash = Құпиясөзді өңдеу мүмкін болмады. Ақау тіркелді.
error-access-reason = Себебін жазыңыз (500 таңбадан аспасын).
error-access-last-administrator = Бұл – соңғы ашық әкімші. Алдымен басқа әкімші қосыңыз.
error-access-current-password = Қазіргі құпиясөз қате. Қайта енгізіңіз.

# People of institutions at the console
access-people-title = Ұйым қызметкерлері
access-people-lead = Осы кабинетке ұйым атынан кім кіреді. Есептік жазба өшірілмейді, тек жабылады: журнал оған сілтеп тұра береді.
access-seat-answers = талаптарға жауап береді
access-seat-manages = кілттерді, хабарландыру мекенжайларын және қызметкерлер тізімін де жүргізеді
access-seat-manages-hint = Мұндай құқық кемінде екі адамда болғаны жөн.
access-person-add = Қызметкер қосу
access-person-lead = Алғашқы құпиясөзді және бір реттік кодтардың құпия кілтін бағдарлама жасайды. Оларды бір рет қана көресіз.
access-person-manages =
    .label = Бұл қызметкер тағы не істей алады?

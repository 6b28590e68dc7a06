### Native reader: not yet
### Талаптар: күйлері, жауап кодтары, қателер.

## States of an order and of what it names

order-status-drafted = жоба
order-status-sent = жіберілді
order-status-acknowledged = алынғаны расталды
order-status-answered = жауап келді
order-status-released = шектеу алып тасталды
order-status-lapsed = мерзімі бітті
order-status-cancelled = жойылды
order-late = кешігіп тұр
order-state-asked = сұралды
order-state-held = бұғатталды
order-state-partly-held = ішінара бұғатталды
order-state-held-elsewhere = басқа талаппен бұғатталған
order-state-moved = әрі қарай кетті
order-state-cash = қолма-қол алынды
order-state-spent = жұмсалды
order-state-abroad = шетелге кетті
order-state-not-found = табылмады
order-state-refused = бас тартылды
order-state-question = сұрақ қойылды
order-state-released = шектеу алып тасталды
order-state-lapsed = мерзімі бітті
order-state-returned = қайтарылды
order-state-done = орындалды
order-state-partly-done = ішінара орындалды
order-state-done-elsewhere = басқа талап бойынша орындалған
order-state-removed = жойылды
order-state-ported = нөмір басқа операторға көшкен
order-state-served-abroad = шетелде орналасқан
order-state-not-confirmed = тексеру растамады
order-state-kept = сақталды
order-state-disclosed = деректер берілді
order-state-partly-disclosed = деректер ішінара берілді
order-state-nothing-kept = деректер сақталмаған

## Answer codes of form F3

order-code-A00 = талаптың алынғаны расталды
order-code-H10 = сома толық бұғатталды
order-code-H11 = сома ішінара бұғатталды
order-code-H12 = басқа талаппен бұғатталған
order-code-M20 = осы ұйымның басқа шотына кетті
order-code-M21 = басқа ұйымға кетті
order-code-M22 = қолма-қол алынды
order-code-M23 = сатып алуға жұмсалды
order-code-M24 = криптоәмиянға кетті
order-code-M25 = шетелге кетті
order-code-N30 = мұндай шот жоқ
order-code-N31 = мұндай операция жоқ
order-code-N32 = мұндай клиент жоқ
order-code-N33 = ақша жұмсалған, шотта қалмаған
order-code-N34 = нөмір басқа операторға көшкен
order-code-N35 = шетелде орналасқан
order-code-N36 = мұндай деректер сақталмаған
order-code-R40 = бас тартылды: негізі жеткіліксіз
order-code-R41 = бас тартылды: деректер жеткіліксіз
order-code-R42 = бас тартылды: орындау мүмкін емес
order-code-R43 = тексеру растамады
order-code-Q50 = сұрақ
order-code-B10 = толық орындалды
order-code-B11 = ішінара орындалды
order-code-B12 = басқа талап бойынша орындалған
order-code-B13 = иесі жойды
order-code-D10 = деректер толық берілді
order-code-D11 = деректер ішінара берілді
order-code-K10 = деректер сақталды
order-code-L60 = шектеу алып тасталды: мерзімі бітті
order-code-L61 = шектеу алып тасталды: талап бойынша
order-code-L62 = шектеу алып тасталды: қате немесе тым кең бұғаттау
order-code-S10 = иесіне хабарланды
order-code-S20 = мәлімет түзетілді
order-code-P70 = жәбірленушіге қайтарылды
order-code-P71 = мемлекет кірісіне аударылды
order-code-E90 = техникалық ақау
order-code-Native = ұйымның өз коды

## Why something waits for a person, or led to no order

order-why-no-standing-approval = күшіндегі тұрақты рұқсат жоқ
order-why-not-in-force = тұрақты рұқсат күшінде емес
order-why-too-early = тұрақты рұқсаттың мерзімі басталған жоқ
order-why-too-late = тұрақты рұқсаттың мерзімі өткен
order-why-basis = тұрақты рұқсаттың құқықтық негізі басқа
order-why-measure = тұрақты рұқсат бұл шараға берілмеген
order-why-scope = шара тұрақты рұқсаттан кең
order-why-asset = тұрақты рұқсат басқа валютада
order-why-amount = сома көрсетілмеген
order-why-order-cap = бір талаптың шегінен көп
order-why-own-account = бұл шотты басқа арыз иесі өзінікі деп көрсеткен: алдымен қызметкер қарауы керек
order-why-day-cap = бір күннің шегінен көп
order-why-hop = тұрақты рұқсаттың буын шегінен терең
order-why-second-signature = екінші қолтаңба керек
order-why-per-case = негіз әр жағдайда қол қоюды талап етеді
order-why-sanction = прокурордың санкциясы керек
order-why-by-hand = қызметкер дайындады
order-why-hop-limit = ақша жолы тым ұзын: буын шегінен асты
order-why-too-old = аударым тым бұрын болған
order-why-hub = бұл шоттан ақша тым көп жаққа кеткен
order-why-camera = бейнежазбаны сақтау сұрауын қызметкер жібереді
order-why-no-limits = бейінде автоматты іздеудің шегі белгіленбеген
order-why-order-no-addressee = алушының ұйымы анықталмаған немесе алмасуға қатыспайды
order-why-trail-no-addressee = келесі ұйым алмасуға қатыспайды
order-why-order-no-basis = күшіндегі бірде-бір құқықтық негіз бұл шараға жол бермейді
order-why-order-no-route = бұл ұйымға апаратын заңды бағыт жоқ
order-why-order-in-test = ұйым әзірге сынақ режимінде
order-why-order-not-yet = талап жобасы әлі дайын емес: бетті жаңартыңыз

## Kinds of identifiers

order-kind-iban = шот
order-kind-account = шот
order-kind-card = карта
order-kind-wallet = электрондық әмиян
order-kind-wallet-btc = Bitcoin әмияны
order-kind-wallet-eth = Ethereum әмияны
order-kind-wallet-tron = TRON әмияны
order-kind-phone = телефон нөмірі
order-kind-sim = SIM-карта
order-kind-imei = IMEI
order-kind-sender = жіберуші атауы
order-kind-url = сілтеме
order-kind-domain = домен
order-kind-ip = IP-мекенжай
order-kind-app = қолданба
order-kind-advertisement = жарнама
order-kind-handle = желідегі аты
order-kind-email = электрондық пошта
order-kind-iin = ЖСН
order-kind-bin = БСН
order-kind-material = банкомат, бейнежазба
order-kind-person = тұлға
order-class-phishing = фишинг
order-class-fake-shop = жалған дүкен
order-class-fake-investment = жалған инвестиция
order-class-impersonation = басқаның атын жамылу
order-class-malware = зиянды бағдарлама
order-class-recruiting = дропперлерді тарту
order-class-other = басқа
order-way-full = толық
order-way-outgoing = шығыс қоңыраулар
order-way-sms = мәтіндік хабарлар
order-way-sim-swap-lock = SIM-картаны ауыстыруға тыйым
order-way-imei-list = тыйым салынған құрылғылар тізімі
order-way-route = жалған нөмірлі қоңыраулар бағыты
order-way-sender-ban = жіберуші аты
order-ground-complaint = тексерілген арыз
order-ground-centre-signal = орталықтың сигналы
order-ground-spoof = нөмірді жасырып көрсету
order-ground-sim-box = SIM-бокс
order-act-warn = ескерту беті
order-act-deindex = іздеу нәтижесінен алып тастау
order-act-stop-advertisement = жарнаманы тоқтату
order-act-disable-account = есептік жазбаны өшіру
order-act-remove = материалды жою
order-act-remove-app = қосымшаны жою
order-act-block = қолжетімділікті жабу
order-act-suspend-domain = домендік атауды тоқтата тұру
order-data-owner = иесі
order-data-statement = шоттағы қозғалыс
order-data-device-log = кірген құрылғылар мен мекенжайлар
order-data-call-records = қосылулар, сөйлесу мазмұнынсыз
order-data-recording = камера жазбалары
order-detail-ways = Не бұғатталады: { $text }
order-detail-ground = Себебі: { $text }
order-detail-act = Не талап етіледі: { $text }
order-detail-class = Ақпарат түрі: { $text }
order-detail-harm = Зияны: { $text }
order-detail-narrower = Одан шағын шара неге жеткіліксіз: { $text }
order-detail-data = Сұралатын деректер: { $text }
order-detail-period = Кезеңі: { $text }
order-detail-keep = Сақталатын деректер: { $text }
order-detail-to = Ақша қайда қайтарылады: { $text }

## Route and clocks

order-role-submitter = жіберуші
order-role-authority = орган
order-role-executor = орындаушы
order-gateway-partner-api = қол қойылған хабар
order-gateway-relayed = орган арқылы
order-gateway-iso20022 = ISO 20022 хабары
order-gateway-file-drop = файл алмасу
order-gateway-letter = хат
order-gateway-email-export = электрондық пошта
order-gateway-internal = платформа ішінде
order-gateway-pension = зейнетақы қоры
order-step-reached = алды
order-step-late = кешігіп тұр
order-step-waiting = күтуде
order-step-not-sent = жіберілмеген
order-clock-send = Жіберу
order-clock-ack = Алынғанын растау
order-clock-answer = Жауап
order-clock-target = мақсатты мерзім
order-clock-law = заңдағы мерзім
order-clock-lapse = Талап мерзімінің соңы
order-hop = № { $n } буын
order-up-to = шегі: { $sum }
order-held = бұғатталғаны: { $sum }
order-via = арқылы: { $who }
order-by-letter = хатпен
order-by-letter-text = Бұл талап хатпен жіберіледі: платформа оны жеткізбейді, қағазын басып шығарып жолдаңыз.
order-by-standing = тұрақты рұқсат бойынша
order-camera-until = жазба сақталатын мерзім: { $time }

## Errors of orders

error-order-unknown = Мұндай талап жоқ немесе сізге ашық емес.
error-order-no-basis = Күшіндегі бірде-бір құқықтық негіз бұл шараға жол бермейді.
error-order-no-route = Бұл ұйымға апаратын заңды бағыт жоқ.
error-order-in-test = Ұйым әзірге сынақ режимінде: оған талап жіберілмейді.
error-order-not-on-trial = Сынақ талаптары тек сынақ режиміндегі ұйымдарға жіберіледі.
error-order-objects = Бұл шара мұндай объектіге қолданылмайды немесе объектілер тым көп.
error-order-unsanctioned = Прокурордың санкциясынсыз жіберуге болмайды.
error-order-nothing-to-sanction = Бұл талап бойынша прокурордың шешімі күтілмейді.
error-order-sanction-outdated = Санкцияға берілгеннен кейін талап өзгерді. Оны қайта беру керек.
error-order-nothing-to-return = Қайтаратын ақша бұғатталмаған.
error-order-own-of-victim = Бұл – басқа арыз берушінің өз нөмірі. Жәбірленушіге шара қолданылмайды.
error-order-details-measure = Осы шараға қажетті мәліметтер толтырылмаған.
error-order-details-nothing = Не істеу керек екенін белгілеңіз.
error-order-details-narrower = Неге тек бір бетті шектеу жеткіліксіз екенін жазыңыз.
error-order-details-harm = Қандай зиян келтіретінін жазыңыз.
error-order-details-period = Кезеңнің басы аяғынан кеш болмауы керек.
error-order-details-too-long = Мәтін тым ұзын: 1000 таңбаға дейін қысқартыңыз.
error-order-ended = Талап аяқталған.
error-order-not-sent = Талап әлі жіберілген жоқ.
error-order-already-sent = Талап бұрын жіберілген.
error-order-lapsed = Талаптың мерзімі бітті.
error-order-own-draft = Жобаны дайындаған адам қол қоя алмайды.
error-order-unapproved = Қолтаңба жеткіліксіз: тағы бір бекітуші керек.
error-order-nothing-held = Бұл талап бойынша бұғатталған ақша жоқ немесе көрсетілген сома бұғатталғаннан аз емес.
error-order-erased = Арыздағы дербес деректер заң бойынша жойылған.
error-order-sealed = Деректер ашылмады. Ақау тіркелді.

## Errors of answers

error-answer-type = Өріс қате: type мәні answer.v1 болуы керек.
error-answer-id = answer_id 1–64 таңбадан тұрады: латын әріптері, цифрлар, сызықша, астыңғы сызық, нүкте.
error-answer-lines = Жауапта 1–200 жол болады.
error-answer-object-missing = Барлық жолы A00 болған жауапта ғана object_id болмауы мүмкін.
error-answer-field-missing = Жолда міндетті өріс жоқ. Кодтар кестесін қараңыз.
error-answer-field-unreadable = Жолдағы өріс оқылмады. Пішімін тексеріңіз.
error-answer-in-future = Жолдағы уақыт әлі келген жоқ. Сағатыңызды тексеріңіз.
error-answer-too-much-held = Сұралғаннан көп сома бұғатталмайды.
error-answer-not-all = H10 бүкіл сома бұғатталды дегенді білдіреді: ішінара болса, H11 жіберіңіз.
error-answer-unfit = Бұл код мұндай шараға жауап емес. Кодтар кестесін қараңыз.
error-answer-conflicting = Бұл answer_id басқа жауапқа қолданылған.
error-answer-no-object = Талапта мұндай нысан жоқ.
error-answer-wrong-executor = Талап басқа орындаушыға жіберілген.
error-answer-wrong-order = Жауапта басқа талап көрсетілген: ол бұл талапқа берілген жауап емес.
error-answer-iso20022 = ISO 20022 хабары оқылмады. Түсіндірмеде алғашқы қате жері көрсетілген.
error-answer-no-answer = Бұл хабар ешбір талапқа жауап емес. Жауап camt.029, camt.111 немесе pacs.004 түрінде болады.
error-answer-no-order = Талап хабардың Case элементінде де, /ORDER/ жолында да көрсетілмеген.

## Errors of partners and of signatures

error-partner-entry = Келісім файлындағы жазба қабылданбады. Өрістерін тексеріңіз.
error-signature-missing = Хабарда qorgan-v1 белгісі бар қолтаңба жоқ.
error-signature-malformed = Қолтаңба өрісі RFC 8941 пішіміне сай емес.
error-signature-ambiguous = Хабарда qorgan-v1 белгісі бар бірнеше қолтаңба тұр. Біреуін қалдырыңыз.
error-signature-parameter = Қолтаңба параметрі жоқ немесе қате.
error-signature-not-covered = Қолтаңба міндетті бөліктердің бәрін қамтымайды.
error-signature-component = Қолтаңба қамтыған бөлік хабарда жоқ.
error-signature-expired = Қолтаңбаның мерзімі өтті. Хабарға қайта қол қойыңыз.
error-signature-from-the-future = Қолтаңба уақыты әлі келген жоқ. Сағатыңызды тексеріңіз.
error-signature-lifetime = Қолтаңба 1–300 секунд жарамды болуы керек.
error-signature-unknown-key = Кілт белгісіз немесе күшін жойған.
error-signature-invalid = Қолтаңба хабарға сай емес.
error-signature-replayed = Бұл қолтаңба бұрын қолданылған.
error-digest-missing = Хабарда sha-256 бар Content-Digest өрісі жоқ.
error-digest-mismatch = Content-Digest хабардың мәтініне сай емес.

## The law an order stands on

order-basis-article = { $act }, бабы: { $article }
order-basis = { $act }, { $article }
order-basis-none = құқықтық негізі көрсетілмеген

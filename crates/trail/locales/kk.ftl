### Native reader: not yet
### Ақша жолы: қызметкердің және арыз иесінің беттері.

## The officer's panel

trail-title = Ақша жолы
trail-empty = Төлем туралы хабарланбаған, сондықтан ақша жолы әзірге жоқ.
trail-summary = Даулы сома: { $sum }. Бұғатталғаны: { $held }.
trail-payer = Жәбірленуші
trail-institution-unknown = ұйым анықталмаған
trail-again = Бұл шот жоғарыда көрсетілген.
trail-method = Шотқа бұрын түскен ақша бұрын кетеді деп есептеледі (бірінші түскені бірінші кетеді). Үзік сызық: белгісіз немесе расталмаған.
trail-table = Осы мәлімет кесте түрінде
trail-col-hop = Буын
trail-col-from = Қайдан
trail-col-to = Қайда
trail-col-amount = Сома
trail-col-time = Уақыты
trail-col-state = Күйі
trail-check-ok = Тексеру: { $parts } = { $sum }. Сома түгел.
trail-check-off = Тексеру: { $parts }, төленгені { $sum }. Айырмасы: { $gap }.
trail-findings = Назар аударыңыз
trail-finding-older-money = Бұл аударыммен шотта бұрыннан тұрған ақша ғана кеткен.
trail-finding-beyond = Бұғатталған немесе қайтарылған сома шоттағы даулы ақшадан көп. Айырмасы: { $sum }.
trail-finding-unlisted = Ақшаның бір бөлігі шоттан кеткен, бірақ бізге хабарланбаған: { $sum } ({ $place }).
trail-finding-went-elsewhere = Жәбірленушінің банкі арыздағыдан басқа алушы шотын атап отыр.
trail-finding-ignored = Жауаптың бір жолы есепке алынбады: ештеңеге сай емес немесе сомасы мүмкін емес.

trail-end-held = бұғатталған
trail-end-held-elsewhere = басқа талаппен бұғатталған
trail-end-asked = сұралған
trail-end-moved = әрі қарай кеткен, ізі жоқ
trail-end-cash = қолма-қол ақша
trail-end-spent = жұмсалған
trail-end-abroad = шетелде
trail-end-crypto = криптоактив
trail-end-unknown = белгісіз
trail-end-not-found = банк таппады
trail-end-refused = бас тартқан
trail-end-silent = жауап жоқ
trail-end-released = бұғаттау аяқталды
trail-end-returned = қайтарылған
trail-edge-told = арыз иесінің айтуынша
trail-edge-reported = жіберуші банктің дерегі
trail-edge-exhibit = дәлелдеме дерегі
trail-edge-confirmed = расталған
trail-edge-not-found = банк таппай отыр

## Тексеруге тұрарлық жайттар және ақшаны бөлудің басқа тәсілдері

trail-too-wide = Жолдағы шоттар суретке сыймайды. Олар кестеде, алдымен ірі сомалар.
trail-more = Тағы { $n } кішірек сома кестеге кірмеді.
trail-meetings = Ақша тоғысқан жерлер
trail-meeting = { $n } төлеуші, барлығы { $sum }
trail-signs = Тексеруге тұрарлық
trail-signs-hint = Тек осы жолдағы шоттар туралы. Бұдан адам туралы ештеңе дәлелденбейді, осыған қарап шешім қабылданбайды.
trail-findings-more = Тағы { $n } ескертпе бар.
trail-sign-meeting = Мұнда бірнеше төлеушінің ақшасы тоғысады. Төлеуші: { $n }. Барлығы: { $sum }.
trail-sign-loop = Ақша айналып, осында қайта түсті. Жүрген жолы: { $way }.
trail-sign-below-out = Шектен ({ $threshold }) сәл аз шығыс төлемдер: { $n }. Барлығы: { $sum }. Аралығы: { $first } – { $last }.
trail-sign-below-in = Шектен ({ $threshold }) сәл аз кіріс төлемдер: { $n }. Барлығы: { $sum }. Аралығы: { $first } – { $last }.
trail-sign-unconfirmed = Бұл шекті заңгер әлі растаған жоқ.
trail-sign-passed = Транзиттік шотқа ұқсайды: { $reasons }.
trail-reason-quick = түскен ақшадан кеткені: { $percent }%, ең ұзақ тұрғаны: { $time }
trail-reason-empty = ақша түскенге дейінгі қалдық: { $sum }
trail-reason-payers = ақша бірнеше төлеушіден түскен, саны: { $n }
trail-reason-parts = ақша бөлшектелген, бөлік саны: { $n }
trail-reason-converted = ақша қолма-қол алынған не криптоактивке айырбасталған
trail-methods = Ақшаны бөлудің басқа тәсілдері
trail-methods-hint = Талаптар «бірінші түскені бірінші кетеді» ережесіне негізделеді. Сот басқа тәсілді таңдауы мүмкін. Әрқайсысының нәтижесі төменде.
trail-methods-same = Мұнда 3 тәсілдің де нәтижесі бірдей.
trail-methods-nothing = Әзірге бөлетін ештеңе жоқ: шотта бұрын қанша болғанын бірде-бір банк айтқан жоқ, төлеушілердің ақшасы еш жерде тоғыспайды.
trail-methods-many = Ақша қозғалысы тым көп: 3 тәсілді бір бетте салыстыру мүмкін емес.
trail-method-fifo = Бірінші түскені бірінші кетеді
trail-method-pro-rata = Үлесіне қарай
trail-method-lowest-balance = Ең аз қалдық
trail-col-account = Шот
trail-col-came = Түскен даулы ақша
trail-col-there = Белгілі деректер бойынша қалғаны

## The citizen's page

trail-citizen-title = Ақшаңызға не болды
trail-citizen-path = Ақшаңыздың жолы
trail-citizen-of = тоқтатып үлгердік (аударғаныңыз: { $sum })
trail-citizen-you = Сіз, банкіңіз: { $bank }
trail-citizen-receiver = Сіз көрсеткен алушы: { $mask }
trail-citizen-account = Шот, банкі: { $bank }
trail-citizen-held-all = Ақшаңызды түгел тоқтатып үлгердік: { $held } (аударғаныңыз: { $sent }). Қайтару үшін заңда көзделген шешім керек. Ол болмаса, бұғаттау мерзімі бітеді: { $until }.
trail-citizen-held-part = Ақшаңыздың бір бөлігін тоқтатып үлгердік: { $held } (аударғаныңыз: { $sent }). Қайтару үшін заңда көзделген шешім керек. Ол болмаса, бұғаттау мерзімі бітеді: { $until }.
trail-citizen-returned = Қайтарылған сома: { $sum }.
trail-citizen-held-elsewhere = Басқа талаппен бұғатталып қойған сома: { $sum }. Ол ақша әзірге ешқайда кетпейді.
trail-citizen-asked = Бұл соманы әлі тоқтатуға болады: { $sum }. Талабымыз банкте, жауап күтіп отырмыз.
trail-citizen-moved = Бұл сома біз көре алмайтын жерге кетті: { $sum }. Мәліметтер арызыңызда жазулы тұр.
trail-citizen-cash = Қолма-қол алынып кеткен сома: { $sum }. Оны енді тоқтата алмаймыз. Мәліметтер арызыңызда жазулы тұр.
trail-citizen-spent = Жұмсалып кеткен сома: { $sum }. Оны енді тоқтата алмаймыз. Мәліметтер арызыңызда жазулы тұр.
trail-citizen-abroad = Шетелге кеткен сома: { $sum }. Ол жақта ақшаны өзіміз тоқтата алмаймыз. Мәліметтер арызыңызда жазулы тұр.
trail-citizen-crypto = Криптоактивке айырбасталған сома: { $sum }. Мәліметтер арызыңызда жазулы тұр.
trail-citizen-refused = Банк бұл соманы тоқтатпады: { $sum }. Банк себебін айтты, оны қызметкер қарап жатыр.
trail-citizen-silent = Банк бұл сома туралы уақытында жауап бермеді: { $sum }. Біз банкке еске салдық.
trail-citizen-released = Бұл соманың бұғатталуы аяқталды: { $sum }.
trail-citizen-unknown = Бұл соманың қайда екені әзірге белгісіз: { $sum }.
trail-citizen-not-found = Банк мұндай аударымды таппады: { $sum }. Соманы, күнін және алушының нөмірін тексеріп, қате болса, төмендегі «Жазғаныңыз» бөлімінде түзетіңіз.
trail-citizen-next = Әрі қарай:
trail-citizen-next-answer = банк жауап беруге тиіс, мерзімі: { $time }.
trail-citizen-next-late = банктің жауап беру мерзімі өтті: { $time }. Біз банкке еске салдық.
trail-citizen-next-drafted = қызметкер келесі талапты тексеріп жатыр, содан кейін жібереді.
trail-citizen-next-sanction = қайтару үшін заңда көзделген шешім керек. Мерзімі: { $until }.

trail-plain-held = тоқтатылды
trail-plain-held-elsewhere = басқа талаппен тоқтатылған
trail-plain-asked = сұрадық, жауап әлі жоқ
trail-plain-moved = әрі қарай кеткен
trail-plain-cash = қолма-қол алынған
trail-plain-spent = жұмсалған
trail-plain-abroad = шетелге кеткен
trail-plain-crypto = криптоактивке айырбасталған
trail-plain-unknown = әзірге белгісіз
trail-plain-not-found = банк таппады
trail-plain-refused = банк тоқтатпады
trail-plain-silent = банк жауап бермеді
trail-plain-released = бұғаттау аяқталды
trail-plain-returned = қайтарылды
trail-exhibits = Дәлелдемелер көрсеткен қозғалыстар:
trail-exhibit-lines = қозғалыс: { $n }
trail-undated = Күні оқылмаған жолдар: { $n }. Олар сақталды, бірақ ақша жолына кірмейді:
trail-undated-row = жол: { $no } (файлдағы жол: { $line })

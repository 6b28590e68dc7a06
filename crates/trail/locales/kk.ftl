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
trail-edge-confirmed = расталған
trail-edge-not-found = банк таппай отыр

## Тағы бір қарауға тұрарлық жайт және ақшаны ажыратудың басқа тәсілдері

trail-too-wide = Жолдағы шоттар суретке сыймайды. Кестеде бәрі бар, алдымен ірі сомалар.
trail-more = { $n ->
    [one] Тағы бір кішірек сома кестеге кірмеді.
   *[other] Тағы { $n } кішірек сома кестеге кірмеді.
 }
trail-signs = Тағы бір қарауға тұрарлық
trail-signs-hint = Тек осы жолдағы шоттар туралы. Бұл адам туралы ештеңе дәлелдемейді, осыған қарап шешім шығарылмайды.
trail-findings-more = { $n ->
    [one] Тағы бір ескертпе бар.
   *[other] Тағы { $n } ескертпе бар.
 }
trail-sign-meeting = Мұнда әр төлеушінің ақшасы тоғысады. Төлеушілер: { $n }. Барлығы: { $sum }.
trail-sign-loop = Ақша осында қайтып келді. Жүрген жолы: { $way }.
trail-sign-below-out = Бұл жерден { $threshold } шегінен сәл аз төлемдер кетті: { $n }. Барлығы: { $sum }. Аралығы: { $first } – { $last }.
trail-sign-below-in = Мұнда { $threshold } шегінен сәл аз төлемдер келді: { $n }. Барлығы: { $sum }. Аралығы: { $first } – { $last }.
trail-sign-unconfirmed = Шекті заңгер әлі растаған жоқ.
trail-sign-passed = Бұл шот арқылы ақша тек өткізілетін сияқты: { $reasons }.
trail-reason-quick = келген ақшаның { $percent } % мөлшері кетті, мұнда тұрған уақыты: ең көбі { $time }
trail-reason-empty = ақша келгенге дейін шотта { $sum } болған
trail-reason-payers = ақша әр төлеушіден келді ({ $n })
trail-reason-parts = ақша бөліктерге бөлінді ({ $n })
trail-reason-converted = ақша қолма-қол алынды не криптоактивке айырбасталды
trail-methods = Ақшаны ажыратудың басқа тәсілдері
trail-methods-hint = Талаптар «бірінші келген бірінші кетеді» тәсіліне сүйенеді. Сот басқа тәсілді таңдауы мүмкін; әрқайсысы не беретіні төменде.
trail-methods-same = Мұнда үш тәсіл де бірдей нәтиже береді.
trail-methods-nothing = Әзірге ажырататын ештеңе жоқ: шотта бұрын қанша болғанын бірде-бір банк айтқан жоқ, әр төлеушінің ақшасы еш жерде тоғыспайды.
trail-methods-many = Қозғалыс тым көп, үш тәсілді бір бетте салыстыру мүмкін емес.
trail-method-fifo = Бірінші келген бірінші кетеді
trail-method-pro-rata = Үлеске қарай
trail-method-lowest-balance = Ең төменгі қалдық
trail-col-account = Шот
trail-col-came = Даулы ақша келді
trail-col-there = Кеткені белгісіз

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

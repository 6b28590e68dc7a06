### Сәйкестендіргіштер: түрлерінің атауы және мәннің неге қабылданбағаны.
### Native reader: not yet

## Түрлері

identifier-kind-phone = телефон нөмірі
identifier-kind-iban = шот (IBAN)
identifier-kind-account = шот
identifier-kind-card = банк картасы
identifier-kind-url = сілтеме
identifier-kind-domain = сайт
identifier-kind-email = электрондық пошта мекенжайы
identifier-kind-handle = мессенджердегі не әлеуметтік желідегі аты
identifier-kind-wallet-btc = Bitcoin әмияны
identifier-kind-wallet-eth = Ethereum әмияны
identifier-kind-wallet-tron = TRON әмияны
identifier-kind-iin = ЖСН
identifier-kind-bin = БСН
identifier-kind-imei = IMEI
identifier-kind-ip = IP-мекенжай
identifier-kind-sim = SIM-карта нөмірі (ICCID)
identifier-kind-sender = СМС жіберушінің атауы
identifier-kind-app = қолданба
identifier-kind-advertisement = жарнама

## Мән неге қабылданбады

error-identifier-empty = Бұл жер бос. Нөмірді не мекенжайды қойыңыз.
error-identifier-characters = Артық таңба бар. Мәнді қайта көшіріп алыңыз.
error-identifier-too-short = Бірдеңе жетіспейді. Барлық цифр мен әріптің бар-жоғын тексеріңіз.
error-identifier-too-long = Таңба тым көп. Бір ғана нөмірді не мекенжайды қалдырыңыз.
error-identifier-check-digits = Таңбалардың бірі қате. Мәнді түпнұсқамен салыстырыңыз.
error-identifier-structure = Мән толық емес не басқа түрде жазылған. Оны тұтас көшіріп алыңыз.
error-identifier-unknown-country = Бірде-бір елдің, желінің не банктің нөмірі бұлай басталмайды. Нөмірдің басын тексеріңіз.
error-identifier-not-assigned = Мұндай телефон нөмірі жоқ. Қаланың не оператордың кодын тексеріңіз.
error-identifier-short-code = Бұл – қысқа қызметтік нөмір. Толық нөмірі болса, соны жазыңыз.
error-identifier-no-area-code = Қала коды жоқ. Оны нөмірдің алдына жазыңыз.
error-identifier-birth-date = Мұндай туған күн болмайды. Алғашқы жеті цифрды тексеріңіз.
error-identifier-registration = Мұндай тіркеу күні болмайды. Алғашқы бес цифрды тексеріңіз.
error-identifier-unknown-domain = Сайт мекенжайы бұлай аяқталмайды. Соңғы нүктеден кейінгі жерін тексеріңіз.
error-identifier-hidden = Тым көп цифр жасырылған. Алғашқы алты және соңғы төрт цифр көрініп тұруы керек.
error-identifier-unrecognised = Мұның не екенін анықтай алмадық. Мәнді тексеріңіз не оны оқиғаны баяндағанда сипаттаңыз.

### Identifiers: the names of the kinds, and why a value is not taken.

## Kinds

identifier-kind-phone = phone number
identifier-kind-iban = account (IBAN)
identifier-kind-account = account
identifier-kind-card = bank card
identifier-kind-url = link
identifier-kind-domain = website
identifier-kind-email = e-mail address
identifier-kind-handle = name in a messenger or social network
identifier-kind-wallet-btc = Bitcoin wallet
identifier-kind-wallet-eth = Ethereum wallet
identifier-kind-wallet-tron = TRON wallet
identifier-kind-iin = IIN
identifier-kind-bin = BIN
identifier-kind-imei = IMEI
identifier-kind-ip = IP address
identifier-kind-sim = SIM number (ICCID)
identifier-kind-sender = sender name of text messages
identifier-kind-app = app
identifier-kind-advertisement = advertisement

## Why a value is not taken

error-identifier-empty = Nothing is written here. Paste the number or address.
error-identifier-characters = There are characters here that do not belong. Copy the value once more.
error-identifier-too-short = Something is missing here. Check whether all digits and letters are there.
error-identifier-too-long = There is too much here. Leave one number or address.
error-identifier-check-digits = One of the characters is wrong. Compare the value with the original.
error-identifier-structure = This value is not in the right form. Copy the whole of it.
error-identifier-unknown-country = No country, network or bank uses such a number. Check how it begins.
error-identifier-not-assigned = No such phone number is in use. Check the area or network code.
error-identifier-short-code = This is a short service number. Give the full number, if you have it.
error-identifier-no-area-code = The area code is missing. Write it before the number.
error-identifier-birth-date = There is no such date of birth. Check the first seven digits.
error-identifier-registration = There is no such date of registration. Check the first five digits.
error-identifier-unknown-domain = No website address ends like this. Check what stands after the last dot.
error-identifier-hidden = Too many digits are hidden. The first six and the last four must be visible.
error-identifier-unrecognised = We could not tell what this is. Check the value, or describe it in the story.

# The country’s own words: its money, offices, numbers. They replace the common texts.
report-amount =
    .currency = We do not know this currency. Choose one from the list, or enter how much tenge your bank took
report-phone =
    .length = A Kazakhstan number has 11 digits. Digits entered: { $digits }
report-codes-given-signature = My digital signature or eGov
report-told-who-police = The police (102)
report-loans-page =
    .lead = To check, ask for your credit history through eGov.
desk-file-amount =
    .currency = This currency is not known. Choose one from the list, or enter how much tenge the bank took
trail-citizen-held-all = We stopped all the money you sent: { $held } (you sent: { $sent }). Its return needs the prosecutor's sanction. Without it the hold ends: { $until }.
trail-citizen-held-part = We stopped part of your money: { $held } (you sent: { $sent }). Its return needs the prosecutor's sanction. Without it the hold ends: { $until }.
trail-citizen-next-sanction = its return needs the prosecutor's sanction. It must be given by: { $until }.
desk-board-lapsing-text = Without the prosecutor's sanction this becomes free within 24 hours: { $sum }
report-check-who-text = The duty officer and the investigator see the report. The banks and the Antifraud Centre get only what they need to find the money: sum, time and account. Your own bank also gets, through the Centre, your phone number and IIN, so that it recognises you.

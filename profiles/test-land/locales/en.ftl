report-amount =
    .label = How much did you send, in dinars?
    .missing = Enter how much you sent, in dinars

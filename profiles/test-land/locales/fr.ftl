report-amount =
    .label = Combien avez-vous envoyé, en dinars ?
    .missing = Indiquez combien vous avez envoyé, en dinars

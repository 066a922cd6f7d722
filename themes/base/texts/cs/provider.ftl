# Přihlášení pracovníků přes poskytovatele identity jejich firmy.
provider-lead = Máte firemní účet? Přihlaste se s ním.
provider-begin = Přihlásit se firemním účtem
provider-leaving = Přecházíte k firemnímu přihlášení
provider-leaving-lead = Po přihlášení se sem vrátíte sami. Pokud se stránka nezmění, pokračujte tlačítkem.
provider-go = Pokračovat
provider-away = Firemní přihlášení teď neodpovídá. Zkuste to za chvíli, nebo se přihlaste jménem, heslem a kódem.
provider-refused = Firemní přihlášení se nepodařilo ověřit. Zkuste to znovu; pokud to nepomůže, obraťte se na svého vedoucího.
provider-lost = Tento pokus o přihlášení už neplatí, nebo začal jinde. Začněte prosím znovu.
provider-unknown = K tomuto firemnímu účtu tu nemáte přístup. Požádejte svého vedoucího o pozvánku na stejný e-mail.
provider-no-factor = Firemní účet nepotvrdil druhý faktor a vy tu žádný nastavený nemáte. Požádejte svého vedoucího o jeho obnovu.
provider-code-lead = Firemní účet je ověřený. Zbývá jednorázový kód z vaší ověřovací aplikace.
provider-code-wrong = Kód nesouhlasí. Každý platí jen jednou; opište ten, který aplikace ukazuje právě teď.

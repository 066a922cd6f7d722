# Stránky zákazníka: přehled, odběrná místa, odečty, spotřeba, faktury, vyúčtování, zálohy, platby, účet, odkazy, nápověda.

## Nabídka
nav-dashboard = Přehled
nav-supply-points = Odběrná místa
nav-readings = Odečty
nav-consumption = Spotřeba
nav-invoices = Faktury
nav-settlements = Vyúčtování
nav-advances = Zálohy
nav-payments = Platby
nav-account = Můj účet
nav-links = Odkazy

## Dny a měsíce
on-day = { $weekday ->
    [1] v pondělí
    [2] v úterý
    [3] ve středu
    [4] ve čtvrtek
    [5] v pátek
    [6] v sobotu
   *[7] v neděli
} { $date }
days-ahead = { $days ->
    [0] dnes
    [1] zítra
    [few] za { $days } dny
   *[other] za { $days } dní
}
days-ago = { $days ->
    [1] včera
   *[other] před { $days } dny
}
days-overdue = { $days ->
    [one] { $days } den po splatnosti
    [few] { $days } dny po splatnosti
   *[other] { $days } dní po splatnosti
}
month-1 = leden
month-2 = únor
month-3 = březen
month-4 = duben
month-5 = květen
month-6 = červen
month-7 = červenec
month-8 = srpen
month-9 = září
month-10 = říjen
month-11 = listopad
month-12 = prosinec
month-short-1 = led
month-short-2 = úno
month-short-3 = bře
month-short-4 = dub
month-short-5 = kvě
month-short-6 = čvn
month-short-7 = čvc
month-short-8 = srp
month-short-9 = zář
month-short-10 = říj
month-short-11 = lis
month-short-12 = pro

## Pojmy
commodity-electricity = Elektřina
commodity-gas = Plyn
identifier-ean = EAN
identifier-eic = EIC
register-high = VT
register-low = NT
register-volume = objem
reading-kind-distributor = odečet distributora
reading-kind-customer = samoodečet
reading-kind-estimate = odhad distributora
reading-kind-correction = oprava spotřeby
reading-kind-installed = montáž měřidla
reading-kind-removed = demontáž měřidla
reading-source-distributor = distributor
reading-source-customer = vy
reading-source-supplier = dodavatel
invoice-kind-settlement = Řádné vyúčtování
invoice-kind-extraordinary = Mimořádné vyúčtování
invoice-kind-corrective = Opravné vyúčtování
line-energy = Elektřina
line-gas = Plyn
line-standing-charge = Stálý měsíční plat
line-distribution = Distribuce
line-breaker = Příkon podle jističe
line-capacity = Stálý plat za distribuci
line-system-services = Systémové služby
line-infrastructure = Nesíťová infrastruktura
line-electricity-tax = Daň z elektřiny
line-gas-tax = Daň ze zemního plynu
unit-megawatt-hour = MWh
unit-month = měs.
method-transfer = bankovní převod
method-direct-debit = inkaso
method-sipo = SIPO
method-postal-order = složenka
filter-all = Vše
filter-all-years = Všechny roky
filter-unpaid = Jen nezaplacené
filter-commodity = Komodita
filter-year = Rok
filter-state = Úhrada
contract-since = smlouva platí od { $date }
contract-starts = smlouva začne { $date }
contract-ends = smlouva končí { $date }
contract-ended = smlouva skončila { $date }
result-underpayment = Doplatek
result-overpayment = Přeplatek
result-even = Vyrovnáno
bill-paid = zaplaceno
bill-owed = k úhradě
bill-overdue = po splatnosti
bill-to-return = vrátíme
bill-returned = vráceno
bill-even = vyrovnáno
not-given = neuvedeno

## Zaplatit
pay-message-bill = Vyúčtování { $number }
pay-message-advance = Záloha { $month }
pay-qr-label = QR Platba: načtěte ji v bankovní aplikaci
pay-title = Zaplatit QR kódem
pay-close = Zavřít
dashboard-pay = Zaplatit QR kódem
pay-scan = Načtěte kód v bankovní aplikaci. Částku, účet i symbol vyplní za vás.
pay-account = Číslo účtu
pay-symbol = Variabilní symbol
pay-method = Způsob platby
pay-no-code = Částka je vyšší, než umí QR Platba. Použijte údaje vedle.
pay-by-direct-debit = Částku strhneme inkasem. Nemusíte nic posílat.
pay-by-sipo = Částku platíte přes SIPO. Nemusíte nic posílat.

## Přehled
dashboard-title = Přehled
dashboard-greeting = Dobrý den
dashboard-needs = Co je teď potřeba
dashboard-calm = Teď po vás nic nepotřebujeme.
dashboard-calm-more = Až bude něco splatné nebo bude třeba reagovat, uvidíte to zde jako první.
dashboard-money = Peníze
dashboard-balance = Stav účtu
dashboard-account-more = Zobrazit zákaznický účet
dashboard-next = Nejbližší záloha
dashboard-next-overdue = Nezaplacená záloha
dashboard-next-none = Žádná záloha není v příštích dvou měsících splatná.
dashboard-next-more = Všechny zálohy
dashboard-unpaid = Nezaplacená vyúčtování
dashboard-unpaid-none = Všechna vyúčtování máte zaplacená.
dashboard-unpaid-more = Zobrazit, co zbývá uhradit
dashboard-usage = Spotřeba
dashboard-usage-more = Podrobná spotřeba
dashboard-usage-none = Spotřebu zde uvidíte po prvním odečtu, nejpozději po prvním vyúčtování.
dashboard-bills = Nejnovější doklady
dashboard-bills-none = První doklad se zde objeví po vyúčtování, obvykle jednou za rok.
dashboard-bills-more = Všechny doklady
dashboard-readings = Poslední odečty
dashboard-readings-none = Stavy měřidla se zde objeví po prvním odečtu.
dashboard-readings-more = Všechny odečty
dashboard-points = Odběrná místa
dashboard-read = Nahlásit stav
dashboard-points-none = Odběrné místo se zde objeví, jakmile začne platit smlouva.
dashboard-errands = Co můžete vyřídit
need-bill-overdue = Vyúčtování č. { $number } je { $distance }. Zbývá uhradit { $amount }.
need-bill-due = Doplatek { $amount } za vyúčtování č. { $number } je splatný { $day } ({ $distance }).
need-refund = Přeplatek { $amount } z vyúčtování č. { $number } vám vrátíme nejpozději { $date }.
need-advance-overdue = Záloha { $amount } je { $distance }.
need-advance-due = Záloha { $amount } je splatná { $day } ({ $distance }).
need-pay = Zaplatit
need-show-settlement = Zobrazit vyúčtování
need-show-advance = Zobrazit zálohy

## Odběrná místa
points-title = Odběrná místa
points-lead = Místa, kam vám dodáváme energii.
points-none = Zatím zde není žádné odběrné místo. Objeví se, jakmile začne platit vaše smlouva.
points-show = Zobrazit podrobnosti
point-title = Odběrné místo
point-contract-number = Číslo smlouvy
point-contract = Smlouva
point-distributor = Distributor
point-place = Adresy
point-address = Adresa odběrného místa
point-mailing = Adresa pro zasílání
point-mailing-hint = Na ni posíláme poštu. Může být jiná než adresa odběrného místa.
point-technical = Technické údaje
point-terms-caption = Produkt a technické údaje podle dne, od kterého platí
point-since = Platí od
point-current = platí nyní
point-product = Produkt
point-rate = Distribuční sazba
point-breaker = Jistič
point-phases = Počet fází
point-expected = Předpokládaná roční spotřeba
point-meters = Měřidla
point-meters-caption = Měřidla na odběrném místě
point-terms-none = Technické údaje zatím nemáme od distributora.
point-meters-none = Měřidlo zatím nemáme od distributora.
meter-serial = Číslo měřidla
meter-registers = Registry
meter-digits = Počet míst
meter-multiplier = Násobitel
meter-installed = Montáž
meter-removed = Demontáž
meter-in-use = v provozu
point-onward = Co dál s tímto místem

## Odečty
readings-title = Odečty
readings-lead = Stavy, ze kterých se počítá vaše spotřeba.
readings-none = V tomto roce nemáme žádný odečet.
readings-none-ever = Zatím nemáme žádný odečet. První stav sem přijde od distributora při montáži měřidla.
readings-caption = Odečty od nejnovějšího
reading-day = Datum
reading-meter = Měřidlo
reading-register = Registr
reading-state = Stav
reading-kind = Druh
reading-source = Od koho
reading-used = Spotřeba od minulého
readings-exchange-hint = Výměna měřidla má dva řádky: konečný stav starého a počáteční stav nového.

## Spotřeba
usage-title = Spotřeba
usage-lead = Kolik energie jste odebrali, měsíc po měsíci.
usage-none = Zatím neznáme žádnou spotřebu. Objeví se po prvním odečtu.
usage-none-point = Pro toto místo zatím neznáme spotřebu. Objeví se po prvním odečtu.
usage-chart-title = { $commodity }: spotřeba po měsících v roce { $year } v kWh
usage-chart-title-12 = { $commodity }: spotřeba za posledních 12 měsíců v kWh
usage-only-now = Spotřeba { $now }. Rok předtím neznáme.
usage-more = Spotřeba { $now }, o rok dříve { $before }. Ve srovnatelných měsících o { $percent } % více.
usage-less = Spotřeba { $now }, o rok dříve { $before }. Ve srovnatelných měsících o { $percent } % méně.
usage-same = Spotřeba { $now }, o rok dříve { $before }. Ve srovnatelných měsících je to stejně.
usage-key-now = posledních 12 měsíců
usage-key-before = o rok dříve
usage-gap = bez údaje
usage-show = V grafu
usage-show-energy = kWh proti loňsku
usage-show-registers = VT a NT
usage-show-volume = m³ proti loňsku
usage-show-cost = Kč podle vyúčtování
usage-cost-sentence = Kolik stála vyúčtovaná období, v Kč včetně DPH.
usage-by-month = Po měsících
usage-by-period = Podle vyúčtování
usage-by-period-hint = Součty odpovídají fakturovanému množství.
usage-month = Měsíc
usage-high = VT (kWh)
usage-low = NT (kWh)
usage-volume = Objem (m³)
usage-energy = Spotřeba (kWh)
usage-before = O rok dříve (kWh)
usage-total = Celkem
usage-period = Období
usage-invoice = Vyúčtování
usage-gas-hint = Plynoměr měří m³. Na kWh je přepočítává vyúčtování podle objemového koeficientu a spalného tepla.

## Faktury
invoices-title = Faktury
invoices-lead = Doklady za dodávku energie.
invoices-none = Zatím zde není žádná faktura. První přijde po vyúčtování, obvykle jednou za rok.
invoices-none-filtered = Tomuto výběru neodpovídá žádná faktura.
invoices-clear = Zrušit výběr
invoices-unpaid = Zbývá uhradit
invoices-unpaid-count = { $count ->
    [one] { $count } nezaplacená faktura
    [few] { $count } nezaplacené faktury
   *[other] { $count } nezaplacených faktur
}
invoices-overdue-count = { $count ->
    [one] z toho { $count } po splatnosti
   *[other] z toho { $count } po splatnosti
}
invoices-all-paid = Všechny faktury jsou zaplacené.
invoices-caption = Faktury od nejnovější
invoice-number = Číslo
invoice-period = Období
invoice-issued = Vystaveno
invoice-due = Splatnost
invoice-total = Celkem s DPH
invoice-result = Výsledek
invoice-state = Stav
invoice-actions = Doklad
invoice-detail = Výpočet
invoice-pdf = Stáhnout PDF
invoice-pay = Zaplatit QR kódem
file-settlement = vyuctovani-{ $number }

## Vyúčtování
settlements-title = Vyúčtování
settlements-lead = Co jste odebrali, kolik to stálo a co jste zaplatili na zálohách.
settlements-none = Zatím zde není žádné vyúčtování. První přijde nejpozději 15 dní poté, co se dozvíme vaši spotřebu za celé období.
settlement-number = Vyúčtování č.
settlement-show = Zobrazit výpočet
settlement-document = Stáhnout vyúčtování
settlement-owed = Doplatek { $amount }, splatný { $day } ({ $distance }).
settlement-overdue = Doplatek { $amount } měl být zaplacen { $date }, je { $distance }.
settlement-to-return = Přeplatek { $amount } vám vrátíme nejpozději { $date }.
settlement-paid = Doplatek { $amount } jsme přijali. Děkujeme.
settlement-returned = Přeplatek { $amount } jsme vám vrátili.
settlement-even = Zálohy přesně pokryly spotřebu. Nic neplatíte a nic nevracíme.
settlement-about = O vyúčtování
settlement-tax-point = Datum zdanitelného plnění
settlement-point = Odběrné místo
settlement-readings = Z jakých stavů se počítá
settlement-readings-caption = Odečty použité ve vyúčtování
settlement-meter = Měřidlo
settlement-register = Registr
settlement-from = Počáteční stav
settlement-to = Konečný stav
settlement-quantity = Rozdíl
settlement-conversion = Přepočet na energii
settlement-energy = Spotřeba
settlement-gas-hint = Objem v m³ × objemový koeficient × spalné teplo (kWh/m³) = energie v kWh, zaokrouhleno na celé kWh.
settlement-lines = Jak jsme počítali
settlement-lines-caption = Položky vyúčtování bez DPH
settlement-line = Položka
settlement-line-quantity = Množství
settlement-line-price = Cena za jednotku (Kč)
settlement-line-amount = Bez DPH
settlement-base = Základ daně
settlement-vat-label = DPH
settlement-total = Celkem s DPH
settlement-advances = Zaplacené zálohy
settlement-payments = Dosud uhrazeno nebo vráceno
settlement-left = Zbývá

## Zálohy
advances-title = Zálohy
advances-lead = Co platíte průběžně, než přijde vyúčtování.
advances-none = Zálohy zatím nemáte předepsané. Předpis přijde se smlouvou nebo s vyúčtováním.
advances-schedules = Předpis záloh
advances-next = Nejbližší záloha
advances-coming = Nezaplacené a nadcházející
advances-coming-none = Všechny předepsané zálohy jsou zaplacené.
advances-coming-caption = Zálohy, které ještě nejsou zaplacené
advances-past = Zaplacené
advances-past-caption = Zálohy zaplacené za poslední rok
advances-account = Účet pro platby
advance-amount = Částka
advance-interval-label = Jak často
advance-interval = { $months ->
    [1] každý měsíc
    [3] každé čtvrtletí
    [6] každého půl roku
    [12] jednou za rok
    [few] každé { $months } měsíce
   *[other] každých { $months } měsíců
}
advance-since = Platí od
advance-due = Splatnost
advance-point = Odběrné místo
advance-symbol = Variabilní symbol
advance-method = Způsob platby
advance-state = Stav
advance-next-tag = nejbližší
advance-paid-on = zaplaceno { $date }
advance-for-electricity = Elektřina, { $address }
advance-for-gas = Plyn, { $address }

## Platby
payments-title = Platby
payments-lead = Co jsme od vás přijali a na co jsme to použili.
payments-none = Zatím jsme nepřijali žádnou platbu. Objeví se zde den poté, co přijde na náš účet.
payments-caption = Platby od nejnovější
payments-unmatched = { $count ->
    [one] { $count } platbu se nám nepodařilo přiřadit. Zkontrolujte její variabilní symbol a zavolejte nám.
    [few] { $count } platby se nám nepodařilo přiřadit. Zkontrolujte jejich variabilní symbol a zavolejte nám.
   *[other] { $count } plateb se nám nepodařilo přiřadit. Zkontrolujte jejich variabilní symbol a zavolejte nám.
}
payment-day = Přijato
payment-amount = Částka
payment-symbol = Variabilní symbol
payment-method = Způsob platby
payment-matched = Použito na
payment-for-bill = vyúčtování č. { $number }
payment-for-advance = záloha splatná { $date }
payment-unmatched = zatím nepřiřazeno
payment-returned = vráceno vám

## Účet
account-title = Zákaznický účet
account-lead = Údaje, které o vás vedeme.
account-about = Vaše údaje
account-number = Zákaznické číslo
account-name = Jméno
account-company = IČO
account-contacts = Kontakty
account-mailing = Adresa pro zasílání
account-email = E-mail
account-phone = Telefon
account-paying = Jak platíte
account-method = Způsob platby
account-bank = Účet pro vracení přeplatků a inkaso
account-balance = Stav účtu
account-wrong = Nesouhlasí něco? Zavolejte nám nebo napište, kontakty jsou na konci stránky.
balance-owed = Zbývá uhradit
balance-credit = Máte u nás přeplatek
balance-even = Nic nedlužíte
balance-as-of = stav k { $date }

## Odkazy
links-title = Užitečné odkazy
links-lead = Kam se obrátit mimo tento portál.
links-none = Odkazy zatím nejsou připravené.
link-leads-to = vede na

## Nápověda
help-title = Nápověda
help-lead = Najděte odpověď, nebo nám zavolejte.
help-search = Co hledáte
help-search-hint = Například záloha, odečet nebo faktura.
help-search-button = Hledat
help-topics = Témata
help-found = { $count ->
    [one] Našli jsme { $count } článek.
    [few] Našli jsme { $count } články.
   *[other] Našli jsme { $count } článků.
}
help-found-none = Nic jsme nenašli. Zkuste jiné slovo, nebo nám zavolejte.
help-none = Nápověda se připravuje. Zatím nám zavolejte.
help-clear = Zpět na všechna témata
help-back = Zpět na nápovědu
help-open-page = Otevřít stránku, o které je řeč
help-others = Další témata
help-contact = Nenašli jste odpověď?
help-phone = Telefon
help-email = E-mail
help-hours = Kdy nás zastihnete

## Prohlášení o přístupnosti
accessibility-title = Prohlášení o přístupnosti
accessibility-lead = Portál má sloužit každému. Držíme se standardu WCAG 2.2 na úrovni AA a zákona č. 424/2023 Sb.
accessibility-kept = Co portál umí
accessibility-kept-keyboard = Všechno vyřídíte jen s klávesnicí a vždy vidíte, kde jste.
accessibility-kept-script = Všechno funguje i bez JavaScriptu.
accessibility-kept-zoom = Stránky se vejdou na displej široký 320 bodů a snesou zvětšení na 200 %.
accessibility-kept-contrast = Barvy mají dostatečný kontrast ve světlém i tmavém režimu a samy nikdy nenesou význam.
accessibility-kept-charts = Každý graf má slovní shrnutí, hodnoty lze projít klávesnicí a pod grafem je tabulka.
accessibility-gaps = O čem víme
accessibility-gaps-words = Stránky kontrolujeme při každé změně automaticky. Test s uživateli odečítačů obrazovky teprve připravujeme.
accessibility-tell = Narazili jste na překážku?
accessibility-tell-words = Napište nebo zavolejte. Odpovíme do 30 dnů a potřebnou věc s vámi zatím vyřídíme jinak.

# Přihlašování
security-link = Heslo a přihlášení
security-title = Heslo a přihlášení
security-lead = Kdo se k vašemu účtu přihlašuje a jak.
security-password = Změnit heslo
security-present-hint = Abychom věděli, že jste to opravdu vy.
security-new = Nové heslo
security-new-hint = Aspoň { $least } znaků; nejlépe několik slov, která k sobě nepatří. Mezery a háčky nevadí.
security-password-ends = Po změně se odhlásí všechna ostatní zařízení a pošleme vám o ní e-mail.
security-password-send = Změnit heslo
security-password-done = Heslo je změněné. Ostatní zařízení jsme odhlásili.
security-others-done = Ostatní zařízení jsme odhlásili.
security-sessions = Kde jste přihlášeni
security-since = Od
security-until = nejdéle do
security-this = toto zařízení
security-end-others = Odhlásit všechna ostatní
password-short = Heslo má mít aspoň { $least } znaků; zadali jste { $count }. Přidejte další slovo.
password-long = Heslo smí mít nejvýše { $most } bajtů.
password-known = Heslo stojí na slově „{ $word }“, které by zkusil každý. Přidejte slova, která zná jen vy.
password-monotonous = Heslo opakuje stále stejné znaky. Zvolte několik různých slov.

# Zapomenuté heslo
login-forgotten = Zapomněli jste heslo?
forgotten-title = Zapomenuté heslo
forgotten-lead = Napište uživatelské jméno. Pošleme odkaz na e-mail, který u účtu máme.
forgotten-send = Poslat odkaz
forgotten-sent = Pokud účet s tímto jménem existuje a máme k němu e-mail, právě na něj odchází odkaz.
forgotten-sent-more = Odkaz platí 60 minut a jen jednou. Nedorazil? Podívejte se do nevyžádané pošty, nebo nám zavolejte.
new-password-title = Nové heslo
new-password-lead = Zvolte si nové heslo. Tím se odhlásí všechna zařízení.
new-password-done = Heslo je změněné. Teď se s ním můžete přihlásit.
new-password-gone = Odkaz už neplatí: byl použit, vypršel, nebo jste si vyžádali novější.
new-password-again = Požádat o nový odkaz

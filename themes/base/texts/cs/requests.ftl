# Co si zákazník vyřídí: formuláře, kontrola před odesláním, požadavky a jejich příběh, fronta pracovníků.

## Společné
errand-back = Zpět
errand-about = Čeho se to týká
errand-how = Jak to počítáme a co se stane
errand-review = Zkontrolovat
errand-review-title = Zkontrolujte a odešlete
errand-changes = Co se změní
errand-what = Údaj
errand-old = Dosud
errand-new = Nově
errand-edit = Upravit
errand-sure = Ano, údaje jsou správně.
errand-why = Důvod (nepovinné)
errand-at-once = Změna platí hned po odeslání. Nikdo na ni nečeká.
errand-by-people = Požadavek posoudí náš pracovník. Vyřídíme ho nejpozději { $day }.
errand-by-distributor = Požadavek předáme distributorovi, který o něm rozhoduje. Ozveme se nejpozději { $day }.
errand-conflict-title = Tento formulář už jste odeslali
errand-conflict-lead = Odeslali jste ho s jinými údaji. Nic dalšího jsme neuložili; nový požadavek zadejte z nového formuláře.
errand-conflict-show = Zobrazit požadavek

## Chyby v polích
mistake-missing = Vyplňte toto pole.
mistake-unchanged = Tento údaj už máte. Zadejte jiný, nebo se vraťte zpět.
mistake-number = Zadejte číslo, jen číslice.
mistake-decimals = Zadejte číslo bez tolika desetinných míst.
mistake-number-long = Číslo je příliš dlouhé. Zkontrolujte, zda jste ho opsali správně.
mistake-number-ambiguous = Není jasné, zda tečka odděluje tisíce, nebo desetinná místa. Napište tisíce bez tečky a desetinná místa za čárku.
mistake-date = Takové datum není. Napište ho třeba takto: 23. 11. 2026.
mistake-year = Zkontrolujte rok, má mít čtyři číslice.
mistake-long = Text má { $count } znaků, vejde se nejvýše { $limit }. Zkraťte ho.
mistake-letters = Text obsahuje znaky, které nelze uložit. Napište ho prosím znovu ručně.
mistake-email = Zadejte jednu e-mailovou adresu ve tvaru jmeno@domena.cz.
mistake-email-long = Adresa je delší než 254 znaků. Zkontrolujte ji.
mistake-email-international = Adresu s diakritikou v doméně zatím neumíme. Zadejte jinou.
mistake-email-required = E-mail potřebujeme, bez něj vám nemůžeme posílat výzvy. Zadejte ho.
mistake-phone = Zadejte devět číslic, nebo číslo s předvolbou, třeba +420 777 123 456.
mistake-postcode = PSČ má pět číslic, třeba 110 00.
## Změny
account-change-contact = Změnit telefon nebo e-mail
account-change-address = Změnit adresu pro poštu
change-contact-title = Změnit telefon nebo e-mail
change-contact-lead = Na tyto kontakty vám píšeme a voláme.
change-contact-send = Uložit kontakty
change-contact-phone-hint = Devět číslic, nebo číslo s předvolbou.
change-contact-email-hint = Na nový e-mail pošleme odkaz. Dokud ho nepotvrdíte, píšeme na dosavadní.
change-contact-link = Na nový e-mail pošleme odkaz platný 48 hodin. Změna e-mailu začne platit, až na něm potvrdíte tlačítko.
change-address-title = Změnit adresu pro poštu
change-address-lead = Sem posíláme dopisy a faktury. Adresa odběrného místa se nezmění.
change-address-send = Uložit adresu
address-street = Ulice a číslo
address-city = Obec
address-postcode = PSČ
confirm-email-title = Potvrzení e-mailu
confirm-email-lead = Stiskněte tlačítko a budeme vám psát na tuto adresu.
confirm-email-send = Potvrdit e-mail
confirm-email-done = Hotovo. Od teď píšeme na tuto adresu.
confirm-email-gone = Odkaz už neplatí: byl použit, vypršel, nebo jste mezitím zadali jinou adresu. Požádejte o změnu znovu.

## Záloha
advances-change = Změnit výši zálohy
change-advance-title = Změnit výši zálohy
change-advance-lead = Vyšší záloha znamená menší doplatek, nižší záloha větší.
change-advance-send = Změnit zálohu
change-advance-now = Platíte
change-advance-recommended = Doporučujeme
change-advance-amount = Nová záloha
change-advance-from = Od zálohy splatné
change-advance-range = Od { $from } do { $to }.
change-advance-out = Záloha může být od { $from } do { $to }. Zadejte částku v tomto rozmezí.
change-advance-crowns = SIPO umí jen celé koruny. Zadejte částku bez haléřů.
change-advance-none-ahead = V tomto rozpisu už není záloha, kterou by šlo změnit. Nový rozpis dostanete s vyúčtováním.
change-advance-step = { $register }: { $kwh } × { $price } Kč/MWh = { $amount } bez DPH za rok.
change-advance-sum = Stálé platy { $fixed } za rok ({ $month } za měsíc), DPH { $vat }, celkem { $total } za rok. Doporučená záloha je dvanáctina, zaokrouhlená nahoru na desetikoruny.

## Samoodečet
readings-new = Nahlásit stav měřidla
settlements-new = Požádat o mimořádné vyúčtování
self-reading-title = Nahlásit stav měřidla
self-reading-lead = Opište čísla z měřidla. Hned ověříme, zda navazují na poslední odečet.
self-reading-send = Odeslat stav
self-reading-choose = Vyberte odběrné místo.
self-reading-here = Vybrat
self-reading-none = Nemáte žádné odběrné místo s platnou smlouvou.
self-reading-day = Den odečtu
self-reading-day-hint = Od { $from } do { $to }.
self-reading-high = Vysoký tarif (VT, T1)
self-reading-low = Nízký tarif (NT, T2)
self-reading-volume = Stav plynoměru
self-reading-digits = Opište { $digits } číslic před čárkou; červené číslice za čárkou nechte být.
self-reading-digits-gas = Opište { $digits } číslic v černém poli; červené pole za čárkou nechte být.
self-reading-last = Minule { $state } ({ $day }).
self-reading-used = { $register }: od minulého odečtu { $used }.
reading-date-future = Odečet nemůže být v budoucnu. Zadejte den nejpozději { $day }.
reading-date-old = Odečet je příliš starý. Zadejte den nejdříve { $day }.
reading-date-before = Novější odečet ze dne { $day } už máme. Zadejte pozdější den.
reading-missing = Zadejte i tento stav, měřidlo má oba tarify.
reading-unknown = Toto místo nemá nízký tarif. Nechte pole prázdné.
reading-digits = Měřidlo má { $digits } číslic. Zkontrolujte, zda neopisujete i místa za čárkou.
reading-before = Stav je nižší než minulý ({ $state }, { $day }). Zkontrolujte, zda čtete správný řádek. Pokud vám vyměnili měřidlo, napište nám.
reading-absurd = Vychází spotřeba { $used }, obvykle tu bývá { $usual }. Zkontrolujte číslice; pokud opravdu sedí, napište nám.
reading-low = { $register }: vychází spotřeba { $used }, obvykle tu bývá { $usual }. Je to v pořádku?
reading-high = { $register }: vychází spotřeba { $used }, obvykle tu bývá { $usual }. Je to v pořádku?
reading-zero = Za { $days } dní vychází nulová spotřeba. Je to v pořádku?
reading-rolled = Stav je nižší než minulý ({ $previous }). Měřidlo se zřejmě přetočilo, spotřeba vychází { $used }. Je to tak?
extraordinary-title = Požádat o mimořádné vyúčtování
extraordinary-lead = Vyúčtujeme odběr ke dni, který zadáte. Potřebujeme k tomu stav měřidla.
extraordinary-send = Odeslat žádost
extraordinary-price = Cena
extraordinary-price-list = podle ceníku služeb

## Dotaz a reklamace
question-title = Položit dotaz
question-lead = Odpověď najdete zde v požadavcích; e-mailem vám jen dáme vědět, že přišla.
question-send = Odeslat dotaz
question-subject = Předmět
question-words = Vaše zpráva
question-words-hint = Nejvýše 5 000 znaků.
complaint-title = Reklamovat vyúčtování
complaint-lead = Rozhodneme do 15 dnů od přijetí; peníze vypořádáme do 30 dnů.
complaint-send = Odeslat reklamaci
settlement-complain = Reklamovat vyúčtování

## Požadavky
nav-requests = Požadavky
errand-reading = Nahlásit stav měřidla
errand-advance = Změnit výši zálohy
errand-contact = Změnit telefon nebo e-mail
errand-address = Změnit adresu pro poštu
errand-extraordinary = Požádat o mimořádné vyúčtování
errand-question = Položit dotaz
requests-title = Moje požadavky
requests-lead = Vše, o co jste požádali, a kdy to bude hotové.
requests-none = Zatím jste o nic nepožádali. Co odešlete, uvidíte zde i s lhůtou.
requests-caption = Vaše požadavky
request-by = nejpozději
request-number = Číslo
request-kind = Druh
request-received = Přijato
request-state = Stav
request-clock = Lhůta
request-story = Průběh
request-receipt-done = Hotovo
request-receipt-open = Přijali jsme váš požadavek
request-next-done = Změna už platí. Potvrzení jsme poslali i e-mailem.
request-next-open = Číslo si poznamenejte, podle něj požadavek kdykoli najdeme. O každém kroku dáme vědět e-mailem.
request-clock-left = { $days ->
    [0] do { $day }
    [one] zbývá { $days } pracovní den, do { $day }
    [few] zbývají { $days } pracovní dny, do { $day }
   *[other] zbývá { $days } pracovních dnů, do { $day }
}
request-clock-today = dnes je poslední den
request-clock-over = lhůta uplynula { $day }
request-answer = Vaše odpověď
request-answer-send = Odeslat odpověď
request-withdraw = Vzít zpět
request-withdraw-sure = Opravdu vzít požadavek zpět?
request-withdraw-yes = Ano, vzít zpět
request-withdraw-no = Ne, nechat běžet
request-kind-contact = Kontakty
request-kind-mailing-address = Adresa pro poštu
request-kind-master-data = Osobní údaje
request-kind-advance = Výše zálohy
request-kind-payment-method = Způsob placení
request-kind-bank-account = Bankovní spojení
request-kind-tariff = Distribuční sazba
request-kind-breaker = Velikost jističe
request-kind-extraordinary-settlement = Mimořádné vyúčtování
request-kind-reading = Samoodečet
request-kind-question = Dotaz
request-kind-form = Formulář
request-kind-appointment = Návštěva kanceláře
request-kind-representative = Zpráva obchodnímu zástupci
request-kind-contract = Smlouva
request-kind-complaint = Reklamace vyúčtování
request-kind-refund = Vrácení přeplatku
request-state-new = přijato
request-state-in-progress = vyřizujeme
request-state-waiting-for-customer = čeká na vás
request-state-waiting-for-distributor = čeká na distributora
request-state-done = vyřízeno
request-state-refused = zamítnuto
request-state-withdrawn = vzato zpět
request-event-received = Přijato
request-event-done = Provedeno
request-event-withdrawn = Vzato zpět
request-event-answered = Odpověď zákazníka
request-event-take = Převzato
request-event-release = Vráceno do fronty
request-event-answer = Odpověď
request-event-ask = Dotaz na zákazníka
request-event-note = Interní poznámka
request-event-pass = Předáno distributorovi
request-event-approve = Schváleno
request-event-refuse = Zamítnuto
request-event-undo = Vráceno do původního stavu

## Fronta pracovníků
operator-nav-queue = Fronta
queue-title = Fronta požadavků
queue-none = Tady nic nečeká.
queue-show = Zobrazit
queue-show-open = Otevřené
queue-show-free = Volné
queue-show-mine = Moje
queue-show-late = Po lhůtě
queue-show-closed = Uzavřené
queue-search = Číslo požadavku nebo zákazník
queue-customer = Zákazník
queue-visitor = návštěvník
queue-assignee = Řeší
queue-handled = Zpracování
queue-at-once = provedeno hned, bez pracovníka
queue-words = Sdělení nebo důvod
queue-words-hint = Odpověď, dotaz a důvod uvidí zákazník. Interní poznámku jen kolegové.
queue-words-missing = Napište, co zákazníkovi sdělujete, nebo důvod.
queue-conflict = Mezitím s požadavkem pracoval někdo jiný. Podívejte se na aktuální stav a zkuste to znovu.
queue-act-take = Převzít
queue-act-release = Vrátit do fronty
queue-act-answer = Odpovědět
queue-act-ask = Zeptat se zákazníka
queue-act-note = Interní poznámka
queue-act-pass = Předat distributorovi
queue-act-approve = Schválit
queue-act-refuse = Zamítnout
queue-act-undo = Vrátit změnu

# Peníze a technické údaje: bankovní spojení, způsob placení, osobní údaje, sazba a jistič.

## Chyby v polích
mistake-account-form = Zadejte účet ve tvaru předčíslí-číslo/kód banky, třeba 19-2000145399/0800, nebo IBAN.
mistake-account-prefix = Předčíslí účtu nesouhlasí. Zkontrolujte číslice před pomlčkou.
mistake-account-number = Číslo účtu nesouhlasí, některá číslice je přepsaná. Zkontrolujte je.
mistake-account-bank = Kód banky má čtyři číslice. Najdete ho za lomítkem.
mistake-account-iban = IBAN nesouhlasí, některý znak chybí nebo je přepsaný. Zkontrolujte ho.
mistake-account-foreign = Zatím umíme jen české účty. Zadejte IBAN, který začíná CZ.
mistake-account-missing = K inkasu potřebujeme číslo účtu. Zadejte ho.
mistake-sipo-missing = K SIPO potřebujeme spojovací číslo. Najdete ho na dokladu SIPO.
mistake-sipo-length = Spojovací číslo má 10 číslic; zadali jste { $count }.
mistake-sipo-charset = Spojovací číslo jsou jen číslice. Opište ho z dokladu SIPO.
mistake-company-id = IČO má osm číslic a poslední je kontrolní. Zkontrolujte ho.

## Ověření heslem
proof-password = Vaše současné heslo
proof-hint = Jde o peníze, proto se ptáme ještě jednou.
proof-missing = Zadejte heslo, kterým se přihlašujete.
proof-wrong = Heslo nesouhlasí. Zkuste to znovu.

## Co jde vyřídit
errand-bank = Změnit bankovní spojení
errand-payment-method = Změnit způsob placení
errand-details = Změnit jméno nebo IČO
errand-rate = Požádat o jinou sazbu
errand-breaker = Požádat o jiný jistič

## Bankovní spojení
change-bank-title = Změnit bankovní spojení
change-bank-lead = Na tento účet vracíme přeplatky.
change-bank-send = Změnit účet
change-bank-account = Nový účet
change-bank-hint = České číslo účtu s kódem banky, nebo IBAN.
bank-unknown = Banku s kódem { $code } neznáme. Je kód správně?

## Způsob placení
change-payment-title = Změnit způsob placení
change-payment-lead = Vyberte, jak chcete platit zálohy.
change-payment-send = Změnit způsob placení
change-payment-choose = Vyberte jeden ze způsobů.
change-payment-note-transfer = Platíte sami, nejlépe trvalým příkazem.
change-payment-note-direct-debit = Částku si strhneme z vašeho účtu.
change-payment-note-sipo = Platíte s ostatními poplatky domácnosti přes Českou poštu.
change-payment-note-postal-order = Platíte složenkou na poště.
change-payment-account = Účet pro inkaso
change-payment-account-hint = Vyplňte jen k inkasu: číslo účtu s kódem banky, nebo IBAN.
change-payment-sipo = Spojovací číslo SIPO
change-payment-sipo-hint = Vyplňte jen k SIPO: 10 číslic z dokladu SIPO.
change-payment-consent = Ve své bance povolte inkaso ve prospěch účtu { $account }. Bez souhlasu platba neprojde.
change-payment-from = Platí od
change-payment-instalment = Záloha splatná { $day }

## Osobní údaje
change-details-title = Změnit jméno nebo IČO
change-details-lead = Třeba po svatbě, nebo když se změnil název firmy.
change-details-send = Uložit údaje
change-details-name-hint = Jméno a příjmení, nebo název firmy.
change-details-company-hint = Jen podnikatelé: osm číslic.
change-details-technical = Technické údaje odběrného místa se zde nemění.

## Sazba a jistič
change-rate-title = Požádat o jinou distribuční sazbu
change-rate-lead = Nabízíme jen sazby, které může distributor přiznat.
change-rate-send = Odeslat žádost
change-rate-new = Nová sazba
change-rate-meter = Tato sazba potřebuje jiný elektroměr. Distributor ho přijede vyměnit.
change-breaker-title = Požádat o jiný jistič
change-breaker-lead = Velikost jističe určuje, kolik spotřebičů poběží najednou a kolik platíte za příkon.
change-breaker-send = Odeslat žádost
change-breaker-new = Nový jistič
change-breaker-fee = Jistič vymění elektrikář na vaše náklady. Za vyšší příkon účtuje distributor poplatek za každý přidaný ampér.
change-breaker-month = Za současný jistič platíte { $amount } měsíčně bez DPH. Cenu nového stanoví ceník distributora; dozvíte se ji, než změnu potvrdíte.
change-breaker-list = Ceny jsou z ceníku distribuce pro sazbu { $rate } platného od { $day }, bez DPH.
change-breaker-costs = { $amount } měsíčně
change-breaker-more = o { $amount } více
change-breaker-less = o { $amount } méně
change-breaker-price = Platba za příkon měsíčně bez DPH
change-terms-choose = Vyberte jednu z možností.
change-terms-open = O tuto změnu jste už požádali, vyřizujeme ji pod číslem { $reference }. Další žádost zatím není potřeba.
change-terms-from = Nejdříve od
change-terms-papers = Doklady
change-terms-papers-later = Doklady si připravte. Napíšeme vám, jak je předat.
rate-low-never = bez nízkého tarifu
rate-low-hours = nízký tarif { $hours } hodin denně
rate-low-weekends = nízký tarif o víkendu
paper-revision-report = zpráva o revizi
paper-storage-heating-declaration = prohlášení o akumulačním topení nebo ohřevu vody
paper-direct-heating-declaration = prohlášení o přímotopech
paper-heat-pump-declaration = prohlášení o tepelném čerpadle
paper-electric-car-declaration = doklad o elektromobilu
paper-weekend-use-declaration = prohlášení o víkendovém odběru
paper-public-lighting-declaration = prohlášení o veřejném osvětlení

## Zprávy
notice-bank-changed-subject = Změna bankovního spojení
notice-bank-changed-sentence = V portálu někdo zadal nový účet pro vaše platby. Pokud jste to nebyli vy, hned nám zavolejte.
notice-bank-changed-open = Zobrazit požadavky

## Doklady
settlement-isdoc = Stáhnout ISDOC
settlement-isdocx = Stáhnout ISDOC s PDF
isdoc-agreement = Souhlas s elektronickým vyúčtováním v zákaznickém portálu, smlouva { $contract }
isdoc-note = { $commodity }, období { $period }, odběrné místo { $code }
request-pdf = Stáhnout potvrzení (PDF)
confirmation-title = Potvrzení
confirmation-lead = Potvrzujeme, že jsme přijali níže uvedený požadavek. Podle jeho čísla ho kdykoli najdeme.
confirmation-done = Potvrzujeme, že jsme níže uvedený požadavek vyřídili.
confirmation-footer = { $supplier }, { $portal }
confirmation-file = potvrzeni

## Odhad vyúčtování a proč je to víc
errand-forecast = Odhad příštího vyúčtování
forecast-title = Odhad příštího vyúčtování
forecast-lead = Spočítali jsme ho z vašich odečtů a cen posledního vyúčtování. Je to odhad, ne faktura.
forecast-nothing = Nemáte žádné odběrné místo s platnou smlouvou.
forecast-none = Odhad spočítáme, až budete mít první vyúčtování.
forecast-owed = Podle odhadu doplatíte { $amount }.
forecast-returned = Podle odhadu vám vrátíme { $amount }.
forecast-even = Podle odhadu vyjdou zálohy přesně.
forecast-period = Období
forecast-used = Spotřeba do posledního odečtu
forecast-read-on = odečet { $day }
forecast-unread = v tomto období zatím není odečet
forecast-rest = Do konce období čekáme
forecast-rest-note = podle vaší spotřeby v minulém období
forecast-total = Cena celkem s DPH
forecast-advances = Zálohy
forecast-advances-note = { $count ->
    [0] všechny zálohy jsou zaplacené
    [one] zbývá zaplatit { $count } zálohu, { $amount }
    [few] zbývá zaplatit { $count } zálohy po { $amount }
   *[other] zbývá zaplatit { $count } záloh po { $amount }
}
forecast-how = Jak jsme to spočítali
forecast-step = { $register }: { $kwh } × { $price } Kč/MWh = { $amount } bez DPH
forecast-sum = Stálé platy { $fixed }, DPH { $vat }, celkem { $total }
forecast-what-if = Co kdyby byla záloha
forecast-what-if-hint = Jen výpočet, zálohu tím nezměníte. Předvyplnili jsme částku, se kterou by nezbyl doplatek.
forecast-reckon = Spočítat
forecast-answer = Se zálohou { $amount }: { $outcome }
why-title = Proč je to jinak než minule
why-more = Vyúčtování je o { $amount } vyšší než za období { $period }.
why-less = Vyúčtování je o { $amount } nižší než za období { $period }.
why-same = Vyúčtování je stejné jako za období { $period }.
why-caption = Z čeho se rozdíl skládá
why-cause = Příčina
why-amount = Rozdíl
why-volume = Jiná spotřeba
why-price = Jiné ceny
why-days = Jinak dlouhé období
why-tax = Daň z energie a DPH
why-total = Rozdíl celkem

# Přeplatky
overpayments-link = Kde jsou mé přeplatky
overpayments-title = Přeplatky
overpayments-lead = Kolik vám dlužíme, do kdy to pošleme a co už odešlo.
overpayments-open = Na cestě k vám
overpayments-none = Zatím jste žádný přeplatek neměli.
overpayment-to = Pošleme na účet { $account }.
overpayment-to-nowhere = Nemáme číslo vašeho účtu, přeplatek proto pošleme složenkou.
overpayment-change = Změnit účet
overpayment-steps = Cesta přeplatku
overpayment-issued = Vyúčtování vystaveno { $day }
overpayment-by = Vrátíme do { $day }
overpayment-sent-on = Odesláno { $day }
overpayment-sent = Odesláno
overpayment-not-sent = Zatím neodesláno
overpayment-late = Lhůta pro vrácení uplynula. Podejte reklamaci: rozhodneme o ní do 15 dnů, peníze vrátíme do 30 dnů.
overpayment-claim = Reklamovat

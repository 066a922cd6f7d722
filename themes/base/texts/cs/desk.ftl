# Stůl operátora a konzole platformy.
operator-name = Správa portálu
operator-customers = Zákazníků
operator-features-on = Zapnutých funkcí
operator-features-off = { $count ->
    [0] Nic není vypnuto.
    [one] { $count } funkce je vypnutá.
    [few] { $count } funkce jsou vypnuté.
   *[other] { $count } funkcí je vypnutých.
}
operator-revision = Revize
operator-reach = { $instances ->
    [one] platí na jediné instanci
   *[other] platí na { $loaded } z { $instances } instancí
}
operator-features-lead = Co vaše smlouva obsahuje. Vypnutá funkce zmizí zákazníkům ihned a všude; uložené údaje zůstanou.
operator-saved = Uloženo. Změna „{ $name }“ platí na všech serverech.
operator-off-since = Vypnuto { $at }, { $by }:
operator-on = zapnuto
operator-off = vypnuto
operator-turn-on = Zapnout
operator-turn-off = Vypnout
operator-history = Historie změn
operator-when = Kdy
operator-who = Kdo
operator-why = Proč
operator-undo = Vrátit zpět
operator-confirm-off = Vypnout: { $name }
operator-confirm-on = Zapnout: { $name }
operator-at-once = Změna se projeví okamžitě a můžete ji vrátit.
operator-reason = Důvod
operator-reason-hint = Uvidí ho kolegové v historii.
operator-cancel = Nechat beze změny
platform-name = Konzole platformy
platform-total = { $count ->
    [one] { $count } dodavatel
    [few] { $count } dodavatelé
   *[other] { $count } dodavatelů
}
platform-supplier = Dodavatel
platform-portal = Portál
platform-state = Stav
platform-origin = Původ
platform-theme = Vzhled
platform-features = Funkce
platform-off = Vypnuto
platform-aliases = Další adresy
platform-command = Příkaz
platform-document = Dokument a smlouva
onboard-lead = Vyplňte formulář, nebo nahrajte dokument TOML. Zkontrolujeme všechno najednou a portál spustíme bez restartu.
onboard-problems = Zatím nelze spustit:
onboard-form = Formulář
onboard-slug = Zkratka (malá písmena, číslice, spojovník)
onboard-name-cs = Název dodavatele česky
onboard-name-en = Název anglicky
onboard-portal-cs = Jméno portálu česky
onboard-portal-en = Jméno portálu anglicky
onboard-host = Adresa (hostitel bez portu)
onboard-mount = Cesta, prázdné = /
onboard-phone = Zákaznická linka
onboard-fault-line = Poruchová linka
onboard-email = E-mail
onboard-address = Poštovní adresa
onboard-account = Bankovní účet (předčíslí-číslo/banka)
onboard-mail-from = Odesílatel e-mailů
onboard-theme = Vzhled
onboard-upload = Dokument
onboard-upload-hint = Nahraný nebo vložený dokument má přednost před formulářem.
onboard-document-file = Soubor tenants/….toml
onboard-document = nebo vložte TOML
onboard-policy-file = Soubor policies/….csv
onboard-policy = nebo vložte CSV smlouvy; jinak platí zaškrtnuté funkce
onboard-send = Zkontrolovat a spustit
onboard-done = { $name } je v provozu
onboard-detail = Podrobnosti dodavatele
messages-lead = Vše, co odešlo: e-maily, SMS a dopisy. Jen v ukázkovém provozu.
messages-channel = Kanál
messages-to = Komu
messages-subject = Předmět
messages-none = Zatím nic neodešlo.
messages-not-yet = (ještě neodesláno)
messages-links = Odkazy ze zprávy
operator-until = Automaticky zapnout dne
operator-until-hint = Nepovinné. Funkce se v ten den zapne sama, bez restartu; i to půjde vrátit zpět.
operator-off-until = Zapne se sama { $day }.
operator-flip-until-wrong = Den zapnutí musí být v budoucnu, ve tvaru 2027-01-31. Nechte pole prázdné, pokud ji zapnete sami.
platform-nav-catalogue = Vzorník
catalogue-title = Vzorník
catalogue-lead = Všechny díly stránek v tomto vzhledu. Údaje jsou smyšlené.
catalogue-themes = Vzhledy
catalogue-colours = Barvy
catalogue-type = Písmo
catalogue-actions = Tlačítka a odkazy
catalogue-pages = Stránky seznamu
catalogue-newer = Novější
catalogue-older = Starší
catalogue-forms = Formuláře
catalogue-steps = Kroky
catalogue-said = Sdělení
catalogue-numbers = Tabulky a grafy
messages-as-mail = Zobrazit jako v poště

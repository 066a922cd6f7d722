# Odstávky: zprávy.
notice-outage-planned-subject = Odstávka elektřiny { $day }, { $place }
notice-outage-planned-title = Nepůjde elektřina
notice-outage-planned-sentence = na vašem odběrném místě distributor plánuje odstávku elektřiny.
notice-outage-planned-sms = odstávka elektřiny
notice-outage-changed-subject = Změna odstávky elektřiny { $day }, { $place }
notice-outage-changed-title = Odstávka se změnila
notice-outage-changed-sentence = distributor změnil odstávku elektřiny, o které jsme vám psali. Platí to, co je v této zprávě.
notice-outage-changed-sms = změna odstávky elektřiny, nově
notice-outage-cancelled-subject = Odstávka elektřiny { $day } nebude, { $place }
notice-outage-cancelled-title = Odstávka nebude
notice-outage-cancelled-sentence = odstávka elektřiny, o které jsme vám psali, se vašeho odběrného místa netýká nebo ji distributor zrušil. Elektřina půjde jako obvykle.
notice-outage-cancelled-sms = odstávka elektřiny nebude
notice-outage-sms-before = Předtím
notice-outage-when = Kdy
notice-outage-before = Předtím:
notice-outage-lasts = Jak dlouho
notice-outage-where = Kde
notice-outage-why = Důvod
notice-outage-advice = Vypněte prosím před odstávkou přístroje, kterým by náhlé zapnutí mohlo uškodit. Elektřina může jít i dřív, než je uvedeno.
notice-outage-source = Podle údajů distributora: { $name }.
notice-outage-source-short = Podle údajů distributora.
notice-outage-open = Zobrazit odstávku
notice-outage-calendar = Přidat do kalendáře
# Odstávky: stránky.
nav-outages = Odstávky
outages-title = Odstávky
outages-lead = Kdy a jak dlouho nepůjde na vašich odběrných místech elektřina, podle údajů distributora.
outages-now-until = Právě teď nejde elektřina: { $place }. Podle distributora má začít jít { $until }.
outages-now = Právě teď nejde elektřina: { $place }.
outages-coming = Probíhající a plánované
outages-past = Za posledního půl roku
outages-none = Na vašich odběrných místech teď není ohlášena žádná odstávka. Až ji distributor ohlásí, uvidíte ji tady.
outages-around-link = Odstávky ve vašem okolí
outages-wishes = Dáme vám vědět předem
outages-wishes-lead = Zvolte, jak vás máme u každého odběrného místa upozornit na plánovanou odstávku, na její změnu a na její zrušení. Je to zdarma.
outages-to-mail = E-maily posíláme na { $to }.
outages-to-sms = SMS posíláme na { $to }.
outages-no-mail = E-maily vám posílat nemůžeme, protože neznáme vaši adresu.
outages-no-sms = SMS vám posílat nemůžeme, protože neznáme vaše číslo.
outages-enter = Doplnit
outages-by-mail = Upozornit e-mailem
outages-by-sms = Upozornit SMS
outages-save = Uložit
outages-saved = Uloženo. Upozorníme vás tak, jak jste zvolili.
outage-title = Odstávka elektřiny
outage-when = Kdy
outage-lasts = Jak dlouho
outage-where = Odběrné místo
outage-why = Důvod
outage-state = Stav
outage-number = Číslo u distributora
outage-coming = Plánovaná
outage-running = Právě probíhá
outage-over = Skončila
outage-cancelled = Zrušená
outage-changed = Změněno proti dřívějšímu oznámení
outage-planned = Plánovaná práce na síti
outage-fault = Porucha
outage-more-places = { $count ->
    [one] a ještě { $count } místo
    [few] a ještě { $count } místa
   *[other] a ještě { $count } míst
}
outages-more-streets = { $count ->
    [one] a ještě { $count } ulice
    [few] a ještě { $count } ulice
   *[other] a ještě { $count } ulic
}
outage-elsewhere = Tato odstávka se vašich odběrných míst netýká. Elektřina u vás půjde jako obvykle.
outage-add = Přidat do kalendáře
outage-versions = Co se měnilo
outage-version-first = Ohlášena
outage-version-changed = Změněna
outage-version-cancelled = Zrušena
outage-version-restored = Zrušení odvoláno
outage-version-times = Nově { $after }, předtím { $before }.
outage-version-reason = Nový důvod: { $reason }.
outage-version-places = Distributor upřesnil, kterých míst se týká.
outage-calendar-summary = Odstávka elektřiny: { $place }
outages-off-title = Zprávy o odstávkách
outages-off-lead = Přestaneme vám posílat zprávy o odstávkách na tomto odběrném místě.
outages-off-send = Vypnout zprávy
outages-off-done = Hotovo. Zprávy o odstávkách pro { $place } vám už touto cestou neposíláme.
outages-off-portal = Nastavit zprávy o odstávkách v portálu
outages-public-title = Odstávky ve vašem okolí
outages-public-lead = Ohlášené odstávky elektřiny v obcích, kde dodáváme, podle údajů distributora.
outages-public-as-of = Stav k { $at }
outages-public-municipality = Obec
outages-public-all = Všechny obce
outages-public-show = Zobrazit
outages-public-streets = Ulice a části obce
outages-public-whole = Distributor neuvedl
outages-public-none = Žádná odstávka teď není ohlášena.
outages-public-own = Odstávky na vašich odběrných místech

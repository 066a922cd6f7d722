# Věty, které skládá program: přihlášení, chyby, role, nabídky.
login-wrong = Jméno nebo heslo nesouhlasí. Zkontrolujte je, nebo si u nás vyžádejte nový přístup.
login-expired = Toto heslo už neplatí: bylo jen na první přihlášení a jeho lhůta uplynula. Požádejte si o nové.
staff-login-wrong = Jméno, heslo nebo kód nesouhlasí. Každý kód platí jen jednou; počkejte na další a zkuste to znovu.
login-too-many = Příliš mnoho pokusů. Počkejte několik minut a zkuste to znovu.
login-busy = Právě se přihlašuje mnoho lidí. Zkuste to za okamžik znovu.

error-400-title = Požadavku nerozumíme
error-400-sentence = Stránka dostala údaje, které neumí přečíst.
error-400-remedy = Vraťte se o krok zpět a zkuste to znovu.
error-403-title = Formulář už neplatí
error-403-sentence = Stránka byla otevřená příliš dlouho, nebo přišla odjinud. Nic jsme nezměnili.
error-403-remedy = Obnovte stránku s formulářem: vraťte se na ni, načtěte ji znovu a formulář vyplňte a odešlete ještě jednou.
error-404-title = Tady nic není
error-404-sentence = Stránka neexistuje, nebo služba není v nabídce vašeho dodavatele.
error-404-remedy = Pokračujte z úvodní stránky.
error-off-title = Formulář jsme nepřijali
error-off-sentence = Služba byla mezitím vypnuta, není v nabídce, nebo tato stránka neexistuje. Nic jsme neuložili.
error-off-remedy = Pokračujte z úvodní stránky. Potřebujete-li službu hned, zavolejte nám.
error-405-title = Takto to nejde
error-405-sentence = Tuto stránku nelze otevřít tímto způsobem.
error-405-remedy = Pokračujte z úvodní stránky.
error-413-title = Příliš mnoho dat
error-413-sentence = Odeslaný formulář má i se soubory víc než { $limit } MB, a tolik najednou nepřijmeme. Nic jsme neuložili a text tu ukázat neumíme.
error-413-remedy = Vraťte se tlačítkem Zpět ve svém prohlížeči, formulář v něm zůstane vyplněný. Zmenšete přílohu nebo text a odešlete ho znovu: do dotazu nebo zprávy se vejde nejvýše { $longest } znaků.
typed-title = Co jste napsali
typed-lead = Zkopírujte si to, než stránku opustíte. Hesla, kódy a soubory tu nejsou.
typed-cut = Tak dlouhý text se sem nevešel celý.
error-429-title = Příliš mnoho pokusů
error-429-sentence = Z vašeho připojení přišlo v krátké době mnoho požadavků.
error-429-remedy = Počkejte několik minut a zkuste to znovu.
error-500-title = U nás se něco pokazilo
error-500-sentence = Chyba je na naší straně. Vaše údaje se nezměnily.
error-500-remedy = Zkuste to za chvíli znovu. Pokud chyba trvá, zavolejte nám a uveďte číslo níže.
error-late-title = Trvá to déle než obvykle
error-late-sentence = Na výsledek jsme čekali příliš dlouho. Co jste odeslali, se možná ještě zpracovává.
error-late-remedy = Než to zkusíte znovu, podívejte se za chvíli, zda už je hotovo.
error-503-title = Služba je na chvíli nedostupná
error-503-sentence = Některá část portálu právě neodpovídá.
error-503-remedy = Zkuste to za několik sekund znovu.

errand-supply-points = Prohlédnout odběrná místa
errand-readings = Zkontrolovat odečty
errand-consumption = Sledovat spotřebu
errand-invoices = Najít faktury
errand-settlements = Porozumět vyúčtování
errand-advances = Zjistit předepsané zálohy
errand-payments = Ověřit přijaté platby
errand-pdf = Stáhnout fakturu v PDF
errand-links = Najít důležité odkazy
errand-account = Zkontrolovat zákaznický účet

role-customer = Zákazník
role-lead = Vedoucí
role-clerk = Referent
role-branch = Pobočka
role-dealer = Obchodník
role-representative = Obchodní zástupce
role-read-only = Nahlížení
role-platform = Správa platformy

area-portal = Portál a komodity
area-access = Přístup
area-information = Informace
area-requests = Požadavky
area-readings = Odečty
area-alerts = Odstávky a bonus

operator-nav-home = Přehled
operator-nav-features = Funkce
operator-flip-loses = { $customers ->
    [one] Funkci přestane vidět { $customers } zákazník. Uložené údaje zůstanou.
    [few] Funkci přestanou vidět { $customers } zákazníci. Uložené údaje zůstanou.
   *[other] Funkci přestane vidět { $customers } zákazníků. Uložené údaje zůstanou.
}
operator-flip-gains = { $customers ->
    [one] Funkci uvidí { $customers } zákazník.
    [few] Funkci uvidí { $customers } zákazníci.
   *[other] Funkci uvidí { $customers } zákazníků.
}
operator-flip-reason-missing = Napište důvod, nejvýše 300 znaků na jednom řádku. Uvidí ho kolegové v historii.
operator-flip-conflict = Mezitím někdo nastavení změnil. Níže je nový stav; rozhodněte se znovu.

platform-nav-tenants = Dodavatelé
platform-nav-onboard = Nový dodavatel
platform-nav-messages = Odeslané zprávy
tenant-state-active = v provozu
tenant-state-suspended = pozastaven
tenant-state-retiring = končí
tenant-state-draft = rozpracován
channel-mail = e-mail
channel-sms = SMS
channel-letter = dopis
message-state-ready = čeká
message-state-sending = odesílá se
message-state-sent = odesláno
message-state-failed = nedoručeno
onboard-nothing-given = Vyplňte aspoň zkratku a adresu portálu, nebo vložte celý dokument TOML.
onboard-slug-taken = Tuto zkratku už má jiný dodavatel. Zvolte jinou.
onboard-step-checked = Dokument, smlouva i vzhled jsou v pořádku.
onboard-step-kept = Dodavatel je uložen jako první revize.
onboard-step-live = Adresa vede na nový portál.
form-mistakes = Něco je potřeba opravit:
form-check = Zkontrolujte tento údaj.

# Návštěvy kanceláře: sjednání, změna, zrušení, denní seznam pro pobočku.
errand-visit = Sjednat návštěvu kanceláře
visits-title = Návštěvy kanceláře
visits-lead = Sjednané návštěvy a čas, kdy vás čekáme.
visits-none = Zatím nemáte sjednanou žádnou návštěvu.
visit-new = Sjednat návštěvu
visit-new-title = Sjednat návštěvu
visit-choose-office = Vyberte kancelář, s čím přijdete a čas.
visit-choose-topic = S čím přijdete?
visit-topic-missing = Vyberte, s čím přijdete.
visit-no-office = Kancelář, kterou by šlo navštívit na objednání, teď nemáme.
visit-free-days = Nejbližší volné dny
visit-free-slots = Volné časy
visit-hours = Otevírací doba
visit-nearest = Nejbližší volné časy
visit-more-slots = Další časy
visit-no-slot = V nejbližších týdnech není volný žádný čas. Zkuste jinou kancelář, nebo nám zavolejte.
visit-earlier = Dřívější den
visit-later = Pozdější den
visit-held = Teď máte sjednáno
visit-taken = Termín je už obsazen. Vyberte si prosím jiný z volných.
visit-too-soon = Tento termín už nejde sjednat, je příliš blízko. Vyberte si prosím pozdější.
visit-too-far = Tak daleko dopředu termíny nesjednáváme. Vyberte si prosím bližší.
visit-not-offered = V tuto dobu termín nenabízíme. Vyberte si prosím jeden z volných.
visit-other-slot = Vybrat jiný čas
visit-review-title = Zkontrolujte termín a potvrďte ho
visit-move-title = Přesunout návštěvu
visit-move-review-title = Zkontrolujte nový termín a potvrďte ho
visit-at-once = Termín platí hned po odeslání. Potvrzení pošleme e-mailem.
visit-send = Sjednat termín
visit-move-send = Přesunout na tento termín
visit-title = Návštěva kanceláře
visit-column-when = Termín
visit-column-state = Stav
visit-office = Kancelář
visit-number = Číslo žádosti
visit-topic = S čím přijdete
visit-when = { $day } od { $from } do { $to }
visit-weekday = { $weekday ->
    [1] pondělí
    [2] úterý
    [3] středa
    [4] čtvrtek
    [5] pátek
    [6] sobota
   *[7] neděle
}
visit-booked = sjednáno
visit-cancelled = zrušeno
visit-past = proběhlo
visit-receipt = Termín máte sjednaný
visit-receipt-next = Potvrzení s odkazem jsme poslali e-mailem. Nemůžete-li přijít, přesuňte návštěvu nebo ji zrušte.
visit-calendar = Přidat do kalendáře
visit-calendar-summary = Návštěva kanceláře: { $office }
visit-move = Přesunout návštěvu
visit-cancel = Zrušit návštěvu
visit-cancel-sure = Opravdu návštěvu zrušit? Váš čas pak může dostat někdo jiný.
visit-cancel-yes = Ano, zrušit
visit-cancel-no = Ne, přijdu
visit-stale = Návštěva se mezitím změnila, nebo už začala. Podívejte se, jak je sjednaná teď.
request-event-visit-moved = Návštěva přesunuta
request-event-visit-cancelled = Návštěva zrušena

notice-visit-open = Zobrazit návštěvu
notice-visit-calendar = Přidat do kalendáře
notice-visit-booked-subject = Termín návštěvy je potvrzen
notice-visit-booked-sentence = váš termín v naší kanceláři je potvrzen. Nemůžete-li přijít, přesuňte ho nebo zrušte v portálu.
notice-visit-moved-subject = Termín návštěvy je přesunut
notice-visit-moved-sentence = vaši návštěvu jsme přesunuli na nový termín.
notice-visit-cancelled-subject = Návštěva je zrušena
notice-visit-cancelled-sentence = vaši návštěvu v kanceláři jsme zrušili. Nový termín sjednáte v portálu.

operator-nav-visits = Návštěvy
desk-visits-title = Návštěvy kanceláře
desk-visits-day = Den
desk-visits-show = Zobrazit den
desk-visits-today = Dnes
desk-visits-before = Předchozí den
desk-visits-after = Další den
desk-visits-none = Na tento den není nikdo objednaný.
desk-visits-closed = Tento den je kancelář zavřená.
desk-visit-time = Čas
desk-visit-topic = S čím přijde

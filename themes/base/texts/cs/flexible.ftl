# Záloha podle skutečné spotřeby a měsíční výzva k odečtu.
errand-flexible = Spočítat příští zálohu
flexible-title = Kolik příští měsíc
flexible-lead = Záloha podle toho, co jste opravdu spotřebovali, s celým výpočtem.
flexible-none = Nemáte odběrné místo elektřiny, u kterého bychom zálohu počítali.
flexible-read = Zadat stav elektroměru
flexible-is-estimate = odhad
flexible-measured = Podle vašeho stavu ze dne { $day }. Spotřebu za { $days } dní jsme přepočetli na jeden měsíc.
flexible-estimate = Odhad podle posledního vyúčtování: za tento ani minulý měsíc nemáme váš stav elektroměru.
flexible-no-prices = Zálohu spočítáme po prvním vyúčtování.
flexible-steps = Výpočet zálohy
flexible-what = Položka
flexible-amount = Částka
flexible-step = { $register }: { $kwh } × { $price } Kč/MWh
flexible-fixed = Stálé platy za měsíc
flexible-vat = DPH
flexible-total = Záloha celkem
flexible-prescribed = K úhradě { $day }: { $amount }.
flexible-set = Záloha splatná { $day } je podle skutečné spotřeby { $amount }.
notice-reading-prompt-subject = Opište prosím elektroměr
notice-reading-prompt-sentence = je čas zadat stav elektroměru. Podle něj spočítáme příští zálohu; bez něj ji odhadneme.
notice-reading-prompt-open = Zadat stav
notice-reading-reminder-subject = Stav elektroměru nám ještě chybí
notice-reading-reminder-sentence = stav elektroměru za tento měsíc zatím nemáme. Pokud ho nezadáte, příští zálohu odhadneme.
notice-reading-reminder-open = Zadat stav
operator-nav-prompts = Výzvy k odečtu
prompts-title = Výzvy k odečtu
prompts-rhythm = Výzvy odcházejí od { $day }. dne v měsíci, připomínka { $days ->
    [0] se neposílá
    [one] { $days } den po výzvě
    [few] { $days } dny po výzvě
   *[other] { $days } dní po výzvě
}. Kdo stav už zadal, nedostane nic.
prompts-customers = Zákazníci s platnou smlouvou a e-mailem
prompts-asked = Vyzváno
prompts-sent = E-mail odešel
prompts-failed = E-mail se nepodařilo doručit
prompts-filled = Stav zadán
prompts-reminded = Připomenuto

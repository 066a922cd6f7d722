# Obchodní zástupce: kdo jím je a zpráva pro něj.
errand-representative = Napsat obchodnímu zástupci
representative-title = Váš obchodní zástupce
representative-lead = Zavolejte mu, nebo mu napište. Zprávu uvidí on i naši pracovníci.
representative-send = Odeslat zprávu
representative-name = Obchodní zástupce
representative-phone = Telefon
representative-email = E-mail
representative-words = Vaše zpráva
representative-words-hint = Nejvýše 5 000 znaků.
representative-none = Obchodní zástupce pro vás zatím není určen. Pomůžeme vám na společné lince.

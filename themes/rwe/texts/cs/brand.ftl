# Hlas RWE: věcný a jistý, nejdřív bezpečí, potom pohodlí.
home-lead = První otevírá čtení, druhý změny. Vidíte všechno a nikdo nic nezmění za vás.
home-errands = Co otevírá první klíč
login-heading = Jméno a heslo
login-lead = Uživatelské jméno jste si zvolili, heslo přišlo doporučeným dopisem.
dashboard-greeting = Přehled vaší energie
dashboard-needs = Vyžaduje vaši pozornost
dashboard-calm = Vše je uhrazeno a v pořádku.
dashboard-money = Finance
account-lead = Údaje, pod kterými vás vedeme.
rwe-heading = Dva klíče k jedné smlouvě
rwe-read = Klíč ke čtení
rwe-read-more = Uživatelské jméno a heslo. Stačí ke všemu, co vidíte níže.
rwe-change = Klíč ke změnám
rwe-change-more = Aktivační kód. Patří jen změnám smlouvy a chodí doporučeným dopisem.
rwe-change-password = Samotné heslo smlouvu nezmění.
rwe-change-address = Dopis jde na adresu ze smlouvy, jinam ne.
rwe-change-none = Ke čtení kód nepotřebujete.

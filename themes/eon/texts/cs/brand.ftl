# Hlas Energie24: svižně a vřele.
home-lead = Elektřina i plyn vedle sebe. Spotřeba, zálohy a vyúčtování na pár klepnutí.
home-errands = Co tu zvládnete
home-help = Nevíte si rady? Nápověda je hned tady.
home-continue = Pokračovat k mé energii
login-lead = Jedno jméno a heslo pro elektřinu i plyn.
dashboard-greeting = Hezký den
dashboard-needs = Co dnes stojí za pozornost
dashboard-calm = Všechno běží.
dashboard-money = Vaše peníze
dashboard-usage = Vaše energie
day-heading = Vaše energie, 24 hodin denně
pair-electricity = Kolik jí odebíráte měsíc po měsíci a co za ni platíte. V kilowatthodinách i v korunách.
pair-gas = Od stavu plynoměru až ke kilowatthodinám na vyúčtování. Přepočet vidíte krok za krokem.
ribbon = Bonus k účtu
ribbon-more = Kdo má účet v Energii24, má i bonus. Bez přihlášky a bez papírů.

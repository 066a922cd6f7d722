# Hlas VOK: úřad, ve kterém se nečeká.
home-lead = Všechny přepážky na jednom místě a každá volná.
hall-heading = Kancelář, kde se nečeká
home-errands = Přepážky
home-help = Informace a nápověda
home-continue = Vstoupit do kanceláře
login-heading = Vstup pro zákazníky
login-lead = Zadejte své přihlašovací údaje. Kancelář je otevřená ve dne i v noci.
dashboard-greeting = Dobrý den
dashboard-needs = K vyřízení
dashboard-calm = Nemáte nic k vyřízení.
dashboard-bills = Poslední doklady
hall-hours = 0–24
hall-hours-more = Otevřeno každý den včetně svátků
hall-window = Přepážka
hall-inside = Jste v kanceláři
hall-inside-more = Přepážky najdete v hlavní nabídce.

# Hlas Bicornu: kancelář, kde se věci píšou pořádně.
home-lead = Otevřete ji, kdykoli potřebujete: odběrná místa, údaje i doklady leží vedle sebe a v pořádku.
home-errands = Co je za dveřmi
home-help = Odpovědi na časté otázky najdete v nápovědě.
home-continue = Otevřít desky
login-heading = Vstupte
login-send = Otevřít
login-lead = Zadejte jméno a heslo a dveře se otevřou.
dashboard-greeting = Vítejte v kanceláři
dashboard-needs = Na stole
dashboard-calm = Na stole nic neleží.
dashboard-bills = Poslední doklady
door-heading = Jedny dveře ke smlouvě
door-open = Dveře jsou otevřené
paper-heading = Raději s člověkem?
paper-lead = Zavolejte na zákaznickou linku nebo napište. Domluvíme se i bez počítače. Číslo a adresa jsou dole na stránce.

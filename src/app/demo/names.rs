//! Names of people, streets and towns, freely combined; none of them is anybody.

pub const WOMEN: [&str; 12] =
    ["Jana", "Marie", "Eva", "Hana", "Anna", "Lenka", "Kateřina", "Věra", "Lucie", "Alena", "Petra", "Zdeňka"];
pub const MEN: [&str; 12] =
    ["Jiří", "Jan", "Petr", "Josef", "Pavel", "Martin", "Tomáš", "Jaroslav", "Miroslav", "Zdeněk", "Vojtěch", "Ondřej"];
/// Man's and woman's form.
pub const FAMILIES: [(&str, &str); 14] = [
    ("Novák", "Nováková"),
    ("Svoboda", "Svobodová"),
    ("Dvořák", "Dvořáková"),
    ("Černý", "Černá"),
    ("Procházka", "Procházková"),
    ("Kučera", "Kučerová"),
    ("Veselý", "Veselá"),
    ("Horák", "Horáková"),
    ("Němec", "Němcová"),
    ("Pokorný", "Pokorná"),
    ("Říha", "Říhová"),
    ("Šťastný", "Šťastná"),
    ("Žák", "Žáková"),
    ("Bílek", "Bílková"),
];
pub const FIRMS: [&str; 6] = [
    "Pekařství U Mlýna s.r.o.",
    "Truhlářství Dub s.r.o.",
    "Kavárna Lípa s.r.o.",
    "Autodílna Sever s.r.o.",
    "Zahradnictví Růže s.r.o.",
    "Tiskárna Arch s.r.o.",
];
pub const STREETS: [&str; 14] = [
    "Lipová",
    "Zahradní",
    "Nádražní",
    "Školní",
    "Polní",
    "Luční",
    "Dlouhá",
    "Krátká",
    "Sluneční",
    "Na Výsluní",
    "U Potoka",
    "Pod Strání",
    "Kostelní",
    "Příčná",
];
/// Town and postcode.
pub const TOWNS: [(&str, &str); 10] = [
    ("Praha 9", "190 00"),
    ("Brno", "602 00"),
    ("Plzeň", "301 00"),
    ("Olomouc", "779 00"),
    ("Liberec", "460 01"),
    ("České Budějovice", "370 01"),
    ("Hradec Králové", "500 02"),
    ("Jihlava", "586 01"),
    ("Zlín", "760 01"),
    ("Ústí nad Labem", "400 01"),
];

//! Links and help as an operator might have written them.
use super::draw::Draw;
use crate::data::TermsVersion;
use crate::domain::content::{HelpArticle, Link};
use crate::domain::ids::{HelpArticleId, LinkId};
use time::{Date, Duration};

const TERMS: (&str, &str) = (
    "Portál slouží k tomu, abyste viděli svá odběrná místa, odečty, vyúčtování a platby a mohli požádat o změnu.\n\nPřihlašovací údaje jsou jen vaše. Nikomu je nesdělujte; pokud se k nim dostal někdo jiný, hned si změňte heslo.\n\nCo odešlete v portálu, má stejnou váhu jako podepsaný dopis. O každé žádosti vám pošleme potvrzení s číslem.\n\nPoužívání portálu je zdarma.",
    "The portal shows you your supply points, readings, settlements and payments, and lets you ask for changes.\n\nYour log-in is yours alone. Tell it to nobody; if somebody else learned it, change your password at once.\n\nWhat you send in the portal weighs as much as a signed letter. We confirm every request with its number.\n\nUsing the portal is free.",
);

/// The first version, which every customer of the demo accepted.
pub fn terms(today: Date) -> TermsVersion {
    let day = today - Duration::days(400);
    TermsVersion {
        number: 1,
        valid_from: day,
        text_cs: TERMS.0.into(),
        text_en: TERMS.1.into(),
        published_by: None,
        published_at: day.midnight().assume_utc(),
    }
}

/// Language, title, address, note.
const LINKS: [(&str, &str, &str, &str); 8] = [
    ("cs", "Energetický regulační úřad", "https://eru.gov.cz/", "Práva zákazníků, ceny a stížnosti"),
    ("cs", "Operátor trhu OTE", "https://www.ote-cr.cz/", "Jak funguje změna dodavatele"),
    ("cs", "Srovnávač cen ERÚ", "https://srovnavac.eru.gov.cz/", "Porovnání nabídek dodavatelů"),
    ("cs", "QR Platba", "https://qr-platba.cz/", "Jak platit kódem z mobilu"),
    ("en", "Energy Regulatory Office", "https://eru.gov.cz/en/", "Customers' rights, prices and complaints"),
    ("en", "Market operator OTE", "https://www.ote-cr.cz/en/", "How a change of supplier works"),
    ("en", "Price comparison of the regulator", "https://srovnavac.eru.gov.cz/", "Compare suppliers' offers"),
    ("en", "QR Platba", "https://qr-platba.cz/", "Paying by a code from your phone"),
];

/// Language, slug, page it explains, title, body.
const ARTICLES: [(&str, &str, &str, &str, &str); 14] = [
    (
        "cs",
        "prihlaseni",
        "/login",
        "Jak se přihlásím",
        "Přihlašujete se uživatelským jménem a heslem, které jste dostali od svého dodavatele.\n\nPo několika nesprávných pokusech se přihlášení na chvíli zastaví. Počkejte několik minut a zkuste to znovu.",
    ),
    (
        "cs",
        "zaloha",
        "/advances",
        "Co je záloha a jak se počítá",
        "Záloha je pravidelná platba na energii, kterou teprve odeberete. Počítá se z očekávané spotřeby a ceny tak, aby pokryla celý rok.\n\nPo roce přijde vyúčtování: zaplacené zálohy se odečtou od skutečné ceny. Zbytek doplatíte, nebo vám vrátíme přeplatek.",
    ),
    (
        "cs",
        "vyuctovani",
        "/settlements",
        "Jak číst vyúčtování",
        "Vyúčtování má tři části: odečty (kolik jste spotřebovali), ceny (kolik to stojí) a platby (kolik jste už zaplatili).\n\nObchodní část ceny určuje dodavatel, regulovanou část Energetický regulační úřad.",
    ),
    (
        "cs",
        "odecet",
        "/readings",
        "Kdo a kdy odečítá měřidlo",
        "Měřidlo odečítá distributor, zpravidla jednou za rok. Mezi tím můžete stav nahlásit sami.\n\nOpisujte jen celá čísla. Číslice za čárkou, často červené, vynechte.",
    ),
    (
        "cs",
        "vt-nt",
        "/consumption",
        "Co znamená VT a NT",
        "VT je vysoký tarif, NT nízký tarif. Dvoutarifní elektroměr má dva řádky a nízký tarif platí jen v hodinách, které určuje distributor.\n\nPlyn se měří v metrech krychlových (m³) a na kWh se přepočítává objemovým koeficientem a spalným teplem.",
    ),
    (
        "cs",
        "faktura-pdf",
        "/invoices",
        "Kde najdu fakturu v PDF",
        "U každé faktury v seznamu je tlačítko ke stažení. Kopie je totožná s dokladem, který jsme vám poslali.",
    ),
    (
        "cs",
        "preplatek",
        "/payments",
        "Kdy dostanu přeplatek",
        "Přeplatek vracíme do dne splatnosti vyúčtování způsobem, který máte sjednaný: na účet nebo poštovní poukázkou.",
    ),
    (
        "en",
        "signing-in",
        "/login",
        "How do I sign in",
        "You sign in with the user name and password from your supplier.\n\nAfter several wrong attempts signing in stops for a while. Wait a few minutes and try again.",
    ),
    (
        "en",
        "advance",
        "/advances",
        "What an advance is and how it is worked out",
        "An advance is a regular payment for energy you have yet to use. It is worked out from the expected consumption and the price so that it covers the whole year.\n\nAfter a year a settlement comes: the advances you paid are taken off the real price. You pay the rest, or we return the overpayment.",
    ),
    (
        "en",
        "settlement",
        "/settlements",
        "How to read a settlement",
        "A settlement has three parts: readings (how much you used), prices (what it costs) and payments (what you have paid).\n\nThe commercial part of the price is set by the supplier, the regulated part by the Energy Regulatory Office.",
    ),
    (
        "en",
        "reading",
        "/readings",
        "Who reads the meter, and when",
        "The distributor reads the meter, usually once a year. In between you may report the state yourself.\n\nCopy whole numbers only. Leave out the digits after the comma, often red.",
    ),
    (
        "en",
        "rates",
        "/consumption",
        "What VT and NT mean",
        "VT is the high rate, NT the low rate. A two-rate meter has two rows, and the low rate holds only in hours set by the distributor.\n\nGas is measured in cubic metres (m³) and converted to kWh by a volume coefficient and the gross calorific value.",
    ),
    (
        "en",
        "invoice-pdf",
        "/invoices",
        "Where do I find an invoice as PDF",
        "Each invoice in the list has a download button. The copy is the same as the document we sent you.",
    ),
    (
        "en",
        "overpayment",
        "/payments",
        "When do I get an overpayment back",
        "We return an overpayment by the due date of the settlement in the way you agreed: to your account or by postal order.",
    ),
];

pub fn links(draw: &mut Draw, day: Date) -> Vec<Link> {
    let all = LINKS.iter().enumerate().map(|(at, (language, title, url, note))| Link {
        id: LinkId(draw.id(day)),
        position: at as i16,
        title: (*title).to_owned(),
        url: (*url).to_owned(),
        note: (*note).to_owned(),
        language: (*language).to_owned(),
        is_active: true,
    });
    all.collect()
}

pub fn articles(draw: &mut Draw, day: Date) -> Vec<HelpArticle> {
    let all = ARTICLES.iter().enumerate().map(|(at, (language, slug, page, title, body))| HelpArticle {
        id: HelpArticleId(draw.id(day)),
        slug: (*slug).to_owned(),
        language: (*language).to_owned(),
        page: (*page).to_owned(),
        position: at as i16,
        title: (*title).to_owned(),
        body: (*body).to_owned(),
    });
    all.collect()
}

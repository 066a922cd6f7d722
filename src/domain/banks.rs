//! Banks of the Czech payment system: the codes ČNB gives out (decree 169/2011 Coll.) and publishes as `kody_bank_CR.csv`.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bank {
    /// Four digits.
    pub code: &'static str,
    pub name: &'static str,
    /// Empty for those that have none.
    pub bic: &'static str,
}

/// As schwifty 2026.10 and python-stdnum 2.2 copied that file, without Sberbank (6800), which is being wound up and takes no payments. It changes
/// a few times a year: an unknown code is a reason to ask, not to refuse.
#[rustfmt::skip]
pub(super) const BANKS: [Bank; 46] = [
    Bank { code: "0100", name: "Komerční banka", bic: "KOMBCZPP" },
    Bank { code: "0300", name: "ČSOB", bic: "CEKOCZPP" },
    Bank { code: "0600", name: "MONETA Money Bank", bic: "AGBACZPP" },
    Bank { code: "0710", name: "Česká národní banka", bic: "CNBACZPP" },
    Bank { code: "0800", name: "Česká spořitelna", bic: "GIBACZPX" },
    Bank { code: "2010", name: "Fio banka", bic: "FIOBCZPP" },
    Bank { code: "2060", name: "Citfin", bic: "CITFCZPP" },
    Bank { code: "2070", name: "TRINITY BANK", bic: "MPUBCZPP" },
    Bank { code: "2100", name: "ČSOB Hypoteční banka", bic: "" },
    Bank { code: "2200", name: "Peněžní dům", bic: "" },
    Bank { code: "2220", name: "Artesa", bic: "ARTTCZPP" },
    Bank { code: "2250", name: "Banka CREDITAS", bic: "CTASCZ22" },
    Bank { code: "2260", name: "NEY spořitelní družstvo", bic: "" },
    Bank { code: "2600", name: "Citibank", bic: "CITICZPX" },
    Bank { code: "2700", name: "UniCredit Bank", bic: "BACXCZPP" },
    Bank { code: "3030", name: "Air Bank", bic: "AIRACZPP" },
    Bank { code: "3060", name: "PKO BP", bic: "BPKOCZPP" },
    Bank { code: "3500", name: "ING Bank", bic: "INGBCZPP" },
    Bank { code: "4300", name: "Národní rozvojová banka", bic: "NROZCZPP" },
    Bank { code: "5500", name: "Raiffeisenbank", bic: "RZBCCZPP" },
    Bank { code: "5800", name: "J&T BANKA", bic: "JTBPCZPP" },
    Bank { code: "6000", name: "PPF banka", bic: "PMBPCZPP" },
    Bank { code: "6200", name: "COMMERZBANK", bic: "COBACZPX" },
    Bank { code: "6210", name: "mBank", bic: "BREXCZPP" },
    Bank { code: "6300", name: "BNP Paribas", bic: "GEBACZPP" },
    Bank { code: "6363", name: "Partners Banka", bic: "" },
    Bank { code: "6700", name: "VÚB", bic: "SUBACZPP" },
    Bank { code: "7910", name: "Deutsche Bank", bic: "DEUTCZPX" },
    Bank { code: "7950", name: "Raiffeisen stavební spořitelna", bic: "" },
    Bank { code: "7960", name: "ČSOB Stavební spořitelna", bic: "" },
    Bank { code: "7970", name: "MONETA Stavební Spořitelna", bic: "" },
    Bank { code: "7990", name: "Modrá pyramida", bic: "" },
    Bank { code: "8030", name: "Volksbank Raiffeisenbank Nordoberpfalz", bic: "GENOCZ21" },
    Bank { code: "8040", name: "Oberbank", bic: "OBKLCZ2X" },
    Bank { code: "8060", name: "Stavební spořitelna České spořitelny", bic: "" },
    Bank { code: "8090", name: "Česká exportní banka", bic: "CZEECZPP" },
    Bank { code: "8150", name: "HSBC", bic: "MIDLCZPP" },
    Bank { code: "8190", name: "Sparkasse Oberlausitz-Niederschlesien", bic: "" },
    Bank { code: "8198", name: "FAS finance company", bic: "FFCSCZP1" },
    Bank { code: "8220", name: "Payment execution", bic: "PAERCZP1" },
    Bank { code: "8250", name: "Bank of China", bic: "BKCHCZPP" },
    Bank { code: "8255", name: "Bank of Communications", bic: "COMMCZPP" },
    Bank { code: "8265", name: "Industrial and Commercial Bank of China", bic: "ICBKCZPP" },
    Bank { code: "8500", name: "Multitude Bank", bic: "" },
    Bank { code: "8610", name: "Devizová burza", bic: "" },
    Bank { code: "8660", name: "PAYMONT", bic: "" },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bank_has_one_code_in_order_and_a_czech_bic_or_none() {
        assert!(BANKS.is_sorted_by(|one, next| one.code < next.code));
        for bank in &BANKS {
            assert!(bank.code.len() == 4 && bank.code.bytes().all(|byte| byte.is_ascii_digit()), "{bank:?}");
            assert!(!bank.name.trim().is_empty(), "{bank:?}");
            let is_bic = bank.bic.len() == 8 && &bank.bic[4..6] == "CZ";
            assert!(
                bank.bic.is_empty() || is_bic && bank.bic.bytes().all(|byte| byte.is_ascii_alphanumeric()),
                "{bank:?}"
            );
        }
    }

    #[test]
    fn banks_that_take_no_payments_any_more_are_not_known() {
        for gone in ["6800", "3050", "4000", "7980", "6100", "9999"] {
            assert!(BANKS.iter().all(|bank| bank.code != gone), "{gone}");
        }
    }
}

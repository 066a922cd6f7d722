//! What each way to pay (*způsob placení*) needs, and from when another one counts.
use super::bank::{Account, AccountError};
use super::calendar::month_start;
use super::money::Money;
use super::payments::PaymentMethod;
use time::{Date, Duration};

/// What the customer has to give for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    /// The account the bank lets us collect from (*inkaso*); the customer consents at the bank.
    Account,
    /// The connecting number of the household's SIPO (*spojovací číslo*).
    SipoNumber,
}

/// A way to pay with all it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    Transfer,
    DirectDebit(Account),
    /// Ten digits.
    Sipo(String),
    PostalOrder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceError {
    AccountMissing,
    Account(AccountError),
    SipoMissing,
    /// So many characters; a connecting number has ten.
    SipoLength(usize),
    SipoCharset,
}

impl PaymentMethod {
    pub fn needs(self) -> Needs {
        match self {
            PaymentMethod::DirectDebit => Needs::Account,
            PaymentMethod::Sipo => Needs::SipoNumber,
            PaymentMethod::Transfer | PaymentMethod::PostalOrder => Needs::Nothing,
        }
    }
}

impl Chosen {
    /// What was typed for other ways is passed over.
    pub fn new(method: PaymentMethod, account: &str, sipo: &str) -> Result<Chosen, ChoiceError> {
        Ok(match method {
            PaymentMethod::Transfer => Chosen::Transfer,
            PaymentMethod::PostalOrder => Chosen::PostalOrder,
            PaymentMethod::DirectDebit if account.trim().is_empty() => return Err(ChoiceError::AccountMissing),
            PaymentMethod::DirectDebit => {
                Chosen::DirectDebit(Account::parse_any(account).map_err(ChoiceError::Account)?)
            }
            PaymentMethod::Sipo => Chosen::Sipo(sipo_number(sipo)?),
        })
    }

    pub fn method(&self) -> PaymentMethod {
        match self {
            Chosen::Transfer => PaymentMethod::Transfer,
            Chosen::DirectDebit(_) => PaymentMethod::DirectDebit,
            Chosen::Sipo(_) => PaymentMethod::Sipo,
            Chosen::PostalOrder => PaymentMethod::PostalOrder,
        }
    }

    /// A bank our list does not know: to be asked about, it may be new.
    pub fn has_unknown_bank(&self) -> bool {
        matches!(self, Chosen::DirectDebit(account) if account.bank().is_none())
    }
}

/// Ten digits, spaces and dashes forgiven. It has no check digit that we know of.
pub fn sipo_number(typed: &str) -> Result<String, ChoiceError> {
    let number: String = typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    match number.chars().count() {
        0 => Err(ChoiceError::SipoMissing),
        _ if !number.bytes().all(|byte| byte.is_ascii_digit()) => Err(ChoiceError::SipoCharset),
        10 => Ok(number),
        length => Err(ChoiceError::SipoLength(length)),
    }
}

/// SIPO collects whole crowns: an amount goes up to the next one. Other ways take it as it is.
pub fn payable_by(method: PaymentMethod, amount: Money) -> Money {
    match method {
        PaymentMethod::Sipo => Money::rounded(amount.czk().ceil()),
        _ => amount,
    }
}

const SIPO_LAST_DAY: u8 = 20;

/// The first day an instalment may fall due under the new way. To or from SIPO: next month if told by the 20th, else the month after (Česká pošta).
/// Otherwise the next instalment.
pub fn counts_from(old: PaymentMethod, new: PaymentMethod, today: Date) -> Date {
    match [old, new].contains(&PaymentMethod::Sipo) {
        true if today.day() <= SIPO_LAST_DAY => month_start(today, 1),
        true => month_start(today, 2),
        false => today + Duration::days(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PaymentMethod::{DirectDebit, PostalOrder, Sipo, Transfer};
    use proptest::prelude::*;
    use time::macros::date;

    #[test]
    fn each_way_asks_for_what_it_needs_and_no_more() {
        let needs: Vec<Needs> = PaymentMethod::ALL.into_iter().map(PaymentMethod::needs).collect();
        assert_eq!(needs, [Needs::Nothing, Needs::Account, Needs::SipoNumber, Needs::Nothing]);
        for (method, account, sipo, error) in [
            (Transfer, "nonsense", "1", None),
            (PostalOrder, "", "", None),
            (DirectDebit, "CZ6508000000192000145399", "", None),
            (Sipo, "", "123 456 7890", None),
            (DirectDebit, " ", "1234567890", Some(ChoiceError::AccountMissing)),
            (DirectDebit, "2000145398/0800", "", Some(ChoiceError::Account(AccountError::Number))),
            (Sipo, "19-2000145399/0800", "", Some(ChoiceError::SipoMissing)),
            (Sipo, "", "123456789", Some(ChoiceError::SipoLength(9))),
            (Sipo, "", "12345678９0", Some(ChoiceError::SipoCharset)),
        ] {
            let chosen = Chosen::new(method, account, sipo);
            assert_eq!(chosen.as_ref().err().copied(), error, "{method:?}");
            assert!(chosen.is_err() || chosen.is_ok_and(|chosen| chosen.method() == method));
        }
    }

    #[test]
    fn an_unknown_bank_is_a_question_not_a_mistake() {
        assert_eq!(Chosen::new(DirectDebit, "7894/9999", "").map(|chosen| chosen.has_unknown_bank()), Ok(true));
        assert_eq!(Chosen::new(DirectDebit, "7894/0800", "").map(|chosen| chosen.has_unknown_bank()), Ok(false));
    }

    #[test]
    fn sipo_changes_wait_for_the_month_and_others_for_the_next_instalment() {
        let (early, late) = (date!(2026 - 11 - 20), date!(2026 - 11 - 21));
        assert_eq!(counts_from(Transfer, DirectDebit, late), date!(2026 - 11 - 22));
        assert_eq!(counts_from(Transfer, Sipo, early), date!(2026 - 12 - 01));
        assert_eq!(counts_from(Sipo, Transfer, late), date!(2027 - 01 - 01));
    }

    #[test]
    fn sipo_collects_whole_crowns() {
        assert_eq!(payable_by(Sipo, Money(302_001)), Money(302_100));
        assert_eq!(payable_by(Sipo, Money(302_000)), Money(302_000));
        assert_eq!(payable_by(Transfer, Money(302_001)), Money(302_001));
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_it_panic(account in ".{0,30}", sipo in ".{0,20}") {
            for method in PaymentMethod::ALL {
                let _ = Chosen::new(method, &account, &sipo);
            }
        }
    }
}

//! What is wrong with one field, in a sentence that says what to do.
use super::page::Page;
use crate::domain::bank::AccountError;
use crate::domain::payment_methods::ChoiceError;
use crate::domain::supply_points::CodeError;
use crate::domain::typed::{DateError, EmailError, NumberError, PhoneError, PostcodeError, TextError};
use crate::tenancy::Arg;

impl Page {
    pub fn number_mistake(&self, error: NumberError) -> String {
        self.t(match error {
            NumberError::Empty => "mistake-missing",
            NumberError::NotANumber => "mistake-number",
            NumberError::TooManyDecimals => "mistake-decimals",
            NumberError::TooLong => "mistake-number-long",
            NumberError::Ambiguous => "mistake-number-ambiguous",
        })
    }

    pub fn date_mistake(&self, error: DateError) -> String {
        self.t(match error {
            DateError::Empty => "mistake-missing",
            DateError::NotADate => "mistake-date",
            DateError::Year => "mistake-year",
        })
    }

    pub fn text_mistake(&self, error: TextError) -> String {
        match error {
            TextError::TooLong { limit, count } => {
                self.t_args("mistake-long", &[("limit", Arg::from(limit)), ("count", Arg::from(count))])
            }
            TextError::Control | TextError::Bidi | TextError::Invisible => self.t("mistake-letters"),
        }
    }

    pub fn email_mistake(&self, error: EmailError) -> String {
        self.t(match error {
            EmailError::Empty => "mistake-missing",
            EmailError::TooLong => "mistake-email-long",
            EmailError::International => "mistake-email-international",
            _ => "mistake-email",
        })
    }

    pub fn phone_mistake(&self, error: PhoneError) -> String {
        self.t(match error {
            PhoneError::Empty => "mistake-missing",
            _ => "mistake-phone",
        })
    }

    /// Of an EAN or an EIC.
    pub fn code_mistake(&self, error: CodeError) -> String {
        match error {
            CodeError::Length(count) => self.t_args("mistake-code-length", &[("count", Arg::from(count))]),
            CodeError::CheckDigit => self.t("mistake-code-digit"),
            CodeError::Charset | CodeError::Prefix => self.t("mistake-code"),
        }
    }

    /// Of a Czech account number or its IBAN.
    pub fn account_mistake(&self, error: AccountError) -> String {
        self.t(match error {
            AccountError::Form => "mistake-account-form",
            AccountError::Prefix => "mistake-account-prefix",
            AccountError::Number => "mistake-account-number",
            AccountError::Bank => "mistake-account-bank",
            AccountError::Iban => "mistake-account-iban",
            AccountError::Foreign => "mistake-account-foreign",
        })
    }

    /// Of what a way of paying needs.
    pub fn choice_mistake(&self, error: ChoiceError) -> String {
        match error {
            ChoiceError::AccountMissing => self.t("mistake-account-missing"),
            ChoiceError::Account(error) => self.account_mistake(error),
            ChoiceError::SipoMissing => self.t("mistake-sipo-missing"),
            ChoiceError::SipoLength(count) => self.t_args("mistake-sipo-length", &[("count", Arg::from(count))]),
            ChoiceError::SipoCharset => self.t("mistake-sipo-charset"),
        }
    }

    pub fn postcode_mistake(&self, error: PostcodeError) -> String {
        self.t(match error {
            PostcodeError::Empty => "mistake-missing",
            _ => "mistake-postcode",
        })
    }
}

//! How what is due is paid.
use super::super::Error;
use super::Isdoc;
use super::xml::Xml;
use crate::domain::bank::Account;
use crate::domain::payments::PaymentMethod;

/// Only when there is something to pay: an account under an overpayment would ask people to pay it once more.
pub(super) fn means(xml: &mut Xml, input: &Isdoc<'_>) -> Result<(), Error> {
    let settlement = input.settlement;
    if !settlement.payable.is_positive() {
        return Ok(());
    }
    xml.within("PaymentMeans", |xml| {
        xml.within("Payment", |xml| {
            xml.money("PaidAmount", settlement.payable)?;
            xml.leaf("PaymentMeansCode", code(input.payment.method))?;
            let Ok(account) = Account::parse(&input.payment.account) else { return Ok(()) };
            let bank = account.bank();
            xml.within("Details", |xml| {
                xml.leaf("PaymentDueDate", &settlement.invoice.due_on.to_string())?;
                xml.leaf("ID", &account.number())?;
                xml.leaf("BankCode", account.bank_code())?;
                xml.leaf("Name", bank.map_or("", |bank| bank.name))?;
                xml.leaf("IBAN", &account.iban())?;
                xml.leaf("BIC", bank.map_or("", |bank| bank.bic))?;
                xml.leaf("VariableSymbol", &settlement.invoice.variable_symbol)
            })
        })
    })
}

/// 42 a transfer to the account, which a postal order is too; 49 a direct debit, and SIPO for want of a code of its own.
fn code(method: PaymentMethod) -> &'static str {
    match method {
        PaymentMethod::Transfer | PaymentMethod::PostalOrder => "42",
        PaymentMethod::DirectDebit | PaymentMethod::Sipo => "49",
    }
}

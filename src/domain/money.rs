//! Money in whole hellers (*haléř*, 1/100 CZK). Never a float.
use rust_decimal::Decimal;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i64);

impl Money {
    pub const ZERO: Money = Money(0);
    /// Exact value in CZK, two decimals.
    pub fn czk(self) -> Decimal {
        Decimal::new(self.0, 2)
    }
}

//! Why a year cost more or less than the year before: the difference of two settlements in four parts that add up to the heller.
use super::super::money::Money;
use rust_decimal::Decimal;

/// What a settlement says, without VAT unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearFigures {
    pub days: i64,
    pub kwh: i64,
    /// Charges for energy used, without the energy tax.
    pub variable: Money,
    /// Standing charges.
    pub fixed: Money,
    /// Energy tax and VAT.
    pub tax_and_vat: Money,
}

/// Parts of the difference; negative where it grew cheaper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// More or less used a day, at last year's prices.
    pub volume: Money,
    /// Other prices, for this year's use and days.
    pub price: Money,
    /// A longer or shorter period, at last year's cost of a day.
    pub days: Money,
    pub tax_and_vat: Money,
}

impl YearFigures {
    pub fn total(&self) -> Money {
        self.variable + self.fixed + self.tax_and_vat
    }
}

impl Split {
    pub fn total(&self) -> Money {
        self.volume + self.price + self.days + self.tax_and_vat
    }
}

/// Days and volume are rounded, the price takes what is left. Where last year had no use, this year's price is taken for both.
pub fn why_more(last: YearFigures, this: YearFigures) -> Split {
    let longer = if last.days > 0 { Decimal::from(this.days) / Decimal::from(last.days) } else { Decimal::ONE };
    let days = Money::rounded((last.variable + last.fixed).czk() * (longer - Decimal::ONE));
    let price_of = |year: YearFigures| (year.kwh > 0).then(|| year.variable.czk() / Decimal::from(year.kwh));
    let old_price = price_of(last).or_else(|| price_of(this)).unwrap_or(Decimal::ZERO);
    let more = Decimal::from(this.kwh) - Decimal::from(last.kwh) * longer;
    let volume = Money::rounded(more * old_price);
    let price = (this.variable + this.fixed) - (last.variable + last.fixed) - days - volume;
    Split { volume, price, days, tax_and_vat: this.tax_and_vat - last.tax_and_vat }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LAST: YearFigures = YearFigures {
        days: 365,
        kwh: 6_945,
        variable: Money(2_495_083),
        fixed: Money(477_444),
        tax_and_vat: Money(648_012),
    };

    #[test]
    fn one_cause_at_a_time_is_named() {
        assert_eq!(why_more(LAST, LAST).total(), Money::ZERO);
        let dearer = why_more(LAST, YearFigures { variable: Money(2_595_083), ..LAST });
        assert_eq!(
            dearer,
            Split { volume: Money::ZERO, price: Money(100_000), days: Money::ZERO, tax_and_vat: Money::ZERO }
        );
        let doubled = why_more(LAST, YearFigures { kwh: 13_890, variable: Money(4_990_166), ..LAST });
        assert_eq!((doubled.volume, doubled.price), (Money(2_495_083), Money::ZERO));
        let taxed = why_more(LAST, YearFigures { tax_and_vat: Money(700_000), ..LAST });
        assert_eq!(taxed.tax_and_vat, taxed.total());
    }

    #[test]
    fn a_longer_period_is_not_called_more_use() {
        let twice = YearFigures { days: 730, kwh: 13_890, variable: Money(4_990_166), fixed: Money(954_888), ..LAST };
        let split = why_more(LAST, twice);
        assert_eq!((split.days, split.volume, split.price), (Money(2_972_527), Money::ZERO, Money::ZERO));
    }

    #[test]
    fn a_first_year_of_use_is_all_volume() {
        let split = why_more(YearFigures { kwh: 0, variable: Money::ZERO, ..LAST }, LAST);
        assert_eq!((split.volume, split.price), (LAST.variable, Money::ZERO));
    }

    fn year() -> impl Strategy<Value = YearFigures> {
        let money = || (-100_000_000_i64..1_000_000_000).prop_map(Money);
        (0_i64..1_000, 0_i64..100_000_000, money(), money(), money()).prop_map(
            |(days, kwh, variable, fixed, tax_and_vat)| YearFigures { days, kwh, variable, fixed, tax_and_vat },
        )
    }

    proptest! {
        #[test]
        fn the_parts_make_the_difference(last in year(), this in year()) {
            prop_assert_eq!(why_more(last, this).total(), this.total() - last.total());
        }
    }
}

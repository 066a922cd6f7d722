//! A small attention (*dárek*) for who comes by access at a branch: one a customer, while the campaign runs.
use time::Date;

/// Both days belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    pub from: Date,
    pub to: Date,
    /// What is handed over, in Czech and English.
    pub what: (String, String),
}

impl Campaign {
    pub fn runs_on(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn both_days_belong_to_it() {
        let what = ("taška".to_owned(), "bag".to_owned());
        let campaign = Campaign { from: date!(2026 - 11 - 01), to: date!(2026 - 12 - 31), what };
        for (day, runs) in [
            (date!(2026 - 10 - 31), false),
            (date!(2026 - 11 - 01), true),
            (date!(2026 - 12 - 31), true),
            (date!(2027 - 01 - 01), false),
        ] {
            assert_eq!(campaign.runs_on(day), runs, "{day}");
        }
    }
}

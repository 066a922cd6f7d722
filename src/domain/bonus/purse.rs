//! A customer's points as lots: those of one cause, with the last day on which they hold. The oldest are spent first.
use time::{Date, Duration};

/// What is left of the points of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Number of its entry in the customer's ledger; the oldest has the lowest.
    pub seq: i32,
    pub rest: i64,
    /// The last day they hold.
    pub expires_on: Date,
}

/// So many points out of the lot with that number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    pub seq: i32,
    pub points: i64,
}

/// There are not enough; so many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    pub balance: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purse {
    lots: Vec<Lot>,
}

impl Purse {
    /// Lots in any order; empty ones may be left out.
    pub fn of(lots: impl IntoIterator<Item = Lot>) -> Purse {
        let mut lots: Vec<Lot> = lots.into_iter().filter(|lot| lot.rest > 0).collect();
        lots.sort_by_key(|lot| lot.seq);
        Purse { lots }
    }

    /// What may be spent on the day.
    pub fn balance(&self, today: Date) -> i64 {
        self.lots.iter().filter(|lot| lot.expires_on >= today).map(|lot| lot.rest).sum()
    }

    /// The next day after which points go, and how many.
    pub fn next_expiry(&self, today: Date) -> Option<(Date, i64)> {
        let day = self.lots.iter().map(|lot| lot.expires_on).filter(|day| *day >= today).min()?;
        Some((day, self.lots.iter().filter(|lot| lot.expires_on == day).map(|lot| lot.rest).sum()))
    }

    /// Days within `notice` days on which points go, each with how many.
    pub fn going(&self, today: Date, notice: i64) -> Vec<(Date, i64)> {
        let within = |day: &Date| *day >= today && *day <= today + Duration::days(notice);
        let mut days: Vec<Date> = self.lots.iter().map(|lot| lot.expires_on).filter(within).collect();
        days.sort_unstable();
        days.dedup();
        let sum = |day: Date| self.lots.iter().filter(|lot| lot.expires_on == day).map(|lot| lot.rest).sum();
        days.into_iter().map(|day| (day, sum(day))).collect()
    }

    /// What has to be written off on the day: each lot whose day has passed, whole.
    pub fn lapsed(&self, today: Date) -> Vec<Taken> {
        let past = self.lots.iter().filter(|lot| lot.expires_on < today);
        past.map(|lot| Taken { seq: lot.seq, points: lot.rest }).collect()
    }

    /// Which lots a price is taken from, the oldest first; none of it when there is not enough.
    pub fn spend(&self, points: i64, today: Date) -> Result<Vec<Taken>, Short> {
        let balance = self.balance(today);
        if points <= 0 || points > balance {
            return Err(Short { balance });
        }
        let (mut left, mut taken) = (points, Vec::new());
        for lot in self.lots.iter().filter(|lot| lot.expires_on >= today) {
            let here = left.min(lot.rest);
            if here > 0 {
                taken.push(Taken { seq: lot.seq, points: here });
                left -= here;
            }
        }
        Ok(taken)
    }

    /// Without what was taken.
    pub fn without(&self, taken: &[Taken]) -> Purse {
        let rest = |lot: &Lot| {
            let gone: i64 = taken.iter().filter(|one| one.seq == lot.seq).map(|one| one.points).sum();
            Lot { rest: lot.rest - gone, ..*lot }
        };
        Purse::of(self.lots.iter().map(rest))
    }

    /// With points newly come by.
    pub fn with(&self, lot: Lot) -> Purse {
        Purse::of(self.lots.iter().copied().chain([lot]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    const START: Date = date!(2026 - 01 - 01);

    #[derive(Clone, Debug)]
    enum Act {
        Earn(i64, i64),
        Spend(i64),
        Pass(i64),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            (1i64..500, 0i64..90).prop_map(|(points, days)| Act::Earn(points, days)),
            (-10i64..800).prop_map(Act::Spend),
            (0i64..60).prop_map(Act::Pass),
        ]
    }

    proptest! {
        /// Whatever happens in whatever order: never below none, the ledger's sum is the balance, the oldest go first, and nothing that has
        /// passed its day is ever spent.
        #[test]
        fn any_order_of_earning_spending_and_passing_keeps_the_books(acts in prop::collection::vec(act(), 0..60)) {
            let (mut purse, mut ledger, mut today, mut seq) = (Purse::default(), Vec::<i64>::new(), START, 0);
            for act in acts {
                match act {
                    Act::Earn(points, days) => {
                        seq += 1;
                        purse = purse.with(Lot { seq, rest: points, expires_on: today + Duration::days(days) });
                        ledger.push(points);
                    }
                    Act::Spend(points) => match purse.spend(points, today) {
                        Ok(taken) => {
                            prop_assert_eq!(taken.iter().map(|one| one.points).sum::<i64>(), points);
                            let oldest = purse.lots.iter().filter(|lot| lot.expires_on >= today).map(|lot| lot.seq);
                            let first: Vec<i32> = oldest.take(taken.len()).collect();
                            prop_assert_eq!(taken.iter().map(|one| one.seq).collect::<Vec<_>>(), first);
                            let before = purse.clone();
                            purse = purse.without(&taken);
                            // All but the last of them are used up.
                            for one in &taken[..taken.len() - 1] {
                                prop_assert!(before.lots.iter().any(|lot| lot.seq == one.seq && lot.rest == one.points));
                            }
                            ledger.push(-points);
                        }
                        Err(short) => prop_assert!(points <= 0 || short.balance < points),
                    },
                    Act::Pass(days) => {
                        today += Duration::days(days);
                        let lapsed = purse.lapsed(today);
                        let held = purse.balance(today);
                        purse = purse.without(&lapsed);
                        ledger.extend(lapsed.iter().map(|one| -one.points));
                        prop_assert_eq!(purse.balance(today), held, "only what has passed goes");
                        prop_assert!(purse.lapsed(today).is_empty(), "written off once");
                    }
                }
                prop_assert!(purse.lots.iter().all(|lot| lot.rest > 0));
                prop_assert_eq!(ledger.iter().sum::<i64>(), purse.balance(today));
            }
        }
    }

    #[test]
    fn the_last_day_still_counts_and_the_next_does_not() {
        let purse = Purse::of([
            Lot { seq: 1, rest: 30, expires_on: START },
            Lot { seq: 2, rest: 5, expires_on: date!(2026 - 02 - 28) },
        ]);
        assert_eq!(purse.balance(START), 35);
        assert_eq!(purse.next_expiry(START), Some((START, 30)));
        let tomorrow = START + Duration::DAY;
        assert_eq!(purse.balance(tomorrow), 5);
        assert_eq!(purse.spend(6, tomorrow), Err(Short { balance: 5 }));
        assert_eq!(purse.lapsed(tomorrow), [Taken { seq: 1, points: 30 }]);
        assert_eq!(purse.going(tomorrow, 30), []);
        assert_eq!(purse.going(date!(2026 - 01 - 29), 30), [(date!(2026 - 02 - 28), 5)]);
    }
}

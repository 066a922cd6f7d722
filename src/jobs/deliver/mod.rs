//! Delivers what lies in the outbox. Who is served next is decided between lanes (a supplier's security mails, its text messages about
//! outages …): urgent lanes first, among equals whoever waited longest, and no lane so wide that others starve. Nothing is lost: what was
//! claimed by a worker that died is claimed again. A mail may then go out twice, as the same message; texts and letters carry their id.
mod gateways;
mod hooks;
mod lane;
mod spread;
mod ways;
mod words;

pub use hooks::forget as forget_webhook_attempts;
pub use ways::Failure;

use super::JobServices;
use crate::data;
use crate::domain::notices::{Channel, Lane};
use crate::tenancy::TenantState;
use gateways::Gateways;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration as Wait;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often to look when there was nothing.
const LOOK: Wait = Wait::from_secs(1);
/// Batches under way at once for one channel: of what is urgent, and of the rest. A slow gateway fills its own channel's places alone.
const URGENT: usize = 32;
const BULK: usize = 8;
/// Batches of one lane under way at once; of what is still to be told to many, fewer: each keeps the database busy.
const WIDTH: usize = 4;
const SPREAD_WIDTH: usize = 2;

fn width(lane: Lane) -> usize {
    if lane.channel == Channel::Spread { SPREAD_WIDTH } else { WIDTH }
}

/// What is under way, and who was served when.
#[derive(Default)]
struct Turns {
    busy: BTreeMap<Lane, usize>,
    served: BTreeMap<Lane, u64>,
    /// Looked due and gave nothing: not asked again before the next look.
    resting: BTreeSet<Lane>,
    count: u64,
}

impl Turns {
    /// Which lanes get a batch now, in this order.
    fn next(&self, mut due: Vec<Lane>) -> Vec<Lane> {
        due.retain(|lane| !self.resting.contains(lane));
        due.sort_by_key(|lane| (lane.urgency, self.served.get(lane).copied().unwrap_or(0), *lane));
        let mut under_way: BTreeMap<_, usize> = BTreeMap::new();
        for (lane, count) in &self.busy {
            *under_way.entry((lane.channel, lane.urgency.is_urgent())).or_default() += count;
        }
        let mut chosen: Vec<Lane> = Vec::new();
        for width in 1..=WIDTH {
            for lane in &due {
                let own = self.busy.get(lane).copied().unwrap_or(0) + chosen.iter().filter(|one| *one == lane).count();
                let all = under_way.entry((lane.channel, lane.urgency.is_urgent())).or_default();
                let most = if lane.urgency.is_urgent() { URGENT } else { BULK };
                if own < width.min(self::width(*lane)) && *all < most {
                    *all += 1;
                    chosen.push(*lane);
                }
            }
        }
        chosen
    }

    fn begun(&mut self, lane: Lane) {
        self.count += 1;
        self.served.insert(lane, self.count);
        *self.busy.entry(lane).or_default() += 1;
    }

    fn ended(&mut self, lane: Lane, claimed: usize) {
        if let Some(busy) = self.busy.get_mut(&lane) {
            *busy -= 1;
        }
        self.busy.retain(|_, busy| *busy > 0);
        if claimed == 0 {
            self.resting.insert(lane);
        }
    }
}

pub async fn run(services: JobServices, mut stopped: watch::Receiver<bool>) {
    let gateways = Arc::new(Gateways::default());
    let mut turns = Turns::default();
    let mut under_way: JoinSet<(Lane, usize)> = JoinSet::new();
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while !*stopped.borrow() {
        let due = due(&services, &gateways).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the outbox cannot be read");
            Vec::new()
        });
        for lane in turns.next(due) {
            turns.begun(lane);
            let (services, gateways, stopped) = (services.clone(), gateways.clone(), stopped.clone());
            under_way.spawn(async move { (lane, lane::serve(&services, &gateways, lane, &stopped).await.claimed) });
        }
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => {}
            Some(ended) = under_way.join_next(), if !under_way.is_empty() => match ended {
                Ok((lane, claimed)) => turns.ended(lane, claimed),
                // Which lane it was is not known any more; all may begin anew, and what was in hand waits for its lease.
                Err(error) => {
                    tracing::error!(%error, "a delivery panicked");
                    turns.busy.clear();
                }
            },
            _ = look.tick() => turns.resting.clear(),
        }
    }
    while under_way.join_next().await.is_some() {}
}

/// Everything due, in turn; returns how many were sent.
pub async fn once(services: &JobServices) -> Result<usize, data::Error> {
    let (_still, running) = watch::channel(false);
    let (gateways, mut turns, mut sent) = (Gateways::default(), Turns::default(), 0);
    loop {
        let lanes = turns.next(due(services, &gateways).await?);
        if lanes.is_empty() {
            return Ok(sent);
        }
        for lane in lanes {
            turns.begun(lane);
            let served = lane::serve(services, &gateways, lane, &running).await;
            sent += served.sent;
            turns.ended(lane, served.claimed);
        }
    }
}

/// Lanes with something to send, of suppliers that are served, through gateways that answer.
async fn due(services: &JobServices, gateways: &Gateways) -> Result<Vec<Lane>, data::Error> {
    let mut lanes = services.db.platform().due_lanes().await?;
    lanes.retain(|lane| {
        (services.tenants)(lane.tenant).is_some_and(|tenant| {
            tenant.state != TenantState::Suspended && gateways.may(&ways::gateway(&tenant, lane.channel))
        })
    });
    Ok(lanes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::TenantId;
    use crate::domain::notices::{Channel, Urgency};

    fn lane(tenant: i32, urgency: Urgency) -> Lane {
        Lane { tenant: TenantId(tenant), channel: Channel::Mail, urgency }
    }

    #[test]
    fn urgent_lanes_go_first_and_a_noisy_one_leaves_room() {
        let noisy = lane(1, Urgency::Notice);
        let mut turns = Turns::default();
        let first = turns.next(vec![noisy, lane(2, Urgency::Security), lane(2, Urgency::Notice)]);
        assert_eq!(first[..3], [lane(2, Urgency::Security), noisy, lane(2, Urgency::Notice)]);
        for one in first {
            turns.begun(one);
        }
        assert_eq!(turns.busy[&noisy], WIDTH);
        // All its places are taken: a third supplier still gets one, and somebody's new password always does.
        let next = turns.next(vec![noisy, lane(3, Urgency::Security), lane(3, Urgency::Notice)]);
        assert!(!next.contains(&noisy));
        assert!(next.contains(&lane(3, Urgency::Security)));
    }

    #[test]
    fn among_equals_whoever_waited_longest_is_next() {
        let mut turns = Turns::default();
        let (a, b) = (lane(1, Urgency::Notice), lane(2, Urgency::Notice));
        turns.begun(a);
        turns.ended(a, 500);
        assert_eq!(turns.next(vec![a, b])[..2], [b, a]);
        turns.begun(b);
        turns.ended(b, 0);
        assert!(!turns.next(vec![a, b]).contains(&b), "it gave nothing and rests until the next look");
    }

    #[test]
    fn what_keeps_the_database_busy_is_told_by_few() {
        let storm = Lane { channel: Channel::Spread, ..lane(1, Urgency::Notice) };
        let mut turns = Turns::default();
        assert_eq!(turns.next(vec![storm]), [storm; SPREAD_WIDTH]);
        turns.begun(storm);
        assert_eq!(turns.next(vec![storm]), [storm; SPREAD_WIDTH - 1]);
    }

    #[test]
    fn one_channel_cannot_take_all_places() {
        let turns = Turns::default();
        let mut due: Vec<Lane> = (1..=100).map(|tenant| lane(tenant, Urgency::Notice)).collect();
        due.push(Lane { channel: Channel::Sms, ..lane(1, Urgency::Notice) });
        let next = turns.next(due);
        assert_eq!(next.iter().filter(|one| one.channel == Channel::Mail).count(), BULK);
        assert!(next.iter().any(|one| one.channel == Channel::Sms));
    }
}

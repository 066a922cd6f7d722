//! The desk writes an outage down, changes it, takes the change back, cancels it: each shown before it is done.
use super::Ground;
use crate::support::{Answer, value_of};
use busbar::domain::ids::OutageId;
use busbar::domain::outages::{Areas, Outage, OutageKind, Source};
use time::{Date, Duration, Month, OffsetDateTime, Weekday};

const NEW: &str = "/operator/outages/new";

impl Ground {
    pub fn form(&self, ahead: i64) -> Vec<(&'static str, String)> {
        let day = self.day(ahead).to_string();
        vec![
            ("kind", "planned".into()),
            ("from_day", day.clone()),
            ("from_time", "8:00".into()),
            ("to_day", day),
            ("to_time", "12:30".into()),
            ("reason", "Údržba vedení".into()),
            ("distributor", "EG.D".into()),
            ("announced", self.day(0).to_string()),
            ("addresses", String::new()),
            ("eans", self.point.code.clone()),
            ("parcels", String::new()),
        ]
    }

    pub async fn send(&mut self, path: &str, form: &[(&'static str, String)], step: &str) -> Answer {
        let mut pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        pairs.push(("step", step));
        self.clerk.post(path, &pairs).await
    }

    /// Written down and kept; its address.
    pub async fn written(&mut self, ahead: i64) -> String {
        let mut form = self.form(ahead);
        let look = self.send(NEW, &form, "review").await;
        assert_eq!(look.status, 200, "{}", look.text());
        form.push(("key", value_of(&look, "key")));
        let kept = self.send(NEW, &form, "send").await;
        assert_eq!(kept.status, 303, "{}", kept.text());
        let path = kept.location().split('?').next().expect("a path").to_owned();
        // The same form again is the same outage.
        let again = self.send(NEW, &form, "send").await;
        assert!(again.status == 303 && again.location().starts_with(&path), "{}", again.location());
        path
    }

    async fn kinds(&self, path: &str) -> Vec<(i32, String)> {
        let id = path.rsplit('/').next().expect("an id");
        let id = OutageId(uuid::Uuid::try_parse(id).expect("an id"));
        self.told(id).await
    }
}

#[tokio::test]
async fn mistakes_are_named_at_their_fields_and_what_was_typed_stays() {
    let mut ground = Ground::new().await;
    for (name, value, said) in [
        ("to_time", "7:00", "Konec musí být po začátku"),
        ("to_time", "poledne", "Zadejte čas jako 7:30"),
        ("eans", "859182400900000014", "859182400900000014"),
        ("eans", "", "aspoň jeden EAN"),
        ("addresses", "Lhota: abc", "není číslo domu"),
        ("parcels", "12", "není parcela"),
    ] {
        let mut form = ground.form(20);
        form.iter_mut().find(|one| one.0 == name).expect("a field").1 = value.into();
        let answer = ground.send(NEW, &form, "send").await;
        assert_eq!(answer.status, 422, "{name}={value}");
        assert!(answer.text().contains(said), "{name}={value}: {}", answer.text());
        assert!(answer.body.contains("Údržba vedení"), "what was typed stays");
    }
    let mut form = ground.form(20);
    for (name, value) in [("from_day", "2027-03-28"), ("from_time", "2:30"), ("to_day", "2027-03-28")] {
        form.iter_mut().find(|one| one.0 == name).expect("a field").1 = value.into();
    }
    let answer = ground.send(NEW, &form, "review").await;
    assert!(answer.status == 422 && answer.text().contains("neexistuje"), "{}", answer.text());
}

#[tokio::test]
async fn an_outage_is_looked_over_kept_changed_taken_back_and_cancelled() {
    let mut ground = Ground::new().await;
    let form = ground.form(20);
    let look = ground.send(NEW, &form, "review").await;
    let plain = look.text().replace('\u{a0}', " ");
    for word in ["Týká se 1 odběrného místa", "E-mailem: 1, SMS: 0", "4 h 30 min", "splněno"] {
        assert!(plain.contains(word), "{word}: {}", look.text());
    }
    let list = ground.clerk.get("/operator/outages").await;
    assert!(!list.text().contains("O-"), "a look keeps nothing: {}", list.text());

    let path = ground.written(20).await;
    assert_eq!(ground.kinds(&path).await, [(1, "outage_planned".to_owned())]);
    let list = ground.clerk.get("/operator/outages").await;
    for word in ["O-", "splněno", "Připravuje se"] {
        assert!(list.text().contains(word), "{word}: {}", list.text());
    }

    let change = ground.clerk.get(&format!("{path}/change")).await;
    let mut form = ground.form(20);
    form.push(("sequence", value_of(&change, "sequence")));
    form.iter_mut().find(|one| one.0 == "to_time").expect("a field").1 = "13:00".into();
    let changed = ground.send(&format!("{path}/change"), &form, "send").await;
    assert_eq!(changed.status, 303, "{}", changed.text());
    // Who looked before that does not overwrite it.
    let stale = ground.send(&format!("{path}/change"), &form, "send").await;
    assert_eq!(stale.status, 409);

    for (act, version, word) in [("undo", 3, "8:00–12:30"), ("cancel", 4, "Zrušena")] {
        let look = ground.clerk.get(&format!("{path}/act/{act}")).await;
        assert!(look.text().contains("E-mailem: 1"), "{act}: {}", look.text());
        let form = [("sequence", value_of(&look, "sequence"))];
        assert_eq!(ground.send(&format!("{path}/act/{act}"), &form, "send").await.status, 303, "{act}");
        let page = ground.clerk.get(&path).await;
        assert!(page.text().contains(word) && page.text().contains(&format!("verze {version}")), "{}", page.text());
    }
    let told = [(1, "planned"), (2, "changed"), (3, "changed"), (4, "cancelled")];
    let told: Vec<(i32, String)> = told.iter().map(|(version, what)| (*version, format!("outage_{what}"))).collect();
    assert_eq!(ground.kinds(&path).await, told);
    let look = ground.clerk.get(&format!("{path}/act/delete")).await;
    let form = [("sequence", value_of(&look, "sequence"))];
    assert_eq!(ground.send(&format!("{path}/act/delete"), &form, "send").await.status, 409, "somebody was told");
}

#[tokio::test]
async fn what_nobody_was_told_of_can_be_deleted() {
    let mut ground = Ground::new().await;
    let tx = ground.tx().await;
    assert!(tx.turn_outage_subscription_off(&ground.token).await.expect("asked"));
    tx.commit().await.expect("kept");
    let path = ground.written(10).await;
    assert!(ground.clerk.get(&path).await.text().contains("nesplněno"), "announced ten days before");
    let look = ground.clerk.get(&format!("{path}/act/delete")).await;
    let form = [("sequence", value_of(&look, "sequence"))];
    assert_eq!(ground.send(&format!("{path}/act/delete"), &form, "send").await.status, 303);
    assert_eq!(ground.clerk.get(&path).await.status, 404);
}

#[tokio::test]
async fn a_branch_looks_and_another_supplier_has_no_such_page() {
    let mut ground = Ground::new().await;
    let path = ground.written(20).await;
    let mut branch = ground.app.operator("eon", "branch").await;
    assert_eq!(branch.get(&path).await.status, 200);
    for closed in [NEW, &format!("{path}/change"), &format!("{path}/act/cancel"), "/operator/outages/import"] {
        assert_eq!(branch.get(closed).await.status, 404, "{closed}");
    }
    let mut other = ground.app.operator("pre", "lead").await;
    assert_eq!(other.get("/operator/outages").await.status, 404);
    for nobody in ["/operator/outages/x", &format!("/operator/outages/{}", OutageId::new())] {
        assert_eq!(ground.clerk.get(nobody).await.status, 404);
    }
}

/// Whoever comes second is told, and nothing of theirs is written down as if it were done.
#[tokio::test]
async fn of_two_who_press_at_once_one_is_told_that_it_stands_otherwise() {
    let mut ground = Ground::new().await;
    for act in ["change", "cancel"] {
        let path = ground.written(20).await;
        let page = if act == "cancel" { format!("{path}/act/cancel") } else { format!("{path}/change") };
        let sequence = value_of(&ground.clerk.get(&page).await, "sequence");
        let mut racers = tokio::task::JoinSet::new();
        for to in ["13:00", "14:00"] {
            let (mut clerk, page, sequence) = (ground.clerk.clone(), page.clone(), sequence.clone());
            let mut form = ground.form(20);
            racers.spawn(async move {
                form.iter_mut().find(|one| one.0 == "to_time").expect("a field").1 = to.into();
                form.extend([("sequence", sequence), ("step", "send".into())]);
                let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
                clerk.post(&page, &pairs).await
            });
        }
        let answers = racers.join_all().await;
        let done = answers.iter().filter(|one| one.status == 303 && one.location().contains("?done="));
        assert_eq!(done.count(), 1, "{act}");
        assert!(answers.iter().all(|one| matches!(one.status, 303 | 409)), "{act}");
        assert_eq!(ground.kinds(&path).await.len(), 2, "{act}");
        let tx = ground.tx().await;
        let lines = tx.audit_trail(50, None).await.expect("the history");
        let object = format!("outage:{}", path.rsplit('/').next().expect("an id"));
        assert_eq!(lines.iter().filter(|line| line.object == object).count(), 2, "written down and one {act}");
        drop(tx);
        // A click on what is done already leads to the outage.
        if act == "cancel" {
            let again = ground.clerk.get(&page).await;
            assert!(again.status == 303 && again.location() == path, "{}", again.location());
        }
    }
}

/// The night clocks are put back has every time between two and three twice.
#[tokio::test]
async fn a_form_filled_again_keeps_which_of_two_equal_times_it_is() {
    let mut ground = Ground::new().await;
    let mut night = Date::from_calendar_date(ground.day(0).year() + 1, Month::October, 31).expect("a day");
    while night.weekday() != Weekday::Sunday {
        night -= Duration::DAY;
    }
    let second = night.with_hms(1, 30, 0).expect("a time").assume_utc();
    let one = Outage {
        id: OutageId::new(),
        source: Source::Distributor,
        number: "N1".into(),
        version: 1,
        kind: OutageKind::Planned,
        starts_at: second,
        ends_at: second + Duration::minutes(15),
        is_cancelled: false,
        reason: "Údržba".into(),
        place: String::new(),
        distributor: String::new(),
        announced_at: OffsetDateTime::UNIX_EPOCH,
        areas: Areas { eans: vec![ground.point.code.clone()], ..Areas::default() },
    };
    let tx = ground.tx().await;
    tx.record_outage(&one, "feed", one.announced_at).await.expect("recorded");
    tx.commit().await.expect("kept");
    let path = format!("/operator/outages/{}/change", one.id);
    let page = ground.clerk.get(&path).await;
    let names = ["from_day", "from_time", "to_day", "to_time", "announced", "sequence"];
    let mut form: Vec<(&'static str, String)> = names.iter().map(|name| (*name, value_of(&page, name))).collect();
    form.extend([("kind", "planned".into()), ("reason", "Výměna sloupu".into()), ("eans", ground.point.code.clone())]);
    let changed = ground.send(&path, &form, "send").await;
    assert_eq!(changed.status, 303, "{}", changed.text());
    let stands = ground.tx().await.outage(one.id).await.expect("it stands");
    assert_eq!((stands.reason.as_str(), stands.starts_at, stands.ends_at), ("Výměna sloupu", second, one.ends_at));
}

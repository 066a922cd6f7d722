//! Outages from a file: what was understood, all of it or none, the same file once.
use super::Ground;
use crate::support::{Answer, value_of};
use busbar::domain::outages::Source;

const PATH: &str = "/operator/outages/import";
const HEAD: &str = "outage_id;version;kind;starts_at;ends_at;tz;cancelled;reason;eans;addresses;parcels";

impl Ground {
    pub fn row(&self, number: &str, version: i32, hours: &str, cancelled: &str) -> String {
        let day = self.day(20);
        let (from, to) = hours.split_once('-').expect("from and to");
        format!("{number};{version};planned;{day} {from};{day} {to};;{cancelled};Údržba;{};;", self.point.code)
    }

    pub async fn upload(&mut self, content: &[u8]) -> Answer {
        self.clerk.get(PATH).await;
        self.clerk.upload(PATH, &[("step", "review")], &[("file", "odstavky.csv", content)]).await
    }

    pub async fn import(&mut self, rows: &[String]) {
        let look = self.upload(format!("{HEAD}\n{}\n", rows.join("\n")).as_bytes()).await;
        assert_eq!(look.status, 200, "{}", look.text());
        assert_eq!(self.confirm(&look).await.status, 303);
    }

    async fn path(&self, number: &str) -> String {
        let one = self.tx().await.outage_by_number(Source::Distributor, number).await.expect("a lookup");
        format!("/operator/outages/{}", one.expect("it stands").id)
    }

    async fn confirm(&mut self, look: &Answer) -> Answer {
        let id = value_of(look, "import");
        self.clerk.post(PATH, &[("import", &id), ("step", "send")]).await
    }
}

#[tokio::test]
async fn a_file_is_looked_over_and_kept_whole_and_once() {
    let mut ground = Ground::new().await;
    let file =
        format!("{HEAD}\n{}\n{}\n", ground.row("A1", 1, "8:00-12:00", ""), ground.row("A2", 1, "9:00-10:00", ""));
    let look = ground.upload(file.as_bytes()).await;
    assert_eq!(look.status, 200, "{}", look.text());
    assert!(look.text().contains("Odstávek v souboru: 2") && look.text().contains("E-mailem: 2"), "{}", look.text());
    assert_eq!(ground.queued("A1").await, [], "a look keeps nothing");
    assert_eq!(ground.confirm(&look).await.status, 303);
    assert_eq!(ground.queued("A1").await, [(1, "outage_planned".to_owned())]);
    assert_eq!(ground.confirm(&look).await.status, 409, "confirmed twice");
    let again = ground.upload(file.as_bytes()).await;
    assert!(again.status == 409 && again.text().contains("byl už nahrán"), "{}", again.text());

    let next = format!(
        "{HEAD}\n{}\n{}\n{}\n",
        ground.row("A1", 2, "8:00-13:00", ""),
        ground.row("A2", 2, "9:00-10:00", "ano"),
        ground.row("A3", 1, "7:00-8:00", "")
    );
    let look = ground.upload(next.as_bytes()).await;
    for word in ["Nové", "Změněné", "Zrušené"] {
        assert!(look.text().contains(word), "{word}: {}", look.text());
    }
    assert_eq!(ground.confirm(&look).await.status, 303);
    let told = |version, what: &str| (version, format!("outage_{what}"));
    assert_eq!(ground.queued("A1").await, [told(1, "planned"), told(2, "changed")]);
    assert_eq!(ground.queued("A2").await, [told(1, "planned"), told(2, "cancelled")]);
    // Another file with the first versions changes nothing, and says so.
    let look = ground.upload(format!("{file}\n").as_bytes()).await;
    assert!(look.text().contains("Starší, než máme"), "{}", look.text());
    assert_eq!(ground.confirm(&look).await.status, 303);
    assert_eq!(ground.queued("A1").await.len(), 2);
}

#[tokio::test]
async fn every_mistake_is_told_by_line_and_column_and_nothing_is_kept() {
    let mut ground = Ground::new().await;
    let bad = format!("{HEAD}\n{}\nB2;1;x;včera;;;;;1;;\n", ground.row("B1", 1, "12:00-8:00", ""));
    let answer = ground.upload(bad.as_bytes()).await;
    assert_eq!(answer.status, 422);
    for word in ["Řádek 2, sloupec 5 (ends_at)", "Řádek 3, sloupec 3 (kind)", "Řádek 3, sloupec 4 (starts_at)"] {
        assert!(answer.text().contains(word), "{word}: {}", answer.text());
    }
    for (content, said) in [
        (&b"PK\x03\x04\0\0"[..], "To není text"),
        (&b"\xff\xfea\0"[..], "UTF-16"),
        (&b""[..], "žádná odstávka"),
        (&b"outage_id;version\n"[..], "chybí sloupec"),
        (&b"{\"outages\":["[..], "není platný JSON"),
        (&b"{\"outages\":[{\"x\":1}]}"[..], "outages[0].x: Pole tu chybí"),
    ] {
        let answer = ground.upload(content).await;
        assert_eq!(answer.status, 422, "{said}");
        assert!(answer.text().contains(said), "{said}: {}", answer.text());
    }
    assert_eq!(ground.queued("B1").await, []);
}

#[tokio::test]
async fn the_same_version_with_another_content_is_refused_and_windows_1250_is_read() {
    let mut ground = Ground::new().await;
    let file = format!("{HEAD}\n{}\n", ground.row("C1", 1, "8:00-12:00", ""));
    let old: Vec<u8> = file
        .chars()
        .map(|letter| {
            if letter == 'Ú' {
                0xda
            } else if letter == 'ž' {
                0x9e
            } else {
                letter as u8
            }
        })
        .collect();
    let look = ground.upload(&old).await;
    assert!(look.text().contains("windows-1250") && look.status == 200, "{}", look.text());
    assert_eq!(ground.confirm(&look).await.status, 303);
    let other = format!("{HEAD}\n{}\n", ground.row("C1", 1, "8:00-12:15", ""));
    let answer = ground.upload(other.as_bytes()).await;
    assert!(answer.status == 409 && answer.text().contains("Zvyšte verzi"), "{}", answer.text());
    let template = ground.clerk.get("/operator/outages/import/template").await;
    assert!(template.body.contains("outage_id;version;kind"), "{}", template.body);
}

/// What the desk does meanwhile raises our version, never the distributor's.
#[tokio::test]
async fn the_distributors_next_version_is_taken_and_told_whatever_the_desk_did() {
    let mut ground = Ground::new().await;
    let first = [ground.row("D1", 1, "8:00-12:00", ""), ground.row("D2", 1, "8:00-12:00", "")];
    ground.import(&first).await;
    ground.import(&[ground.row("D2", 2, "8:00-11:00", "")]).await;
    let (changed, undone) = (ground.path("D1").await, ground.path("D2").await);
    let page = ground.clerk.get(&format!("{changed}/change")).await;
    let mut form = ground.form(20);
    form.push(("sequence", value_of(&page, "sequence")));
    assert_eq!(ground.send(&format!("{changed}/change"), &form, "send").await.status, 303);
    let act = format!("{undone}/act/undo");
    let form = [("sequence", value_of(&ground.clerk.get(&act).await, "sequence"))];
    assert_eq!(ground.send(&act, &form, "send").await.status, 303);

    // Its own words again are no news.
    let look = ground.upload(format!("{HEAD}\n{}\n\n", first[0]).as_bytes()).await;
    assert_eq!(look.status, 200, "{}", look.text());
    ground.import(&[ground.row("D1", 2, "8:00-15:00", ""), ground.row("D2", 3, "8:00-16:00", "")]).await;
    let told = |changes: i32| {
        let planned = std::iter::once((1, "outage_planned".to_owned()));
        planned.chain((2..=changes).map(|version| (version, "outage_changed".to_owned()))).collect::<Vec<_>>()
    };
    assert_eq!((ground.queued("D1").await, ground.queued("D2").await), (told(3), told(4)));
    for (path, word) in [(changed, "8:00–15:00"), (undone, "8:00–16:00")] {
        let page = ground.clerk.get(&path).await;
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
}

/// As ČEZ Distribuce lists the outages of a municipality.
fn town_list(ground: &Ground, hours: &str, numbers: &str) -> String {
    let (day, city) = (ground.day(20), &ground.point.address.city);
    let (from, to) = hours.split_once('-').expect("from and to");
    let street = ground.point.address.street.rsplit_once(' ').expect("a street").0;
    format!(
        r#"{{"outages":null,"outages_in_town":[{{"id":7,"announcement_key":"T1","opened_at":"{day}T{from}:00Z",
        "fix_expected_at":"{day}T{to}:00Z","addresses":{{"towns":[{{"name":"{city}","town_districts":[{{"town_parts":[
        {{"name":"{city}","streets":[{{"name":"{street}","house_nums":"{numbers}"}}]}}]}}]}}]}}}}]}}"#
    )
}

#[tokio::test]
async fn what_a_distributor_publishes_is_taken_where_the_supplier_says_so() {
    let mut ground = Ground::new().await;
    let list = town_list(&ground, "08:00-12:00", "1-9999");
    let refused = ground.upload(list.as_bytes()).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("přidá „cez-by-town“ do shapes v oddílu [outages]"), "{}", refused.text());

    ground.take("[outages]\nshapes = [\"cez-by-town\", \"cez-by-ean\"]\n");
    assert!(ground.clerk.get(PATH).await.text().contains("outages_in_town"), "the page says what is taken");
    let unread = ground.upload(town_list(&ground, "08:00-12:00", "1 až 9").as_bytes()).await;
    assert_eq!(unread.status, 422);
    for word in ["streets[0].house_nums", "1 až 9"] {
        assert!(unread.text().contains(word), "{word}: {}", unread.text());
    }
    let planned = || (1, "outage_planned".to_owned());
    let look = ground.upload(list.as_bytes()).await;
    assert_eq!(look.status, 200, "{}", look.text());
    assert_eq!(ground.confirm(&look).await.status, 303);
    assert_eq!(ground.queued("T1").await, [planned()]);

    // The same outage by another list is no news, but who else it touches is known from then on; other hours are a change, and a
    // cancellation holds for all.
    let (day, ean) = (ground.day(20), ground.point.code.clone());
    let of_point = |from: &str, cancelled: bool| {
        format!(
            r#"{{"ean":"{ean}","data":[{{"number":"T1","cancelled":{cancelled},"date":"{day}T00:00:00",
            "fromTime":"1970-01-01T{from}:00","toTime":"1970-01-01T23:00:00"}}]}}"#
        )
    };
    let again = ground.upload(format!("{list}\n").as_bytes()).await;
    assert_eq!(ground.confirm(&again).await.status, 303);
    for (from, cancelled) in [("07:00", false), ("07:00", true)] {
        let look = ground.upload(of_point(from, cancelled).as_bytes()).await;
        assert_eq!(look.status, 200, "{}", look.text());
        assert_eq!(ground.confirm(&look).await.status, 303);
    }
    let told = [planned(), (2, "outage_changed".to_owned()), (3, "outage_cancelled".to_owned())];
    assert_eq!(ground.queued("T1").await, told);
    let one =
        ground.tx().await.outage_by_number(Source::Distributor, "T1").await.expect("a lookup").expect("it stands");
    assert_eq!((one.areas.addresses.len(), one.areas.eans.len(), one.is_cancelled), (1, 1, true));
}

//! Files change while it serves: a new revision without a restart, a bad file leaves the last good one, the others go ahead.
use crate::support::{Browser, TestApp};
use busbar::app::reload;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// A served copy of the definition files.
struct Served {
    app: TestApp,
    root: PathBuf,
    stop: watch::Sender<bool>,
    _dir: tempfile::TempDir,
}

impl Served {
    async fn start(is_watched: bool) -> Served {
        let dir = tempfile::tempdir().expect("the temporary folder is writable");
        let root = dir.path().to_path_buf();
        for folder in ["tenants", "policies", "themes"] {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            let copied = Command::new("cp").arg("-r").arg(from).arg(&root).status().expect("cp runs");
            assert!(copied.success(), "{folder}");
        }
        let app = TestApp::start_with(&[("files.root", root.to_str().expect("a plain name"))]).await;
        let (stop, stopped) = watch::channel(false);
        let watched = if is_watched { root.clone() } else { PathBuf::new() };
        tokio::spawn(reload::keep_current(app.services.clone(), watched, stopped));
        // Until the watcher stands nothing is heard; it says so to nobody, so the first change is tried until it arrives.
        tokio::time::sleep(Duration::from_millis(300)).await;
        Served { app, root, stop, _dir: dir }
    }

    fn change(&self, file: &str, from: &str, to: &str) {
        let path = self.root.join(file);
        let text = std::fs::read_to_string(&path).expect("the file is there");
        assert!(text.contains(from), "{file} has no {from}");
        std::fs::write(&path, text.replace(from, to)).expect("written");
    }

    fn revision(&self, slug: &str) -> i64 {
        self.app.services.registry.by_slug(slug).expect("it serves").revision
    }
}

/// Asks until the page says it; a minute is for a machine that does much else.
async fn until_it_says(browser: &mut Browser, path: &str, words: &str) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !browser.get(path).await.text().contains(words) {
        assert!(Instant::now() < patience, "{path} never says {words}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_file_is_served_without_a_restart() {
    let served = Served::start(true).await;
    let mut browser = served.app.browser("eon");
    let before = served.revision("eon");
    served.change("tenants/eon.toml", "+420 800 000 041", "+420 800 000 099");
    until_it_says(&mut browser, "/", "+420 800 000 099").await;
    assert_eq!(served.revision("eon"), before + 1);
    served.change("themes/base/texts/cs/frame.ftl", "frame-sign-in = ", "frame-sign-in = Vstup: ");
    until_it_says(&mut served.app.browser("eon"), "/login", "Vstup: ").await;
    served.stop.send(true).expect("it still runs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_file_leaves_the_last_good_one_and_the_others_go_ahead() {
    let served = Served::start(true).await;
    let before = served.revision("eon");
    served.change("tenants/eon.toml", "schema = 1", "schema = 1\nshcema = 2");
    served.change("tenants/cez.toml", "+420 800 000 031", "+420 800 000 098");
    until_it_says(&mut served.app.browser("cez"), "/", "+420 800 000 098").await;
    until_it_says(&mut served.app.browser("eon"), "/", "+420 800 000 041").await;
    assert_eq!(served.revision("eon"), before);
    // Mended, it goes on.
    served.change("tenants/eon.toml", "shcema = 2", "");
    served.change("tenants/eon.toml", "+420 800 000 041", "+420 800 000 097");
    until_it_says(&mut served.app.browser("eon"), "/", "+420 800 000 097").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_theme_leaves_every_page_as_it_was() {
    let served = Served::start(true).await;
    served.change("themes/eon/theme.toml", "schema = 1", "schema = 1\ncolour = \"red\"");
    served.change("tenants/cez.toml", "+420 800 000 031", "+420 800 000 098");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(served.app.browser("eon").get("/").await.status, 200);
    served.change("themes/eon/theme.toml", "\ncolour = \"red\"", "");
    until_it_says(&mut served.app.browser("cez"), "/", "+420 800 000 098").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hangup_reads_the_files_again() {
    let served = Served::start(false).await;
    served.change("tenants/eon.toml", "+420 800 000 041", "+420 800 000 099");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(!served.app.browser("eon").get("/").await.text().contains("+420 800 000 099"), "nobody has asked for it");
    let told = Command::new("kill").args(["-HUP", &std::process::id().to_string()]).status().expect("kill runs");
    assert!(told.success());
    until_it_says(&mut served.app.browser("eon"), "/", "+420 800 000 099").await;
}

/// `busbar tenant apply` is another process: a running server learns of it from the database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_process_applies_is_served_within_a_moment() {
    let served = Served::start(false).await;
    served.change("tenants/eon.toml", "+420 800 000 041", "+420 800 000 099");
    let (other, _) = served.app.another_instance().await;
    reload::adopt_files(&other).await.expect("applied");
    until_it_says(&mut served.app.browser("eon"), "/", "+420 800 000 099").await;
}

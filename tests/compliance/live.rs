//! S1 as a whole: pages that type at once, over a network that drops, repeats and reorders, while the server restarts or is
//! killed and sessions are revoked. All of them end with the same visit, every acknowledged edit is in it once, and the trail
//! says so.

mod host;

use std::collections::BTreeSet;

use cutis_domain::Entropy as _;
use cutis_domain::entropy::Purpose;
use cutis_testkit::SeededEntropy;
use cutis_tests::actors::{SignedIn, id_of};
use cutis_tests::client::Place;
use cutis_tests::live::{LivePage, splice};
use serde_json::{Value, json};

use host::Host;

/// Pages at once.
const PAGES: usize = 4;

/// What chance decides, the same for the same seed.
struct Chance(SeededEntropy);

impl Chance {
    fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(Purpose::Id, &mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % u64::try_from(bound).expect("small")).expect("small")
    }
}

/// One page: what it shows, and what it has sent and not been told to be stored.
struct Page {
    live: LivePage,
    text: String,
    version: u64,
    pending: Option<Pending>,
}

struct Pending {
    edit: Value,
    /// The page's own text with it.
    ours: String,
    /// The line that it adds.
    line: String,
    /// Whether it changes the line that everybody changes.
    contested: bool,
}

impl Page {
    /// What the server has, as after `resync`.
    async fn fetch(&mut self, (patient, entry): (&str, &str)) {
        let opened = self.live.open_entry(patient, entry).await;
        self.text = opened["notes"].as_str().expect("notes").to_owned();
        self.version = opened["versions"]["notes"].as_u64().expect("a version");
    }

    /// Types a line of its own somewhere, and sometimes also the one that everybody changes.
    fn type_on(&mut self, at: (&str, &str), line: &str, chance: &Chance) {
        let mut lines: Vec<String> = self.text.split('\n').map(str::to_owned).collect();
        let contested = chance.below(4) == 0;
        if contested {
            lines[0] = format!("dose of {line}");
        }
        lines.insert(1 + chance.below(lines.len()), line.to_owned());
        let ours = lines.join("\n");
        let edit = self
            .live
            .edit(at, "notes", self.version, splice(&self.text, &ours));
        self.pending = Some(Pending {
            edit,
            ours,
            line: line.to_owned(),
            contested,
        });
    }
}

/// The server, who works on it, and what was promised.
struct World {
    /// Taken only while it starts again.
    host: Option<Host>,
    anna: SignedIn,
    patient: String,
    entry: String,
    pages: Vec<Page>,
    /// Lines whose edits were acknowledged.
    stored: BTreeSet<String>,
    clashes: usize,
    kills: usize,
    /// Edits that a killed server had stored without having said so.
    unsaid: usize,
    chance: Chance,
    /// How many lines were typed.
    typed: usize,
}

impl World {
    async fn begin((host, anna): (Host, SignedIn), seed: u64) -> Self {
        let patient = anna.create_patient("p-1").await;
        let path = format!("/api/v1/patients/{patient}/entries");
        let entry = anna.post(&path, &json!({ "notes": "dose\n-" })).await.expect(201);
        let entry = id_of(&entry);
        let mut pages = Vec::new();
        for _ in 0..PAGES {
            let mut page = Page {
                live: LivePage::open(&host.place(), &anna).await,
                text: String::new(),
                version: 0,
                pending: None,
            };
            page.fetch((&patient, &entry)).await;
            pages.push(page);
        }
        Self {
            host: Some(host),
            anna,
            patient,
            entry,
            pages,
            stored: BTreeSet::new(),
            clashes: 0,
            kills: 0,
            unsaid: 0,
            chance: Chance(SeededEntropy::new(seed)),
            typed: 0,
        }
    }

    fn host(&self) -> &Host {
        self.host.as_ref().expect("running")
    }

    fn place(&self) -> Place {
        self.host().place()
    }

    /// One thing that may happen to a page.
    async fn step(&mut self) {
        let number = self.chance.below(PAGES);
        match self.chance.below(24) {
            0 if self.chance.below(3) > 0 && self.host().can_be_killed() => self.kill().await,
            0 => self.restart().await,
            1 => self.revoke().await,
            2 | 3 => self.lose(number, false).await,
            4..=6 => self.lose(number, true).await,
            7..=9 => {
                let times = 2 + self.chance.below(4);
                self.send(number, times).await;
            }
            _ => self.send(number, 1).await,
        }
    }

    fn ensure_pending(&mut self, number: usize) {
        if self.pages[number].pending.is_none() {
            self.typed += 1;
            let line = format!("line {} of page {number}", self.typed);
            let at = (self.patient.as_str(), self.entry.as_str());
            self.pages[number].type_on(at, &line, &self.chance);
        }
    }

    /// Sends what is pending so often, and takes the answers.
    async fn send(&mut self, number: usize, times: usize) {
        self.ensure_pending(number);
        let page = &mut self.pages[number];
        let pending = page.pending.take().expect("pending");
        for _ in 1..times {
            page.live.say(&pending.edit).await;
        }
        let mut answer = page.live.answer_to(&pending.edit).await;
        for _ in 1..times {
            let again = loop {
                let message = page.live.next().await.expect("the connection stays");
                if message["seq"] == pending.edit["seq"] {
                    break message;
                }
            };
            // A clash is answered for what holds at that moment; an acknowledgement never changes.
            if answer["kind"] == "ack" {
                assert_eq!(again, answer, "the same edit is answered in the same way");
            }
            answer = again;
        }
        match answer["kind"].as_str() {
            Some("ack") => {
                page.version = answer["version"].as_u64().expect("a version");
                page.text = pending.ours;
                if let Some(merged) = answer["merged"].as_array() {
                    let splices: Vec<_> = merged.iter().map(spliced).collect();
                    page.text = cutis_live::apply(&page.text, &splices, 1 << 20).expect("they fit");
                }
                assert_eq!(answer["hash"], cutis_tests::live::hash(&page.text));
                assert!(self.stored.insert(pending.line), "acknowledged once");
            }
            Some("clash") => {
                let theirs = answer["theirs"].as_str().expect("theirs");
                // From about a thousand lines on, all between two changes counts as one (docs/LIVE.md, Merging).
                let is_long = theirs.lines().count() > 900;
                assert!(
                    pending.contested || is_long,
                    "only the contested line can clash: {answer}"
                );
                self.clashes += 1;
                // The person chooses theirs, and keeps the own line: a new edit on the newest version.
                page.text = answer["theirs"].as_str().expect("theirs").to_owned();
                page.version = answer["version"].as_u64().expect("a version");
                let at = (self.patient.as_str(), self.entry.as_str());
                let ours = format!("{}\n{}", page.text, pending.line);
                let edit = page
                    .live
                    .edit(at, "notes", page.version, splice(&page.text, &ours));
                page.pending = Some(Pending {
                    edit,
                    ours,
                    line: pending.line,
                    contested: false,
                });
            }
            _ => panic!("neither stored nor asked: {answer}"),
        }
    }

    /// The connection is cut, before the edit leaves or before its answer is read; the page comes back with it.
    async fn lose(&mut self, number: usize, after: bool) {
        self.ensure_pending(number);
        if after {
            let edit = self.pages[number].pending.as_ref().expect("pending").edit.clone();
            self.pages[number].live.say(&edit).await;
            // The server may have stored it or not by the time the connection is gone.
            for _ in 0..self.chance.below(40) {
                tokio::task::yield_now().await;
            }
        }
        self.reconnect(number).await;
        self.send(number, 1).await;
    }

    async fn reconnect(&mut self, number: usize) {
        let page = self.pages.swap_remove(number);
        let live = page.live.again(&self.place(), &self.anna, None).await;
        self.pages.push(Page { live, ..page });
        let last = self.pages.len() - 1;
        self.pages.swap(number, last);
    }

    /// The server stops and starts; who is signed in stays so.
    async fn restart(&mut self) {
        let host = self.host.take().expect("running").restarted().await;
        self.back(host).await;
    }

    /// The server is killed while the edits of all pages are somewhere on their way: not received, received, stored, or
    /// stored and acknowledged. Each is sent again, and is there once.
    async fn kill(&mut self) {
        self.kills += 1;
        for number in 0..PAGES {
            self.ensure_pending(number);
            let page = &mut self.pages[number];
            let edit = page.pending.as_ref().expect("pending").edit.clone();
            page.live.say(&edit).await;
        }
        // From none of them received to all of them stored.
        if self.chance.below(2) == 0 {
            for _ in 0..self.chance.below(60) {
                tokio::task::yield_now().await;
            }
        } else {
            self.hear_of_some().await;
        }
        let host = self.host.take().expect("running").killed();
        let before = host.events("entry.changed");
        self.unsaid += usize::try_from(before)
            .expect("few")
            .saturating_sub(self.stored.len());
        self.back(host).await;
        for number in 0..PAGES {
            self.send(number, 1).await;
        }
    }

    /// Waits until the server has answered some of the edits; what it said is lost with the connection.
    async fn hear_of_some(&mut self) {
        for number in 0..=self.chance.below(PAGES) {
            let page = &mut self.pages[number];
            let seq = page.pending.as_ref().expect("pending").edit["seq"].clone();
            while page.live.next().await.expect("the connection stays")["seq"] != seq {}
        }
    }

    async fn back(&mut self, host: Host) {
        let client = cutis_tests::Client::new(host.place());
        client.set_cookie(self.anna.cookie());
        self.host = Some(host);
        self.anna = SignedIn::new(client, Value::Null);
        for number in 0..PAGES {
            self.reconnect(number).await;
        }
    }

    /// Every session of the person ends; they sign in again and go on.
    async fn revoke(&mut self) {
        for page in &mut self.pages {
            if let Some(pending) = &page.pending {
                page.live.say(&pending.edit).await;
            }
        }
        self.anna.delete("/api/v1/sessions").await.expect(204);
        for page in &mut self.pages {
            let (ended, _) = page.live.end().await;
            assert_eq!(ended.close, Some(4401), "{ended:?}");
        }
        self.anna = self.host().sign_in().await;
        for number in 0..PAGES {
            self.reconnect(number).await;
        }
    }

    /// Everything is sent until it is stored, and then all agree.
    async fn end(mut self) {
        for number in 0..PAGES {
            while self.pages[number].pending.is_some() {
                self.send(number, 1).await;
            }
        }
        let mut texts = BTreeSet::new();
        let mut version = 0;
        for number in 0..PAGES {
            self.pages[number].fetch((&self.patient, &self.entry)).await;
            texts.insert(self.pages[number].text.clone());
            version = self.pages[number].version;
        }
        assert_eq!(texts.len(), 1, "all show the same");
        let text = texts.pop_first().expect("one");
        for line in &self.stored {
            let count = text.split('\n').filter(|it| it == line).count();
            assert_eq!(count, 1, "{line} is there once");
        }
        let lines = text.split('\n').filter(|it| it.starts_with("line ")).count();
        assert_eq!(lines, self.stored.len(), "and nothing that was not acknowledged");
        // One version, one revision and one event for each stored edit.
        assert_eq!(usize::try_from(version).ok(), Some(self.stored.len()));
        let path = format!(
            "/api/v1/patients/{}/entries/{}/revisions?limit=1",
            self.patient, self.entry
        );
        let newest = self.anna.get(path).await.expect(200);
        assert_eq!(newest["revisions"][0]["version"], version);
        let host = self.host.take().expect("running");
        let events = host.events("entry.changed");
        assert_eq!(usize::try_from(events).ok(), Some(self.stored.len()));
        host.finish().await;
    }
}

fn spliced(splice: &Value) -> cutis_live::Splice {
    let number = |name: &str| u32::try_from(splice[name].as_u64().expect("a number")).expect("small");
    cutis_live::Splice {
        at: number("at"),
        remove: number("remove"),
        insert: splice["insert"].as_str().expect("a text").to_owned(),
    }
}

/// `CUTIS_LIVE_STEPS`, which makes these longer.
fn steps(usual: usize) -> usize {
    let steps = std::env::var("CUTIS_LIVE_STEPS");
    steps.ok().and_then(|steps| steps.parse().ok()).unwrap_or(usual)
}

/// S1: all converge, every acknowledged edit is in the result, none twice.
#[tokio::test(flavor = "multi_thread")]
async fn s1_pages_converge_whatever_the_network_does() {
    let mut clashes = 0;
    for seed in 1..=3 {
        let mut world = World::begin(Host::within().await, seed).await;
        for _ in 0..steps(120) {
            world.step().await;
        }
        clashes += world.clashes;
        world.end().await;
    }
    assert!(clashes > 0, "people were asked");
}

/// S1, I4, case 3: the same with the program killed in between.
#[tokio::test(flavor = "multi_thread")]
async fn s1_i4_pages_converge_however_often_the_server_is_killed() {
    let mut world = World::begin(Host::apart().await, 4).await;
    for _ in 0..steps(90) {
        world.step().await;
    }
    // Whatever chance decides, some kills are among it.
    while world.kills < 3 {
        world.kill().await;
    }
    eprintln!(
        "{} lines typed, {} stored, {} clashes, {} kills, {} edits stored without a word by a server that was killed",
        world.typed,
        world.stored.len(),
        world.clashes,
        world.kills,
        world.unsaid
    );
    world.end().await;
}

//! The dashboard in process, on a simulated region and the paused clock: keys are typed, time is passed, screens are read.
//!
//! The real SDK runs under it; nothing is mocked. Effects are carried out as the runtime does, on one thread, so that a
//! test is exact: time moves only when everything waits.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use beanpole::app::{App, Effect, Errand, Keymap, Message, SessionFacts, SessionOpened, Setup};
use beanpole::aws::{Session, fetch};
use beanpole::config::{self, Glyphs, Theme, parse_script};
use beanpole::model::{Answer, Ask, Batch, Moment, Scope, ScopeId, Scopes, Seq, Snapshot, Source};
use beanpole::polling::{Cadences, Question, plans};
use beanpole::runtime::writes::{Desk, Pen};
use beanpole::runtime::{Clock, Gathered, Means, ask_logs, gather};
use beanpole::sim::{Scenario, World, in_process};
use beanpole::ui::{Look, draw};
use beanpole::write::AuditLog;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The moment at which every test begins: 2026-11-23T14:00:00Z.
const BEGINNING: &str = "2026-11-23T14:00:00Z";

/// A simulated region and a session with it.
pub struct Region {
    pub world: World,
    pub clock: Clock,
    pub session: Session,
}

impl Region {
    /// Reads until these questions are answered, as a command does.
    pub async fn gather(&self, questions: impl Fn(&Snapshot) -> Vec<Question>) -> Gathered {
        let config = config::defaults();
        let (plans, cadences) = (plans(&config), Cadences::new(&config));
        let means = Means { session: &self.session, clock: self.clock, plans: &plans, cadences: &cadences };
        gather(means, questions, |_| ()).await
    }

    /// The region of an embedded scenario.
    pub fn new(scenario: &str) -> Self {
        Self::of(Scenario::embedded(scenario).unwrap())
    }

    /// The region of a scenario.
    pub fn of(scenario: Scenario) -> Self {
        Self::through(scenario, in_process::http_client)
    }

    /// The region of a scenario, with something between it and the SDK.
    pub fn through(scenario: Scenario, client: impl FnOnce(World) -> SharedHttpClient) -> Self {
        let clock = Clock::simulated(Moment(BEGINNING.parse().unwrap()));
        Self::with(scenario, clock, move || clock.local().0, client)
    }

    /// The region of a scenario whose clock is not ours.
    pub fn at(scenario: Scenario, clock: Clock, theirs: impl Fn() -> jiff::Timestamp + Send + Sync + 'static) -> Self {
        Self::with(scenario, clock, theirs, in_process::http_client)
    }

    fn with(
        scenario: Scenario,
        clock: Clock,
        theirs: impl Fn() -> jiff::Timestamp + Send + Sync + 'static,
        client: impl FnOnce(World) -> SharedHttpClient,
    ) -> Self {
        let region = scenario.region().to_owned();
        let world = World::new(scenario, theirs);
        let http = client(world.clone());
        let session = Session::simulated(http, (clock.time_source(), clock.server()), &region, ScopeId(0), 1);
        Self { world, clock, session }
    }
}

/// The dashboard in process.
pub struct Harness {
    pub app: App,
    pub region: Region,
    pub look: Look,
    size: (u16, u16),
    sent: UnboundedSender<Message>,
    inbox: UnboundedReceiver<Message>,
    pub copied: Vec<String>,
    /// For what the terminal was to be handed over.
    pub errands: Vec<Errand>,
    pub has_quit: bool,
    home: TempDir,
    log: AuditLog,
}

impl Harness {
    /// A dashboard on an embedded scenario, at 120 by 40, that has read nothing yet.
    pub fn new(scenario: &str) -> Self {
        Self::on(Region::new(scenario))
    }

    /// A dashboard on a region.
    pub fn on(region: Region) -> Self {
        Self::set_up(region, |_| ())
    }

    /// A dashboard on a region, set up otherwise than usual.
    pub fn set_up(region: Region, change: impl FnOnce(&mut Setup)) -> Self {
        let config = config::defaults();
        let mut scopes = Scopes::default();
        let scope = scopes.intern(Scope { region: Some("eu-west-1".into()), ..Scope::default() });
        let columns = config.fleet.columns.iter().map(|name| beanpole::app::fleet::Column::named(name).unwrap());
        let mut setup = Setup {
            scope,
            scopes,
            keymap: Keymap::new(|_| None).unwrap(),
            plans: plans(&config),
            metrics_cap: config.metrics_cap,
            cadences: Cadences::new(&config),
            columns: columns.collect(),
            sort: beanpole::app::fleet::Column::Health,
            reverse: false,
            production: config.production.clone(),
            hostnames: config.hostnames.clone(),
            read_only: false,
            simulated: Some("test".into()),
            time_zone: jiff::tz::TimeZone::UTC,
        };
        change(&mut setup);
        let (app, effects) = App::new(setup, region.clock.now());
        let (sent, inbox) = unbounded_channel();
        let look = Look::new(&Theme::named("dark").unwrap(), Glyphs::new(false));
        let home = tempfile::tempdir().unwrap();
        let mut harness = Self {
            app,
            region,
            look,
            size: (120, 40),
            sent,
            inbox,
            copied: Vec::new(),
            errands: Vec::new(),
            has_quit: false,
            log: AuditLog::under(home.path()),
            home,
        };
        harness.screen();
        harness.carry_out(effects);
        harness
    }

    /// With a terminal of this size.
    pub fn size(mut self, width: u16, height: u16) -> Self {
        self.size = (width, height);
        self.handle(Message::Resized(width, height));
        self.screen();
        self
    }

    /// Drawn with ASCII alone.
    pub fn ascii(mut self) -> Self {
        self.look = Look::new(&Theme::named("dark").unwrap(), Glyphs::new(true));
        self
    }

    /// Types keys, in the notation of the configuration, and lets what they ask for happen.
    pub async fn press(&mut self, script: &str) -> &mut Self {
        for chord in parse_script(script).unwrap() {
            self.handle(Message::Pressed(chord));
            self.screen();
        }
        self.settle().await;
        self
    }

    /// The same without drawing, for what takes days.
    pub async fn pass_unseen(&mut self, span: Duration) {
        let end = self.region.clock.local().plus(span);
        while self.region.clock.local() < end {
            let message = self.next().await;
            self.handle(message);
        }
    }

    /// Lets this much time pass, with everything that happens in it.
    pub async fn pass(&mut self, seconds: u64) -> &mut Self {
        let end = self.region.clock.local().plus(Duration::from_secs(seconds));
        loop {
            let left = end.since(self.region.clock.local());
            if left.is_zero() {
                return self;
            }
            let now = self.region.clock.now();
            let wait = self.app.next_wake().map_or(left, |at| at.since(now).min(left));
            tokio::select! {
                biased;
                Some(message) = self.inbox.recv() => self.handle(message),
                () = tokio::time::sleep(wait.max(Duration::from_millis(1))) => {
                    self.handle(Message::TimePassed);
                }
            }
            self.screen();
        }
    }

    /// The next thing that happens, not yet handled: an answer, or the moment that was waited for.
    pub async fn next(&mut self) -> Message {
        let wake = self.app.next_wake().map_or(Duration::from_secs(1), |at| at.since(self.region.clock.now()));
        tokio::select! {
            biased;
            Some(message) = self.inbox.recv() => message,
            () = tokio::time::sleep(wake.max(Duration::from_millis(1))) => Message::TimePassed,
        }
    }

    /// Lets time pass until this holds; how much time that was. Fails after a minute.
    pub async fn until(&mut self, holds: impl Fn(&App) -> bool) -> Duration {
        let began = self.region.clock.local();
        loop {
            let now = self.region.clock.local();
            if holds(&self.app) {
                return now.since(began);
            }
            assert!(now.since(began) < Duration::from_secs(60), "never happened:\n{}", self.screen());
            let message = self.next().await;
            self.handle(message);
            self.draw();
        }
    }

    /// Lets everything happen that is under way or due now, without waiting for budgets or cadences beyond a second.
    pub async fn settle(&mut self) -> &mut Self {
        self.pass(2).await
    }

    /// What is on the screen, line by line, without trailing spaces.
    pub fn screen(&mut self) -> String {
        let buffer = self.draw();
        let width = usize::from(buffer.area.width);
        let lines = buffer.content.chunks(width).map(|line| {
            let mut text = String::new();
            let mut skip = 0;
            for cell in line {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                text.push_str(cell.symbol());
                skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
            }
            text.trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The screen and a hash of its styles, for a snapshot: colours may not change unseen, nor drown the text.
    pub fn snapshot(&mut self) -> String {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let buffer = self.draw();
        let mut hasher = DefaultHasher::new();
        for cell in &buffer.content {
            (format!("{:?}{:?}", cell.fg, cell.bg), cell.modifier.bits()).hash(&mut hasher);
        }
        format!("{}\nstyles {:016x}", self.screen(), hasher.finish())
    }

    /// The buffer as drawn; drawn again until what was found out about room changes nothing more.
    pub fn draw(&mut self) -> Buffer {
        let (width, height) = self.size;
        loop {
            let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
            let viewport = draw(&self.app.state, &self.look, &mut buffer);
            if viewport == self.app.state.viewport {
                return buffer;
            }
            self.handle(Message::Drawn(viewport));
        }
    }

    pub fn handle(&mut self, message: Message) {
        let effects = self.app.handle(message, self.region.clock.now());
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::OpenSession { generation, canary } => self.open(generation, canary),
                Effect::Fetch { ask, generation } => self.fetch(ask, generation),
                Effect::Copy(text) => self.copied.push(text),
                Effect::Quit => self.has_quit = true,
                Effect::Suspend => {}
                Effect::HandOver(errand) => self.errands.push(errand),
                Effect::Operate { operation, order, standing, consent } => {
                    let (pen, session, sent) = self.at_hand();
                    let identity = self.app.state.snapshot().inventory.identity.clone();
                    tokio::spawn(async move {
                        let desk = Desk { session: &session, identity: identity.as_ref() };
                        let _ = sent.send(pen.operate(desk, operation, order, (&standing, &consent)).await);
                    });
                }
                Effect::ReadAlarms(environment) => {
                    let (pen, session, sent) = self.at_hand();
                    tokio::spawn(async move {
                        let _ = sent.send(pen.read_alarms(&session, environment).await);
                    });
                }
                Effect::Survey(subject) => {
                    let (pen, session, sent) = self.at_hand();
                    let identity = self.app.state.snapshot().inventory.identity.clone();
                    tokio::spawn(async move {
                        let desk = Desk { session: &session, identity: identity.as_ref() };
                        let _ = sent.send(pen.survey(desk, subject).await);
                    });
                }
                Effect::FindWritten { environment } => {
                    let (pen, session, sent) = self.at_hand();
                    let identity = self.app.state.snapshot().inventory.identity.clone();
                    tokio::spawn(async move {
                        let desk = Desk { session: &session, identity: identity.as_ref() };
                        let _ = sent.send(pen.find_written(desk, environment).await);
                    });
                }
                Effect::FindUndo { environment } => {
                    let (pen, session, sent) = self.at_hand();
                    let identity = self.app.state.snapshot().inventory.identity.clone();
                    tokio::spawn(async move {
                        let desk = Desk { session: &session, identity: identity.as_ref() };
                        let _ = sent.send(pen.find_undo(desk, environment).await);
                    });
                }
                Effect::FindDeploys { environment } => {
                    let (pen, session, sent) = self.at_hand();
                    let identity = self.app.state.snapshot().inventory.identity.clone();
                    tokio::spawn(async move {
                        let desk = Desk { session: &session, identity: identity.as_ref() };
                        let _ = sent.send(pen.find_deploys(desk, environment).await);
                    });
                }
                Effect::AskLogs { environment, wanted } => {
                    let (pen, session, sent) = self.at_hand();
                    let tell = sent.clone();
                    tokio::spawn(async move {
                        let tell = |message| drop(tell.send(message));
                        let _ = sent.send(ask_logs(&session, pen.clock, environment, wanted, tell).await);
                    });
                }
                Effect::SaveLogs { name, tails } => {
                    let (pen, _, sent) = self.at_hand();
                    tokio::spawn(async move {
                        let _ = sent.send(pen.save_logs(name, tails).await);
                    });
                }
                Effect::SaveReport { name, markdown, json } => {
                    let (pen, _, sent) = self.at_hand();
                    tokio::spawn(async move {
                        let _ = sent.send(pen.save(name, markdown, json).await);
                    });
                }
            }
        }
    }

    fn at_hand(&self) -> (Pen, Session, UnboundedSender<Message>) {
        (self.pen(), self.region.session.clone(), self.sent.clone())
    }

    /// With what it writes: a log and reports in a folder of its own.
    pub fn pen(&self) -> Pen {
        let reports = self.home.path().to_owned();
        Pen { log: self.log.clone(), reports, clock: self.region.clock }
    }

    /// The names of the files that were saved, in order.
    pub fn saved(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.home.path()).unwrap();
        let mut names: Vec<_> = entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The text of a file that was saved.
    pub fn read_saved(&self, name: &str) -> String {
        std::fs::read_to_string(self.home.path().join(name)).unwrap()
    }

    /// What was typed, without waiting for what it asks for.
    pub fn type_keys(&mut self, script: &str) {
        for chord in parse_script(script).unwrap() {
            self.handle(Message::Pressed(chord));
            self.screen();
        }
    }

    fn open(&self, generation: u64, canary: bool) {
        let (session, clock, sent) = (self.region.session.clone(), self.region.clock, self.sent.clone());
        tokio::spawn(async move {
            let mut facts = SessionFacts { region: session.region.clone(), ..SessionFacts::default() };
            let mut result = Ok(());
            if canary {
                let ask = Ask::new(vec![Source::Identity(ScopeId(0))], Seq(0));
                match fetch(&session, ask, || clock.now()).await.result {
                    Ok(Batch { answer: Answer::Identity(identity), .. }) => facts.identity = Some(identity),
                    Ok(batch) => panic!("not an identity: {batch:?}"),
                    Err(fault) => result = Err(fault),
                }
            }
            let result = result.map(|()| facts);
            let _ = sent.send(Message::SessionOpened(SessionOpened { generation, result }));
        });
    }

    fn fetch(&self, ask: Ask, generation: u64) {
        let (session, clock, sent) = (self.region.session.clone(), self.region.clock, self.sent.clone());
        tokio::spawn(async move {
            let outcome = fetch(&session, ask, || clock.now()).await;
            // The same draw each time, for a test must be exact.
            let _ = sent.send(Message::Polled { outcome, generation, entropy: 500_000 });
        });
    }
}

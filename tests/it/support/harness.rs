//! The dashboard in process, on a simulated region and the paused clock: keys are typed, time is passed, screens are read.
//!
//! The real SDK runs under it; nothing is mocked. Effects are carried out as the runtime does, on one thread, so that a
//! test is exact: time moves only when everything waits.

use std::time::Duration;

use beanpole::app::{App, DashboardSetup, Effect, ExternalCommand, Keymap, Message, SessionFacts, SessionOpened};
use beanpole::aws::{REGIONS, Session, fetch};
use beanpole::config::{self, Glyphs, ReadOnly, Theme, parse_script};
use beanpole::model::{Answer, Ask, Batch, Environment, Identity, Key, Scope, Scopes, Seq, Source};
use beanpole::polling::Pace;
use beanpole::runtime::writes::{WriteSession, WriteTasks};
use beanpole::runtime::{Means, ask_logs, follow_freeze, probe};
use beanpole::sim::World;
use beanpole::ui::{Look, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;

use super::Stage;

/// What the runtime has at hand when it carries an effect out.
struct AtHand {
    pen: WriteTasks,
    session: Session,
    identity: Option<Identity>,
}

impl AtHand {
    fn desk(&self) -> WriteSession<'_> {
        WriteSession { session: &self.session, identity: self.identity.as_ref() }
    }
}

/// The dashboard in process.
pub struct Harness {
    pub app: App,
    pub stage: Stage,
    pub look: Look,
    size: (u16, u16),
    sent: UnboundedSender<Message>,
    inbox: UnboundedReceiver<Message>,
    pub copied: Vec<String>,
    /// The notifications that were sent.
    pub notified: Vec<serde_json::Map<String, serde_json::Value>>,
    /// For what the terminal was to be handed over.
    pub external_commands: Vec<ExternalCommand>,
    pub has_quit: bool,
    /// The regions beside the stage's own, by name.
    pub regions: Vec<(&'static str, World)>,
    /// The probes that were started, to be cancelled.
    probes: Vec<(Key<Environment>, AbortHandle)>,
}

impl Harness {
    /// A dashboard on an embedded scenario, at 120 by 40, that has read nothing yet.
    pub fn new(scenario: &str) -> Self {
        Self::on(Stage::new(scenario))
    }

    /// The same on a scenario of the test's own.
    pub fn written(text: &str) -> Self {
        Self::on(Stage::written(text))
    }

    /// A dashboard on a region.
    pub fn on(stage: Stage) -> Self {
        Self::set_up(stage, |_| ())
    }

    /// A dashboard on a region, set up otherwise than usual.
    pub fn set_up(stage: Stage, change: impl FnOnce(&mut DashboardSetup)) -> Self {
        let config = config::defaults();
        let Pace { plans, cadences } = Pace::new(&config);
        let mut scopes = Scopes::default();
        let scope = scopes.intern(Scope { region: Some("eu-west-1".into()), ..Scope::default() });
        let columns =
            config.fleet.columns.iter().map(|name| beanpole::app::screens::fleet::Column::named(name).unwrap());
        let mut setup = DashboardSetup {
            scope,
            scopes,
            regions: REGIONS,
            config: std::sync::Arc::new(config.clone()),
            keymap: Keymap::new(|_| None).unwrap(),
            plans,
            metrics_cap: config.metrics_cap,
            cadences,
            columns: columns.collect(),
            sort: beanpole::app::screens::fleet::Column::Health,
            reverse: false,
            preview: true,
            checks: beanpole::app::CheckSettings::new(&config),
            configuration: Some("~/.config/beanpole/config.toml".into()),
            read_only: ReadOnly::Nothing,
            frozen: None,
            hint: false,
            simulated: Some("test".into()),
            time_zone: jiff::tz::TimeZone::UTC,
        };
        change(&mut setup);
        let (app, effects) = App::new(setup, stage.clock.now());
        let (sent, inbox) = unbounded_channel();
        let look = Look::new(&Theme::named("dark").unwrap(), Glyphs::new(false));
        let mut harness = Self {
            app,
            stage,
            look,
            size: (120, 40),
            sent,
            inbox,
            copied: Vec::new(),
            notified: Vec::new(),
            external_commands: Vec::new(),
            has_quit: false,
            regions: Vec::new(),
            probes: Vec::new(),
        };
        harness.draw();
        harness.carry_out(effects);
        harness
    }

    /// Follows the freeze of the stage's folder, as the runtime does.
    pub fn follow_freeze(&self) {
        let (log, sent) = (self.stage.log.clone(), self.sent.clone());
        tokio::spawn(follow_freeze(log, None, async move |message| drop(sent.send(message))));
    }

    /// How often this operation was called.
    pub fn calls(&self, operation: &str) -> usize {
        self.stage.calls(operation)
    }

    /// Sets the size of the terminal.
    pub fn size(mut self, width: u16, height: u16) -> Self {
        self.size = (width, height);
        self.handle(Message::Resized(width, height));
        self.draw();
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
            self.draw();
        }
        self.settle().await;
        self
    }

    /// The same without drawing, for spans of days.
    pub async fn pass_unseen(&mut self, span: Duration) {
        let end = self.stage.clock.local().plus(span);
        while self.stage.clock.local() < end {
            let message = self.next().await;
            self.handle(message);
        }
    }

    /// Lets this much time pass, with everything that happens in it.
    pub async fn pass(&mut self, seconds: u64) -> &mut Self {
        let end = self.stage.clock.local().plus(Duration::from_secs(seconds));
        loop {
            let left = end.since(self.stage.clock.local());
            if left.is_zero() {
                self.draw();
                return self;
            }
            // As the terminal does: what comes at one moment is one frame.
            if self.inbox.is_empty() {
                self.draw();
            }
            let now = self.stage.clock.now();
            let wait = self.app.next_wake().map_or(left, |at| at.since(now).min(left));
            tokio::select! {
                biased;
                Some(message) = self.inbox.recv() => self.handle(message),
                () = tokio::time::sleep(wait.max(Duration::from_millis(1))) => {
                    self.handle(Message::TimePassed);
                }
            }
        }
    }

    /// The next thing that happens, not yet handled: an answer, or the moment that was waited for.
    pub async fn next(&mut self) -> Message {
        let wake = self.app.next_wake().map_or(Duration::from_secs(1), |at| at.since(self.stage.clock.now()));
        tokio::select! {
            biased;
            Some(message) = self.inbox.recv() => message,
            () = tokio::time::sleep(wake.max(Duration::from_millis(1))) => Message::TimePassed,
        }
    }

    /// Lets time pass until this holds; how much time that was. Fails after a minute.
    pub async fn until(&mut self, holds: impl Fn(&App) -> bool) -> Duration {
        let began = self.stage.clock.local();
        loop {
            let now = self.stage.clock.local();
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

    /// Returns the screen and a hash of its styles, for a snapshot: colours may not change unseen, nor drown the text.
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
            let hit_map = draw(&self.app.state, &self.look, &mut buffer);
            if hit_map == self.app.state.terminal.hit_map {
                return buffer;
            }
            self.handle(Message::Drawn(hit_map));
        }
    }

    pub fn handle(&mut self, message: Message) {
        let effects = self.app.handle(message, self.stage.clock.now());
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::OpenSession { generation, canary } => self.open(generation, canary),
                Effect::Fetch { ask, generation } => self.fetch(ask, generation),
                // What is under way is not cancelled here, as if it were too late for that.
                Effect::SwitchScope { scope, region, .. } => {
                    let region = region.unwrap_or_else(|| "eu-west-1".into());
                    let world = self.regions.iter().find(|(name, _)| **name == *region).unwrap().1.clone();
                    self.stage.go_to(world, &region, scope);
                }
                // As over ssh, where there is no browser.
                Effect::OpenUrl(url) => {
                    let ended = Err("there is no browser here".to_owned());
                    drop(self.sent.send(Message::UrlOpened { url, ended }));
                }
                Effect::ReadProfiles => {
                    let names = ["default", "prod-admin", "staging"].map(std::sync::Arc::from).to_vec();
                    drop(self.sent.send(Message::ProfilesRead(names)));
                }
                Effect::Copy(text) => self.copied.push(text),
                Effect::Notify(object) => self.notified.push(object),
                Effect::Quit => self.has_quit = true,
                Effect::Suspend => {}
                Effect::HandOver(external_command) => self.external_commands.push(external_command),
                Effect::Operate { operation, order, state, confirmation } => {
                    self.beside(|with| async move {
                        with.pen.operate(with.desk(), operation, order, (&state, &confirmation)).await
                    });
                }
                Effect::KeepVerdict(record) => {
                    let identity = self.app.state.snapshot().inventory.identity.clone();
                    let with = AtHand { pen: self.pen(), session: self.stage.session.clone(), identity };
                    tokio::spawn(async move { with.pen.keep_verdict(with.desk(), &record).await });
                }
                Effect::ReadAlarms(environment) => {
                    self.beside(|with| async move { with.pen.read_alarms(&with.session, environment).await });
                }
                Effect::Survey(subject) => {
                    self.beside(|with| async move { Box::pin(with.pen.survey(with.desk(), subject)).await });
                }
                Effect::FindWritten { environment } => {
                    self.beside(|with| async move { with.pen.find_written(with.desk(), environment).await });
                }
                Effect::FindUndo { environment } => {
                    self.beside(|with| async move { with.pen.find_undo(with.desk(), environment).await });
                }
                Effect::FindDeploys { environment } => {
                    self.beside(|with| async move { with.pen.find_deploys(with.desk(), environment).await });
                }
                Effect::ReadJournal { environment } => {
                    self.beside(|with| async move { with.pen.read_journal(with.desk(), environment).await });
                }
                Effect::AskLogs { environment, wanted } => {
                    let sent = self.sent.clone();
                    let tell = move |message| drop(sent.send(message));
                    self.beside(|with| async move {
                        let pace = Pace::new(&config::defaults());
                        let means = Means { session: &with.session, clock: with.pen.clock, pace: &pace };
                        ask_logs(means, environment, wanted, tell).await
                    });
                }
                Effect::Probe { environment, id, plan } => {
                    let sent = self.sent.clone();
                    let tell = move |message| drop(sent.send(message));
                    let key = environment.clone();
                    let task =
                        self.beside(|with| async move { probe(with.pen.dialer, (environment, id), &plan, tell).await });
                    self.probes.push((key, task));
                }
                Effect::CancelProbe { environment } => {
                    let tasks = self.probes.iter().filter(|(key, _)| *key == environment);
                    tasks.for_each(|(_, task)| task.abort());
                }
                Effect::SaveLogs { name, tails } => {
                    self.beside(|with| async move { with.pen.save_logs(name, tails).await });
                }
                Effect::Silence(edit) => {
                    self.beside(|with| async move { with.pen.silence(edit).await });
                }
                Effect::SaveReport { name, markdown, json } => {
                    self.beside(|with| async move { with.pen.save(name, markdown, json).await });
                }
            }
        }
    }

    /// Does this beside the dashboard, which gets the resulting message.
    fn beside<F: Future<Output = Message> + Send + 'static>(&self, does: impl FnOnce(AtHand) -> F) -> AbortHandle {
        let identity = self.app.state.snapshot().inventory.identity.clone();
        let does = does(AtHand { pen: self.pen(), session: self.stage.session.clone(), identity });
        let sent = self.sent.clone();
        tokio::spawn(async move { drop(sent.send(does.await)) }).abort_handle()
    }

    /// Returns what its writes need: a log and reports in a separate folder.
    pub fn pen(&self) -> WriteTasks {
        let reports = self.stage.folder.path().to_owned();
        let dialer = self.stage.dialer.clone();
        let configuration = Some(reports.join("config.toml"));
        WriteTasks { log: self.stage.log.clone(), reports, configuration, clock: self.stage.clock, dialer }
    }

    /// The names of the files that were saved, in order.
    pub fn saved(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.stage.folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The text of a file that was saved.
    pub fn read_saved(&self, name: &str) -> String {
        std::fs::read_to_string(self.stage.folder.path().join(name)).unwrap()
    }

    /// What was typed, without waiting for what it asks for.
    pub fn type_keys(&mut self, script: &str) {
        for chord in parse_script(script).unwrap() {
            self.handle(Message::Pressed(chord));
            self.draw();
        }
    }

    fn open(&self, generation: u64, canary: bool) {
        let (session, clock, sent) = (self.stage.session.clone(), self.stage.clock, self.sent.clone());
        tokio::spawn(async move {
            let mut facts = SessionFacts { region: session.region.clone(), ..SessionFacts::default() };
            let mut result = Ok(());
            if canary {
                let ask = Ask::new(vec![Source::Identity(session.scope)], Seq(0));
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
        let (session, clock, sent) = (self.stage.session.clone(), self.stage.clock, self.sent.clone());
        tokio::spawn(async move {
            let outcome = fetch(&session, ask, || clock.now()).await;
            // The same draw each time, because a test must be exact.
            let _ = sent.send(Message::Polled { outcome, generation, entropy: 500_000 });
        });
    }
}

//! What the actions ask for that are the same on every screen: those on the environment at hand, and those that open something
//! over the screen.

use std::sync::Arc;

use super::State;
use crate::app::action::{Action, Layer};
use crate::app::draft::EditIntent;
use crate::app::message::{Effect, ExternalCommand, Undoable};
use crate::app::response::{Response, Step};
use crate::app::screens::{
    Confirm, CopyMenu, DeployView, EnvironmentView, FleetEventsView, Help, HttpsGuide, HttpsProgress, Level, LogView,
    MessageLog, Palette, PendingIntent, ProbeView, RollbackCheck, ScopePart, ScopePicker, SilenceForm,
    UnownedBalancers, VersionPicker, WhyView,
};
use crate::change::https::HttpsInputs;
use crate::change::{Instances, MOST_MUTED, MUTE_RULE_PREFIX, Mute, Operation, Past, Subject, Work};
use crate::deploy::RecordedDeploy;
use crate::diagnosis::JournalChange;
use crate::model::{Environment, EnvironmentAlarms, Fault, Key, MuteRule, clean, counted};

/// How long alarms are muted from the screen, in minutes; the command accepts any.
const MUTED_MINUTES: u32 = 60;

impl State {
    /// Carries an action out that no screen has for itself; `None` for a movement.
    pub(in crate::app) fn request(&self, action: Action, layer: Layer) -> Option<Response> {
        Some(match action {
            Action::Quit | Action::Leave => Response::step(Step::Quit),
            Action::Suspend => Response::effect(Effect::Suspend),
            Action::Refresh => Response::step(Step::Refresh),
            Action::Pause => Response::step(Step::TogglePause),
            Action::Help => Response::open(Help::default()),
            Action::Log => Response::open(MessageLog::new(self.messages.log.len())),
            Action::Palette => Response::open(Palette::new(self.layer_below())),
            Action::Copy => self.copy(),
            Action::CopyMenu => {
                // The menu lies under lists, so that one that is open makes room for it.
                Response::close(Level::List).and(Response::open(CopyMenu::new(CopyMenu::items_of(self))))
            }
            Action::Logs => LogView::open(self),
            Action::FleetEvents => Response::open(FleetEventsView::default()).then(Step::Plan),
            Action::Unowned => {
                let balancers = self.snapshot().topology.unowned().iter().cloned().collect();
                Response::open(UnownedBalancers::new(balancers)).then(Step::Plan)
            }
            Action::Console => Response::effect(Effect::OpenUrl(self.console_url().ok()?)),
            Action::Profile => ScopePicker::open(ScopePart::Profile, self),
            Action::Region => ScopePicker::open(ScopePart::Region, self),
            Action::SignIn => {
                let scope = self.setup.scopes.get(self.setup.scope);
                let login = ExternalCommand::login(scope.and_then(|scope| scope.profile.as_deref()));
                Response::effect(Effect::HandOver(login))
            }
            Action::Undo if layer == Layer::Guide => self.confirm_https(self.operations.https.undo()),
            Action::Retry => self.confirm_https(self.operations.https.retried()),
            Action::ContinueAnyway => self.pass_https(),
            Action::StopHere => self.operations.https.leave(),
            _ => return self.request_about(self.current_environment().ok()?, action),
        })
    }

    /// The actions on the environment at hand.
    fn request_about(&self, environment: &Environment, action: Action) -> Option<Response> {
        let name = clean(&environment.name);
        let operate = |operation: Operation| self.confirm(environment, |it| Confirm::of_operation(it, operation));
        Some(match action {
            Action::DeployView => Response::open(DeployView::new(environment.key.clone())).then(Step::Plan),
            Action::Why => WhyView::open(self, environment),
            Action::Probe => ProbeView::open(self, environment),
            Action::Silence => SilenceForm::open(self, environment),
            Action::DeployVersion => Response::open(VersionPicker::new(environment)).then(Step::Plan),
            Action::Abort => operate(Operation::of(environment, Work::Abort)),
            Action::Rollback => {
                let search = Effect::FindDeploys { environment: environment.key.clone() };
                let check = RollbackCheck::new(self, environment);
                let reread = Step::Reread(check.versions.clone());
                Response::step(reread).and(Response::open(check)).then(Step::Plan).then(Step::Effect(search))
            }
            Action::Restart => PendingIntent::wait(environment, format!("Restart {name}"), EditIntent::Restart),
            Action::Swap => self.pick_swap(environment),
            Action::Scale => PendingIntent::wait(environment, format!("Scale {name}"), EditIntent::Scale),
            Action::SetOption => {
                PendingIntent::wait(environment, format!("Set an option of {name}"), EditIntent::Option)
            }
            Action::Replace => operate(self.replacement(environment)?),
            Action::Session => {
                let instance = self.selected_instance().ok()?;
                self.confirm(environment, |inputs| {
                    let external_command = ExternalCommand::session(&instance, inputs.place);
                    Confirm::of_session(inputs, &instance, external_command)
                })
            }
            Action::MuteAlarms => {
                let read = Step::Effect(Effect::ReadAlarms(Box::new(environment.clone())));
                Response::notice(format!("reading the alarms of {name} …")).then(read)
            }
            Action::Undo => Response::effect(Effect::FindUndo { environment: environment.key.clone() }),
            Action::Https => self.open_https(environment),
            Action::Stickiness => self.toggle_stickiness(environment),
            _ => return None,
        })
    }

    /// What `copy` copies.
    fn copy(&self) -> Response {
        let Some(text) = self.selected_text(false) else { return Response::none() };
        Response::notice(format!("copied {}", clean(&text))).then(Step::Effect(Effect::Copy(text)))
    }

    fn toggle_stickiness(&self, environment: &Environment) -> Response {
        let link = self.snapshot().topology.link(&environment.key);
        let is_own = |key: &Key<_>| link.is_some_and(|link| link.groups.iter().any(|group| group.key == *key));
        let group = self.screens.environment().and_then(EnvironmentView::group_at_hand).filter(is_own);
        PendingIntent::wait(
            environment,
            format!("Stickiness of {}", clean(&environment.name)),
            EditIntent::Stickiness(group),
        )
    }

    fn replacement(&self, environment: &Environment) -> Option<Operation> {
        let instance = self.selected_instance().ok()?;
        let known = Instances::known(&self.snapshot().inventory, &environment.key);
        let last_of = known.and_then(|it| it.last_of(&instance, &environment.name));
        Some(Operation::of(environment, Work::Replace { instance, last_of }))
    }

    /// Begins the guide to HTTPS, or shows what is under way or was left.
    fn open_https(&self, environment: &Environment) -> Response {
        let is_here = |operation: &Operation| operation.subject.key == environment.key;
        let https = &self.operations.https;
        if https.under_way.as_ref().is_some_and(|it| is_here(&it.operation)) {
            return Response::open(HttpsProgress);
        }
        if https.offered.iter().any(is_here) {
            return Response::step(Step::TakeUpHttps(environment.key.clone())).and(Response::open(HttpsProgress));
        }
        let survey = Step::Effect(Effect::Survey(Subject::from(environment)));
        Response::open(HttpsGuide::new(environment)).then(survey)
    }

    fn confirm_https(&self, operation: Option<Operation>) -> Response {
        let Some(operation) = operation else { return Response::none() };
        let key = operation.subject.key.clone();
        self.confirm_of(&key, |inputs| Confirm::of_https(inputs, operation))
    }

    /// Asks whether to go on although the probe failed.
    fn pass_https(&self) -> Response {
        let Some(it) = &self.operations.https.under_way else { return Response::none() };
        let operation = it.operation.clone();
        self.confirm_of(&it.operation.subject.key, |inputs| Confirm::of_passing(inputs, operation))
    }

    /// Handles what HTTPS is proposed from, if its guide still waits for it.
    pub(in crate::app) fn surveyed(
        &self,
        key: &Key<Environment>,
        inputs: Result<Option<Box<HttpsInputs>>, Arc<Fault>>,
    ) -> Response {
        let guide = self.screens.get::<HttpsGuide>().filter(|it| it.environment == *key && it.is_reading());
        let Some(mut guide) = guide.cloned() else { return Response::none() };
        guide.set_inputs(inputs, self);
        Response::open(guide)
    }

    /// Handles the result of the search for deployments, if a rollback still waits for it.
    pub(in crate::app) fn found_deploys(
        &self,
        key: &Key<Environment>,
        found: Result<Vec<RecordedDeploy>, String>,
    ) -> Response {
        let check = self.screens.get::<RollbackCheck>().filter(|check| check.environment == *key);
        let Some(mut check) = check.cloned() else { return Response::none() };
        check.set_recorded(found.unwrap_or_default());
        Response::open(check)
    }

    /// Handles the changes that were made from this machine, if the why page still waits for them.
    pub(in crate::app) fn journal_read(
        &self,
        key: &Key<Environment>,
        changes: Result<Vec<JournalChange>, String>,
    ) -> Response {
        let Some(mut view) = self.screens.why().filter(|view| view.key == *key).cloned() else {
            return Response::none();
        };
        let (changes, failed) = match changes {
            Ok(changes) => (changes, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        view.set_journal(changes, self);
        let failed = failed.map(|why| Response::report(format!("the log of changes cannot be read: {why}")));
        Response::open(view).and(failed.unwrap_or_default())
    }

    /// Handles the result of the search for a change to undo.
    pub(in crate::app) fn found_undo(
        &self,
        key: &Key<Environment>,
        found: Result<Option<Undoable>, String>,
    ) -> Response {
        let Some(environment) = self.snapshot().inventory.environments.get(key) else { return Response::none() };
        let name = clean(&environment.name);
        match found {
            Err(why) => Response::notice(format!("the log of changes cannot be read: {why}")),
            Ok(None) => {
                Response::notice(format!("nothing of {name} was changed from this machine that could be undone"))
            }
            Ok(Some(Undoable::Operation(operation))) => match operation.back() {
                Some(back) if back.kind.asks() => self.confirm(environment, |it| Confirm::of_https(it, back)),
                Some(back) => self.confirm(environment, |it| Confirm::of_operation(it, back)),
                None => Response::none(),
            },
            Ok(Some(Undoable::Settings(past))) => {
                let title = format!("Undo {} of {name}", subject_of(&past));
                PendingIntent::wait(environment, title, EditIntent::Undo(past))
            }
        }
    }

    /// Handles the alarms of an environment: asks whether to mute them, or to end that.
    pub(in crate::app) fn alarms_read(
        &self,
        key: &Key<Environment>,
        found: Result<EnvironmentAlarms, Arc<Fault>>,
    ) -> Response {
        let environment = self.snapshot().inventory.environments.get(key).filter(|_| self.screens.dialog().is_none());
        let Some(environment) = environment else { return Response::none() };
        let name = clean(&environment.name);
        let found = match found.and_then(|found| found.unread.clone().map_or(Ok(found), Err)) {
            Ok(found) => found,
            Err(fault) => {
                return Response::notice(format!("the alarms of {name} cannot be read: {}", fault.sentence()));
            }
        };
        let rule: Arc<str> = format!("{MUTE_RULE_PREFIX}{}", key.id).into();
        if let Some(until) = found.rule.as_ref().and_then(MuteRule::until) {
            let operation = Operation::of(environment, Work::Unmute { rule, until });
            return self.confirm(environment, |inputs| Confirm::of_operation(inputs, operation));
        }
        let alarms = found.mutable();
        if alarms.is_empty() {
            return Response::notice(format!("no alarm that could be muted looks at {name}"));
        }
        if alarms.len() > MOST_MUTED {
            let many = counted(alarms.len(), "alarm");
            return Response::notice(format!("{many} look at {name}: one rule mutes at most {MOST_MUTED}"));
        }
        let description = format!("beanpole: alarms of {}", environment.name).into();
        let mute = Mute { rule, description, alarms, from: self.now, minutes: MUTED_MINUTES };
        let operation = Operation::of(environment, Work::Mute { mute, replaces: None });
        self.confirm(environment, |inputs| Confirm::of_operation(inputs, operation))
    }
}

/// What a change was about, in a few words.
fn subject_of(past: &Past) -> String {
    match past.changes.as_slice() {
        [only] => only.key.clone(),
        several => format!("a change of {} settings", several.len()),
    }
}

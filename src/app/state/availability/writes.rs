//! Actions that write, or open a shell: whether beanpole may write at all, and whether the environment accepts it now. The
//! itself checks again what AWS shows then.

use std::sync::Arc;

use super::{Availability, Reason, require};
use crate::app::action::Action;
use crate::app::screens::FleetEventsView;
use crate::app::screens::environment::{SettingsRow, Tab};
use crate::app::state::State;
use crate::change::{Field, Instances, Presence, Refusal};
use crate::diagnosis::Fix;
use crate::model::{Environment, EnvironmentEvent, EnvironmentStatus, clean};

impl State {
    /// The environment that the user looks at: of the probe, the why page or the Deploy screen, else the open one, else the selected row of the Fleet.
    ///
    /// # Errors
    /// None is selected, or it is listed no more.
    pub fn current_environment(&self) -> Result<&Environment, Reason> {
        let why = self.screens.why().map(|view| &view.key);
        let why = self.screens.probe().map(|view| &view.key).or(why);
        let opened = why.or_else(|| self.screens.deploy().map(|view| &view.key));
        let opened = opened.or_else(|| self.screens.environment().map(|view| &view.key));
        if opened.is_none()
            && let Some(view) = self.screens.get::<FleetEventsView>()
        {
            let event = view.selected(&self.snapshot().inventory).ok_or("no event is selected")?;
            return self.environment_of_event(event).ok_or_else(|| "its environment is not listed any more".into());
        }
        let key = opened.or(self.fleet.selected.as_ref()).ok_or("no environment is selected")?;
        self.snapshot().inventory.environments.get(key).ok_or_else(|| "this environment is not listed any more".into())
    }

    /// Returns the environment that an event is of, by its name: the newest one that there is.
    #[must_use]
    pub fn environment_of_event(&self, event: &EnvironmentEvent) -> Option<&Environment> {
        let name = event.environment.as_ref()?;
        let namesakes = self.snapshot().inventory.environments.values().filter(|it| it.name == *name);
        namesakes.max_by_key(|it| (!it.is_ending(), it.created))
    }

    /// Returns whether anything can be written here.
    pub(super) fn can_write(&self) -> Availability {
        self.is_unprotected("read-only: nothing is written")?;
        require(!self.is_writing(), || "a write is under way; wait for its end")?;
        require(self.session().is_open(), || "there is no session with AWS just now")?;
        self.current_environment().map(|_| ())
    }

    /// Returns whether nothing protects the current environment, if there is one; `read_only` is said where everything is
    /// read-only.
    fn is_unprotected(&self, read_only: &'static str) -> Availability {
        require(!self.setup.read_only.is_everything(), || read_only)?;
        let protected = || self.setup.protection(&self.current_environment().ok()?.name).map(Refusal::Protected);
        let refusal = self.operations.frozen.clone().map(Refusal::Frozen).or_else(protected);
        refusal.map_or(Ok(()), |refusal| Err(clean(&refusal.to_string()).into_owned().into()))
    }

    /// Returns whether an update of the environment can begin.
    pub(super) fn can_update(&self) -> Availability {
        self.can_write()?;
        let environment = self.current_environment()?;
        require(environment.status == EnvironmentStatus::Ready, || {
            let (name, status) = (clean(&environment.name), environment.status.as_str());
            format!("{name} is {status}: this can be done only while it is Ready")
        })
    }

    pub(super) fn can_swap(&self) -> Availability {
        self.can_update()?;
        let environment = self.current_environment()?;
        require(!self.swap_partners(environment).is_empty(), || {
            let (name, application) = (clean(&environment.name), clean(&environment.application));
            format!("{name} has no partner: no other environment of {application} has a CNAME, or it has none itself")
        })
    }

    pub(super) fn can_deploy(&self) -> Availability {
        self.can_write()?;
        let environment = self.current_environment()?;
        require(environment.status == EnvironmentStatus::Ready, || {
            let (name, status) = (clean(&environment.name), environment.status.as_str());
            format!("{name} is {status}: it takes a deploy only while it is Ready")
        })
    }

    pub(super) fn can_abort(&self) -> Availability {
        self.can_write()?;
        let environment = self.current_environment()?;
        require(environment.abortable, || {
            let refusal = Refusal::NothingToAbort { status: environment.status.clone() };
            match environment.status {
                EnvironmentStatus::Ready => format!("{refusal}. {}", self.keyed("{deploy-version} deploys a version")),
                _ => refusal.to_string(),
            }
        })
    }

    pub(super) fn can_roll_back(&self) -> Availability {
        self.can_write()?;
        self.rollback_refusal().map_or(Ok(()), |why| Err(why.into()))
    }

    /// On the Settings tab what is selected must be a setting that can be written; elsewhere the key opens that tab.
    pub(super) fn can_edit(&self) -> Availability {
        self.current_environment()?;
        let Some(view) = self.screens.environment().filter(|view| view.tab == Tab::Settings) else { return Ok(()) };
        match view.settings.current() {
            Some(SettingsRow::Fixed(_, fixed)) => {
                Err(format!("{} cannot be edited: {}", fixed.facts.key, fixed.facts.why).into())
            }
            Some(SettingsRow::Setting(_)) => self.can_write(),
            _ => Err("no setting that can be edited is selected".into()),
        }
    }

    /// Returns whether the selected finding has a change that would end it, and it can be made.
    pub(super) fn can_fix(&self) -> Availability {
        let finding = self.screens.environment().and_then(|view| view.findings.finding());
        let finding = finding.ok_or("no finding is selected")?;
        match &finding.fix {
            Some(Fix::Setting { .. }) => self.can_write(),
            Some(Fix::Option { namespace, name, value }) => {
                Err(format!("an option of Beanstalk's is to be set for it: {namespace} {name}={value}").into())
            }
            None => Err("no setting would end it; its advice says what to do".into()),
        }
    }

    pub(super) fn can_toggle_stickiness(&self) -> Availability {
        self.can_write()?;
        let environment = self.current_environment()?;
        let balancer = self.snapshot().topology.link(&environment.key).map(|it| it.balancer);
        let other = balancer.filter(|it| !it.is_application());
        require(other.is_none(), || {
            let kind = other.map_or("", |it| it.as_str());
            format!("{} has no Application Load Balancer: {kind}", clean(&environment.name))
        })
    }

    pub(super) fn can_resolve_drift(&self) -> Availability {
        self.can_write()?;
        let drifts = self.screens.environment().is_some_and(|view| view.settings.chosen().iter().any(Field::drifts));
        require(drifts, || "what is live is what its option says: there is nothing to adopt or to put back")
    }

    /// The instance of the selected target.
    ///
    /// # Errors
    /// No target is selected, or one that is no instance.
    pub fn selected_instance(&self) -> Result<Arc<str>, Reason> {
        let target = self.screens.environment().and_then(|view| view.selected_target());
        let id = target.map(|row| &row.target.id).ok_or("no target is selected")?;
        require(id.starts_with("i-"), || format!("{} is no instance", clean(id)))?;
        Ok(Arc::clone(id))
    }

    pub(super) fn can_replace(&self) -> Availability {
        self.can_update()?;
        let instance = self.selected_instance()?;
        let known = Instances::known(&self.snapshot().inventory, &self.current_environment()?.key);
        // What is not known here is read just before it is written.
        match known.map_or(Presence::Stays, |it| it.presence(&instance)) {
            Presence::Stays => Ok(()),
            Presence::Leaves => Err(format!("{instance} is being terminated already").into()),
            Presence::Gone => {
                let why = "is in no Auto Scaling group of the environment, so nothing would take its place";
                Err(format!("{instance} {why}").into())
            }
        }
    }

    /// A shell on production can do anything, so that read-only refuses it like a write.
    pub(super) fn can_open_session(&self) -> Availability {
        self.is_unprotected("read-only: no session is opened")?;
        let is_simulated = self.setup.simulated.is_some();
        require(!is_simulated, || "the region is simulated: there is no instance to log in to")?;
        self.current_environment()?;
        self.selected_instance().map(|_| ())
    }

    /// Returns whether the setup can be opened: one in progress is shown; otherwise it would be a write.
    pub(super) fn can_set_up_https(&self) -> Availability {
        let environment = self.current_environment()?;
        let other = self.operations.https.under_way.as_ref().map(|it| &it.operation.subject);
        if other.is_some_and(|subject| subject.key == environment.key) {
            return Ok(());
        }
        self.can_write()?;
        require(other.is_none(), || {
            let name = other.map(|subject| clean(&subject.name)).unwrap_or_default();
            format!("HTTPS of {name} is under way; one at a time")
        })
    }

    pub(super) fn can_go_on_with_https(&self, action: Action) -> Availability {
        require(self.operations.https.stopped().is_some(), || match &self.operations.https.under_way {
            None => "nothing has begun yet",
            Some(it) if it.operation.has_finished() => "it has finished",
            Some(_) => "it is in progress",
        })?;
        // To stop here is only recorded on this machine.
        if action == Action::StopHere { Ok(()) } else { self.can_write() }
    }

    pub(super) fn can_pass_https(&self) -> Availability {
        let may_pass = self.operations.https.under_way.as_ref().is_some_and(|it| it.operation.may_pass().is_some());
        require(may_pass, || "there is no failed request to go on from")?;
        self.can_write()
    }

    pub(super) fn can_take_https_back(&self) -> Availability {
        require(self.operations.https.undo().is_some(), || "there is nothing to take back")?;
        self.can_write()
    }
}

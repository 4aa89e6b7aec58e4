//! From what the user wants to a plan: which settings of which objects, by which route, and whether that is possible.

use std::fmt;
use std::sync::Arc;

use super::field::{Field, FieldOption, Object, PlanInputs};
use super::modify::OptionName;
use super::plan::Plan;
use super::request::Route;
use super::rows::{ChangeRow, OptionRow};
use super::rules::broken;
use super::settings::{FixedFacts, ObjectKind, SettingFacts};
use crate::model::Balancer;

/// A setting of an object and the value that it is to have.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The object.
    pub object: Object,
    /// The setting.
    pub facts: &'static SettingFacts,
    /// The value, as the user typed it.
    pub value: String,
}

/// The edits of settings of one environment.
pub type Change = Vec<Edit>;

/// Why there is no plan: something to correct, before anything is read again.
#[derive(Clone, Debug)]
pub enum PlanMistake {
    /// There is no such setting.
    UnknownKey(String),
    /// Target group and load balancer both have it.
    AmbiguousKey(&'static str),
    /// It belongs to a listener, and no listener is given.
    WhichListener(&'static str, Vec<i32>),
    /// The load balancer has no listener at this port.
    NoListener(i32, Vec<i32>),
    /// It is shown and cannot be edited.
    Fixed(&'static FixedFacts),
    /// Several target groups, and none chosen; their names.
    SeveralGroups(Vec<Arc<str>>),
    /// The environment, with this in front of it, has no target group that is known.
    NoGroup(Balancer),
    /// The environment, with this in front of it, has no application load balancer that is known.
    NoLoadBalancer(Balancer),
    /// It is the name of the Beanstalk option of a setting.
    OptionName(String, &'static SettingFacts),
    /// The listener is named by what is no port.
    NoPort(String),
    /// A listener's port without a setting.
    NoKey(i32),
    /// The object does not have the setting: an HTTP listener has no certificate.
    NotThere {
        /// The setting.
        key: String,
        /// Why not.
        why: String,
    },
    /// Two values for one setting.
    Twice(String),
    /// The value is none that ELB, or the option, would take.
    OutOfRange {
        /// The setting.
        key: String,
        /// The value.
        value: String,
        /// What is allowed.
        allowed: String,
    },
    /// The values do not go together.
    Rule(String),
    /// It cannot go through Beanstalk, each with the reason; `elb` would do it.
    NeedsElb(Vec<String>),
    /// Beanstalk has no such option on a shared load balancer: the option and the setting.
    Shared {
        /// The option.
        option: &'static str,
        /// The setting.
        key: String,
    },
    /// It was not read, so that it is unknown what would change.
    Unread(String),
    /// Nothing would change.
    Nothing,
    /// The change cannot be put back.
    NotUndoable(String),
}

/// Plans a change; without a route, by the one that product.md names as the default.
///
/// # Errors
/// When it cannot be carried out as requested.
pub fn plan(basis: &PlanInputs<'_>, change: &[Edit], route: Option<Route>) -> Result<Plan, PlanMistake> {
    if change.is_empty() {
        return Err(PlanMistake::Nothing);
    }
    let mut wishes: Vec<WantedEdit> = Vec::new();
    for edit in change {
        let wish = WantedEdit::new(basis, edit)?;
        if wishes.iter().any(|known| known.field.key == wish.field.key && known.field.object == wish.field.object) {
            return Err(PlanMistake::Twice(wish.field.key));
        }
        wishes.push(wish);
    }
    one_group(&wishes)?;
    if route != Some(Route::Elb)
        && let Some(mistake) = wishes.iter().find_map(WantedEdit::shared)
    {
        return Err(mistake);
    }
    let route = match route {
        Some(route) => route,
        None => default_route(&wishes)?,
    };
    let rows = wishes.into_iter().map(|wish| wish.row(route)).collect::<Result<Vec<_>, _>>()?;
    if let Some(rule) = broken(basis, &rows) {
        return Err(PlanMistake::Rule(rule));
    }
    Ok(Plan::of(basis, route, rows, None))
}

/// Makes the live values the options' values: drift that is kept.
#[must_use]
pub fn adopt(fields: &[Field]) -> Change {
    let live = |field: &Field| field.live.as_deref().map(str::to_owned);
    edits(fields, live)
}

/// The option's value becomes live again: drift that is put back.
#[must_use]
pub fn put_back(fields: &[Field]) -> Change {
    edits(fields, |field| field.option.as_ref().map(|option| option.effective().to_owned()))
}

fn edits(fields: &[Field], value: impl Fn(&Field) -> Option<String>) -> Change {
    let edit = |field: &Field| Some(Edit { object: field.object.clone(), facts: field.facts, value: value(field)? });
    fields.iter().filter_map(edit).collect()
}

/// Why an object does not have a setting.
fn absent(basis: &PlanInputs<'_>, object: &Object) -> String {
    match object {
        Object::Listener(key, _, port) => {
            let listener = basis.listeners().iter().find(|listener| listener.key == *key);
            let protocol = listener.and_then(|it| it.protocol.as_deref()).unwrap_or("of another protocol");
            format!("the listener on port {port} is {protocol}, which has no such setting")
        }
        Object::TargetGroup(_) => "ELB lists no such setting of the target group".to_owned(),
        Object::LoadBalancer(_) => "ELB lists no such setting of the load balancer".to_owned(),
    }
}

/// What the user wants of a setting in its present state.
struct WantedEdit {
    field: Field,
    value: String,
    /// It is a setting of a shared load balancer, where Beanstalk has options for processes and rules alone.
    is_shared: bool,
    /// The option settings are not read.
    is_unread: bool,
}

impl WantedEdit {
    fn new(basis: &PlanInputs<'_>, edit: &Edit) -> Result<Self, PlanMistake> {
        let field = basis.field(&edit.object, edit.facts);
        if !basis.has(&edit.object, edit.facts) {
            return Err(PlanMistake::NotThere { key: field.key, why: absent(basis, &edit.object) });
        }
        let Some(value) = edit.facts.kind.accept(&edit.value) else {
            let allowed = edit.facts.kind.allowed();
            return Err(PlanMistake::OutOfRange { key: field.key, value: edit.value.clone(), allowed });
        };
        if field.live.is_none() {
            return Err(PlanMistake::Unread(field.key));
        }
        let is_shared = basis.link().is_some_and(|link| link.balancer == Balancer::ApplicationShared)
            && !matches!(edit.object, Object::TargetGroup(_));
        let is_unread = basis.settings().is_none();
        Ok(Self { field, value, is_shared, is_unread })
    }

    fn is_live(&self) -> bool {
        self.field.live.as_deref().is_some_and(|live| self.field.facts.is_same(live, &self.value))
    }

    fn is_option(&self, option: &FieldOption) -> bool {
        self.field.facts.is_same(option.effective(), &self.value)
    }

    /// Returns whether the setting has the value everywhere already.
    fn is_so(&self) -> bool {
        self.is_live() && self.field.option.as_ref().is_none_or(|option| self.is_option(option))
    }

    /// Returns the error of an option that exists on dedicated load balancers only.
    fn shared(&self) -> Option<PlanMistake> {
        let option = self.field.facts.option.filter(|_| self.is_shared)?.name;
        Some(PlanMistake::Shared { option, key: self.field.key.clone() })
    }

    /// Why it cannot go through Beanstalk.
    fn obstacle(&self) -> Option<String> {
        let (key, value) = (&self.field.key, &self.value);
        let Some(option) = &self.field.option else {
            return Some(match self.field.facts.option {
                None => format!("{key} has no Beanstalk option"),
                Some(it) if self.is_unread => {
                    format!(
                        "the environment's option settings are not read, so that the option {} of {key} is not known",
                        it.name
                    )
                }
                Some(it) => {
                    format!("it is not clear, or not read, to which namespace the option {} of {key} belongs", it.name)
                }
            });
        };
        if option.kind.accept(value).is_none() {
            let allowed = option.kind.allowed();
            return Some(format!("the option {} of {key} takes {allowed}, not {value}", option.name));
        }
        // Nothing can be unset by setting it.
        value.is_empty().then(|| format!("the option {} of {key} takes no empty value", option.name))
    }

    fn row(self, route: Route) -> Result<ChangeRow, PlanMistake> {
        let to_elb = matches!(route, Route::Elb | Route::Both) && !self.is_live();
        let mut change = None;
        if matches!(route, Route::Beanstalk | Route::Both) {
            if let Some(obstacle) = self.obstacle().filter(|_| !self.is_so()) {
                return Err(PlanMistake::NeedsElb(vec![obstacle]));
            }
            let option = self.field.option.as_ref().filter(|option| !self.is_option(option));
            change = option.map(|option| OptionRow {
                option: OptionName { namespace: Arc::clone(&option.namespace), name: option.name },
                seen: option.value.clone(),
                wanted: Some(self.value.as_str().into()),
            });
        }
        let Field { object, facts, key, live, .. } = self.field;
        Ok(ChangeRow { object, facts, key, seen: live, wanted: Some(self.value.into()), elb: to_elb, option: change })
    }
}

/// A plan has one target group.
fn one_group(wishes: &[WantedEdit]) -> Result<(), PlanMistake> {
    let mut groups: Vec<_> =
        wishes.iter().map(|wish| &wish.field.object).filter(|it| matches!(it, Object::TargetGroup(_))).collect();
    groups.sort();
    groups.dedup();
    let names = || groups.iter().map(|it| Arc::from(crate::model::resource_name(it.arn()))).collect();
    if groups.len() > 1 { Err(PlanMistake::SeveralGroups(names())) } else { Ok(()) }
}

/// `beanstalk`, when every key has an option and its new value differs from the option's present one.
fn default_route(wishes: &[WantedEdit]) -> Result<Route, PlanMistake> {
    let same = |wish: &WantedEdit| {
        let option = wish.field.option.as_ref().filter(|option| wish.is_option(option))?;
        let (key, value) = (&wish.field.key, &wish.value);
        Some(format!("the option {} of {key} is {value} already, so that Beanstalk would do nothing", option.name))
    };
    let open = wishes.iter().filter(|wish| !wish.is_so());
    let reasons: Vec<_> = open.filter_map(|wish| wish.obstacle().or_else(|| same(wish))).collect();
    if reasons.is_empty() { Ok(Route::Beanstalk) } else { Err(PlanMistake::NeedsElb(reasons)) }
}

/// Describes an environment without an Application Load Balancer; `None` if that is unknown.
fn without(balancer: Balancer) -> Option<&'static str> {
    Some(match balancer {
        Balancer::Classic => {
            "the environment is behind a Classic Load Balancer: beanpole changes settings of Application Load Balancers only"
        }
        Balancer::Network => {
            "the environment is behind a Network Load Balancer: beanpole changes settings of Application Load Balancers only"
        }
        Balancer::Worker => {
            "the environment is a worker: it takes its work from a queue, and has no load balancer to set"
        }
        Balancer::Single => "the environment is a single instance, and has no load balancer to set",
        Balancer::Cluster => "the environment runs on EKS, which is not supported",
        Balancer::Application | Balancer::ApplicationShared | Balancer::Unknown => return None,
    })
}

impl fmt::Display for PlanMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ports = |ports: &[i32]| ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Self::UnknownKey(key) => write!(f, "there is no setting `{key}`"),
            Self::AmbiguousKey(key) => {
                write!(f, "`{key}` is a setting of target groups and of load balancers: say tg:{key} or lb:{key}")
            }
            Self::WhichListener(key, known) => {
                write!(f, "`{key}` is a setting of listeners: say listener:PORT:{key} (ports: {})", ports(known))
            }
            Self::NoListener(port, known) => {
                write!(f, "there is no listener at port {port} (there are: {})", ports(known))
            }
            Self::Fixed(row) => write!(f, "`{}` cannot be edited: {}", row.key, row.why),
            Self::SeveralGroups(names) => {
                write!(f, "the environment has several target groups, and none is chosen: {}", names.join(", "))
            }
            Self::NoGroup(balancer) => match without(*balancer) {
                Some(words) => f.write_str(words),
                None => f.write_str("no target group of the environment is known"),
            },
            Self::NoLoadBalancer(balancer) => match without(*balancer) {
                Some(words) => f.write_str(words),
                None => f.write_str("no application load balancer of the environment is known"),
            },
            Self::OptionName(name, facts) => {
                let key = facts.full_key(None);
                let say = if facts.object == ObjectKind::Listener {
                    format!("listener:PORT:{key}")
                } else {
                    key.into_owned()
                };
                write!(f, "`{name}` is the Beanstalk option of the setting {say}: say {say}=VALUE")
            }
            Self::NoPort(key) => {
                write!(f, "`{key}` names no port: a listener has one of 1 to 65535, as in listener:443:ssl_policy")
            }
            Self::NoKey(port) => {
                write!(f, "which setting of the listener is not said: as in listener:{port}:ssl_policy")
            }
            Self::Shared { option, key } => write!(
                f,
                "Beanstalk has no option {option} on a shared load balancer: {key} is for its owner to change, and concerns \
                 every environment on it"
            ),
            Self::NotThere { key, why } => write!(f, "{key} cannot be set: {why}"),
            Self::Twice(key) => write!(f, "{key} is given twice"),
            Self::OutOfRange { key, value, allowed } => write!(f, "{key} cannot be `{value}`: it takes {allowed}"),
            Self::Rule(rule) => f.write_str(rule),
            Self::NeedsElb(reasons) => f.write_str(&reasons.join("; ")),
            Self::Unread(key) => write!(f, "{key} could not be read"),
            Self::Nothing => f.write_str("nothing is to be changed"),
            Self::NotUndoable(why) => f.write_str(why),
        }
    }
}

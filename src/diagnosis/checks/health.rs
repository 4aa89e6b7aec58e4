//! The health that Beanstalk reports of an environment.

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::inputs::Inputs;
use crate::diagnosis::values::health::{has_no_health, health_of};
use crate::model::{
    Doubt, DoubtCause, Environment, EnvironmentEvent, HealthColour, HealthStatus, Inventory, Moment, Service, clean,
    span_words,
};

const SEVERE: Grade = Grade::new(FindingSeverity::Critical, "Severe").attention(0);
const SUSPENDED: Grade = Grade::new(FindingSeverity::Critical, "Suspended").attention(1);
const RED: Grade = Grade::new(FindingSeverity::Critical, "basic health is Red").attention(1);
const DEGRADED: Grade = Grade::new(FindingSeverity::Critical, "Degraded").attention(2);
const WARNING: Grade = Grade::new(FindingSeverity::Warning, "Warning").attention(3);
const YELLOW: Grade = Grade::new(FindingSeverity::Warning, "basic health is Yellow").attention(3);

pub static HEALTH: Check = Check {
    id: "environment-health",
    topic: Topic::Health,
    inputs: &["Environments", "Events"],
    grades: &[SEVERE, SUSPENDED, RED, DEGRADED, WARNING, YELLOW],
    needs: "a list of environments that is not too old, and a health that Beanstalk knows itself",
    sentence: "Beanstalk reports bad health.",
    explanation: "Enhanced health is judged by the requests that the proxy on the instances sees, by the instances' load, \
                  and by the target groups. Basic health knows only the target groups. Suspended means that Beanstalk \
                  has stopped monitoring the environment: what it last reported may be wrong by now.",
    advice: "Read the causes that Beanstalk gives and the newest events; if it is suspended, check the instance profile \
             and whether the instances can reach the Beanstalk service.",
};

pub fn health(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if let Some(grade) = grade_of(inputs.environment) {
        let subject = FindingSubject::Environment(inputs.key().clone());
        run.found(grade, subject, words(inputs, grade), Vec::new());
    } else if let Some(doubt) = inputs.health_doubt() {
        run.doubted(Some(doubt));
    } else if has_no_health(inputs.environment) {
        run.undecided(Why::Doubt(Doubt { service: Service::Beanstalk, cause: DoubtCause::NoData, read_at: None }));
    }
}

/// Enhanced health decides where it has data; basic health has only a colour.
fn grade_of(environment: &Environment) -> Option<Grade> {
    match &environment.health_status {
        Some(HealthStatus::Severe) => Some(SEVERE),
        Some(HealthStatus::Suspended) => Some(SUSPENDED),
        Some(HealthStatus::Degraded) => Some(DEGRADED),
        Some(HealthStatus::Warning) => Some(WARNING),
        None | Some(HealthStatus::NoData) => match environment.health {
            Some(HealthColour::Red) => Some(RED),
            Some(HealthColour::Yellow) => Some(YELLOW),
            _ => None,
        },
        Some(_) => None,
    }
}

fn words(inputs: &Inputs<'_>, grade: Grade) -> String {
    let since = since(inputs.environment, inputs.inventory());
    let lasting = since.map_or(String::new(), |at| format!(" for {}", span_words(inputs.now().since(at))));
    let words = format!("{}{lasting}", clean(&health_of(inputs.environment).0));
    if grade == SUSPENDED { format!("{words}: Beanstalk has stopped monitoring it") } else { words }
}

/// Returns since when the health is in its state, by the newest event about it; `None` if that reported another one.
fn since(environment: &Environment, inventory: &Inventory) -> Option<Moment> {
    let own = |event: &&EnvironmentEvent| event.environment.as_deref() == Some(&*environment.name);
    let (health, at) = inventory.events.iter().filter(own).find_map(|event| Some((event.health()?, event.at)))?;
    let word = health.replace(' ', "");
    let status = environment.health_status.as_ref().map(HealthStatus::as_str);
    let colour = environment.health.as_ref().map(HealthColour::as_str);
    let is_now = [status, colour].into_iter().flatten().any(|now| now.eq_ignore_ascii_case(&word));
    is_now.then_some(at)
}

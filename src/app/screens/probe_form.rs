//! The form of a probe: what is sent, and to which host. It is the confirmation, too.

mod acting;

use std::time::Duration;

use tui_input::{Input, InputRequest};

use crate::app::state::State;
use crate::model::{Environment, Key, clean};
use crate::probe::{MOST_REQUESTS, Marker, ProbeOptions, ProbePlan, ProbeTarget, parse_host, parse_origin, parse_path};

/// The longest time that a quiet WebSocket is held: longer than any idle timeout of a load balancer.
const LONGEST_IDLE: u64 = 4_200;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeField {
    /// The path that is requested.
    Path,
    /// The path of the WebSocket.
    Websocket,
    /// How many requests a round has.
    Requests,
    /// What distinguishes the targets.
    Marker,
    /// How long a quiet WebSocket is held.
    Idle,
    /// The host name.
    Host,
    /// The origin of the page that asks.
    Origin,
}

impl ProbeField {
    /// All, in the order of the form.
    pub const ALL: [Self; 7] =
        [Self::Path, Self::Websocket, Self::Requests, Self::Marker, Self::Idle, Self::Host, Self::Origin];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Websocket => "WebSocket path",
            Self::Requests => "requests",
            Self::Marker => "marker",
            Self::Idle => "quiet for",
            Self::Host => "host name",
            Self::Origin => "other origin",
        }
    }

    /// What an empty field means; `None` where it must not be empty.
    #[must_use]
    pub fn when_empty(self) -> Option<&'static str> {
        match self {
            Self::Path | Self::Requests => None,
            Self::Websocket => Some("the usual ones are tried"),
            Self::Marker => Some("none: which target answers is not seen"),
            Self::Idle => Some("not tried; 75 finds who cuts a quiet socket at 60 s"),
            Self::Host => Some("the environment's own"),
            Self::Origin => Some("none"),
        }
    }

    /// What it is for.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Path => "The path that is requested, as /.",
            Self::Websocket => "The path of the WebSocket, as /cable.",
            Self::Requests => "So many requests with the newest cookie, and as many without, 0 to 240.",
            Self::Marker => "What differs between targets in an answer: header:NAME or body:REGEX.",
            Self::Idle => "So many seconds a WebSocket stays quiet, to see whether it is cut, and by whom.",
            Self::Host => "The name for Host and TLS; the connection goes to the load balancer either way.",
            Self::Origin => "Ask as a page of another site does, as https://www.example.com.",
        }
    }
}

/// What is about to be probed.
#[derive(Clone, Debug)]
pub struct ProbeForm {
    /// The environment.
    pub environment: Key<Environment>,
    /// What it asks, for its title.
    pub title: String,
    /// The fields' texts, in their order.
    pub inputs: [Input; 7],
    /// The place of the field that has the keyboard.
    pub at: usize,
    /// What follows from the fields: what would be probed, or what is wrong with which field.
    pub planned: Result<Box<ProbeTarget>, (Option<ProbeField>, String)>,
}

impl ProbeForm {
    /// The form for an environment, filled in with these options.
    #[must_use]
    pub fn new(state: &State, environment: &Environment, options: &ProbeOptions) -> Self {
        let marker = options.marker.as_ref().map(Marker::to_string);
        let texts = [
            Some(options.path.clone()),
            options.websocket.clone(),
            Some(options.requests.to_string()),
            marker,
            options.idle.map(|idle| idle.as_secs().to_string()),
            options.host.clone().or_else(|| configured_host(state, environment)),
            options.origin.clone(),
        ];
        let title = format!("Probe {} from outside", clean(&environment.name));
        let planned = Err((None, String::new()));
        let inputs = texts.map(|text| Input::new(text.unwrap_or_default()));
        let mut form = Self { environment: environment.key.clone(), title, inputs, at: 0, planned };
        form.check(state);
        form
    }

    /// The plan, if the fields make one.
    #[must_use]
    pub fn plan(&self) -> Option<&ProbePlan> {
        self.planned.as_ref().ok().map(|target| &target.plan)
    }

    /// Returns the field that has the keyboard.
    #[must_use]
    pub fn field(&self) -> ProbeField {
        ProbeField::ALL[self.at]
    }

    /// Reads the fields.
    fn options(&self) -> Result<ProbeOptions, (ProbeField, String)> {
        let text = |field: ProbeField| self.inputs[field as usize].value().trim();
        let given = |field: ProbeField| Some(text(field)).filter(|text| !text.is_empty());
        let read = |field, parse: fn(&str) -> Result<String, String>| {
            given(field).map(|text| parse(text).map_err(|why| (field, why))).transpose()
        };
        let number = |field, most: u64| {
            let wrong = || (field, format!("give a whole number, {most} at most"));
            let parse = |text: &str| text.parse::<u64>().ok().filter(|it| *it <= most).ok_or_else(wrong);
            given(field).map(parse).transpose()
        };
        let marker = given(ProbeField::Marker).map(Marker::parse).transpose();
        Ok(ProbeOptions {
            path: parse_path(text(ProbeField::Path)).map_err(|why| (ProbeField::Path, why))?,
            websocket: read(ProbeField::Websocket, parse_path)?,
            requests: number(ProbeField::Requests, u64::from(MOST_REQUESTS))?.unwrap_or(0) as u16,
            marker: marker.map_err(|why| (ProbeField::Marker, why))?,
            idle: number(ProbeField::Idle, LONGEST_IDLE)?.filter(|it| *it > 0).map(Duration::from_secs),
            host: read(ProbeField::Host, parse_host)?,
            origin: read(ProbeField::Origin, parse_origin)?,
            ..ProbeOptions::default()
        })
    }

    /// Finds out what follows from the fields, on what is known now.
    fn check(&mut self, state: &State) {
        let environment = state.snapshot().environment(&self.environment);
        self.planned = match (self.options(), environment) {
            (Err((field, why)), _) => Err((Some(field), why)),
            (Ok(_), None) => Err((None, "this environment is not listed any more".to_owned())),
            (Ok(options), Some(environment)) => ProbeTarget::new(state.snapshot(), environment, &options)
                .map(Box::new)
                .ok_or_else(|| (None, "it has no address: it serves no requests".to_owned())),
        };
    }

    fn move_to(&mut self, rows: isize) {
        self.at = (self.at as isize + rows).rem_euclid(self.inputs.len() as isize) as usize;
    }

    fn handle(&mut self, request: InputRequest) {
        self.inputs[self.at].handle(request);
    }
}

/// The first host name that the configuration gives an environment; one with wildcards is none.
fn configured_host(state: &State, environment: &Environment) -> Option<String> {
    let names = state.setup.checks.hostnames.get(&*environment.name)?;
    names.iter().find_map(|name| parse_host(name).ok())
}

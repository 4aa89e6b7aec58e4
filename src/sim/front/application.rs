//! What is on an instance: nginx, unless the environment does without, and the application with its page, and with a
//! WebSocket if the scenario gives it one. One at `/socket.io/` has the polling of Engine.IO beside it.

use std::time::Duration;

use super::target::Target;
use super::visit::{ClientRequest, OpenSocket, Visit};
use crate::sim::physics::View;
use crate::sim::region::{Environment, TargetGroup};
use crate::sim::wire::envelope::Written;

/// How long nginx waits for the application to say something on an open connection, unless it is configured otherwise.
const PROXY_READ_TIMEOUT: Duration = Duration::from_secs(60);
const ENGINE: &str = "/socket.io/";
const PING_INTERVAL: Duration = Duration::from_secs(25);

/// An instance's application.
pub struct Application<'a> {
    group: &'a TargetGroup,
    instance: &'a str,
    place: usize,
    websocket: Option<&'a str>,
    has_nginx: bool,
    /// Whether nginx forwards the upgrade: Amazon Linux 2 and later do.
    forwards_upgrade: bool,
}

impl<'a> Application<'a> {
    /// The application on a target.
    pub fn new(view: View<'a>, target: &Target<'a>) -> Self {
        let (group, place) = (target.group, target.place);
        let pool = &view.region.pools[group.pool];
        let environment = pool.environment.map(|place| &view.region.environments[place]);
        let proxy = pool.environment.map(|place| view.region.options_at(place, view.time())).unwrap_or_default();
        let is_without = proxy.iter().any(|option| {
            option.namespace == "aws:elasticbeanstalk:environment:proxy"
                && option.name == "ProxyServer"
                && option.value.as_deref() == Some("none")
        });
        Self {
            group,
            instance: &pool.instances[place].id,
            place,
            websocket: environment.and_then(|environment| environment.websocket.as_deref()),
            has_nginx: !is_without,
            forwards_upgrade: is_without || environment.is_none_or(is_new_enough),
        }
    }

    /// Its answer where it fails with this status; from 502 it is nginx that says so.
    pub fn failing(&self, status: u16) -> Written {
        let by = if self.has_nginx && matches!(status, 502 | 504) { "<hr><center>nginx</center>" } else { "" };
        self.written(status, "text/html", page(status, by))
    }

    /// Its answer to a request; a quiet socket lives as long as the load balancer's idle timeout and nginx let it.
    pub fn answer(&self, request: &ClientRequest, idle: Duration) -> Visit {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let answered = |written| Visit::Answered(Duration::ZERO, written);
        let key = request.websocket_key.as_ref().filter(|_| self.forwards_upgrade);
        match self.websocket.filter(|websocket| *websocket == path) {
            Some(ENGINE) if query.contains("transport=polling") => answered(self.poll(request, query)),
            Some(websocket) if key.is_some() => Visit::Switched(self.open(websocket, idle, request.number)),
            Some(ENGINE) => answered(self.engine_error(3, "Bad request")),
            Some(_) => answered(self.written(426, "text/plain", "Upgrade Required".to_owned())),
            None => answered(self.page(path)),
        }
    }

    fn page(&self, path: &str) -> Written {
        let status = if self.group.serves.iter().any(|served| served == path) { 200 } else { 404 };
        self.written(status, "text/html", format!("<html><body>{}</body></html>\n", self.instance))
    }

    /// Opens a session, or continues one: its id says which target has it.
    fn poll(&self, request: &ClientRequest, query: &str) -> Written {
        let Some((_, rest)) = query.split_once("sid=") else {
            let opened = self.session(request.number, r#"["websocket"]"#);
            return self.written(200, "text/plain; charset=UTF-8", opened);
        };
        let id = rest.split('&').next().unwrap_or_default();
        if id.get(..4).and_then(|place| usize::from_str_radix(place, 16).ok()) != Some(self.place) {
            return self.engine_error(1, "Session ID unknown");
        }
        let body = if request.method == "POST" { "ok" } else { "6" };
        self.written(200, "text/plain; charset=UTF-8", body.to_owned())
    }

    fn session(&self, number: u64, upgrades: &str) -> String {
        let (place, interval) = (self.place, PING_INTERVAL.as_millis());
        format!(
            r#"0{{"sid":"{place:04x}{number:012x}","upgrades":{upgrades},"pingInterval":{interval},"pingTimeout":20000,"maxPayload":1000000}}"#
        )
    }

    fn engine_error(&self, code: u8, message: &str) -> Written {
        self.written(400, "application/json", format!(r#"{{"code":{code},"message":"{message}"}}"#))
    }

    fn open(&self, websocket: &str, idle: Duration, number: u64) -> OpenSocket {
        let is_engine = websocket == ENGINE;
        OpenSocket {
            headers: self.server(),
            greeting: is_engine.then(|| self.session(number, "[]")),
            pings: is_engine.then_some(PING_INTERVAL),
            quiet: if self.has_nginx { idle.min(PROXY_READ_TIMEOUT) } else { idle },
        }
    }

    fn written(&self, status: u16, kind: &str, body: String) -> Written {
        let mut headers = self.server();
        headers.extend([("content-type", kind.to_owned()), ("x-instance", self.instance.to_owned())]);
        Written { status, headers, body: body.into_bytes() }
    }

    fn server(&self) -> Vec<(&'static str, String)> {
        if self.has_nginx { vec![("server", "nginx".to_owned())] } else { Vec::new() }
    }
}

/// The first generation of platforms ran on Amazon Linux with a year (2018.03), which begins as the later ones do.
fn is_new_enough(environment: &Environment) -> bool {
    let platform = &environment.platform;
    let is_numbered =
        ["Amazon Linux 2 ", "Amazon Linux 2/", "Amazon Linux 2023"].iter().any(|it| platform.contains(it));
    is_numbered || !platform.contains("Amazon Linux")
}

/// An error page as load balancers and nginx make them.
pub fn page(status: u16, by: &str) -> String {
    let reason =
        http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Error");
    format!(
        "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n<center><h1>{status} {reason}</h1></center>\r\n\
         {by}</body>\r\n</html>\r\n"
    )
}

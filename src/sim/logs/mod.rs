//! The instances' logs: requests for them, when each instance has answered, and the files of the answers.
//!
//! Only the request and its time are remembered: a quarter of an hour, after which AWS deletes the files. Everything
//! else follows from it: an instance answers within some seconds, unless it hangs.

mod file;
mod text;

use super::physics::targets::{Answers, State};
use super::physics::traffic::Flow;
use super::physics::{View, noise};
use super::region::Environment;
use super::wire::Request;
use super::wire::envelope::Written;
use file::{File, KEPT, folder};

/// The requests of the last quarter of an hour: the environment's id, and when.
#[derive(Debug, Default)]
pub(super) struct Requested(Vec<(String, i64)>);

impl Requested {
    pub(super) fn add(&mut self, environment: &Environment, now: i64) {
        self.0.retain(|(_, at)| now - at < KEPT);
        self.0.push((environment.id.clone(), now));
    }

    /// What the instances of an environment have handed in by now, the oldest first.
    pub(super) fn files<'a>(&self, view: View<'a>, environment: &'a Environment) -> Vec<File<'a>> {
        let asked = self.0.iter().filter(|(id, _)| *id == environment.id).map(|(_, at)| *at);
        let mut files: Vec<File<'a>> = asked.flat_map(|at| answers(view, environment, at)).collect();
        files.retain(|file| (0..KEPT).contains(&(view.now - file.at)));
        files.sort_by_key(|file| (file.at, file.place));
        files
    }

    /// The answer of the bucket in which the files are, if a request is meant for it.
    pub(super) fn serve(&self, view: View<'_>, request: &Request) -> Option<Written> {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        if request.method != "GET" || !path.starts_with(&folder(view)) {
            return None;
        }
        let found = view.region.environments.iter().flat_map(|environment| self.files(view, environment));
        let file = found.into_iter().find(|file| file.path(view) == path);
        Some(match file {
            Some(file) if query.contains(&file.signature(view)) => written(200, "text/plain", text::tail(view, &file)),
            Some(_) => refusal("SignatureDoesNotMatch", "The request signature we calculated does not match"),
            // S3 does not reveal to a client that may not list a bucket that there is no such file.
            None => refusal("AccessDenied", "Request has expired"),
        })
    }
}

/// Returns the scheme and host that a request was sent to; the scheme is in the proxy's header, as HTTP itself has none.
pub(super) fn base(request: &Request) -> String {
    let scheme = request.header("x-forwarded-proto").unwrap_or("http");
    format!("{scheme}://{}", request.header("host").unwrap_or("localhost"))
}

/// Returns the instances at the time of the request, each with the time of its answer. One that hangs gives none.
fn answers<'a>(view: View<'a>, environment: &'a Environment, asked: i64) -> impl Iterator<Item = File<'a>> {
    let pool = &view.region.pools[environment.pool];
    let flow = Flow::of_pool(view, pool);
    let time = asked - view.region.epoch;
    pool.instances.iter().enumerate().filter_map(move |(place, instance)| {
        let condition = flow.condition(place, time);
        let gone = matches!(condition.state, State::Absent | State::Terminated);
        let at = asked + 1_500 + (noise::unit(instance.entity, asked, 30) * 6_500.0) as i64;
        (!gone && condition.answers != Answers::TimesOut).then_some(File { environment, place, at })
    })
}

fn refusal(code: &str, message: &str) -> Written {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    written(403, "application/xml", body.into_bytes())
}

fn written(status: u16, content_type: &str, body: Vec<u8>) -> Written {
    Written { status, headers: vec![("content-type", content_type.to_owned())], body }
}

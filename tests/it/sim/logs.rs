//! The instances' logs in the simulated region: requested, uploaded some seconds later, fetched by URL, gone after a
//! quarter of an hour.

use super::{Turned, element, elements, query, text};
use crate::support::scenarios::{HANGS, UPDATING};
use beanpole::sim::{Faults, Request, Response};

impl Turned {
    /// Asks for something about the logs of an environment, over a socket at this host.
    fn logs(&self, operation: &str, more: &str) -> String {
        let mut request = query("elasticbeanstalk", &format!("Action={operation}&Version=2010-12-01{more}"));
        request.headers.push(("Host".to_owned(), "127.0.0.1:4599".to_owned()));
        text(&self.world.answer(&request))
    }

    /// Fetches a URL as a browser would: unsigned.
    fn get(&self, url: &str) -> Response {
        let path = url.strip_prefix("http://127.0.0.1:4599").unwrap().to_owned();
        self.world.answer(&Request { method: "GET".to_owned(), path, headers: Vec::new(), body: Vec::new() })
    }
}

const CHAT: &str = "&EnvironmentName=shop-chat-prod&InfoType=tail";

/// The URLs of the files, as an XML parser reads them.
fn urls(xml: &str) -> Vec<String> {
    elements(xml, "Message").into_iter().map(|url| url.replace("&amp;", "&")).collect()
}

#[test]
fn nothing_is_there_until_it_is_asked_for_and_then_it_takes_some_seconds() {
    let turned = Turned::new("shop");
    turned.world.set_faults(Faults::none());
    let there = |seconds| elements(&turned.at(seconds).logs("RetrieveEnvironmentInfo", CHAT), "member").len();
    assert_eq!(there(0), 0);
    assert!(turned.logs("RequestEnvironmentInfo", CHAT).contains("<RequestEnvironmentInfoResponse"));
    let counts = [there(1), there(4), there(9), there(600), there(900)];
    assert_eq!((counts[0], counts[2], counts[3], counts[4]), (0, 7, 7, 7), "{counts:?}");
    assert!(counts[1] < 7, "they do not answer all at once: {counts:?}");
    assert_eq!(there(909), 0, "files are deleted after a quarter of an hour");
}

#[test]
fn files_are_had_by_their_url_alone_and_look_like_logs() {
    let turned = Turned::new("shop");
    turned.world.set_faults(Faults::none());
    turned.logs("RequestEnvironmentInfo", CHAT);
    let answer = turned.at(10).logs("RetrieveEnvironmentInfo", CHAT);
    assert_eq!(element(&answer, "InfoType"), "tail");
    let url = &urls(&answer)[0];
    assert!(url.contains(element(&answer, "Ec2InstanceId")), "{url}");
    let file = turned.get(url);
    assert_eq!(file.status, 200);
    let words = text(&file);
    for log in ["/var/log/eb-engine.log", "/var/log/web.stdout.log", "/var/log/nginx/access.log"] {
        assert!(words.contains(&format!("----\n{log}\n----")), "{words}");
    }
    assert!((200..400).contains(&words.lines().count()), "{}", words.lines().count());
    assert!(words.contains("\u{1b}[32minfo\u{1b}[39m"), "applications colour their lines");
    assert_eq!(text(&turned.get(url)), words, "a file does not change");
    assert_eq!(turned.world.calls().pop().map(|call| call.operation), Some("GetObject".to_owned()));
}

#[test]
fn who_has_no_url_or_an_old_one_is_refused() {
    let turned = Turned::new("shop");
    turned.world.set_faults(Faults::none());
    turned.logs("RequestEnvironmentInfo", CHAT);
    let url = urls(&turned.at(10).logs("RetrieveEnvironmentInfo", CHAT)).remove(0);
    let unsigned = url.split_once('?').unwrap().0;
    let refused = turned.get(unsigned);
    assert_eq!((refused.status, element(&text(&refused), "Code")), (403, "SignatureDoesNotMatch"));
    let late = turned.at(1000).get(&url);
    assert_eq!((late.status, element(&text(&late), "Code")), (403, "AccessDenied"));
}

#[test]
fn an_instance_that_hangs_does_not_answer() {
    let turned = Turned::written(HANGS);
    let of = "&EnvironmentName=web&InfoType=tail";
    turned.logs("RequestEnvironmentInfo", of);
    let answer = turned.at(60).logs("RetrieveEnvironmentInfo", of);
    assert_eq!(elements(&answer, "member").len(), 2);
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let turned = Turned::new("shop");
    let code = |operation, more| element(&turned.logs(operation, more), "Code").to_owned();
    assert_eq!(code("RequestEnvironmentInfo", "&EnvironmentName=nobody&InfoType=tail"), "InvalidParameterValue");
    assert_eq!(code("RequestEnvironmentInfo", "&InfoType=tail"), "MissingRequiredParameter");
    assert_eq!(code("RequestEnvironmentInfo", "&EnvironmentName=shop-chat-prod"), "MissingRequiredParameter");
    assert_eq!(
        code("RequestEnvironmentInfo", "&EnvironmentName=shop-chat-prod&InfoType=bundle"),
        "InvalidParameterValue"
    );
    assert_eq!(code("RetrieveEnvironmentInfo", "&EnvironmentName=shop-chat-prod&InfoType=all"), "ValidationError");
    let busy = Turned::written(UPDATING);
    let refused = busy.logs("RequestEnvironmentInfo", "&EnvironmentName=web&InfoType=tail");
    assert!(element(&refused, "Message").contains("is in an invalid state for this operation. Must be Ready."));
}

#[test]
fn a_hostile_application_logs_worse_than_colours() {
    let turned = Turned::new("hostile");
    turned.world.set_faults(Faults::none());
    let of = "&EnvironmentName=escape-prod&InfoType=tail";
    turned.logs("RequestEnvironmentInfo", of);
    let url = urls(&turned.at(10).logs("RetrieveEnvironmentInfo", of)).remove(0);
    let body = turned.get(&url).body;
    assert!(String::from_utf8(body.clone()).is_err(), "there are bytes that are no UTF-8");
    let words = String::from_utf8_lossy(&body);
    assert!(words.contains("\u{1b}]52;c;") && words.contains("\u{9b}31m") && words.contains("\u{202e}txet"));
}

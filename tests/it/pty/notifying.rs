//! The program, the hook and the bell of `[notify]`, by the real binary.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::support::terminal::Start;

const REGION: &str = "description = \"a target fails\"\nseed = 3\n\
    [[environment]]\nname = \"web\"\napplication = \"shop\"\ninstances = 3\n\
    timeline = [{ at = \"15s\", targets = [2], becomes = \"failing\", code = 503 }]\n";

#[test]
fn an_environment_that_begins_to_need_attention_is_sent_by_each_way() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sent, posted) = channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut request, mut piece) = (Vec::new(), [0; 4096]);
        while !request.ends_with(b"}\n") {
            let read = stream.read(&mut piece).unwrap();
            request.extend_from_slice(&piece[..read]);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        let _ = sent.send(String::from_utf8(request).unwrap());
    });
    let config = format!("[notify]\ncommand = \"sh -c 'cat >> sent'\"\nurl = \"{url}\"\nbell = true\n");
    let start = Start::of(&["demo", "--scenario", "./region.toml"]).file("region.toml", REGION);
    let mut terminal = start.file(".config/beanpole/config.toml", &config).start();
    terminal.until_says("web");
    let sent_lines = terminal.home().join("sent");
    let is_sent = || std::fs::read_to_string(&sent_lines).is_ok_and(|text| text.ends_with("}\n"));
    terminal.until("a notification", Duration::from_secs(90), |_| is_sent());
    let line = std::fs::read_to_string(&sent_lines).unwrap();
    let first: serde_json::Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&first["type"], &first["state"], &first["environment"]),
        (&"attention".into(), &"begun".into(), &"web".into())
    );
    assert!(first["region"].is_string() && first["account"].is_string(), "{first}");
    let request = posted.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(request.contains(line.lines().next().unwrap()), "{request}");
    assert!(terminal.rang(), "the bell was not rung");
}

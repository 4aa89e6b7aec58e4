//! Directives of nginx at a level where Beanstalk's layout makes them fail or lose their effect.

use super::mistake::ProjectMistake;
use super::places::NginxLevel;

/// A directive outside of any block of its file.
struct TopDirective<'a> {
    line: usize,
    name: &'a str,
    /// The rest of its words.
    arguments: Vec<&'a str>,
}

/// Directives of the http block that a server block does not take.
const ONLY_HTTP: &[&str] = &[
    "upstream",
    "map",
    "server",
    "log_format",
    "limit_req_zone",
    "limit_conn_zone",
    "proxy_cache_path",
    "geo",
    "split_clients",
];
/// Directives of a server block that the http block does not take.
const ONLY_SERVER: &[&str] = &["location", "listen", "server_name", "proxy_pass", "rewrite", "return", "if"];
/// Directives of the main level, and of its block `events`.
const ONLY_MAIN: &[&str] =
    &["events", "http", "worker_processes", "worker_rlimit_nofile", "worker_connections", "user", "pid"];
/// What Beanstalk's server block has already, so that a second one is refused and one above it has no effect.
const KEEP_ALIVE: &str = "keepalive_timeout";
const LOCATIONS: &str = "conf.d/elasticbeanstalk/*.conf";

pub(super) fn check(path: &str, text: &str, level: NginxLevel) -> Vec<ProjectMistake> {
    if level == NginxLevel::Main {
        return main(path, text);
    }
    let mut mistakes = Vec::new();
    for directive in top_directives(text) {
        if let Some(message) = why_wrong(&directive, level, path.ends_with("/00_application.conf")) {
            mistakes.push(ProjectMistake::new(path, directive.line, message));
        }
    }
    mistakes
}

/// `is_application`: the file replaces the one that Beanstalk generates for the application.
fn why_wrong(directive: &TopDirective<'_>, level: NginxLevel, is_application: bool) -> Option<String> {
    let name = directive.name;
    let is_root = name == "location" && directive.arguments.first() == Some(&"/") && directive.arguments.len() == 1;
    match level {
        _ if ONLY_MAIN.contains(&name) => Some(format!(
            "`{name}` belongs to the main level, which only a whole .platform/nginx/nginx.conf can change"
        )),
        NginxLevel::Http if ONLY_SERVER.contains(&name) => Some(format!(
            "`{name}` is refused in the http block: put the file in .platform/nginx/conf.d/elasticbeanstalk, the server block"
        )),
        NginxLevel::Server if ONLY_HTTP.contains(&name) => Some(format!(
            "`{name}` is refused in the server block: put the file in .platform/nginx/conf.d, the http block"
        )),
        NginxLevel::Http if name == KEEP_ALIVE => Some(format!(
            "`{name}` has no effect here: Beanstalk's server block has one of its own, which only a whole nginx.conf changes"
        )),
        NginxLevel::Server if name == KEEP_ALIVE => Some(format!(
            "`{name}` is refused as a duplicate: Beanstalk's server block has one, which only a whole nginx.conf changes"
        )),
        NginxLevel::Server if is_root && !is_application => Some(
            "a second `location /` is refused unless this file is called 00_application.conf, which replaces the first"
                .into(),
        ),
        _ => None,
    }
}

/// A whole `nginx.conf` has to include what Beanstalk generates, and define what that uses.
fn main(path: &str, text: &str) -> Vec<ProjectMistake> {
    let code: Vec<String> = text.lines().map(|line| line.split('#').next().unwrap_or_default().to_owned()).collect();
    let has = |part: &str| code.iter().any(|line| line.contains(part));
    let mut mistakes = Vec::new();
    let includes_all = has("conf.d/elasticbeanstalk/*.conf") || has("conf.d/elasticbeanstalk/00_application.conf");
    if !includes_all && !has("proxy_pass") {
        mistakes.push(ProjectMistake::new(
            path,
            None,
            format!("it does not include {LOCATIONS}: the application is not served"),
        ));
    }
    if includes_all && !has("$connection_upgrade") {
        let message = "Beanstalk's locations use $connection_upgrade, which it does not define: nginx does not start";
        mistakes.push(ProjectMistake::new(path, None, message));
    }
    mistakes
}

/// The directives of a file that are in no block of it.
fn top_directives(text: &str) -> Vec<TopDirective<'_>> {
    let (mut found, mut words) = (Vec::new(), Vec::<(usize, &str)>::new());
    let (mut depth, mut line, mut rest) = (0_usize, 1, text);
    while let Some(first) = rest.chars().next() {
        match first {
            '#' => {
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
            }
            ';' | '{' | '}' => {
                if depth == 0
                    && let Some(((at, name), arguments)) = words.split_first()
                {
                    let arguments = arguments.iter().map(|(_, word)| *word).collect();
                    found.push(TopDirective { line: *at, name, arguments });
                }
                words.clear();
                depth = match first {
                    '{' => depth + 1,
                    '}' => depth.saturating_sub(1),
                    _ => depth,
                };
                rest = &rest[1..];
            }
            _ if first.is_whitespace() => {
                line += usize::from(first == '\n');
                rest = &rest[first.len_utf8()..];
            }
            _ => {
                let length = word_length(rest);
                words.push((line, &rest[..length]));
                line += rest[..length].matches('\n').count();
                rest = &rest[length..];
            }
        }
    }
    found
}

/// The length of the word at the beginning; what is in quotes is one, and `${name}` is a variable and no block.
fn word_length(text: &str) -> usize {
    let quote = text.chars().next().filter(|it| matches!(it, '"' | '\''));
    let (mut is_escaped, mut before) = (false, ' ');
    let mut is_in_variable = false;
    for (at, character) in text.char_indices() {
        let is_end = match quote {
            Some(quote) => at > 0 && character == quote && !is_escaped,
            None => (character.is_whitespace() || ";{}".contains(character)) && !is_escaped && !is_in_variable,
        };
        let opens_variable = quote.is_none() && character == '{' && before == '$';
        if is_end && !opens_variable {
            return if quote.is_some() { at + character.len_utf8() } else { at.max(1) };
        }
        is_in_variable = opens_variable || (is_in_variable && character != '}');
        is_escaped = character == '\\' && !is_escaped;
        before = character;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_directives_outside_of_blocks_are_found() {
        let text = "# upstream x;\nproxy_read_timeout 60s;\nmap $a\n    $b { default \"x;y\"; }\nset $x ${y}z;\nlocation / {\n  return 200; if (a) { set $a 1; }\n}\nlisten '8080;';";
        let found = top_directives(text);
        let names: Vec<_> = found.iter().map(|it| (it.line, it.name)).collect();
        let expected = [(2, "proxy_read_timeout"), (3, "map"), (5, "set"), (6, "location"), (9, "listen")];
        assert_eq!(names, expected);
        assert_eq!(found[2].arguments, ["$x", "${y}z"]);
        assert!(top_directives("} { ;; ü 'unclosed").is_empty());
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for text in ["", "}", "{", "\"", "\\", "$", "${", "a\\", "é{é}é;", "'a\\'b';"] {
            let _ = top_directives(text);
        }
        assert_eq!(top_directives("é x;")[0].name, "é");
    }
}

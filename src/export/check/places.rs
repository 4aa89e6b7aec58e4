//! Where Beanstalk reads files of a project, and files that lie where nothing reads them.

use super::mistake::{ProjectFile, ProjectMistake};

/// The level of nginx's configuration at which a file is included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NginxLevel {
    /// It is the whole `nginx.conf`.
    Main,
    /// In the http block.
    Http,
    /// In the server block.
    Server,
}

const HOOKS: [&str; 3] = ["prebuild", "predeploy", "postdeploy"];

/// Whether it is a configuration file of `.ebextensions`.
pub(super) fn is_extension(path: &str) -> bool {
    path.strip_prefix(".ebextensions/").is_some_and(|name| !name.contains('/') && name.ends_with(".config"))
}

/// The level of a file that nginx reads.
pub(super) fn nginx_level(path: &str) -> Option<NginxLevel> {
    let path = path.strip_prefix(".platform/nginx/")?;
    if path == "nginx.conf" {
        return Some(NginxLevel::Main);
    }
    let name = path.strip_prefix("conf.d/").filter(|name| is_conf(name))?;
    match name.strip_prefix("elasticbeanstalk/") {
        Some(name) => (!name.contains('/')).then_some(NginxLevel::Server),
        None => (!name.contains('/')).then_some(NginxLevel::Http),
    }
}

/// Whether a name ends as nginx's `*.conf` wants it, which minds case.
fn is_conf(name: &str) -> bool {
    name.strip_suffix(".conf").is_some()
}

pub(super) fn check(files: &[ProjectFile]) -> Vec<ProjectMistake> {
    let wrong = |file: &ProjectFile| Some(ProjectMistake::new(&file.path, None, why_unread(&file.path)?));
    let mut mistakes: Vec<_> = files.iter().filter_map(wrong).collect();
    let no_text = files.iter().filter(|file| file.text.is_none());
    let no_text = no_text.filter(|file| is_extension(&file.path) || nginx_level(&file.path).is_some());
    mistakes.extend(no_text.map(|file| ProjectMistake::new(&file.path, None, "this is no text in UTF-8")));
    mistakes
}

/// Why nothing reads a file, if nothing does.
fn why_unread(path: &str) -> Option<String> {
    if let Some(name) = path.strip_prefix(".ebextensions/") {
        return why_unread_extension(name);
    }
    let name = path.strip_prefix(".platform/")?;
    if name.starts_with("nginx/") {
        return (nginx_level(path).is_none()).then(|| why_unread_by_nginx(name));
    }
    if let Some(hook) = name.strip_prefix("hooks/").or_else(|| name.strip_prefix("confighooks/")) {
        let folder = hook.split_once('/').map(|(folder, _)| folder);
        let is_read = folder.is_some_and(|folder| HOOKS.contains(&folder));
        return (!is_read).then(|| format!("no hook runs this: hooks are in the folders {}", HOOKS.join(", ")));
    }
    let is_nginx = is_conf(name) && (name.starts_with("conf.d/") || !name.contains('/'));
    is_nginx.then(|| "nginx does not read this: its files are in .platform/nginx".to_owned())
}

fn why_unread_extension(name: &str) -> Option<String> {
    // Beside the configuration files a project keeps what they use, so that only a likely mistake is one.
    let is_yaml = [".yml", ".yaml", ".json", ".conf"].iter().any(|end| name.ends_with(end));
    match name.contains('/') {
        false if is_yaml => Some("Beanstalk does not read this: configuration files end in .config".into()),
        true if name.ends_with(".config") => {
            Some("Beanstalk does not read this: configuration files lie directly in .ebextensions".into())
        }
        _ => None,
    }
}

fn why_unread_by_nginx(name: &str) -> String {
    let levels = "nginx.conf, conf.d/*.conf (http level) and conf.d/elasticbeanstalk/*.conf (server level)";
    if !is_conf(name) {
        return "nginx does not read this: its files end in .conf".into();
    }
    format!("nginx does not read this: below .platform/nginx it reads {levels}")
}

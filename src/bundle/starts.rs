//! Whether Beanstalk would find something to start in a bundle: a table of platforms with what each looks for at the top.
//!
//! Sources: the Developer Guide's page of each platform. What decides it apart from the bundle (a hook that makes files, a
//! WSGI path) makes it doubtful and no more.

use super::content::Content;

/// What there is to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Startup {
    /// Something, or nothing is known of the platform.
    Found,
    /// Nothing that the platform looks for by itself, but what is there may make it; in a sentence.
    Doubtful(String),
    /// Nothing; in a sentence.
    Nothing(String),
}

/// What a platform looks for.
struct Looks {
    /// What its name has; the first row that fits counts.
    named: &'static [&'static str],
    /// For people.
    title: &'static str,
    /// One of these has to be there.
    wants: &'static [Wanted],
    /// Whether an option of the environment may name another.
    is_configurable: bool,
}

/// Something that can be started.
enum Wanted {
    /// A file of this name at the top.
    File(&'static str),
    /// A file with this ending at the top.
    Ending(&'static str),
    /// A folder of this name at the top.
    Folder(&'static str),
    /// A `package.json` with a script `start`.
    StartScript,
}

use Wanted::{Ending, File, Folder, StartScript};

const PLATFORMS: &[Looks] = &[
    looks(&["ECS", "Multi-container Docker"], "ECS", &[File("Dockerrun.aws.json")]),
    looks(
        &["Docker"],
        "Docker",
        &[File("Dockerfile"), File("docker-compose.yml"), File("docker-compose.yaml"), File("Dockerrun.aws.json")],
    ),
    looks(&["Node.js"], "Node.js", &[File("Procfile"), StartScript, File("app.js"), File("server.js")]),
    Looks {
        is_configurable: true,
        ..looks(&["Python"], "Python", &[File("Procfile"), File("application.py"), Folder("application")])
    },
    looks(&["Ruby", "Puma", "Passenger"], "Ruby", &[File("Procfile"), File("config.ru")]),
    Looks { is_configurable: true, ..looks(&["PHP"], "PHP", &[File("Procfile"), Ending(".php"), Ending(".html")]) },
    looks(
        &["Tomcat"],
        "Tomcat",
        &[File("Procfile"), Folder("WEB-INF"), Ending(".war"), Ending(".jsp"), Ending(".html")],
    ),
    looks(&["Corretto", "Java 8", "Java 7", "Java SE"], "Java SE", &[File("Procfile"), Ending(".jar")]),
    looks(
        &["running Go", "/Go "],
        "Go",
        &[File("Procfile"), File("application"), File("application.go"), File("bin/application")],
    ),
    looks(
        &[".NET Core", ".NET 6", ".NET 8", ".NET 9", ".NET 10"],
        ".NET on Linux",
        &[File("Procfile"), Ending(".runtimeconfig.json"), Ending(".dll")],
    ),
];

const fn looks(named: &'static [&'static str], title: &'static str, wants: &'static [Wanted]) -> Looks {
    Looks { named, title, wants, is_configurable: false }
}

impl Wanted {
    fn is_in(&self, content: &Content, below: &str) -> bool {
        let mut names = content.names.iter().filter_map(|name| name.strip_prefix(below));
        match self {
            File(wanted) => names.any(|name| name == *wanted),
            Ending(ending) => names.any(|name| !name.contains('/') && name.ends_with(ending)),
            Folder(folder) => names.any(|name| name.split_once('/').is_some_and(|(first, _)| first == *folder)),
            // Of a folder below the top only the name is known.
            StartScript if !below.is_empty() => names.any(|name| name == "package.json"),
            StartScript => content.package_json.as_deref().is_some_and(has_start_script),
        }
    }

    fn describe(&self) -> String {
        match self {
            File(name) => (*name).to_owned(),
            Ending(ending) => format!("a file *{ending}"),
            Folder(folder) => format!("a folder {folder}"),
            StartScript => "package.json with a script start".to_owned(),
        }
    }
}

fn has_start_script(package: &str) -> bool {
    let package: Option<serde_json::Value> = serde_json::from_str(package).ok();
    package.is_some_and(|package| package["scripts"]["start"].is_string())
}

/// Returns whether the environment's platform, by its name or ARN, would find something to start.
#[must_use]
pub fn startup(platform: Option<&str>, content: &Content) -> Startup {
    let fits = |looks: &&Looks| platform.is_some_and(|platform| looks.named.iter().any(|name| platform.contains(name)));
    let Some(looks) = PLATFORMS.iter().find(fits) else { return Startup::Found };
    let finds = |below: &str| looks.wants.iter().any(|wanted| wanted.is_in(content, below));
    if finds("") {
        return Startup::Found;
    }
    let wanted: Vec<_> = looks.wants.iter().map(Wanted::describe).collect();
    let missing = format!("{} looks for {} at the top of the bundle", looks.title, listed(&wanted));
    if let Some(folder) = only_folder(content).filter(|folder| finds(&format!("{folder}/"))) {
        let why = format!("{missing}, and all is in the folder {folder}: pack what is in that folder, not the folder");
        return Startup::Nothing(why);
    }
    let may_make = |name: &&String| {
        name.starts_with(".ebextensions/") || name.starts_with(".platform/hooks/") || *name == "Buildfile"
    };
    match content.names.iter().find(may_make) {
        Some(name) => Startup::Doubtful(format!("{missing}, and none is there, unless {name} makes one")),
        None if looks.is_configurable => Startup::Doubtful(format!(
            "{missing}, and none is there, unless an option of the environment names another"
        )),
        None => Startup::Nothing(format!("{missing}, and none is there")),
    }
}

/// The folder that everything is in.
fn only_folder(content: &Content) -> Option<&str> {
    let (folder, _) = content.names.first()?.split_once('/')?;
    let is_in = |name: &String| name.split_once('/').is_some_and(|(first, _)| first == folder);
    content.names.iter().all(is_in).then_some(folder)
}

fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [others @ .., last] => format!("{} or {last}", others.join(", ")),
    }
}

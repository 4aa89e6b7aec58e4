//! Bundles in folders of their own: what is packed, what is refused, and what would be started.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// A zip with these entries.
fn zipped(files: &[(&str, &str)]) -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("app.zip");
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    (folder, path)
}

fn content(path: &str) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(File::open(path).unwrap()).unwrap();
    (0..archive.len())
        .map(|place| {
            let mut entry = archive.by_index(place).unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            (entry.name().unwrap().into_owned(), text)
        })
        .collect()
}

#[test]
fn a_folder_is_packed_without_what_it_ignores_and_the_same_twice() {
    let app = folder(&[
        ("server.js", "listen()"),
        ("server.js~", "old"),
        (".gitignore", "node_modules/\n*.log\n"),
        (".git/HEAD", "ref"),
        (".elasticbeanstalk/config.yml", "branch"),
        (".ebextensions/a.config", "option_settings:"),
        ("node_modules/ws/index.js", "ws"),
        ("lib/b.js", "b"),
        ("lib/debug.log", "log"),
    ]);
    let bundle = Bundle::open(app.path()).unwrap();
    assert_eq!(bundle.content.names, [".ebextensions/a.config", ".gitignore", "lib/b.js", "server.js"]);
    assert_eq!(content(&bundle.file.path)[3], ("server.js".to_owned(), "listen()".to_owned()));
    assert_eq!((bundle.file.sha256.len(), bundle.file.bytes), (64, fs::metadata(&*bundle.file.path).unwrap().len()));
    let again = Bundle::open(app.path()).unwrap();
    assert_eq!(bundle.file.sha256, again.file.sha256, "the same content is the same bundle");
    fs::write(app.path().join("lib/b.js"), "c").unwrap();
    assert_ne!(Bundle::open(app.path()).unwrap().file.sha256, again.file.sha256);
    let path = bundle.file.path.clone();
    drop(bundle);
    assert!(!Path::new(&*path).exists(), "what was packed is deleted");
    // With an `.ebignore` that alone counts, and what is built but not committed can be sent.
    fs::write(app.path().join(".ebignore"), "lib/\n").unwrap();
    let names = Bundle::open(app.path()).unwrap().content.names;
    assert_eq!(names, [".ebextensions/a.config", ".gitignore", "node_modules/ws/index.js", "server.js"]);
}

#[cfg(unix)]
#[test]
fn programs_stay_programs_and_links_stay_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let app = folder(&[("Procfile", "web: bin/run"), ("bin/run", "#!/bin/sh")]);
    fs::set_permissions(app.path().join("bin/run"), fs::Permissions::from_mode(0o711)).unwrap();
    symlink("run", app.path().join("bin/start")).unwrap();
    symlink("/etc/nowhere", app.path().join("conf")).unwrap();
    let bundle = Bundle::open(app.path()).unwrap();
    let mut archive = ZipArchive::new(File::open(&*bundle.file.path).unwrap()).unwrap();
    let mut mode = |name: &str| archive.by_name(name).unwrap().unix_mode().unwrap();
    assert_eq!([mode("Procfile"), mode("bin/run")].map(|mode| mode & 0o777), [0o644, 0o755]);
    assert_eq!([mode("bin/start"), mode("conf")].map(|mode| mode & 0o170_000), [0o120_000; 2]);
    assert_eq!(bundle.remarks, ["the link conf leads to /etc/nowhere, which may not be there on the instances"]);
}

#[test]
fn what_is_no_bundle_is_refused_with_the_reason() {
    let why = |path: &Path| Bundle::open(path).unwrap_err().to_string();
    let files = folder(&[("app.zip", "this is no zip"), ("empty/.gitignore/x", "")]);
    assert!(why(&files.path().join("app.zip")).contains("is no zip that can be read"), "text");
    assert!(why(&files.path().join("gone.zip")).contains("cannot be read"), "gone");
    let empty = folder(&[]);
    assert!(why(empty.path()).ends_with("has no file in it"));
    let (_folder, path) = zipped(&[]);
    assert!(why(&path).ends_with("has no file in it"));
    let whole = fs::read(&path).unwrap();
    let (_kept, path) = zipped(&[("server.js", "listen()"), ("lib/b.js", "b")]);
    let cut = fs::read(&path).unwrap();
    fs::write(&path, &cut[..cut.len() / 2]).unwrap();
    assert!(why(&path).contains("is no zip that can be read"), "cut, of {} bytes", whole.len());
    for name in ["../etc/passwd", "/etc/passwd", "a\\..\\b"] {
        let (_folder, path) = zipped(&[(name, "x")]);
        assert!(why(&path).contains("leads out of the folder"), "{name}: {}", why(&path));
    }
    let large = folder(&[]);
    let path = large.path().join("large.zip");
    // Its size is enough: it is not read.
    File::create(&path).unwrap().set_len(MOST_OF_BUNDLE + (2 << 20)).unwrap();
    assert!(why(&path).ends_with("has 502 MB: Beanstalk takes bundles of up to 500 MB"), "{}", why(&path));
}

#[test]
fn what_would_not_be_started_is_known_for_each_platform() {
    const NODE: &str = "64bit Amazon Linux 2023 v6.6.2 running Node.js 20";
    let of = |platform: &str, names: &[&str], package: Option<&str>| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        startup(Some(platform), &Content { names, package_json: package.map(str::to_owned) })
    };
    let starts = r#"{"scripts":{"start":"node main.js"}}"#;
    for (platform, names, package) in [
        (NODE, &["package.json", "main.js"][..], Some(starts)),
        (NODE, &["app.js"], None),
        (NODE, &["Procfile"], None),
        ("64bit Amazon Linux 2023 v4.3.0 running Docker", &["Dockerfile", "app.js"], None),
        ("64bit Amazon Linux 2023 v4.0.0 running ECS", &["Dockerrun.aws.json"], None),
        (
            "arn:aws:elasticbeanstalk:eu-west-1::platform/Go 1 running on 64bit Amazon Linux 2023/4.1.0",
            &["application.go"],
            None,
        ),
        ("64bit Amazon Linux 2023 v5.1.0 running Tomcat 9 Corretto 11", &["WEB-INF/web.xml"], None),
        ("64bit Amazon Linux 2023 v4.1.0 running Corretto 21", &["app.jar"], None),
        ("64bit Amazon Linux 2023 v3.1.0 running .NET 8", &["site.runtimeconfig.json"], None),
        ("64bit Amazon Linux 2023 v4.0.0 running Ruby 3.2", &["config.ru"], None),
        ("64bit Amazon Linux 2023 v4.0.0 running Python 3.12", &["application/__init__.py"], None),
        ("64bit Amazon Linux 2023 v4.0.0 running PHP 8.3", &["index.php"], None),
        // Of these nothing is claimed.
        ("64bit Windows Server 2022 v2.15.0 running IIS 10.0", &["a.txt"], None),
        ("a platform of one's own", &["a.txt"], None),
    ] {
        assert_eq!(of(platform, names, package), Startup::Found, "{platform} {names:?}");
    }
    let nothing = "Node.js looks for Procfile, package.json with a script start, app.js or server.js at the top of the \
                   bundle";
    let no = |why: &str| Startup::Nothing(format!("{nothing}{why}"));
    assert_eq!(of(NODE, &["package.json", "main.js"], Some("{}")), no(", and none is there"));
    assert_eq!(of(NODE, &["package.json"], Some("no JSON")), no(", and none is there"));
    assert_eq!(
        of(NODE, &["shop/package.json", "shop/main.js"], None),
        no(", and all is in the folder shop: pack what is in that folder, not the folder")
    );
    let doubtful = format!("{nothing}, and none is there, unless .platform/hooks/prebuild/a.sh makes one");
    assert_eq!(of(NODE, &["main.js", ".platform/hooks/prebuild/a.sh"], None), Startup::Doubtful(doubtful));
    let python = of("64bit Amazon Linux 2023 v4.0.0 running Python 3.12", &["wsgi.py"], None);
    assert!(matches!(&python, Startup::Doubtful(why) if why.contains("an option of the environment")), "{python:?}");
}

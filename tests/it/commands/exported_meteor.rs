//! The recipe `meteor` at work: its script with a stub of Meteor that makes a bundle of the real shape, the modules installed
//! as Beanstalk does, and the server started as the Procfile says.
//!
//! It needs Node.js, npm and zip; without them the test says that it did nothing.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::run::Region;

const REGION: &str = scenario!("an environment", application!("shop", "v1"), environment!("web"));
const PATHS: &str = "/usr/local/bin:/usr/bin:/bin";

/// `meteor npm ...` runs npm, and `meteor build FOLDER ...` makes what Meteor makes: `main.js` goes to `programs/server`.
const METEOR: &str = r#"#!/bin/sh
set -eu
if [ "$1" = npm ]; then shift; exec npm "$@"; fi
[ "$1" = build ]
bundle=$2/bundle
mkdir -p "$bundle/programs/server/npm/node_modules/kept" "$bundle/programs/web.browser" "$bundle/server"
cat > "$bundle/main.js" <<'END'
process.chdir(require('path').join(__dirname, 'programs', 'server'));
require('./programs/server/boot.js');
END
cat > "$bundle/programs/server/boot.js" <<'END'
const server = require('http').createServer((_, answer) => answer.end('ok'));
server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  const settings = JSON.parse(process.env.METEOR_SETTINGS || 'null');
  console.log(JSON.stringify({ settings, root: process.env.ROOT_URL, port: server.address().port }));
});
END
echo '{"name": "meteor-dev-bundle", "version": "0.0.0", "dependencies": {}}' > "$bundle/programs/server/package.json"
echo 'module.exports = 1' > "$bundle/programs/server/npm/node_modules/kept/index.js"
echo '{}' > "$bundle/star.json"
"#;

fn put(path: &Path, text: &str, mode: u32) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn has(program: &str) -> bool {
    PATHS.split(':').any(|folder| Path::new(folder).join(program).exists())
}

fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let both = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success(), "{command:?}: {both}");
    both
}

#[test]
fn the_bundle_that_deploy_sh_makes_starts_with_its_settings() {
    if !["node", "npm", "zip", "python3"].iter().all(|program| has(program)) {
        eprintln!("Node.js, npm, zip or Python is not here: nothing was tested");
        return;
    }
    let (project, tools, home) = (TempDir::new().unwrap(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let region = Region::written(REGION);
    let ran = region.run(["export", "web", "--dir", project.path().to_str().unwrap(), "--recipe", "meteor,websocket"]);
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    put(&tools.path().join("meteor"), METEOR, 0o755);
    put(&project.path().join("package.json"), r#"{"name": "app", "version": "1.0.0"}"#, 0o644);
    let lock = r#"{"name": "app", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "app", "version": "1.0.0"}}}"#;
    put(&project.path().join("package-lock.json"), lock, 0o644);
    let long = "x".repeat(6000);
    let settings = format!(r#"{{"public": {{"quote": "it's \"here\""}}, "long": "{long}"}}"#);
    put(&project.path().join("settings.json"), &settings, 0o644);
    let path = format!("{}:{PATHS}", tools.path().display());
    let mut deploy = Command::new(project.path().join("deploy.sh"));
    deploy.arg("--build-only").env_clear().env("PATH", &path).env("HOME", home.path()).env("LABEL", "v1");
    let said = run(&mut deploy);
    assert!(said.contains("built "), "{said}");

    // As Beanstalk does on an instance: unpack, install, start.
    let instance = TempDir::new().unwrap();
    let zip = project.path().join("v1.zip");
    run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(&zip).arg(instance.path()));
    for file in [
        "main.js",
        "Procfile",
        "package.json",
        "settings.json",
        "settings-preload.js",
        "programs/server/package.json",
        "programs/server/npm/node_modules/kept/index.js",
        ".platform/nginx/nginx.conf",
        ".platform/nginx/conf.d/websocket.conf",
        ".ebextensions/20-processes.config",
    ] {
        assert!(instance.path().join(file).exists(), "{file} is not in the bundle");
    }
    let mut install = Command::new("npm");
    install.args(["install", "--omit=dev", "--offline", "--no-audit", "--no-fund"]).current_dir(instance.path());
    run(install.env_clear().env("PATH", &path).env("HOME", home.path()));
    let procfile = fs::read_to_string(instance.path().join("Procfile")).unwrap();
    let start = procfile.trim().strip_prefix("web: ").unwrap();
    let mut server = Command::new("sh");
    server.args(["-c", &format!("exec {start}")]).current_dir(instance.path()).env_clear().env("PATH", &path);
    server.env("PORT", "0").env("ROOT_URL", "https://chat.example").stdout(Stdio::piped()).stdin(Stdio::null());
    let mut server = server.spawn().unwrap();
    let mut line = String::new();
    let read = BufReader::new(server.stdout.take().unwrap()).read_line(&mut line);
    let _ = server.kill();
    let _ = server.wait();
    read.unwrap();
    let started: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert_eq!(started["settings"], serde_json::from_str::<Value>(&settings).unwrap());
    assert_eq!(started["root"], "https://chat.example");
}

//! nginx itself reads what `export` writes, in Beanstalk's own layout: what is at the wrong level it refuses.
//!
//! It needs nginx on the machine; `.ci/run` installs it, and without it the tests say that they did nothing.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use super::run::Region;

const REGION: &str = scenario!("an environment", application!("shop", "v1"), environment!("web"));

/// Beanstalk's `nginx.conf` on Amazon Linux 2 and 2023, as far as a file beside it can meet it.
const NGINX_CONF: &str = r#"
user  nginx;
error_log  /var/log/nginx/error.log warn;
pid  /var/run/nginx.pid;
worker_processes  auto;
worker_rlimit_nofile  32137;
events { worker_connections  1024; }
http {
    include  /etc/nginx/mime.types;
    default_type  application/octet-stream;
    log_format  main  '$remote_addr "$request" $status';
    include  conf.d/*.conf;
    map $http_upgrade $connection_upgrade { default "upgrade"; }
    server {
        listen  80 default_server;
        access_log  /var/log/nginx/access.log main;
        client_header_timeout 60;
        client_body_timeout 60;
        keepalive_timeout 60;
        gzip off;
        include conf.d/elasticbeanstalk/*.conf;
    }
}
"#;

/// What Beanstalk generates for an application.
const APPLICATION: &str = r"
location / {
    proxy_pass  http://127.0.0.1:8080;
    proxy_http_version  1.1;
    proxy_set_header  Connection $connection_upgrade;
    proxy_set_header  Upgrade $http_upgrade;
    proxy_set_header  Host $host;
    proxy_set_header  X-Real-IP $remote_addr;
    proxy_set_header  X-Forwarded-For $proxy_add_x_forwarded_for;
}
";
const HEALTH_FORMAT: &str =
    r#"log_format healthd '$msec"$uri"$status"$request_time"$upstream_response_time"$http_x_forwarded_for';"#;
const HEALTH_LOG: &str = r#"
if ($time_iso8601 ~ "^(\d{4})-(\d{2})-(\d{2})T(\d{2})") { set $hour $4; }
access_log  /var/log/nginx/application.log.$hour healthd;
"#;

/// A folder laid out as `/etc/nginx` is on an instance, with a project's files over it.
fn laid_out(project: &Path) -> TempDir {
    let root = TempDir::new().unwrap();
    let put = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("nginx.conf", NGINX_CONF);
    put("conf.d/healthd_logformat.conf", HEALTH_FORMAT);
    put("conf.d/elasticbeanstalk/00_application.conf", APPLICATION);
    put("conf.d/elasticbeanstalk/healthd.conf", HEALTH_LOG);
    put("log/kept", "");
    copy(&project.join(".platform/nginx"), root.path());
    // What belongs to the machine: its user, its port, where logs go.
    let conf = fs::read_to_string(root.path().join("nginx.conf")).unwrap();
    let conf = conf.replace("/var/run/nginx.pid", root.path().join("pid").to_str().unwrap());
    let lines = conf.lines().filter(|line| !line.trim_start().starts_with("user "));
    fs::write(
        root.path().join("nginx.conf"),
        lines.collect::<Vec<_>>().join("\n").replace("  80 default", "  127.0.0.1:18080 default"),
    )
    .unwrap();
    for path in ["nginx.conf", "conf.d/elasticbeanstalk/healthd.conf"] {
        let text = fs::read_to_string(root.path().join(path)).unwrap();
        fs::write(root.path().join(path), text.replace("/var/log/nginx", root.path().join("log").to_str().unwrap()))
            .unwrap();
    }
    root
}

fn copy(from: &Path, to: &Path) {
    let Ok(entries) = fs::read_dir(from) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// What `nginx -t` (or `-T`) says of a layout; `None` without nginx.
fn nginx(root: &Path, flag: &str) -> Option<Output> {
    let conf = root.join("nginx.conf");
    let mut command = Command::new("nginx");
    command.arg(flag).arg("-c").arg(&conf).arg("-p").arg(root).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    match command.output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => panic!("{error}"),
    }
}

fn refusal(output: &Output) -> Option<String> {
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn nginx_accepts_every_file_in_beanstalks_layout() {
    let region = Region::written(REGION);
    for recipes in ["websocket", "worker-connections", "websocket,worker-connections"] {
        let project = TempDir::new().unwrap();
        let folder = project.path().to_str().unwrap();
        let ran = region.run(["export", "web", "--dir", folder, "--recipe", recipes]);
        assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
        let root = laid_out(project.path());
        let Some(output) = nginx(root.path(), "-T") else {
            eprintln!("there is no nginx here: nothing was tested");
            return;
        };
        assert_eq!(refusal(&output), None, "{recipes}");
        let whole = String::from_utf8(output.stdout).unwrap();
        if recipes.starts_with("websocket") {
            assert!(whole.contains("proxy_read_timeout 360s;"), "{whole}");
            assert!(whole.contains("keepalive_timeout  360;"), "{whole}");
        }
        if recipes.ends_with("worker-connections") {
            assert!(whole.contains("worker_connections  16384;"), "{whole}");
        }
        assert!(whole.contains("proxy_pass  http://127.0.0.1:8080;"), "Beanstalk's own location is still read");
    }
}

/// Why the recipe replaces all of nginx.conf: at any other level the keep-alive is refused, or has no effect.
#[test]
fn a_second_keep_alive_in_the_server_block_is_refused_by_nginx() {
    for (path, expected) in [
        ("conf.d/elasticbeanstalk/keep-alive.conf", Some("\"keepalive_timeout\" directive is duplicate")),
        ("conf.d/keep-alive.conf", None),
    ] {
        let project = TempDir::new().unwrap();
        let file = project.path().join(".platform/nginx").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "keepalive_timeout 360;\n").unwrap();
        let root = laid_out(project.path());
        let Some(output) = nginx(root.path(), "-t") else {
            eprintln!("there is no nginx here: nothing was tested");
            return;
        };
        let refusal = refusal(&output);
        match expected {
            Some(words) => assert!(refusal.as_ref().is_some_and(|it| it.contains(words)), "{path}: {refusal:?}"),
            None => assert_eq!(refusal, None, "{path}"),
        }
    }
}

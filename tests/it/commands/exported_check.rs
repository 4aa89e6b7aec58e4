//! `export --check` on folders with a planted mistake each, and `export` in its other formats.

use std::fs;

use saphyr::{LoadableYamlNode, Yaml};
use serde_json::json;
use tempfile::TempDir;

use super::run::{Ran, Region, assert_fields, beanpole, run};

/// Projects: their files, and the line that names the mistake.
const PROJECTS: &[(&[(&str, &str)], &str)] = &[
    (
        &[(".ebextensions/a.config", "option_settings:\n  aws:elbv2:loadbalancer:\n    IdleTimeOut: 300\n")],
        ".ebextensions/a.config:3: there is no option `IdleTimeOut` in aws:elbv2:loadbalancer, did you mean `IdleTimeout`?",
    ),
    (
        &[(".ebextensions/a.config", "option_settings:\n  aws:elbv2:listenerrules:chat:\n    Priority: 1\n")],
        ".ebextensions/a.config:3: there is no namespace `aws:elbv2:listenerrules:chat`",
    ),
    (
        &[(
            ".ebextensions/a.config",
            "option_settings:\n  aws:elasticbeanstalk:environment:process:default:\n    StickinessLBCookieDuration: 0\n",
        )],
        ".ebextensions/a.config:3: StickinessLBCookieDuration cannot be `0`: 1 to 604800",
    ),
    (
        &[(".ebextensions/a.config", "option_setting:\n  aws:elbv2:loadbalancer:\n    IdleTimeout: 300\n")],
        ".ebextensions/a.config:1: there is no section `option_setting`, did you mean `option_settings`?",
    ),
    (&[(".ebextensions/a.config", "option_settings:\n\tx: 1\n")], ".ebextensions/a.config:2: this is not YAML"),
    (
        &[
            (
                ".ebextensions/a.config",
                "option_settings:\n  aws:elbv2:listener:443:\n    Protocol: HTTPS\n    Rules: chat\n    SSLCertificateArns: arn:aws:acm:eu-west-1:1:certificate/a\n",
            ),
            (
                ".ebextensions/b.config",
                "option_settings:\n  aws:elbv2:listenerrule:chats:\n    PathPatterns: /chat/*\n",
            ),
        ],
        ".ebextensions/a.config:4: there is no rule `chat`, did you mean `chats`?",
    ),
    (
        &[(".platform/nginx/websocket.conf", "proxy_read_timeout 3600s;\n")],
        ".platform/nginx/websocket.conf: nginx does not read this",
    ),
    (
        &[(".platform/nginx/conf.d/elasticbeanstalk/a.conf", "client_max_body_size 20m;\nkeepalive_timeout 300s;\n")],
        ".platform/nginx/conf.d/elasticbeanstalk/a.conf:2: `keepalive_timeout` is refused as a duplicate",
    ),
    (
        &[(
            ".ebextensions/nginx.config",
            "files:\n  \"/etc/nginx/conf.d/websocket.conf\":\n    content: |\n      proxy_read_timeout 3600s;\n",
        )],
        ".ebextensions/nginx.config:2: `/etc/nginx/conf.d/websocket.conf`: Amazon Linux 2 and later ignore or overwrite this",
    ),
    (
        &[(
            ".platform/nginx/nginx.conf",
            "events {}\nhttp {\n  server {\n    listen 80;\n    include conf.d/elasticbeanstalk/*.conf;\n  }\n}\n",
        )],
        ".platform/nginx/nginx.conf: Beanstalk's locations use $connection_upgrade, which it does not define",
    ),
];

fn check(folder: &TempDir, more: &[&str]) -> Ran {
    let mut command = beanpole();
    command.args(["export", "--check", folder.path().to_str().unwrap()]).args(more);
    run(command)
}

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn each_planted_mistake_is_named() {
    assert_eq!(PROJECTS.len(), 10);
    for (files, expected) in PROJECTS {
        let folder = project(files);
        let ran = check(&folder, &[]);
        assert_eq!(ran.status, Some(1), "{expected}: {}{}", ran.out, ran.err);
        assert!(ran.out.lines().any(|line| line.starts_with(expected)), "{expected}: {}", ran.out);
        let answer = check(&folder, &["-o", "json"]).json();
        assert_fields(&answer, &["items", "errors"]);
        assert_fields(&answer["items"][0], &["path", "line", "message"]);
    }
}

#[test]
fn what_export_writes_has_no_mistakes() {
    let region = Region::new("shop");
    for recipes in [&["--all"][..], &["--recipe", "websocket,worker-connections,alarms,https-redirect,meteor"]] {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_str().unwrap();
        let ran = region.run(["export", "shop-chat-prod", "--dir", path].iter().chain(recipes));
        assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
        let checked = check(&folder, &[]);
        assert_eq!(checked.status, Some(0), "{}{}", checked.out, checked.err);
        assert!(checked.out.starts_with("No mistakes in "), "{}", checked.out);
    }
}

#[test]
fn a_folder_and_what_to_do_with_it_are_needed() {
    let folder = project(&[]);
    let path = folder.path().to_str().unwrap();
    let missing = folder.path().join("missing");
    for arguments in [
        &["export"][..],
        &["export", "web"],
        &["export", "--dir", path],
        &["export", "web", "--dir", path, "--check", path],
        &["export", "--check", path, "--force"],
        &["export", "--check", missing.to_str().unwrap()],
    ] {
        let mut command = beanpole();
        command.args(arguments);
        let ran = run(command);
        assert_eq!(ran.status, Some(2), "{arguments:?}: {}{}", ran.out, ran.err);
    }
    assert_eq!(check(&folder, &["-o", "json"]).json(), json!({"items": [], "errors": []}));
}

#[test]
fn terraform_and_cloudformation_have_the_options_and_mask_nothing() {
    let region = Region::new("shop");
    let export = |format: &str| {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_str().unwrap().to_owned();
        let ran = region.run(["export", "shop-chat-prod", "--dir", &path, "--format", format, "-o", "json"]);
        assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
        let answer = ran.json();
        assert_eq!(answer["masked"], json!([]));
        fs::read_to_string(folder.path().join(answer["files"][0]["path"].as_str().unwrap())).unwrap()
    };
    let template = export("cloudformation");
    let documents = Yaml::load_from_str(&template).unwrap();
    let path = ["Resources", "Environment", "Properties", "OptionSettings"];
    let settings = path.iter().fold(&documents[0], |node, key| node.as_mapping_get(key).unwrap());
    let settings = settings.as_vec().unwrap();
    let terraform = export("terraform");
    assert!(settings.len() > 3 && terraform.contains("locals {"), "{template}");
    for setting in settings {
        let field = |name: &str| setting.as_mapping_get(name).unwrap().as_str().unwrap().to_owned();
        let (namespace, name, value) = (field("Namespace"), field("OptionName"), field("Value"));
        let line = format!("{{ namespace = \"{namespace}\", name = \"{name}\", value = \"{value}\" }},");
        assert!(terraform.contains(&line), "{line} in {terraform}");
    }
}

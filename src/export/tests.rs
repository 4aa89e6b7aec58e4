//! Exports of an environment that a test writes down: what is in the files, what masks them, and what never is in them.

use saphyr::{LoadableYamlNode, Yaml};

use super::table::{OptionGroup, PROPERTIES_NAMESPACE};
use super::*;
use crate::change::tests::stage::{PROCESS, Stage};

const BALANCER: &str = "aws:elbv2:loadbalancer";
const LATER: &str = "64bit Amazon Linux 2023 v6.6.2 running Node.js 20";
const FIRST: &str = "64bit Amazon Linux 2018.03 v4.17.10 running Node.js";

fn stage(platform: &str) -> Stage {
    let mut stage = Stage::new();
    stage.environment.platform = Some(platform.into());
    stage
}

fn exported(stage: &Stage, recipes: &[Recipe]) -> Export {
    let request = ExportRequest { recipes: recipes.to_vec(), ..ExportRequest::default() };
    stage.with(|basis| export(basis, &request)).unwrap().unwrap()
}

fn file<'a>(export: &'a Export, path: &str) -> &'a str {
    let found = export.files.iter().find(|file| file.path == path);
    &found.unwrap_or_else(|| panic!("no {path} in {:?}", export.files)).text
}

/// The option settings of all `.ebextensions`, read as Beanstalk reads them.
fn read(export: &Export) -> Vec<(String, String, String)> {
    let files = export.files.iter().filter(|file| file.path.starts_with(".ebextensions/"));
    let mut read = Vec::new();
    for file in files {
        let documents = Yaml::load_from_str(&file.text).unwrap();
        let [document] = documents.as_slice() else { panic!("one document: {}", file.text) };
        let Some(settings) = document.as_mapping_get("option_settings") else { continue };
        for (namespace, options) in settings.as_mapping().unwrap() {
            for (name, value) in options.as_mapping().unwrap() {
                let text = |it: &Yaml<'_>| it.as_str().expect("a text").to_owned();
                read.push((text(namespace), text(name), text(value)));
            }
        }
    }
    read
}

fn value(export: &Export, namespace: &str, name: &str) -> Option<String> {
    read(export).into_iter().find(|it| it.0 == namespace && it.1 == name).map(|it| it.2)
}

#[test]
fn what_has_its_default_is_written_only_with_all() {
    let stage = stage(LATER);
    let differing = exported(&stage, &[]);
    assert_eq!(read(&differing), [(PROCESS.into(), "StickinessEnabled".into(), "true".into())]);
    let request = ExportRequest { all: true, ..ExportRequest::default() };
    let all = stage.with(|basis| export(basis, &request)).unwrap().unwrap();
    assert_eq!(value(&all, BALANCER, "IdleTimeout").as_deref(), Some("60"));
    assert_eq!(value(&all, PROCESS, "HealthCheckInterval").as_deref(), Some("15"));
    assert_eq!(read(&all).len(), 12 + 2, "every option of the process, and of the load balancer those with a default");
}

#[test]
fn a_live_value_goes_before_its_option_and_masks_are_named() {
    let mut stage = stage(LATER)
        .live("deregistration_delay.timeout_seconds", "120")
        .live("stickiness.lb_cookie.duration_seconds", "3600")
        .option(PROCESS, "HealthCheckPath", Some("/healthz"));
    stage.health_check.path = Some("/healthz".into());
    stage.balancer_attributes.retain(|(key, _)| *key != "idle_timeout.timeout_seconds");
    stage.balancer_attributes.push(("idle_timeout.timeout_seconds", "300"));
    let export = exported(&stage, &[]);
    for (namespace, name, expected) in [
        (PROCESS, "DeregistrationDelay", "120"),
        (PROCESS, "StickinessLBCookieDuration", "3600"),
        (PROCESS, "HealthCheckPath", "/healthz"),
        (BALANCER, "IdleTimeout", "300"),
    ] {
        assert_eq!(value(&export, namespace, name).as_deref(), Some(expected), "{name}");
    }
    // The delay has its default and the idle timeout is unset: neither is known to be set through the API.
    let masked = [format!("{PROCESS}/HealthCheckPath"), format!("{PROCESS}/StickinessEnabled")];
    assert_eq!(export.masked, masked);
}

#[test]
fn a_live_value_beyond_the_options_range_is_a_note() {
    let mut stage = stage(LATER);
    stage.balancer_attributes.retain(|(key, _)| *key != "idle_timeout.timeout_seconds");
    stage.balancer_attributes.push(("idle_timeout.timeout_seconds", "4000"));
    let stage = stage.live("slow_start.duration_seconds", "30");
    let export = exported(&stage, &[]);
    assert_eq!(value(&export, BALANCER, "IdleTimeout"), None);
    let has = |part: &str| export.notes.iter().any(|note| note.contains(part));
    assert!(has("live 4000") && has("slow_start.duration_seconds"), "{:?}", export.notes);
}

#[test]
fn no_value_of_an_environment_property_is_in_any_file() {
    let mut stage = stage(LATER).option(BALANCER, "IdleTimeout", Some("120"));
    stage.options.push((PROPERTIES_NAMESPACE, "IdleTimeout", Some("CANARY-one")));
    stage.options.push((PROPERTIES_NAMESPACE, "METEOR_SETTINGS", Some("CANARY-two")));
    stage.options.push(("aws:elasticbeanstalk:application:environmentsecrets", "KEY", Some("CANARY-three")));
    stage.options.push(("aws:cloudformation:template:parameter", "EnvironmentVariables", Some("A=CANARY-four")));
    let recipes: Vec<_> = RECIPES.iter().map(|(recipe, ..)| *recipe).collect();
    let formats = [ExportFormat::Ebextensions, ExportFormat::Terraform, ExportFormat::CloudFormation];
    for (all, format) in [false, true].into_iter().flat_map(|all| formats.map(|format| (all, format))) {
        let request = ExportRequest { all, recipes: recipes.clone(), format };
        let export = stage.with(|basis| export(basis, &request)).unwrap().unwrap();
        assert!(!format!("{export:?}").contains("CANARY"), "{export:?}");
        assert!(!export.files.is_empty());
    }
}

#[test]
fn any_value_is_read_back_as_the_same_text() {
    for text in ["true", "1e3", "a: b # c", "\"", "\\", "it's", "{x}", "- y", "ü \u{1f600}", "a\nb\tc", "*", "", "0x1f"]
    {
        let option = |name| ExportedOption {
            group: OptionGroup::LoadBalancer,
            namespace: format!("aws: {text}"),
            name,
            value: text.to_owned(),
        };
        let files = ebextensions::files(&[option("One"), option("Two words")], "a\nheader");
        let export = Export { files, ..Export::default() };
        let (namespace, value) = (format!("aws: {text}"), text.to_owned());
        let expected = ["One", "Two words"].map(|name| (namespace.clone(), name.to_owned(), value.clone()));
        assert_eq!(read(&export), expected);
    }
}

#[test]
fn websocket_puts_nginx_above_the_load_balancer() {
    for (live, idle) in [("60", "300"), ("900", "900"), ("3600", "3600")] {
        let mut stage = stage(LATER).live("stickiness.enabled", "false");
        stage.balancer_attributes.retain(|(key, _)| *key != "idle_timeout.timeout_seconds");
        stage.balancer_attributes.push(("idle_timeout.timeout_seconds", live));
        let export = exported(&stage, &[Recipe::Websocket]);
        assert_eq!(value(&export, BALANCER, "IdleTimeout").as_deref(), Some(idle));
        assert_eq!(value(&export, PROCESS, "StickinessEnabled").as_deref(), Some("true"));
        let patience = idle.parse::<u32>().unwrap() + 60;
        let limits = file(&export, ".platform/nginx/conf.d/websocket.conf");
        assert!(limits.contains(&format!("proxy_read_timeout {patience}s;")), "{limits}");
        let whole = file(&export, ".platform/nginx/nginx.conf");
        assert!(whole.contains(&format!("keepalive_timeout  {patience};")), "{whole}");
        assert!(
            whole.contains("include  conf.d/*.conf;") && whole.contains("include  conf.d/elasticbeanstalk/*.conf;")
        );
        assert!(whole.contains("worker_connections  1024;"));
    }
}

#[test]
fn two_recipes_share_one_nginx_conf() {
    let export = exported(&stage(LATER), &[Recipe::Websocket, Recipe::WorkerConnections]);
    let whole = file(&export, ".platform/nginx/nginx.conf");
    assert!(whole.contains("worker_connections  16384;") && whole.contains("worker_rlimit_nofile  32768;"));
    assert!(whole.contains("keepalive_timeout  360;"));
    assert_eq!(export.files.iter().filter(|file| file.path.ends_with("nginx.conf")).count(), 1);
}

#[test]
fn the_platform_decides_which_files_websocket_has() {
    let old = exported(&stage(FIRST), &[Recipe::Websocket]);
    let paths: Vec<_> = old.files.iter().map(|file| &*file.path).collect();
    assert!(paths.contains(&".ebextensions/50-websocket-amazon-linux-1.config"), "{paths:?}");
    assert!(!paths.iter().any(|path| path.starts_with(".platform")), "{paths:?}");
    assert!(file(&old, ".ebextensions/50-websocket-amazon-linux-1.config").contains("OLD"));
    for (server, words) in [("none", "no proxy"), ("apache", "Apache httpd")] {
        let proxy = ("aws:elasticbeanstalk:environment:proxy", "ProxyServer", Some(server));
        let mut stage = stage(LATER);
        stage.options.push(proxy);
        let export = exported(&stage, &[Recipe::Websocket]);
        assert!(!export.files.iter().any(|file| file.path.contains("nginx")), "{:?}", export.files);
        assert!(export.notes.iter().any(|note| note.contains(words)), "{:?}", export.notes);
        let request = ExportRequest { recipes: vec![Recipe::WorkerConnections], ..ExportRequest::default() };
        let refused = stage.with(|basis| super::export(basis, &request)).unwrap_err();
        assert!(refused.to_string().starts_with("recipe worker-connections: "), "{refused}");
    }
}

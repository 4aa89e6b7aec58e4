//! Projects with one mistake each, which is named, and projects without any.

use super::*;

fn project(files: &[(&str, &str)]) -> Vec<ProjectFile> {
    files.iter().map(|(path, text)| ProjectFile { path: (*path).into(), text: Some((*text).into()) }).collect()
}

/// The mistakes of a project, as `path:line: message`.
fn mistakes(files: &[(&str, &str)]) -> Vec<String> {
    let of = |it: ProjectMistake| {
        let line = it.line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("{}{line}: {}", it.path, it.message)
    };
    check(&project(files)).into_iter().map(of).collect()
}

/// The mistakes of one configuration file.
fn config(text: &str) -> Vec<String> {
    let found = mistakes(&[(".ebextensions/app.config", text)]);
    found.into_iter().map(|it| it.replace(".ebextensions/app.config", "")).collect()
}

#[test]
fn options_and_namespaces_that_do_not_exist_are_named_with_their_lines() {
    let text = "option_settings:\n  aws:elbv2:loadbalancer:\n    IdleTimeOut: 300\n    IdleTimeout: 300\n  aws:elbv2:loadbalancers:\n    X: 1\n";
    let found = check(&project(&[(".ebextensions/app.config", text)]));
    let lines: Vec<_> = found.iter().map(|it| (it.line, it.unknown.as_ref().unwrap().0.as_str())).collect();
    assert_eq!(lines, [(Some(3), "IdleTimeOut"), (Some(6), "aws:elbv2:loadbalancers")]);
    assert!(found[0].unknown.as_ref().unwrap().1.contains(&"IdleTimeout".to_owned()));
    assert_eq!(config("option_setting:\n  a:\n    b: 1\n"), [":1: there is no section `option_setting`"]);
}

#[test]
fn both_forms_of_option_settings_are_read() {
    let list = "option_settings:\n  - namespace: aws:elbv2:loadbalancer\n    option_name: IdleTimeout\n    value: 9000\n  - option_name: ROOT_URL\n    value: CANARY\n";
    assert_eq!(config(list), [":2: IdleTimeout cannot be `9000`: 1 to 3600"]);
    let json = r#"{"option_settings": {"aws:elbv2:loadbalancer": {"IdleTimeout": "0"}}}"#;
    assert_eq!(config(json), [":1: IdleTimeout cannot be `0`: 1 to 3600"]);
}

#[test]
fn values_that_exclude_each_other_are_one_mistake() {
    let process = "aws:elasticbeanstalk:environment:process:default";
    for (text, expected) in [
        (format!("  {process}:\n    HealthCheckTimeout: 15\n"), ":3: HealthCheckTimeout (15 s) must be smaller than HealthCheckInterval (15 s)"),
        ("  aws:elbv2:listener:443:\n    Protocol: HTTPS\n".into(), ":3: an HTTPS listener needs SSLCertificateArns"),
        (
            "  aws:elbv2:listener:443:\n    SSLCertificateArns: arn:aws:acm:eu-west-1:1:certificate/a\n".into(),
            ":3: SSLCertificateArns needs Protocol HTTPS; without it the listener speaks HTTP",
        ),
        ("  aws:elbv2:listener:default:\n    Rules: chat\n".into(), ":3: there is no rule `chat`"),
        (
            "  aws:elbv2:listenerrule:chat:\n    PathPatterns: /chat/*\n".into(),
            ":3: the rule `chat` has no effect: no listener has it in its Rules",
        ),
        ("  aws:elbv2:listener:default:\n    DefaultProcess: web\n".into(), ":3: there is no process `web`"),
        (
            "  aws:elasticbeanstalk:command:\n    DeploymentPolicy: TrafficSplitting\n  aws:elasticbeanstalk:environment:\n    LoadBalancerType: network\n".into(),
            ":3: TrafficSplitting needs an application load balancer, and LoadBalancerType is network",
        ),
        (
            "  aws:autoscaling:updatepolicy:rollingupdate:\n    RollingUpdateType: Immutable\n  aws:elasticbeanstalk:command:\n    DeploymentPolicy: Rolling\n".into(),
            ":3: RollingUpdateType Immutable needs DeploymentPolicy Immutable too",
        ),
        (
            "  aws:elasticbeanstalk:command:\n    BatchSize: 200\n".into(),
            ":3: BatchSize is a percentage unless BatchSizeType is Fixed: 1 to 100",
        ),
        ("  aws:autoscaling:asg:\n    MinSize: 6\n    MaxSize: 4\n".into(), ":3: MinSize (6) is larger than MaxSize (4)"),
    ] {
        assert_eq!(config(&format!("option_settings:\n{text}")), [expected], "{text}");
    }
}

#[test]
fn a_later_file_replaces_what_an_earlier_one_set() {
    let of = |text: &str| format!("option_settings:\n  aws:autoscaling:asg:\n    {text}\n");
    let (first, last) = (of("MinSize: 6"), of("MaxSize: 4"));
    let files = [(".ebextensions/a.config", &*first), (".ebextensions/b.config", &*last)];
    assert_eq!(mistakes(&files).len(), 1);
    let mended = of("MinSize: 2");
    let three = [files[0], files[1], (".ebextensions/c.config", &*mended)];
    assert_eq!(mistakes(&three), Vec::<String>::new());
}

#[test]
fn files_where_nothing_reads_them_are_named() {
    for (path, part) in [
        (".ebextensions/app.yaml", "end in .config"),
        (".ebextensions/more/app.config", "directly in .ebextensions"),
        (".platform/nginx/websocket.conf", "below .platform/nginx it reads"),
        (".platform/nginx/conf.d/websocket.config", "end in .conf"),
        (".platform/nginx/elasticbeanstalk/x.conf", "below .platform/nginx it reads"),
        (".platform/nginx/conf.d/more/x.conf", "below .platform/nginx it reads"),
        (".platform/conf.d/x.conf", "in .platform/nginx"),
        (".platform/hooks/pre-deploy/01.sh", "prebuild, predeploy, postdeploy"),
    ] {
        let found = mistakes(&[(path, "")]);
        assert!(found.len() == 1 && found[0].contains(part), "{path}: {found:?}");
    }
}

#[test]
fn nginx_directives_at_the_wrong_level_are_named() {
    for (path, text, part) in [
        ("conf.d/a.conf", "location /ws { }", "refused in the http block"),
        ("conf.d/a.conf", "worker_connections 4096;", "main level"),
        ("conf.d/a.conf", "keepalive_timeout 300s;", "has no effect"),
        ("conf.d/elasticbeanstalk/a.conf", "\nkeepalive_timeout 300s;", "duplicate"),
        ("conf.d/elasticbeanstalk/a.conf", "upstream x { server 127.0.0.1:1; }", "refused in the server block"),
        ("conf.d/elasticbeanstalk/a.conf", "location / { proxy_pass http://x; }", "00_application.conf"),
        ("nginx.conf", "events { }\nhttp { server { listen 80; } }", "the application is not served"),
        ("nginx.conf", "http { server { include conf.d/elasticbeanstalk/*.conf; } }", "$connection_upgrade"),
    ] {
        let found = mistakes(&[(&format!(".platform/nginx/{path}"), text)]);
        assert!(found.len() == 1 && found[0].contains(part), "{path} {text}: {found:?}");
    }
}

#[test]
fn what_only_amazon_linux_1_reads_is_named() {
    let nginx = "files:\n  /etc/nginx/conf.d/ws.conf:\n    content: x\n";
    assert_eq!(config(nginx).len(), 1);
    let staged = "container_commands:\n  a:\n    command: sed -i x /tmp/deployment/config/x\n";
    assert_eq!(config(staged), Vec::<String>::new(), "without .platform it may be an old project");
    let node = "option_settings:\n  aws:elasticbeanstalk:container:nodejs:\n    NodeCommand: npm start\n";
    for text in [staged, node] {
        let files = [(".ebextensions/app.config", text), (".platform/hooks/prebuild/a.sh", "")];
        let found = mistakes(&files);
        assert!(found.len() == 1 && found[0].contains("Amazon Linux 1"), "{found:?}");
    }
}

#[test]
fn what_is_no_yaml_is_named_with_its_line_and_nothing_of_a_property_is_repeated() {
    let found = config("option_settings:\n  a: [1\n  b: }\n");
    assert!(found.len() == 1 && found[0].contains("this is not YAML"), "{found:?}");
    let secret = "option_settings:\n  aws:elasticbeanstalk:application:environment:\n    KEY: CANARY-1\n  aws:elbv2:nothing:\n    KEY: CANARY-2\n";
    let found = config(secret);
    assert!(found.len() == 1 && !found[0].contains("CANARY"), "{found:?}");
    let file = ProjectFile { path: ".ebextensions/a.config".into(), text: None };
    assert_eq!(check(&[file])[0].message, "this is no text in UTF-8");
}

#[test]
fn a_project_without_mistakes_has_none() {
    let good = "option_settings:
  aws:elasticbeanstalk:environment:process:default:
    StickinessEnabled: true
    HealthCheckPath: /healthz
    MatcherHTTPCode: 200-299
  aws:elasticbeanstalk:environment:process:chat:
    Port: 8080
  aws:elbv2:listener:443:
    Protocol: HTTPS
    SSLCertificateArns: '`{\"Ref\": \"Certificate\"}`'
    Rules: chat
  aws:elbv2:listenerrule:chat:
    PathPatterns: /chat/*
    Process: chat
  aws:elasticbeanstalk:container:nodejs:staticfiles:
    /public: public
Resources:
  Certificate: {Type: 'AWS::CertificateManager::Certificate'}
";
    let files = [
        (".ebextensions/01.config", good),
        (".ebextensions/02.config", ""),
        (".ebextensions/cert.pem", "x"),
        (".platform/nginx/conf.d/websocket.conf", "proxy_read_timeout 3600s;\nmap $a $b { default x; }\n"),
        (".platform/nginx/conf.d/elasticbeanstalk/more.conf", "location /ws { proxy_pass http://127.0.0.1:8080; }"),
        (
            ".platform/nginx/conf.d/elasticbeanstalk/00_application.conf",
            "location / { proxy_pass http://127.0.0.1:8080; }",
        ),
        (".platform/hooks/prebuild/01.sh", "#!/bin/sh\n"),
        (".platform/confighooks/prebuild/01.sh", "#!/bin/sh\n"),
        ("src/main.js", ""),
    ];
    assert_eq!(mistakes(&files), Vec::<String>::new());
}

//! Which process a target group certainly is: by being alone, by protocol and port, by a listener; or it is unknown.

use crate::change::https::tests::ground::{Ground, HTTP, SCOPE, arn, forward, listener, own_tag, target_group};
use crate::model::{Key, RuleAction, WeightedTargetGroup};

const OF: [&str; 3] = [
    "aws:elasticbeanstalk:environment:process:default",
    "aws:elasticbeanstalk:environment:process:api",
    "aws:elasticbeanstalk:environment:process:admin",
];
const DEFAULT: &str = OF[0];
const API: &str = OF[1];
const ADMIN: &str = OF[2];

type Options = &'static [(&'static str, &'static str, &'static str)];

/// The groups `web`, and others, by their protocol and port.
fn ground(options: Options, groups: &[(&str, &str, i32)]) -> Ground {
    let mut ground = Ground::new();
    ground.target_groups.clear();
    for (name, protocol, port) in groups {
        let mut group = target_group(name);
        (group.protocol, group.port) = (Some((*protocol).into()), Some(*port));
        ground.target_groups.push(group);
        ground.tags.push((arn(name).into(), own_tag("e-1")));
    }
    ground.options = options.to_vec();
    ground
}

fn process(ground: &Ground, group: &str) -> Option<String> {
    let site = ground.site();
    site.basis().surely_process_of(&Key::new(SCOPE, arn(group))).map(|it| it.to_string())
}

#[test]
fn one_process_and_one_group_belong_together_and_several_by_protocol_and_port() {
    let web = ("web", "HTTP", 80);
    let both = [web, ("api", "HTTP", 8080)];
    let on_8080: Options = &[(DEFAULT, "Port", "80"), (API, "Port", "8080")];
    let unset: Options = &[(DEFAULT, "StickinessEnabled", "true"), (API, "Port", "8080")];
    let secure: Options = &[(DEFAULT, "Port", "80"), (API, "Port", "80"), (API, "Protocol", "https")];
    let three: Options = &[(DEFAULT, "Port", "80"), (API, "Port", "8080"), (ADMIN, "Port", "8080")];
    for (state, options, groups, expected) in [
        ("one of each, whatever its port", &[(DEFAULT, "Port", "9000")][..], &[web][..], [Some("default"), None]),
        ("by port", on_8080, &both, [Some("default"), Some("api")]),
        ("unset is port 80", unset, &both, [Some("default"), Some("api")]),
        ("by protocol", secure, &[web, ("api", "HTTPS", 80)], [Some("default"), Some("api")]),
        ("two processes fit", three, &both, [Some("default"), None]),
        ("two groups fit", on_8080, &[web, ("api", "HTTP", 80)], [None, None]),
        ("another port", on_8080, &[web, ("api", "HTTP", 9000)], [Some("default"), None]),
        ("another protocol", on_8080, &[web, ("api", "HTTPS", 8080)], [Some("default"), None]),
        ("no process", &[], &[web], [None, None]),
    ] {
        let ground = ground(options, groups);
        let found = ["web", "api"].map(|group| process(&ground, group));
        assert_eq!(found.each_ref().map(Option::as_deref), expected, "{state}");
    }
    assert_eq!(process(&ground(on_8080, &both), "elsewhere"), None, "none of the environment's");
}

/// Where protocol and port are the same, the listener's default process decides, if all listeners agree.
#[test]
fn a_listener_says_whose_its_group_is() {
    const DEFAULT_OF_80: &str = "aws:elbv2:listener:default";
    const DEFAULT_OF_443: &str = "aws:elbv2:listener:443";
    let split = || {
        let to = |name| WeightedTargetGroup { target_group: Key::new(SCOPE, arn(name)), weight: 1 };
        vec![RuleAction::Forward { groups: vec![to("web"), to("api")], group_stickiness: None }]
    };
    let first: Options = &[(DEFAULT, "Port", "80"), (API, "Port", "80"), (DEFAULT_OF_80, "DefaultProcess", "default")];
    let second: Options = &[
        (DEFAULT, "Port", "80"),
        (API, "Port", "80"),
        (DEFAULT_OF_80, "DefaultProcess", "default"),
        (DEFAULT_OF_443, "DefaultProcess", "api"),
    ];
    let same: Options = &[
        (DEFAULT, "Port", "80"),
        (API, "Port", "80"),
        (DEFAULT_OF_80, "DefaultProcess", "default"),
        (DEFAULT_OF_443, "DefaultProcess", "default"),
    ];
    for (state, options, of_80, of_443, expected) in [
        ("by port 80", first, vec![forward("web")], vec![forward("api")], [Some("default"), None]),
        ("by both", second, vec![forward("web")], vec![forward("api")], [Some("default"), Some("api")]),
        ("both lead to the same", same, vec![forward("web")], vec![forward("web")], [Some("default"), None]),
        ("one process, two groups", same, vec![forward("web")], vec![forward("api")], [None, None]),
        ("two processes, one group", second, vec![forward("web")], vec![forward("web")], [None, None]),
        ("to two groups", first, split(), vec![], [None, None]),
        (
            "the option is unset",
            &[(DEFAULT, "Port", "80"), (API, "Port", "80")],
            vec![forward("web")],
            vec![],
            [None, None],
        ),
    ] {
        let mut ground = ground(options, &[("web", "HTTP", 80), ("api", "HTTP", 80)]);
        ground.listeners = vec![listener(80), listener(443)];
        ground.listeners[0].key = Key::new(SCOPE, HTTP);
        (ground.listeners[0].default_actions, ground.listeners[1].default_actions) = (of_80, of_443);
        let found = ["web", "api"].map(|group| process(&ground, group));
        assert_eq!(found.each_ref().map(Option::as_deref), expected, "{state}");
    }
}

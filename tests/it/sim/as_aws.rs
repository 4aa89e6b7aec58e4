//! The region's answers in AWS's own words, and its refusals as AWS's.

use super::{Turned, element, elements};

const DEPLOYED: &str = scenario!(
    "a deploy",
    application!("shop", "v1", "v2"),
    deploy!("shop-web", "v2", at = "10s"),
    environment!("shop-web", version = "v1"),
);

/// An environment of so many instances, deployed to with a policy ten seconds after the start.
fn deployed(policy: &str, instances: usize) -> Vec<String> {
    let options = format!(
        "options = {{ \"aws:elasticbeanstalk:command/DeploymentPolicy\" = \"{policy}\", \
         \"aws:elasticbeanstalk:command/BatchSizeType\" = \"Fixed\", \"aws:elasticbeanstalk:command/BatchSize\" = \"1\" }}"
    );
    let turned = Turned::written(&format!("{DEPLOYED}instances = {instances}\n{options}\n"));
    messages(turned.at(1_800), "shop-web")
}

/// The messages of an environment since the last update began, oldest first.
fn messages(turned: &Turned, environment: &str) -> Vec<String> {
    let form = format!("Action=DescribeEvents&Version=2010-12-01&EnvironmentName={environment}&MaxRecords=1000");
    let answer = turned.eb(&form);
    let mut messages: Vec<String> = elements(&answer, "Message").into_iter().map(str::to_owned).collect();
    messages.reverse();
    let began = messages.iter().rposition(|message| message == "Environment update is starting.").unwrap();
    messages.split_off(began.saturating_sub(2))
}

/// A text in which ids and the names that AWS invents are `_`.
fn plain(message: &str) -> String {
    let mut words = Vec::new();
    for word in message.split(' ') {
        let is_invented = word.contains("i-0") || word.contains("awseb-");
        let (start, end) = (word.starts_with(['[', '(']), word.trim_end_matches('.'));
        match (is_invented, start) {
            (false, _) => words.push(word.to_owned()),
            (true, true) => words.push(format!(
                "{}_{}",
                &word[..1],
                word.replace(|it: char| it.is_alphanumeric() || "-[(".contains(it), "")
            )),
            (true, false) => words.push(format!("_{}", &word[end.len()..])),
        }
    }
    words.join(" ")
}

fn assert_in_order(messages: &[String], expected: &[&str]) {
    let plain: Vec<String> = messages.iter().map(|message| plain(message)).collect();
    let mut rest = plain.iter();
    for text in expected {
        assert!(rest.any(|message| message == text), "no `{text}` in its place: {plain:#?}");
    }
}

#[test]
fn a_rolling_deploy_with_an_additional_batch_has_its_two_texts() {
    let reported = deployed("RollingWithAdditionalBatch", 2);
    assert_in_order(
        &reported,
        &[
            "Environment update is starting.",
            "Rolling with Additional Batch deployment policy enabled. Launching  a new batch of 1 additional instance(s).",
            "Batch 1: 1 EC2 instance(s) [_] launched. Deploying application version 'v2'.",
            "Batch 1: Completed application deployment.",
            "Batch 2: Starting application deployment on instance(s) [_].",
            "New application version was deployed to running EC2 instances.",
            "Environment update completed successfully.",
        ],
    );
    assert!(
        !reported.iter().any(|text| text.starts_with("Batch 1: Starting application deployment on")),
        "{reported:#?}"
    );
    // Counter-case: without the additional batch nothing is launched.
    let rolling = deployed("Rolling", 2);
    assert!(!rolling.iter().any(|text| text.contains("launched") || text.contains("Launching")), "{rolling:#?}");
}

#[test]
fn an_immutable_deploy_tells_of_several_instances_together_and_of_one_alone() {
    let reported = deployed("Immutable", 3);
    assert_in_order(
        &reported,
        &[
            "Immutable deployment policy enabled. Launching one instance with the new settings to verify health.",
            "Added instance [_] to your environment.",
            "Adding new instance(s) (_) to the load balancer.",
            "Test instance passed health checks. Launching remaining new instances.",
            "Adding new instance(s) (_,) to the load balancer.",
            "Successfully launched all instances.",
            "Starting post-deployment configuration on new instances.",
            "Waiting for post-deployment configuration to complete.",
            "Deployment succeeded. Terminating old instances and temporary Auto Scaling group.",
        ],
    );
    let plural = |what: &str| reported.iter().filter(|text| text.starts_with(what)).count();
    assert_eq!((plural("Added instances ["), plural("Removed instances [")), (1, 1), "{reported:#?}");

    let alone = deployed("Immutable", 1);
    for text in ["Test instance passed health checks", "Successfully launched all instances."] {
        assert!(!alone.iter().any(|message| message.starts_with(text)), "{alone:#?}");
    }
    assert_in_order(&alone, &["Added instance [_] to your environment.", "Environment update completed successfully."]);
}

const OPERATIONS: &str = scenario!(
    "updates that Beanstalk makes by itself, and health that nothing was known of",
    environment!("shop-managed", instances = 2),
    environment!("shop-failed", instances = 2),
    environment!("shop-unknown", health_status = "NoData", health_change = [{ at = "30s", health_status = "Ok" }]),
    update!("shop-managed", at = "10s", managed = true),
    update!("shop-failed", at = "10s", managed = true, fails = "the load balancer could not be updated"),
);

#[test]
fn a_managed_update_is_reported_as_such_and_replaces_the_instances() {
    let turned = Turned::written(OPERATIONS);
    let reported = messages(turned.at(1_800), "shop-managed");
    assert_in_order(
        &reported,
        &[
            "Managed platform update is in-progress.",
            "Environment update is starting.",
            "Updating environment shop-managed's configuration settings.",
            "Immutable deployment policy enabled. Launching one instance with the new settings to verify health.",
            "Successfully deployed new configuration to environment.",
        ],
    );
    assert!(!reported.iter().any(|text| text.contains("New application version")), "it is no deploy: {reported:#?}");
    let form = "Action=DescribeEvents&Version=2010-12-01&EnvironmentName=shop-failed&Severity=ERROR";
    let answer = turned.eb(form);
    let failed = elements(&answer, "Message");
    assert_eq!(failed[0], "Managed update failed, retrying in 60 minutes.", "{failed:#?}");
}

#[test]
fn health_of_which_nothing_was_known_has_transitioned_from_nowhere() {
    let turned = Turned::written(OPERATIONS);
    let form = "Action=DescribeEvents&Version=2010-12-01&EnvironmentName=shop-unknown&MaxRecords=1";
    assert_eq!(element(&turned.at(60).eb(form), "Message"), "Environment health has transitioned to Ok.");
}

#[test]
fn the_cause_of_an_update_counts_the_instances_that_are_done() {
    let text = include_str!("../../../assets/scenarios/rolling.toml");
    let turned = Turned::written(text);
    let name = text.split("[[environment]]\nname = \"").nth(1).unwrap().split('"').next().unwrap();
    let form = format!(
        "Action=DescribeEnvironmentHealth&Version=2010-12-01&EnvironmentName={name}&AttributeNames.member.1=Causes"
    );
    let causes: Vec<String> = (20..400)
        .step_by(10)
        .flat_map(|at| elements(&turned.at(at).eb(&form), "member").into_iter().map(str::to_owned).collect::<Vec<_>>())
        .filter(|cause| cause.starts_with("Application update in progress"))
        .collect();
    let first = causes.iter().find(|cause| cause.contains(" on ")).unwrap();
    assert!(first.contains("on 2 instances. 0 out of 6 instances completed (running for "), "{causes:#?}");
    assert!(
        causes.iter().any(|cause| cause.contains("4 out of 6 instances completed (running for 4 minutes")),
        "{causes:#?}"
    );
}

fn update(turned: &Turned, namespace: &str, name: &str) -> String {
    turned.eb(&format!(
        "Action=UpdateEnvironment&Version=2010-12-01&EnvironmentName=shop-web-prod&OptionSettings.member.1.Namespace={namespace}\
         &OptionSettings.member.1.OptionName={name}&OptionSettings.member.1.Value=1"
    ))
}

#[test]
fn an_option_of_a_namespace_that_does_not_exist_is_refused() {
    let turned = Turned::new("shop");
    for (namespace, name) in [
        ("aws:elasticbeanstalk:comand", "Timeout"),
        ("aws:elbv2:listener:", "Protocol"),
        ("aws:elbv2", "IdleTimeout"),
        ("", "IdleTimeout"),
        ("aws:elasticbeanstalk:command", ""),
        ("aws:elasticbeanstalk:environment:process:default", "Helth"),
    ] {
        let refused = update(&turned, namespace, name);
        assert_eq!(element(&refused, "Code"), "ConfigurationValidationException", "{namespace}/{name}");
        assert_eq!(
            element(&refused, "Message"),
            format!(
                "Configuration validation exception: Invalid option specification (Namespace: '{namespace}', OptionName: \
                 '{name}'): Unknown configuration setting."
            )
        );
    }
    // Counter-cases: general options, and namespaces that end in a name of the user's.
    for (namespace, name) in [("aws:elasticbeanstalk:command", "Timeout"), ("aws:elbv2:listenerrule:site", "Priority")]
    {
        let taken = update(&Turned::new("shop"), namespace, name);
        assert_eq!(element(&taken, "Status"), "Updating", "{namespace}");
    }
}

#[test]
fn an_attribute_that_is_given_twice_is_refused_and_nothing_is_written() {
    let turned = Turned::new("shop");
    let groups = turned.elb("Action=DescribeTargetGroups&Version=2015-12-01&PageSize=1");
    let arn = element(&groups, "TargetGroupArn");
    let attribute = |number: usize, key: &str, value: &str| {
        format!("&Attributes.member.{number}.Key={key}&Attributes.member.{number}.Value={value}")
    };
    let modify = |attributes: &str| {
        turned.elb(&format!("Action=ModifyTargetGroupAttributes&Version=2015-12-01&TargetGroupArn={arn}{attributes}"))
    };
    let key = "deregistration_delay.timeout_seconds";
    let refused = modify(&(attribute(1, key, "30") + &attribute(2, key, "40")));
    assert_eq!(element(&refused, "Code"), "ValidationError");
    let now = turned.elb(&format!("Action=DescribeTargetGroupAttributes&Version=2015-12-01&TargetGroupArn={arn}"));
    assert!(!now.contains("<Value>30</Value>") && !now.contains("<Value>40</Value>"), "{now}");
    // Counter-case: two attributes.
    let taken = modify(&(attribute(1, key, "30") + &attribute(2, "stickiness.enabled", "true")));
    assert!(taken.contains("<Value>30</Value>"), "{taken}");
}

#[test]
fn settings_name_the_tier_and_the_platform_which_can_be_described() {
    let turned = Turned::new("shop");
    let form =
        "Action=DescribeConfigurationSettings&Version=2010-12-01&ApplicationName=shop&EnvironmentName=shop-web-prod";
    let settings = turned.eb(form);
    let tier = element(&settings, "Tier");
    assert_eq!(
        [element(tier, "Name"), element(tier, "Type"), element(tier, "Version")],
        ["WebServer", "Standard", "1.0"]
    );
    let arn = element(&settings, "PlatformArn").to_owned();
    let described = turned.eb(&format!("Action=DescribePlatformVersion&Version=2010-12-01&PlatformArn={arn}"));
    assert_eq!(element(&described, "PlatformArn"), arn);
    assert_eq!(element(&described, "PlatformLifecycleState"), "Recommended");
    let branch = element(&described, "PlatformBranchName");
    let branches = turned.eb(&format!(
        "Action=ListPlatformBranches&Version=2010-12-01&Filters.member.1.Attribute=BranchName&Filters.member.1.Operator=%3D\
         &Filters.member.1.Values.member.1={branch}"
    ));
    assert_eq!(elements(&branches, "BranchName"), [branch]);
    let unknown = turned.eb(&format!("Action=DescribePlatformVersion&Version=2010-12-01&PlatformArn={arn}0"));
    assert_eq!(element(&unknown, "Code"), "InvalidParameterValue");
}

#[test]
fn a_draft_is_pending_while_the_update_runs_and_failed_when_it_came_to_nothing() {
    let turned = Turned::written(include_str!("../../scenarios/settings-update.toml"));
    turned.world.set_faults(beanpole::sim::Faults::none());
    let drafts = |environment: &str, option: &str, at| {
        let form = format!(
            "Action=DescribeConfigurationSettings&Version=2010-12-01&ApplicationName=mup&EnvironmentName={environment}"
        );
        let answer = turned.at(at).eb(&form);
        let value = |set: &str| {
            let (_, rest) = set.split_once(&format!("<OptionName>{option}</OptionName>")).unwrap();
            element(rest, "Value").to_owned()
        };
        let sets = answer.split("<SolutionStackName>").skip(1);
        sets.map(|set| (element(set, "DeploymentStatus").to_owned(), value(set))).collect::<Vec<_>>()
    };
    let of = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(status, value)| ((*status).to_owned(), (*value).to_owned())).collect()
    };
    let refused = |at| drafts("mup-refused", "AccessLogsS3Enabled", at);
    assert_eq!(refused(20), of(&[("deployed", "false"), ("pending", "true")]));
    assert_eq!(refused(300), of(&[("deployed", "false"), ("failed", "true")]));
    // Counter-case: what was deployed has no draft any more.
    assert_eq!(drafts("mup-idle", "IdleTimeout", 300), of(&[("deployed", "120")]));
}

/// An environment, and an update of it that is aborted.
macro_rules! aborted {
    ($name:literal, $kind:literal, $aborted:literal) => {
        concat!(
            environment!(
                $name,
                instances = 3,
                options = { "aws:autoscaling:updatepolicy:rollingupdate/RollingUpdateType" = $kind }
            ),
            update!(
                $name,
                at = "5s",
                aborted = $aborted,
                options = { "aws:autoscaling:launchconfiguration/EC2KeyName" = "operators" }
            )
        )
    };
}

const ABORTED: &str = scenario!(
    "updates that are aborted",
    aborted!("shop-early", "Health", "12s"),
    aborted!("shop-late", "Health", "100s"),
    aborted!("shop-immutable", "Immutable", "100s"),
);

#[test]
fn an_update_of_settings_is_aborted_until_the_first_instance_is_terminated() {
    let turned = Turned::written(ABORTED);
    let instances = |name: &str, at| {
        let form = format!("Action=DescribeEnvironmentResources&Version=2010-12-01&EnvironmentName={name}");
        let answer = turned.at(at).eb(&form);
        elements(element(&answer, "Instances"), "Id").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    for name in ["shop-early", "shop-immutable"] {
        assert_eq!(instances(name, 0), instances(name, 1_200), "{name}");
        let reported = messages(&turned, name);
        assert!(reported.iter().any(|it| it == "The environment was reverted to the previous configuration setting."));
        assert!(!reported.iter().any(|it| it.starts_with("Successfully deployed")), "{reported:#?}");
    }
    // Too late: the instances are replaced all the same.
    let (before, after) = (instances("shop-late", 0), instances("shop-late", 1_200));
    assert!(after.len() == 3 && after.iter().all(|id| !before.contains(id)), "{before:?} {after:?}");
}

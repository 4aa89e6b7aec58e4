//! HTTPS set up by both routes, what stops it, and that taking it back leaves exactly what was there.

pub mod site;

use beanpole::change::https::{HttpsStep, Opening, Redirecting, Unfit};
use beanpole::change::{Confirmation, Next, Outcome, Refusal, Route, Work};

use super::stage::Stage;
use crate::support::somebody;
pub(super) use site::{SCENARIO, course, ended, go_on, seen, set_out, take_back};
use site::{ask, choice, judged, survey};

/// Which step of HTTPS it is.
fn step_of(step: &beanpole::change::Step) -> HttpsStep {
    let Work::Https { step, .. } = step.work else { panic!("{step:?}") };
    step
}

#[tokio::test(start_paused = true)]
async fn by_elb_it_opens_proves_and_redirects_and_goes_back_to_what_was() {
    let stage = Stage::undisturbed(SCENARIO);
    let before = seen(&stage, "web").await;
    let mut course = set_out(&stage, course(&stage, "web", Route::Elb, Redirecting::Temporary).await).await.unwrap();
    let steps = go_on(&stage, &mut course).await;
    assert_eq!(
        ended(&course, &steps),
        [
            "listener on port 443 applied",
            "rule for port 443 applied",
            "request over HTTPS applied",
            "redirect of port 80 applied"
        ]
    );
    let probed = course.steps[2].found.as_deref().unwrap();
    assert!(
        probed.starts_with("https://www.shop.example/ answered 200; the certificate is good (*.shop.example"),
        "{probed}"
    );
    let after = seen(&stage, "web").await;
    assert!(
        after.contains("Some(443) Some(\"HTTPS\") Some(\"ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09\")"),
        "{after}"
    );
    assert!(after.contains("Some(80) rule Number(1) [\"/*\"] redirect to HTTPS (302)"), "{after}");
    assert!(
        after.lines().next().unwrap().ends_with(before.lines().next().unwrap()),
        "the default action stays: {after}"
    );
    assert!(after.contains("ports: Some((443, 443)), source: Ipv4(\"0.0.0.0/0\")"), "{after}");
    let back = take_back(&stage, &course).await;
    let order: Vec<_> = back.steps.iter().map(step_of).collect();
    assert_eq!(order, [HttpsStep::Redirect, HttpsStep::Rule, HttpsStep::Listener]);
    assert_eq!(seen(&stage, "web").await, before);
    let entries = stage.entries();
    assert_eq!(entries.iter().map(|it| it.kind.as_str()).collect::<Vec<_>>(), ["https", "https_back"]);
    assert!(entries.iter().all(|entry| entry.outcome.as_deref() == Some("applied")), "{entries:?}");
    assert_eq!(entries[0].undone_by.as_ref(), Some(&entries[1].id));
}

#[tokio::test(start_paused = true)]
async fn by_beanstalk_it_waits_for_the_update_and_opens_what_beanstalk_has_not() {
    let stage = Stage::undisturbed(SCENARIO);
    let before = seen(&stage, "web").await;
    let mut course =
        set_out(&stage, course(&stage, "web", Route::Beanstalk, Redirecting::Temporary).await).await.unwrap();
    let steps = go_on(&stage, &mut course).await;
    assert!(steps.iter().all(|step| step.outcome == Outcome::Applied), "{:?}", ended(&course, &steps));
    assert_eq!((stage.calls("UpdateEnvironment"), stage.calls("CreateListener")), (1, 0));
    let after = seen(&stage, "web").await;
    assert!(after.contains("aws:elbv2:listener:443/SSLPolicy"), "{after}");
    take_back(&stage, &course).await;
    assert_eq!(seen(&stage, "web").await, before);
}

#[tokio::test(start_paused = true)]
async fn what_beanstalk_opens_itself_is_not_opened_twice() {
    let stage = Stage::undisturbed(&format!("opens_https = true\n{SCENARIO}"));
    let mut course = set_out(&stage, course(&stage, "web", Route::Beanstalk, Redirecting::No).await).await.unwrap();
    let steps = go_on(&stage, &mut course).await;
    assert_eq!(steps[1].outcome, Outcome::Unchanged, "{:?}", ended(&course, &steps));
    assert!(course.has_finished());
    assert_eq!(stage.calls("AuthorizeSecurityGroupIngress"), 0);
    let back = course.back().unwrap();
    assert_eq!(back.steps.iter().map(step_of).collect::<Vec<_>>(), [HttpsStep::Listener]);
}

/// Puts the VPC's default group on the load balancer, open on port 80 to these, in place of its own.
async fn on_default_group(stage: &Stage, name: &str) {
    let arn = survey(stage, name).await.load_balancer().unwrap().key.id.clone();
    somebody::puts_the_default_group_on(&stage.world, &arn);
}

#[tokio::test(start_paused = true)]
async fn a_default_group_is_left_alone_and_a_new_one_is_put_beside_it() {
    let stage = Stage::undisturbed(SCENARIO);
    on_default_group(&stage, "web").await;
    let before = seen(&stage, "web").await;
    let Opening::NewGroup { sources, why } = survey(&stage, "web").await.opening() else { panic!() };
    let reported: Vec<_> = sources.iter().map(ToString::to_string).collect();
    assert_eq!(reported, ["203.0.113.0/24", "2001:db8::/32", "pl-1"]);
    assert_eq!(why, "default is the default group of its VPC");
    let mut course = set_out(&stage, course(&stage, "web", Route::Elb, Redirecting::No).await).await.unwrap();
    let steps = go_on(&stage, &mut course).await;
    let order: Vec<_> = course.steps.iter().map(step_of).collect();
    assert_eq!(order, [HttpsStep::Listener, HttpsStep::Group, HttpsStep::Rule, HttpsStep::Attach, HttpsStep::Probe]);
    assert!(steps.iter().all(|step| step.outcome == Outcome::Applied), "{:?}", ended(&course, &steps));
    let site = survey(&stage, "web").await;
    assert_eq!(site.load_balancer().unwrap().security_groups.len(), 2);
    assert!(!before.contains("443") && site.opening() == Opening::Open);
    take_back(&stage, &course).await;
    assert_eq!(seen(&stage, "web").await, before);
    assert_eq!((stage.calls("CreateSecurityGroup"), stage.calls("DeleteSecurityGroup")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_fails_stops_before_the_redirect_until_the_name_is_typed() {
    let stage = Stage::undisturbed(SCENARIO);
    let site = survey(&stage, "web").await;
    let group = site.load_balancer().unwrap().security_groups[0].clone();
    let rule = |action: &str, range: &str| {
        let permission = "IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=80&IpPermissions.1.ToPort=80";
        ask(
            &stage,
            "ec2",
            &format!(
                "Action={action}&Version=2016-11-15&GroupId={group}&{permission}&IpPermissions.1.IpRanges.1.CidrIp={range}"
            ),
        )
    };
    rule("RevokeSecurityGroupIngress", "0.0.0.0/0");
    rule("AuthorizeSecurityGroupIngress", "10.0.0.0/8");
    let mut course = set_out(&stage, course(&stage, "web", Route::Elb, Redirecting::Temporary).await).await.unwrap();
    go_on(&stage, &mut course).await;
    let observed = stage.state("web").await;
    assert_eq!(course.next(&observed), Next::Stopped(2, "failed".into()));
    let found = course.steps[2].found.as_deref().unwrap();
    assert!(
        found.starts_with("no connection within 10 s: the security groups do not let this machine in on 443"),
        "{found}"
    );
    assert_eq!(stage.calls("CreateRule"), 0);

    let now = || stage.now();
    let refused = stage.writer(&now).pass(&mut course, &Confirmation::default()).await;
    assert_eq!(refused, Err(Refusal::NotConfirmed { name: "web".into() }));
    let confirmation = site::typed(&course);
    stage.writer(&now).pass(&mut course, &confirmation).await.unwrap();
    go_on(&stage, &mut course).await;
    assert!(course.has_finished());
    assert_eq!(stage.calls("CreateRule"), 1);
    let [entry] = stage.entries().try_into().unwrap();
    assert_eq!(entry.steps[2].outcome.as_deref(), Some("passed"));
}

#[tokio::test(start_paused = true)]
async fn a_certificate_for_another_name_is_found_out_by_the_probe() {
    let stage = Stage::undisturbed(SCENARIO);
    let site = survey(&stage, "web").await;
    let mut choice = choice(&stage, &site, Route::Elb, Redirecting::Temporary);
    let wanted = judged(&stage, &site, &["www.shop.example"]);
    choice.certificate = wanted.into_iter().find(|it| it.name() == "other.example").unwrap();
    choice.certificate.covered = vec!["www.shop.example".into()];
    let mut course = set_out(&stage, site.propose(&choice).unwrap().operation).await.unwrap();
    go_on(&stage, &mut course).await;
    let found = course.steps[2].found.as_deref().unwrap();
    assert!(found.starts_with("the certificate is not good for www.shop.example"), "{found}");
}

#[tokio::test(start_paused = true)]
async fn certificates_are_judged_by_the_names_that_clients_use() {
    let stage = Stage::undisturbed(SCENARIO);
    let site = survey(&stage, "web").await;
    let judged = judged(&stage, &site, &["www.shop.example", "shop.example"]);
    let reported: Vec<_> = judged.iter().map(|it| (it.name(), it.objection())).collect();
    assert_eq!(
        reported,
        [
            ("*.shop.example", Some("does not cover shop.example".to_owned())),
            ("other.example", Some("does not cover www.shop.example, shop.example".to_owned())),
            ("www.shop.example", Some("expired".to_owned())),
        ]
    );
    assert_eq!(judged[2].unfit, Some(Unfit::Expired));
    assert_eq!(judged[0].probed("web").as_deref(), Some("www.shop.example"));
}

#[tokio::test(start_paused = true)]
async fn where_it_makes_no_sense_it_is_refused() {
    let stage = Stage::undisturbed(SCENARIO);
    let refusal = async |name: &str| survey(&stage, name).await.refusal().map(|it| it.to_string());
    assert_eq!(
        refusal("one").await.as_deref(),
        Some("the load balancer is shared: its listeners and certificates are its owner's business")
    );
    let worker = refusal("jobs").await.unwrap();
    assert!(worker.starts_with("the environment has no application load balancer"), "{worker}");
    assert_eq!(refusal("web").await, None);
}

#[tokio::test(start_paused = true)]
async fn where_there_is_a_listener_only_the_rest_is_done_and_301_comes_later() {
    let stage = Stage::undisturbed(SCENARIO);
    let steps = |course: &beanpole::change::Operation| course.steps.iter().map(step_of).collect::<Vec<_>>();
    let mut first = course(&stage, "done", Route::Elb, Redirecting::Temporary).await;
    assert_eq!(steps(&first), [HttpsStep::Probe, HttpsStep::Redirect]);
    assert_eq!(survey(&stage, "done").await.redirects(), [Redirecting::Temporary, Redirecting::No]);
    first = set_out(&stage, first).await.unwrap();
    go_on(&stage, &mut first).await;
    assert_eq!(survey(&stage, "done").await.redirects(), [Redirecting::No, Redirecting::Permanent]);
    let mut later = set_out(&stage, course(&stage, "done", Route::Elb, Redirecting::Permanent).await).await.unwrap();
    go_on(&stage, &mut later).await;
    assert!(seen(&stage, "done").await.contains("redirect to HTTPS (301)"));
}

/// Makes a rule on port 80 of an environment, as another client.
async fn makes_rule(stage: &Stage, name: &str, rule: &str) {
    let arn = survey(stage, name).await.listener(80).unwrap().key.id.clone();
    let answer =
        ask(stage, "elasticloadbalancing", &format!("Action=CreateRule&Version=2015-12-01&ListenerArn={arn}&{rule}"));
    assert!(answer.contains("<RuleArn>"), "{answer}");
}

const EVERY_PATH: &str = "Conditions.member.1.Field=path-pattern&Conditions.member.1.Values.member.1=/*";
const ONE_HOST: &str = "Conditions.member.1.Field=host-header&Conditions.member.1.Values.member.1=a.shop.example";

fn redirecting(status: &str) -> String {
    let config = "Actions.member.1.RedirectConfig";
    format!("Actions.member.1.Type=redirect&{config}.Protocol=HTTPS&{config}.Port=443&{config}.StatusCode={status}")
}

/// The place and the status of the redirect that is proposed.
async fn proposed(stage: &Stage, name: &str, redirecting: Redirecting) -> Option<(u32, String, bool)> {
    use beanpole::change::https::HttpsStage as Proposed;
    let course = course(stage, name, Route::Elb, redirecting).await;
    course.setup.as_ref().unwrap().stages.iter().find_map(|stage| match stage {
        Proposed::RedirectRule { priority, status, before, .. } => {
            Some((*priority, status.to_string(), before.is_some()))
        }
        _ => None,
    })
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_a_rule_for_every_path_with_the_first_free_priority() {
    // The rules that are there, what can be chosen, and the rule that is proposed.
    type Proposed = Option<(u32, &'static str, bool)>;
    let (temporary, permanent) = (redirecting("HTTP_302"), redirecting("HTTP_301"));
    let table: [(&[String], &[Redirecting], Proposed); 6] = [
        (&[], &[Redirecting::Temporary, Redirecting::No], Some((1, "HTTP_302", false))),
        (
            &[format!("Priority=1&{ONE_HOST}&{permanent}")],
            &[Redirecting::Temporary, Redirecting::No],
            Some((2, "HTTP_302", false)),
        ),
        (
            &[format!("Priority=7&{ONE_HOST}&{permanent}")],
            &[Redirecting::Temporary, Redirecting::No],
            Some((1, "HTTP_302", false)),
        ),
        (
            &[format!("Priority=3&{EVERY_PATH}&{temporary}")],
            &[Redirecting::No, Redirecting::Permanent],
            Some((3, "HTTP_301", true)),
        ),
        (&[format!("Priority=3&{EVERY_PATH}&{permanent}")], &[Redirecting::No], None),
        (
            &[format!("Priority=1&{ONE_HOST}&{temporary}"), format!("Priority=2&{EVERY_PATH}&{permanent}")],
            &[Redirecting::No],
            None,
        ),
    ];
    for (rules, choices, expected) in table {
        let stage = Stage::undisturbed(SCENARIO);
        for rule in rules {
            makes_rule(&stage, "done", rule).await;
        }
        let site = survey(&stage, "done").await;
        assert_eq!(site.redirects(), choices, "{rules:?}");
        let is_redirected = !choices.contains(&Redirecting::Temporary);
        assert_eq!(site.redirected().is_some(), is_redirected, "{rules:?}: {:?}", site.redirected());
        let wanted = choices.iter().copied().find(|it| *it != Redirecting::No).unwrap_or(Redirecting::Temporary);
        let found = proposed(&stage, "done", wanted).await;
        let found = found.as_ref().map(|(priority, status, is_there)| (*priority, status.as_str(), *is_there));
        assert_eq!(found, expected, "{rules:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rule_that_redirects_already_is_made_permanent_and_put_back() {
    let stage = Stage::undisturbed(SCENARIO);
    makes_rule(&stage, "done", &format!("Priority=3&{EVERY_PATH}&{}", redirecting("HTTP_302"))).await;
    let before = seen(&stage, "done").await;
    let mut course = set_out(&stage, course(&stage, "done", Route::Elb, Redirecting::Permanent).await).await.unwrap();
    go_on(&stage, &mut course).await;
    assert!(course.has_finished(), "{course:?}");
    assert!(seen(&stage, "done").await.contains("rule Number(3) [\"/*\"] redirect to HTTPS (301)"));
    assert_eq!((stage.calls("ModifyRule"), stage.calls("CreateRule"), stage.calls("ModifyListener")), (1, 1, 0));
    take_back(&stage, &course).await;
    assert_eq!(seen(&stage, "done").await, before);
}

#[tokio::test(start_paused = true)]
async fn a_priority_that_was_taken_meanwhile_is_a_conflict() {
    let stage = Stage::undisturbed(SCENARIO);
    let mut course = set_out(&stage, course(&stage, "done", Route::Elb, Redirecting::Temporary).await).await.unwrap();
    makes_rule(&stage, "done", &format!("Priority=1&{ONE_HOST}&{}", redirecting("HTTP_301"))).await;
    let steps = go_on(&stage, &mut course).await;
    let reported = ended(&course, &steps);
    assert!(
        reported[1].starts_with("redirect of port 80 conflict: nothing was written, because rule 1 of port 80"),
        "{reported:?}"
    );
    assert_eq!(stage.calls("CreateRule"), 1, "somebody's own");
}

#[tokio::test(start_paused = true)]
async fn by_elb_and_in_production_the_name_is_typed() {
    let stage = Stage::undisturbed(SCENARIO);
    let now = || stage.now();
    let refused = Err(Refusal::NotConfirmed { name: "web".into() });
    let elb = course(&stage, "web", Route::Elb, Redirecting::No).await;
    assert_eq!(stage.writer(&now).begin(elb, &Confirmation::default()).await, refused);
    let beanstalk = course(&stage, "web", Route::Beanstalk, Redirecting::No).await;
    let production = Confirmation { production: true, ..Confirmation::default() };
    assert_eq!(stage.writer(&now).begin(beanstalk.clone(), &production).await, refused);
    let read_only = Confirmation { read_only: true, ..site::typed(&beanstalk) };
    assert_eq!(stage.writer(&now).begin(beanstalk, &read_only).await, Err(Refusal::ReadOnly));
    assert_eq!((stage.writes(), stage.entries().len()), (0, 1), "that it was read-only is recorded");
}

#[tokio::test(start_paused = true)]
async fn what_someone_else_changes_meanwhile_is_a_conflict() {
    let stage = Stage::undisturbed(SCENARIO);
    let mut course = set_out(&stage, course(&stage, "web", Route::Elb, Redirecting::No).await).await.unwrap();
    let group = survey(&stage, "web").await.load_balancer().unwrap().security_groups[0].clone();
    let permission = "IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=80&IpPermissions.1.ToPort=80&IpPermissions.1.Ipv6Ranges.1.CidrIpv6=::/0";
    ask(
        &stage,
        "ec2",
        &format!("Action=AuthorizeSecurityGroupIngress&Version=2016-11-15&GroupId={group}&{permission}"),
    );
    let steps = go_on(&stage, &mut course).await;
    let reported = ended(&course, &steps);
    assert!(
        reported[1]
            .starts_with("rule for port 443 conflict: nothing was written, because who reaches port 80 and not 443"),
        "{reported:?}"
    );
    assert_eq!(stage.calls("AuthorizeSecurityGroupIngress"), 1);
}

#[tokio::test(start_paused = true)]
async fn beanstalks_own_listener_collides_with_one_that_was_made_by_hand() {
    let stage = Stage::undisturbed(SCENARIO);
    let beanstalk = course(&stage, "web", Route::Beanstalk, Redirecting::No).await;
    let mut by_hand = set_out(&stage, course(&stage, "web", Route::Elb, Redirecting::No).await).await.unwrap();
    go_on(&stage, &mut by_hand).await;
    // Another client deleted the listener after the plan, and it is back when the update runs.
    let mut beanstalk = set_out(&stage, beanstalk).await.unwrap();
    let steps = go_on(&stage, &mut beanstalk).await;
    assert_eq!(steps[0].outcome, Outcome::Applied, "Beanstalk takes the update");
    let reported = ended(&beanstalk, &steps);
    assert!(reported[1].starts_with("rule for port 443 conflict"), "{reported:?}");
    let events =
        ask(&stage, "elasticbeanstalk", "Action=DescribeEvents&Version=2010-12-01&EnvironmentName=web&Severity=ERROR");
    assert!(events.contains("DuplicateListener"), "{events}");
}

//! Linking a region: what is read to link load balancers and target groups, with the fewest calls.

use super::region::{Region, SCOPE, check_set, environment, group, key, with};
use crate::model::{EnvironmentStatus, FaultKind, Source};
use crate::polling::Question;

const BASE: [&str; 3] = ["Environments 15s", "LoadBalancers 60s", "TargetGroups 60s"];
/// What is read beside [`BASE`] once it is known: whose the groups on the shared ALB are, and what `lone` has.
const OPEN: [&str; 4] =
    ["Tags chat-1 900s", "Tags shop-1 900s", "Tags common 900s", "EnvironmentResources e-lone 300s"];

fn linked(more: &[&'static str]) -> Vec<&'static str> {
    [&BASE, more].concat()
}

#[test]
fn linking_asks_only_for_what_is_still_open() {
    let tried = |kind: FaultKind| {
        with(Region::listed(), |it| {
            ["shop-1", "chat-1"].iter().for_each(|name| it.fail(&Source::TargetGroupTags(group(name)), kind));
        })
    };
    let [chat, shop, common, lone] = OPEN;
    let of_shop = ["EnvironmentResources e-shop 300s", "Listeners common 300s"];
    let states = vec![
        ("nothing is read", Region::unread(), linked(&[])),
        ("the lists are read", Region::listed(), linked(&OPEN)),
        ("throttled, which is no answer", tried(FaultKind::Throttled), linked(&OPEN)),
        (
            "tags that say nothing of `shop`: its resources and the rules may",
            with(Region::listed(), |it| {
                it.tag("shop-1", None);
                it.tag("chat-1", Some("chat"));
                it.listeners("common", &[("HTTP", 80, "chat-1")]);
                it.resources("shop", "asg-shop");
            }),
            linked(&[
                lone,
                chat,
                shop,
                common,
                of_shop[0],
                "AutoScalingGroups asg-shop 60s",
                of_shop[1],
                "Rules listener/80 300s",
            ]),
        ),
        ("only one of the two tags was tried", with(Region::listed(), |it| it.tag("shop-1", None)), linked(&OPEN)),
        (
            "what Beanstalk names for `lone` was denied: the tags of all groups may show it",
            with(Region::listed(), |it| it.fail(&Source::Resources(key("lone")), FaultKind::Denied)),
            linked(&[chat, shop, common, lone, "Tags tcp-1 900s", "Tags web-1 900s"]),
        ),
        (
            "the list of load balancers was denied: each of a few environments is asked about",
            with(Region::unread(), |it| {
                it.environments([environment("lone"), environment("jobs")]);
                it.read(&Source::Environments(SCOPE));
                it.read(&Source::TargetGroups(SCOPE));
                it.fail(&Source::LoadBalancers(SCOPE), FaultKind::Denied);
            }),
            linked(&[lone]),
        ),
    ];
    for (state, region, expected) in states {
        check_set(state, &region, &Question::Linked, &expected);
    }
}

#[test]
fn an_environment_that_ends_or_has_no_balancer_is_not_asked_about() {
    for (status, is_asked) in [
        (EnvironmentStatus::Ready, true),
        (EnvironmentStatus::Launching, true),
        (EnvironmentStatus::Terminating, false),
        (EnvironmentStatus::Terminated, false),
    ] {
        let mut region = Region::unread();
        let mut lone = environment("lone");
        lone.status = status.clone();
        region.environments([lone]);
        [Source::Environments(SCOPE), Source::LoadBalancers(SCOPE), Source::TargetGroups(SCOPE)]
            .iter()
            .for_each(|source| region.read(source));
        let expected = if is_asked { linked(&["EnvironmentResources e-lone 300s"]) } else { BASE.to_vec() };
        check_set(status.as_str(), &region, &Question::Linked, &expected);
    }
}

#[test]
fn more_than_twenty_environments_are_not_asked_about_one_by_one_where_a_list_is_denied() {
    for (count, is_listed, asked) in [(20, false, 20), (21, false, 0), (21, true, 21)] {
        let mut region = Region::unread();
        region.environments((0..count).map(|it| environment(&format!("env-{it}"))).collect::<Vec<_>>());
        region.read(&Source::Environments(SCOPE));
        region.read(&Source::TargetGroups(SCOPE));
        let listed = Source::LoadBalancers(SCOPE);
        if is_listed {
            region.read(&listed);
        } else {
            region.fail(&listed, FaultKind::Denied);
        }
        assert_eq!(region.plan(Question::Linked).len(), 3 + asked, "{count} environments, listed: {is_listed}");
    }
}

#[test]
fn proof_is_asked_for_of_every_group_once_there_is_a_list_of_them() {
    check_set("unread", &Region::unread(), &Question::Proven, &[]);
    let all = ["chat-1", "shop-1", "tcp-1", "web-1"].map(|it| format!("Tags {it} 900s hidden"));
    check_set("listed", &Region::listed(), &Question::Proven, &all.each_ref().map(String::as_str));
}

//! A health check on another port, on the screen: the confirmation shows the security group's outbound rules.

use beanpole::sim::{Faults, Policy};

use super::Desk;
use crate::support::somebody::{ask, between};

const KEY: &str = "health_check.port";

/// What the confirmation of another port notes of egress.
async fn notes(prepare: impl FnOnce(&Desk)) -> (Vec<String>, String) {
    let mut desk = Desk::new("web").await;
    prepare(&desk);
    desk.select(KEY).await;
    desk.harness.press("<enter><ctrl-u>8080<down><down><right><enter>").await;
    desk.harness.pass(3).await;
    let screen = desk.screen();
    let notes = desk.lines().into_iter().filter(|it| it.contains("egress")).collect();
    (notes, screen)
}

#[tokio::test(start_paused = true)]
async fn a_port_that_is_closed_on_the_way_out_is_noted_with_its_group() {
    let (notes, screen) = notes(|_| ()).await;
    let [note] = notes.as_slice() else { panic!("{notes:?}\n{screen}") };
    assert!(note.contains("security group sg-") && note.contains("lets TCP 8080 out (egress) to 0.0.0.0/0"), "{note}");
    assert!(screen.contains("Note: the health check fails until"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn a_port_that_is_open_is_not_noted() {
    let open = |desk: &Desk| {
        let world = &desk.harness.stage.world;
        world.set_faults(Faults { policy: Policy::everything(), ..Faults::none() });
        let listed = ask(world, "elasticloadbalancing", "Action=DescribeLoadBalancers&Version=2015-12-01");
        for part in listed.split("<SecurityGroups>").skip(1) {
            let id = between(part, "member");
            let permission = "IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=8080&IpPermissions.1.ToPort=8080";
            let range = "IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0";
            let body =
                format!("Action=AuthorizeSecurityGroupEgress&Version=2016-11-15&GroupId={id}&{permission}&{range}");
            let answer = ask(world, "ec2", &body);
            assert!(answer.contains("<return>true<") || answer.contains("InvalidPermission.Duplicate"), "{answer}");
        }
    };
    let (notes, screen) = notes(open).await;
    assert_eq!(notes, [""; 0], "{screen}");
}

#[tokio::test(start_paused = true)]
async fn a_group_that_cannot_be_read_is_said() {
    let deny = |desk: &Desk| {
        let deny = vec!["ec2:DescribeSecurityGroups".to_owned()];
        desk.harness.stage.world.set_faults(Faults { deny, ..Faults::none() });
    };
    let (notes, screen) = notes(deny).await;
    let [note] = notes.as_slice() else { panic!("{notes:?}\n{screen}") };
    assert!(note.contains("could not be read: whether they let TCP 8080 out (egress) is unknown"), "{note}");
}

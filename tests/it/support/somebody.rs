//! Another client, which reads the simulated region and changes something in it, without the SDK.

use beanpole::sim::{Request, Response, World};

/// The answer to a query request with this body.
pub fn answer(world: &World, service: &str, body: &str) -> Response {
    let scope = format!("AWS4-HMAC-SHA256 Credential=a/20261123/eu-west-1/{service}/aws4_request");
    world.answer(&Request {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        headers: vec![("authorization".to_owned(), scope)],
        body: body.as_bytes().to_vec(),
    })
}

/// The body of the answer.
pub fn ask(world: &World, service: &str, body: &str) -> String {
    String::from_utf8(answer(world, service, body).body).unwrap()
}

/// Returns what is between the first two of a tag.
pub fn between<'a>(text: &'a str, tag: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("<{tag}>")).unwrap_or_else(|| panic!("no {tag} in {text}"));
    rest.split('<').next().unwrap()
}

/// Puts the VPC's default group on a load balancer, open on port 80 to these, in place of its own.
pub fn puts_the_default_group_on(world: &World, load_balancer: &str) {
    let find = "Action=DescribeSecurityGroups&Version=2016-11-15&Filter.1.Name=group-name&Filter.1.Value.1=default";
    let listed = ask(world, "ec2", find);
    let group = between(&listed, "groupId");
    let permission = "IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=80&IpPermissions.1.ToPort=80";
    let sources = "IpPermissions.1.IpRanges.1.CidrIp=203.0.113.0/24&IpPermissions.1.Ipv6Ranges.1.CidrIpv6=2001:db8::/32&IpPermissions.1.PrefixListIds.1.PrefixListId=pl-1";
    let open =
        format!("Action=AuthorizeSecurityGroupIngress&Version=2016-11-15&GroupId={group}&{permission}&{sources}");
    let opened = ask(world, "ec2", &open);
    assert!(opened.contains("<return>true</return>") || opened.contains("InvalidPermission.Duplicate"), "{opened}");
    let set = format!(
        "Action=SetSecurityGroups&Version=2015-12-01&LoadBalancerArn={load_balancer}&SecurityGroups.member.1={group}"
    );
    assert!(ask(world, "elasticloadbalancing", &set).contains(group));
}

/// What an object of S3 holds; `None` if there is none.
pub fn object(world: &World, bucket: &str, key: &str) -> Option<Vec<u8>> {
    let scope = "AWS4-HMAC-SHA256 Credential=a/20261123/eu-west-1/s3/aws4_request".to_owned();
    let answer = world.answer(&Request {
        method: "GET".to_owned(),
        path: format!("/{bucket}/{key}"),
        headers: vec![("authorization".to_owned(), scope)],
        body: Vec::new(),
    });
    (answer.status == 200).then_some(answer.body)
}

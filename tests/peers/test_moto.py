"""moto plays AWS: the real binary lists and links what boto3 made there, and says in words what moto cannot do."""

import types

import peers
import pytest

KEY = "elasticbeanstalk:environment-"


def network(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    zones = ("eu-west-1a", "eu-west-1b")
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{at}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for at, zone in enumerate(zones)
    ]
    group = ec2.create_security_group(GroupName="awseb-lb", Description="of the load balancer", VpcId=vpc)["GroupId"]
    return vpc, subnets, group


def balanced(elb, ec2, place, name, instances):
    """A load balancer as Beanstalk makes it: a listener, a rule, a target group with instances."""
    vpc, subnets, group = place
    balancer = elb.create_load_balancer(Name=f"awseb--AWSEB-{name}", Subnets=subnets, SecurityGroups=[group])
    balancer = balancer["LoadBalancers"][0]
    targets = elb.create_target_group(
        Name=f"awseb-AWSEB-{name}", Protocol="HTTP", Port=80, VpcId=vpc, HealthCheckPath="/healthz"
    )["TargetGroups"][0]
    forward = [{"Type": "forward", "TargetGroupArn": targets["TargetGroupArn"]}]
    listener = elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=forward
    )["Listeners"][0]
    condition = {"Field": "path-pattern", "Values": ["/api/*"]}
    elb.create_rule(ListenerArn=listener["ListenerArn"], Priority=10, Conditions=[condition], Actions=forward)
    image = ec2.describe_images()["Images"][0]["ImageId"]
    made = ec2.run_instances(
        ImageId=image, MinCount=instances, MaxCount=instances, SubnetId=subnets[0], InstanceType="t3.micro"
    )["Instances"]
    registered = [{"Id": one["InstanceId"], "Port": 80} for one in made]
    elb.register_targets(TargetGroupArn=targets["TargetGroupArn"], Targets=registered)
    return types.SimpleNamespace(balancer=balancer, group=targets, listener=listener, instances=made)


def environment(beanstalk, name, **filled):
    tags = [{"Key": f"test:{key}", "Value": value} for key, value in filled.items()]
    stack = "64bit Amazon Linux 2023 v6.6.0 running Node.js 22"
    beanstalk.create_environment(ApplicationName="shop", EnvironmentName=name, SolutionStackName=stack, Tags=tags)


@pytest.fixture(scope="module")
def region(moto):
    elb, ec2, beanstalk = (peers.client(name, moto) for name in ("elbv2", "ec2", "elasticbeanstalk"))
    place = network(ec2)
    web = balanced(elb, ec2, place, "08AE6A35595B", 3)
    api = balanced(elb, ec2, place, "1110ACD2F00D", 2)
    beanstalk.create_application(ApplicationName="shop")
    environment(beanstalk, "shop-web-prod", environment_id="e-webweb1234", cname="shop-web-prod.example")
    environment(beanstalk, "shop-api-prod", environment_id="e-apiapi1234", endpoint_url=api.balancer["DNSName"])
    # As moto has them by itself: with an empty id, so that two of them have the same.
    environment(beanstalk, "nameless-one")
    environment(beanstalk, "nameless-two")
    elb.add_tags(
        ResourceArns=[web.group["TargetGroupArn"]],
        Tags=[{"Key": f"{KEY}id", "Value": "e-webweb1234"}, {"Key": f"{KEY}name", "Value": "shop-web-prod"}],
    )
    return types.SimpleNamespace(url=moto, elb=elb, web=web, api=api)


def pairs(answer):
    return {one["Key"]: one["Value"] for one in answer["Attributes"]}


def item(answer, name):
    return next(one for one in answer["items"] if one["environment"] == name)


def test_ls_lists_every_environment(region):
    ran = peers.run(region.url, "ls", "-o", "json")
    assert ran.status == 0, ran.told
    names = [one["environment"] for one in ran.json["items"]]
    assert sorted(names) == ["nameless-one", "nameless-two", "shop-api-prod", "shop-web-prod"]
    assert {one["application"] for one in ran.json["items"]} == {"shop"}
    assert item(ran.json, "shop-web-prod")["environment_id"] == "e-webweb1234"


def test_ls_links_by_tag_and_by_dns_name(region):
    answer = peers.run(region.url, "ls", "-o", "json").json
    web = item(answer, "shop-web-prod")
    assert web["load_balancer"]["name"] == "awseb--AWSEB-08AE6A35595B"
    assert web["load_balancer"]["arn"] == region.web.balancer["LoadBalancerArn"]
    assert web["load_balancer"]["dns_name"] == region.web.balancer["DNSName"]
    (group,) = web["target_groups"]
    assert group["arn"] == region.web.group["TargetGroupArn"]
    assert (group["strength"], group["protocol"], group["port"]) == ("proven", "HTTP", 80)
    api = item(answer, "shop-api-prod")
    assert api["load_balancer"]["name"] == "awseb--AWSEB-1110ACD2F00D"
    assert [one["strength"] for one in api["target_groups"]] == ["proposed"]
    assert item(answer, "nameless-one")["load_balancer"] is None


def test_what_moto_lacks_is_told(region):
    ran = peers.run(region.url, "ls", "-o", "json")
    for error in ran.json["errors"]:
        assert error["kind"] == "other", error
        assert "DescribeEnvironmentResources" in error["source"]
        assert "with a web page" in error["message"] and "(HTTP 500)" in error["message"]
    assert ran.json["errors"]
    assert peers.run(region.url, "ls", "--strict").status == 5
    table = peers.run(region.url, "ls")
    assert "shop-web-prod" in table.text
    assert "answers in AWS's place" in " ".join(table.told.split())


def test_ls_full_reads_health_and_stickiness(region):
    def stickiness():
        (group,) = item(peers.run(region.url, "ls", "--full", "-o", "json").json, "shop-web-prod")["target_groups"]
        assert (group["healthy"], group["total"]) == (3, 3)
        return group["stickiness_enabled"]

    change = region.elb.modify_target_group_attributes
    arn = region.web.group["TargetGroupArn"]
    assert stickiness() is False
    change(TargetGroupArn=arn, Attributes=[{"Key": "stickiness.enabled", "Value": "true"}])
    assert stickiness() is True
    change(TargetGroupArn=arn, Attributes=[{"Key": "stickiness.enabled", "Value": "false"}])


def test_show_tells_the_whole_tree(region):
    ran = peers.run(region.url, "show", "shop-web-prod", "-o", "json")
    assert ran.status == 0, ran.told
    answer = ran.json
    balancer, arn = region.web.balancer, region.web.group["TargetGroupArn"]
    read = region.elb.describe_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"])
    assert answer["load_balancer"]["attributes"] == pairs(read)
    assert answer["load_balancer"]["scheme"] == balancer.get("Scheme")
    (listener,) = answer["listeners"]
    assert (listener["arn"], listener["protocol"], listener["port"]) == (region.web.listener["ListenerArn"], "HTTP", 80)
    rules = {rule["priority"]: rule for rule in listener["rules"]}
    assert set(rules) == {"10", "default"}
    assert rules["10"]["conditions"] == [{"field": "path-pattern", "values": ["/api/*"]}]
    (group,) = answer["target_groups"]
    assert group["health_check"]["path"] == "/healthz"
    assert group["attributes"] == pairs(region.elb.describe_target_group_attributes(TargetGroupArn=arn))
    wanted = {one["InstanceId"] for one in region.web.instances}
    assert {one["id"] for one in group["targets"]} == wanted
    assert {one["state"] for one in group["targets"]} == {"healthy"}
    assert any("tag" in link["evidence"] for link in answer["linked_by"]), answer["linked_by"]
    told = [error["source"] for error in answer["errors"]]
    assert any("DescribeConfigurationSettings" in source for source in told), told


def test_find_leads_from_everything_to_its_environment(region):
    web = region.web
    queries = {
        "shop-web-prod": "environment",
        "e-webweb1234": "environment_id",
        "shop-web-prod.example": "cname",
        web.balancer["LoadBalancerName"]: "load_balancer_name",
        web.balancer["DNSName"]: "dns_name",
        web.balancer["LoadBalancerArn"]: "load_balancer_arn",
        web.listener["ListenerArn"]: "listener_arn",
        web.group["TargetGroupName"]: "target_group_name",
        web.group["TargetGroupArn"]: "target_group_arn",
        web.instances[0]["InstanceId"]: "instance_id",
        web.instances[0]["PrivateIpAddress"]: "private_ip",
    }
    found = {query: peers.run(region.url, "find", query, "-o", "json") for query in queries}
    matched = {query: ran.json["items"][0]["matched"] for query, ran in found.items() if ran.json["items"]}
    assert matched == queries
    assert {ran.json["items"][0]["environment"] for ran in found.values()} == {"shop-web-prod"}
    assert {ran.status for ran in found.values()} == {0}
    assert peers.run(region.url, "find", "203.0.113.77").status == 1


def test_the_dashboard_shows_it_and_what_is_missing(region):
    with peers.Dashboard(region.url) as dashboard:
        # Where there is little room a name keeps its end, which tells it from the others.
        dashboard.until("4 environments", "shop-web-prod", "08AE6A35595B", "3/3")
        dashboard.until("~", "1110ACD2F00D", "nameless-one", "nameless-two")
        dashboard.until("Beanstalk", "with a web page")
        dashboard.press("/shop-web-prod\r\r").until("Targets 3", ":80 HTTP", "/api/*")
        target = region.web.instances[0]["InstanceId"]
        arn = region.web.group["TargetGroupArn"]
        region.elb.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": target}])
        dashboard.until("Targets 2", seconds=30)
        region.elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": target, "Port": 80}])
        dashboard.until("Targets 3", seconds=30)
        dashboard.press("\x03")
        assert dashboard.ended() == 0


def live(region):
    return pairs(region.elb.describe_target_group_attributes(TargetGroupArn=region.web.group["TargetGroupArn"]))


def test_set_writes_attributes_and_undo_puts_them_back(region, tmp_path):
    before = live(region)
    # Of the other attributes moto tells only those that somebody set.
    values = ("stickiness.enabled=true", "deregistration_delay.timeout_seconds=45")
    options = ("--route", "elb", "--yes", "-o", "json", "--confirm", "shop-web-prod")
    state = {"XDG_STATE_HOME": str(tmp_path)}
    ran = peers.run(region.url, "set", "shop-web-prod", *values, *options, **state)
    assert ran.status == 0, ran.told
    assert ran.json["observed"] == dict(value.split("=") for value in values)
    after = live(region)
    assert (after["stickiness.enabled"], after["deregistration_delay.timeout_seconds"]) == ("true", "45")
    ran = peers.run(region.url, "undo", *options[2:], **state)
    assert ran.status == 0, ran.told
    assert live(region) == before


def test_set_writes_a_health_check(region, tmp_path):
    values = ("health_check.path=/ready", "health_check.interval=20", "health_check.matcher=200,301")
    options = ("--route", "elb", "--yes", "-o", "json", "--confirm", "shop-web-prod")
    state = {"XDG_STATE_HOME": str(tmp_path)}
    ran = peers.run(region.url, "set", "shop-web-prod", *values, *options, **state)
    assert ran.status == 0, ran.told
    group = region.elb.describe_target_groups(TargetGroupArns=[region.web.group["TargetGroupArn"]])["TargetGroups"][0]
    told = (group["HealthCheckPath"], group["HealthCheckIntervalSeconds"], group["Matcher"]["HttpCode"])
    assert told == ("/ready", 20, "200,301")

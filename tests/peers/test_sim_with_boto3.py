"""The simulated region, read by boto3: somebody else's models of AWS check what it answers.

botocore parses every answer by AWS's own service models, so a member of the wrong name or type goes missing here.
The suite reads the scenario `shop` at BEANPOLE_SIM_URL, and `fleet-200` at BEANPOLE_SIM_FLEET_URL for pages:

    beanpole sim --listen 127.0.0.1:4599 --scenario shop &
    beanpole sim --listen 127.0.0.1:4600 --scenario fleet-200 &
    BEANPOLE_SIM_URL=http://127.0.0.1:4599 BEANPOLE_SIM_FLEET_URL=http://127.0.0.1:4600 pytest tests/peers
"""

import datetime
import os
import re

import boto3
import botocore
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

SHOP = os.environ.get("BEANPOLE_SIM_URL")
FLEET = os.environ.get("BEANPOLE_SIM_FLEET_URL")

needs_shop = pytest.mark.skipif(not SHOP, reason="BEANPOLE_SIM_URL is not set")
needs_fleet = pytest.mark.skipif(not FLEET, reason="BEANPOLE_SIM_FLEET_URL is not set")
pytestmark = needs_shop


def client(service, url=None, signed=True):
    # Retries wait for the token buckets, as any client of AWS has to.
    settings = {"retries": {"mode": "standard", "max_attempts": 10}}
    if not signed:
        settings["signature_version"] = botocore.UNSIGNED
    return boto3.client(
        service,
        endpoint_url=url or SHOP,
        region_name="eu-west-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        config=Config(**settings),
    )


@pytest.fixture(scope="module")
def beanstalk():
    return client("elasticbeanstalk")


@pytest.fixture(scope="module")
def balancing():
    return client("elbv2")


@pytest.fixture(scope="module")
def environments(beanstalk):
    answer = beanstalk.describe_environments()["Environments"]
    return {one["EnvironmentName"]: one for one in answer}


@pytest.fixture(scope="module")
def load_balancers(balancing):
    answer = balancing.describe_load_balancers()["LoadBalancers"]
    return {one["LoadBalancerName"]: one for one in answer}


@pytest.fixture(scope="module")
def target_groups(balancing):
    answer = balancing.describe_target_groups()["TargetGroups"]
    return {one["TargetGroupName"]: one for one in answer}


@pytest.fixture(scope="module")
def chat(load_balancers):
    return load_balancers["awseb--AWSEB-08AE6A35595B"]


def refused(code):
    return pytest.raises(ClientError, match=rf"\({code}\)")


def has(answer, **members):
    """Required members are there and have the right types."""
    for name, kind in members.items():
        assert isinstance(answer.get(name), kind), (name, answer.get(name))


TIME = datetime.datetime

# ---------------------------------------------------------------------------------------------- Elastic Beanstalk


def test_describe_environments(environments):
    assert len(environments) == 12
    for one in environments.values():
        has(
            one,
            EnvironmentId=str,
            ApplicationName=str,
            VersionLabel=str,
            SolutionStackName=str,
            PlatformArn=str,
            DateCreated=TIME,
            DateUpdated=TIME,
            Status=str,
            AbortableOperationInProgress=bool,
            Health=str,
            Tier=dict,
            EnvironmentArn=str,
        )
        assert re.fullmatch(r"e-[a-z0-9]{10}", one["EnvironmentId"])
    kinds = {name: (one["Tier"]["Name"], one.get("EndpointURL", "")) for name, one in environments.items()}
    assert kinds["billing-jobs-prod"] == ("Worker", "")
    assert re.fullmatch(r"[0-9.]+", kinds["shop-staging"][1])
    assert kinds["billing-web-prod"][1] == kinds["billing-api-prod"][1]
    assert environments["shop-admin-prod"]["HealthStatus"] == "Severe"
    assert environments["shop-chat-prod"]["Health"] == "Red"
    assert "HealthStatus" not in environments["legacy-portal"]


def test_describe_environments_filters(beanstalk, environments):
    names = ["shop-web-prod", "no-such-environment"]
    found = beanstalk.describe_environments(EnvironmentNames=names)["Environments"]
    assert [one["EnvironmentName"] for one in found] == ["shop-web-prod"]
    ids = [environments["partner-gw"]["EnvironmentId"]]
    assert len(beanstalk.describe_environments(EnvironmentIds=ids)["Environments"]) == 1
    billing = beanstalk.describe_environments(ApplicationName="billing")["Environments"]
    assert len(billing) == 3


def test_describe_environment_resources(beanstalk, chat):
    resources = beanstalk.describe_environment_resources(EnvironmentName="shop-chat-prod")["EnvironmentResources"]
    assert resources["LoadBalancers"] == [{"Name": chat["LoadBalancerArn"]}]
    assert re.fullmatch(r"awseb-e-\w+-stack-AWSEBAutoScalingGroup-\w+", resources["AutoScalingGroups"][0]["Name"])
    assert all(re.fullmatch(r"i-0[0-9a-f]{16}", one["Id"]) for one in resources["Instances"])
    assert len(resources["LaunchTemplates"]) == 1
    worker = beanstalk.describe_environment_resources(EnvironmentName="billing-jobs-prod")["EnvironmentResources"]
    assert worker["LoadBalancers"] == []
    assert {one["Name"] for one in worker["Queues"]} == {"AWSEBWorkerQueue", "AWSEBWorkerDeadLetterQueue"}
    with refused("InvalidParameterValue"):
        beanstalk.describe_environment_resources(EnvironmentName="nobody")


def test_describe_configuration_settings(beanstalk):
    ask = beanstalk.describe_configuration_settings
    (settings,) = ask(ApplicationName="shop", EnvironmentName="shop-api-prod")["ConfigurationSettings"]
    has(settings, DeploymentStatus=str, DateCreated=TIME, SolutionStackName=str, OptionSettings=list)
    options = {(one["Namespace"], one["OptionName"]): one for one in settings["OptionSettings"]}
    process = "aws:elasticbeanstalk:environment:process:default"
    assert options[process, "StickinessEnabled"]["Value"] == "false"
    assert options[process, "DeregistrationDelay"]["Value"] == "20"
    assert options[process, "DeregistrationDelay"]["ResourceName"] == "AWSEBV2LoadBalancerTargetGroup"
    assert "Value" not in options["aws:elbv2:loadbalancer", "IdleTimeout"]
    assert options["aws:elasticbeanstalk:environment", "LoadBalancerType"]["Value"] == "application"
    with refused("InvalidParameterValue"):
        ask(ApplicationName="billing", EnvironmentName="shop-api-prod")


def test_describe_events(beanstalk):
    events = beanstalk.describe_events(EnvironmentName="shop-admin-prod")["Events"]
    for one in events:
        has(one, EventDate=TIME, Message=str, ApplicationName=str, EnvironmentName=str, Severity=str)
    dates = [one["EventDate"] for one in events]
    assert dates == sorted(dates, reverse=True)
    assert any("transitioned from Warning to Severe" in one["Message"] for one in events)
    deployed = next(one for one in events if one["Message"] == "Environment update completed successfully.")
    of_request = beanstalk.describe_events(RequestId=deployed["RequestId"])["Events"]
    assert {one["RequestId"] for one in of_request} == {deployed["RequestId"]}
    warnings = beanstalk.describe_events(Severity="WARN")["Events"]
    assert {one["Severity"] for one in warnings} <= {"WARN", "ERROR", "FATAL"}
    with refused("ValidationError"):
        beanstalk.describe_events(MaxRecords=5, Severity="LOUD")


def test_describe_events_pages(beanstalk):
    pages = beanstalk.get_paginator("describe_events").paginate(
        EnvironmentName="shop-web-prod", PaginationConfig={"PageSize": 10}
    )
    sizes = [len(page["Events"]) for page in pages]
    assert len(sizes) > 2 and set(sizes[:-1]) == {10}


def test_describe_environment_health(beanstalk):
    ask = beanstalk.describe_environment_health
    health = ask(EnvironmentName="shop-chat-prod", AttributeNames=["All"])
    assert health["HealthStatus"] == "Degraded"
    has(health, HealthStatus=str, Status=str, Color=str, Causes=list, RefreshedAt=TIME)
    has(health["ApplicationMetrics"], Duration=int, RequestCount=int, StatusCodes=dict, Latency=dict)
    has(health["ApplicationMetrics"]["Latency"], P999=float, P99=float, P95=float, P90=float, P50=float, P10=float)
    assert health["InstancesHealth"]["Severe"] == 1
    only = ask(EnvironmentName="shop-chat-prod", AttributeNames=["Causes"])
    assert set(only) == {"EnvironmentName", "Causes", "ResponseMetadata"}
    with refused("InvalidRequestException"):
        ask(EnvironmentName="legacy-portal", AttributeNames=["All"])


def test_describe_instances_health(beanstalk):
    ask = beanstalk.describe_instances_health
    answer = ask(EnvironmentName="shop-chat-prod", AttributeNames=["All"])
    for one in answer["InstanceHealthList"]:
        has(one, InstanceId=str, HealthStatus=str, Color=str, Causes=list, LaunchedAt=TIME, InstanceType=str)
        has(one["System"]["CPUUtilization"], User=float, Idle=float)
        assert len(one["System"]["LoadAverage"]) == 3
        has(one["Deployment"], VersionLabel=str, DeploymentId=int, Status=str, DeploymentTime=TIME)
    severe = [one for one in answer["InstanceHealthList"] if one["HealthStatus"] == "Severe"]
    assert len(severe) == 1 and "Target.ResponseCodeMismatch" in severe[0]["Causes"][0]


def test_describe_applications_and_versions(beanstalk):
    applications = {one["ApplicationName"]: one for one in beanstalk.describe_applications()["Applications"]}
    assert set(applications) == {"shop", "billing", "legacy", "partner"}
    has(applications["shop"], ApplicationArn=str, DateCreated=TIME, Versions=list)
    ask = beanstalk.describe_application_versions
    versions = ask(ApplicationName="shop", MaxRecords=4)
    assert len(versions["ApplicationVersions"]) == 4 and versions["NextToken"]
    for one in versions["ApplicationVersions"]:
        has(one, VersionLabel=str, SourceBundle=dict, DateCreated=TIME, Status=str)
    (found,) = ask(ApplicationName="shop", VersionLabels=["v98"])["ApplicationVersions"]
    assert found["VersionLabel"] == "v98"


# ---------------------------------------------------------------------------------------- Elastic Load Balancing v2


def test_describe_load_balancers(balancing, load_balancers):
    assert len(load_balancers) == 9
    for one in load_balancers.values():
        has(
            one,
            LoadBalancerArn=str,
            DNSName=str,
            CreatedTime=TIME,
            Scheme=str,
            VpcId=str,
            State=dict,
            Type=str,
            AvailabilityZones=list,
            SecurityGroups=list,
            IpAddressType=str,
        )
        assert one["State"]["Code"] == "active"
    types = sorted(one["Type"] for one in load_balancers.values())
    assert types == ["application"] * 8 + ["network"]
    (found,) = balancing.describe_load_balancers(Names=["shared-edge"])["LoadBalancers"]
    assert found == load_balancers["shared-edge"]
    with refused("LoadBalancerNotFound"):
        balancing.describe_load_balancers(Names=["no-such-balancer"])
    with refused("ValidationError"):
        balancing.describe_load_balancers(PageSize=401)


def test_describe_target_groups(balancing, chat, target_groups):
    for one in target_groups.values():
        has(
            one,
            TargetGroupArn=str,
            Protocol=str,
            Port=int,
            HealthCheckIntervalSeconds=int,
            HealthCheckTimeoutSeconds=int,
            HealthyThresholdCount=int,
            UnhealthyThresholdCount=int,
            LoadBalancerArns=list,
            TargetType=str,
        )
    of_chat = balancing.describe_target_groups(LoadBalancerArn=chat["LoadBalancerArn"])["TargetGroups"]
    assert len(of_chat) == 2
    assert all(one["Matcher"] == {"HttpCode": "200"} for one in of_chat)
    assert target_groups["shop-web-blue"]["LoadBalancerArns"] == []
    with refused("TargetGroupNotFound"):
        balancing.describe_target_groups(Names=["no-such-group"])
    with refused("ValidationError"):
        balancing.describe_target_groups(LoadBalancerArn=chat["LoadBalancerArn"], Names=["chat-canary"])


def test_describe_listeners_and_rules(balancing, chat, load_balancers):
    listeners = balancing.describe_listeners(LoadBalancerArn=chat["LoadBalancerArn"])["Listeners"]
    plain, secure = sorted(listeners, key=lambda one: one["Port"])
    (redirect,) = plain["DefaultActions"]
    assert (redirect["Type"], redirect["RedirectConfig"]["Protocol"]) == ("redirect", "HTTPS")
    assert redirect["RedirectConfig"]["StatusCode"] == "HTTP_301"
    assert secure["Protocol"] == "HTTPS"
    assert secure["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    assert ":certificate/" in secure["Certificates"][0]["CertificateArn"]

    rules = balancing.describe_rules(ListenerArn=secure["ListenerArn"])["Rules"]
    assert [one["Priority"] for one in rules] == ["10", "default"]
    assert [one["IsDefault"] for one in rules] == [False, True]
    (condition,) = rules[0]["Conditions"]
    assert condition["Values"] == condition["HostHeaderConfig"]["Values"] == ["chat.shop.example"]
    forward = rules[0]["Actions"][0]["ForwardConfig"]
    assert sorted(one["Weight"] for one in forward["TargetGroups"]) == [10, 90]
    assert forward["TargetGroupStickinessConfig"] == {"Enabled": True, "DurationSeconds": 86400}
    (found,) = balancing.describe_rules(RuleArns=[rules[0]["RuleArn"]])["Rules"]
    assert found == rules[0]

    shared = load_balancers["shared-edge"]["LoadBalancerArn"]
    arns = [one["ListenerArn"] for one in balancing.describe_listeners(LoadBalancerArn=shared)["Listeners"]]
    hosts = [
        value
        for rule in balancing.describe_rules(ListenerArn=arns[0])["Rules"]
        for condition in rule["Conditions"]
        for value in condition["Values"]
    ]
    assert "billing-web-prod.eu-west-1.elasticbeanstalk.com" in hosts and "api.billing.example" in hosts
    with refused("ListenerNotFound"):
        balancing.describe_rules(ListenerArn=arns[0][:-1] + "x")


def test_describe_target_health(balancing, chat):
    groups = balancing.describe_target_groups(LoadBalancerArn=chat["LoadBalancerArn"])["TargetGroups"]
    (arn,) = (one["TargetGroupArn"] for one in groups if one["TargetGroupName"] != "chat-canary")
    targets = balancing.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    for one in targets:
        has(one, Target=dict, HealthCheckPort=str, TargetHealth=dict)
    (failing,) = (one for one in targets if one["TargetHealth"]["State"] == "unhealthy")
    assert failing["TargetHealth"]["Reason"] == "Target.ResponseCodeMismatch"
    assert failing["TargetHealth"]["Description"] == "Health checks failed with these codes: [502]"
    healthy = [one for one in targets if one["TargetHealth"]["State"] == "healthy"]
    assert healthy and all(set(one["TargetHealth"]) == {"State"} for one in healthy)

    ask = {"TargetGroupArn": arn, "Targets": [failing["Target"], {"Id": healthy[0]["Target"]["Id"], "Port": 9}]}
    named = balancing.describe_target_health(**ask, Include=["AnomalyDetection"])["TargetHealthDescriptions"]
    assert [one["TargetHealth"]["State"] for one in named] == ["unhealthy", "unused"]
    assert named[1]["TargetHealth"]["Reason"] == "Target.NotRegistered"
    assert named[0]["AnomalyDetection"] == {"Result": "normal", "MitigationInEffect": "no"}
    with refused("InvalidTarget"):
        balancing.describe_target_health(TargetGroupArn=arn, Targets=[{"Id": "i-00000000000000000"}])
    with refused("TargetGroupNotFound"):
        balancing.describe_target_health(TargetGroupArn=arn[:-1] + "x")


def test_describe_tags(balancing, environments, load_balancers, target_groups):
    shared = load_balancers["shared-edge"]["LoadBalancerArn"]
    groups = [one["TargetGroupArn"] for one in target_groups.values() if shared in one["LoadBalancerArns"]]
    answer = balancing.describe_tags(ResourceArns=[shared, *groups])["TagDescriptions"]
    tags = {one["ResourceArn"]: {tag["Key"]: tag["Value"] for tag in one["Tags"]} for one in answer}
    assert tags[shared]["elasticbeanstalk:shared-elb-environment-count"] == "2"
    assert "elasticbeanstalk:environment-id" not in tags[shared]
    owners = {tags[arn]["elasticbeanstalk:environment-id"] for arn in groups}
    assert owners == {environments[f"billing-{one}-prod"]["EnvironmentId"] for one in ("web", "api")}
    with refused("ValidationError"):
        balancing.describe_tags(ResourceArns=[shared] * 21)
    with refused("TargetGroupNotFound"):
        balancing.describe_tags(ResourceArns=[shared, groups[0][:-1] + "x"])


def test_attributes(balancing, chat, target_groups):
    def pairs(answer):
        return {one["Key"]: one["Value"] for one in answer["Attributes"]}

    balancer = pairs(balancing.describe_load_balancer_attributes(LoadBalancerArn=chat["LoadBalancerArn"]))
    assert balancer["idle_timeout.timeout_seconds"] == "300"
    canary = target_groups["chat-canary"]["TargetGroupArn"]
    group = pairs(balancing.describe_target_group_attributes(TargetGroupArn=canary))
    assert (group["stickiness.enabled"], group["stickiness.type"]) == ("true", "lb_cookie")
    assert group["deregistration_delay.timeout_seconds"] == "300"
    listeners = balancing.describe_listeners(LoadBalancerArn=chat["LoadBalancerArn"])["Listeners"]
    listener = pairs(balancing.describe_listener_attributes(ListenerArn=listeners[0]["ListenerArn"]))
    assert listener["routing.http.response.server.enabled"] == "true"


# ---------------------------------------------------------------------------------------- Auto Scaling, EC2, ACM, STS


def test_describe_auto_scaling_groups(beanstalk, target_groups):
    scaling = client("autoscaling")
    resources = beanstalk.describe_environment_resources(EnvironmentName="billing-api-prod")["EnvironmentResources"]
    name = resources["AutoScalingGroups"][0]["Name"]
    (group,) = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    has(group, MinSize=int, MaxSize=int, DesiredCapacity=int, Instances=list, CreatedTime=TIME, SuspendedProcesses=list)
    assert group["HealthCheckType"] == "EC2"
    (arn,) = group["TargetGroupARNs"]
    assert arn in {one["TargetGroupArn"] for one in target_groups.values()}
    assert [one["Id"] for one in resources["Instances"]] == [one["InstanceId"] for one in group["Instances"]]
    assert scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["nobody"])["AutoScalingGroups"] == []
    page = scaling.describe_auto_scaling_groups(MaxRecords=5)
    assert len(page["AutoScalingGroups"]) == 5 and page["NextToken"]
    with refused("ValidationError"):
        scaling.describe_auto_scaling_groups(MaxRecords=101)


def test_describe_instances(environments):
    ec2 = client("ec2")
    wanted = [{"Name": "tag:elasticbeanstalk:environment-name", "Values": ["shop-web-*"]}]
    found = [
        instance
        for page in ec2.get_paginator("describe_instances").paginate(Filters=wanted)
        for reservation in page["Reservations"]
        for instance in reservation["Instances"]
    ]
    assert len(found) == 6
    for one in found:
        has(one, InstanceId=str, PrivateIpAddress=str, InstanceType=str, LaunchTime=TIME, SecurityGroups=list, Tags=list)
        assert one["State"] == {"Code": 16, "Name": "running"}
        assert one["Placement"]["AvailabilityZone"].startswith("eu-west-1")
    ids = [one["InstanceId"] for one in found]
    assert len(ec2.describe_instances(InstanceIds=ids)["Reservations"]) == 6
    with refused("InvalidInstanceID.NotFound"):
        ec2.describe_instances(InstanceIds=["i-00000000000000000"])
    with refused("InvalidParameterValue"):
        ec2.describe_instances(Filters=[{"Name": "colour", "Values": ["red"]}])


def test_describe_security_groups_and_subnets(chat):
    ec2 = client("ec2")
    (group,) = ec2.describe_security_groups(GroupIds=chat["SecurityGroups"])["SecurityGroups"]
    assert "AWSEBLoadBalancerSecurityGroup" in group["GroupName"]
    ports = [(one["FromPort"], one["IpRanges"]) for one in group["IpPermissions"]]
    assert ports == [(80, [{"CidrIp": "0.0.0.0/0"}]), (443, [{"CidrIp": "0.0.0.0/0"}])]
    with refused("InvalidGroup.NotFound"):
        ec2.describe_security_groups(GroupIds=["sg-00000000000000000"])
    subnets = {one["SubnetId"]: one for one in ec2.describe_subnets()["Subnets"]}
    assert len(subnets) == 3
    for zone in chat["AvailabilityZones"]:
        assert subnets[zone["SubnetId"]]["AvailabilityZone"] == zone["ZoneName"]


def test_list_certificates(balancing, chat):
    acm = client("acm")
    listed = acm.list_certificates()["CertificateSummaryList"]
    domains = {one["DomainName"]: one for one in listed}
    assert "*.billing.example" not in domains
    has(domains["chat.shop.example"], CertificateArn=str, NotAfter=TIME, InUse=bool, KeyAlgorithm=str)
    left = domains["chat.shop.example"]["NotAfter"] - datetime.datetime.now(datetime.timezone.utc)
    assert left.days in (30, 31)
    every = acm.list_certificates(Includes={"keyTypes": ["RSA_2048", "EC_prime256v1"]}, CertificateStatuses=["ISSUED"])
    names = {one["DomainName"] for one in every["CertificateSummaryList"]}
    assert "*.billing.example" in names and "new.shop.example" not in names
    page = acm.list_certificates(MaxItems=2)
    assert len(page["CertificateSummaryList"]) == 2 and page["NextToken"]


def test_get_caller_identity():
    identity = client("sts").get_caller_identity()
    assert identity["Account"] == "471108151234"
    assert identity["Arn"] == "arn:aws:sts::471108151234:assumed-role/prod-admin/demo"
    has(identity, UserId=str)


# -------------------------------------------------------------------------------------------------------- CloudWatch


def query(identifier, metric, statistic, period=60, namespace="AWS/ApplicationELB", **dimensions):
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    metric = {"Namespace": namespace, "MetricName": metric, "Dimensions": named}
    return {"Id": identifier, "MetricStat": {"Metric": metric, "Period": period, "Stat": statistic}}


def an_hour(**more):
    now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
    # Six minutes back, every minute has been published for good.
    return {"StartTime": now - datetime.timedelta(minutes=66), "EndTime": now - datetime.timedelta(minutes=6), **more}


@pytest.fixture(scope="module")
def names(chat, target_groups):
    balancer = chat["LoadBalancerArn"].split(":loadbalancer/")[1]
    canary = target_groups["chat-canary"]["TargetGroupArn"].split(":")[-1]
    return {"LoadBalancer": balancer}, {"LoadBalancer": balancer, "TargetGroup": canary}


def test_get_metric_data(names):
    balancer, canary = names
    zone = {**canary, "AvailabilityZone": "eu-west-1a"}
    wanted = [
        query("m0", "RequestCount", "Sum", **balancer),
        query("m1", "RequestCount", "Sum", **canary),
        query("m2", "TargetResponseTime", "p50", **balancer),
        query("m3", "TargetResponseTime", "p99", **balancer),
        query("m4", "HealthyHostCount", "Average", **canary),
        query("m5", "HealthyHostCount", "Average", **balancer),
        query("m6", "HTTPCode_ELB_5XX_Count", "Sum", **canary),
        query("m7", "HealthyHostCount", "Average", **zone),
        query("m8", "EnvironmentHealth", "Maximum", namespace="AWS/ElasticBeanstalk", EnvironmentName="shop-api-prod"),
    ]
    answer = client("cloudwatch").get_metric_data(MetricDataQueries=wanted, **an_hour())
    results = {one["Id"]: one for one in answer["MetricDataResults"]}
    for one in results.values():
        assert one["StatusCode"] == "Complete" and len(one["Timestamps"]) == len(one["Values"])
    assert len(results["m0"]["Values"]) == 60
    assert results["m0"]["Timestamps"] == sorted(results["m0"]["Timestamps"], reverse=True)
    assert all(whole > part for whole, part in zip(results["m0"]["Values"], results["m1"]["Values"]))
    assert all(p50 < p99 for p50, p99 in zip(results["m2"]["Values"], results["m3"]["Values"]))
    assert set(results["m4"]["Values"]) == {1.0}
    # Dimensions match exactly as a set: host counts are a target group's, the balancer's own errors are not.
    assert results["m5"]["Values"] == [] and results["m6"]["Values"] == []
    assert len(results["m7"]["Values"]) == 60 and set(results["m7"]["Values"]) == {0.0}, "none in that zone"
    assert set(results["m8"]["Values"]) == {15.0}


def test_get_metric_data_orders_periods_and_pages(names):
    balancer, _ = names
    cloudwatch = client("cloudwatch")
    ask = [query("m0", "RequestCount", "Sum", **balancer), query("m1", "ActiveConnectionCount", "Sum", **balancer)]
    window = an_hour(ScanBy="TimestampAscending")
    whole = cloudwatch.get_metric_data(MetricDataQueries=ask, **window)["MetricDataResults"]
    assert whole[0]["Timestamps"] == sorted(whole[0]["Timestamps"])

    together = {"m0": [], "m1": []}
    token, codes = {}, []
    while True:
        page = cloudwatch.get_metric_data(MetricDataQueries=ask, MaxDatapoints=50, **window, **token)
        for one in page["MetricDataResults"]:
            together[one["Id"]] += one["Values"]
        codes.append([one["StatusCode"] for one in page["MetricDataResults"]])
        if not page.get("NextToken"):
            break
        token = {"NextToken": page["NextToken"]}
    assert together == {one["Id"]: one["Values"] for one in whole}
    assert codes[0] == ["PartialData", "PartialData"] and codes[-1] == ["Complete", "Complete"]

    start = window["StartTime"].replace(minute=0)
    hour = {"StartTime": start, "EndTime": start + datetime.timedelta(hours=1)}
    fine = cloudwatch.get_metric_data(MetricDataQueries=[query("m0", "RequestCount", "Sum", **balancer)], **hour)
    coarse = cloudwatch.get_metric_data(MetricDataQueries=[query("m0", "RequestCount", "Sum", 3600, **balancer)], **hour)
    assert coarse["MetricDataResults"][0]["Values"] == [pytest.approx(sum(fine["MetricDataResults"][0]["Values"]), rel=0.05)]


def test_get_metric_data_refusals(names):
    balancer, _ = names
    cloudwatch = client("cloudwatch")
    with refused("InvalidParameterValue"):
        cloudwatch.get_metric_data(MetricDataQueries=[query("m0", "RequestCount", "Sum", 61, **balancer)], **an_hour())
    with refused("ValidationError"):
        cloudwatch.get_metric_data(MetricDataQueries=[query("M0", "RequestCount", "Sum", **balancer)], **an_hour())
    with refused("ValidationError"):
        many = [query(f"m{number}", "RequestCount", "Sum", **balancer) for number in range(501)]
        cloudwatch.get_metric_data(MetricDataQueries=many, **an_hour())
    with refused("InvalidNextToken"):
        one = [query("m0", "RequestCount", "Sum", **balancer)]
        cloudwatch.get_metric_data(MetricDataQueries=one, NextToken="eyJ", **an_hour())


def test_describe_alarms():
    cloudwatch = client("cloudwatch")
    alarms = {one["AlarmName"]: one for one in cloudwatch.describe_alarms()["MetricAlarms"]}
    assert len(alarms) == 3
    for one in alarms.values():
        has(one, AlarmArn=str, StateValue=str, StateUpdatedTimestamp=TIME, Threshold=float, Period=int, Dimensions=list)
    assert alarms["shop-admin-prod-no-healthy-host"]["StateValue"] == "ALARM"
    assert {one["Name"] for one in alarms["shop-admin-prod-no-healthy-host"]["Dimensions"]} == {"LoadBalancer", "TargetGroup"}
    assert alarms["legacy-portal-latency"]["Namespace"] == "AWS/ELB"
    assert len(cloudwatch.describe_alarms(AlarmNamePrefix="shop-")["MetricAlarms"]) == 2
    assert len(cloudwatch.describe_alarms(StateValue="ALARM")["MetricAlarms"]) == 1


# ---------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code"),
    [
        ("elasticbeanstalk", "list_available_solution_stacks", {}, "InvalidAction"),
        ("elbv2", "describe_account_limits", {}, "InvalidAction"),
        ("elb", "describe_load_balancers", {}, "InvalidAction"),
        ("autoscaling", "describe_policies", {}, "InvalidAction"),
        ("ec2", "describe_vpcs", {}, "InvalidAction"),
        ("sts", "get_session_token", {}, "InvalidAction"),
        ("cloudwatch", "list_metrics", {}, "UnknownOperationException"),
        ("acm", "get_account_configuration", {}, "UnknownOperationException"),
    ],
)
def test_what_is_not_simulated_is_refused(service, operation, parameters, code):
    with refused(code):
        getattr(client(service), operation)(**parameters)


def test_without_credentials_nothing_is_answered():
    with refused("MissingAuthenticationToken"):
        client("elasticbeanstalk", signed=False).describe_environments()


# ------------------------------------------------------------------------------------------------------------ writes


def test_update_and_abort(beanstalk):
    name = "shop-ws-prod"
    answer = beanstalk.update_environment(EnvironmentName=name, VersionLabel="v104")
    has(answer, EnvironmentId=str, VersionLabel=str, Status=str, AbortableOperationInProgress=bool, DateUpdated=TIME)
    assert (answer["Status"], answer["VersionLabel"]) == ("Updating", "v104")
    request = answer["ResponseMetadata"]["RequestId"]
    environment = beanstalk.describe_environments(EnvironmentNames=[name])["Environments"][0]
    assert (environment["Status"], environment["VersionLabel"]) == ("Updating", "v77")
    assert environment["AbortableOperationInProgress"] is True
    events = beanstalk.describe_events(EnvironmentName=name, RequestId=request)["Events"]
    assert events[-1]["Message"] == "Environment update is starting."
    assert {event["RequestId"] for event in events} == {request}
    with pytest.raises(ClientError, match="is in an invalid state for this operation. Must be Ready."):
        beanstalk.update_environment(EnvironmentName=name, VersionLabel="v104")
    beanstalk.abort_environment_update(EnvironmentName=name)
    environment = beanstalk.describe_environments(EnvironmentNames=[name])["Environments"][0]
    assert environment["Status"] in ("Aborting", "Ready")
    with refused("InvalidParameterValue"):
        beanstalk.abort_environment_update(EnvironmentName=name)


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"EnvironmentName": "nobody", "VersionLabel": "v104"}, "InvalidParameterValue"),
        ({"EnvironmentName": "shop-web-prod", "VersionLabel": "v9000"}, "InvalidParameterValue"),
        (
            {"EnvironmentName": "shop-web-prod", "VersionLabel": "v104", "TemplateName": "blue"},
            "InvalidParameterCombination",
        ),
    ],
)
def test_updates_that_cannot_be(beanstalk, parameters, code):
    with refused(code):
        beanstalk.update_environment(**parameters)


def test_mute_rules():
    cloudwatch = client("cloudwatch")
    alarms = ["shop-admin-prod-no-healthy-host", "shop-web-prod-elb-5xx"]
    now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
    end = now + datetime.timedelta(hours=1)
    schedule = {"Expression": now.strftime("at(%Y-%m-%dT%H:%M)"), "Duration": "PT30M"}
    name = "of-boto3"
    cloudwatch.put_alarm_mute_rule(
        Name=name, Rule={"Schedule": schedule}, MuteTargets={"AlarmNames": alarms}, StartDate=now, ExpireDate=end
    )
    try:
        rule = cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName=name)
        has(rule, AlarmMuteRuleArn=str, LastUpdatedTimestamp=TIME)
        assert (rule["Name"], rule["Status"], rule["MuteType"]) == (name, "ACTIVE", "ONE_TIME")
        assert (rule["StartDate"], rule["ExpireDate"]) == (now, end)
        assert (rule["Rule"], rule["MuteTargets"]) == ({"Schedule": schedule}, {"AlarmNames": alarms})

        def listed(**parameters):
            answer = cloudwatch.list_alarm_mute_rules(**parameters)["AlarmMuteRuleSummaries"]
            return [one["AlarmMuteRuleArn"] for one in answer]

        assert listed() == listed(AlarmName=alarms[1]) == listed(Statuses=["ACTIVE"]) == [rule["AlarmMuteRuleArn"]]
        assert listed(AlarmName="legacy-portal-latency") == listed(Statuses=["EXPIRED"]) == []
    finally:
        cloudwatch.delete_alarm_mute_rule(AlarmMuteRuleName=name)
    with refused("ResourceNotFoundException"):
        cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName=name)
    with refused("InvalidParameterValue"):
        cloudwatch.put_alarm_mute_rule(Name=name, Rule={"Schedule": schedule | {"Duration": "P30D"}})


def test_alarms_are_put_described_and_deleted(names):
    _, group = names
    cloudwatch = client("cloudwatch")
    dimensions = [{"Name": name, "Value": value} for name, value in group.items()]
    metric = {"Namespace": "AWS/ApplicationELB", "MetricName": "HealthyHostCount", "Dimensions": dimensions}
    rest = {"EvaluationPeriods": 2, "Threshold": 0.0, "ComparisonOperator": "GreaterThanThreshold"}
    topic = "arn:aws:sns:eu-west-1:471108151234:alerts"
    one, other, both = "of-boto3-one", "of-boto3-math", "of-boto3-both"
    try:
        cloudwatch.put_metric_alarm(
            AlarmName=one,
            AlarmDescription="for a test",
            AlarmActions=[topic],
            Statistic="Minimum",
            Period=60,
            TreatMissingData="notBreaching",
            **metric,
            **rest,
        )
        stat = {"Metric": metric, "Period": 60, "Stat": "Maximum"}
        queries = [
            {"Id": "e1", "Expression": "100 * m1", "Label": "hosts", "ReturnData": True},
            {"Id": "m1", "MetricStat": stat, "ReturnData": False},
        ]
        cloudwatch.put_metric_alarm(AlarmName=other, Metrics=queries, DatapointsToAlarm=1, ActionsEnabled=False, **rest)
        rule = f'ALARM("{one}") OR ALARM({other})'
        cloudwatch.put_composite_alarm(AlarmName=both, AlarmRule=rule)

        pages = cloudwatch.get_paginator("describe_alarms").paginate(
            AlarmNamePrefix="of-boto3-", AlarmTypes=["MetricAlarm", "CompositeAlarm"], PaginationConfig={"PageSize": 1}
        )
        pages = list(pages)
        assert len(pages) == 3
        (composite,) = [one for page in pages for one in page["CompositeAlarms"]]
        assert (composite["AlarmName"], composite["AlarmRule"]) == (both, rule)
        plain, math = [one for page in pages for one in page["MetricAlarms"]]
        has(plain, AlarmArn=str, StateReason=str, StateTransitionedTimestamp=TIME, AlarmDescription=str, Period=int)
        assert plain["AlarmActions"] == [topic] and plain["TreatMissingData"] == "notBreaching"
        assert {key: plain[key] for key in metric} == metric
        assert (math["Metrics"], math["ActionsEnabled"], math["DatapointsToAlarm"]) == (queries, False, 1)

        cloudwatch.set_alarm_state(AlarmName=one, StateValue="ALARM", StateReason="for a test")
        history = cloudwatch.describe_alarm_history(AlarmName=one)["AlarmHistoryItems"]
        kinds = {entry["HistoryItemType"]: entry for entry in history}
        assert set(kinds) == {"ConfigurationUpdate", "StateUpdate", "Action"}
        for entry in history:
            has(entry, AlarmName=str, AlarmType=str, Timestamp=TIME, HistorySummary=str, HistoryData=str)
        assert kinds["StateUpdate"]["HistorySummary"] == "Alarm updated from INSUFFICIENT_DATA to ALARM"
        assert topic in kinds["Action"]["HistorySummary"]
        newest = cloudwatch.describe_alarm_history(AlarmName=one, MaxRecords=1)
        assert len(newest["AlarmHistoryItems"]) == 1 and newest["NextToken"]
        with refused("ResourceNotFound"):
            cloudwatch.delete_alarms(AlarmNames=[one, "none"])
    finally:
        cloudwatch.delete_alarms(AlarmNames=[both])
        cloudwatch.delete_alarms(AlarmNames=[one, other])
    assert cloudwatch.describe_alarms(AlarmNamePrefix="of-boto3-")["MetricAlarms"] == []
    with refused("InvalidParameterValue"):
        cloudwatch.put_metric_alarm(AlarmName=one, Statistic="Sum", Period=90, **metric, **rest)


@pytest.mark.parametrize(("way", "member"), [("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress")])
def test_rules_of_a_security_group(way, member):
    ec2 = client("ec2")
    authorize, revoke = (getattr(ec2, f"{verb}_security_group_{way}") for verb in ("authorize", "revoke"))
    group = ec2.create_security_group(GroupName=f"of-boto3-{way}", Description="for a test")["GroupId"]

    def rules():
        return ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0][member]

    try:
        before = rules()
        rule = {"IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
        (made,) = authorize(GroupId=group, IpPermissions=[rule])["SecurityGroupRules"]
        assert (made["IsEgress"], made["CidrIpv4"], made["FromPort"]) == (way == "egress", "10.0.0.0/8", 8443)
        with refused("InvalidPermission.Duplicate"):
            authorize(GroupId=group, IpPermissions=[rule])
        (added,) = [one for one in rules() if one not in before]
        assert {key: added[key] for key in rule} == rule
        revoke(GroupId=group, IpPermissions=[rule])
        assert rules() == before
        with refused("InvalidPermission.NotFound"):
            revoke(GroupId=group, IpPermissions=[rule])
    finally:
        ec2.delete_security_group(GroupId=group)


# ------------------------------------------------------------------------------------------------------------- pages


@needs_fleet
@pytest.mark.parametrize(
    ("service", "operation", "member", "size", "least"),
    [
        ("elasticbeanstalk", "describe_environments", "Environments", 70, 200),
        ("elasticbeanstalk", "describe_application_versions", "ApplicationVersions", 60, 100),
        ("elbv2", "describe_load_balancers", "LoadBalancers", 50, 120),
        ("elbv2", "describe_target_groups", "TargetGroups", 50, 150),
        ("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", 100, 200),
        ("ec2", "describe_instances", "Reservations", 100, 400),
        ("ec2", "describe_security_groups", "SecurityGroups", 100, 200),
    ],
)
def test_pages_hold_everything_once(service, operation, member, size, least):
    pages = client(service, FLEET).get_paginator(operation).paginate(PaginationConfig={"PageSize": size})
    pages = [page[member] for page in pages]
    everything = [repr(sorted(one.items(), key=str)) for page in pages for one in page]
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1) and len(pages) > 1
    assert len(everything) >= least
    assert len(set(everything)) == len(everything)


@needs_fleet
def test_a_token_of_another_question_is_refused():
    balancing = client("elbv2", FLEET)
    marker = balancing.describe_target_groups(PageSize=10)["NextMarker"]
    with refused("ValidationError"):
        balancing.describe_load_balancers(PageSize=10, Marker=marker)
    beanstalk = client("elasticbeanstalk", FLEET)
    token = beanstalk.describe_environments(MaxRecords=10)["NextToken"]
    with refused("InvalidParameterValue"):
        beanstalk.describe_environments(MaxRecords=10, ApplicationName="shop", NextToken=token)


@needs_fleet
def test_the_fleet_is_mixed():
    environments = [
        one
        for page in client("elasticbeanstalk", FLEET).get_paginator("describe_environments").paginate()
        for one in page["Environments"]
    ]
    workers = [one for one in environments if one["Tier"]["Name"] == "Worker"]
    singles = [one for one in environments if re.fullmatch(r"[0-9.]+", one.get("EndpointURL", ""))]
    shared = [one for one in environments if one.get("EndpointURL", "").startswith("shared-edge-")]
    unwell = [one for one in environments if one["Health"] in ("Yellow", "Red")]
    counts = [len(kind) for kind in (workers, singles, shared, unwell)]
    assert all(3 <= count <= 40 for count in counts), counts

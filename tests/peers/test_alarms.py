"""Alarms: the real binary creates, translates and undoes them; Beanstalk and the load balancer are moto's, CloudWatch is
ministack's."""

import types

import peers
import pytest
from routed import routed
from test_moto import KEY, balanced, environment, network

NAME = "shop-alarm-prod"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts"


@pytest.fixture(scope="module")
def moto_of_alarms():
    """A region of its own: what is created here would be in the way of the other suites' regions."""
    with peers.moto() as url:
        yield url


@pytest.fixture(scope="module")
def place(moto_of_alarms, ministack):
    moto = moto_of_alarms
    elb, ec2, beanstalk = (peers.client(name, moto) for name in ("elbv2", "ec2", "elasticbeanstalk"))
    web = balanced(elb, ec2, network(ec2), "A1A2A3A4A5A6", 2)
    beanstalk.create_application(ApplicationName="shop")
    environment(beanstalk, NAME, environment_id="e-alarmalarm")
    elb.add_tags(ResourceArns=[web.group["TargetGroupArn"]], Tags=[{"Key": f"{KEY}id", "Value": "e-alarmalarm"}])
    cloudwatch = peers.client("cloudwatch", ministack)
    # ministack drops the expressions of an alarm: the one that has such is there already in another form.
    dimensions = [
        {"Name": "LoadBalancer", "Value": web.balancer["LoadBalancerArn"].split(":loadbalancer/")[1]},
        {"Name": "TargetGroup", "Value": web.group["TargetGroupArn"].split(":")[-1]},
    ]
    cloudwatch.put_metric_alarm(
        AlarmName="of-somebody-5xx",
        Namespace="AWS/ApplicationELB",
        MetricName="HTTPCode_Target_5XX_Count",
        Dimensions=dimensions,
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=10.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    with routed(ministack, moto) as url:
        yield types.SimpleNamespace(url=url, cloudwatch=cloudwatch, web=web)


def live(place):
    pages = place.cloudwatch.get_paginator("describe_alarms").paginate()
    return {one["AlarmName"]: one for page in pages for one in page["MetricAlarms"]}


def run(place, directory, *arguments):
    ran = peers.run(place.url, *arguments, "-o", "json", XDG_STATE_HOME=str(directory))
    assert ran.status == 0, ran.told
    return ran.json


def test_recommended_alarms_are_created_and_undone(place, tmp_path):
    missing = {one["name"] for one in run(place, tmp_path, "alarms", NAME)["missing"]}
    assert f"beanpole-{NAME}-unhealthy-hosts" in missing
    before = live(place)
    answer = run(place, tmp_path, "alarms", NAME, "--recommended", "--action", TOPIC, "--yes")
    assert answer["outcome"] == "applied"
    made = {name: one for name, one in live(place).items() if name not in before}
    assert set(made) == missing
    assert all(one["AlarmActions"] == [TOPIC] for one in made.values())
    hosts = made[f"beanpole-{NAME}-unhealthy-hosts"]
    dimensions = {one["Name"]: one["Value"] for one in hosts["Dimensions"]}
    assert dimensions == {
        "LoadBalancer": place.web.balancer["LoadBalancerArn"].split(":loadbalancer/")[1],
        "TargetGroup": place.web.group["TargetGroupArn"].split(":")[-1],
    }
    assert (hosts["Statistic"], hosts["Threshold"], hosts["EvaluationPeriods"]) == ("Minimum", 0.0, 2)
    assert run(place, tmp_path, "alarms", NAME)["missing"] == []
    assert run(place, tmp_path, "undo", "--yes")["outcome"] == "applied"
    assert set(live(place)) == set(before)


def test_an_alarm_on_classic_names_is_translated_and_undone(place, tmp_path):
    old = f"{NAME}-latency"
    place.cloudwatch.put_metric_alarm(
        AlarmName=old,
        Namespace="AWS/ELB",
        MetricName="Latency",
        Dimensions=[{"Name": "LoadBalancerName", "Value": "awseb-e-a-AWSEBLoa-1"}],
        Statistic="Average",
        Period=60,
        EvaluationPeriods=3,
        Threshold=2.0,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[TOPIC],
    )
    assert run(place, tmp_path, "alarms", NAME, "--translate", "--yes")["outcome"] == "applied"
    new = live(place)[f"{old}-alb"]
    assert (new["Namespace"], new["MetricName"], new["Statistic"]) == (
        "AWS/ApplicationELB",
        "TargetResponseTime",
        "Average",
    )
    assert (new["Threshold"], new["EvaluationPeriods"], new["AlarmActions"]) == (2.0, 3, [TOPIC])
    assert run(place, tmp_path, "undo", "--yes")["outcome"] == "applied"
    assert f"{old}-alb" not in live(place) and old in live(place)
    place.cloudwatch.delete_alarms(AlarmNames=[old])

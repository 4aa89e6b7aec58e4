"""Settings with moto as AWS, by `set` and by typed keys: the real binary, and what moto has afterwards."""

import types

import peers
import pytest
from test_moto import balanced, environment, network, pairs

NAME = "shop-edit-prod"
ID = "e-editedit12"


@pytest.fixture(scope="module")
def region():
    with peers.moto() as url:
        elb, ec2, beanstalk = (peers.client(name, url) for name in ("elbv2", "ec2", "elasticbeanstalk"))
        web = balanced(elb, ec2, network(ec2), "ED17ED17ED17", 2)
        beanstalk.create_application(ApplicationName="shop")
        environment(beanstalk, NAME, environment_id=ID, cname=f"{NAME}.example")
        arn = web.group["TargetGroupArn"]
        tags = {"elasticbeanstalk:environment-id": ID, "elasticbeanstalk:environment-name": NAME}
        # moto tells only those attributes that somebody set.
        attributes = {
            "stickiness.enabled": "false",
            "stickiness.type": "lb_cookie",
            "stickiness.lb_cookie.duration_seconds": "86400",
            "stickiness.app_cookie.duration_seconds": "86400",
            "deregistration_delay.timeout_seconds": "300",
        }
        balancer = web.balancer["LoadBalancerArn"]
        elb.add_tags(
            ResourceArns=[arn, balancer], Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
        )
        elb.modify_target_group_attributes(
            TargetGroupArn=arn, Attributes=[{"Key": key, "Value": value} for key, value in attributes.items()]
        )
        known = [{"Key": "idle_timeout.timeout_seconds", "Value": "60"}]
        elb.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=known)
        yield types.SimpleNamespace(url=url, elb=elb, group=arn, balancer=balancer)


def attributes(region):
    return pairs(region.elb.describe_target_group_attributes(TargetGroupArn=region.group))


def check(region):
    group = region.elb.describe_target_groups(TargetGroupArns=[region.group])["TargetGroups"][0]
    names = ("Path", "IntervalSeconds", "TimeoutSeconds", "Port", "Protocol")
    told = {name: group[f"HealthCheck{name}"] for name in names}
    thresholds = {name: group[name] for name in ("HealthyThresholdCount", "UnhealthyThresholdCount")}
    return told | thresholds | {"Matcher": group["Matcher"]["HttpCode"]}


def idle(region):
    told = region.elb.describe_load_balancer_attributes(LoadBalancerArn=region.balancer)
    return pairs(told)["idle_timeout.timeout_seconds"]


CHANGES = [
    {"stickiness.enabled": "true"},
    {"stickiness.enabled": "true", "stickiness.type": "app_cookie", "stickiness.app_cookie.cookie_name": "sid"},
    {
        "health_check.path": "/deep",
        "health_check.interval": "31",
        "health_check.timeout": "6",
        "health_check.healthy_threshold": "3",
        "health_check.unhealthy_threshold": "4",
        "health_check.matcher": "200-299,301",
        "health_check.port": "8081",
        "health_check.protocol": "HTTPS",
    },
    {"deregistration_delay.timeout_seconds": "45"},
    {"idle_timeout.timeout_seconds": "45"},
]


def everything(region):
    # moto keeps an attribute that was set once: the name of a cookie stays, empty.
    told = attributes(region)
    return {key: value for key, value in told.items() if value}, check(region), idle(region)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_set_and_undo(region, change, tmp_path):
    before = everything(region)
    values = [f"{key}={value}" for key, value in change.items()]
    options = ("--yes", "-o", "json", "--confirm", NAME)
    state = {"XDG_STATE_HOME": str(tmp_path)}
    ran = peers.run(region.url, "set", NAME, *values, "--route", "elb", *options, **state)
    assert ran.status == 0, ran.told
    assert ran.json["observed"] == change
    assert everything(region) != before
    ran = peers.run(region.url, "undo", *options, **state)
    assert ran.status == 0, ran.told
    assert everything(region) == before


@pytest.fixture
def dashboard(region):
    with peers.Dashboard(region.url) as dashboard:
        dashboard.until("1 environment", NAME, "2/2")
        dashboard.press("\r").until("Targets 2")
        dashboard.press("3").until("stickiness.enabled", "true or false")
        yield dashboard
        dashboard.press("\x03")
        assert dashboard.ended() == 0


def selected(dashboard):
    """The row under the cursor; nothing while a picture is only half there."""
    return next((line for line in dashboard.text.splitlines() if line.startswith("▌")), "")


def select(dashboard, key):
    """Goes down to the setting of this key."""
    for _ in range(80):
        row = selected(dashboard)
        if row[1:].split()[:1] == [key]:
            return
        dashboard.press("j")
        dashboard.wait(lambda: selected(dashboard) not in ("", row), "the next row")
    raise AssertionError(f"{key} is not there\n{dashboard.text}")


def typed(text):
    """A field's text replaced by this one."""
    return "\x15" + text


def apply(dashboard, region, read, expected):
    """From the confirmation on; then undone."""
    before = read(region)
    confirm(dashboard)
    becomes(dashboard, "", lambda: read(region), expected)
    dashboard.press("u").until("[ Keep it ]")
    confirm(dashboard, "Undo")
    becomes(dashboard, "Undo", lambda: read(region), before)


def becomes(dashboard, what, read, expected):
    """Waits until the dashboard has told how this went; moto has what it should."""
    told = lambda: any(what in line and ": applied" in line for line in dashboard.text.splitlines())
    dashboard.wait(told, f"{what}: applied")
    assert read() == expected, dashboard.text


def confirm(dashboard, deed="Apply"):
    """In production a dangerous change wants the name."""
    dashboard.until(f"[ {deed} ]")
    if "production: type" in dashboard.words:
        # Enter after the right name goes to the button of the deed.
        dashboard.press(NAME + "\r").until("✔").press("\r")
    else:
        dashboard.press("\t\r")


def test_t_tab_enter_toggles_stickiness(dashboard, region):
    before = attributes(region)
    dashboard.press("t").until("stickiness.enabled", "false", "true")
    apply(dashboard, region, attributes, before | {"stickiness.enabled": "true"})


def test_an_application_cookie_with_its_name(dashboard, region):
    before = attributes(region)
    select(dashboard, "stickiness.enabled")
    dashboard.press("\r").until("Edit")
    dashboard.press(" ").until("false → ‹ true ›")
    dashboard.press("\t ").until("‹ app_cookie ›")
    dashboard.press("\t\tsid").until("sid")
    dashboard.press("\r")
    named = {"stickiness.enabled": "true", "stickiness.type": "app_cookie", "stickiness.app_cookie.cookie_name": "sid"}
    confirm(dashboard)
    becomes(dashboard, "Change", lambda: attributes(region), before | named)
    dashboard.press("u").until("[ Keep it ]")
    confirm(dashboard, "Undo")
    # moto keeps what was set once: the name is empty again.
    becomes(dashboard, "Undo", lambda: attributes(region), before | {"stickiness.app_cookie.cookie_name": ""})


def test_all_of_a_health_check(dashboard, region):
    select(dashboard, "health_check.path")
    dashboard.press("\r").until("Edit")
    for value in ("/deep", "31", "6", "3", "4", "200-299,301", "8081"):
        dashboard.press(typed(value) + "\t")
    dashboard.press(" ").until("‹ HTTPS ›")
    dashboard.press("\r")
    wanted = {
        "Path": "/deep",
        "IntervalSeconds": 31,
        "TimeoutSeconds": 6,
        "HealthyThresholdCount": 3,
        "UnhealthyThresholdCount": 4,
        "Matcher": "200-299,301",
        "Port": "8081",
        "Protocol": "HTTPS",
    }
    apply(dashboard, region, check, wanted)


def test_the_deregistration_delay(dashboard, region):
    before = attributes(region)
    select(dashboard, "deregistration_delay.timeout_seconds")
    dashboard.press("\r").until("Edit").press(typed("45") + "\r")
    apply(dashboard, region, attributes, before | {"deregistration_delay.timeout_seconds": "45"})


def test_the_idle_timeout(dashboard, region):
    select(dashboard, "idle_timeout.timeout_seconds")
    dashboard.press("\r").until("Edit").press(typed("45") + "\r")
    apply(dashboard, region, idle, "45")

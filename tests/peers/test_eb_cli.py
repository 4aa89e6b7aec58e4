"""AWS's own EB CLI reads the simulated region: what it prints is what the region's scenario says."""

import json
import os
import pathlib
import subprocess
import tempfile

import peers
import pytest

EB = pathlib.Path(os.environ.get("EB_BIN", peers.ROOT / "target/ci-eb-venv/bin/eb")).absolute()
SCENARIO = pathlib.Path(__file__).parent / "eb_cli.toml"
CONFIG = """
branch-defaults:
  default:
    environment: shop-web
global:
  application_name: shop
  default_region: eu-west-1
"""


@pytest.fixture(scope="module")
def url():
    with peers.beanpole_sim(SCENARIO) as url:
        yield url


def eb(url, *arguments):
    """What a command prints, which must end well."""
    assert EB.exists(), f"{EB} is not there: .ci/run installs it, or say where it is with EB_BIN"
    with tempfile.TemporaryDirectory() as project:
        folder = pathlib.Path(project, ".elasticbeanstalk")
        folder.mkdir()
        folder.joinpath("config.yml").write_text(CONFIG)
        variables = peers.environment(project, AWS_ENDPOINT_URL=url, AWS_REGION=peers.REGION, **peers.KEYS)
        done = subprocess.run(
            [EB, *arguments],
            cwd=project,
            env=variables | {"COLUMNS": "200", "LINES": "50"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "ERROR" not in done.stdout + done.stderr.replace("ERROR   ", ""), done.stdout + done.stderr
        return done.stdout


def fields(text):
    """`Name: value` in each line that has one."""
    pairs = (line.split(":", 1) for line in text.splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, value in pairs}


def described(url, name):
    environments = peers.client("elasticbeanstalk", url).describe_environments(EnvironmentNames=[name])
    return environments["Environments"][0]


def instances(url, name):
    beanstalk = peers.client("elasticbeanstalk", url)
    resources = beanstalk.describe_environment_resources(EnvironmentName=name)["EnvironmentResources"]
    return [one["Id"] for one in resources["Instances"]]


def test_list_names_the_environments(url):
    assert sorted(eb(url, "list").split()) == ["*", "shop-api", "shop-jobs", "shop-web"]


def test_status_describes_the_environment(url):
    found = fields(eb(url, "status"))
    known = described(url, "shop-web")
    assert found["Environment details for"] == "shop-web"
    assert found["Application name"] == "shop"
    assert found["Deployed Version"] == "v2"
    assert found["Environment ID"] == known["EnvironmentId"]
    assert found["Platform"] == known["PlatformArn"]
    assert found["Tier"] == "WebServer-Standard-1.0"
    assert found["CNAME"] == "shop-web.eu-west-1.elasticbeanstalk.com"
    assert (found["Status"], found["Health"]) == ("Ready", known["Health"])
    assert fields(eb(url, "status", "shop-jobs"))["Tier"].startswith("Worker-SQS/HTTP")


def test_status_says_what_the_load_balancer_thinks_of_each_instance(url):
    text = eb(url, "status", "-v")
    assert fields(text)["Running instances"] == "3"
    first, *others = instances(url, "shop-web")
    states = {name: state for name, state in fields(text).items() if name.startswith("i-")}
    assert states == {first: "unhealthy"} | dict.fromkeys(others, "healthy")
    assert "Description: Health checks failed with these codes: [502]" in text
    assert "Reason: Target.ResponseCodeMismatch" in text


def test_health_has_a_row_for_each_instance(url):
    text = eb(url, "health")
    for instance in instances(url, "shop-web"):
        assert instance in text, text
    assert "WebServer" in text and "Node.js 20 running on 64bit Amazon Linux 2023/6.6.2" in text, text
    assert "Severe" in text and "Ok" in text, text


def test_config_displays_the_option_settings(url):
    shown = json.loads(eb(url, "config", "--display", "--format", "json"))
    assert shown["ApplicationName"] == "shop" and shown["EnvironmentName"] == "shop-web", shown
    assert shown["PlatformArn"] == described(url, "shop-web")["PlatformArn"]
    settings = shown["settings"]
    assert settings["aws:elasticbeanstalk:environment"]["LoadBalancerType"] == "application"
    assert settings["aws:elasticbeanstalk:command"]["DeploymentPolicy"] == "Rolling"
    assert settings["aws:autoscaling:asg"]["MaxSize"] == "6"


def test_events_are_printed_oldest_first_with_their_severity(url):
    lines = [line for line in eb(url, "events").splitlines() if line.strip()]
    assert lines == sorted(lines, key=lambda line: line[:19]), lines
    assert any("WARN    Process default has been unhealthy for 8 minutes" in line for line in lines), lines
    assert any("INFO    New application version was deployed to running EC2 instances." in line for line in lines)


def test_printenv_lists_the_environment_properties(url):
    lines = [line.strip() for line in eb(url, "printenv").splitlines()]
    assert "GREETING = hello there" in lines and "NODE_ENV = production" in lines, lines


def test_swap_exchanges_the_cnames():
    with peers.beanpole_sim(SCENARIO, "--speed", "20") as url:
        before = {name: described(url, name)["CNAME"] for name in ("shop-web", "shop-api")}
        text = eb(url, "swap", "shop-web", "-n", "shop-api")
        assert "swapEnvironmentCNAMEs is starting." in text, text
        assert "Completed swapping CNAMEs for environments 'shop-web' and 'shop-api'." in text, text
        assert described(url, "shop-web")["CNAME"] == before["shop-api"]
        assert described(url, "shop-api")["CNAME"] == before["shop-web"]
        assert fields(eb(url, "status"))["CNAME"] == before["shop-api"]

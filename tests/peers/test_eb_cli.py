"""AWS's own EB CLI reads the simulated region: what it prints is what the region's scenario says."""

import io
import json
import os
import pathlib
import subprocess
import tempfile
import zipfile

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


def eb(url, *arguments, files=()):
    """What a command prints in a project with these files; it must end well."""
    assert EB.exists(), f"{EB} is not there: .ci/run installs it, or say where it is with EB_BIN"
    with tempfile.TemporaryDirectory() as project:
        folder = pathlib.Path(project, ".elasticbeanstalk")
        folder.mkdir()
        folder.joinpath("config.yml").write_text(CONFIG)
        for name, text in files:
            pathlib.Path(project, name).write_text(text)
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


@pytest.fixture(scope="module")
def written():
    with peers.beanpole_sim(SCENARIO, "--speed", "100") as url:
        yield url


def test_deploy_puts_the_project_into_s3_and_runs_it(written):
    files = [("package.json", '{"name": "shop", "scripts": {"start": "node index.js"}}'), ("index.js", "// v3\n")]
    text = eb(written, "deploy", "--label", "v3", "--message", "third", files=files)
    assert "New application version was deployed to running EC2 instances." in text, text
    assert described(written, "shop-web")["VersionLabel"] == "v3"
    versions = peers.client("elasticbeanstalk", written).describe_application_versions(VersionLabels=["v3"])
    version = versions["ApplicationVersions"][0]
    assert version["Description"] == "third" and version["Status"] in ("UNPROCESSED", "PROCESSED"), version
    bundle = version["SourceBundle"]
    body = peers.client("s3", written).get_object(Bucket=bundle["S3Bucket"], Key=bundle["S3Key"])["Body"].read()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist() if not name.endswith("/")} == dict(files)


def test_deploy_of_a_version_that_is_there(written):
    text = eb(written, "deploy", "--version", "v1")
    assert "Environment update completed successfully." in text, text
    assert described(written, "shop-web")["VersionLabel"] == "v1"


def test_abort_ends_an_update(written):
    eb(written, "deploy", "--version", "v2", "--nohang")
    assert 'Aborting update to environment "shop-web".' in eb(written, "abort")
    ready = lambda: described(written, "shop-web")["Status"] == "Ready"
    peers.until(ready, "the update is aborted")
    assert described(written, "shop-web")["VersionLabel"] == "v1"


def test_setenv_and_scale_change_options(written):
    eb(written, "setenv", "GREETING=good evening")
    assert "GREETING = good evening" in [line.strip() for line in eb(written, "printenv").splitlines()]
    eb(written, "scale", "4")
    settings = json.loads(eb(written, "config", "--display", "--format", "json"))["settings"]
    assert settings["aws:autoscaling:asg"]["MinSize"] == settings["aws:autoscaling:asg"]["MaxSize"] == "4"


def test_objects_are_kept_byte_for_byte_whole_and_in_parts(written):
    client = peers.client("s3", written)
    bucket = peers.client("elasticbeanstalk", written).create_storage_location()["S3Bucket"]
    body = bytes(range(256)) * 1000
    client.put_object(Bucket=bucket, Key="a b/\u00fc.zip", Body=body)
    assert client.get_object(Bucket=bucket, Key="a b/\u00fc.zip")["Body"].read() == body
    assert client.head_object(Bucket=bucket, Key="a b/\u00fc.zip")["ContentLength"] == len(body)
    upload = client.create_multipart_upload(Bucket=bucket, Key="parts")["UploadId"]
    for number, part in ((2, body[1000:]), (1, body[:1000])):
        client.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=number, Body=part)
    with pytest.raises(client.exceptions.ClientError, match="404"):
        client.head_object(Bucket=bucket, Key="parts")
    client.complete_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload)
    assert client.get_object(Bucket=bucket, Key="parts")["Body"].read() == body


def test_versions_that_cannot_be_made_are_refused(written):
    beanstalk = peers.client("elasticbeanstalk", written)
    bucket = beanstalk.create_storage_location()["S3Bucket"]
    refused = [
        ({"VersionLabel": "v1"}, "Application Version v1 already exists."),
        ({"VersionLabel": "v9", "SourceBundle": {"S3Bucket": bucket, "S3Key": "no"}}, "Reason: Not Found"),
        ({"VersionLabel": "v9", "ApplicationName": "none"}, "No Application named 'none' found."),
    ]
    for parameters, message in refused:
        with pytest.raises(beanstalk.exceptions.ClientError, match=message):
            beanstalk.create_application_version(**{"ApplicationName": "shop"} | parameters)

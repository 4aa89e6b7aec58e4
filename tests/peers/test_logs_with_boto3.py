"""The instances' logs: boto3 asks the simulated region for them, and `beanpole logs` reads what boto3 reads."""

import json
import subprocess
import urllib.error
import urllib.request

import peers
import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def region():
    with peers.beanpole_sim("healthy") as url:
        yield url


@pytest.fixture(scope="module")
def beanstalk(region):
    return peers.client("elasticbeanstalk", region)


def handed_in(beanstalk):
    answer = beanstalk.retrieve_environment_info(EnvironmentName="alpha-api-prod", InfoType="tail")
    return {one["Ec2InstanceId"]: one for one in answer["EnvironmentInfo"]}


def test_instances_hand_in_a_url_each_and_anybody_can_read_it(beanstalk):
    assert handed_in(beanstalk) == {}
    beanstalk.request_environment_info(EnvironmentName="alpha-api-prod", InfoType="tail")
    found = peers.until(lambda: len(them := handed_in(beanstalk)) == 2 and them, "both instances have answered")
    for instance, one in found.items():
        assert one["InfoType"] == "tail" and one["SampleTimestamp"].tzinfo
        assert instance in one["Message"]
        text = urllib.request.urlopen(one["Message"], timeout=5).read().decode()
        assert "/var/log/nginx/access.log" in text and 200 < len(text.splitlines()) < 400
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(one["Message"].split("?")[0], timeout=5)


def test_what_is_not_simulated_is_refused(beanstalk):
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        beanstalk.request_environment_info(EnvironmentName="alpha-api-prod", InfoType="bundle")
    with pytest.raises(ClientError, match="No Environment found"):
        beanstalk.request_environment_info(EnvironmentName="nobody", InfoType="tail")


def test_the_command_reads_the_same_files(beanstalk, region, tmp_path):
    variables = peers.environment(tmp_path, **peers.KEYS, AWS_REGION=peers.REGION, AWS_ENDPOINT_URL=region)
    command = [peers.BEANPOLE, "logs", "alpha-api-prod", "-o", "json"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr
    items = {one["instance"]: one for one in json.loads(done.stdout)["items"]}
    newest = handed_in(beanstalk)
    assert items.keys() == newest.keys()
    for instance, one in newest.items():
        assert items[instance]["at"] == one["SampleTimestamp"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
        raw = urllib.request.urlopen(one["Message"], timeout=5).read().decode()
        plain = raw.replace("\x1b[32m", "").replace("\x1b[39m", "")
        assert items[instance]["text"] == plain

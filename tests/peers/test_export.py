"""Other people's parsers read what `export` writes: Terraform's language, CloudFormation's linter, YAML as Beanstalk has it."""

import os
import pathlib
import subprocess

import hcl2
import peers
import pytest
import yaml

CFN_LINT = pathlib.Path(os.environ.get("CFN_LINT_BIN", peers.ROOT / "target/ci-lint-venv/bin/cfn-lint")).absolute()
ENVIRONMENT = "shop-chat-prod"


@pytest.fixture(scope="module")
def region():
    with peers.beanpole_sim("shop") as url:
        yield url


def export(region, home, *arguments):
    """What is written, by path."""
    folder = home / "project"
    command = [peers.BEANPOLE, "export", ENVIRONMENT, "--dir", folder, *arguments]
    variables = peers.environment(home, AWS_ENDPOINT_URL=region, AWS_REGION=peers.REGION, **peers.KEYS)
    ran = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text() for path in files}


def extensions(files):
    """The option settings of the configuration files."""
    found = {}
    for path, text in sorted(files.items()):
        if path.startswith(".ebextensions/"):
            for namespace, options in yaml.safe_load(text).get("option_settings", {}).items():
                found |= {(namespace, name): value for name, value in options.items()}
    return found


@pytest.mark.parametrize("arguments", [(), ("--all",), ("--recipe", "websocket")], ids=["differing", "all", "websocket"])
def test_every_format_has_the_same_options(region, tmp_path, arguments):
    as_files = extensions(export(region, tmp_path / "one", *arguments))
    assert as_files and all(isinstance(value, str) for value in as_files.values())
    terraform = export(region, tmp_path / "two", "--format", "terraform", *arguments)["beanpole-settings.tf"]
    [local] = hcl2.loads(terraform)["locals"]
    plain = [{key.strip('"'): value.strip('"') for key, value in it.items()} for it in local["beanpole_settings"]]
    assert {(it["namespace"], it["name"]): it["value"] for it in plain} == as_files
    template = export(region, tmp_path / "three", "--format", "cloudformation", *arguments)["beanpole-settings.yaml"]
    settings = yaml.safe_load(template)["Resources"]["Environment"]["Properties"]["OptionSettings"]
    assert {(it["Namespace"], it["OptionName"]): it["Value"] for it in settings} == as_files


def lint(path):
    assert CFN_LINT.exists(), f"{CFN_LINT} is not there: .ci/run installs it, or say where it is with CFN_LINT_BIN"
    ran = subprocess.run([CFN_LINT, path], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_cfn_lint_accepts_the_template(region, tmp_path):
    export(region, tmp_path, "--format", "cloudformation", "--all")
    lint(tmp_path / "project/beanpole-settings.yaml")


@pytest.mark.parametrize("recipe", ["alarms", "https-redirect"])
def test_cfn_lint_accepts_the_resources_of_recipes(region, tmp_path, recipe):
    """Beanstalk puts them into a template of its own, of which they name parts."""
    files = export(region, tmp_path, "--recipe", recipe)
    [text] = [text for path, text in files.items() if path.endswith(f"-{recipe}.config")]
    balancer = {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {"Subnets": ["subnet-1a2b3c4d", "subnet-5e6f7a8b"]}}
    group = {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"Port": 80, "Protocol": "HTTP", "VpcId": "vpc-1a2b3c4d"}}
    resources = {"AWSEBV2LoadBalancer": balancer, "AWSEBV2LoadBalancerTargetGroup": group} | yaml.safe_load(text)["Resources"]
    path = pathlib.Path(tmp_path / "template.yaml")
    path.write_text(yaml.safe_dump({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}))
    lint(path)

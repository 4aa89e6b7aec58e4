"""CloudWatch in two protocols: what boto3 reads in one, the SDK for Rust must read in CBOR, from everybody who plays it."""

import datetime
import json
import subprocess

import peers
import pytest

MINUTE = datetime.timedelta(minutes=1)
DIMENSIONS = [("LoadBalancer", "app/awseb--AWSEB-08AE6A35595B/0123456789abcdef")]
FIGURES = [3.0, 0.0, 12.5, 1e-9, 290123.75]


def query(metric, dimensions, statistic):
    named = [{"Name": name, "Value": value} for name, value in dimensions]
    stat = {"Metric": {"Namespace": "AWS/ApplicationELB", "MetricName": metric, "Dimensions": named}}
    return [{"Id": "asked", "MetricStat": stat | {"Period": 60, "Stat": statistic}}]


def read(url, metric, dimensions, statistic, start, end):
    """What boto3 reads, oldest first, in seconds since the epoch."""
    result = peers.client("cloudwatch", url).get_metric_data(
        MetricDataQueries=query(metric, dimensions, statistic),
        StartTime=start,
        EndTime=end,
        ScanBy="TimestampAscending",
    )["MetricDataResults"][0]
    return [(int(at.timestamp()), value) for at, value in zip(result["Timestamps"], result["Values"])]


def rust_reads_the_same(directory, url, metric, dimensions, statistic, start, end, expected):
    asked = {
        "url": url,
        "region": peers.REGION,
        "namespace": "AWS/ApplicationELB",
        "metric": metric,
        "dimensions": dimensions,
        "statistic": statistic,
        "period": 60,
        "start": int(start.timestamp()),
        "end": int(end.timestamp()),
        "expected": [(at, repr(value)) for at, value in expected],
    }
    path = directory / "asked.json"
    path.write_text(json.dumps(asked))
    test = "peers::cloudwatch_reads_what_boto3_read"
    # Without the name of the built tests cargo finds them, which waits for any other cargo of this directory.
    built = peers.os.environ.get("IT_BIN")
    tests = [built] if built else ["cargo", "test", "--locked", "--quiet", "--test", "it", "--"]
    command = [*tests, "--ignored", "--exact", test]
    variables = peers.os.environ | {"BEANPOLE_PEER": str(path), "RUST_BACKTRACE": "0"}
    done = subprocess.run(command, cwd=peers.ROOT, env=variables, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout, done.stdout


def test_figures_that_boto3_put(ministack, tmp_path):
    # moto is asked nothing here: it has no route for CBOR.
    url = ministack
    cloudwatch = peers.client("cloudwatch", url)
    end = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
    start = end - 10 * MINUTE
    named = [{"Name": name, "Value": value} for name, value in DIMENSIONS]
    cloudwatch.put_metric_data(
        Namespace="AWS/ApplicationELB",
        MetricData=[
            {"MetricName": "RequestCount", "Dimensions": named, "Timestamp": start + at * MINUTE, "Value": value}
            for at, value in enumerate(FIGURES)
        ],
    )
    asked = ("RequestCount", DIMENSIONS, "Sum", start, end)
    expected = peers.until(lambda: read(url, *asked), "the figures are there")
    assert [value for _, value in expected] == FIGURES
    rust_reads_the_same(tmp_path, url, *asked, expected)


@pytest.mark.parametrize("statistic", ["Sum", "p99", "Average"])
def test_figures_of_the_simulated_region(statistic, tmp_path):
    url = peers.os.environ["BEANPOLE_SIM_URL"]
    balancers = peers.client("elbv2", url).describe_load_balancers()["LoadBalancers"]
    arn = next(one["LoadBalancerArn"] for one in balancers if one["Type"] == "application")
    dimensions = [("LoadBalancer", arn.split(":loadbalancer/")[1])]
    metric = "RequestCount" if statistic == "Sum" else "TargetResponseTime"
    # Minutes that are over: figures of the newest ones may still grow.
    end = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0) - 10 * MINUTE
    asked = (metric, dimensions, statistic, end - 30 * MINUTE, end)
    expected = read(url, *asked)
    assert len(expected) == 30
    rust_reads_the_same(tmp_path, url, *asked, expected)

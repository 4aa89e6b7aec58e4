"""Fails if testing compiles what building has compiled: the two must share one profile and one set of features, or the
tests cost minutes more.

    compiled_twice.py BUILD TEST      two streams of cargo's --message-format=json, the second of a run after the first
"""

import json
import sys


def artifacts(path):
    with open(path, encoding="utf-8") as lines:
        messages = [json.loads(line) for line in lines if line.startswith("{")]
    return [message for message in messages if message["reason"] == "compiler-artifact"]


build, test = (artifacts(path) for path in sys.argv[1:3])
if not build or not test:
    sys.exit("cargo told nothing")
ours = {artifact["package_id"] for artifact in build if artifact["target"]["name"] == "beanpole"}
theirs = {artifact["package_id"] for artifact in build} - ours
again = {artifact["package_id"] for artifact in test if not artifact["fresh"]} & theirs
for package in sorted(again):
    print(f"compiled again for the tests: {package}", file=sys.stderr)
if again:
    sys.exit("what a development dependency switches on must be switched on in [dependencies] too")
print(f"{len(theirs)} packages were built, and none of them again for the tests")

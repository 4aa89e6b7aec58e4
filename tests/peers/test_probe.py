"""`beanpole probe` against real servers: nginx as Beanstalk sets it up, in front of socket.io, sockjs and ws, two instances
each, behind a front that plays the load balancer."""

import contextlib
import json

import probe_servers
import pytest
from probe_servers import application, front, instance, probe, region, together

QUICK = ["--requests", "3"]
READ_TIMEOUT = "proxy_read_timeout {};\n"


@contextlib.contextmanager
def environment(*kinds, locations="00_application.conf", sticky=False, idle=300, **more):
    """Two instances behind a front; its port."""
    with contextlib.ExitStack() as stack:
        ports = [
            stack.enter_context(instance(url.rsplit(":", 1)[1], locations, **more))
            for url in [stack.enter_context(application(name, *kinds)) for name in ("one", "two")]
        ]
        yield stack.enter_context(front(*ports, sticky=sticky, idle=idle))


@pytest.fixture(scope="module")
def regions():
    """Regions whose environment is sticky, and not."""
    with region(sticky=True) as sticky, region() as plain:
        yield {True: sticky, False: plain}


@pytest.fixture(scope="module")
def sticky_port():
    with environment("ws", "socketio", "sockjs", sticky=True) as port:
        yield port


def answer(ran):
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout)


def checks(found, severity=None):
    return [it["check"] for it in found["findings"] if severity in (None, it["severity"])]


def finding(found, check):
    [it] = [it for it in found["findings"] if it["check"] == check]
    return it


def test_beanstalks_nginx_passes_the_upgrade_on(regions, sticky_port):
    paths = ["/ws", "/socket.io/?EIO=4&transport=websocket", "/sockjs/websocket", None]
    given = [["--websocket", path] if path else [] for path in paths]
    runs = together(*[lambda more=more: probe(regions[True], sticky_port, *QUICK, *more) for more in given])
    for path, ran in zip(paths, runs, strict=True):
        found = answer(ran)
        assert ran.returncode == 0, (path, ran.stdout, ran.stderr)
        socket = found["websocket"]
        assert (socket["status"], socket["upgraded"], socket["echoed"], socket["failure"]) == (101, True, True, None)
        # Without a path the usual ones are tried in their order.
        assert socket["path"] == (path or paths[1])
        assert checks(found, "critical") == []
        assert found["server"].startswith("nginx/") and found["answered_by"] == "application"


def test_a_sticky_front_keeps_every_session(regions):
    marked = ["--marker", "header:x-instance", "--requests", "6"]
    by_body = ["--marker", "body:instance (\\w+)", "--requests", "6", "--fallback", "sockjs"]
    # A front for each: two clients of one that goes round would take turns.
    with environment("socketio", sticky=True) as one, environment("sockjs", sticky=True) as two:
        runs = together(lambda: probe(regions[True], one, *marked), lambda: probe(regions[True], two, *by_body))
    socketio, sockjs = map(answer, runs)
    for found, transport in ((socketio, "socketio"), (sockjs, "sockjs")):
        fallback = found["fallback"]
        assert (fallback["transport"], fallback["sessions"], fallback["broken"]) == (transport, 2, 0), fallback
        assert fallback["continued"] >= 10 and fallback["broken_without_cookie"] > 0, fallback
        assert (found["affinity"], found["targets_seen"]) == (True, 2), found
        assert {"AWSALB", "AWSALBCORS"} <= set(found["cookies"])
        assert checks(found, "critical") == [] and "fallback-needs-cookies" in checks(found, "info")


def test_round_robin_breaks_every_session(regions):
    marked = ["--marker", "header:x-instance", "--requests", "6"]
    with environment("socketio") as one, environment("sockjs") as two:
        runs = together(
            lambda: probe(regions[False], one, *marked),
            lambda: probe(regions[False], two, *marked, "--fallback", "sockjs"),
        )
    for ran, words in zip(runs, ("Session ID unknown", "HTTP 404"), strict=True):
        found = answer(ran)
        assert ran.returncode == 1, ran.stdout
        fallback = found["fallback"]
        assert fallback["continued"] >= 10 and 0 < fallback["broken"] <= fallback["continued"], fallback
        assert words in fallback["failure"], fallback
        broken = finding(found, "fallback-breaks")
        assert broken["severity"] == "critical" and broken["fix"] == "beanpole set web stickiness.enabled=true", broken
        assert found["affinity"] is False and finding(found, "not-sticky")["severity"] == "warning"


def test_an_upgrade_that_nginx_drops_is_named(regions):
    with environment("ws", "socketio", "sockjs", locations="00_application_without_upgrade.conf", sticky=True) as port:
        paths = ["/ws", "/socket.io/?EIO=4&transport=websocket", "/sockjs/websocket", None]
        given = [["--websocket", path] if path else [] for path in paths]
        runs = together(*[lambda more=more: probe(regions[True], port, *QUICK, *more) for more in given])
    for path, ran in zip(paths, runs, strict=True):
        found = answer(ran)
        assert ran.returncode == 1, (path, ran.stdout)
        lost = finding(found, "websocket-upgrade-lost")
        assert "proxy_set_header Upgrade $http_upgrade" in lost["fix"], lost
        assert found["websocket"]["status"] in (400, 426) and not found["websocket"]["upgraded"], found["websocket"]
        # The fallback works all the same: that is why nobody notices.
        assert found["fallback"]["broken"] == 0, found["fallback"]


def test_who_cuts_a_quiet_socket():
    """Every case side by side, for nginx's own limit is a minute."""
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        by_default = enter(environment("ws"))
        long = enter(environment("ws", read=READ_TIMEOUT.format("3600s")))
        short = enter(environment("ws", read=READ_TIMEOUT.format("5s")))
        short_front = enter(environment("ws", idle=6))
        talking = enter(environment("socketio", sticky=True))
        of = {idle: enter(region(idle=idle)) for idle in (300, 60, 6)}

        def quiet(idle, port, watched, *more):
            path = more or ["--websocket", "/ws"]
            return lambda: probe(of[idle], port, "--requests", "0", *path, "--idle", watched)

        runs = together(
            quiet(300, by_default, "90s"),
            quiet(60, by_default, "90s"),
            quiet(300, short, "20s"),
            quiet(6, short_front, "20s"),
            quiet(300, long, "70s"),
            quiet(300, talking, "35s", "--websocket", "/socket.io/?EIO=4&transport=websocket"),
        )
    expected = [("nginx", 60), ("either", 60), ("unknown", 5), ("load_balancer", 6)]
    for ran, (who, seconds) in zip(runs, expected, strict=False):
        found = answer(ran)
        assert found["websocket"]["cut_by"] == who, (who, found["websocket"], found["findings"])
        assert abs(found["websocket"]["idle_seconds"] - seconds) < 1.5, found["websocket"]
        assert ran.returncode == 1 and "quiet-socket-cut" in checks(found, "critical"), found["findings"]
    by_nginx, either = answer(runs[0]), answer(runs[1])
    assert "proxy_read_timeout" in finding(by_nginx, "quiet-socket-cut")["fix"]
    assert "raise both" in finding(either, "quiet-socket-cut")["fix"]
    for ran in runs[4:]:
        assert ran.returncode == 0 and answer(ran)["websocket"]["cut_by"] is None, ran.stdout
    assert [answer(ran)["websocket"]["idle_seconds"] for ran in runs[4:]] == [70.0, 35.0]
    assert "kept-alive" in checks(answer(runs[5]), "info"), "Engine.IO pings every 25 s"


def test_another_origin(regions, sticky_port):
    """Socket.IO answers no preflight without its cors option; this application allows its origins."""
    with environment("cors", sticky=True) as port:
        asked = [*QUICK, "--origin", "https://other.example"]
        refused, allowed = together(
            lambda: probe(regions[True], sticky_port, *asked), lambda: probe(regions[True], port, *asked)
        )
    assert refused.returncode == 1 and "origin-not-allowed" in checks(answer(refused), "critical"), refused.stdout
    found = answer(allowed)
    assert allowed.returncode == 0, allowed.stdout
    origin = found["origin"]
    assert (origin["preflight"], origin["allowed"], origin["credentials"]) == (204, True, True), origin
    assert origin["cross_site_cookie"] == {"name": "AWSALBCORS", "same_site": "None", "secure": True}, origin
    assert "cross-site-cookie-over-http" in checks(found, "warning"), found["findings"]


def test_nginx_without_its_application(regions):
    with instance(probe_servers.free_port()) as one, instance(probe_servers.free_port()) as two, front(one, two) as port:
        ran = probe(regions[False], port, *QUICK)
    found = answer(ran)
    assert ran.returncode == 1 and found["statuses"].keys() == {"502"} and found["answered_by"] == "nginx", found
    assert "application-down" in checks(found, "critical")


def test_the_page_fits_eighty_columns(regions, sticky_port):
    marked = ["--requests", "3", "--marker", "header:x-instance", "--origin", "https://other.example"]
    ran = probe(regions[True], sticky_port, *marked, text=True)
    assert max(map(len, ran.stdout.splitlines())) <= 80, ran.stdout
    for words in ("WebSocket", "affinity      kept", "fallback      Socket.IO polling: 12 of 12 requests", "AWSALBCORS"):
        assert words in ran.stdout, ran.stdout

"""What `beanpole probe` is tested against: nginx as Beanstalk sets it up before real servers of Node's, two instances each,
behind a front that plays the load balancer."""

import concurrent.futures
import contextlib
import functools
import os
import pathlib
import shutil
import string
import subprocess
import tempfile

from peers import BEANPOLE, ROOT, beanpole_sim, environment, free_port, server

HERE = pathlib.Path(__file__).parent
SERVERS = HERE / "servers"
COOKIES = (
    'add_header Set-Cookie "AWSALB=$answered; Path=/" always;\n'
    '            add_header Set-Cookie "AWSALBCORS=$answered; Path=/; SameSite=None; Secure" always;'
)


@functools.cache
def node_modules():
    """The packages of the lock file, installed once; their folder."""
    target = pathlib.Path(os.environ.get("PROBE_SERVERS", ROOT / "target/probe-servers")).absolute()
    target.mkdir(parents=True, exist_ok=True)
    lock = (SERVERS / "package-lock.json").read_bytes()
    installed = target / "installed-package-lock.json"
    if not installed.exists() or installed.read_bytes() != lock:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SERVERS / name, target / name)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=target, check=True, stdin=subprocess.DEVNULL, timeout=300)
        installed.write_bytes(lock)
    return target / "node_modules"


def application(name, *kinds):
    port = free_port()
    return server(["node", SERVERS / "server.js", port, name, *kinds], port, NODE_PATH=str(node_modules()))


def filled(name, **values):
    return string.Template((HERE / "nginx" / name).read_text()).substitute(values)


@contextlib.contextmanager
def nginx(conf, files, port):
    """nginx with this main file, and more by their paths; its port. `nginx -t` accepts it first."""
    with tempfile.TemporaryDirectory() as root:
        os.chmod(root, 0o755)
        pathlib.Path(root, "conf.d/elasticbeanstalk").mkdir(parents=True)
        pathlib.Path(root, "nginx.conf").write_text(string.Template(conf).safe_substitute(root=root).replace("$$", "$"))
        for name, text in files.items():
            pathlib.Path(root, name).write_text(text)
        command = [shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"), "-p", root, "-c", f"{root}/nginx.conf"]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=30)
        assert checked.returncode == 0, checked.stderr
        with server(command, port):
            yield port


def instance(application_port, locations="00_application.conf", **more):
    """An instance's nginx, with files of the application's own."""
    port = free_port()
    files = {"conf.d/elasticbeanstalk/00_application.conf": filled(locations, application=application_port)}
    main = (HERE / "nginx/nginx.conf").read_text().replace("$port", str(port))
    return nginx(main, files | {f"conf.d/{name}.conf": text for name, text in more.items()}, port)


def front(one, two, sticky=False, idle=300):
    """What stands in for the load balancer."""
    port = free_port()
    chosen = {"sticky_one": "one" if sticky else "any", "sticky_two": "two" if sticky else "any"}
    text = (HERE / "nginx/front.conf").read_text()
    values = chosen | {"one": one, "two": two, "port": port, "idle": idle, "cookies": COOKIES if sticky else ""}
    return nginx(string.Template(text).safe_substitute(values), {}, port)


@contextlib.contextmanager
def region(idle=300, sticky=False, secure=False):
    """A simulated region with one environment, `web`, whose load balancer has these settings; its URL."""
    stickiness = 'stickiness = "1d"\n' if sticky else ""
    certificate = 'certificate = "web"\n' if secure else ""
    text = f"""
description = "one environment to probe"
seed = 13

[[application]]
name = "web"
versions = ["v1"]

[[certificate]]
key = "web"
domain = "web.example.com"

[[load_balancer]]
key = "web"
name = "awseb--AWSEB-0A0B0C0D0E0F"
attributes = {{ "idle_timeout.timeout_seconds" = "{idle}" }}

[[load_balancer.listener]]
port = {443 if secure else 80}
{certificate}default = {{ forward = "web/default" }}

[[environment]]
name = "web"
application = "web"
version = "v1"
instances = 2
load_balancer = "web"

[[environment.process]]
name = "default"
{stickiness}"""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "probe.toml")
        path.write_text(text)
        with beanpole_sim(path) as url:
            yield url


def probe(region, port, *arguments, scheme="http", text=False, seconds=200, **variables):
    """What `beanpole probe` says of the environment, at this port of this machine."""
    to = f"{scheme}://127.0.0.1:{port}"
    command = [BEANPOLE, "probe", "web", "--endpoint-url", region, "--connect-to", to, *arguments]
    command += [] if text else ["-o", "json"]
    with tempfile.TemporaryDirectory() as home:
        keys = {"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
        return subprocess.run(
            [str(word) for word in command],
            env=environment(home, **keys, **variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
        )


def together(*calls):
    """The results of what is done side by side."""
    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]

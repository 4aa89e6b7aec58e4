"""What the suites share: the binary, servers on free ports, a terminal. Nothing sleeps without looking: conditions are
polled until a deadline."""

import contextlib
import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import boto3
import ptyprocess
import pyte

ROOT = pathlib.Path(__file__).parents[2]
BEANPOLE = pathlib.Path(os.environ.get("BEANPOLE_BIN", ROOT / "target/debug/beanpole")).absolute()
REGION = "eu-west-1"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}


def until(condition, what, seconds=30):
    """What the condition gives once it holds."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def environment(home, **variables):
    """Nothing of the caller's: no profile, no proxy, no credentials."""
    own = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color"}
    return own | {"AWS_EC2_METADATA_DISABLED": "true"} | variables


def answers(url):
    try:
        urllib.request.urlopen(url, timeout=5).read()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@contextlib.contextmanager
def server(command, port, **variables):
    """A server that listens on this port; its URL. It is ended with whatever it started."""
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as home, open(pathlib.Path(home, "log"), "w+b") as log:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=home,
            env=environment(home, **variables),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            def is_up():
                if process.poll() is not None:
                    log.seek(0)
                    raise AssertionError(f"{command} ended with {process.returncode}:\n{log.read().decode()}")
                return answers(url)

            until(is_up, f"{command} listens", 60)
            yield url
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def beanpole_sim(scenario, *arguments):
    port = free_port()
    return server([BEANPOLE, "sim", "--listen", f"127.0.0.1:{port}", "--scenario", scenario, *arguments], port)


def moto():
    port = free_port()
    return server([sys.executable, ROOT / "tests/peers/moto_region.py", "-p", port], port)


def ministack():
    port = free_port()
    quiet = {"IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0", "BIND_HOST": "127.0.0.1", "MINISTACK_REGION": REGION}
    return server([pathlib.Path(sys.executable).parent / "ministack"], port, GATEWAY_PORT=str(port), **quiet)


def client(service, url):
    keys = {name.lower(): value for name, value in KEYS.items()}
    return boto3.client(service, endpoint_url=url, region_name=REGION, **keys)


class Ran:
    """What a command did."""

    def __init__(self, done):
        self.status = done.returncode
        self.text = done.stdout
        self.told = " ".join(done.stderr.split())

    @property
    def json(self):
        return json.loads(self.text)


def run(url, *arguments, **more):
    """Runs a command of the real binary on an endpoint, with more variables if there are any."""
    with tempfile.TemporaryDirectory() as home:
        variables = environment(home, AWS_ENDPOINT_URL=url, AWS_REGION=REGION, **KEYS, **more)
        return Ran(
            subprocess.run(
                [BEANPOLE, *arguments],
                env=variables,
                cwd=home,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=120,
            )
        )


class Dashboard:
    """The dashboard of the real binary, in a terminal."""

    def __init__(self, url, width=140, height=40):
        self.home = tempfile.TemporaryDirectory()
        self.screen = pyte.Screen(width, height)
        self.stream = pyte.ByteStream(self.screen)
        variables = environment(self.home.name, AWS_ENDPOINT_URL=url, AWS_REGION=REGION, **KEYS)
        self.process = ptyprocess.PtyProcess.spawn(
            [str(BEANPOLE)], cwd=self.home.name, env=variables, dimensions=(height, width)
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.close(force=True)
        self.home.cleanup()

    @property
    def text(self):
        return "\n".join(self.screen.display)

    @property
    def words(self):
        """The text without its line breaks."""
        return " ".join(self.text.split())

    def take_in(self, seconds):
        """Takes in what comes within this time; whether there can be more."""
        if not select.select([self.process.fd], [], [], seconds)[0]:
            return True
        try:
            self.stream.feed(self.process.read(1 << 16))
        except EOFError:
            return False
        return True

    def until(self, *texts, seconds=60):
        """Waits until the screen says all of this."""
        deadline = time.monotonic() + seconds
        while not all(text in self.words for text in texts):
            missing = [text for text in texts if text not in self.words]
            assert time.monotonic() < deadline, f"not within {seconds} s: {missing}\n{self.text}"
            assert self.take_in(0.2), f"it ended before: {missing}\n{self.text}"
        return self

    def wait(self, condition, what, seconds=30):
        """Takes in what comes until the condition holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"not within {seconds} s: {what}\n{self.text}"
            assert self.take_in(0.2), f"it ended before: {what}\n{self.text}"

    def press(self, keys):
        self.process.write(keys.encode())
        return self

    def ended(self, seconds=30):
        """The exit status, once it has ended."""
        deadline = time.monotonic() + seconds
        while self.take_in(0.2):
            assert time.monotonic() < deadline, f"it runs on\n{self.text}"
        return self.process.wait()

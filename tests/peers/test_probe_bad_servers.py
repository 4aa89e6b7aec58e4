"""`beanpole probe` against servers that misbehave: bad certificates, stalls, garbage, answers without an end."""

import contextlib
import datetime
import json
import pathlib
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from probe_servers import free_port, probe, region, together

HOST = "web.example.com"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


@pytest.fixture(scope="module")
def regions():
    with region() as plain, region(secure=True) as secure:
        yield {"http": plain, "https": secure}


@contextlib.contextmanager
def listening(handle, context=None):
    """A server that handles each connection by this, on a thread; its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve(connection):
        with contextlib.suppress(OSError), connection:
            if context:
                connection = context.wrap_socket(connection, server_side=True)
            with connection:
                handle(connection, over)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        listener.close()


def page(connection, _):
    connection.recv(65536)
    connection.sendall(PAGE)


def certificate(folder, name, names, days=(-1, 90), issuer=None):
    """A certificate and its key in files, by this issuer or by itself; what signs others."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    authority, signer = issuer or (subject, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=days[0]))
        .not_valid_after(now + datetime.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(it) for it in names]), critical=False)
    made = builder.sign(signer, hashes.SHA256())
    pem = pathlib.Path(folder, f"{name}.pem")
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(serialization.Encoding.PEM, *private)
    )
    return pem, (subject, key)


CASES = {
    "good": ([HOST], (-1, 90), [], None),
    "expired": ([HOST], (-90, -1), ["expired"], "has expired"),
    "early": ([HOST], (1, 90), ["not_yet_valid"], "not valid yet"),
    "other": (["other.example.com", "*.example.com.invalid"], (-1, 90), ["wrong_name"], "it covers other.example.com"),
    "both": (["other.example.com"], (-90, -1), ["expired", "wrong_name"], "does not cover web.example.com"),
    "soon": ([HOST], (-1, 10), [], None),
}


def bad_certificate(folder, name, authority):
    """A certificate of a case in a file; its names, its problems and the words for one of them."""
    if name == "self-signed":
        return certificate(folder, "web", [HOST])[0], [HOST], ["self_signed"], "self-signed"
    if name == "unknown":
        _, stranger = certificate(folder, "stranger", [])
        return certificate(folder, "web", [HOST], issuer=stranger)[0], [HOST], ["unknown_issuer"], "does not trust"
    names, days, problems, words = CASES[name]
    return certificate(folder, "web", names, days, authority)[0], names, problems, words


def test_a_certificate_is_reported_whatever_is_wrong_with_it(regions, tmp_path):
    root, authority = certificate(tmp_path, "authority", [])
    together(*[lambda name=name: reported(regions, tmp_path, name, root, authority) for name in (*CASES, "self-signed", "unknown")])


def reported(regions, folder, name, root, authority):
    own = folder / name
    own.mkdir()
    pem, names, problems, words = bad_certificate(own, name, authority)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.set_alpn_protocols(["h2", "http/1.1"])
    with listening(page, context) as port:
        given = ["--requests", "0", "--host", HOST]
        ran = probe(regions["https"], port, *given, scheme="https", SSL_CERT_FILE=str(root))
    found = json.loads(ran.stdout)
    tls = found["tls"]
    assert (tls["problems"], tls["names"], tls["alpn"]) == (problems, names, "http/1.1"), tls
    assert tls["version"] in ("TLSv1.3", "TLSv1.2") and tls["not_after"].endswith("Z"), tls
    # It is reported, and the probe goes on.
    assert found["statuses"]["200"] >= 1 and found["url"] == f"https://{HOST}/", found
    bad = [it["message"] for it in found["findings"] if it["check"] == "bad-certificate"]
    assert len(bad) == len(problems) and ran.returncode == bool(problems), (bad, ran.returncode)
    assert not words or any(words in message for message in bad), bad
    assert ("certificate-expires" in [it["check"] for it in found["findings"]]) == (name == "soon")


def test_awss_own_name_cannot_be_covered_and_that_is_no_failure(regions, tmp_path):
    root, issuer = certificate(tmp_path, "authority", [])
    pem, _ = certificate(tmp_path, "web", [HOST], issuer=issuer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with listening(page, context) as port:
        ran = probe(regions["https"], port, "--requests", "0", scheme="https", SSL_CERT_FILE=str(root))
    found = json.loads(ran.stdout)
    assert ran.returncode == 0 and found["host"].endswith(".elasticbeanstalk.com"), (ran.stdout, ran.stderr)
    [named] = [it for it in found["findings"] if it["check"] == "certificate-of-another-name"]
    assert "host name" in named["fix"] and HOST in named["message"], named


def stall(connection, over):
    connection.recv(65536)
    over.wait(60)


def garbage(connection, _):
    connection.recv(65536)
    connection.sendall(b"\x00\x01SSH-2.0-OpenSSH_9.2\r\n" * 10)


def close(connection, _):
    connection.recv(65536)


def endless_head(connection, over):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.is_set():
        connection.sendall(b"X-Padding: " + b"x" * 8000 + b"\r\n")


def dripping_head(connection, over):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while not over.wait(0.5):
        connection.sendall(b"x")


def endless_body(connection, over):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not over.is_set():
        connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def dripping_body(connection, over):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while not over.wait(0.5):
        connection.sendall(b"x")


def no_tls(connection, _):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


MISBEHAVIOUR = [
    (stall, "http", "no-answer", "connected, but no answer within 20 s"),
    (garbage, "http", "no-answer", "does not speak HTTP/1.1"),
    (close, "http", "no-answer", "closed without an answer"),
    (endless_head, "http", "no-answer", "headers of the answer are too large"),
    (dripping_head, "http", "no-answer", "no answer within 20 s"),
    (dripping_body, "http", "answer-without-end", "did not end within 10 s"),
    (stall, "https", "no-answer", "the TLS handshake did not end within 10 s"),
    (no_tls, "https", "no-answer", "the TLS handshake failed"),
    (close, "https", "no-answer", "the TLS handshake failed"),
]


def test_a_server_that_misbehaves_ends_with_a_clear_sentence(regions):
    together(*[lambda case=case: misbehaves(regions, *case) for case in MISBEHAVIOUR])


def misbehaves(regions, handle, scheme, check, words):
    with listening(handle) as port:
        ran = probe(regions[scheme], port, "--requests", "0", "--websocket", "/ws", scheme=scheme, seconds=120)
    found = json.loads(ran.stdout)
    [named] = [it for it in found["findings"] if it["check"] == check]
    assert words in named["message"] and named["fix"], named
    assert ran.returncode == 1, ran.stderr


def test_an_answer_without_end_is_read_so_far_and_no_farther(regions):
    with listening(endless_body) as port:
        ran = probe(regions["http"], port, "--requests", "2", seconds=60)
    found = json.loads(ran.stdout)
    assert found["statuses"]["200"] >= 5 and ran.returncode == 0, (ran.stdout, ran.stderr)


def test_what_cannot_be_reached_has_its_own_status(regions):
    port = free_port()
    ran = probe(regions["http"], port)
    found = json.loads(ran.stdout)
    assert ran.returncode == 5 and found["findings"] is None, ran.stdout
    [error] = found["errors"]
    assert (error["kind"], error["message"]) == ("network", "the connection was refused"), error
    assert "cannot be reached: the connection was refused" in ran.stderr, ran.stderr

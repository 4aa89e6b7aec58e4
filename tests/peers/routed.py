"""One endpoint for two that play AWS: CloudWatch goes to one, everything else to the other.

moto has Beanstalk and no CBOR, in which the SDK for Rust speaks to CloudWatch; ministack has that and no Beanstalk.
"""

import contextlib
import http.server
import threading
import urllib.error
import urllib.request


class Router(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        is_figures = "/monitoring/aws4_request" in self.headers.get("authorization", "")
        url = (self.server.figures if is_figures else self.server.rest) + self.path
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "content-length")}
        request = urllib.request.Request(url, data=body, headers=headers, method="POST")
        try:
            answer = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        content = answer.read()
        self.send_response(answer.status if hasattr(answer, "status") else answer.code)
        for name, value in answer.headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def routed(figures, rest):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Router)
    server.figures, server.rest = figures, rest
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()

"""Stands between a client that signs its calls and the engine: keeps the calls, and changes them on their way."""

import http.client
import http.server
import json
import re
import ssl
import threading

CHANGES = {
    "body": lambda headers, body: (headers, body.replace(b'"PartitionKey"', b'"partitionKey"', 1)),
    "date": lambda headers, body: ([(name, value[:-2] + ("1Z" if value[-2] != "1" else "2Z"))
                                    if name.lower() == "x-amz-date" else (name, value) for name, value in headers], body),
    "header": lambda headers, body: ([(name, "Kinesis_20131202.PutRecord" + ("" if value.endswith("s") else "s"))
                                      if name.lower() == "x-amz-target" else (name, value) for name, value in headers], body),
}


class SignedProxy:
    """`answers` has the status, the error's type and its message of each call since the last `take`."""

    def __init__(self, engine_port, certificate=None, key=None):
        self.engine_port = engine_port
        self.change = None
        self.calls = []
        self.answers = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = list(self.headers.items())
                proxy.calls.append((headers, body))
                if proxy.change:
                    headers, body = CHANGES[proxy.change](headers, body)
                status, kind, answer = proxy.send(headers, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def send(self, headers, body):
        """Sends a call as it is, and keeps what became of it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.engine_port, timeout=60)
        connection.putrequest("POST", "/", skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        error = {} if answer.status == 200 else json.loads(content)
        self.answers.append((answer.status, error.get("__type"), error.get("message")))
        return answer.status, answer.getheader("Content-Type", ""), content

    def take(self):
        """What became of the calls since the last time."""
        taken, self.answers = self.answers, []
        return taken

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def port_of(url):
    return int(re.search(r":(\d+)$", url).group(1))

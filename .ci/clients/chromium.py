"""A headless Chromium of Debian through its chromedriver, with nothing but the standard library."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request


class Chromium:
    """One browser with one tab; a context manager."""

    def __init__(self, width=1280, height=900):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.base = f"http://127.0.0.1:{free.getsockname()[1]}"
        self.driver = subprocess.Popen(["chromedriver", "--port=" + self.base.rsplit(":", 1)[1]],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        options = {"binary": "/usr/bin/chromium", "args": [
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--window-size={width},{height}"]}
        deadline = time.monotonic() + 60
        while True:
            try:
                answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {
                    "browserName": "chrome", "goog:chromeOptions": options}}})
                break
            except (urllib.error.URLError, ConnectionError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        self.session = "/session/" + answer["sessionId"]

    def _call(self, method, path, body=None):
        request = urllib.request.Request(self.base + path, method=method, headers={"content-type": "application/json"},
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, url):
        self._call("POST", self.session + "/url", {"url": url})

    def run(self, script):
        """What the script returns in the page."""
        return self._call("POST", self.session + "/execute/sync", {"script": script, "args": []})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(30)

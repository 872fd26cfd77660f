#!/usr/bin/env python3
"""Each failure of docs/failures.md, provoked on a real agent, and looked for as an operator would.

For each row an agent of its own starts, meets the fault, and the live page is opened in headless Chromium. The page must
name the fault within ten seconds, with its place, a sentence and a remedy; `penstock status`, the details of /readyz, the
log and the metric penstock_condition must say the same. Needs what .ci/run installs, and root where it mounts or traces.

.ci/clients/failures.py [NAME ...]     all rows, or these; ends with status 1 if one is not seen
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from chromium import Chromium
from failure_peers import Server, free_port, http

ROOT = pathlib.Path(__file__).resolve().parents[2]
PENSTOCK = os.environ.get("PENSTOCK", str(ROOT / "agent/bin/penstock"))
LIMIT = 10
CLASS_NAME = re.compile(r"\b(java|javax|sun|io|com|org|software)\.[a-z]+\.|\b(UnknownHost|Connect|SSL\w*|Socket\w*|IO|EOF"
                        r"|ClosedChannel|CertPath\w*|SdkClient|Timeout|Completion|IllegalState)Exception")
PAGE = """
const status = document.getElementById("status");
const text = (element, name) => element.querySelector(name)?.textContent ?? "";
const first = {id: text(status, "strong"), place: text(status, ".place"), why: text(status, ".why"),
  remedy: text(status, ".remedy")};
const more = [...status.querySelectorAll("li")].map((one) => ({id: text(one, "strong"), line: one.textContent,
  remedy: text(one, ".remedy")}));
return {first, more};
"""
rows = {}


def row(*names):
    """The decorated function provokes each of these names."""

    def add(function):
        for name in names:
            rows.setdefault(name, []).append(function)
        return function

    return add


def merged(base, more):
    result = dict(base)
    for key, value in more.items():
        result[key] = merged(result[key], value) if isinstance(value, dict) and isinstance(result.get(key), dict) else value
    return result


def plain(text):
    """Without what differs from moment to moment."""
    text = re.sub(r" \([^()]*\bago\)", "", text)
    return re.sub(r"[\d.,]+", "#", text).strip().rstrip(".#").strip().lower()


class Trial:
    """One agent with its peers and folder, and what was seen of it."""

    def __init__(self, browser):
        self.browser = browser
        self.stack = contextlib.ExitStack()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="penstock-failures-"))
        self.stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.ports = {name: free_port() for name in ("mqtt", "http", "admin", "engine")}
        self.process = None
        self.seen = []

    def close(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.stack.close()

    def keep(self, closing):
        self.stack.callback(closing.close)
        return closing

    def server(self, serve, context=None):
        return self.keep(Server(serve, context)).port

    def odd(self, answers):
        """The endpoint of a Kinesis that answers so."""
        return f"http://127.0.0.1:{self.server(http(answers))}"

    def configure(self, more):
        listen = {name: {"listen": f"127.0.0.1:{self.ports[name]}"} for name in ("mqtt", "http", "admin", "engine")}
        base = {**listen, "forward": {"listen": []}, "log4j": {"listen": []}, "shutdown-timeout": "0ms",
                "spool": {"reserve": "1MiB"}}
        file = self.folder / "penstock.yaml"
        file.write_text(json.dumps(merged(base, more)))
        return file

    @staticmethod
    def target(endpoint, **more):
        keys = {"source": "static", "access-key-id": "AKIAEXAMPLEEXAMPLE", "secret-access-key": "hush"}
        return {"kinesis": {"endpoint": endpoint, "credentials": keys, **more}}

    def start(self, more=None, *, prefix=(), options="", ready=True):
        file = self.configure(more or {})
        self.log = self.folder / f"agent-{time.monotonic_ns()}.log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment["PENSTOCK_JAVA_OPTS"] = options or "-Xmx256m"
        self.process = subprocess.Popen(
            [*prefix, PENSTOCK, "run", "--config", str(file), "--data", str(self.folder / "data")], env=environment,
            stdout=open(self.log, "wb"), stderr=subprocess.STDOUT,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))
        if ready:
            self.until("ready", lambda: "ready in" in self.output)

    def restart(self, more=None, **how):
        self.process.kill()
        self.process.wait()
        self.start(more, **how)

    @property
    def output(self):
        return self.log.read_text(errors="replace")

    def until(self, what, condition, seconds=180):
        deadline = time.monotonic() + seconds
        while not condition():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"not {what}; the log:\n{self.output[-3000:]}")
            time.sleep(0.05)

    def get(self, path):
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports['admin']}{path}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answered:
                return answered.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.read().decode()

    def post(self, stream="orders", body=b"event", kind="application/octet-stream", *, key=None, seconds=30):
        path = f"/v1/streams/{stream}/records" + (f"?partitionKey={key}" if key else "")
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports['http']}{path}", data=body,
                                         headers={"content-type": kind})
        try:
            with urllib.request.urlopen(request, timeout=seconds) as answered:
                return answered.status
        except urllib.error.HTTPError as refused:
            return refused.code

    def on_page(self, name, place):
        """What the page says of it: its sentence and remedy, and whether it is the line at the top; None if nothing."""
        try:
            page = self.browser.run(PAGE)
        except urllib.error.URLError:
            return None
        first = page["first"]
        if first["id"] == name and first["place"] == place:
            return first["why"], first["remedy"], True
        for one in page["more"]:
            if one["id"] == name and one["line"].startswith(f"{name} {place}: "):
                return one["line"][len(name) + len(place) + 3:], one["remedy"], False
        return None

    def see(self, name, place, *, late=0, log=True):
        """Opens the page now and looks; `late` are the seconds by which the agent itself can only know it later."""
        begun = time.monotonic()
        self.browser.open(f"http://127.0.0.1:{self.ports['admin']}/")
        found = None
        while found is None and time.monotonic() - begun < LIMIT + late:
            found = self.on_page(name, place)
            time.sleep(0.05)
        took = time.monotonic() - begun
        if found is None:
            raise AssertionError(f"the page does not name {name} at {place} within {LIMIT + late} s, but says "
                                 f"{self.browser.run(PAGE)}\n{self.output[-3000:]}")
        self.elsewhere(name, place, found, log)
        self.seen.append((name, place, took, found[2]))

    def elsewhere(self, name, place, found, log=True):
        why, remedy, _ = found
        for text in (why, remedy):
            assert text.strip() and not CLASS_NAME.search(text), f"{name}: {why} | {remedy}"
        details = [(one["name"], " ".join(filter(None, (one["place"]["kind"], one["place"].get("name", "")))), one)
                   for one in json.loads(self.get("/readyz"))["details"]]
        said = [one for at, where, one in details if (at, where) == (name, place)]
        assert said, f"/readyz does not say {name} at {place}: {details}"
        assert plain(why).startswith(plain(said[0]["sentence"])), f"page: {why}\n/readyz: {said[0]['sentence']}"
        assert plain(remedy) == plain(said[0]["remedy"]), f"page: {remedy}\n/readyz: {said[0]['remedy']}"
        status = subprocess.run([PENSTOCK, "status", "--admin", f"127.0.0.1:{self.ports['admin']}"],
                                capture_output=True, text=True, timeout=60).stdout
        assert f"{name} ({place}, for " in status, f"status does not say {name} ({place}):\n{status}"
        metric = rf'penstock_condition\{{name="{name}",severity="[a-z-]+"\}} [1-9]'
        assert re.search(metric, self.get("/metrics")), f"no metric of {name}"
        if log:
            self.until(f"{name} ({place}) in the log", lambda: f"{name} ({place}): " in self.output, 10)

    def reload(self, more):
        self.configure(more)
        self.process.send_signal(signal.SIGHUP)


# Under this name for the rows, which register themselves here also when this file is the program.
sys.modules.setdefault("failures", sys.modules[__name__])
import failure_rows  # noqa: E402


def sections():
    """The names that docs/failures.md explains."""
    return re.findall(r"^### (\S+)$", (ROOT / "docs/failures.md").read_text(), re.MULTILINE)


def main():
    chosen = sys.argv[1:] or sections()
    failed = [f"{name}: nothing here provokes it" for name in chosen
              if name not in rows and name not in failure_rows.NOT_PROVOKED]
    tried = set()
    with Chromium() as browser:
        for name in chosen:
            for provoke in rows.get(name, []):
                if provoke in tried:
                    continue
                tried.add(provoke)
                trial = Trial(browser)
                try:
                    provoke(trial)
                    for seen, place, took, first in trial.seen:
                        print(f"ok   {seen} ({place}): {took:.1f} s{'' if first else ', among others'}", flush=True)
                except Exception as problem:  # the next rows are tried all the same
                    failed.append(f"{provoke.__name__}: {problem}")
                    print(f"FAIL {provoke.__name__}: {type(problem).__name__} {problem}", flush=True)
                finally:
                    trial.close()
    for name, why in failure_rows.NOT_PROVOKED.items():
        if name in chosen:
            print(f"not  {name}: {why}")
    print(f"{len(tried)} faults, {len(failed)} not seen")
    for each in failed:
        print("  " + each.splitlines()[0])
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

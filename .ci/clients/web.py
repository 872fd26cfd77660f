"""HTTP with TLS, passwords, tokens and client certificates through curl, wget and nghttp, and from pages in Chromium."""

import contextlib
import functools
import http.server
import json
import pathlib
import subprocess
import tempfile
import threading

from harness import PENSTOCK, agent, await_records, check, read_stream, run

CLIENTS = pathlib.Path(__file__).parent
PLAIN = "http://127.0.0.1:9880"
SECURE = "https://127.0.0.1:9881"
JSON = ["-H", "content-type: application/json"]


@contextlib.contextmanager
def guarded(more=""):
    """An agent with a plain and an encrypted address; yields the folder and a token for every stream."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name in ("server", "device"):
            run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder / f"{name}.key", "-out",
                folder / f"{name}.pem")
        run(PENSTOCK, "passwd", folder / "passwords", "joe", stdin=b"secret\n")
        token = run(PENSTOCK, "passwd", "--token", folder / "tokens", "all").decode().strip()
        limited = run(PENSTOCK, "passwd", "--token", folder / "tokens", "web", "--streams", "web").decode().strip()
        with agent(f"""
http:
  listen: ["http://127.0.0.1:9880", "https://127.0.0.1:9881"]
  tls: {{certificate: {folder}/server.pem, key: {folder}/server.key{more}}}
  auth: {{password-file: {folder}/passwords, tokens-file: {folder}/tokens}}
""".replace("FOLDER", str(folder))):
            yield folder, token, limited


def post(url, stream, *more, status=200, body=b'{"n": 1}'):
    """What curl says of the HTTP version that it spoke."""
    answer = run("curl", "-sS", *JSON, "--data-binary", "@-", "-w", "\n%{http_version} %{http_code}", *map(str, more),
                 f"{url}/v1/streams/{stream}/records", stdin=body).decode()
    text, said = answer.rsplit("\n", 1)
    version, code = said.split()
    assert int(code) == status, answer
    if status != 200:
        assert json.loads(text)["remedy"], text
    return version


@check("curl: HTTP/1.1, HTTP/2 by ALPN and h2c, with password and token, plain and within TLS")
def curl_guarded():
    with guarded() as (folder, token, limited):
        ca = ["--cacert", folder / "server.pem"]
        ways = [(PLAIN, ["--http1.1"], "1.1"), (PLAIN, ["--http2-prior-knowledge"], "2"), (PLAIN, ["--http2"], "1.1"),
                (SECURE, ["--http1.1", *ca], "1.1"), (SECURE, ["--http2", *ca], "2"),
                (SECURE, ["--tlsv1.2", "--tls-max", "1.2", *ca], "2")]
        for url, options, version in ways:
            for login in (["-u", "joe:secret"], ["-H", f"authorization: Bearer {token}"]):
                assert post(url, "curl", *options, *login) == version
            post(url, "curl", *options, status=401)
            post(url, "curl", *options, "-H", f"authorization: Bearer {limited}", status=403)
        large = b"[" + b",".join(b'{"n": 1, "text": "%s"}' % (b"x" * 1000) for _ in range(3000)) + b"]"
        for url, options, version in ways:
            post(url, "large", *options, "-u", "joe:secret", body=large)
            post(url, "large", *options, status=401, body=large)
        post(PLAIN, "curl", "-u", "joe:guess", status=401)
        assert len(await_records("curl", 2 * len(ways))) == 2 * len(ways)
        await_records("large", 3000 * len(ways))


@check("curl: a plain request at an encrypted address and the reverse are told apart")
def curl_mistaken():
    with guarded() as (folder, token, _):
        post("http://127.0.0.1:9881", "no", "-H", f"authorization: Bearer {token}", status=400)
        done = subprocess.run(["curl", "-sS", "-k", "https://127.0.0.1:9880/"], capture_output=True, timeout=30)
        assert done.returncode == 35, done
        assert read_stream("no") == []


@check("curl: a client certificate is asked for, and its name is enough")
def curl_certificate():
    with guarded(", client-ca: FOLDER/device.pem") as (folder, _, _):
        ca = ["--cacert", folder / "server.pem"]
        post(SECURE, "own", *ca, "--cert", folder / "device.pem", "--key", folder / "device.key")
        for strange in ([], ["--cert", folder / "server.pem", "--key", folder / "server.key"]):
            done = subprocess.run(["curl", "-sS", *map(str, ca + strange), SECURE + "/"], capture_output=True, timeout=30)
            assert done.returncode in (35, 55, 56), done
        await_records("own", 1)


@check("wget answers the challenge; nghttp speaks h2c")
def wget_and_nghttp():
    with guarded() as (folder, token, _):
        run("wget", "-q", "-O", "-", "--user=joe", "--password=secret", "--header=content-type: application/json",
            '--post-data={"by": "wget"}', f"{PLAIN}/v1/streams/others/records")
        data = folder / "body"
        data.write_bytes(b'{"by": "nghttp"}')
        answer = run("nghttp", "-d", data, "-H", "content-type: application/json", "-H",
                     f"authorization: Bearer {token}", "-H", ":method: POST", f"{PLAIN}/v1/streams/others/records")
        assert json.loads(answer)["records"] == 1, answer
        found = sorted(json.loads(record)["by"] for record in await_records("others", 2))
        assert found == ["nghttp", "wget"], found


@check("curl: more than a client may send gets 429; with --retry it waits for Retry-After and is taken")
def curl_limited():
    with agent("http: {limits: {bytes-per-second: 1KiB}}"):
        body = b'{"text": "%s"}' % (b"x" * 3000)
        chunked = ["-H", "transfer-encoding: chunked"]
        post(PLAIN, "limited", *chunked, body=body)
        post(PLAIN, "limited", status=429)
        post(PLAIN, "limited", "--retry", "5")
        await_records("limited", 2)


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def site(folder):
    """The origin of a web server for the folder."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


POSTING = """
const url = (stream) => "http://127.0.0.1:9880/v1/streams/" + stream + "/records";
const answers = {};
const post = async (name, stream, options) => {
  try {
    const answer = await fetch(url(stream), {method: "POST", ...options});
    answers[name] = [answer.status, await answer.json()];
  } catch (failed) {
    answers[name] = String(failed);
  }
};
const bearer = {"content-type": "application/json", "authorization": "Bearer TOKEN"};
await post("json", "page", {headers: bearer, body: JSON.stringify({by: "fetch"}), keepalive: true});
await post("text", "page", {body: "a text"});
await post("forbidden", "other", {headers: bearer, body: "{}"});
await post("broken", "page", {headers: bearer, body: "{"});
await post("wrong", "page", {headers: {...bearer, authorization: "Bearer guess"}, body: "{}"});
answers.beacon = navigator.sendBeacon(url("page"), "left the page");
answers.blob = navigator.sendBeacon(url("page"), new Blob(['{"by":"blob"}'], {type: "application/json"}));
return answers;
"""


@contextlib.contextmanager
def page(url, script):
    """What the script answers in a page of Chromium that has then been left; the browser runs on inside the block."""
    browser = subprocess.Popen(["node", CLIENTS / "page.mjs", url, script], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    try:
        yield json.loads(browser.stdout.readline())
    finally:
        browser.stdin.close()
        assert browser.wait(60) == 0, f"Chromium: exit status {browser.returncode}"


@check("Chromium: a page of a listed origin posts and reads the answers, another one stores nothing")
def chromium():
    with tempfile.TemporaryDirectory() as folder, site(folder) as listed, site(folder) as foreign:
        folder = pathlib.Path(folder)
        (folder / "index.html").write_text("<!DOCTYPE html><title>A page</title>")
        token = run(PENSTOCK, "passwd", "--token", folder / "tokens", "page", "--streams", "page").decode().strip()
        script = POSTING.replace("TOKEN", token)
        with agent(f"""
http:
  allow-anonymous: true
  auth: {{tokens-file: {folder}/tokens}}
  cors: {{origins: ["{listed}"]}}
"""):
            with page(foreign, script) as refused:
                for name in ("json", "text", "forbidden", "broken", "wrong"):
                    assert refused[name] == "TypeError: Failed to fetch", refused
            with page(listed, script) as answers:
                assert answers["json"] == [200, {"stream": "page", "records": 1}], answers
                assert answers["text"] == [200, {"stream": "page", "records": 1}], answers
                for name, status in (("forbidden", 403), ("broken", 400), ("wrong", 401)):
                    assert answers[name][0] == status and answers[name][1]["remedy"], answers
                assert answers["beacon"] and answers["blob"], answers
                records = [json.loads(record) for record in await_records("page", 4)]
                assert sorted(r.get("by") or r["message"] for r in records) == [
                    "a text", "blob", "fetch", "left the page"], records
            assert read_stream("other") == []

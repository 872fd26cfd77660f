"""Makes an authority and its certificates as docs/certificates.md does, and lets mosquitto_pub and Fluent Bit connect.

    FLUENT_BIT=/opt/fluent-bit/bin/fluent-bit python3 .ci/clients/certificates.py

Without FLUENT_BIT its part is left out, and said so. Ports 4567, 8883, 9890 and 24224 must be free.
"""

import json
import os
import pathlib
import re
import subprocess
import tempfile

from harness import ROOT, agent, await_records, check, finish, run

PAGE = (ROOT / "docs/certificates.md").read_text(encoding="utf-8")
AUTHORITY, SERVER, SENDER, MOSQUITTO, JAVA = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S)
CONFIG = re.search(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S).group(1)
FLUENT_BIT = re.search(r"^```ini\n(.*?)^```$", PAGE, re.M | re.S).group(1)


def shell(folder, commands, status=0):
    return run("bash", "-ec", f"cd {folder}\n{commands}", status=status)


def certificates(folder):
    for commands in (AUTHORITY, SERVER, SENDER, JAVA):
        shell(folder, commands)
    return CONFIG.replace("/etc/penstock", str(folder)) + "log4j: {listen: []}\nhttp: {listen: []}\n"


with tempfile.TemporaryDirectory(prefix="penstock-authority-") as name:
    made = pathlib.Path(name)
    config = certificates(made)

    @check("mosquitto_pub with the certificate of an own authority")
    def mosquitto():
        with agent(config):
            shell(made, MOSQUITTO)
            record = json.loads(await_records("mqtt", 1)[0])
            assert record["payload"] == {"strokes": 1}, record
            assert record["user"] == "press-17", record
            # Status 8 is what mosquitto_pub ends with when TLS fails, or the connection is lost before CONNACK.
            without = MOSQUITTO.replace("--cert press-17.pem --key press-17.key", "")
            assert subprocess.run(["bash", "-c", f"cd {made}\n{without}"], capture_output=True).returncode != 0
            stranger = MOSQUITTO.replace("-h localhost", f"-h {os.uname().nodename}")
            assert subprocess.run(["bash", "-c", f"cd {made}\n{stranger}"], capture_output=True).returncode != 0

    @check("Fluent Bit with the certificate of an own authority")
    def fluent_bit():
        if "FLUENT_BIT" not in os.environ:
            print("left out: FLUENT_BIT is not set")
            return
        (made / "fluent-bit.conf").write_text("[SERVICE]\n    Flush 0.2\n[INPUT]\n    Name dummy\n    Samples 3\n    Tag app\n"
                                              + FLUENT_BIT.replace("/etc/fluent-bit", str(made)))
        with agent(config), open(made / "fluent-bit.log", "wb") as log:
            running = subprocess.Popen([os.environ["FLUENT_BIT"], "-c", made / "fluent-bit.conf"], stdout=log, stderr=log)
            try:
                await_records("forward", 3)
            finally:
                running.terminate()
                running.wait(30)
finish()

"""The systemd unit: nothing to complain about with the launcher at ExecStart's path, and little left to attack."""

import pathlib
import re
import shutil
import subprocess
import tempfile

from harness import PENSTOCK, ROOT, check, run

UNIT = ROOT / "config/penstock.service"
EXPOSURE = 3.0


def analyze(*arguments):
    return subprocess.run(["systemd-analyze", *map(str, arguments)], capture_output=True, text=True, timeout=60)


@check("systemd-analyze verify: clean with the launcher installed")
def verify():
    launcher = re.search(r"^ExecStart=/(\S+)", UNIT.read_text(), re.M).group(1)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        system = root / "usr/lib/systemd/system"
        shutil.copytree("/lib/systemd/system", system, symlinks=True)
        (root / "usr/bin").mkdir()
        (root / "bin").symlink_to("usr/bin")
        (root / "lib").symlink_to("usr/lib")
        shutil.copy("/bin/kill", root / "usr/bin")
        shutil.copy(UNIT, system)

        lacking = analyze("verify", f"--root={root}", UNIT.name)
        assert lacking.returncode != 0 and launcher in lacking.stderr, "verify does not look for the launcher"

        (root / launcher).parent.mkdir(parents=True)
        shutil.copy(PENSTOCK, root / launcher)
        clean = analyze("verify", f"--root={root}", UNIT.name)
        assert clean.returncode == 0 and clean.stdout + clean.stderr == "", clean


@check(f"systemd-analyze security: exposure at most {EXPOSURE}")
def security():
    output = run("systemd-analyze", "security", "--offline=true", f"--threshold={int(EXPOSURE * 10)}", UNIT).decode()
    exposure = float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", output).group(1))
    assert exposure <= EXPOSURE, output

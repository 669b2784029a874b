# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of tests/peers: strangers' clients and servers in node, with the packages that ./dev installed."""
import json
import os
import subprocess
import sys

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers")


def require_packages():
    """Fails the test, as a missing dependency, where npm could not install them."""
    folder = os.environ.get("BEDSIDE_PEERS", "")
    if not os.path.exists(os.path.join(folder, ".made")):
        print("1..1\nnot ok 1 - missing dependency: the npm packages of tests/peers are not installed\n"
              f"# `./dev test hub sync` installs them where an npm registry can be reached; see {folder}/../peers.log")
        sys.exit(1)


def command(script, *arguments):
    return ["node", "--experimental-websocket", "--import", os.path.join(HERE, "packages.mjs"), os.path.join(HERE, script),
            *arguments]


class Peer:
    """A server of tests/peers on a port of its own."""

    def __init__(self, script, *arguments):
        self.process = subprocess.Popen(command(script, *arguments), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"{script} did not start: exit status {self.process.wait(10)}")
        self.base = json.loads(line)["base"]

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.terminate()
        self.process.wait(10)

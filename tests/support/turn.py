# SPDX-License-Identifier: GPL-3.0-or-later
"""A real TURN server, Debian's coturn, on the loopback device, and the hub's file that names it."""
import os
import shutil
import socket
import subprocess
import tempfile
import time


class Turn:
    """With a hub's options: Hub (options=turn.options ())."""

    SECRET = "a-secret-of-the-tests-only"

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="bedside-turn-")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        config = os.path.join(self.folder, "turnserver.conf")
        with open(config, "w") as file:
            file.write(f"listening-ip=127.0.0.1\nrelay-ip=127.0.0.1\nlistening-port={self.port}\nno-tls\nno-dtls\n"
                       f"use-auth-secret\nstatic-auth-secret={self.SECRET}\nrealm=bedside.test\nallow-loopback-peers\n"
                       f"no-cli\nno-rfc5780\nno-stdout-log\nverbose\nsimple-log\nlog-file={self.folder}/log\n"
                       f"pidfile={self.folder}/pid\nuserdb={self.folder}/db\n")
        self.process = subprocess.Popen(["turnserver", "-c", config], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while "UDP listener opened" not in self.log():  # it comes after TCP
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError("the TURN server did not start")
            time.sleep(0.1)
        return self

    def options(self, relay_only=True):
        path = os.path.join(self.folder, "ice")
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(f"[ice]\nturn=turn:127.0.0.1:{self.port}?transport=udp;turn:127.0.0.1:{self.port}?transport=tcp\n"
                       f"secret={self.SECRET}\nrelay-only={'true' if relay_only else 'false'}\n")
        return ["--ice-file", path]

    def log(self):
        path = os.path.join(self.folder, "log")
        return open(path, errors="replace").read() if os.path.exists(path) else ""

    def __exit__(self, *exception):
        if exception[0] is not None:
            print(self.log()[-3000:])
        self.process.kill()
        self.process.wait(15)
        shutil.rmtree(self.folder, ignore_errors=True)

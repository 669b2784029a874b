# SPDX-License-Identifier: GPL-3.0-or-later
"""A hub to measure: its process, an administrator's token, and a connection that stays open."""
import contextlib
import http.client
import json
import os
import subprocess
import time
import urllib.parse

from bench_support import BenchError, hub_program

START_SECONDS = 60


class Wire:
    """One kept-alive HTTP connection."""

    def __init__(self, base, token):
        parts = urllib.parse.urlsplit(base)
        self.path = parts.path.rstrip("/")
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
        self.headers = {"Authorization": f"Bearer {token}", "Accept": "application/fhir+json",
                        "Content-Type": "application/fhir+json"}

    def ask(self, method, path, body=None, **headers):
        """(status, bytes); the connection is kept."""
        self.connection.request(method, f"{self.path}/{path}" if path else self.path, body, {**self.headers, **headers})
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def json(self, method, path, body=None):
        """The object of an answer that has to be a good one."""
        status, text = self.ask(method, path, json.dumps(body).encode() if body is not None else None)
        if status not in (200, 201):
            raise BenchError(f"{method} {path}: {status} {text[:300]}")
        return json.loads(text)

    def timed(self, method, path):
        """Seconds until the whole answer is here, which has to be 200, and its bytes."""
        start = time.monotonic()
        status, text = self.ask(method, path)
        seconds = time.monotonic() - start
        if status != 200:
            raise BenchError(f"{method} {path}: {status} {text[:300]}")
        return seconds, text

    def close(self):
        self.connection.close()


class ServedHub:
    """bedside-hub serve on a folder of records, on a port of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.process = subprocess.Popen([hub_program(), "serve", "--data", folder, "--port", "0"], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        url = self.process.stdout.readline().strip()
        if not url:
            self.stop()
            raise BenchError("the hub did not start")
        self.url, self.base = url, url + "/fhir"

    def command(self, *words):
        """What an administrator's command says, which has to go well."""
        done = subprocess.run([hub_program(), *words, "--data", self.folder], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True)
        if done.returncode != 0:
            raise BenchError(f"bedside-hub {words[0]}: {done.stderr.strip()}")
        return done.stdout.strip()

    def token(self):
        """Of an administrator of our own, who may do everything."""
        self.command("user", "--user", "bench", "--role", "admin", "--name", "Bench", "--password-generate")
        return self.command("token", "--user", "bench")

    def memory(self):
        return memory(self.process.pid)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()


@contextlib.contextmanager
def served(folder):
    hub = ServedHub(folder)
    try:
        yield hub
    finally:
        hub.stop()


def cpu_seconds(pid):
    """Of all threads of a process so far, user and system."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid):
    """(resident now, the most so far) of a process, MB: VmRSS and VmHWM of /proc/PID/status."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        lines = dict(line.split(":", 1) for line in file if line.startswith(("VmRSS", "VmHWM")))
    return tuple(int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))

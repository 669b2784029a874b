# SPDX-License-Identifier: GPL-3.0-or-later
"""A bedside-hub with the demo clinic, and the few requests that scripts make of it."""
import json
import os
import re
import secrets
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

PROGRAM = os.environ.get("BEDSIDE_HUB", "bedside-hub")
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class HubClient:
    def __init__(self, url, token):
        self.url, self.token = url, token

    def ask(self, method, path, body=None, headers=None):
        """(status, object) of a request below /fhir."""
        request = urllib.request.Request(
            f"{self.url}/fhir/{path}", json.dumps(body).encode() if body is not None else None,
            {"Authorization": f"Bearer {self.token}", "Content-Type": "application/fhir+json", **(headers or {})},
            method=method)
        try:
            with DIRECT.open(request, timeout=20) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            text = error.read()
            return error.code, json.loads(text) if text else None

    def search(self, query):
        status, bundle = self.ask("GET", query)
        assert status == 200, (query, status, bundle)
        return [entry["resource"] for entry in bundle.get("entry", [])
                if entry.get("search", {}).get("mode") != "outcome"]

    def patient_of(self, appointment):
        for participant in appointment["participant"]:
            reference = participant.get("actor", {}).get("reference", "")
            if reference.startswith("Patient/"):
                return self.ask("GET", reference)[1]
        return None

    def appointment(self, family):
        """Today's appointment of the patient with this family name."""
        for appointment in self.search("Appointment?_count=50"):
            patient = self.patient_of(appointment)
            if patient and any(name.get("family") == family for name in patient["name"]):
                return appointment, patient
        raise AssertionError(f"no appointment of {family}")

    def join_link(self, appointment):
        status, answer = self.ask("POST", f"Appointment/{appointment['id']}/$join-link")
        assert status in (200, 201), (status, answer)
        return next(p.get("valueUrl") or p.get("valueUri") or p.get("valueString")
                    for p in answer["parameter"] if p["name"] == "url")


class Hub(HubClient):
    """Started on a port of its own; keeps its folder over restarts. quirk: as serve --quirk, to behave like another server."""

    def __init__(self, folder=None, demo=True, quirk=None, options=(), **environment):
        self.folder = folder or tempfile.mkdtemp(prefix="bedside-hub-")
        self.key = os.path.join(self.folder, "key")
        if not os.path.exists(self.key):
            with open(os.open(self.key, os.O_CREAT | os.O_WRONLY, 0o600), "w") as key:
                key.write(secrets.token_hex(32))
        self.options = list(options)
        self.demo, self.quirk, self.environment, self.port, self.process = demo, quirk, environment, 0, None
        self.log = os.path.join(self.folder, "hub.log")
        self.start()
        token = subprocess.run([PROGRAM, "token", "--data", self.data(), "--key-file", self.key, "--user", "admin"],
                               capture_output=True, text=True, check=True).stdout.strip()
        super().__init__(self.url, token)

    def data(self):
        return os.path.join(self.folder, "data")

    def start(self):
        command = [PROGRAM, "serve", "--data", self.data(), "--key-file", self.key, "--port", str(self.port)]
        command += ["--quirk", self.quirk] if self.quirk else []
        command += self.options
        self.process = subprocess.Popen(command + (["--demo"] if self.demo else []), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=open(self.log, "a"), text=True,
                                        env={**os.environ, **self.environment})
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            raise AssertionError(f"the hub did not start: {line}{open(self.log).read()[-2000:]}")
        self.port, self.url = int(found.group(1)), found.group(0)

    def stop(self, kill=False):
        if self.process and self.process.poll() is None:
            (self.process.kill if kill else self.process.terminate)()
            self.process.wait(15)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()
        if exception[0] is not None and os.path.exists(self.log):
            print(open(self.log, errors="replace").read()[-3000:])


def wait_for(what, condition, seconds=20):
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.1)

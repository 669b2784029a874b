# SPDX-License-Identifier: GPL-3.0-or-later
"""hub: bedside-hub under wrk beside the medplum peer of tests/peers, with the same records and the same requests; its start, its
memory, and how soon another workstation hears of a change."""
import contextlib
import json
import os
import queue
import random
import re
import subprocess
import sys
import time
import uuid

from bench_serve import ServedHub, Wire, cpu_seconds, memory, served
from bench_support import PROJECT, BenchError, Measure, facts, load_average, percentile, say, scratch

sys.path.insert(0, os.path.join(PROJECT, "tests", "support"))
import peers  # noqa: E402
from websocket import WebSocket  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
CONNECTIONS, THREADS, WARM_SECONDS = 8, 2, 1
PATIENTS, READINGS = 100, 3
STARTS, NOTICES, REST_SECONDS = 10, 300, 3
LOADS = [("reads", "wrk-get.lua", "requests/s", 10000), ("changed-since pages of 100", "wrk-get.lua", "pages/s", 2000),
         ("durable conditional creates", "wrk-create.lua", "creates/s", 2000),
         ("transactions of 50", "wrk-transaction.lua", "transactions/s", 150)]


# ---- records -------------------------------------------------------------------------------------

def reading(patient, number):
    return {"resourceType": "Observation", "status": "final", "subject": {"reference": patient},
            "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}], "text": "Systolic blood pressure"},
            "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
                                      "code": "vital-signs"}]}],
            "effectiveDateTime": f"2026-10-{number % 28 + 1:02}T09:00:00Z",
            "valueQuantity": {"value": 110 + number, "unit": "mm[Hg]", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}}


def one_family(number):
    """A patient and readings, as entries of a transaction."""
    url = f"urn:uuid:{uuid.uuid4()}"
    patient = {"resourceType": "Patient", "name": [{"family": f"Load{number}", "given": ["Ada"]}], "gender": "female",
               "birthDate": f"19{number % 90 + 10}-03-08", "identifier": [{"system": "https://example.org/mrn", "value": str(number)}]}
    made = [(url, patient)] + [(f"urn:uuid:{uuid.uuid4()}", reading(url, i)) for i in range(READINGS)]
    return [{"fullUrl": name, "resource": what, "request": {"method": "POST", "url": what["resourceType"]}} for name, what in made]


def seed(wire):
    """The same records in either server: references of what is there, and instants to ask from."""
    references = []
    for number in range(0, PATIENTS, 5):
        entries = [entry for one in range(number, number + 5) for entry in one_family(one)]
        answer = wire.json("POST", "", {"resourceType": "Bundle", "type": "transaction", "entry": entries})
        for entry in answer["entry"]:
            found = re.search(r"(\w+/[^/]+)(/_history/[^/]*)?$", entry["response"].get("location", ""))
            if not found:
                raise BenchError(f"seeding was answered with {json.dumps(entry)[:300]}")
            references.append(found.group(1))
    readings = [r for r in references if r.startswith("Observation/")]
    instants = [wire.json("GET", r)["meta"]["lastUpdated"] for r in readings[:len(readings) // 2:5]]
    return references, instants


class Subject:
    """A server under load: where it is, what it holds, as files for wrk."""

    def __init__(self, name, folder, base, token, pid):
        self.name, self.base, self.token, self.pid = name, base, token, pid
        self.wire, self.folder = Wire(base, token), folder
        self.fill()

    def fill(self):
        references, instants = seed(self.wire)
        since = [f"Observation?_lastUpdated=ge{at.replace('+', '%2B')}&_sort=_lastUpdated&_count=100" for at in instants]
        self.files = {"all": self.write("all", references), "since": self.write("since", since),
                      "patients": self.write("patients", [r for r in references if r.startswith("Patient/")])}
        self.readings = [r for r in references if r.startswith("Observation/")]

    def renew(self):
        """The peer forgets, and gets the first records again: it looks through all it has for each condition, one request after
        the other, so that what an earlier load left would be measured. The answer waits until that has been worked off."""
        self.wire.close()  # it lets go of idle connections after 5 s; the next request opens another
        self.wire.timed("GET", "metadata")
        Wire(self.base.removesuffix("/fhir"), self.token).json("POST", "$reset")
        self.fill()

    def write(self, what, lines):
        path = os.path.join(self.folder, f"{self.name}-{what}.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def count(self, kind):
        return self.wire.json("GET", f"{kind}?_summary=count")["total"]


# ---- load ----------------------------------------------------------------------------------------

def wrk(subject, script, lines, seconds):
    cpu = cpu_seconds(subject.pid)
    command = ["wrk", f"-c{CONNECTIONS}", f"-t{THREADS}", f"-d{seconds}s", "--timeout", "20s", "-s", os.path.join(HERE, script),
               subject.base, "--", subject.token, lines, uuid.uuid4().hex[:8]]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          env={**os.environ, "BEDSIDE_WRK_COMMON": os.path.join(HERE, "wrk-common.lua")})
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        raise BenchError(f"wrk with {script} failed: {done.stdout[-300:]} {done.stderr[-300:]}")
    result = json.loads(lines[-1])
    if result["refused"]:
        raise BenchError(f"{subject.name}, {script}: {result['refused']} of {result['requests']} requests were refused")
    if not result["requests"]:
        raise BenchError(f"not one answer in {result['seconds']:.0f} s")
    result["rate"] = result["requests"] / result["seconds"]
    result["cpu_ms"] = (cpu_seconds(subject.pid) - cpu) * 1000 / result["requests"]
    return result


def load(subject, what, script, seconds):
    lines = subject.files["all" if what == "reads" else "since" if what.startswith("changed") else "patients"]
    kind = {"durable conditional creates": "Observation", "transactions of 50": "Encounter"}.get(what)
    if subject.name == "hub":
        wrk(subject, script, lines, WARM_SECONDS)
    before = subject.count(kind) if kind and subject.name == "hub" else None
    result = wrk(subject, script, lines, seconds)
    if before is not None and subject.count(kind) - before < result["requests"]:
        raise BenchError(f"{what}: {result['requests']} were answered with success and {subject.count(kind) - before} are there")
    return result


def measure_load(hub, peer, what, script, unit, limit, seconds):
    say(f"hub: {what}")
    ours = load(hub, what, script, seconds)
    theirs, failed = None, ""
    if peer:
        try:
            peer.renew()
            theirs = load(peer, what, script, seconds)
        except BenchError as problem:
            failed = f"; the peer: {problem}"
    against = (f"; the peer: p50 {theirs['p50_ms']:.2f} ms, p99 {theirs['p99_ms']:.2f} ms, CPU {theirs['cpu_ms']:.2f} ms"
               f"{', 50 a page, its most' if what.startswith('changed') else ''}, in memory only") if theirs else failed
    note = (f"p50 {ours['p50_ms']:.2f} ms, p99 {ours['p99_ms']:.2f} ms, the hub's CPU {ours['cpu_ms']:.3f} ms each, "
            f"{ours['bytes'] / ours['requests']:.0f} bytes each, "
            f"{CONNECTIONS} connections, {ours['cut']} cut{against}")
    return Measure("hub", what, round(ours["rate"]), unit, round(theirs["rate"]) if theirs else None, "limit", ours["rate"], limit,
                   "higher", {"operations": ours["requests"], "ours": ours, "peer": theirs, "load": load_average()}, note)


# ---- start, memory -------------------------------------------------------------------------------

def start_once(folder):
    """Seconds from the start of the process to its address, and to its first answer."""
    start = time.monotonic()
    hub = ServedHub(folder)
    try:
        said = time.monotonic() - start
        wire = Wire(hub.base, "")
        wire.timed("GET", "metadata")
        return said, time.monotonic() - start
    finally:
        hub.stop()


def measure_start(folder, peer_start):
    say("hub: start on an empty folder")
    rounds = [start_once(os.path.join(folder, f"start-{number}")) for number in range(STARTS)]
    said, answered = ([part[i] for part in rounds] for i in (0, 1))
    p50 = percentile(answered, 0.5)
    note = f"to its address {percentile(said, 0.5):.3f} s, slowest first answer {max(answered):.3f} s; the peer: to its address"
    return Measure("hub", "start on an empty folder to the first answer", round(p50, 3), "s p50", peer_start, "limit", p50, 0.2,
                   "lower", {"operations": STARTS, "rounds": [round(v, 4) for v in answered]}, note)


def measure_idle(folder):
    """The records of the load, one read and one search, and a rest."""
    say("hub: memory at rest")
    with served(folder) as hub:
        wire = Wire(hub.base, hub.token())
        wire.timed("GET", "Patient?_count=10")
        wire.timed("GET", "metadata")
        time.sleep(REST_SECONDS)
        resident, most = hub.memory()
    return Measure("hub", "memory at rest", round(resident, 1), "MB", None, "limit", resident, 60, "lower",
                   {"operations": 2}, f"VmRSS of /proc/PID/status, {REST_SECONDS} s after a search; at most (VmHWM) {most:.1f} MB")


def measure_busy(hub, peer, seconds):
    _, most = memory(hub.pid)
    theirs = round(memory(peer.pid)[1], 1) if peer else None
    return Measure("hub", "memory, the most under all of these loads", round(most, 1), "MB", theirs, "limit", most, 150, "lower",
                   {"operations": len(LOADS)}, f"VmHWM of /proc/PID/status after {len(LOADS)} loads of {seconds} s")


# ---- notices -------------------------------------------------------------------------------------

class Stamped(queue.Queue):
    """Each with the time at which it came."""

    def put(self, item, *arguments):
        super().put((time.monotonic(), item), *arguments)


TOPIC = "https://bedside.health/fhir/SubscriptionTopic/clinic"
PAYLOAD = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content"


def listen(hub):
    """The other workstation: a bound WebSocket, its handshake taken."""
    subscription = hub.wire.json("POST", "Subscription", {
        "resourceType": "Subscription", "status": "requested", "reason": "bench", "criteria": TOPIC,
        "channel": {"type": "websocket", "payload": "application/fhir+json",
                    "_payload": {"extension": [{"url": PAYLOAD, "valueCode": "id-only"}]}}})
    answer = hub.wire.json("GET", f"Subscription/{subscription['id']}/$get-ws-binding-token")
    token = next(p["valueString"] for p in answer["parameter"] if p["name"] == "token")
    socket = WebSocket(int(re.search(r":(\d+)/", hub.base).group(1)), "/fhir/ws")
    socket.received = Stamped()
    socket._send(1, f"bind-with-token {token}".encode())
    socket.received.get(timeout=10)
    return socket


def notice_of(socket, reference):
    """When the notice of this record came; others, such as heartbeats, are passed over."""
    end = time.monotonic() + 10
    while True:
        came, message = socket.received.get(timeout=max(end - time.monotonic(), 0.01))
        if reference in json.dumps(message):
            return came


def measure_notices(hub):
    say("hub: notices")
    socket, draw = listen(hub), random.Random(3)
    seconds, answers = [], []
    for number in range(NOTICES + 20):
        reference = draw.choice(hub.readings)
        record = hub.wire.json("GET", reference)
        record["valueQuantity"]["value"] = 1000 + number  # an update to what is there is no change, and no notice
        body, start = json.dumps(record).encode(), time.monotonic()
        status, text = hub.wire.ask("PUT", reference, body)
        answered = time.monotonic()
        if status != 200:
            raise BenchError(f"PUT {reference}: {status} {text[:300]}")
        try:
            came = notice_of(socket, reference)
        except queue.Empty:
            raise BenchError(f"no notice of {reference} came within 10 s") from None
        if number >= 20:
            seconds.append((came - start) * 1000)
            answers.append((answered - start) * 1000)
    socket.cut()
    p99 = percentile(seconds, 0.99)
    note = (f"from the sending of a change to its notice at the other: p50 {percentile(seconds, 0.5):.2f} ms; held against the "
            f"writer's own answer, p50 {percentile(answers, 0.5):.2f} ms")
    return Measure("hub", "notice to another workstation", round(p99, 2), "ms p99", round(percentile(answers, 0.99), 2), "limit", p99,
                   10, "lower", {"operations": len(seconds)}, note)


# ---- all of it -----------------------------------------------------------------------------------

@contextlib.contextmanager
def peer_server():
    """(the peer, seconds until it listened), or (None, None) where its packages could not be had."""
    if not os.path.exists(os.path.join(os.environ.get("BEDSIDE_PEERS", ""), ".made")):
        say("hub: the npm packages of tests/peers are not installed: measured without the peer")
        yield None, None
        return
    start = time.monotonic()
    with peers.Peer("medplum-peer.mjs") as peer:
        yield peer, round(time.monotonic() - start, 3)


def run_loads(folder, records, peer, seconds):
    with served(records) as started:
        hub = Subject("hub", folder, started.base, started.token(), started.process.pid)
        other = Subject("peer", folder, peer.base, "none", peer.process.pid) if peer else None
        measures = [measure_notices(hub)]
        measures += [measure_load(hub, other, *one, seconds) for one in LOADS]
        return measures + [measure_busy(hub, other, seconds)]


def run(options):
    with scratch() as folder, peer_server() as (peer, peer_start):
        records = os.path.join(folder, "hub")
        measures = [measure_start(folder, peer_start)]
        measures += run_loads(folder, records, peer, options.seconds)
        measures.append(measure_idle(records))
        known = facts(records)
        for measure in measures:
            measure.details.update({"pragmas": known["writer"], "rows": known["rows"], "resources": known["rows"]["resource"]})
        return measures

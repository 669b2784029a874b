# SPDX-License-Identifier: GPL-3.0-or-later
"""Records to measure with: from ../shared/data where that is there, else made here."""
import glob
import json
import os
import re
import uuid

from bench_support import POPULATION

CHART_RESOURCES = 1000
IMPORT_ENTRIES = 13684
UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VITALS = [("8867-4", "Heart rate", 72, "/min"), ("8480-6", "Systolic blood pressure", 128, "mm[Hg]"),
          ("8462-4", "Diastolic blood pressure", 78, "mm[Hg]"), ("8310-5", "Body temperature", 36.8, "Cel"),
          ("9279-1", "Respiratory rate", 14, "/min"), ("29463-7", "Body weight", 81.4, "kg")]
RESULTS = [("2823-3", "Potassium", 4.4, "mmol/L"), ("2160-0", "Creatinine", 1.1, "mg/dL"),
           ("33914-3", "Glomerular filtration rate", 68, "mL/min"), ("4548-4", "Hemoglobin A1c", 7.1, "%"),
           ("2339-0", "Glucose", 131, "mg/dL"), ("718-7", "Hemoglobin", 13.9, "g/dL")]


def population_files():
    return sorted(glob.glob(os.path.join(POPULATION, "*.json")))


def entry(resource):
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource,
            "request": {"method": "POST", "url": resource["resourceType"]}}


def write_bundle(path, entries):
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"resourceType": "Bundle", "type": "transaction", "entry": entries}, file, ensure_ascii=False)


def concept(system, code, display):
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def made_uuid(*words):
    return str(uuid.uuid5(uuid.NAMESPACE_OID, " ".join(str(word) for word in words)))


class Chart:
    """A patient of `count` resources, each of a kind that a chart shows, over twelve years."""

    MIX = ([("Observation", 66), ("Encounter", 11), ("MedicationRequest", 6), ("Condition", 3), ("Immunization", 3),
            ("DiagnosticReport", 6), ("DocumentReference", 4), ("AllergyIntolerance", 1)])
    # Each of these is an event of its own; observations of one day may stand together.
    EVENTS = [("Encounter", 40), ("DiagnosticReport", 25), ("DocumentReference", 25), ("Immunization", 10)]
    DOCUMENTS = [("DocumentReference", 1)]

    def __init__(self, name, count, mix=MIX):
        self.id = made_uuid(name)
        self.patient = {"reference": f"urn:uuid:{self.id}"}
        self.resources = [{"resourceType": "Patient", "id": self.id, "active": True, "gender": "female",
                           "birthDate": "1954-03-08", "identifier": [{"system": "urn:oid:1.2.36.146", "value": name}],
                           "name": [{"use": "official", "family": "Benchmark", "given": ["Ada", "Joy"]}]}]
        kinds = [kind for kind, share in mix for _ in range(share)]
        for i in range(count - 1):
            kind = kinds[(i * 37) % len(kinds)]
            resource = {"resourceType": kind, "id": made_uuid(name, i)}
            resource.update(getattr(self, kind)(i, f"{2014 + i % 12}-{i % 12 + 1:02}-{i % 28 + 1:02}"))
            self.resources.append(resource)

    def entries(self):
        return [entry(resource) for resource in self.resources]

    def Observation(self, i, day):
        vital = i % 2 == 0
        code, display, value, unit = (VITALS if vital else RESULTS)[i // 2 % 6]
        category = ("vital-signs", "Vital Signs") if vital else ("laboratory", "Laboratory")
        return {"status": "final", "subject": self.patient, "effectiveDateTime": f"{day}T09:{i % 60:02}:00+02:00",
                "issued": f"{day}T10:00:00.000Z", "code": concept("http://loinc.org", code, display),
                "category": [concept("http://terminology.hl7.org/CodeSystem/observation-category", *category)],
                "valueQuantity": {"value": round(value + i % 7 * 0.3, 1), "unit": unit, "code": unit,
                                  "system": "http://unitsofmeasure.org"},
                "referenceRange": [{"low": {"value": round(value * 0.8, 1), "unit": unit},
                                    "high": {"value": round(value * 1.2, 1), "unit": unit}}]}

    def Encounter(self, i, day):
        return {"status": "finished", "subject": self.patient,
                "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
                "type": [concept("http://snomed.info/sct", "185349003", "Encounter for check up")],
                "period": {"start": f"{day}T09:00:00+02:00", "end": f"{day}T09:20:00+02:00"},
                "reasonCode": [{"text": "Follow-up of long-term conditions"}]}

    def MedicationRequest(self, i, day):
        drug = [("314076", "lisinopril 10 MG Oral Tablet"), ("860975", "metformin hydrochloride 500 MG Oral Tablet"),
                ("617311", "atorvastatin 40 MG Oral Tablet")][i % 3]
        return {"status": "active" if i % 5 == 0 else "stopped", "intent": "order", "subject": self.patient,
                "authoredOn": day, "dosageInstruction": [{"text": "Take one tablet once a day"}],
                "medicationCodeableConcept": concept("http://www.nlm.nih.gov/research/umls/rxnorm", *drug)}

    def Condition(self, i, day):
        status = "http://terminology.hl7.org/CodeSystem/condition-clinical"
        return {"clinicalStatus": concept(status, "active", "Active"), "subject": self.patient, "onsetDateTime": day,
                "code": concept("http://snomed.info/sct", "38341003", "Hypertensive disorder"), "recordedDate": day}

    def Immunization(self, i, day):
        return {"status": "completed", "patient": self.patient, "occurrenceDateTime": day,
                "vaccineCode": concept("http://hl7.org/fhir/sid/cvx", "140", "Influenza, seasonal, injectable")}

    def DiagnosticReport(self, i, day):
        return {"status": "final", "subject": self.patient, "effectiveDateTime": day,
                "code": concept("http://loinc.org", "24323-8", "Comprehensive metabolic panel"),
                "conclusion": "Renal function stable against the last panel."}

    def DocumentReference(self, i, day):
        return {"status": "current", "docStatus": "final", "subject": self.patient, "date": f"{day}T10:00:00Z",
                "type": concept("http://loinc.org", "11506-3", "Progress note"),
                "content": [{"attachment": {"contentType": "text/plain", "title": "Progress note",
                                            "data": "RmVlbHMgd2VsbC4gQnJlYXRobGVzcyBvbiBzdGFpcnMgb25seS4="}}]}

    def AllergyIntolerance(self, i, day):
        status = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
        return {"clinicalStatus": concept(status, "active", "Active"), "patient": self.patient, "recordedDate": day,
                "code": concept("http://snomed.info/sct", "91936005", "Allergy to penicillin"),
                "reaction": [{"manifestation": [{"text": "Hives"}]}]}


def made_chart(folder, count=CHART_RESOURCES, name="bench chart", mix=Chart.MIX):
    """A bundle of so many resources that all stand in the chart: (path, patient id)."""
    chart = Chart(name, count, mix)
    path = os.path.join(folder, f"made-{name.replace(' ', '-')}.json")
    write_bundle(path, chart.entries())
    return path, chart.id


def made_panel(folder, patients, count):
    """A bundle of so many patients of `count` resources each: (path, patient ids)."""
    charts = [Chart(f"panel {number}", count) for number in range(patients)]
    path = os.path.join(folder, "made-panel.json")
    write_bundle(path, [one for chart in charts for one in chart.entries()])
    return path, [chart.id for chart in charts]


def made_people(folder, count):
    """A bundle of so many patients, of whom no more is known than who and where they are: its path."""
    given = ["Ada", "Jonas", "Mirela", "Tomás", "Ingrid", "Kenji", "Amara", "Wilhelmina", "Olu", "Béatrice", "Sven"]
    family = ["Abel", "Okafor", "Lindqvist", "van der Meer", "Nakamura", "Castellanos", "Ó Briain", "Zimmermann", "Rossi"]
    street = ["High Street", "Mill Lane", "Station Road", "Church Walk", "Harbour View", "Elm Crescent", "Old Market Square"]
    people = [{"resourceType": "Patient", "id": made_uuid("people", i), "active": True, "gender": ["female", "male"][i % 2],
               "birthDate": f"{1926 + i % 97}-{i % 12 + 1:02}-{i % 28 + 1:02}",
               "identifier": [{"system": "urn:oid:1.2.36.146", "value": f"{100000 + i}"}],
               "name": [{"use": "official", "family": family[i // 11 % 9], "given": [given[i % 11], given[i // 99 % 11]]}],
               "address": [{"line": [f"{i % 180 + 1} {street[i % 7]}"], "city": "Benchford", "postalCode": f"{10000 + i % 9999}"}]}
              for i in range(count)]
    path = os.path.join(folder, "made-people.json")
    write_bundle(path, [entry(person) for person in people])
    return path


def patient_of(path):
    """The id of the patient whose bundle this is."""
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)["entry"]
    return next(entry["resource"]["id"] for entry in entries if entry["resource"]["resourceType"] == "Patient")


def population_chart(folder):
    """The largest patient of the shared population, cut to 1,000 entries by its last explanations of benefit,
    which no chart shows: (path, patient id, name of the file), or None."""
    files = population_files()
    if not files:
        return None
    source = max(files, key=os.path.getsize)
    with open(source, encoding="utf-8") as file:
        entries = json.load(file)["entry"]
    surplus = len(entries) - CHART_RESOURCES
    for at in range(len(entries) - 1, -1, -1):
        if surplus > 0 and entries[at]["resource"]["resourceType"] == "ExplanationOfBenefit":
            del entries[at]
            surplus -= 1
    if len(entries) != CHART_RESOURCES:
        return None
    path = os.path.join(folder, "population-chart.json")
    write_bundle(path, entries)
    return path, patient_of(path), os.path.basename(source)


def with_fresh_ids(path, target, number):
    """The same bundle once more: every id in it another, the same in all files of one number."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(target, "w", encoding="utf-8") as file:
        file.write(UUID.sub(lambda found: made_uuid(number, found.group()), text))
    return target


def repeated(folder, files, entries):
    """The files, again and again with fresh ids, until there are `entries`."""
    counts = [len(json.load(open(path, encoding="utf-8"))["entry"]) for path in files]
    paths, there, number = list(files), sum(counts), 0
    while there < entries:
        number += 1
        for i, (path, count) in enumerate(zip(files, counts)):
            if there < entries:
                paths.append(with_fresh_ids(path, os.path.join(folder, f"again-{number:03}-{i:03}.json"), number))
                there += count
    return paths


def import_files(folder, entries):
    """What is imported: the shared population, or entries made here, repeated up to `entries`: (paths, where from)."""
    files = population_files()
    if files:
        where = "../shared/data/fhir-population"
        return repeated(folder, files, entries), where + (", repeated with fresh ids" if entries > IMPORT_ENTRIES else "")
    paths, left, number = [], max(entries, IMPORT_ENTRIES), 0
    while left > 0:
        chart = Chart(f"import {number}", min(left, 256))
        paths.append(os.path.join(folder, f"made-{number:03}.json"))
        write_bundle(paths[-1], chart.entries())
        left -= len(chart.resources)
        number += 1
    return paths, "made here: ../shared/data/fhir-population is not there"

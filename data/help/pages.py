#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the help: pages.py screens | translated | broken, and pages.py stamp LANGUAGE PAGE...

screens     each feature, dialog and window has a page, each page is in the contents, each link leads somewhere,
            each name in *stars* stands on the screen and each key is one. Prints TAP
translated  each page is there in every language of po/LINGUAS, was translated from the English as it stands now, has the
            same parts, links, keys, and the names that the program has in that language. Prints TAP
broken      what the other two must find: pages are broken in a copy, and each fault has to be named. Prints TAP
stamp       says that these pages were translated from the English as it stands now
"""
import hashlib
import os
import re
import runpy
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# Keys of parts that have them without an accelerator in a table, and keys that are typed as they are.
PLAIN_KEYS = {"?"}
BLOCKS = ((r"# ", "title"), (r"## ", "heading"), (r"- ", "item"), (r"\d+\. ", "step"))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def contents(folder):
    return [line for line in read(os.path.join(folder, "contents")).split("\n") if line]


def words(text):
    """What is said, without the comments: this is what a translation is of."""
    return re.sub(r"<!--.*?-->\n?", "", text, flags=re.S).strip()


def digest(text):
    return hashlib.sha256(words(text).encode()).hexdigest()[:12]


def shape(text):
    """The kinds of its blocks, in order; a paragraph may have several lines."""
    kinds = []
    for part in re.split(r"\n(?=\n|# |## |- |\d+\. )", words(text)):
        part = part.strip()
        if part:
            kinds.append(next((kind for pattern, kind in BLOCKS if re.match(pattern, part)), "text"))
    return kinds


def links(text):
    return sorted(re.findall(r"\]\(([^)]*)\)", text))


def codes(text):
    return sorted(re.findall(r"`([^`\n]+)`", text))


def names(text):
    return re.findall(r"\*([^*\n]+)\*", text)


def plain(text):
    """A name as it stands on the screen: without its mnemonic and without the dots of what asks more."""
    text = re.sub(r"\(_\w\)", "", re.sub("[\u00a0\u202f]", " ", text))
    return re.sub(r"\s*(…|\.\.\.)$", "", text.replace("_", "")).strip()


def catalogue(language):
    """{English name: {names in that language}}, from po."""
    po = runpy.run_path(os.path.join(ROOT, "po", "catalogues.py"), {}, "po")
    said = {}
    for _, original, _, translations, _ in po["parse"](os.path.join(ROOT, "po", language + ".po")):
        said.setdefault(plain(original), set()).update(plain(one) for one in translations)
    return said


def languages():
    return read(os.path.join(ROOT, "po", "LINGUAS")).split()


def sources(suffixes, *folders):
    for folder in folders:
        for path, _, files in os.walk(os.path.join(ROOT, folder)):
            for name in sorted(files):
                if name.endswith(suffixes):
                    yield os.path.join(path, name)


def camel(word):
    return "".join(part.capitalize() for part in word.split("-"))


def types():
    """{type: parent} of all widgets that are declared."""
    found = {}
    for path in sources((".h",), "src/app", "src/workspace", "src/features"):
        for one, parent in re.findall(r"G_DECLARE_(?:FINAL|DERIVABLE)_TYPE\s*\(\s*(\w+),[^)]*?,\s*(\w+)\s*\)", read(path)):
            found[one] = parent
    return found


def accelerators():
    """Whatever looks like keys in the tables of commands."""
    found = set(PLAIN_KEYS) | {"F1"}
    for path in sources((".c",), "src/app", "src/workspace", "src/features"):
        text = read(path)
        found.update(re.findall(r'"((?:<\w+>)+\w+|F\d+)"', text))
        for key, mask in re.findall(r"GDK_KEY_(\w+), GDK_(CONTROL|ALT)_MASK", text):
            found.add(f"<{mask.capitalize()}>{key}")
        if "GDK_CONTROL_MASK" in text:
            found.update(f"<Control>{key}" for key in re.findall(r"\{ GDK_KEY_(\w+),", text))
    return found


def is_for(screen, name):
    return name.startswith(screen) and (len(name) == len(screen) or name[len(screen)].isupper())


def screens_of(text):
    return " ".join(re.findall(r"<!-- for:(.*?)-->", text, flags=re.S)).split()


def check_listed(folder, pages):
    listed, resource = contents(folder), read(os.path.join(folder, "help.gresource.xml"))
    for page in sorted(set(listed) ^ set(pages)):
        yield f"contents and en/ differ: {page}"
    for page in listed:
        for language in ["en"] + languages():
            if f">{language}/{page}.md<" not in resource:
                yield f"help.gresource.xml lacks {language}/{page}.md"


def check_claims(pages):
    """Who explains what: nothing twice, nothing that is not there, no dialog without a page."""
    declared, claims = types(), {}
    for page, text in pages.items():
        for screen in screens_of(text):
            if screen in claims:
                yield f"en/{page}.md and en/{claims[screen]}.md are both for {screen}"
            claims[screen] = page
            if not any(is_for(screen, one) for one in declared) and not any(screen == camel(f) for f in features()):
                yield f"en/{page}.md is for {screen}, which is no widget"
    for feature in features():
        if camel(feature) not in claims:
            yield f"no page is for the feature {feature}: write {camel(feature)} into the “for:” of one in en/"
    for one, parent in sorted(declared.items()):
        opens = re.search(r"(Dialog|Window)$", parent)
        if opens and one != "AppHelpWindow" and not any(is_for(screen, one) for screen in claims):
            yield f"no page is for {one}: write it into the “for:” of one in en/"


def features():
    listed = re.search(r"^features = \[(.*?)\]", read(os.path.join(ROOT, "src/features/meson.build")), re.S | re.M)[1]
    return re.findall(r"'([\w-]+)'", listed)


def check_screens(folder):
    pages = {name[:-3]: read(os.path.join(folder, "en", name)) for name in sorted(os.listdir(os.path.join(folder, "en")))}
    keys, shown = accelerators(), catalogue("de")
    yield from check_listed(folder, pages)
    yield from check_claims(pages)
    for page, text in pages.items():
        if shape(text)[:1] != ["title"] or shape(text).count("title") != 1:
            yield f"en/{page}.md does not begin with its one title"
        for target in links(text):
            if target not in pages:
                yield f"en/{page}.md leads to {target}, which is no page"
        for name in names(text):
            if plain(name) not in shown:
                yield f"en/{page}.md: nothing on the screen is called {name}"
        for code in codes(text):
            if re.match(r"<|F\d+$", code) and code not in keys and not re.match(r"<Alt>[1-9]$", code):
                yield f"en/{page}.md: {code} does nothing"


def check_page(language, page, english, text, said):
    name = f"{language}/{page}.md"
    stamp = re.search(r"<!-- of: (\w*) -->", text)
    if not stamp or stamp[1] != digest(english):
        yield f"{name} was translated from another text than that of en/{page}.md: translate what changed, then pages.py stamp {language} {page}"
    if shape(text) != shape(english):
        yield f"{name} has other parts than en/{page}.md"
    if links(text) != links(english):
        yield f"{name} has other links than en/{page}.md"
    if codes(text) != codes(english):
        yield f"{name} has other keys and commands than en/{page}.md: {set(codes(text)) ^ set(codes(english))}"
    if words(text) == words(english):
        yield f"{name} is English"
    wanted = [said.get(plain(one), set()) for one in names(english)]
    for one in names(text):
        match = next((names_ for names_ in wanted if plain(one) in names_), None)
        if match is None:
            yield f"{name}: {one} is not what the program calls it: {' / '.join(sorted(set().union(*wanted)))}"
        else:
            wanted.remove(match)
    if wanted:
        yield f"{name} leaves out: {' / '.join(sorted(set().union(*wanted)))}"


def check_translated(folder):
    for language in languages():
        said = catalogue(language)
        for page in contents(folder):
            path = os.path.join(folder, language, page + ".md")
            if not os.path.exists(path):
                yield f"{language}/{page}.md is not there"
                continue
            yield from check_page(language, page, read(os.path.join(folder, "en", page + ".md")), read(path), said)
        for name in sorted(os.listdir(os.path.join(folder, language))):
            if name[:-3] not in contents(folder):
                yield f"{language}/{name} is of no page"


# What is done to a page, of which check, and what must be said of it.
FAULTS = (
    ("screens", "en/today.md", "# The day", "The day", "does not begin with its one title"),
    ("screens", "en/today.md", "(patient)", "(nowhere)", "leads to nowhere"),
    ("screens", "en/today.md", "*Hand Over*", "*Give Away*", "nothing on the screen is called Give Away"),
    ("screens", "en/today.md", "`<Control>b`", "`<Control>F12`", "does nothing"),
    ("screens", "en/today.md", "for: Today", "for: Todoy", "is for Todoy, which is no widget"),
    ("screens", "en/today.md", "for: Today", "for:", "no page is for the feature today"),
    ("screens", "en/keyboard.md", "WorkspaceKeys", "", "no page is for WorkspaceKeys"),
    ("screens", "en/keyboard.md", "WorkspaceKeys", "WorkspaceKeys Results", "are both for Results"),
    ("screens", "contents", "today\n", "", "contents and en/ differ: today"),
    ("screens", "help.gresource.xml", "ja/today.md", "ja/other.md", "lacks ja/today.md"),
    ("translated", "en/today.md", "# The day", "# This day", "was translated from another text"),
    ("translated", "de/today.md", "## ", "", "has other parts"),
    ("translated", "de/today.md", "(patient)", "(start)", "has other links"),
    ("translated", "fr/today.md", "`<Control>b`", "`<Control>x`", "has other keys"),
    ("translated", "es/today.md", "*", "*Nada* *", "is not what the program calls it"),
    ("translated", "ja/today.md", None, None, "ja/today.md is not there"),
)


def check_broken(folder):
    """Each fault is made in a copy of its own; the check has to name it."""
    for check, name, before, after, sentence in FAULTS:
        with tempfile.TemporaryDirectory() as place:
            copy = os.path.join(place, "help")
            shutil.copytree(folder, copy)
            path = os.path.join(copy, name)
            if before is None:
                os.remove(path)
            else:
                text = read(path)
                if before not in text:
                    yield f"{name} has no “{before}” to break"
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text.replace(before, after, 1))
            if not any(sentence in fault for fault in CHECKS[check](copy)):
                yield f"{check} did not find in {name}: {sentence}"


def stamp(language, pages):
    for page in pages:
        path = os.path.join(HERE, language, page + ".md")
        line = f"<!-- of: {digest(read(os.path.join(HERE, 'en', page + '.md')))} -->"
        text = re.sub(r"<!-- of: .*? -->\n", "", read(path))
        head, _, rest = text.partition("\n")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"{head}\n{line}\n{rest}")


CHECKS = {"screens": check_screens, "translated": check_translated, "broken": check_broken}

if __name__ == "__main__":
    if sys.argv[1] == "stamp":
        stamp(sys.argv[2], sys.argv[3:] or contents(HERE))
        sys.exit(0)
    problems = list(CHECKS[sys.argv[1]](HERE))
    for problem in problems:
        print(f"# {problem}")
    print("1..1")
    print(("not ok" if problems else "ok") + f" 1 - help-{sys.argv[1]}")
    sys.exit(1 if problems else 0)

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The house's rules, each as one check: lint.py CHECK ROOT. Prints TAP."""
import os
import re
import subprocess
import sys

CHECK, ROOT = sys.argv[1], sys.argv[2]

# A room sees only lower numbers; rooms of the same number do not see each other.
LAYER = {"base": 0, "fhir": 1, "clinical": 2, "interop": 2, "store": 3, "net": 3, "media": 3,
         "care": 4, "sync": 4, "pharmacy": 5, "hub": 6, "workspace": 6, "features": 7, "app": 8}
# Which rooms may include a library, by its header.
LIBRARY = {r"yyjson\.h": {"fhir"}, r"sqlcipher/|sqlite3\.h": {"store"}, r"libsoup/": {"net", "pharmacy", "hub", "app"},
           r"gtk/|adwaita\.h|gdk/|gsk/": {"workspace", "features", "app"},
           r"gst/": {"media", "features", "app"}, r"libsecret/": {"app"},
           r"json-glib/": {"base", "clinical", "care", "net", "media", "sync", "hub", "app", "features"}}
BOTH_STORE_AND_NET = {"sync", "pharmacy", "hub", "workspace", "features", "app"}


def files(*suffixes, under=("src",)):
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard", *under],
                            capture_output=True, text=True)
    if listed.returncode == 0:
        names = listed.stdout.split("\n")
    else:  # an unpacked archive has no git
        names = [os.path.relpath(os.path.join(d, f), ROOT) for u in under
                 for d, _, found in os.walk(os.path.join(ROOT, u)) for f in found]
    return sorted(n for n in names if n.endswith(suffixes) and os.path.exists(os.path.join(ROOT, n)))


def text(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as f:
        return f.read()


def includes():
    """(file, room, [own headers], [library headers])"""
    for name in files(".c", ".h"):
        body = text(name)
        yield (name, name.split("/")[1], re.findall(r'^\s*#\s*include\s+"([^"]+)"', body, re.M),
               re.findall(r"^\s*#\s*include\s+<([^>]+)>", body, re.M))


def check_layers():
    owner = {os.path.basename(n): n for n in files(".h")}
    for name, room, own, library in includes():
        sees = set()
        for header in own:
            if ".." in header:
                yield f'{name}: "{header}" climbs out of its folder'
            target = owner.get(os.path.basename(header))
            if target is None:
                continue  # made by the build
            there = target.split("/")[1]
            sees.add(there)
            if there != room and LAYER[there] >= LAYER[room]:
                yield f"{name}: {room} ({LAYER[room]}) may not see {there} ({LAYER[there]}): {header}"
            if room == there == "features" and name.split("/")[2] != target.split("/")[2]:
                yield f"{name}: a feature includes another feature: {header}"
            if header.endswith("-private.h") and os.path.dirname(target) != os.path.dirname(name):
                yield f"{name}: {header} is private to {os.path.dirname(target)}"
        if {"store", "net"} <= sees and room not in BOTH_STORE_AND_NET:
            yield f"{name}: {room} sees both store and net"
        for header in library:
            for pattern, rooms in LIBRARY.items():
                if re.match(pattern, header) and room not in rooms:
                    yield f"{name}: {room} may not include <{header}>"


def check_cycles():
    owner = {os.path.basename(n): n for n in files(".h")}
    graph = {n: [owner[os.path.basename(h)] for h in own if os.path.basename(h) in owner]
             for n, _, own, _ in includes() if n.endswith(".h")}
    state = {}

    def walk(node, path):
        state[node] = 1
        for to in graph.get(node, []):
            if state.get(to) == 1:
                yield "header cycle: " + " -> ".join(path + [node, to])
            elif to not in state:
                yield from walk(to, path + [node])
        state[node] = 2

    for node in sorted(graph):
        if node not in state:
            yield from walk(node, [])


def check_stems():
    sources = {os.path.splitext(os.path.basename(n))[0]: n for n in files(".c", ".h")}
    for stem, name in sources.items():
        if name.endswith(".c") and not stem.endswith("main") and not os.path.exists(
                os.path.join(ROOT, name[:-2] + ".h")):
            shared = [h for h in files(".h") if os.path.dirname(h) == os.path.dirname(name)
                      and stem.startswith(os.path.basename(h)[:-2].removesuffix("-private") + "-")]
            if not shared:
                yield f"{name}: has no header of its stem, and none that begins it"
    for name in files(".blp", under=("ui",)):
        stem = os.path.splitext(os.path.basename(name))[0]
        if stem not in sources:
            yield f"{name}: no source has the stem {stem}"
        else:
            mirrored = os.path.join("src", os.path.relpath(os.path.dirname(name), "ui"))
            if os.path.dirname(sources[stem]) != mirrored:
                yield f"{name}: its source lies in {os.path.dirname(sources[stem])}, not in {mirrored}"
    for name in files(".c", under=("tests",)):
        stem = os.path.splitext(os.path.basename(name))[0]
        if not stem.startswith("test-"):
            continue
        stem = stem[len("test-"):]
        if stem not in sources and not any(s.startswith(stem + "-") or stem.startswith(s + "-") for s in sources):
            yield f"{name}: no module has the stem {stem}"
    for name in files(".c", ".h", under=("src", "tests")):
        if not text(name).startswith("/* SPDX-License-Identifier: GPL-3.0-or-later */"):
            yield f"{name}: no licence line"


def check_potfiles():
    listed = set(l for l in text("po/POTFILES").split("\n") if l and not l.startswith("#"))
    for name in files(".c", under=("src",)) + files(".blp", under=("ui",)) + files(".desktop.in", ".metainfo.xml.in", under=("data",)):
        body = text(name)
        needs = re.search(r"\b_ ?\(\"|\bN_ ?\(\"|\bngettext \(|\bC_ ?\(\"", body)
        if needs and name not in listed:
            yield f"{name}: has translatable text and is not in po/POTFILES"
        if "gi18n-lib.h" in body:
            yield f"{name}: one domain for all, set at the start: include <glib/gi18n.h>"
    for name in sorted(listed):
        if not os.path.exists(os.path.join(ROOT, name)):
            yield f"po/POTFILES: {name} is not there"


def check_hazards():
    tests = "\n".join(text(n) for n in files(".c", ".py", ".mjs", under=("tests",)))
    rows = re.findall(r"^\| (H\d+) \|(.*)\|\s*$", text("HAZARDS.md"), re.M)
    if len(rows) < 27:
        yield f"HAZARDS.md: {len(rows)} hazards, there were 27"
    for number, rest in rows:
        last = rest.split("|")[-1].strip()
        if last.startswith("room not built"):
            continue
        names = re.findall(r"`([^`]+)`", last)
        if not names:
            yield f"HAZARDS.md: {number} has no test"
        for name in names:
            # a GLib test path is a string of its own; a Python test is a function
            if f'"{name}"' not in tests and f"def {name}(" not in tests:
                yield f"HAZARDS.md: {number}: no test is called {name}"


def type_macro(name):
    """WORKSPACE_TYPE_LINE_LAYOUT of WorkspaceLineLayout."""
    first, *rest = re.findall(r"[A-Z][a-z0-9]*", name)
    return "_TYPE_".join((first.upper(), "_".join(rest).upper()))


def check_templates():
    """A template finds a type of ours only where it was made before: its class has to name each."""
    for name in files(".blp", under=("ui",)):
        of = re.search(r"^template \$(\w+)", text(name), re.M)
        source = os.path.join("src", os.path.relpath(name, "ui"))[:-len(".blp")] + ".c"
        if not of or not os.path.exists(os.path.join(ROOT, source)):
            continue
        for used in sorted(set(re.findall(r"\$([A-Z]\w*)", text(name))) - {of.group(1)}):
            if type_macro(used) not in text(source):
                yield f"{source}: its template uses {used}: g_type_ensure ({type_macro(used)})"


def check_icons():
    """An icon that nobody has is drawn as a small grey square, and no test sees that."""
    there = {os.path.basename(n) for n in files(".svg", under=("data",))}
    for folder, _, names in os.walk("/usr/share/icons/Adwaita"):
        there.update(names)
    shipped = text("data/style/style.gresource.xml")
    for name in files(".c", ".blp", under=("src", "ui")):
        for icon in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+-symbolic)"', text(name)):
            if icon + ".svg" not in there:
                yield f"{name}: no icon is called {icon}"
            elif icon.startswith("bedside-") and icon + ".svg" not in shipped:
                yield f"{name}: data/style/style.gresource.xml does not ship {icon}"


def patient_strings(name):
    """{key: sentence} of one table of the patient's pages."""
    return dict(re.findall(r"^ +'([^']+)': '((?:[^'\\\\]|\\\\.)*)',$", text(name), re.M))


def part_strings(name):
    """{language: {key: sentence}} of a part's own table."""
    found = {}
    for tag, body in re.findall(r"^  (\w\w): {\n(.*?)^  },$", text(name), re.M | re.S):
        found[tag] = {a or b: c or d for a, b, c, d in re.findall(
            r"""^    (?:'([^']+)'|(\w+)): (?:'((?:[^'\\\\]|\\\\.)*)'|"([^"]*)"),?$""", body, re.M)}
    return found


def check_part_strings(folder):
    """Parts of the pages that bring their own sentences bring them in all five languages."""
    for name in (n for n in files(".js", under=(folder.rstrip("/"),)) if n.endswith("-strings.js")):
        tables = part_strings(name)
        if sorted(tables) != ["de", "en", "es", "fr", "ja"]:
            yield f"{name}: has {sorted(tables)}, not the five languages"
            continue
        for tag, table in sorted(tables.items()):
            for key in sorted(tables["en"].keys() ^ table.keys()):
                yield f"{name}: {key} is not in {'all' if key in tables['en'] else 'English but in'} {tag}"
            for key in sorted(tables["en"].keys() & table.keys()):
                if sorted(re.findall(r"{\w+}", tables["en"][key])) != sorted(re.findall(r"{\w+}", table[key])):
                    yield f"{name}: {key} in {tag} fills in something else than the English sentence"
        for user in files(".js", under=(folder.rstrip("/"),)):
            if re.search(rf"import {{[^}}]*\bsay\b[^}}]*}} from './{re.escape(os.path.basename(name))}'", text(user)):
                for key in re.findall(r"(?<![.\w])say\('([^']+)'", text(user)):
                    if key not in tables["en"]:
                        yield f"{user}: {name} has no {key}"


def check_pages():
    """The patient's pages say each sentence in all their languages, and ask nobody else for anything."""
    folder = "data/patient/"
    yield from check_part_strings(folder)
    english = patient_strings(folder + "strings.js")
    for tag in ("de", "es", "fr", "ja"):
        name = f"{folder}strings-{tag}.js"
        other = patient_strings(name)
        for key in sorted(english.keys() ^ other.keys()):
            yield f"{name}: {key} is {'missing' if key in english else 'not in strings.js'}"
        for key in sorted(english.keys() & other.keys()):
            if sorted(re.findall(r"{\w+}", english[key])) != sorted(re.findall(r"{\w+}", other[key])):
                yield f"{name}: {key} fills in something else than the English sentence"
            if not other[key] and english[key]:
                yield f"{name}: {key} is empty"
    for name in files(".js", ".html", under=("data/patient",)):
        body = text(name)
        for key in re.findall(r"\bt\('([^']+)'", body) + re.findall(r'data-t(?:-label)?="([^"]+)"', body):
            if key not in english:
                yield f"{name}: strings.js has no {key}"
        for address in re.findall(r"""(?:src|href|url|import|from)[=( ]+["'](https?:[^"']+)""", body):
            yield f"{name}: asks {address}, which is not the clinic's"
        if os.path.basename(name) not in text(folder + "patient.gresource.xml"):
            yield f"{name}: is not in patient.gresource.xml"


def loaded_elements(body):
    """The elements of GStreamer that a file loads by name: made, looked for, listed as parts, or in words of gst-launch."""
    yield from re.findall(r'gst_(?:element|device_provider)_factory_(?:make|find) \("([a-z0-9-]+)"', body)
    for parts in re.findall(r"\*const parts\[\] = \{(.*?)\};", body, re.S):
        yield from re.findall(r'"([a-z0-9-]+)"', parts)
    for literal in re.findall(r'(?:"(?:\\.|[^"\\\n])*"\s*(?:[A-Z][A-Z_0-9]+\s*(?="))?)+', body):
        words = "".join(re.findall(r'"((?:\\.|[^"\\\n])*)"', literal))
        for link in words.split("!") if " ! " in words else ():
            if re.fullmatch(r"[a-z][a-z0-9-]+", (link.split() or [""])[0]):
                yield link.split()[0]


def check_elements():
    """No linker sees what is loaded by name: a person says of each where the bundle has it from."""
    listed = dict(re.findall(r"^([a-z0-9-]+) +# (.*)$", text("flatpak/platform-elements.txt"), re.M))
    modules = set(re.findall(r'"name": "([^"]+)"', text("flatpak/health.bedside.Workstation.json")))
    for name in files(".c", under=("src/media",)):
        for element in sorted(set(loaded_elements(text(name))) - set(listed)):
            yield f"{name}: loads {element}, which is not in flatpak/platform-elements.txt: look up where the bundle has it from"
    for element, origin in listed.items():
        if not any(re.search(rf"\b{element}\b", text(name)) for name in files(".c", under=("src/media",))):
            yield f"flatpak/platform-elements.txt: nothing in src/media loads {element}"
        if not origin.startswith("runtime: ") and origin.removeprefix("module: ") not in modules:
            yield f"flatpak/platform-elements.txt: {element} comes neither from the runtime nor from a module of the manifest"


def check_whole():
    """What a person is told and asked is read whole in a narrow window with large text: by the helpers that see to it."""
    for name in files(".c"):
        if "adw_toast_new (" in text(name) and not name.endswith("/workspace-toast.c"):
            yield f"{name}: adw_toast_new () cuts a sentence to one line, and reads it as markup; workspace_toast_new () does not"
        for body in text(name).split("\n}\n"):
            if "adw_alert_dialog_new (" in body and "adw_dialog_present (" in body:
                yield f"{name}: an alert is presented by workspace_alert_present ()"
            if "adw_alert_dialog_choose (" in body and "workspace_alert_wrap (" not in body:
                yield f"{name}: an alert that is chosen in is wrapped by workspace_alert_wrap ()"


# What is precompiled hides a forgotten #include; what ships is compiled without. By the names that a file uses.
HEADERS = {r"\b(?:Adw[A-Z]|adw_|ADW_)": r"adwaita\.h", r"\b(?:G[dt]k[A-Z]|g[dt]k_|G[DT]K_)": r"adwaita\.h|gtk/|gdk-pixbuf/",
           r"\b(?:Gsk[A-Z]|gsk_|graphene_)": r"adwaita\.h|gtk/|gsk/", r"\b(?:pango_|Pango[A-Z])": r"adwaita\.h|gtk/|pango/",
           r"\b(?:cairo_[a-z]+ \(|cairo_t\b)": r"adwaita\.h|gtk/|cairo|pango/pangocairo", r"\b(?:gst_|Gst[A-Z]|GST_)": r"gst/",
           r"\b(?:g_(?:file_new|file_load|file_query|file_read|task|action|application|cancellable|list_store|settings|socket|input_stream)_[a-z_]+ \(|G(?:File|Task|Cancellable)\b)":
           r"gio/|adwaita\.h|gtk/|gst/|libsoup/|json-glib/|libsecret/",
           r"\b(?:sqrt|fabs|floor|ceil|l?round|isnan|isfinite|isinf|pow|log10|hypot|cos|sin|NAN|INFINITY)\b(?: \(|\b(?<=N|Y))": r"math\.h|gtk/|adwaita\.h",
           r"\berrno\b": r"errno\.h", r"\b_ \(\"": r"glib/gi18n(-lib)?\.h"}


def check_headers():
    """A file reaches the header of whatever it names, itself or through the project's own headers."""
    owner = {os.path.basename(n): n for n in files(".h", under=("src", "tests"))}
    reached = {}

    def reach(name):
        if name not in reached:
            reached[name] = set()  # a circle ends here
            body = text(name)
            found = set(re.findall(r"^\s*#\s*include\s+<([^>]+)>", body, re.M))
            for own in re.findall(r'^\s*#\s*include\s+"([^"]+)"', body, re.M):
                if os.path.basename(own) in owner:
                    found |= reach(owner[os.path.basename(own)])
            reached[name] = found
        return reached[name]

    for name in files(".c", under=("src", "tests")):
        body = re.sub(r"/\*.*?\*/", "", text(name), flags=re.S)
        for used, header in HEADERS.items():
            match = re.search(used, re.sub(r'"(?:\\.|[^"\\\n])*"', '""', body) if "gi18n" not in header else body)
            if match and not any(re.match(header, found) for found in reach(name)):
                yield f"{name}: names {match.group(0)} and includes nothing of {header}"


def check_idle():
    """Where a call is painted on a slow machine nothing is ever idle: what must be done has a priority above painting."""
    for name in files(".c"):
        if name.split("/")[1] in ("hub", "pharmacy"):
            continue
        for number, line in enumerate(text(name).split("\n"), 1):
            if re.search(r"g_idle_add(_once)? \(", line):
                yield f"{name}:{number}: g_idle_add () starves in a call; g_idle_add_full () takes G_PRIORITY_HIGH_IDLE or DEFAULT"


def check_format():
    sources = files(".c", ".h", under=("src", "tests"))
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *sources], cwd=ROOT,
                          capture_output=True, text=True)
    for line in sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", done.stderr, re.M))):
        yield f"{line}: clang-format would change it"
    templates = files(".blp", under=("ui",))
    if templates:
        done = subprocess.run(["blueprint-compiler", "format", *templates], cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            yield "blueprint-compiler format would change: " + " ".join(
                re.findall(r"ui/\S+\.blp", done.stdout + done.stderr)) 
    for name in files(".c", ".h", ".blp", under=("src", "ui", "tests")):
        for number, line in enumerate(text(name).split("\n"), 1):
            if line.rstrip() != line:
                yield f"{name}:{number}: white space at the end of the line"


problems = list(globals()["check_" + CHECK]())
for problem in problems:
    print(f"# {problem}")
print("1..1")
print(("not ok" if problems else "ok") + f" 1 - {CHECK}")
sys.exit(1 if problems else 0)

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundle in an empty installation, run in its sandbox on a headless desktop, against a hub outside."""
import os
import secrets
import shutil
import struct
import subprocess

from sandbox import PROJECT, case, main
from desktop import wait_until
from flatpak import FOLDER, ID, Installation


@case
def what_was_built_starts_from_its_repository(scene):
    built = Installation(os.path.join(scene.folder, "built"), os.path.join(FOLDER, "installation"))
    built.install_what_was_built()
    try:
        program = scene.start(installation=built)
        program.find("label", "Welcome to Bedside", seconds=90)
    finally:
        built.kill()
        scene.stop()
        built.uninstall()


@case
def the_bundle_is_installed_where_nothing_was(scene):
    seconds = scene.installation.install()
    print(f"# installed in {seconds:.1f} s")
    assert ID in scene.installation.flatpak("--user", "list", "--app", "--columns=application")


@case
def flatpak_shows_the_permissions_that_were_agreed(scene):
    with open(os.path.join(PROJECT, "flatpak", "permissions.txt"), encoding="utf-8") as file:
        agreed = file.read().strip()
    shown = scene.installation.flatpak("--user", "info", "--show-permissions", ID).strip()
    assert shown == agreed, f"agreed:\n{agreed}\nshown:\n{shown}"


@case
def the_sandbox_sees_nothing_of_the_machine(scene):
    secret = os.path.join(scene.installation.home, "letter.txt")
    with open(secret, "w", encoding="ascii") as file:
        file.write("private")
    seen = scene.installation.inside(f"cat {secret} 2>/dev/null; ls {PROJECT} 2>/dev/null; ls /dev/video* /dev/input 2>/dev/null; echo end")
    assert seen.split() == ["end"], seen


@case
def the_administrators_file_is_seen_and_cannot_be_written(scene):
    shutil.copy(os.path.join(PROJECT, "data", "fleet.conf.example"), os.path.join(scene.installation.fleet_folder(), "fleet.conf"))
    seen = scene.installation.inside("grep -c ^url= /app/fleet/fleet.conf; (echo x >/app/fleet/fleet.conf) 2>/dev/null || echo refused")
    assert seen == "1\nrefused\n", seen
    scene.installation.flatpak(*scene.installation.command("--check-config", "/app/fleet/fleet.conf")[1:])


@case
def without_an_administrators_file_there_is_none(scene):
    os.unlink(os.path.join(scene.installation.fleet_folder(), "fleet.conf"))
    assert scene.installation.inside("test -e /app/fleet/fleet.conf || echo none") == "none\n"


@case
def the_hub_and_the_renderer_are_in_the_bundle(scene):
    said = scene.installation.inside("bedside-hub --help | head -1; ldd /app/libexec/bedside-render /app/bin/* | grep -c 'not found'; true")
    assert "bedside-hub" in said and said.split()[-1] == "0", said


JAPANESE = "82a082a2"  # two letters in Shift-JIS, whose table only poppler-data has


def japanese_pdf():
    """A page with an English and a Japanese line, in fonts that it does not bring along."""
    words = f"BT /F1 24 Tf 20 100 Td (Leaf) Tj ET BT /F2 24 Tf 20 200 Td <{JAPANESE}> Tj ET"
    return f"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[4 0 R]/Count 1>>endobj
3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]/Contents 5 0 R/Resources<</Font<</F1 3 0 R/F2 6 0 R>>>>>>endobj
5 0 obj<</Length {len(words)}>>stream
{words}
endstream endobj
6 0 obj<</Type/Font/Subtype/Type0/BaseFont/Ryumin-Light/Encoding/90ms-RKSJ-H/DescendantFonts[7 0 R]>>endobj
7 0 obj<</Type/Font/Subtype/CIDFontType0/BaseFont/Ryumin-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>
/FontDescriptor 8 0 R>>endobj
8 0 obj<</Type/FontDescriptor/FontName/Ryumin-Light/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900/Descent -200
/CapHeight 700/StemV 80>>endobj
trailer<</Root 1 0 R>>
%%EOF
""".encode("ascii")


@case
def a_document_is_drawn_in_the_cage_within_the_sandbox(scene):
    width = 400
    for name, content in (("sheet.pdf", japanese_pdf()), ("asked", struct.pack("=II", 0, width))):
        with open(scene.installation.data(name), "wb") as file:
            file.write(content)
    scene.installation.inside("cd $XDG_DATA_HOME && exec 3<sheet.pdf && /app/libexec/bedside-render pdf <asked | cat >answered")  # it may write no file
    with open(scene.installation.data("answered"), "rb") as file:
        answered = file.read()
    status, pages, _, _, _ = struct.unpack("=5I", answered[:20])
    assert (status, pages) == (0, 1), (status, pages)
    status, _, wide, high, n_text = struct.unpack("=5I", answered[20:40])
    pixels, text = answered[40:40 + wide * high * 4], answered[40 + wide * high * 4:].decode()
    assert (status, wide, high, n_text) == (0, width, 600, len(text.encode())), (status, wide, high, n_text)
    assert "Leaf" in text and bytes.fromhex(JAPANESE).decode("shift-jis") in text, f"the page says {text!r}"
    assert sum(pixels[i] < 128 for i in range(0, len(pixels), 4)) > 50, "nothing is drawn"


@case
def the_day_of_the_clinic_is_reached_from_the_sandbox(scene):
    key = scene.installation.data("key")
    with open(os.open(key, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    program = scene.start("--server", scene.hub.url, "--user", "doctor", "--key-file", key)
    window = program.window("Bedside", seconds=90)
    line = program.find("list item", contains="SMITH, Jane", within=window, seconds=90)
    wait_until("the words of the line", lambda: "Sore throat" in line.name, 60)
    picture = os.path.join(FOLDER, "screenshot.png")
    scene.desktop.screenshot(picture)
    assert os.path.getsize(picture) > 20_000, "the picture is empty"
    print(f"# {picture}")


@case
def the_records_lie_in_the_sandbox_and_are_encrypted(scene):
    found = [os.path.join(where, name) for where, _, names in os.walk(scene.installation.data("bedside"))
             for name in names if name == "records.db"]
    assert len(found) == 1, found
    with open(found[0], "rb") as file:
        assert file.read(15) != b"SQLite format 3", "the records are not encrypted"


@case
def a_link_from_outside_reaches_the_program_that_runs(scene):
    patient = scene.hub.appointment("Smith")[1]["id"]
    windows = len(scene.program.windows())
    subprocess.run(scene.installation.command(f"bedside:patient/{patient}"), env=scene.installation.environment, timeout=60, check=True)
    scene.program.window("SMITH, Jane", seconds=60)
    assert len(scene.program.windows()) == windows + 1


@case
def it_ends_when_it_is_told_to(scene):
    scene.stop()


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What publish.sh makes of the repository that ./dev flatpak leaves: a clinic's machines update from it, and only from it."""
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

PROJECT = os.environ["BEDSIDE_PROJECT"]
sys.path.insert(0, os.path.join(PROJECT, "tests", "support"))
from flatpak import FOLDER, ID, Installation, run  # noqa: E402

PUBLISH = os.path.join(PROJECT, "flatpak", "publish.sh")
CASES = []


def case(test):
    CASES.append(test)
    return test


class Scene:
    def __init__(self, folder):
        self.folder = folder
        self.repo = os.path.join(folder, "repo")
        self.bundle = os.path.join(folder, "clinic.flatpak")
        self.installation = Installation(os.path.join(folder, "clean"))
        # runtime-repo is looked up while a bundle is installed, and there is no network here
        self.environment = dict(self.installation.environment, GNUPGHOME=os.path.join(folder, "gnupg"), RUNTIME_REPO="")
        os.mkdir(self.environment["GNUPGHOME"], 0o700)
        run("cp", "-a", os.path.join(FOLDER, "repo"), self.repo)
        for name in ("clinic", "stranger"):
            self.gpg("--batch", "--passphrase", "", "--quick-generate-key", f"{name}@example.org", "ed25519", "sign", "never")

    def gpg(self, *arguments):
        return run("gpg", *arguments, env=self.environment)

    def publish(self, key="clinic@example.org", url=None):
        return subprocess.run([PUBLISH, self.repo, url or f"file://{self.repo}", key, self.bundle], env=self.environment,
                              capture_output=True, text=True, timeout=300)

    def commit(self):
        return run("ostree", f"--repo={self.repo}", "rev-parse", f"app/{ID}/x86_64/stable").strip()

    def build_again(self):
        """The same application as a new commit, as the next build would leave it: not signed."""
        before = self.commit()
        run("flatpak", "build-commit-from", "--force", "--subject=the next", "--timestamp=NOW", f"--src-ref=app/{ID}/x86_64/stable",
            f"--src-repo={self.repo}", self.repo, f"app/{ID}/x86_64/stable", env=self.installation.environment)
        assert self.commit() != before
        return self.commit()

    def installed(self):
        return self.installation.flatpak("--user", "info", "--show-commit", ID).strip()

    def update(self):
        return subprocess.run(["flatpak", "--user", "update", "-y", "--noninteractive", ID], env=self.installation.environment,
                              capture_output=True, text=True, timeout=300)


@case
def a_key_that_is_not_there_publishes_nothing(scene):
    for key, url, words in (("nobody@example.org", None, "gpg knows no key"), ("example.org", None, "gpg knows several keys"),
                            ("clinic@example.org", "http://x.example", "no https address")):
        done = scene.publish(key, url)
        assert done.returncode and words in done.stderr, done.stderr
    assert not os.path.exists(scene.bundle)


@case
def what_is_published_is_signed_and_names_where_updates_come_from(scene):
    done = scene.publish()
    assert done.returncode == 0, done.stderr
    scene.installation.install(scene.bundle)
    remotes = scene.installation.flatpak("--user", "remotes", "--columns=name,url,options")
    line = next(line for line in remotes.splitlines() if scene.repo in line)
    assert "no-gpg-verify" not in line, line
    assert scene.installed() == scene.commit()


@case
def the_next_build_comes_by_an_update_once_it_is_published(scene):
    before = scene.installed()
    built = scene.build_again()
    scene.update()
    assert scene.installed() == before, "what nobody signed was installed"
    done = scene.publish()
    assert done.returncode == 0, done.stderr
    done = scene.update()
    assert done.returncode == 0 and scene.installed() == built, done.stdout + done.stderr


@case
def what_a_stranger_signed_is_refused(scene):
    before = scene.installed()
    scene.build_again()
    done = scene.publish("stranger@example.org")
    assert done.returncode == 0, done.stderr
    done = scene.update()
    assert scene.installed() == before, done.stdout + done.stderr


def main():
    failed = False
    print(f"1..{len(CASES)}")
    folder = tempfile.mkdtemp(prefix="bedside-update-")
    scene = Scene(folder)
    try:
        for number, test in enumerate(CASES, 1):
            try:
                test(scene)
                print(f"ok {number} {test.__name__}", flush=True)
            except Exception:
                failed = True
                print(f"not ok {number} {test.__name__}\n" + "\n".join(f"# {line}" for line in traceback.format_exc().splitlines()), flush=True)
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], env=scene.environment, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failed else 0)


main()

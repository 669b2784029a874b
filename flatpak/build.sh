#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# build.sh FOLDER: builds what seed.py has prepared against FOLDER/standin/repo, without a network, and makes of it
# FOLDER/health.bedside.Workstation.flatpak (a clinic's: it brings the address of the runtime) and FOLDER/offline.flatpak.
set -euo pipefail
FOLDER=$1
ID=health.bedside.Workstation MANIFEST=$FOLDER/state/manifest.json
BRANCH=$(sed -n 's/.*"runtime-version": "\(.*\)".*/\1/p' "$MANIFEST")
step() { printf '[build %ds] %s\n' "$SECONDS" "$*"; }

# Nothing of the machine's own installation or of its user's is looked at or changed.
RUN=$(mktemp -d "${TMPDIR:-/tmp}/bedside-flatpak.XXXXXX")
trap 'rm -rf "$RUN"' EXIT
export HOME=$FOLDER/home XDG_RUNTIME_DIR=$RUN FLATPAK_USER_DIR=$FOLDER/installation
unset XDG_DATA_HOME XDG_CACHE_HOME XDG_CONFIG_HOME DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
mkdir -p "$HOME"
[ ! "$FOLDER/standin/key" -nt "$FLATPAK_USER_DIR" ] || rm -rf "$FLATPAK_USER_DIR"

build() {
  # On a machine without a system bus, only a look-up of parental controls misses it.
  export DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS
  flatpak --user remote-add --if-not-exists --no-gpg-verify standin "file://$FOLDER/standin/repo"
  flatpak --user install -y --noninteractive --or-update standin "org.gnome.Platform//$BRANCH" "org.gnome.Sdk//$BRANCH"
  step "runtimes installed"
  # rofiles-fuse wants /dev/fuse, which only root may open
  # as many at once as ninja would take by itself
  flatpak-builder --user --jobs=$(($(nproc) + 2)) --force-clean --ccache --rebuild-on-sdk-change --disable-rofiles-fuse --disable-download \
    --state-dir="$FOLDER/state" --repo="$FOLDER/repo" "$FOLDER/app" "$MANIFEST"
  step "built"
  # With the address of a runtime in it, a bundle is not installed offline even where the runtime is there.
  flatpak build-bundle "$FOLDER/repo" "$FOLDER/offline.flatpak" $ID stable &
  flatpak build-bundle --runtime-repo=https://dl.flathub.org/repo/flathub.flatpakrepo "$FOLDER/repo" "$FOLDER/$ID.flatpak" $ID stable
  wait $!
  step "bundled"
}

export -f build step
export FOLDER MANIFEST ID BRANCH
dbus-run-session -- bash -euo pipefail -c build

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# publish.sh REPO URL KEY BUNDLE: makes REPO, which flatpak-builder or ./dev flatpak has left, one that a clinic's machines update
# from: what is in it is signed with KEY, and BUNDLE names URL, where REPO will lie on a web server, and holds KEY's public half. What
# was installed from BUNDLE takes nothing that KEY has not signed. To be run again after each build; BUNDLE itself is given out once.
# KEY is any name that gpg knows it by (GNUPGHOME).
set -euo pipefail
[ $# = 4 ] || { sed -n '3,6s/^# //p' "$0" >&2; exit 2; }
REPO=$1 URL=$2 KEY=$3 BUNDLE=$4
ID=health.bedside.Workstation BRANCH=stable
case $URL in https://?*|file:///?*) ;; *) printf 'publish: %s is no https address\n' "$URL" >&2; exit 2;; esac
HOMEDIR=${GNUPGHOME:-$HOME/.gnupg}
RUNTIME=${RUNTIME_REPO-https://dl.flathub.org/repo/flathub.flatpakrepo} # empty: none is named, for tests without a network

# One key, by its fingerprint: a name may fit several, and a machine would trust them all.
KEYS=$(gpg --batch --with-colons --list-secret-keys "$KEY" 2>/dev/null | awk -F: '$1 == "sec" { sec = 1 } $1 == "fpr" && sec { print $10; sec = 0 }') || true
case $(wc -w <<<"$KEYS") in
  0) printf 'publish: gpg knows no key %s with a secret half\n' "$KEY" >&2; exit 1;;
  1) KEY=$KEYS;;
  *) printf 'publish: gpg knows several keys %s; name one by its fingerprint:\n%s\n' "$KEY" "$KEYS" >&2; exit 1;;
esac
SIGNED=(--gpg-sign="$KEY" --gpg-homedir="$HOMEDIR")
PUBLIC=$(mktemp)
trap 'rm -f "$PUBLIC"' EXIT
gpg --batch --export "$KEY" >"$PUBLIC"

flatpak build-sign "${SIGNED[@]}" "$REPO" $ID $BRANCH
flatpak build-update-repo "${SIGNED[@]}" --prune --prune-depth=5 "$REPO"
flatpak build-bundle --repo-url="$URL" --gpg-keys="$PUBLIC" ${RUNTIME:+"--runtime-repo=$RUNTIME"} \
  "$REPO" "$BUNDLE.part" $ID $BRANCH
mv "$BUNDLE.part" "$BUNDLE"
printf '%s updates from %s, signed by %s\n' "$BUNDLE" "$URL" "$KEY"

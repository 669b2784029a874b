#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# with-display.sh [--size WxH] COMMAND...: runs a command on a headless Wayland display of its own, with a
# session bus and, unless GTK_A11Y is set, an accessibility bus. Everything ends with the command.
# BEDSIDE_NO_BUS=1 leaves the session bus out.
set -euo pipefail
SIZE=1280x900
[ "${1:-}" = --size ] && { SIZE=$2; shift 2; }
RUN=$(mktemp -d "${TMPDIR:-/tmp}/bedside-display.XXXXXX"); chmod 700 "$RUN"
WESTON=
end() { [ -z "$WESTON" ] || { kill "$WESTON" 2>/dev/null || true; wait "$WESTON" 2>/dev/null || true; }; rm -rf "$RUN"; }
trap end EXIT
export XDG_RUNTIME_DIR=$RUN
unset DISPLAY
weston --backend=headless --renderer=gl --width="${SIZE%x*}" --height="${SIZE#*x}" --socket=bedside --debug \
  --no-config --idle-time=0 >"$RUN/weston.log" 2>&1 &
WESTON=$!
for ((i = 0; i < 300; i++)); do
  [ -S "$RUN/bedside" ] && break
  kill -0 "$WESTON" 2>/dev/null || { cat "$RUN/weston.log" >&2; echo "with-display.sh: weston did not start" >&2; exit 1; }
  sleep 0.1
done
[ -S "$RUN/bedside" ] || { echo "with-display.sh: weston gave no socket" >&2; exit 1; }
export WAYLAND_DISPLAY=bedside GDK_BACKEND=wayland XDG_SESSION_TYPE=wayland
if [ "${BEDSIDE_NO_BUS:-}" = 1 ]; then "$@"; else dbus-run-session -- "$@"; fi

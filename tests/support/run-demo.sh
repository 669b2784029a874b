#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run-demo.sh SERVE WITH-PATIENT [WORKSTATION OPTION...]: what `./dev run` starts inside the environment.
# SERVE=1 shows the workstation in any browser through noVNC; WITH-PATIENT=1 lets a headless Chromium join.
# All that it starts ends with it, and only that.
set -euo pipefail
SERVE=$1 WITH_PATIENT=$2; shift 2
SUPPORT=$(cd "$(dirname "$0")" && pwd)
DATA=${XDG_DATA_HOME:-$HOME/.local/share}/bedside/demo
RUN=$(mktemp -d "${TMPDIR:-/tmp}/bedside-demo.XXXXXX")
CHILDREN=()
say() { printf '%s\n' "$*"; }
descendants() { local child; for child in $(ps -o pid= --ppid "$1"); do descendants "$child"; echo "$child"; done; }
end_all() {
  trap - EXIT INT TERM HUP
  local child below=()
  for child in "${CHILDREN[@]}"; do below+=($(descendants "$child")); done
  for ((child = ${#CHILDREN[@]} - 1; child >= 0; child--)); do kill "${CHILDREN[$child]}" 2>/dev/null || true; done
  wait 2>/dev/null || true
  kill "${below[@]}" 2>/dev/null || true # such as the bus that dbus-run-session leaves behind when it is ended
  rm -rf "$RUN"
}
trap end_all EXIT
trap 'say; say "Ending the demo."; exit 130' INT TERM HUP
wait_for() { # wait_for SECONDS COMMAND...: until the command succeeds
  local tries=$(($1 * 10)); shift
  while ! "$@" 2>/dev/null; do
    tries=$((tries - 1)); [ "$tries" -gt 0 ] || return 1
    sleep 0.1
  done
}

# The demo begins anew each day: its clinic is told relative to today.
mkdir -p "$DATA"; chmod 700 "$DATA"
TODAY=$(date +%F)
if [ "$(cat "$DATA/day" 2>/dev/null)" != "$TODAY" ]; then
  rm -rf "${DATA:?}/hub" "$DATA/workstation"
  say "$TODAY" >"$DATA/day"
fi
[ -e "$DATA/key" ] || (umask 077; head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$DATA/key")

bedside-hub serve --data "$DATA/hub" --key-file "$DATA/key" --port 0 --demo >"$RUN/hub.out" 2>"$RUN/hub.err" &
CHILDREN+=($!)
wait_for 30 grep -qo 'http://127.0.0.1:[0-9]*' "$RUN/hub.out" || { cat "$RUN/hub.err" >&2; say "The hub did not start."; exit 1; }
HUB=$(grep -o 'http://127.0.0.1:[0-9]*' "$RUN/hub.out" | head -1)
say "The hub serves the demo clinic at $HUB"
TOKEN=$(bedside-hub token --data "$DATA/hub" --key-file "$DATA/key" --user admin)
python3 "$SUPPORT/demo_patient.py" "$HUB" "$TOKEN" >"$RUN/link" || { say "No join link could be made."; exit 1; }
say "Join as the patient, Jane Smith, born $(sed -n 2p "$RUN/link"), from any browser on this machine:"
say "  $(sed -n 1p "$RUN/link")"

if [ "$SERVE" = 1 ]; then
  export XDG_RUNTIME_DIR=$RUN/xdg; mkdir -m 700 "$XDG_RUNTIME_DIR"
  PASSWORD=$(head -c 6 /dev/urandom | base64 | tr '+/' 'ab' | cut -c1-8)
  printf '%s\n' "$PASSWORD" | tigervncpasswd -f >"$RUN/vnc.passwd"; chmod 600 "$RUN/vnc.passwd"
  VNC_PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  WEB_PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  mkdir -p /tmp/.X11-unix
  Xvnc -displayfd 3 -localhost -rfbport "$VNC_PORT" -SecurityTypes VncAuth -PasswordFile "$RUN/vnc.passwd" \
    -geometry 1440x900 -depth 24 -AlwaysShared 3>"$RUN/display" 2>"$RUN/xvnc.err" >/dev/null &
  CHILDREN+=($!)
  wait_for 10 test -s "$RUN/display" || { cat "$RUN/xvnc.err" >&2; say "The screen (Xvnc) did not start."; exit 1; }
  export DISPLAY=:$(cat "$RUN/display")
  weston --backend=x11 --renderer=gl --width=1440 --height=900 --no-config --idle-time=0 --socket=bedside-demo >"$RUN/weston.log" 2>&1 &
  CHILDREN+=($!)
  wait_for 15 test -S "$XDG_RUNTIME_DIR/bedside-demo" || { tail -20 "$RUN/weston.log" >&2; say "The compositor (weston) did not start."; exit 1; }
  export WAYLAND_DISPLAY=bedside-demo; unset DISPLAY
  websockify --web /usr/share/novnc "127.0.0.1:$WEB_PORT" "127.0.0.1:$VNC_PORT" >"$RUN/websockify.log" 2>&1 &
  CHILDREN+=($!)
  say "The workstation, in any browser on this machine:"
  say "  http://127.0.0.1:$WEB_PORT/vnc.html?autoconnect=1&resize=scale   one-time password: $PASSWORD"
fi
if [ "$WITH_PATIENT" = 1 ]; then
  python3 "$SUPPORT/demo_patient.py" "$HUB" "$TOKEN" --join >"$RUN/patient.out" 2>&1 &
  CHILDREN+=($!)
  say "A headless Chromium joins as the patient."
fi
BUS=()
[ -n "${DBUS_SESSION_BUS_ADDRESS:-}" ] || BUS=(dbus-run-session --)
"${BUS[@]}" sh -c 'exec "$@" >&3 2>&4 3>&- 4>&-' sh bedside --server "$HUB" --user doctor --key-file "$DATA/key" --data "$DATA/workstation" "$@" \
  3>&1 4>&2 >"$RUN/bus.log" 2>&1 & # the chatter of the bus stays out of the terminal
CHILDREN+=($!)
wait "${CHILDREN[-1]}" || true

#!/bin/sh
# real-pilot.sh SOURCE DIRECTORY PORT: runs an unmodified pilot3 for the queue LOCAL of a gateway on this machine, once.
# At the end of a job pilot3 signals every orphan of its Unix user. So it gets a process namespace of its own, an ordinary user and
# PILOT_NOKILL, and this script refuses to start it with less. Needs root for the namespace, and python3.
set -eu
if [ "${4-}" != inside ]; then
  exec unshare --pid --mount --fork --mount-proc --kill-child "$0" "$1" "$2" "$3" inside
fi
[ "$(ls /proc | grep -c '^[0-9]')" -lt 15 ] || { echo 'not isolated' >&2; exit 9; }
printf token >"$2/token"
mkdir -p "$2/run"
chown -R nobody "$2/run" "$2/token"
server=http://127.0.0.1
# Not exec: this shell stays the first process of the namespace. It keeps its user, and so the signal that ends it, and all with it, when
# its parent dies.
setpriv --reuid nobody --regid nogroup --clear-groups --no-new-privs \
  env -i PATH=/usr/bin:/bin HOME="$2/run" PILOT_NOKILL=1 PANDA_AUTH_TOKEN="$2/token" PANDA_AUTH_ORIGIN=wlcg.pilot \
  sh -c 'cd "$0" && [ "$(id -u)" != 0 ] && exec python3 "$@"' "$2/run" "$1/pilot.py" \
  --pilot-user generic -q LOCAL -j user -i PR -w generic -t -u -b -d --cleanup False --use-rucio-traces False \
  --url "$server" -p "$3" -g "$server:$3/trf/user" \
  --queuedata-url "$server:$3/cache/schedconfig/{pandaqueue}.all.json" --storagedata-url "$server:$3/cache/ddmendpoints.json"

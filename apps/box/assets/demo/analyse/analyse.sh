#!/bin/sh
# analyse.sh INPUTS OUTPUT [FAIL_ONCE]: INPUTS is a comma list of event files; fills the di-muon mass histogram.
# The file whose name contains FAIL_ONCE fails its first attempt on purpose, to show that the engine retries it.
set -eu
here=$(dirname "$0")
inputs=$(echo "$1" | tr ',' ' ')
for file in $inputs; do
  case "$file" in
    *"${3:-no such file}"*)
      if [ "${PanDA_AttemptNr:-1}" = 1 ]; then echo "failing $file on purpose in its first attempt" >&2; exit 65; fi ;;
  esac
done
# shellcheck disable=SC2086
awk -f "$here/dimuon.awk" $inputs > "$2"
echo "analysed $1"

#!/bin/sh
# Puts the transforms under user/ together: a pilot loads a transform as one file, so shared parts are included, not sourced.
# `./assemble.sh DIRECTORY` writes there instead (the test that the served files are fresh uses it).
set -eu
cd "$(dirname "$0")"
to=${1:-user}
for pair in runGen:runGen-00-00-02 buildGen:buildGen-00-00-01 runMerge:runMerge-00-00-02; do
  awk '/^#include / { file = "parts/" $2; while ((getline line < file) > 0) print line; close(file); next } { print }' "${pair%%:*}.sh" >"$to/${pair#*:}"
  chmod 755 "$to/${pair#*:}"
done

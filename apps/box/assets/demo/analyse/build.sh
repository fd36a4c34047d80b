#!/bin/sh
# Builds the analysis program `dimuon` from its source; runs once per task, in the build job.
set -eu
here=$(dirname "$0")
{ echo "# built by build.sh on $(uname -s)"; cat "$here/dimuon.awk.in"; } > "$here/dimuon.awk"
awk -f "$here/dimuon.awk" < /dev/null > /dev/null
echo "built dimuon.awk"

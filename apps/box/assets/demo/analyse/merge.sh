#!/bin/sh
# merge.sh OUTPUT INPUTS: adds the histograms of the comma list INPUTS bin by bin.
set -eu
# shellcheck disable=SC2046
awk '{ count[$1] += $2 } END { for (bin = 60; bin < 120; bin++) print bin, count[bin] + 0 }' $(echo "$2" | tr ',' ' ') > "$1"
echo "merged $2 into $1"

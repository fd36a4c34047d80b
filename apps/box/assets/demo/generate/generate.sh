#!/bin/sh
# generate.sh SEED EVENTS OUTPUT: toy collisions, each with two muons: Z -> mu mu (70 %) and a falling background (30 %).
# One line per event: pt eta phi of the first muon, then of the second (GeV, -, rad). POSIX sh and awk only.
set -eu
awk -v seed="$1" -v events="$2" -f "$(dirname "$0")/zmumu.awk" > "$3"
echo "wrote $(wc -l < "$3") events to $3 (seed $1)"

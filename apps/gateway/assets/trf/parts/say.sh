# Messages go where the pilot looks for them: standard output of the payload.
section() { printf '\n=== %s ===\n' "$*"; }
die() { # die CODE MESSAGE
  code=$1
  shift
  printf 'ERROR : %s\n' "$*"
  exit "$code"
}

# root_setup VERSION CONFIGURATION: the line that puts this ROOT version on PATH, from the list of places where sites keep it.
root_setup() {
  for home in "/cvmfs/sft.cern.ch/lcg/app/releases/ROOT/$1/$2" "/cvmfs/sft.cern.ch/lcg/app/releases/ROOT/$1/$2/root"; do
    if [ -f "$home/bin/thisroot.sh" ]; then
      printf '. %s/bin/thisroot.sh\n' "$home"
      return
    fi
  done
  command -v root.exe >/dev/null 2>&1 && command -v root-config >/dev/null 2>&1 && [ "$(root-config --version | tr / .)" = "$(printf %s "$1" | tr / .)" ]
}

# setup_shell SETUP: the shell that understands the experiments' set-up scripts; plain sh when there is nothing to set up.
setup_shell() {
  if [ -n "$1" ] && command -v bash >/dev/null 2>&1; then echo bash; else echo sh; fi
}

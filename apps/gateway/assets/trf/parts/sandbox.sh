# fetch_sandbox URL CODE: loads the archive of the user's files into the current directory. The pilot recognises the last message and
# reports 1335 (user code not available) for it.
fetch_sandbox() {
  section "getting sandbox $1"
  file=${1##*/}
  if command -v curl >/dev/null 2>&1; then
    curl -fsSL --connect-timeout 30 --retry 3 --retry-delay 2 ${X509_CERT_DIR:+--capath "$X509_CERT_DIR"} -o "$file" "$1"
  else
    wget -q -T 30 -O "$file" "$1"
  fi || {
    rm -f -- "$file"
    echo 'ERROR: unable to fetch source tarball from web'
    die "$2" "$1 could not be loaded"
  }
}

# unpack ARCHIVE CODE: expands a gzip-compressed tar archive here. Times are not restored, so that make sees its own clock.
unpack() {
  tar -xzmf "$1" || die "$2" "$1 is corrupted"
}

# pfn_of LFN: where the pilot says a file can be read, from PoolFileCatalog.xml.
pfn_of() {
  [ -f "$job_dir/PoolFileCatalog.xml" ] || return 1
  sed -n 's/.*<pfn[^>]* name="\([^"]*\)".*/\1/p' "$job_dir/PoolFileCatalog.xml" | LFN=$1 awk '
    { name = $0; sub(/^.*\//, "", name); sub(/\?.*$/, "", name); sub(/^[^:]*:/, "", name) }
    name == ENVIRON["LFN"] { print; found = 1; exit }
    END { exit !found }'
}

# link_input LFN: prints the name under which the payload finds a file, or nothing.
link_input() {
  if [ -n "$given_pfn" ]; then
    printf '%s\n' "$1"
  elif [ -n "$direct" ] || { [ -n "$preprocess" ] && [ ! -e "$job_dir/$1" ]; }; then
    pfn_of "$1"
  elif [ -e "$job_dir/$1" ]; then
    ln -sf "$to_job_dir/$1" "${1##*/}" && printf '%s\n' "${1##*/}"
  else
    return 1
  fi
}

# found: lines `stream<TAB>name for the payload`.
link_inputs() {
  printf '%s\n' "$streams" "$inputs" | awk 'NF && !seen[$0]++' | while IFS=$tab read -r stream lfn; do
    case $skip in *",$lfn,"*) continue ;; esac
    if name=$(link_input "$lfn"); then
      printf '%s\t%s\n' "$stream" "$name"
    else
      echo "$lfn not exist" >&2
    fi
  done
}

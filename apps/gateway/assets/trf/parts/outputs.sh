# rename_in FILE OLD NEW: keeps catalogue and job report true after an output got its final name.
rename_in() {
  [ -f "$1" ] || return 0
  OLD="\"$2\"" NEW="\"$3\"" awk '
    { line = $0; out = ""
      while ((at = index(line, ENVIRON["OLD"])) > 0) { out = out substr(line, 1, at - 1) ENVIRON["NEW"]; line = substr(line, at + length(ENVIRON["OLD"])) }
      print out line }' "$1" >"$1.renamed" && mv "$1.renamed" "$1"
}

collect_outputs() {
  [ -n "$outputs" ] || return 0
  printf '%s\n' "$outputs" | while IFS=$tab read -r old new; do
    if [ "${old#*\*}" != "$old" ]; then
      ( IFS='
'
        # The pattern is meant to be expanded; a name with blanks stays one word.
        # shellcheck disable=SC2086
        set -- $old
        [ -e "$1" ] && tar -czf "$new" "$@" )
    elif [ "$old" != "$new" ]; then
      [ ! -e "$old" ] || mv -- "$old" "$new"
    fi
    for file in PoolFileCatalog.xml jobReport.json; do
      [ "$old" = "$new" ] || rename_in "$file" "$old" "$new"
    done
    if [ -e "$new" ]; then mv -- "$new" "$job_dir/"; else echo "output $old was not made"; fi
  done
}

# add_job_metadata: the user's userJobMetadata.json travels in the job report (Spec: prun, "Adding job metadata").
add_job_metadata() {
  [ -f userJobMetadata.json ] || return 0
  if [ -f jobReport.json ]; then
    { printf '{"user_job_metadata": '; cat userJobMetadata.json; printf ', '; sed '1s/^[[:space:]]*{//' jobReport.json; } >jobReport.merged &&
      mv jobReport.merged jobReport.json
  else
    { printf '{"user_job_metadata": '; cat userJobMetadata.json; echo '}'; } >jobReport.json
  fi
}

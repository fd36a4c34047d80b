# expand TEXT: each %STREAM replaced by its comma-separated files. A stream of --inMap must end at a blank, quote, comma or the end,
# so that %IN does not eat the head of %IN2.
expand() {
  TEXT=$1 FOUND=$found STRICT=$stream_map LC_ALL=C awk '
    function replace(text, mark, by,  out, at, next_sign) {
      while ((at = index(text, mark)) > 0) {
        next_sign = substr(text, at + length(mark), 1)
        out = out substr(text, 1, at - 1)
        if (ENVIRON["STRICT"] == "" || next_sign == "" || index(" \"\047,\n", next_sign)) out = out by
        else out = out mark
        text = substr(text, at + length(mark))
      }
      return out text
    }
    BEGIN {
      count = split(ENVIRON["FOUND"], lines, "\n")
      for (i = 1; i <= count; i++) if (split(lines[i], part, "\t") == 2) {
        if (!(part[1] in files)) order[++streams] = part[1]
        files[part[1]] = files[part[1]] (files[part[1]] == "" ? "" : ",") part[2]
      }
      text = ENVIRON["TEXT"]
      for (i = 1; i <= streams; i++) text = replace(text, "%" order[i], files[order[i]])
      printf "%s", text
    }'
}

# write_lists: --writeInputToTxt STREAM:FILE,… puts the comma-separated names of a stream into a file.
write_lists() {
  for item in $(printf %s "$list_files" | tr , ' '); do
    stream=${item%%:*} file=${item#*:}
    printf '%s\n' "$found" | STREAM=$stream awk -F '\t' '$1 == ENVIRON["STREAM"] { printf "%s%s", (n++ ? "," : ""), $2 }' >"$file"
    echo "$stream written to $file"
  done
}

# use_real_names: --execWithRealFileNames runs the command with the final names of its outputs.
use_real_names() {
  command=$(TEXT=$command OUTPUTS=$outputs LC_ALL=C awk '
    BEGIN {
      text = ENVIRON["TEXT"]; count = split(ENVIRON["OUTPUTS"], lines, "\n")
      for (i = 1; i <= count; i++) if (split(lines[i], part, "\t") == 2 && !index(part[1], "*")) {
        out = ""
        while ((at = index(text, part[1])) > 0) {
          before = at > 1 ? substr(text, at - 1, 1) : substr(out, length(out), 1); after = substr(text, at + length(part[1]), 1)
          fits = before != "" && index("= \"\047>", before) && (after == "" || index(" \"\047,;", after))
          out = out substr(text, 1, at - 1) (fits ? part[2] : part[1])
          text = substr(text, at + length(part[1]))
        }
        text = out text
      }
      printf "%s", text
    }')
  echo "command with real names: $command"
}

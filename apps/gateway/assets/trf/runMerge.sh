#!/bin/sh
# runMerge: merges the files that the jobs of a task left for it. Each argument `in1,in2,…:out` is one merged file; how it is made
# follows from its names: logs and texts are packed into one archive, ROOT files go through hadd, everything else, if the user gave
# a command (--mergeScript, here -j), through that command. Arguments as prun writes them into mergeSpec (panda-client: PrunScript).
set -u
EC_NO_SCRIPT=80 EC_MERGE=85 EC_NO_OUTPUT=102 EC_MISSING_ARG=126 EC_NO_INPUT=141

#include say.sh
#include options.sh
#include unquote.sh
#include sandbox.sh
#include root.sh

valued='-i -o -r -j -l -p -u -a -t -f --oldPrefix --newPrefix --sourceURL --lfcHost --envvarFile --inputGUIDs --liveLog --inMap
 --libTgz --outDS --parentDS --parentContainer --dbrFile --dbrRun --accessmode --skipInputByRetry --writeInputToTxt --rootVer
 --jem-config --cmtConfig'
run_dir=. merger='' library='' other_library='' archive='' source_url='' root_version='' configuration='' athena='' cmake='' debug='' no_download=''

while [ $# -gt 0 ]; do
  case $1 in -*) ;; *) break ;; esac
  next_option "$@"
  shift "$used"
  case $opt in
    -j) merger=$(unquote "$val") ;;
    -r) run_dir=$val ;;
    -l) library=$val ;;
    --libTgz) other_library=$val ;;
    -a) archive=$val ;;
    --sourceURL) source_url=${val%/} ;;
    --rootVer) root_version=$val ;;
    --cmtConfig) configuration=$val ;;
    --useAthenaPackages) athena=1 ;;
    --useCMake) cmake=1 ;;
    --noTarballDownload) no_download=1 ;;
    --debug) debug=1 ;;
    -i | -o | -p | -u | -t | -f | --oldPrefix | --newPrefix | --lfcHost | --envvarFile | --inputGUIDs | --liveLog | --inMap) ;;
    --outDS | --parentDS | --parentContainer | --dbrFile | --dbrRun | --accessmode | --skipInputByRetry | --writeInputToTxt) ;;
    --jem-config | --enable-jem | --pilotpars | --directIn | --notExpandDBR | --useFileStager | --usePFCTurl | --useRootCore) ;;
    *) die "$EC_MISSING_ARG" "argument $opt is unknown" ;;
  esac
done
[ $# -gt 0 ] || die "$EC_MISSING_ARG" 'nothing to merge: expected in1,in2:out'
[ -z "$archive" ] || [ -n "$source_url$no_download" ] || die "$EC_MISSING_ARG" 'missing parameters: --sourceURL, needed with -a'

job_dir=$(pwd)
work_dir=$job_dir/workDir
section 'start'
date -u

# merge_kind FIRST_INPUT: log, user, pool, ntuple or text, from the name (a trailing .N is the attempt).
merge_kind() {
  name=$(printf %s "$1" | sed 's/\(\.[0-9][0-9]*\)*$//')
  case $name in *log.tgz) echo log && return ;; esac
  [ -z "$merger" ] || { echo user && return; }
  case $name in
    *pool.root) echo pool ;;
    *?root) echo ntuple ;;
    *) echo text ;;
  esac
}

# merge_archive OUT INPUTS…: one archive of all files; members of archives lie in a directory named after their archive, so that equal
# names (payload.stdout of every job) do not meet.
merge_archive() {
  out=$1
  shift
  rm -rf -- .merging && mkdir .merging || return 1
  for input in "$@"; do
    if tar -tzf "$input" >/dev/null 2>&1; then
      mkdir -p -- ".merging/$input" && tar -xzmf "$input" -C ".merging/$input" || return 1
      find ".merging/$input" -type l -exec rm -f {} +
    else
      cp -L -- "$input" ".merging/$input" || return 1
    fi
  done
  tar -czf "$out" -C .merging . && rm -rf -- .merging
}

# merge_text OUT INPUTS…: as the output's name promises: an archive, one gzip stream, or plain text in the order of the inputs.
merge_text() {
  case $(printf %s "$1" | sed 's/\(\.[0-9][0-9]*\)*$//') in
    *.tgz | *.tar.gz | *.tar) merge_archive "$@" ;;
    *)
      out=$1
      shift
      # Gzip streams may follow one another (RFC 1952 section 2.2), so .gz files are joined like plain ones.
      cat -- "$@" >"$out"
      ;;
  esac
}

merge_root() {
  command -v hadd >/dev/null 2>&1 || [ -n "$setup" ] || { echo 'ERROR : hadd is not installed here' && return "$EC_NO_SCRIPT"; }
  "$(setup_shell "$setup")" -c "$setup
hadd -f \"\$@\"" hadd "$@"
}

# merge_user OUT INPUTS…: a command of one word is called `command -o OUT IN…`; otherwise %IN (comma-separated) and %OUT are filled in.
merge_user() {
  out=$1
  shift
  case $merger in
    *' '*)
      list=$(printf '%s,' "$@")
      filled=$(TEXT=$merger IN="\"${list%,}\"" OUT="\"$out\"" awk '
        function replace(text, mark, by,  out, at) {
          while ((at = index(text, mark)) > 0) { out = out substr(text, 1, at - 1) by; text = substr(text, at + length(mark)) }
          return out text
        }
        BEGIN { print replace(replace(ENVIRON["TEXT"], "%IN", ENVIRON["IN"]), "%OUT", ENVIRON["OUT"]) }')
      ;;
    *) filled="$merger -o \"$out\" $(printf ' "%s"' "$@")" ;;
  esac
  first=${merger%% *}
  [ ! -f "$first" ] || chmod +x "$first"
  echo "$filled"
  PATH=.:$PATH "$(setup_shell "$setup")" -c "$setup
$filled"
}

# link_inputs INPUTS…: links the files that are here and prints their names.
link_inputs() {
  for input in "$@"; do
    if [ -e "$job_dir/$input" ]; then
      ln -sf "$job_dir/$input" "$input" && printf '%s\n' "$input"
    else
      echo "$input not exist" >&2
    fi
  done
}

merge_chunk() {
  printf '%s\n' "$1" | grep -q '^[^:]\{1,\}:[^:]\{1,\}$' || die "$EC_MISSING_ARG" "$1 is not in1,in2:out"
  inputs=${1%%:*}
  out=${1#*:}
  case $out in */* | *,*) die "$EC_MISSING_ARG" "$out is no name of one file" ;; esac
  # shellcheck disable=SC2046 # split at commas, names have no blanks
  here=$(IFS=,; set -f; set -- $inputs; link_inputs "$@")
  # A merged file with a hole would be registered as complete.
  [ "$(printf '%s\n' "$here" | grep -c .)" -eq "$(printf '%s\n' "$inputs" | tr , '\n' | grep -c .)" ] || die "$EC_NO_INPUT" 'input files are missing'
  kind=$(merge_kind "${inputs%%,*}")
  section "merge as $kind into $out"
  # shellcheck disable=SC2086 # one name per word
  set -- "$out" $here
  case $kind in
    log) merge_archive "$@" ;;
    text) merge_text "$@" ;;
    ntuple) merge_root "$@" ;;
    user) merge_user "$@" ;;
    pool) die "$EC_NO_SCRIPT" 'merging POOL files needs Athena; give a merge script' ;;
  esac
  code=$?
  [ "$code" -ne "$EC_NO_SCRIPT" ] || [ "$kind" != ntuple ] || exit "$EC_NO_SCRIPT"
  [ "$code" -eq 0 ] || die "$EC_MERGE" "merging $out failed with $code"
  [ -e "$out" ] || die "$EC_NO_OUTPUT" "merging process finished, but output not found: $out"
  mv -- "$out" "$job_dir/" || die "$EC_NO_OUTPUT" "$out could not be handed back"
}

rm -rf -- "$work_dir"
mkdir -p "$work_dir" && cd "$work_dir" || die "$EC_MISSING_ARG" "$work_dir could not be made"
if [ -n "$archive" ]; then
  [ -z "$no_download" ] || ln -s "$job_dir/$archive" "$archive"
  [ -n "$no_download" ] || fetch_sandbox "$source_url/cache/$archive" "$EC_MERGE"
  unpack "$archive" "$EC_MERGE"
fi
for file in "$library" "$other_library"; do
  case $file in
    '') ;;
    /*) unpack "$file" "$EC_MERGE" ;;
    *) unpack "$job_dir/$file" "$EC_MERGE" ;;
  esac
done
setup=''
if [ -n "$root_version" ]; then
  if [ -f pandaRootBin/pandaUseCvmfSetup.sh ]; then
    setup=$(cat pandaRootBin/pandaUseCvmfSetup.sh)
  else
    setup=$(root_setup "$root_version" "$configuration") || die "$EC_MERGE" "ROOT $root_version is unavailable"
  fi
fi
[ -z "$athena$cmake" ] || echo 'WARNING: merging does not use the Athena environment'
mkdir -p -- "$run_dir" && cd -- "$run_dir" || die "$EC_MISSING_ARG" "run directory $run_dir could not be made"

for chunk in "$@"; do
  # prun's pilots of old appended options behind the files; the original stops there too.
  case $chunk in -*) break ;; esac
  merge_chunk "$chunk"
done
cd "$job_dir" || exit 1
[ -n "$debug" ] || rm -rf -- "$work_dir"
section 'result'
date -u
echo 'merging was successful'

#!/bin/sh
# runGen: runs a user's command line as the payload of a job: unpacks the sandbox or the library built for the task, links the
# input files, expands %IN and the names of other streams, runs the command, renames and hands back the outputs.
# Arguments as prun writes them (panda-client: PrunScript); POSIX sh with awk, sed, tar, gzip and curl is all it needs.
set -u
EC_MISSING_ARG=10 EC_NO_INPUT=11 EC_NO_ROOT=40 EC_TARBALL=143 EC_DB_RELEASE=144 EC_FETCH=146

#include say.sh
#include options.sh
#include literal.sh
#include unquote.sh
#include sandbox.sh
#include root.sh
#include inputs.sh
#include command.sh
#include secrets.sh
#include outputs.sh

valued='-i -o -r -j -l -p -u -a --oldPrefix --newPrefix --sourceURL --lfcHost --envvarFile --inputGUIDs --liveLog --inMap --dbrFile
 --dbrRun --accessmode --skipInputByRetry --writeInputToTxt --rootVer --jem-config --cmtConfig --mergeType --mergeScript --manaVer'
input_list='[]' stream_map='' output_map='{}' run_dir='' script='' script_given='' library='' command='' archive='' source_url=''
skip='' list_files='' root_version='' configuration='' db_release=''
debug='' direct='' given_pfn='' athena='' cmake='' keep_db_release='' preprocess='' postprocess='' real_names='' no_download=''

while [ $# -gt 0 ]; do
  next_option "$@"
  shift "$used"
  case $opt in
    -i) input_list=$val ;;
    -o) output_map=$val ;;
    -r) run_dir=$val ;;
    -j) script=$val script_given=1 ;;
    -l) library=$val ;;
    -p) command=$(unquote "$val" && echo x) && command=${command%x} ;;
    -a) archive=$val ;;
    --sourceURL) source_url=${val%/} ;;
    --inMap) stream_map=$val ;;
    --skipInputByRetry) skip=,$val, ;;
    --writeInputToTxt) list_files=$val ;;
    --rootVer) root_version=$val ;;
    --cmtConfig) configuration=$val ;;
    --dbrFile) db_release=$val ;;
    --notExpandDBR) keep_db_release=1 ;;
    --directIn) direct=1 ;;
    --givenPFN) given_pfn=1 ;;
    --useAthenaPackages) athena=1 ;;
    --useCMake) cmake=1 ;;
    --preprocess) preprocess=1 ;;
    --postprocess) postprocess=1 ;;
    --execWithRealFileNames) real_names=1 ;;
    --noTarballDownload) no_download=1 ;;
    --debug) debug=1 ;;
    # Accepted and without meaning here: file catalogues and tools that left the grid, and options of other steps.
    -u | --oldPrefix | --newPrefix | --lfcHost | --envvarFile | --inputGUIDs | --liveLog | --accessmode | --jem-config | --dbrRun) ;;
    --mergeType | --mergeScript | --mergeOutput | --pilotpars | --useFileStager | --usePFCTurl | --enable-jem) ;;
    *) die "$EC_MISSING_ARG" "argument $opt is unknown" ;;
  esac
done
[ -n "$run_dir" ] || die "$EC_MISSING_ARG" 'missing parameters: -r, the run directory'
[ -n "$script_given" ] || die "$EC_MISSING_ARG" 'missing parameters: -j, the script name (may be empty)'
[ -z "$archive" ] || [ -n "$source_url" ] || [ -n "$no_download" ] || die "$EC_MISSING_ARG" 'missing parameters: --sourceURL, needed with -a'
[ -z "$athena" ] || [ -n "$cmake" ] || die "$EC_MISSING_ARG" '--useAthenaPackages without --useCMake needs CMT, which is not supported'

job_dir=$(pwd)
work_dir=$job_dir/workDir
tab=$(printf '\t')
outputs=$(literal "$output_map" -) || die "$EC_MISSING_ARG" '-o is no map of output files'
inputs=$(literal "$input_list" IN) || die "$EC_MISSING_ARG" '-i is no list of files'
if [ -n "$stream_map" ]; then
  streams=$(literal "$stream_map" IN) || die "$EC_MISSING_ARG" '--inMap is no map of streams'
else
  streams=$inputs
fi

section 'start'
date -u
printf '%s\n' "command    $script $command" "run dir    $run_dir" "library    $library" "sandbox    $archive" "source URL $source_url" 'outputs' "$outputs" 'inputs' "$streams"

compose_setup() {
  setup=
  if [ -n "$cmake" ]; then
    for file in "$work_dir"/usr/*/*/InstallArea/*/setup.sh; do
      [ -f "$file" ] && setup=". $file"
    done
    [ -n "$setup" ] || echo 'WARNING: CMake set-up directory not found'
  fi
  if [ -n "$root_version" ]; then
    kept=$work_dir/pandaRootBin/pandaUseCvmfSetup.sh
    if [ -f "$kept" ]; then
      line=$(cat "$kept")
    else
      line=$(root_setup "$root_version" "$configuration") || die "$EC_NO_ROOT" "ROOT $root_version is unavailable"
    fi
    setup=$(printf '%s\n%s' "$setup" "$line")
  fi
}

unpack_sources() {
  if [ -n "$library" ]; then
    case $library in /*) ;; *) library=$job_dir/$library ;; esac
    unpack "$library" "$EC_TARBALL"
  fi
  if [ -n "$archive" ] && { [ -n "$athena" ] || [ -z "$library" ]; }; then
    if [ -n "$no_download" ]; then
      [ -e "$job_dir/$archive" ] || die "$EC_FETCH" "$archive was not delivered"
      ln -s "$job_dir/$archive" "$archive"
    else
      fetch_sandbox "$source_url/cache/$archive" "$EC_FETCH"
    fi
    unpack "$archive" "$EC_TARBALL"
  fi
}

place_db_release() {
  [ -n "$db_release" ] || return 0
  [ -e "$job_dir/$db_release" ] || die "$EC_DB_RELEASE" "$db_release is not here"
  # Expanding a database release runs Athena's set-up in Python; there is none on this worker node.
  [ -n "$keep_db_release" ] || die "$EC_DB_RELEASE" "$db_release can only be linked (--notExpandDBR)"
  ln -sf "$to_job_dir/$db_release" "$db_release"
}

prepare() {
  rm -rf -- "$work_dir"
  mkdir -p "$work_dir" && cd "$work_dir" || die "$EC_MISSING_ARG" "$work_dir could not be made"
  unpack_sources
  compose_setup
  mkdir -p -- "$run_dir" && cd -- "$run_dir" || die "$EC_MISSING_ARG" "run directory $run_dir could not be made"
  here=$(pwd)
  to_job_dir=$(printf %s "${here#"$job_dir"/}" | sed 's![^/][^/]*!..!g')
  unfold_secrets
  found=$(link_inputs)
  [ -z "$inputs$stream_map" ] || [ -z "$streams$inputs" ] || [ -n "$found" ] || die "$EC_NO_INPUT" 'No input file is available'
  place_db_release
  command=$(expand "$command" && echo x) && command=${command%x}
  write_lists
  [ -z "$real_names" ] || use_real_names
  first=${script:-$command}
  first=${first%%[ ;]*}
  [ ! -f "$first" ] || chmod +x "$first"
}

# write_exec FILE [DIRECTORY]: the payload as a script, so that its length is not limited by the length of one argument.
write_exec() {
  {
    echo '#!/bin/sh'
    [ -z "${2-}" ] || printf "cd '%s' || exit 1\n" "$2"
    [ -z "$setup" ] || printf '%s\n' "$setup"
    printf 'export PATH=".:$PATH" TestArea="%s"\n' "$work_dir"
    [ ! -f panda_secrets.sh ] || echo '. ./panda_secrets.sh'
    printf '%s %s\n' "$script" "$command"
  } >"$1"
}

hand_back() {
  section "ls in run dir : $run_dir"
  ls -l
  collect_outputs
  add_job_metadata
  for file in PoolFileCatalog.xml runargs.* runwrapper.* jobReport.json log.*; do
    [ ! -f "$file" ] || mv -f -- "$file" "$job_dir/"
  done
  rm -f panda_secrets.sh panda_secrets.json
}

# Whatever ends this script takes the work directory with it: it may hold unfolded secrets, and the rest of the job directory becomes the
# job's log. Only the step in between leaves it, for the main step.
leave() {
  cd "$job_dir" && [ -n "$debug$keep_work_dir" ] || rm -rf -- "$work_dir"
}
keep_work_dir=''
trap leave EXIT

if [ -n "$postprocess" ]; then
  cd "$work_dir" && cd -- "$run_dir" || die "$EC_MISSING_ARG" 'the work directory of the preprocess step is gone'
  hand_back
  exit 0
fi
prepare
if [ -n "$preprocess" ]; then
  # The main step may see the job directory under another path (inside a container), so it goes there relatively.
  write_exec "$job_dir/__run_main_exec.sh" "${here#"$job_dir"/}"
  chmod +x "$job_dir/__run_main_exec.sh"
  section 'produced __run_main_exec.sh'
  cat "$job_dir/__run_main_exec.sh"
  keep_work_dir=1
  exit 0
fi

write_exec trf.exec.sh
section 'execute'
cat trf.exec.sh
section 'output'
status=0
"$(setup_shell "$setup")" ./trf.exec.sh || status=$?
hand_back
section 'result'
date -u
if [ "$status" -ne 0 ]; then
  echo "execute script: Running script failed : StatusCode=$status"
  exit "$status"
fi
echo 'execute script: Running script was successful'

#!/bin/sh
# buildGen: the build step of a task: unpacks the user's sources, runs the build command, packs everything as the library that the
# jobs of the task unpack. Arguments as prun writes them into buildSpec (panda-client: PrunScript).
set -u
EC_MISSING_ARG=10 EC_BUILD=20 EC_NO_TARBALL=30 EC_NO_ROOT=40

#include say.sh
#include options.sh
#include unquote.sh
#include sandbox.sh
#include root.sh

valued='-i -o -u -r --oldPrefix --newPrefix --sourceURL --lfcHost --envvarFile --bexec --accessmode --rootVer --cmtConfig --manaVer'
sources='' library='' run_dir='' build='' source_url='' root_version='' configuration='' athena='' cmake='' no_compile='' no_download='' debug=''

while [ $# -gt 0 ]; do
  next_option "$@"
  shift "$used"
  case $opt in
    -i) sources=$val ;;
    -o) library=$val ;;
    -r) run_dir=$val ;;
    --bexec) build=$(unquote "$val") ;;
    --sourceURL) source_url=${val%/} ;;
    --rootVer) root_version=$val ;;
    --cmtConfig) configuration=$val ;;
    --useAthenaPackages) athena=1 ;;
    --useCMake) cmake=1 ;;
    --noCompile) no_compile=1 ;;
    --noTarballDownload) no_download=1 ;;
    --debug) debug=1 ;;
    -u | --oldPrefix | --newPrefix | --lfcHost | --envvarFile | --accessmode | --pilotpars | --directIn | --useFileStager) ;;
    *) die "$EC_MISSING_ARG" "argument $opt is unknown" ;;
  esac
done
[ -n "$sources" ] || die "$EC_MISSING_ARG" 'missing parameters: -i, the archive with the sources'
[ -n "$library" ] || die "$EC_MISSING_ARG" 'missing parameters: -o, the library to make'
[ -n "$source_url$no_download" ] || die "$EC_MISSING_ARG" 'missing parameters: --sourceURL'
# Compiling an Athena work area needs the experiment's release and its own transform; packages built elsewhere pass with --noCompile.
[ -z "$athena" ] || [ -n "$no_compile" ] || die "$EC_BUILD" "--useAthenaPackages${cmake:+ --useCMake} can only be used with --noCompile"

job_dir=$(pwd)
work_dir=$job_dir/workDir
case $library in /*) ;; *) library=$job_dir/$library ;; esac
section 'start'
date -u
printf '%s\n' "sources    $sources" "library    $library" "run dir    $run_dir" "build      $build" "source URL $source_url"

[ -n "$no_download" ] || fetch_sandbox "$source_url/cache/$sources" "$EC_NO_TARBALL"
case $sources in /*) ;; *) sources=$job_dir/$sources ;; esac
rm -rf -- "$work_dir"
mkdir -p "$work_dir" && cd "$work_dir" || die "$EC_MISSING_ARG" "$work_dir could not be made"
section 'expand sources'
unpack "$sources" "$EC_NO_TARBALL"

setup=''
if [ -n "$root_version" ]; then
  setup=$(root_setup "$root_version" "$configuration") || die "$EC_NO_ROOT" "ROOT $root_version is unavailable"
  # The jobs use the very set-up that the library was built with.
  mkdir -p pandaRootBin && printf '%s\n' "$setup" >pandaRootBin/pandaUseCvmfSetup.sh
fi

status=0
if [ -n "$build" ]; then
  section 'make'
  mkdir -p -- "${run_dir:-.}" && cd -- "${run_dir:-.}" || die "$EC_MISSING_ARG" "run directory $run_dir could not be made"
  first=${build%%[ ;]*}
  [ ! -f "$first" ] || chmod +x "$first"
  printf '%s\n%s\n' "$setup" "$build"
  PATH=.:$PATH "$(setup_shell "$setup")" -c "$setup
$build" || status=$?
  cd "$work_dir" || exit 1
  [ "$status" -eq 0 ] || echo 'ERROR : make failed'
fi

if [ "$status" -eq 0 ]; then
  section 'archive libraries'
  tar -czf "$library" . || die "$EC_BUILD" "$library could not be written"
  ls -l "$library"
fi
cd "$job_dir" || exit 1
[ -n "$debug" ] || rm -rf -- "$work_dir"
section "finished with $status"
date -u
exit "$status"

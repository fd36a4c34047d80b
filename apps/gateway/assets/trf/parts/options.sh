# next_option ARGUMENTS…: sets opt, val and used (arguments taken). Options that take a value are named in $valued. As in getopt,
# `-xVALUE`, `-x VALUE`, `--name=VALUE` and `--name VALUE` are the same.
next_option() {
  opt=$1
  val=
  used=1
  case $opt in
    --*=*)
      val=${opt#*=}
      opt=${opt%%=*}
      return
      ;;
    --*) ;;
    -??*)
      val=${opt#-?}
      opt=${opt%"$val"}
      return
      ;;
  esac
  case " $valued " in
    *" $opt "*)
      [ $# -ge 2 ] || die "$EC_MISSING_ARG" "option $opt needs a value"
      val=$2
      used=2
      ;;
  esac
}

# unfold_secrets: panda_secrets.json becomes files (___file___:NAME, base64) and exported variables in panda_secrets.sh. An owner without
# secrets gives an empty map; a key that is no variable name stays in the JSON file alone.
unfold_secrets() {
  [ -f "$job_dir/panda_secrets.json" ] || return 0
  secrets=$(literal "$(cat "$job_dir/panda_secrets.json")" -) || die "$EC_MISSING_ARG" 'panda_secrets.json is unreadable'
  umask_before=$(umask)
  umask 077
  printf '%s\n' "$secrets" | while IFS=$tab read -r key text; do
    case $key in
      '') ;;
      ___file___:*) printf '%b' "$text" | base64 -d >"${key#___file___:}" ;;
      [0-9]* | *[!A-Za-z0-9_]*) echo "WARNING: the secret $key is no variable name; read it from panda_secrets.json" ;;
      *) printf "export %s='%s'\n" "$key" "$(printf '%b' "$text" | sed "s/'/'\\\\''/g")" >>panda_secrets.sh ;;
    esac
  done
  umask "$umask_before"
  mv "$job_dir/panda_secrets.json" .
}

# unquote TEXT: percent-encoding undone as Python's urllib.unquote does it: a % without two hexadecimal digits stays, + stays.
unquote() {
  QUOTED=$1 LC_ALL=C awk '
    function digit(c) { return index("0123456789abcdef", tolower(c)) - 1 }
    BEGIN {
      rest = ENVIRON["QUOTED"]
      while ((at = index(rest, "%")) > 0) {
        high = substr(rest, at + 1, 1); low = substr(rest, at + 2, 1)
        printf "%s", substr(rest, 1, at - 1)
        if (high != "" && low != "" && digit(high) >= 0 && digit(low) >= 0) {
          printf "%c", digit(high) * 16 + digit(low); rest = substr(rest, at + 3)
        } else { printf "%s", "%"; rest = substr(rest, at + 1) }
      }
      printf "%s", rest
    }'
}

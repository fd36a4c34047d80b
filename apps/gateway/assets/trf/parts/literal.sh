# literal TEXT KEY: the leaf strings of a Python or JSON literal, one `key<TAB>value` line each. Strings in a dictionary carry their
# dictionary key, others KEY. Newline, tab and backslash inside a value are written \n, \t, \\. Fails on text that is no literal.
# prun writes its input lists, stream maps and output maps as Python literals (panda-client, PrunScript: -i, --inMap, -o).
literal() {
  LITERAL=$1 KEY=$2 LC_ALL=C awk '
    function fail(why) { print "ERROR : not a literal, " why " at character " at ": " text > "/dev/stderr"; failed = 1; exit 1 }
    function blank() { while (at <= size && index(" \t\r\n", substr(text, at, 1))) at++ }
    function peek() { blank(); return substr(text, at, 1) }
    function escape(c) {
      if (c == "n") return "\\n"; if (c == "t") return "\\t"; if (c == "\\") return "\\\\"
      if (c == "u") { c = sprintf("%c", hex(substr(text, at + 1, 4))); at += 4 }
      return c
    }
    function hex(digits,  i, sum) {
      for (i = 1; i <= length(digits); i++) sum = sum * 16 + index("0123456789abcdef", tolower(substr(digits, i, 1))) - 1
      return sum
    }
    function string(  quote, c, out) {
      quote = substr(text, at++, 1)
      while (at <= size) {
        c = substr(text, at, 1)
        if (c == quote) { at++; return out }
        if (c == "\\") { at++; out = out escape(substr(text, at, 1)) }
        else if (c == "\n") out = out "\\n"
        else if (c == "\t") out = out "\\t"
        else out = out c
        at++
      }
      fail("open quote")
    }
    function word(  out) {
      while (at <= size && !index(" \t\r\n,:[](){}\"\047", substr(text, at, 1))) out = out substr(text, at++, 1)
      if (out == "") fail("unexpected sign")
      return out
    }
    function separator(end,  c) {
      c = peek()
      if (c == ",") at++
      else if (c != end) fail("expected , or " end)
    }
    function series(key, end) {
      at++
      while (peek() != end) { value(key); separator(end) }
      at++
    }
    function dictionary(  key) {
      at++
      while (peek() != "}") {
        if (!index("\"\047", peek())) fail("key without quotes")
        key = string()
        if (peek() != ":") fail("expected :")
        at++
        value(key)
        separator("}")
      }
      at++
    }
    function value(key,  c) {
      c = peek()
      if (c == "") fail("end of text")
      if (index("uUbB", c) && index("\"\047", substr(text, at + 1, 1))) { at++; c = peek() }
      if (c == "[") series(key, "]")
      else if (c == "(") series(key, ")")
      else if (c == "{") dictionary()
      else if (index("\"\047", c)) print key "\t" string()
      else { c = word(); if (c != "None" && c != "null") print key "\t" c }
    }
    BEGIN {
      text = ENVIRON["LITERAL"]; size = length(text); at = 1
      value(ENVIRON["KEY"])
      if (peek() != "") fail("text after the end")
    }'
}

#!/bin/sh
# Holds graphs of CASE/UCO against the shapes of the ontology, by the project's own validator.
#
# Usage: tools/case_check.sh [FILE...]      without a file: a sample that the program writes, and the same made wrong, which must be refused
#
# Needs python3 with `venv` and pip once, to install the validator into target/judges/case; nothing is fetched after that. Ends with 3
# where that cannot be had.
set -eu
home=target/judges/case
version=0.18.0
if [ ! -x "$home/bin/case_validate" ] || [ "$(cat "$home/version" 2>/dev/null)" != "$version" ]; then
  if ! { python3 -m venv "$home" && "$home/bin/python" -m pip install --quiet --disable-pip-version-check "case-utils==$version"; }; then
    echo "NOT RUN: needs python3 with venv, and the Python package registry once" >&2
    exit 3
  fi
  echo "$version" >"$home/version"
fi
if [ $# -gt 0 ]; then
  exec "$home/bin/case_validate" "$@"
fi
cargo run --quiet --package case_uco --example sample >"$home/sample.json"
"$home/bin/case_validate" "$home/sample.json"
# A judge that refuses nothing judges nothing.
sed 's/"xsd:dateTime"/"xsd:string"/' "$home/sample.json" >"$home/wrong.json"
if "$home/bin/case_validate" --allow-info "$home/wrong.json" >/dev/null 2>&1; then
  echo "the validator accepted times that are none" >&2
  exit 1
fi
echo "case_check: the sample conforms, the wrong one was refused"

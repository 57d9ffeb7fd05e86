#!/usr/bin/env bash
# Runs a command of tests once per mutant of a list that no earlier command killed:
#   eng/mutants/run.sh mutants.txt dotnet exec <Dlt.Tests.dll> -stopOnFail -namespace 'Dlt.Tests.Iceberg.Transactions'
# A mutant is killed when the command fails or takes longer than DLT_MUTANT_SECONDS (default 400).
# mutants.txt.killed gets a line per killed mutant: id, exit code (124 is the time limit) and the first test that failed.
set -uo pipefail
list="$1"
shift
[ -f "$list" ] || { echo "There is no list $list; eng/mutants/mutate.cs prints one." >&2; exit 2; }
touch "$list.killed"

if ! DLT_MUTANT=-1 timeout 1200 "$@" >"$list.log" 2>&1; then
  echo "The command fails without a mutant, so it can say nothing about mutants; see $list.log." >&2
  exit 1
fi
if grep -q 'Total: 0,' "$list.log"; then
  echo "The command runs no test: filters of different kinds, such as -class and -namespace, must all match." >&2
  exit 1
fi

# Sets code and test: the exit code of the command and the first test that failed, if one did.
try() {
  DLT_MUTANT="$1" timeout --kill-after=5 "${DLT_MUTANT_SECONDS:-400}" "${@:2}" >"$list.log" 2>&1 </dev/null
  code=$?
  test=$(grep -m 1 -E '\[FAIL\]' "$list.log" | sed -E 's/ *\[FAIL\].*//; s/^ *//')
}

while IFS=$'\t' read -r id place change; do
  grep -q "^$id"$'\t' "$list.killed" && continue
  try "$id" "$@"
  # A busy machine can end a run without a failed test: xunit gives up on threads that do not end.
  if [ "$code" -eq 1 ] && [ -z "$test" ]; then try "$id" "$@"; fi
  if [ "$code" -eq 0 ]; then
    printf 'survived\t%s\t%s\t%s\n' "$id" "$place" "$change"
  else
    printf '%s\t%s\t%s\n' "$id" "$code" "$test" >>"$list.killed"
    printf 'killed\t%s\t%s\t%s\n' "$id" "$place" "$test"
  fi
done <"$list"

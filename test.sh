#!/usr/bin/env bash
# Installs what the tests need, builds with warnings as errors, runs every test. `./test.sh golden` runs the golden tests only,
# `./test.sh long` everything with twenty times the kills, races, power cuts and random inputs (hours).
# Before the last line stand the golden cases, a line a folder, and the failed tests. The last line is: N passed, N failed (, N skipped)
set -uo pipefail
cd "$(dirname "$0")"
mode="${1:-all}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 UseSharedCompilation=true
unset AWS_CA_BUNDLE

if [ "$mode" = long ]; then
  mode=all
  export DLT_KILLS="${DLT_KILLS:-all}" DLT_INTERLEAVINGS="${DLT_INTERLEAVINGS:-100000}" DLT_POWER_CUTS="${DLT_POWER_CUTS:-0}" DLT_RACE_ROUNDS="${DLT_RACE_ROUNDS:-2000}"
  export DLT_PIPELINES="${DLT_PIPELINES:-100}" DLT_LOADS="${DLT_LOADS:-20}" DLT_RACES="${DLT_RACES:-50}" DLT_WEATHER="${DLT_WEATHER:-200}" DLT_MERGE_RACES="${DLT_MERGE_RACES:-50}" DLT_APPENDS="${DLT_APPENDS:-200}"
  export DLT_FUZZ_LISTS="${DLT_FUZZ_LISTS:-40000}" DLT_FUZZ_PAGES="${DLT_FUZZ_PAGES:-800}" DLT_FUZZ_COLUMNS="${DLT_FUZZ_COLUMNS:-80}"
  export DLT_FUZZ_BRANCHES="${DLT_FUZZ_BRANCHES:-200}" DLT_MERGES="${DLT_MERGES:-260}" DLT_REWRITES="${DLT_REWRITES:-240}" DLT_FUZZ_SECONDS="${DLT_FUZZ_SECONDS:-60}"
fi

passed=0; failed=0; skipped=0; golden=""; faults=""
finish() {
  [ -n "$golden" ] && printf '%s\n' "$golden"
  [ -n "$faults" ] && printf 'Failed:\n%s\n' "$faults"
  dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1
  local line="$passed passed, $failed failed"
  [ "$skipped" -gt 0 ] && line="$line, $skipped skipped"
  echo "$line"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

# Independent Parquet readers; without Node.js their tests say that they were skipped.
if [ "$mode" = all ] && command -v npm >/dev/null 2>&1; then
  (cd tests/independent && npm install --no-audit --no-fund --loglevel=error) || echo "npm install failed: the tests of independent readers are skipped"
fi

projects=(tests/Dlt.Golden.Tests)
[ "$mode" = all ] && projects+=(tests/Dlt.Tests)
if [ "$mode" = all ]; then dotnet build Dlt.slnx -c Release -v minimal -tl:off; else dotnet build tests/Dlt.Golden.Tests -c Release -v minimal -tl:off; fi
if [ $? -ne 0 ]; then echo "The build failed."; failed=1; finish; fi

# Rooms of src/ that use each other in a circle; without Python 3 nobody looks.
if [ "$mode" = all ] && command -v python3 >/dev/null 2>&1; then
  if python3 eng/house.py . --circles; then passed=$((passed + 1)); else
    faults="eng/house.py found circles between rooms: python3 eng/house.py . --circles"
    failed=$((failed + 1))
  fi
fi

# Tests write, flush and delete many small files. On a disk they wait for it most of the time.
scratch=""
if [ "$mode" = all ] && [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -gt $((8 << 20)) ] 2>/dev/null; then
  scratch=$(mktemp -d /dev/shm/dlt-tests-XXXXXX) && export TMPDIR="$scratch"
fi
trap 'rm -rf "$scratch"' EXIT

log=$(mktemp)
for project in "${projects[@]}"; do
  name=$(basename "$project")
  program=$(ls "$project"/bin/Release/net10.0/*/"$name".dll | head -n 1)
  dotnet exec "$program" -noLogo -noColor 2>&1 | tee "$log"
  # Failed tests are named at the very end, with the first lines of their errors: who keeps only the end of the output sees them.
  faults+=$(printf '\n'; grep -A 4 -E '\[FAIL\]$' "$log" | cut -c 1-600)
  # What became of the golden cases stands last, whatever ran after them.
  [ "$name" = Dlt.Golden.Tests ] && golden=$(grep -E '^golden |^  (passed by|not |[0-9]+ differences)' "$log")
  totals=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
  if [ -z "$totals" ]; then echo "$name did not finish."; failed=$((failed + 1)); continue; fi
  read -r total errors bad skips <<<"$(echo "$totals" | tr -dc '0-9 \n')"
  passed=$((passed + total - bad - skips)); failed=$((failed + bad + errors)); skipped=$((skipped + skips))
done
rm -f "$log"
finish

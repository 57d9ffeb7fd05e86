#!/usr/bin/env bash
# Writes PublicAPI.Unshipped.txt of every project in src/ from what the analyzer misses. Run it after changing the public surface,
# and read the diff.
set -euo pipefail
cd "$(dirname "$0")/.."
for project in src/*/; do
  printf '#nullable enable\n' > "$project/PublicAPI.Unshipped.txt"
  [ -f "$project/PublicAPI.Shipped.txt" ] || printf '#nullable enable\n' > "$project/PublicAPI.Shipped.txt"
done
log=$(mktemp)
for project in src/*/*.csproj; do
  dotnet build "$project" --no-incremental -tl:off -v q -p:TreatWarningsAsErrors=false -p:MSBuildTreatWarningsAsErrors=false -clp:NoSummary >> "$log" 2>&1 || { tail -n 20 "$log"; exit 1; }
done
grep -oE "warning RS0016: Symbol '.*' is not part of the declared public API .*\[[^]]*\]" "$log" \
  | sed -E "s/warning RS0016: Symbol '(.*)' is not part of the declared public API .*\/src\/([^/]*)\/[^/]*\]/\2\t\1/" | sort -u \
  | while IFS=$'\t' read -r name symbol; do printf '%s\n' "$symbol" >> "src/$name/PublicAPI.Unshipped.txt"; done
rm -f "$log"
for file in src/*/PublicAPI.Unshipped.txt; do { head -n 1 "$file"; tail -n +2 "$file" | LC_ALL=C sort -u; } > "$file.new"; mv "$file.new" "$file"; done

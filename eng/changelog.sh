#!/usr/bin/env bash
# Prints what changelog.d/ says of the coming version. With a version: writes it into CHANGELOG.md and removes the fragments.
set -euo pipefail
cd "$(dirname "$0")/.."

section() {
  for kind in breaking:"Breaking changes" feature:"New" fix:"Fixed" speed:"Faster or smaller"; do
    local files=(changelog.d/*."${kind%%:*}".md)
    [ -e "${files[0]}" ] || continue
    printf '\n### %s\n\n' "${kind#*:}"
    for file in "${files[@]}"; do printf -- '- %s\n' "$(tr '\n' ' ' <"$file" | sed 's/ *$//')"; done
  done
}

version="${1:-}"
if [ -z "$version" ]; then section; exit; fi
text=$(section)
[ -n "$text" ] || { echo "changelog.d/ holds no fragment; CHANGELOG.md is as it was." >&2; exit 1; }
if grep -q "^## $version " CHANGELOG.md; then echo "CHANGELOG.md has a section $version already; nothing was changed." >&2; exit 1; fi
{
  sed -n '1,/^<!-- newest first -->$/p' CHANGELOG.md
  printf '\n## %s (%s)\n%s\n' "$version" "$(date -u +%F)" "$text"
  sed '1,/^<!-- newest first -->$/d' CHANGELOG.md
} >CHANGELOG.next
mv CHANGELOG.next CHANGELOG.md
find changelog.d -name '*.*.md' -delete

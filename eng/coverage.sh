#!/usr/bin/env bash
# Measures which lines and branches of src/ the tests run, and prints them per project:
#   eng/coverage.sh                                      the golden tests and Dlt.Tests together
#   eng/coverage.sh golden                               the golden tests only
#   eng/coverage.sh -namespace 'Dlt.Tests.Iceberg*'      a part of Dlt.Tests, by xunit's filters
# Copies of the built programs are measured; bin/ stays as it is. artifacts/coverage/ gets coverage.json and coverage.cobertura.xml.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

programs=(Dlt.Golden.Tests Dlt.Tests)
filter=""
case "${1:-}" in
  "") ;;
  golden) programs=(Dlt.Golden.Tests) ;;
  *) programs=(Dlt.Tests); filter=$(printf "'%s' " "$@") ;;
esac

folder="$PWD/artifacts/coverage"
rm -rf "$folder"
mkdir -p "$folder/Release"
dotnet restore eng/coverage/Coverage.csproj -v q
earlier=""
for name in "${programs[@]}"; do
  dotnet build "tests/$name" -c Release -v q -tl:off
  built=$(dirname "$(ls "tests/$name"/bin/Release/net10.0/*/"$name.dll" | head -n 1)")
  cp -r "$built" "$folder/Release/$name"
  # The second program adds its counts to the report of the first.
  dotnet msbuild eng/coverage/Coverage.csproj -t:Measure -v:m -tl:off -nodeReuse:false \
    -p:Program="$folder/Release/$name/$name.dll" -p:Filter="$filter" -p:Report="$folder/" -p:EarlierReport="$earlier"
  earlier="$folder/coverage.json"
done

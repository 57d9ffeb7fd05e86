using System.Collections.Immutable;
using Dlt.Extract;
using Dlt.Lake;
using Dlt.Normalize;

namespace Dlt.Tracing;

/// <summary>Converts the results of steps to the form of traces.</summary>
internal static class StepOutcomes
{
    public static StepOutcome Of(ExtractInfo info) => new()
    {
        Packages = [new(info.LoadId, StoredPackageState.Extracted)],
        RowCounts = info.RowCounts,
    };

    public static StepOutcome Of(IReadOnlyList<NormalizeInfo> infos) => new()
    {
        Packages = [.. infos.Select(i => new TracedPackage(i.LoadId, StoredPackageState.Normalized))],
        RowCounts = Sum(infos.Select(i => i.RowCounts)),
    };

    public static StepOutcome Of(ImmutableArray<LoadPackageInfo> packages, LoadTarget? target, QueryUsage queries) => new()
    {
        Packages = [.. packages.Select(p => new TracedPackage(p.LoadId, StoredPackageState.Loaded))],
        RowCounts = Sum(packages.Select(p => p.RowCounts)),
        Target = target,
        Queries = queries,
    };

    private static SortedDictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>> counts)
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var package in counts)
            foreach (var (table, rows) in package) sums[table] = sums.GetValueOrDefault(table) + rows;
        return sums;
    }
}

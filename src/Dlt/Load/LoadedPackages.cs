using System.Collections.Immutable;
using System.Globalization;
using Dlt.Internal;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>The packages that count as loaded by a run, the oldest first: its own, and those that an earlier run left.</summary>
/// <param name="folder">The working folder.</param>
internal sealed class LoadedPackages(WorkingFolder folder)
{
    private readonly List<LoadPackageInfo> _packages = [];

    /// <summary>The packages.</summary>
    public ImmutableArray<LoadPackageInfo> All => [.. _packages];

    /// <summary>True when a package holds data, not only state.</summary>
    public bool HasData => _packages.Exists(p => p.RowCounts.Keys.Any(t => !SystemTables.IsSystemName(t)));

    /// <summary>Adds packages that were loaded.</summary>
    public void Add(IEnumerable<LoadPackageInfo> packages) => _packages.AddRange(packages);

    /// <summary>Adds the packages that an earlier run loaded and, because it was killed, did not report.</summary>
    /// <param name="location">The dataset's location. Packages of other locations do not count.</param>
    /// <param name="maxIdentifierLength">Longest identifier of the destination; null for no limit.</param>
    /// <param name="now">Time at which the packages count as loaded.</param>
    public void AddUnended(string location, int? maxIdentifierLength, DateTimeOffset now)
    {
        foreach (var package in UnendedRuns.In(folder).Where(p => PackageLocation.Read(p) == location))
        {
            var schema = package.LoadSchema(maxIdentifierLength);
            var jobs = package.Jobs(PackageFolders.CompletedJobs).Count;
            _packages.Add(new(package.LoadId, schema.Name, schema.VersionHash!, RowCounts.Read(package), jobs, now, now)
            {
                Changes = PackageChanges.Read(package),
                RunKey = RunKey.Read(package),
            });
        }
    }

    /// <summary>Notes on the disk that the run has ended, so no later run reports its packages.</summary>
    public void EndRun() => UnendedRuns.End(_packages.Select(p => new LoadPackage(Path.Combine(folder.Loaded, p.LoadId))));

    /// <summary>True when a package has the same key as a run.</summary>
    public bool Has(RunKey runKey) => _packages.Exists(p => p.RunKey == runKey);

    /// <summary>True when a package has the subject of a run, with other content.</summary>
    public bool HasBeforeItChanged(RunKey runKey) => _packages.Exists(p => p.RunKey is { } other && runKey.IsForTheSame(other));

    /// <summary>
    /// True when a package with rows has no key: earlier versions wrote none, so nobody knows whether it has the data of a run.
    /// </summary>
    public bool HasWithoutKey() =>
        _packages.Exists(p => p.RunKey is null && p.RowCounts.Any(t => t.Value > 0 && !SystemTables.IsSystemName(t.Key)));

    /// <summary>Lists the root tables with their rows: <c>big (1500000 rows)</c>; empty for none.</summary>
    public string FinishedTables()
    {
        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (table, count) in _packages.SelectMany(p => p.RowCounts).Where(t => t.Value > 0 && !SystemTables.IsSystemName(t.Key)))
            rows[table] = rows.GetValueOrDefault(table) + count;
        return string.Join(", ", rows
            .Where(t => !rows.Keys.Any(parent => t.Key.StartsWith(parent + "__", StringComparison.Ordinal)))
            .Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key} ({t.Value} {(t.Value == 1 ? "row" : "rows")})")));
    }
}

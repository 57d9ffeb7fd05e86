using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Load;

namespace Dlt;

/// <summary>Result of a run: its steps, packages, rows and schema changes (dlt documentation, Inspect the load process).</summary>
public sealed record LoadInfo
{
    /// <summary>Name of the pipeline.</summary>
    public required string PipelineName { get; init; }

    /// <summary>Name of the destination.</summary>
    public required string DestinationName { get; init; }

    /// <summary>Name of the dataset.</summary>
    public required string DatasetName { get; init; }

    /// <summary>Location of the data, such as <c>s3://bucket/dataset</c>.</summary>
    public required string Location { get; init; }

    /// <summary>Local folder of <see cref="Location"/> for a local account; null on AWS.</summary>
    public string? LocalFolder { get; init; }

    /// <summary>
    /// A shell command that shows rows of this run: <c>dlt query web "SELECT * FROM events LIMIT 10" --local</c>. Null when the run loaded
    /// no rows of data.
    /// </summary>
    /// <remarks>It names a table of the last package with rows, since packages of earlier runs come first.</remarks>
    public string? Query
    {
        get
        {
            var queries = Packages.Reverse().Select(p => ShowQuery.Of(
                p.Dataset?.QueryName, p.RowCounts, isLocal: LocalFolder is not null, HasOwnDestination ? DestinationName : null));
            return queries.FirstOrDefault(query => query is not null);
        }
    }

    /// <summary>
    /// A shell command that shows the rows which the newest load with rejects keeps in <c>_dlt_rejected</c>. Null when no row was rejected.
    /// </summary>
    public string? RejectsQuery => Packages.LastOrDefault(p => !p.Changes.Rejected.IsEmpty) is { } rejecting
        ? ShowQuery.OfRejects(
            rejecting.Dataset?.QueryName, rejecting.LoadId, isLocal: LocalFolder is not null, HasOwnDestination ? DestinationName : null)
        : null;

    /// <summary>True if the destination has a name of its own, which commands must be given.</summary>
    internal bool HasOwnDestination { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the run ended.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>True when state and schemas were restored from the destination.</summary>
    public bool RestoredFromDestination { get; init; }

    /// <summary>Steps of the run, in order. A run that finishes the packages of an earlier one has steps twice.</summary>
    public ImmutableArray<StepInfo> Steps { get; init; } = [];

    /// <summary>Packages in the order in which they were loaded; those of earlier runs come first.</summary>
    public required ImmutableArray<LoadPackageInfo> Packages { get; init; }

    /// <summary>Number of rows loaded per table, over all packages.</summary>
    public IReadOnlyDictionary<string, long> RowCounts
    {
        get
        {
            var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
            foreach (var (table, count) in Packages.SelectMany(p => p.RowCounts)) rows[table] = rows.GetValueOrDefault(table) + count;
            return rows;
        }
    }

    /// <summary>What merges did to the rows of tables, by table, over all packages; tables without merge are missing.</summary>
    public IReadOnlyDictionary<string, MergedRows> Merged
    {
        get
        {
            var merged = new SortedDictionary<string, MergedRows>(StringComparer.Ordinal);
            foreach (var (table, rows) in Packages.SelectMany(p => p.Merged))
                merged[table] = merged.TryGetValue(table, out var before) ? before.Plus(rows) : rows;
            return merged;
        }
    }

    /// <summary>Schema changes, rejects and rounded values, over all packages.</summary>
    public LoadChanges Changes => LoadChanges.Of(
        [.. Packages.Select(p => p.Changes), .. SkippedAlone.IsEmpty ? [] : new[] { new LoadChanges { Skipped = SkippedAlone } }]);

    /// <summary>Items that cursors did not load, of extracts without anything to load, which leave no package.</summary>
    internal ImmutableArray<SkippedRows> SkippedAlone { get; init; } = [];

    /// <summary>Number of rows that are kept in <c>_dlt_rejected</c> instead of being loaded into their table.</summary>
    public long RejectedRows => Packages.Sum(p => p.Changes.Rejected.Sum(r => r.Rows));

    /// <summary>Queries of the destination that the run has started, and their estimated cost. A load into Athena starts none, unless its
    /// settings say that statements make tables.</summary>
    public QueryUsage Queries { get; init; } = QueryUsage.None;

    /// <summary>Text for people: dlt's lines, then the tables with their rows, then the changes.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        void Line(string line) => text.Append(line).Append('\n');
        foreach (var step in Steps)
        {
            var duration = Duration(step.FinishedAt - step.StartedAt);
            Line($"Pipeline {PipelineName} {step.Name} step finished in {duration}");
        }
        if (Packages.Length == 0) Line($"Pipeline {PipelineName} load step did not start");

        var places = Places;
        Line(string.Create(CultureInfo.InvariantCulture, $"{Packages.Length} load package(s) were loaded to destination "
            + $"{DestinationName} and into dataset {string.Join(", ", places.Select(p => p.Name))}"));
        foreach (var place in places) Line($"The {DestinationName} destination used {place.Location} location to store data");
        foreach (var package in Packages) Line($"Load package {package.LoadId} is LOADED and contains no failed jobs");
        var merged = Merged;
        foreach (var (table, rows) in RowCounts)
        {
            var counts = merged.TryGetValue(table, out var counted) ? $": {counted}" : "";
            Line(string.Create(CultureInfo.InvariantCulture, $"- {table}: {rows} row(s){counts}"));
        }

        foreach (var line in LoadChangesText.Lines(Changes)) Line(line);
        foreach (var place in places.Where(_ => Packages.Length > 0))
            Line($"Data: {place.Location}{(place.LocalFolder is { } folder ? $" in the folder {folder}" : "")}");
        if (Queries.Queries > 0) Line($"Queries: {Queries}");
        if (Query is { } query) Line($"Query: {query}");
        if (RejectsQuery is { } rejects) Line($"Rejected rows: {rejects}");
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>
    /// The datasets of the packages. With <c>use_single_dataset = false</c> they may be others than <see cref="DatasetName"/>.
    /// </summary>
    private List<PackageDataset> Places => Packages.Any(p => p.Dataset is not null)
        ? [.. Packages.Select(p => p.Dataset).OfType<PackageDataset>().Distinct()]
        : [new(DatasetName, Location, LocalFolder, QueryName: null)];

    internal static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} seconds"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} minute(s) and "
            + $"{time.Seconds + time.Milliseconds / 1000.0:0.##} seconds"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} hour(s), {time.Minutes} minute(s) and "
            + $"{time.Seconds} seconds"),
    };
}

/// <summary>The dataset of a package's schema.</summary>
/// <param name="Name">Name in the pipeline.</param>
/// <param name="Location">Location of the data.</param>
/// <param name="LocalFolder">Local folder of the location; null on AWS.</param>
/// <param name="QueryName">Name in queries; null when <c>dlt query</c> cannot read it.</param>
internal sealed record PackageDataset(string Name, string Location, string? LocalFolder, string? QueryName);

/// <summary>Name and times of one step of a run.</summary>
/// <param name="Name"><c>extract</c>, <c>normalize</c> or <c>load</c>.</param>
/// <param name="StartedAt">When the step began.</param>
/// <param name="FinishedAt">When the step ended.</param>
public sealed record StepInfo(string Name, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);

/// <summary>A package that a run loaded. Its form on disk is a <see cref="StoredPackage"/>.</summary>
/// <param name="LoadId">Id of the load, which is also the value of <c>_dlt_load_id</c>.</param>
/// <param name="SchemaName">Name of the schema.</param>
/// <param name="SchemaHash">Hash of the schema that the package was loaded with.</param>
/// <param name="RowCounts">Number of rows per table.</param>
/// <param name="Jobs">Number of files loaded.</param>
/// <param name="StartedAt">When the load of the package began.</param>
/// <param name="FinishedAt">When the load of the package ended.</param>
public sealed record LoadPackageInfo(
    string LoadId, string SchemaName, string SchemaHash, IReadOnlyDictionary<string, long> RowCounts, int Jobs, DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt)
{
    /// <summary>Schema changes, rejects and rounded values of the package; empty for packages that Python dlt normalised.</summary>
    public LoadChanges Changes { get; init; } = LoadChanges.None;

    /// <summary>
    /// What merges did to the rows of tables, by table. A table that an earlier run published is missing, and so are tables without merge.
    /// </summary>
    public IReadOnlyDictionary<string, MergedRows> Merged { get; init; } = ImmutableSortedDictionary<string, MergedRows>.Empty;

    /// <summary>The dataset that the run loaded the package into; null in a package that is read from its folder.</summary>
    internal PackageDataset? Dataset { get; init; }

    /// <summary>Key of the run that extracted the package; null when it had none.</summary>
    internal RunKey? RunKey { get; init; }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dlt.Load;

namespace Dlt;

/// <summary>What a run loaded (dlt documentation, Inspect the load process).</summary>
public sealed record LoadInfo
{
    /// <summary>The pipeline.</summary>
    public required string PipelineName { get; init; }

    /// <summary>Name of the destination.</summary>
    public required string DestinationName { get; init; }

    /// <summary>The dataset.</summary>
    public required string DatasetName { get; init; }

    /// <summary>Where the data is.</summary>
    public required string Location { get; init; }

    /// <summary>The folder of this machine that is <see cref="Location"/>, for a local account; null on AWS.</summary>
    public string? LocalFolder { get; init; }

    /// <summary>
    /// A command that shows rows of this run, to paste into a shell: <c>dlt query web "SELECT * FROM events LIMIT 10" --local</c>. Null
    /// when no rows of data came.
    /// </summary>
    /// <remarks>It names a table of the last package with rows: those that earlier runs left come before.</remarks>
    public string? Query => Packages.Reverse().Select(p => ShowQuery.Of(QueryName, p.RowCounts, isLocal: LocalFolder is not null))
        .FirstOrDefault(query => query is not null);

    internal string? QueryName { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the run ended.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>True when state and schemas were taken from the destination.</summary>
    public bool RestoredFromDestination { get; init; }

    /// <summary>What was done, in order; a run that finishes what an earlier one left has steps twice.</summary>
    public ImmutableArray<StepInfo> Steps { get; init; } = [];

    /// <summary>Packages in the order they were loaded; those that earlier runs left come first.</summary>
    public required ImmutableArray<LoadPackageInfo> Packages { get; init; }

    /// <summary>Rows loaded per table over all packages.</summary>
    public IReadOnlyDictionary<string, long> RowCounts
    {
        get
        {
            var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
            foreach (var (table, count) in Packages.SelectMany(p => p.RowCounts)) rows[table] = rows.GetValueOrDefault(table) + count;
            return rows;
        }
    }

    /// <summary>What changed beside the rows, over all packages.</summary>
    public LoadChanges Changes => LoadChanges.Of([.. Packages.Select(p => p.Changes)]);

    /// <summary>Rows that stand in <c>_dlt_rejected</c> instead of their table.</summary>
    public long RejectedRows => Packages.Sum(p => p.Changes.Rejected.Sum(r => r.Rows));

    /// <summary>dlt's text form, then the tables with their rows, then what changed.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        void Line(string line) => text.Append(line).Append('\n');
        foreach (var step in Steps) Line($"Pipeline {PipelineName} {step.Name} step finished in "
            + $"{Duration(step.FinishedAt - step.StartedAt)}");
        if (Packages.Length == 0) Line($"Pipeline {PipelineName} load step did not start");

        Line(string.Create(CultureInfo.InvariantCulture, $"{Packages.Length} load package(s) were loaded to destination "
            + $"{DestinationName} and into dataset {DatasetName}"));
        Line($"The {DestinationName} destination used {Location} location to store data");
        foreach (var package in Packages) Line($"Load package {package.LoadId} is LOADED and contains no failed jobs");
        foreach (var (table, rows) in RowCounts) Line(string.Create(CultureInfo.InvariantCulture, $"- {table}: {rows} row(s)"));
        foreach (var line in LoadChangesText.Lines(Changes)) Line(line);
        if (Packages.Length > 0) Line($"Data: {Location}{(LocalFolder is null ? "" : $" in the folder {LocalFolder}")}");
        if (Query is { } query) Line($"Query: {query}");
        return text.ToString().TrimEnd('\n');
    }

    internal static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} seconds"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} minute(s) and "
            + $"{time.Seconds + time.Milliseconds / 1000.0:0.##} seconds"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} hour(s), {time.Minutes} minute(s) and "
            + $"{time.Seconds} seconds"),
    };
}

/// <summary>One step of a run.</summary>
/// <param name="Name"><c>extract</c>, <c>normalize</c> or <c>load</c>.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended.</param>
public sealed record StepInfo(string Name, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);

/// <summary>A package that a run loaded. What lies on disk of it is a <see cref="StoredPackage"/>.</summary>
/// <param name="LoadId">Also the value of <c>_dlt_load_id</c>.</param>
/// <param name="SchemaName">Its schema.</param>
/// <param name="SchemaHash">Hash of the schema it was loaded with.</param>
/// <param name="RowCounts">Rows per table.</param>
/// <param name="Jobs">Files loaded.</param>
/// <param name="StartedAt">When its load began.</param>
/// <param name="FinishedAt">When it was published.</param>
public sealed record LoadPackageInfo(
    string LoadId, string SchemaName, string SchemaHash, IReadOnlyDictionary<string, long> RowCounts, int Jobs, DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt)
{
    /// <summary>What the package changed beside the rows; nothing for packages that Python dlt normalised.</summary>
    public LoadChanges Changes { get; init; } = LoadChanges.None;

    /// <summary>What the run that extracted it was for; null where it did not say.</summary>
    internal RunKey? RunKey { get; init; }
}

using System.Collections.Immutable;
using System.Globalization;
using Dlt.Iceberg;
using Dlt.Packages;

namespace Dlt.Destinations.Iceberg;

/// <summary>
/// Where a table says which steps of loads it has: in the summaries of snapshots, and, for loads that may still be repeated, in a property,
/// which stays when snapshots expire.
/// Both are committed with the change itself.
/// </summary>
internal static class StepRecord
{
    /// <summary>In summaries: the load.</summary>
    public const string LoadId = "dlt.load-id";

    /// <summary>In summaries: the step. Snapshots of earlier versions have none.</summary>
    public const string Step = "dlt.load-step";

    /// <summary>In summaries: <c>append</c> or <c>replace</c>.</summary>
    public const string Disposition = "dlt.write-disposition";

    public const string Append = "append";

    public const string Replace = "replace";

    /// <summary>Property of the table: steps of loads that were not complete yet, with a space between.</summary>
    public const string Steps = "dlt.load-steps";

    /// <summary>Property of the table: the load that replaced its rows last.</summary>
    public const string ReplacedBy = "dlt.replaced-by";

    public static bool Has(TableMetadata metadata, StepIdentity step) =>
        StepsOf(metadata).Contains(step.ToString())
            || metadata.Snapshots.Any(s => s.Summary.GetValueOrDefault(LoadId) == step.LoadId && StepOf(s) == step.Step);

    /// <summary>Rows that a step brought in; null where its snapshot has expired, or a later load kept the rows out.</summary>
    public static long? AddedRows(TableMetadata metadata, StepIdentity step)
    {
        var made = metadata.Snapshots.FirstOrDefault(s => s.Summary.GetValueOrDefault(LoadId) == step.LoadId && StepOf(s) == step.Step);
        if (made is null) return null;
        return made.Summary.TryGetValue("added-records", out var rows)
            && long.TryParse(rows, NumberStyles.None, CultureInfo.InvariantCulture, out var added) ? added : 0;
    }

    /// <summary>The load that replaced the table's rows last; null when none did.</summary>
    public static string? LastReplace(TableMetadata metadata) => metadata.Properties.GetValueOrDefault(ReplacedBy);

    /// <summary>Notes a step, and forgets those of loads that nobody repeats any more.</summary>
    /// <param name="metadata">The table.</param>
    /// <param name="step">The change.</param>
    /// <param name="replaces">True: it took the place of all rows.</param>
    /// <param name="complete">Loads that are complete.</param>
    public static TableUpdate Note(TableMetadata metadata, StepIdentity step, bool replaces, IReadOnlySet<string> complete)
    {
        var steps = StepsOf(metadata).Where(s => !complete.Contains(s[..Math.Max(0, s.LastIndexOf('/'))])).Append(step.ToString());
        var properties = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(Steps, string.Join(' ', steps));
        return new TableUpdate.SetProperties(replaces ? properties.Add(ReplacedBy, step.LoadId) : properties);
    }

    /// <summary>
    /// True when the rows of a snapshot are those of another load that was under way when a replace began: they came in beside it.
    /// </summary>
    /// <param name="snapshot">The snapshot that added the rows.</param>
    /// <param name="loadId">The load that replaces.</param>
    /// <param name="completeBefore">Loads that were complete when it began.</param>
    /// <param name="since">Loads that wrote before this moment are dead.</param>
    public static bool IsBeside(Snapshot snapshot, string loadId, IReadOnlySet<string> completeBefore, DateTimeOffset since)
    {
        if (snapshot.Summary.GetValueOrDefault(Disposition) != Append || !snapshot.Summary.TryGetValue(LoadId, out var other)
            || other == loadId) return false;
        return LoadIdOrder.Instance.Compare(other, loadId) > 0 || (!completeBefore.Contains(other) && snapshot.Timestamp > since);
    }

    private static string[] StepsOf(TableMetadata metadata) =>
        metadata.Properties.GetValueOrDefault(Steps)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Earlier versions named the load only: what added rows were its data.</summary>
    private static string StepOf(Snapshot snapshot) => snapshot.Summary.GetValueOrDefault(Step)
        ?? (snapshot.Summary.GetValueOrDefault("added-records") is { } added && added != "0" ? StepIdentity.Data : StepIdentity.Truncate);
}

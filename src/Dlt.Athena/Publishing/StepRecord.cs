using System.Collections.Immutable;
using System.Globalization;
using Dlt.Iceberg;
using Dlt.Packages;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Records in a table which steps of loads it contains: in the summaries of snapshots and, for loads that may still be repeated, in a table
/// property, because snapshots expire. Both are committed together with the change.
/// </summary>
internal static class StepRecord
{
    /// <summary>Summary key of the load id.</summary>
    public const string LoadId = "dlt.load-id";

    /// <summary>Summary key of the step. Snapshots of earlier versions lack it.</summary>
    public const string Step = "dlt.load-step";

    /// <summary>
    /// Summary key of the mode: <see cref="WriteMode.Name"/>, and <c>replace</c> for the snapshot in which a refresh empties the table.
    /// </summary>
    public const string Mode = "dlt.write-disposition";

    /// <summary>Table property with the steps of loads that were not complete at the time, separated by spaces.</summary>
    public const string Steps = "dlt.load-steps";

    /// <summary>Table property with the id of the load that replaced the rows last.</summary>
    public const string ReplacedBy = "dlt.replaced-by";

    /// <summary>True when the table already contains the step. A removal is contained when the data step is not.</summary>
    public static bool Has(TableMetadata metadata, StepIdentity step)
    {
        if (step.Step == StepIdentity.Removal) return !Has(metadata, step with { Step = StepIdentity.Data });
        return StepsOf(metadata).Contains(step.ToString()) || SnapshotOf(metadata, step) is not null;
    }

    /// <summary>Rows that a step added; null if its snapshot has expired or a later load replaced the table first.</summary>
    public static long? AddedRows(TableMetadata metadata, StepIdentity step) =>
        SnapshotOf(metadata, step) is { } made ? AddedRows(made) : null;

    /// <summary>True when a snapshot made a step.</summary>
    public static bool IsOf(Snapshot snapshot, StepIdentity step) =>
        snapshot.Summary.GetValueOrDefault(LoadId) == step.LoadId && StepOf(snapshot) == step.Step;

    /// <summary>Rows that a snapshot added.</summary>
    public static long AddedRows(Snapshot snapshot) =>
        snapshot.Summary.TryGetValue("added-records", out var rows)
            && long.TryParse(rows, NumberStyles.None, CultureInfo.InvariantCulture, out var added) ? added : 0;

    /// <summary>
    /// Id of the snapshot that removed the rows of a load last; null if none did or it has expired. Earlier snapshots may still refer to
    /// the files with those rows.
    /// </summary>
    public static long? RemovalOf(TableMetadata metadata, string loadId) =>
        LastOf(metadata, loadId, StepIdentity.Removal)?.SnapshotId;

    /// <summary>Id of the snapshot of a step; null if it was not made, or has expired.</summary>
    public static long? SnapshotIdOf(TableMetadata metadata, StepIdentity step) => SnapshotOf(metadata, step)?.SnapshotId;

    /// <summary>The snapshot before that of a step, which the table must contain.</summary>
    /// <returns>No id when the step was the first of the table; not known when one of the snapshots has expired.</returns>
    public static (long? Id, bool IsKnown) ParentOf(TableMetadata metadata, StepIdentity step)
    {
        if (SnapshotOf(metadata, step) is not { } made) return (null, false);
        return made.ParentSnapshotId is { } id ? (metadata.Find(id)?.SnapshotId, metadata.Find(id) is not null) : (null, true);
    }

    /// <summary>Loads with steps in the record of the table that were not complete at the time.</summary>
    public static IEnumerable<string> LoadsOf(TableMetadata metadata) =>
        StepsOf(metadata).Select(s => s[..Math.Max(0, s.LastIndexOf('/'))]).Distinct(StringComparer.Ordinal);

    /// <summary>Id of the load that replaced the table's rows last; null if none did.</summary>
    public static string? LastReplace(TableMetadata metadata) => metadata.Properties.GetValueOrDefault(ReplacedBy);

    /// <summary>
    /// Adds a step to the record and drops the steps of complete loads, which are not repeated. A removal drops the data step instead.
    /// </summary>
    /// <param name="metadata">The table.</param>
    /// <param name="step">The change.</param>
    /// <param name="replaces">True when the step replaces all rows.</param>
    /// <param name="complete">Loads that are complete.</param>
    public static TableUpdate Note(TableMetadata metadata, StepIdentity step, bool replaces, IReadOnlySet<string> complete)
    {
        var steps = StepsOf(metadata).Where(s => !complete.Contains(s[..Math.Max(0, s.LastIndexOf('/'))]));
        var removed = (step with { Step = StepIdentity.Data }).ToString();
        steps = step.Step == StepIdentity.Removal ? steps.Where(s => s != removed) : steps.Append(step.ToString());
        var properties = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(Steps, string.Join(' ', steps));
        return new TableUpdate.SetProperties(replaces ? properties.Add(ReplacedBy, step.LoadId) : properties);
    }

    /// <summary>
    /// True when a snapshot holds rows that another load added at the same time as this replace, and which stay. Rows of an overlapping
    /// replace do not stay; rows of a mode that this version does not know do.
    /// </summary>
    /// <param name="snapshot">The snapshot that added the rows.</param>
    /// <param name="loadId">The load that replaces.</param>
    /// <param name="completeBefore">Loads that were complete when the replacing load began.</param>
    /// <param name="since">Loads that last wrote before this time are abandoned.</param>
    public static bool IsConcurrent(Snapshot snapshot, string loadId, IReadOnlySet<string> completeBefore, DateTimeOffset since)
    {
        // The files of a merge have rows of earlier loads as well.
        if (ChainPublishers.ModeOf(snapshot.Summary.GetValueOrDefault(Mode)) is { ReplacesAllRows: true } or MergeMode) return false;
        if (!snapshot.Summary.TryGetValue(LoadId, out var other) || other == loadId) return false;
        return LoadIdOrder.Instance.Compare(other, loadId) > 0 || (!completeBefore.Contains(other) && snapshot.Timestamp > since);
    }

    /// <summary>The last snapshot of a step; null if the rows that it added were removed again.</summary>
    private static Snapshot? SnapshotOf(TableMetadata metadata, StepIdentity step) =>
        LastOf(metadata, step.LoadId, step.Step, step.Step == StepIdentity.Data ? StepIdentity.Removal : step.Step) is { } last
            && StepOf(last) == step.Step ? last : null;

    private static Snapshot? LastOf(TableMetadata metadata, string loadId, params ReadOnlySpan<string> steps)
    {
        Snapshot? last = null;
        foreach (var snapshot in metadata.Snapshots)
        {
            if (snapshot.Summary.GetValueOrDefault(LoadId) != loadId || !steps.Contains(StepOf(snapshot))) continue;
            if (last is null || snapshot.SequenceNumber >= last.SequenceNumber) last = snapshot;
        }

        return last;
    }

    private static string[] StepsOf(TableMetadata metadata) =>
        metadata.Properties.GetValueOrDefault(Steps)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Earlier versions recorded the load only; a snapshot that added rows was its data step.</summary>
    private static string StepOf(Snapshot snapshot) => snapshot.Summary.GetValueOrDefault(Step)
        ?? (snapshot.Summary.GetValueOrDefault("added-records") is { } added && added != "0" ? StepIdentity.Data : StepIdentity.Truncate);
}

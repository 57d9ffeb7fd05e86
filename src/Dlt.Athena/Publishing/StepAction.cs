using System.Collections.Immutable;
using Dlt.Iceberg;

namespace Dlt.Destinations.Iceberg;

/// <summary>What a step has become of.</summary>
internal enum StepOutcome
{
    /// <summary>Made now.</summary>
    Made,

    /// <summary>An earlier attempt had made it.</summary>
    Found,

    /// <summary>A later load had replaced the table, so the rows stay out.</summary>
    Superseded,
}

/// <summary>
/// A change of a load, made once: whether it is needed is decided on the metadata that the commit builds on, in every attempt.
/// </summary>
/// <param name="step">The step.</param>
/// <param name="change">Brings the rows in, or removes them.</param>
/// <param name="replaces">True: the rows take the place of all others.</param>
/// <param name="complete">Loads that are complete.</param>
/// <param name="isLast">Whether this load still has the last word, given the load that replaced the table last.</param>
internal sealed class StepAction(
    StepIdentity step, SnapshotAction change, bool replaces, IReadOnlySet<string> complete, Func<string, bool> isLast) : TransactionAction
{
    public StepOutcome Outcome { get; private set; }

    public override long? OwnSnapshotId => change.OwnSnapshotId;

    public override long? SnapshotId => Outcome == StepOutcome.Made ? change.SnapshotId : null;

    public override IEnumerable<string> FilesInUse => Outcome == StepOutcome.Made ? change.FilesInUse : [];

    public override async Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        Outcome = StepOutcome.Found;
        if (StepRecord.Has(metadata, step)) return [];
        Outcome = replaces && StepRecord.LastReplace(metadata) is { } other && !isLast(other) ? StepOutcome.Superseded : StepOutcome.Made;
        if (Outcome == StepOutcome.Superseded) return [StepRecord.Note(metadata, step, replaces: false, complete)];
        var updates = await change.PrepareAsync(metadata, attempt, cancellationToken).ConfigureAwait(false);
        return [StepRecord.Note(metadata, step, replaces, complete), .. updates];
    }
}

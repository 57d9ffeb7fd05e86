using System.Collections.Immutable;
using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing;

/// <summary>Result of a step of a load.</summary>
internal enum StepResult
{
    /// <summary>The step was committed now.</summary>
    Made,

    /// <summary>An earlier attempt had already committed the step.</summary>
    Found,

    /// <summary>A later load had replaced the table, so the rows were not added.</summary>
    Superseded,
}

/// <summary>
/// A change of a load that is committed once. Each attempt of the commit checks in the current metadata whether the change is still needed.
/// </summary>
/// <param name="step">The step.</param>
/// <param name="change">Adds or removes the rows.</param>
/// <param name="replaces">True when the change replaces all rows.</param>
/// <param name="complete">Loads that are complete.</param>
/// <param name="isLast">True when this load wins over the load that replaced the table last, whose id it receives.</param>
internal sealed class StepAction(
    StepIdentity step, SnapshotAction change, bool replaces, IReadOnlySet<string> complete, Func<string, bool> isLast) : TransactionAction
{
    /// <summary>Refuses the change on the metadata of the attempt, by an exception; null for a change that is always right.</summary>
    public Action<TableMetadata>? Check { get; init; }

    public StepResult Result { get; private set; }

    /// <summary>True: the change is made also when the table contains the step.</summary>
    public bool IsAgain { get; init; }

    public override long? OwnSnapshotId => change.OwnSnapshotId;

    public override long? SnapshotId => Result == StepResult.Made ? change.SnapshotId : null;

    public override IEnumerable<string> FilesInUse => Result == StepResult.Made ? change.FilesInUse : [];

    public override async Task<ImmutableArray<TableUpdate>> PrepareAsync(
        TableMetadata metadata, CommitAttempt attempt, CancellationToken cancellationToken)
    {
        Result = StepResult.Found;
        if (!IsAgain && StepRecord.Has(metadata, step)) return [];
        Result = replaces && StepRecord.LastReplace(metadata) is { } other && !isLast(other) ? StepResult.Superseded : StepResult.Made;
        if (Result == StepResult.Superseded) return [StepRecord.Note(metadata, step, replaces: false, complete)];
        Check?.Invoke(metadata);
        var updates = await change.PrepareAsync(metadata, attempt, cancellationToken).ConfigureAwait(false);
        return [StepRecord.Note(metadata, step, replaces, complete), .. updates];
    }
}

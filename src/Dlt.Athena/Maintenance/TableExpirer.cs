using Dlt.Destinations.Publishing;
using Dlt.Iceberg;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Maintenance;

/// <summary>
/// Expires snapshots of Iceberg tables while loads go on. Snapshots stay that loads need which are not complete, and those of the last
/// hour, which queries may read.
/// </summary>
/// <param name="tables">Opens the tables, by the name in the catalog; null for one that is gone.</param>
/// <param name="openLoads">Reads the loads that are not complete.</param>
/// <param name="time">The clock that ages are counted with.</param>
internal sealed class TableExpirer(
    Func<string, CancellationToken, Task<IcebergTable?>> tables, Func<CancellationToken, Task<OpenLoads>> openLoads, TimeProvider time)
{
    /// <summary>Age from which snapshots expire; null for the properties of the table, else five days.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Number of snapshots that each branch keeps; null for the properties of the table, else 1.</summary>
    public int? Keep { get; init; }

    /// <summary>Number of snapshots from which they are expired.</summary>
    public int MinSnapshots { get; init; } = 1;

    /// <summary>Says which snapshots would expire.</summary>
    public async Task<TableExpiry> PlanAsync(string name, CancellationToken cancellationToken)
    {
        var nothing = new TableExpiry { Table = name };
        if (await tables(name, cancellationToken).ConfigureAwait(false) is not { } table) return Gone(nothing);
        if (Skipped(table, nothing) is { } skipped) return skipped;
        if (ByAge(table.Metadata) == 0) return nothing with { Kept = table.Metadata.Snapshots.Length };
        var loads = await openLoads(cancellationToken).ConfigureAwait(false);
        return Described(table.Metadata, Action(name, loads), nothing);
    }

    /// <summary>Expires the snapshots of a table and deletes the files that only they need.</summary>
    /// <param name="name">Name of the table in the catalog.</param>
    /// <param name="cancellationToken">Stops; files that are left are found as orphans.</param>
    /// <exception cref="IcebergException">The table cannot be read or written.</exception>
    public async Task<TableExpiry> RunAsync(string name, CancellationToken cancellationToken)
    {
        var nothing = new TableExpiry { Table = name };
        if (await tables(name, cancellationToken).ConfigureAwait(false) is not { } table) return Gone(nothing);
        if (Skipped(table, nothing) is { } skipped) return skipped;
        if (ByAge(table.Metadata) < MinSnapshots) return nothing with { Kept = table.Metadata.Snapshots.Length };
        var loads = await openLoads(cancellationToken).ConfigureAwait(false);
        var expire = Action(name, loads);
        var plan = Described(table.Metadata, expire, nothing);
        if (plan.Expired < MinSnapshots) return plan with { Kept = plan.Kept + plan.Expired, Expired = 0 };
        var transaction = table.NewTransaction().Patiently().Add(new MixedLoadsAction(expire, [], loads.RecentlyComplete));
        var after = await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        var before = expire.Basis ?? table.Metadata;
        var expired = before.Snapshots.Count(s => after.Metadata.Find(s.SnapshotId) is null);
        var deleted = expired == 0 ? [] : await SnapshotExpiry.DeleteFilesAsync(after.Files, before, after.Metadata, cancellationToken)
            .ConfigureAwait(false);
        return plan with { Expired = expired, Kept = before.Snapshots.Length - expired, DeletedFiles = deleted.Count };
    }

    private ExpireSnapshotsAction Action(string name, OpenLoads loads) => new(time.GetUtcNow() - OlderThan, Keep)
    {
        Needed = metadata => loads.NeededSnapshots(metadata, name, time.GetUtcNow()),
    };

    private TableExpiry Described(TableMetadata metadata, ExpireSnapshotsAction expire, TableExpiry nothing)
    {
        var expired = expire.ExpiredAt(metadata, time.GetUtcNow()).Length;
        return nothing with { Expired = expired, Kept = metadata.Snapshots.Length - expired, Needed = ByAge(metadata) - expired };
    }

    /// <summary>Number of snapshots that would expire if no load needed any.</summary>
    private int ByAge(TableMetadata metadata)
    {
        var now = time.GetUtcNow();
        return new ExpireSnapshotsAction(now - OlderThan, Keep).ExpiredAt(metadata, now).Length;
    }

    private static TableExpiry? Skipped(IcebergTable table, TableExpiry nothing) =>
        table.Metadata.Properties.GetValueOrDefault("gc.enabled") == "false"
            ? nothing with
            {
                Kept = table.Metadata.Snapshots.Length,
                Skipped = "The table property gc.enabled is false. Set it to true if no other table uses the files.",
            }
            : null;

    private static TableExpiry Gone(TableExpiry expiry) => expiry with { Skipped = "Somebody has dropped the table." };
}

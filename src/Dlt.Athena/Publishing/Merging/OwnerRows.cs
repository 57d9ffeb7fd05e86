using Dlt.Iceberg;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Finds the rows of a nested table whose owner, the root row or else the parent row, does not exist. It serves when nobody knows any more
/// which owners a merge removed: the snapshot with them has expired, or the load was given up.
/// </summary>
internal static class OwnerRows
{
    /// <summary>Times that a removal is planned while other writers commit contradicting changes.</summary>
    private const int MaxPlans = 20;

    /// <summary>Matches the nested rows without an owner. A row that names no owner stays.</summary>
    /// <param name="owner">The table of the owners, loaded after the nested table.</param>
    /// <param name="key">The column that identifies an owner.</param>
    /// <param name="link">The column of the nested table with that id.</param>
    /// <param name="owners">Receives the ids of all owners. The caller disposes it after the condition was used.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public static async Task<RowCondition> AbsentAsync(
        IcebergTable owner, KeyColumns key, KeyColumns link, KeySet owners, CancellationToken cancellationToken)
    {
        var reader = new RowBatchReader(owner);
        await foreach (var task in owner.Scan().PlanFilesAsync(cancellationToken).ConfigureAwait(false))
        {
            await foreach (var batch in reader.ReadAsync(task, key.Fields, cancellationToken).ConfigureAwait(false))
            {
                var keys = new RowHashes(batch, key);
                for (var i = 0; i < batch.Rows; i++)
                    if (!keys.HasNull(i)) owners.Add(keys.Of(i));
            }
        }

        return new KeyCondition(link, owners) { IsNegated = true };
    }

    /// <summary>
    /// Id of a load whose nested rows may wait for their owners: it has committed them and not its root rows, and is not complete.
    /// </summary>
    /// <param name="nested">The nested table.</param>
    /// <param name="root">The root table, loaded after it.</param>
    /// <param name="own">The load that asks.</param>
    /// <param name="complete">Loads that are complete.</param>
    /// <returns>Null when all owners that are to come are there.</returns>
    public static string? WaitingLoad(TableMetadata nested, TableMetadata root, string own, IReadOnlySet<string> complete) =>
        StepRecord.LoadsOf(nested).FirstOrDefault(id => id != own && !complete.Contains(id)
            && StepRecord.Has(nested, new(id, StepIdentity.Data)) && !StepRecord.Has(root, new(id, StepIdentity.Data)));

    /// <summary>
    /// Removes the nested rows without an owner, in a snapshot that is no step of a load. Does nothing while another load has nested rows
    /// that wait for their owners.
    /// </summary>
    /// <param name="nested">The nested table.</param>
    /// <param name="owner">The rows that its rows belong to.</param>
    /// <param name="openAsync">Opens a table by name; null when it is gone.</param>
    /// <param name="own">The load that asks.</param>
    /// <param name="complete">Loads that are complete.</param>
    /// <param name="cancellationToken">Stops; the rows are removed or not.</param>
    public static async Task RemoveAbsentAsync(
        IcebergTable nested, RowOwner owner, Func<string, CancellationToken, Task<IcebergTable?>> openAsync, string own,
        IReadOnlySet<string> complete, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            nested = await nested.ReloadAsync(cancellationToken).ConfigureAwait(false);
            var root = await openAsync(owner.Root, cancellationToken).ConfigureAwait(false);
            var owners = await openAsync(owner.Table, cancellationToken).ConfigureAwait(false);
            if (root is null || owners is null || owner.KeyIn(owners.Metadata) is not { } key
                || owner.ColumnIn(nested.Metadata) is not { } link) return;
            if (WaitingLoad(nested.Metadata, root.Metadata, own, complete) is not null) return;
            using var ids = new KeySet();
            var absent = await AbsentAsync(owners, key, link, ids, cancellationToken).ConfigureAwait(false);
            var plan = await new TableMerge(nested).PlanAsync(new() { Removed = absent }, cancellationToken).ConfigureAwait(false);
            if (plan.IsEmpty) return;
            try
            {
                var action = plan.ToAction(new Dictionary<string, string>());
                await nested.NewTransaction().Patiently().Add(action).CommitAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (IcebergException error) when (error.Error == IcebergError.Conflict)
            {
                await nested.Files.DeleteAsync(plan.Written, cancellationToken).ConfigureAwait(false);
                if (attempt == MaxPlans) throw;
            }
        }
    }
}

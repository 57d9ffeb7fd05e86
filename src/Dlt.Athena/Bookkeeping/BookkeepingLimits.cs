using Dlt.Destinations.Publishing;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Removes old states of a pipeline (<c>max_state_files</c>) and old versions of its schemas (<c>max_version_rows</c>) after a load. Rows
/// of other pipelines and of loads that are not complete stay.
/// </summary>
/// <param name="tables">Opens the tables.</param>
/// <param name="publishes">The publish objects of the dataset.</param>
/// <param name="pipeline">Name of the pipeline.</param>
/// <param name="maxStates">States that stay; zero or less for all.</param>
/// <param name="maxVersions">Versions of a schema that stay; null for all.</param>
internal sealed class BookkeepingLimits(
    BookkeepingTables tables, PublishFolder publishes, string pipeline, int maxStates, int? maxVersions)
{
    /// <summary>An Iceberg table is trimmed by each load with this number, at most; by each load where few states stay.</summary>
    private const int MostLoadsApart = 10;

    /// <summary>
    /// Removes what is beyond the limits. The load is complete, so a failure does not fail it: the next load tries again.
    /// </summary>
    /// <param name="load">The load; null if another process prepared it.</param>
    /// <param name="plan">The plan of the load.</param>
    /// <param name="earlier">Complete loads before this one.</param>
    /// <param name="cancellationToken">Stops; rows that are beyond the limits may remain.</param>
    public async Task KeepAsync(
        ActiveLoad? load, LoadPlan plan, IReadOnlyCollection<CompleteLoad> earlier, CancellationToken cancellationToken)
    {
        CompleteLoad[] all = [.. earlier, new(plan.LoadId, plan.Schema.Name, plan.Schema.VersionHash)];
        await tables.Failures.TryAsync(
            "The load is complete, but states beyond max_state_files stay",
            () => KeepStatesAsync(load, plan, all, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        if (maxVersions is not { } most || load is not { HasNewVersion: true }) return;
        await tables.Failures.TryAsync(
            "The load is complete, but versions beyond max_version_rows stay",
            () => KeepVersionsAsync(plan.Schema, most, all, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Trims the states when the load has one. States are in packages of the pipeline's default schema, one in a load at most, so loads of
    /// that schema are counted first, without a call.
    /// </summary>
    private async Task KeepStatesAsync(
        ActiveLoad? load, LoadPlan plan, IReadOnlyList<CompleteLoad> all, CancellationToken cancellationToken)
    {
        var name = plan.Schema.Naming.NormalizeTableIdentifier(SystemTables.State);
        if (maxStates <= 0 || !plan.Chains.SelectMany(c => c.Tables).Any(t => t.Table.Name == name && !t.Jobs.IsEmpty)) return;
        var loads = all.Where(l => l.SchemaName == plan.Schema.Name).Select(l => l.LoadId).ToHashSet(StringComparer.Ordinal);
        var isDue = load?.IsIceberg(name) == true
            ? loads.Count % Math.Clamp(maxStates / MostLoadsApart, 1, MostLoadsApart) == 0
            : loads.Count > maxStates;
        if (!isDue) return;
        var states = await tables.OpenSeenAsync(name, cancellationToken).ConfigureAwait(false);
        try
        {
            await states.KeepStatesAsync(pipeline, loads, maxStates, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            tables.Forget(name);
        }
    }

    /// <summary>
    /// Removes versions of a schema, unless another load of the schema is under way: it may need its version, whose hash no table has yet.
    /// </summary>
    private async Task KeepVersionsAsync(Schema schema, int most, IReadOnlyList<CompleteLoad> all, CancellationToken cancellationToken)
    {
        var complete = all.Select(l => l.LoadId).ToHashSet(StringComparer.Ordinal);
        if (await IsUnderWayAsync(schema.Name, complete, cancellationToken).ConfigureAwait(false)) return;
        var versions = await tables.OpenAsync(schema.Naming.NormalizeTableIdentifier(SystemTables.Version), cancellationToken)
            .ConfigureAwait(false);
        var newestFirst = (await versions.ReadAsync(cancellationToken).ConfigureAwait(false))
            .Where(r => r["schema_name"] as string == schema.Name && r["version_hash"] is string)
            .OrderByDescending(r => r["inserted_at"] as DateTime?).ThenByDescending(r => r["version"] as long?)
            .Select(r => (string)r["version_hash"]!).ToList();
        var old = newestFirst.Skip(most).Except(newestFirst.Take(most)).ToHashSet(StringComparer.Ordinal);
        if (old.Count == 0) return;
        var states = await tables.OpenSeenAsync(schema.Naming.NormalizeTableIdentifier(SystemTables.State), cancellationToken)
            .ConfigureAwait(false);
        var restorable = await states.LoadIdsAsync(SystemTables.LoadId, cancellationToken).ConfigureAwait(false);
        var last = all.Where(l => l.SchemaName == schema.Name).MaxBy(l => l.LoadId, LoadIdOrder.Instance);
        old.ExceptWith(all.Where(l => l == last || restorable.Contains(l.LoadId)).Select(l => l.SchemaHash ?? ""));
        if (old.Count == 0) return;
        try
        {
            await versions.RemoveAsync(("schema_name", schema.Name), "version_hash", old, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            tables.Forget(SystemTables.Version);
        }
    }

    private async Task<bool> IsUnderWayAsync(string schema, HashSet<string> complete, CancellationToken cancellationToken)
    {
        foreach (var loadId in (await publishes.ListAsync(cancellationToken).ConfigureAwait(false)).Keys.Except(complete))
        {
            var published = await publishes.TryGetAsync(loadId, cancellationToken).ConfigureAwait(false);
            if (published?.SchemaName == schema) return true;
        }

        return false;
    }
}

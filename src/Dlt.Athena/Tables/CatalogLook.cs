using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Looks at tables of a database and keeps what it saw for a short time, so that the steps of a run share one look at the catalog. Whoever
/// changes a table says so with <see cref="Forget"/>. What another pipeline changes meanwhile is noticed when a change of the table is
/// refused. Safe for concurrent use.
/// </summary>
/// <param name="glue">The catalog.</param>
/// <param name="database">The database.</param>
/// <param name="time">Clock for the age of a look.</param>
internal sealed class CatalogLook(IGlueCatalog glue, string database, TimeProvider time)
{
    /// <summary>Names of the bookkeeping tables, which every run needs.</summary>
    public static readonly ImmutableArray<string> Bookkeeping = [SystemTables.Loads, SystemTables.State, SystemTables.Version];

    private readonly ConcurrentDictionary<string, Look> _seen = new(StringComparer.Ordinal);

    /// <summary>Age up to which a look counts. Zero looks at the catalog every time.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Finds tables by name. Those that were not seen a short time ago are looked up together.</summary>
    /// <param name="names">Names of tables, whatever their case.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The tables that exist, by name in lower case.</returns>
    public async Task<ImmutableDictionary<string, GlueTable>> FindAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var found = ImmutableDictionary.CreateBuilder<string, GlueTable>(StringComparer.Ordinal);
        var unseen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names.Select(n => n.ToLowerInvariant()).Distinct(StringComparer.Ordinal))
        {
            if (!_seen.TryGetValue(name, out var seen) || time.GetElapsedTime(seen.Time) >= MaxAge) unseen.Add(name);
            else if (seen.Table is { } table) found[name] = table;
        }

        if (unseen.Count == 0) return found.ToImmutable();
        var now = time.GetTimestamp();
        await foreach (var table in glue.FindTablesAsync(database, unseen, cancellationToken).ConfigureAwait(false))
            found[table.Name.ToLowerInvariant()] = table;
        foreach (var name in unseen) _seen[name] = new(found.GetValueOrDefault(name), now);
        return found.ToImmutable();
    }

    /// <summary>Reads a table from the catalog as it is now; null if it does not exist.</summary>
    public async Task<GlueTable?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        var table = await glue.GetTableAsync(database, name, cancellationToken).ConfigureAwait(false);
        _seen[name.ToLowerInvariant()] = new(table, now);
        return table;
    }

    /// <summary>Forgets a table that was changed, or may have been.</summary>
    public void Forget(string name) => _seen.TryRemove(name.ToLowerInvariant(), out _);

    private sealed record Look(GlueTable? Table, long Time);
}

using System.Globalization;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.State;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Reads state and schemas back through S3 and Glue, without a query (docs/spec/pipeline.md 10.5; docs/spec/athena-destination.md 6).
/// </summary>
internal sealed class BookkeepingReader(BookkeepingTables tables)
{
    /// <summary>The highest load id of all pipelines; null when no load is complete.</summary>
    public async Task<string?> HighestLoadIdAsync(CancellationToken cancellationToken) =>
        (await LoadsAsync(cancellationToken).ConfigureAwait(false)).Where(IsCommitted).Select(l => (string)l["load_id"]!)
            .Max(LoadIdOrder.Instance);

    /// <summary>Loads that are complete, of all pipelines.</summary>
    public async Task<IReadOnlySet<string>> CompleteLoadsAsync(CancellationToken cancellationToken) =>
        (await LoadsAsync(cancellationToken).ConfigureAwait(false)).Where(IsCommitted).Select(l => (string)l["load_id"]!)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>The state row with the highest load id among committed loads of the pipeline.</summary>
    public async Task<StoredState?> StateAsync(string pipeline, CancellationToken cancellationToken)
    {
        var committed = (await LoadsAsync(cancellationToken).ConfigureAwait(false)).Where(IsCommitted).Select(l => (string)l["load_id"]!)
            .ToHashSet(StringComparer.Ordinal);
        if (committed.Count == 0) return null;
        var rows = await ReadAsync(SystemTables.State, cancellationToken).ConfigureAwait(false);
        var newest = rows
            .Where(r => (string?)r["pipeline_name"] == pipeline && r[SystemTables.LoadId] is string id && committed.Contains(id))
            .MaxBy(r => (string)r[SystemTables.LoadId]!, LoadIdOrder.Instance);
        return newest is null ? null : new((string)newest[SystemTables.LoadId]!, StateJson.Decompress((string)newest["state"]!));
    }

    /// <summary>The schema that the last committed load used; the newest one when no load names a hash.</summary>
    public async Task<Schema?> SchemaAsync(string name, int? maxIdentifierLength, CancellationToken cancellationToken)
    {
        var rows = (await ReadAsync(SystemTables.Version, cancellationToken).ConfigureAwait(false))
            .Where(r => (string?)r["schema_name"] == name).ToList();
        if (rows.Count == 0) return null;
        var hash = (await LoadsAsync(cancellationToken).ConfigureAwait(false))
            .Where(l => IsCommitted(l) && (string?)l["schema_name"] == name)
            .MaxBy(l => (string)l["load_id"]!, LoadIdOrder.Instance)?["schema_version_hash"] as string;
        var row = rows.Find(r => (string?)r["version_hash"] == hash) ?? rows.MaxBy(r => r["inserted_at"] as DateTime?)!;
        return SchemaJson.FromStoredText((string)row["schema"]!, maxIdentifierLength);
    }

    /// <summary>A row without a status says nothing, so its load does not count as complete.</summary>
    private static bool IsCommitted(Dictionary<string, object?> load) =>
        load["load_id"] is string && load["status"] is { } status && Convert.ToInt64(status, CultureInfo.InvariantCulture) == 0;

    private Task<IReadOnlyList<Dictionary<string, object?>>> LoadsAsync(CancellationToken cancellationToken) =>
        ReadAsync(SystemTables.Loads, cancellationToken);

    private async Task<IReadOnlyList<Dictionary<string, object?>>> ReadAsync(string table, CancellationToken cancellationToken)
    {
        var opened = await tables.OpenAsync(table, cancellationToken).ConfigureAwait(false);
        return await opened.ReadAsync(cancellationToken).ConfigureAwait(false);
    }
}

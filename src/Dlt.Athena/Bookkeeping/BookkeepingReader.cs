using System.Globalization;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.State;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Reads state and schemas from the destination through S3 and Glue, without a query (docs/spec/pipeline.md 10.5;
/// docs/spec/athena-destination.md 6).
/// </summary>
internal sealed class BookkeepingReader(BookkeepingTables tables)
{
    /// <summary>Highest load id of all pipelines, as the run has seen it; null if no load is complete.</summary>
    public async Task<string?> HighestLoadIdAsync(CancellationToken cancellationToken) =>
        (await SeenLoadsAsync(cancellationToken).ConfigureAwait(false)).Max(LoadIdOrder.Instance);

    /// <summary>Ids of the complete loads of all pipelines, as they are now.</summary>
    public async Task<IReadOnlySet<string>> CompleteLoadsAsync(CancellationToken cancellationToken) => Complete(
        await ReadAsync(await tables.OpenAsync(SystemTables.Loads, cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false));

    /// <summary>
    /// Ids of the complete loads of all pipelines, as the run has seen them a short time ago: with all loads of this pipeline, whose other
    /// runs are kept out.
    /// </summary>
    public async Task<IReadOnlySet<string>> SeenLoadsAsync(CancellationToken cancellationToken) =>
        Complete(await LoadsAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>The complete loads of all pipelines as the run has seen them a short time ago.</summary>
    public async Task<IReadOnlyList<CompleteLoad>> SeenRowsAsync(CancellationToken cancellationToken) =>
    [
        .. (await LoadsAsync(cancellationToken).ConfigureAwait(false)).Where(IsCommitted).Select(l => new CompleteLoad(
            (string)l["load_id"]!, l.GetValueOrDefault("schema_name") as string, l.GetValueOrDefault("schema_version_hash") as string)),
    ];

    /// <summary>Reads the state with the highest load id among the complete loads of a pipeline; null if there is none.</summary>
    public async Task<StoredState?> StateAsync(string pipeline, CancellationToken cancellationToken)
    {
        var committed = await SeenLoadsAsync(cancellationToken).ConfigureAwait(false);
        if (committed.Count == 0) return null;
        var states = await tables.OpenSeenAsync(SystemTables.State, cancellationToken).ConfigureAwait(false);
        var newest = await states.NewestAsync(
            SystemTables.LoadId, committed, r => r.GetValueOrDefault(SystemTables.PipelineName) as string == pipeline, cancellationToken)
            .ConfigureAwait(false);
        return newest is null ? null : new((string)newest[SystemTables.LoadId]!, StateJson.Decompress((string)newest["state"]!));
    }

    /// <summary>
    /// Reads the schema of the last complete load; the newest stored one if no load names a hash; null if none is stored.
    /// </summary>
    public async Task<Schema?> SchemaAsync(string name, int? maxIdentifierLength, CancellationToken cancellationToken)
    {
        var versions = await tables.OpenSeenAsync(SystemTables.Version, cancellationToken).ConfigureAwait(false);
        var rows = (await ReadAsync(versions, cancellationToken).ConfigureAwait(false))
            .Where(r => (string?)r["schema_name"] == name).ToList();
        if (rows.Count == 0) return null;
        var hash = (await LoadsAsync(cancellationToken).ConfigureAwait(false))
            .Where(l => IsCommitted(l) && (string?)l["schema_name"] == name)
            .MaxBy(l => (string)l["load_id"]!, LoadIdOrder.Instance)?["schema_version_hash"] as string;
        var row = rows.Find(r => (string?)r["version_hash"] == hash) ?? rows.MaxBy(r => r["inserted_at"] as DateTime?)!;
        return SchemaJson.FromStoredText((string)row["schema"]!, maxIdentifierLength);
    }

    /// <summary>Reads the current schemas of all pipelines.</summary>
    public async Task<IReadOnlyList<Schema>> SchemasAsync(int? maxIdentifierLength, CancellationToken cancellationToken)
    {
        var versions = await tables.OpenSeenAsync(SystemTables.Version, cancellationToken).ConfigureAwait(false);
        var rows = await ReadAsync(versions, cancellationToken).ConfigureAwait(false);
        var schemas = new List<Schema>();
        foreach (var name in rows.Select(r => r["schema_name"] as string).OfType<string>().Distinct(StringComparer.Ordinal))
            if (await SchemaAsync(name, maxIdentifierLength, cancellationToken).ConfigureAwait(false) is { } schema) schemas.Add(schema);
        return schemas;
    }

    /// <summary>Reads the schema with a version hash; null if it is not stored.</summary>
    public async Task<Schema?> SchemaOfHashAsync(
        string name, string hash, int? maxIdentifierLength, CancellationToken cancellationToken)
    {
        var versions = await tables.OpenSeenAsync(SystemTables.Version, cancellationToken).ConfigureAwait(false);
        var row = (await ReadAsync(versions, cancellationToken).ConfigureAwait(false))
            .FirstOrDefault(r => (string?)r["schema_name"] == name && (string?)r["version_hash"] == hash);
        return row is null ? null : SchemaJson.FromStoredText((string)row["schema"]!, maxIdentifierLength);
    }

    /// <summary>True for a complete load. A row without a status does not count.</summary>
    private static bool IsCommitted(Dictionary<string, object?> load) =>
        load["load_id"] is string && load["status"] is { } status && Convert.ToInt64(status, CultureInfo.InvariantCulture) == 0;

    private static HashSet<string> Complete(IEnumerable<Dictionary<string, object?>> loads) =>
        loads.Where(IsCommitted).Select(l => (string)l["load_id"]!).ToHashSet(StringComparer.Ordinal);

    /// <summary>Reads the rows of <c>_dlt_loads</c>, and at the same time what each run needs next of the other tables.</summary>
    private async Task<IReadOnlyList<Dictionary<string, object?>>> LoadsAsync(CancellationToken cancellationToken)
    {
        var loads = await tables.OpenSeenAsync(SystemTables.Loads, cancellationToken).ConfigureAwait(false);
        var ahead = Task.WhenAll(
            new[] { SystemTables.State, SystemTables.Version }.Select(name => ReadAheadAsync(name, cancellationToken)));
        try
        {
            return await ReadAsync(loads, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // A failed look that needs the tables reports what is wrong with them. After an error, nothing may use the client.
            await ahead.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAheadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var table = await tables.OpenSeenAsync(name, cancellationToken).ConfigureAwait(false);
            await table.ReadAheadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DltException)
        {
            // The look that needs the table reports it, or finds that the failure has passed.
        }
    }

    private static Task<IReadOnlyList<Dictionary<string, object?>>> ReadAsync(
        IBookkeepingTable table, CancellationToken cancellationToken) => table.ReadAsync(cancellationToken);
}

using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using Dlt.State;
using Dlt.Storage;

namespace Dlt.Destinations;

/// <summary>Reads state and schemas back through S3 and Glue, without a query (spec/pipeline.md 10.5; spec/athena-destination.md 6).</summary>
internal sealed class BookkeepingReader(IObjectStore objects, IGlueCatalog glue, string database)
{
    private Task<List<Dictionary<string, object?>>>? _loads;

    /// <summary>The state row with the highest load id among committed loads of the pipeline.</summary>
    public async Task<RemoteState?> StateAsync(string pipeline, CancellationToken cancellationToken)
    {
        var committed = (await LoadsAsync(cancellationToken).ConfigureAwait(false)).Where(IsCommitted).Select(l => (string)l["load_id"]!).ToHashSet(StringComparer.Ordinal);
        if (committed.Count == 0) return null;
        var rows = await ReadAsync(SystemTables.PipelineState, cancellationToken).ConfigureAwait(false);
        var newest = rows
            .Where(r => (string?)r["pipeline_name"] == pipeline && r[SystemTables.LoadId] is string id && committed.Contains(id))
            .MaxBy(r => (string)r[SystemTables.LoadId]!, StringComparer.Ordinal);
        return newest is null ? null : new((string)newest[SystemTables.LoadId]!, StateJson.Decompress((string)newest["state"]!));
    }

    /// <summary>The schema that the last committed load used; the newest one when no load names a hash.</summary>
    public async Task<Schema?> SchemaAsync(string name, int? maxIdentifierLength, CancellationToken cancellationToken)
    {
        var rows = (await ReadAsync(SystemTables.Version, cancellationToken).ConfigureAwait(false)).Where(r => (string?)r["schema_name"] == name).ToList();
        if (rows.Count == 0) return null;
        var hash = (await LoadsAsync(cancellationToken).ConfigureAwait(false))
            .Where(l => IsCommitted(l) && (string?)l["schema_name"] == name)
            .MaxBy(l => (string)l["load_id"]!, StringComparer.Ordinal)?["schema_version_hash"] as string;
        var row = rows.Find(r => (string?)r["version_hash"] == hash) ?? rows.MaxBy(r => r["inserted_at"] as DateTime?)!;
        return SchemaJson.FromStoredText((string)row["schema"]!, maxIdentifierLength);
    }

    private static bool IsCommitted(Dictionary<string, object?> load) => load["load_id"] is string && Convert.ToInt64(load["status"], System.Globalization.CultureInfo.InvariantCulture) == 0;

    private Task<List<Dictionary<string, object?>>> LoadsAsync(CancellationToken cancellationToken) => _loads ??= ReadAsync(SystemTables.Loads, cancellationToken);

    /// <summary>All rows of a bookkeeping table; none when it is not there.</summary>
    private async Task<List<Dictionary<string, object?>>> ReadAsync(string tableName, CancellationToken cancellationToken)
    {
        var table = await glue.GetTableAsync(database, tableName, cancellationToken).ConfigureAwait(false);
        if (table is null) return [];
        if (table.IsIceberg)
        {
            throw new DltException(
                $"Table '{database}.{tableName}' is an Iceberg table, which cannot be read yet, so the state of this dataset cannot be restored. Nothing was run. Load into another dataset.");
        }

        var folder = ObjectLocation.Parse(table.Location);
        var files = new List<ObjectLocation>();
        await foreach (var found in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
            if (!Path.GetFileName(found.Location.Key).StartsWith('_') && !Path.GetFileName(found.Location.Key).StartsWith('.') && found.Size > 0) files.Add(found.Location);
        var rows = new List<Dictionary<string, object?>>[files.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, files.Count),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (i, token) => rows[i] = SmallTableReader.Read(await objects.GetAsync(files[i], cancellationToken: token).ConfigureAwait(false), files[i].ToString())).ConfigureAwait(false);
        return [.. rows.SelectMany(r => r)];
    }
}

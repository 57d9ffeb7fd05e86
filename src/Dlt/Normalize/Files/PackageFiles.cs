using Dlt.Items;
using Dlt.Normalize.Rows;
using Dlt.Normalize.Workers;
using Dlt.Packages;
using Dlt.Parquet;
using Dlt.Schemas;
using Dlt.Settings;

namespace Dlt.Normalize.Files;

/// <summary>Writes the Parquet job files of a package. Row groups are encoded on any thread and written in the order of the data.</summary>
internal sealed class PackageFiles(LoadPackage package, DestinationCapabilities capabilities, JobFileOptions options) : IDisposable
{
    private readonly Dictionary<(string Table, string Key), TableFiles> _tables = [];
    private readonly OrderedFileIds _fileIds = new();
    private readonly OpenFiles _openFiles = new();
    private readonly Turns _writes = new();
    private long _rowGroups;

    /// <summary>Number of rows by table.</summary>
    public IEnumerable<(string Table, long Rows)> Rows =>
        _tables.GroupBy(t => t.Key.Table, (table, files) => (table, files.Sum(f => f.Value.Rows)));

    /// <summary>Adds the rows of a chunk. The caller keeps the order of the chunks.</summary>
    /// <returns>The row groups that are now full. Pass each to <see cref="Write"/>, in this order.</returns>
    public List<RowGroupJob> Add(IEnumerable<TableBuffer> chunk, Schema schema)
    {
        var full = new List<RowGroupJob>();
        foreach (var table in chunk)
        {
            if (table.Rows == 0) continue;
            var files = Files(schema, table.Name, table.Origin, table.FileKey);
            var isFull = files.Gather(table);
            var schemaOfTable = schema.Table(table.Name);
            var before = full.Count;
            full.AddRange(files.TakeBounded(() => _rowGroups++, schemaOfTable));
            if (isFull && full.Count == before) full.Add(files.TakeRowGroup(_rowGroups++, schemaOfTable));
        }

        // The waiting rows of all tables together must fit into memory.
        while (_tables.Values.Sum(f => f.GatheredBytes) > options.BufferedBytes)
        {
            var (key, largest) = _tables.MaxBy(t => t.Value.GatheredBytes);
            full.Add(largest.TakeRowGroup(_rowGroups++, schema.Table(key.Table)));
        }

        return full;
    }

    /// <summary>Encodes a row group, waits until the earlier ones are written, and writes it.</summary>
    public void Write(RowGroupJob job, RowGroupEncoder encoder)
    {
        var encoded = encoder.Encode(job.Buffers, job.Batch.Rows);
        job.Batch.Release();
        _writes.Wait(job.Number);
        job.Files.Write(encoded, job.FileColumns);
        _writes.Pass();
    }

    /// <summary>Ends all waits after an error.</summary>
    public void Stop() => _writes.Stop();

    /// <summary>Returns the remaining row groups after all chunks were added.</summary>
    public List<RowGroupJob> TakeRest(Schema schema) =>
        [.. _tables.Where(t => t.Value.HasRows).Select(t => t.Value.TakeRowGroup(_rowGroups++, schema.Table(t.Key.Table)))];

    /// <summary>Creates a file for a table even if it has no rows.</summary>
    public void EnsureFile(TableSchema table, Schema schema) => Files(schema, table.Name, RowOrigin.Items, "").EnsureFile(table);

    /// <summary>Completes all files.</summary>
    public void Close()
    {
        foreach (var files in _tables.Values) files.Close();
    }

    public void Dispose()
    {
        foreach (var files in _tables.Values) files.Dispose();
    }

    private TableFiles Files(Schema schema, string table, RowOrigin origin, string key)
    {
        if (_tables.TryGetValue((table, key), out var known)) return known;
        var format = capabilities.FormatOf(schema, schema.Table(table));
        var files = new TableFiles(package, table, origin, capabilities, options)
        {
            Format = capabilities.Of(format),
            FileIds = _fileIds,
            OpenFiles = _openFiles,
        };
        _tables[(table, key)] = files;
        return files;
    }
}

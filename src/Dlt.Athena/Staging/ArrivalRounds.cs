using System.Collections;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Staging;

/// <summary>
/// Rounds in which the rows of a job are written to data files. Merges take the order of the files and of the rows in them for the order in
/// which the rows came. A row that must come after another row of its key, which goes to another partition, is written in a later round:
/// its file comes later.
/// </summary>
internal sealed class ArrivalRounds
{
    private static readonly UInt128 NullHash = KeyHash.Of("null"u8);

    private readonly List<BitArray> _later = [];
    private readonly int _rows;

    private ArrivalRounds(int rows) => _rows = rows;

    /// <summary>Number of rounds, 1 or more.</summary>
    public int Count => _later.Count + 1;

    /// <summary>True when a row is written in a round.</summary>
    /// <param name="row">Position of the row in the file of the job.</param>
    /// <param name="round">The round, from 0.</param>
    public bool IsIn(int row, int round) => round > 0 ? _later[round - 1][row] : _later.TrueForAll(rows => !rows[row]);

    /// <summary>Reads from the file of a job in which rounds its rows are written.</summary>
    /// <param name="path">The file of the job, with field ids.</param>
    /// <param name="job">The job.</param>
    /// <param name="stored">The table to write for.</param>
    /// <param name="order">What the merge asks about the order of the rows; null when their order does not matter.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public static async Task<ArrivalRounds> ReadAsync(
        string path, LoadJob job, IcebergTable stored, ArrivalOrder? order, CancellationToken cancellationToken)
    {
        var file = new ParquetFile(path);
        var rounds = new ArrivalRounds(checked((int)file.Rows));
        if (order is null) return rounds;
        var metadata = stored.Metadata;
        List<NestedField> key = [.. order.Key.Select(c => IcebergTableCheck.FieldOf(metadata.CurrentSchema, c, job.Table, stored)!)];
        var isSorted = metadata.DefaultSortOrderId != SortOrder.Unsorted.OrderId;
        if (!isSorted && metadata.DefaultSpec.Fields.All(f => key.Exists(k => k.Id == f.SourceId))) return rounds;
        var deletion = order.Deletion is { } column
            ? IcebergTableCheck.FieldOf(metadata.CurrentSchema, column, job.Table, stored) : null;
        var schema = Columns(metadata, [.. key.Select(f => f.Id), .. deletion is null ? [] : new[] { deletion.Id }]);
        var keyAt = key.ConvertAll(k => IndexOf(schema, k));
        var deletionAt = deletion is null ? -1 : IndexOf(schema, deletion);
        var partitions = new RowPartition(metadata.DefaultSpec, schema, new(stored, schema));
        var places = new Dictionary<PartitionKey, int>();
        using var known = new KeyPlaces(rounds, order.Question, isSorted, job.TemporaryFolder);
        using var stream = File.OpenRead(path);
        var row = 0;
        var batches = new ParquetDataFileReader().ReadAsync(stream, new(path, schema), cancellationToken);
        await foreach (var batch in batches.ConfigureAwait(false))
        {
            foreach (var values in batch.Rows)
            {
                var partition = partitions.Of(values, row + 1, isStored: false);
                if (!places.TryGetValue(partition, out var place)) places[partition] = place = places.Count;
                var takesPart = deletionAt < 0 || values[deletionAt] is null or false;
                if (takesPart) known.Add(HashOf(values, keyAt), row, place);
                row++;
            }
        }

        return rounds;
    }

    /// <summary>Moves a row to a round.</summary>
    internal void Set(int row, int round)
    {
        while (_later.Count < round) _later.Add(new(_rows));
        _later[round - 1][row] = true;
    }

    /// <summary>Moves a row back from a round to the first one.</summary>
    internal void Reset(int row, int round) => _later[round - 1][row] = false;

    /// <summary>The columns of the table that hold some fields, or sources of its partitions.</summary>
    private static Dlt.Iceberg.Schema Columns(TableMetadata metadata, HashSet<int> fields)
    {
        var schema = metadata.CurrentSchema;
        var wanted = fields.Concat(metadata.DefaultSpec.Fields.Select(f => f.SourceId)).Select(id => schema.PathTo(id)![0].Id).ToHashSet();
        return new([.. schema.Fields.Where(f => wanted.Contains(f.Id))], schema.SchemaId);
    }

    private static int IndexOf(Dlt.Iceberg.Schema schema, NestedField field) =>
        schema.Fields.Select((f, i) => (f.Id, i)).First(f => f.Id == field.Id).i;

    private static UInt128 HashOf(object?[] values, List<int> keyAt)
    {
        var hash = UInt128.Zero;
        foreach (var at in keyAt) hash = KeyHash.Combine(hash, values[at] is { } value ? KeyHash.Of(value) : NullHash);
        return hash;
    }
}

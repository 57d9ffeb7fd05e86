using System.Diagnostics;
using System.Globalization;
using Dlt.Iceberg;

namespace Dlt.Bench;

/// <summary>
/// One merge in a separate process. It leaves its times and the files that it rewrote in a file, and the table as it was.
/// </summary>
internal static class MergeWork
{
    /// <summary>Name of the file with the outcome: seconds of three steps, then the locations of the files with changed rows.</summary>
    public const string Outcome = "merge.txt";

    /// <summary>Merges rows by <c>id</c>.</summary>
    /// <param name="way"><c>upsert</c>, <c>delete-insert</c> or <c>scd2</c>.</param>
    /// <param name="folder">Folder of the catalog.</param>
    /// <param name="name">Name of the table.</param>
    /// <param name="staged">Path of the file with the new rows.</param>
    public static async Task RunAsync(string way, string folder, string name, string staged)
    {
        var table = await MergeTable.Catalog(folder).LoadTableAsync(new("db", name));
        var snapshot = table.Metadata.CurrentSnapshot!.SnapshotId;
        var metadata = table.Metadata;
        var file = new ParquetFile(staged).Describe(
            $"file://{staged}", new FileInfo(staged).Length, metadata.CurrentSchema, metadata, metadata.DefaultSpecId, []);
        var clock = Stopwatch.StartNew();
        using var keys = new KeySet(folder);
        var (condition, dropped) = await KeysAsync(table, file, keys);
        var keySeconds = clock.Elapsed.TotalSeconds;
        var plan = await new TableMerge(table).PlanAsync(RequestOf(way, table, condition, new(file, dropped)), CancellationToken.None);
        var planSeconds = clock.Elapsed.TotalSeconds - keySeconds;
        var transaction = table.NewTransaction();
        var merged = await transaction.Add(plan.ToAction(transaction.SummaryProperties)).CommitAsync();
        double[] seconds = [keySeconds, planSeconds, clock.Elapsed.TotalSeconds - keySeconds - planSeconds];
        await merged.NewTransaction().SetCurrentSnapshot(snapshot).CommitAsync();
        await plan.DiscardAsync(table.Files);
        await File.WriteAllLinesAsync(
            Path.Combine(folder, Outcome),
            [.. seconds.Select(s => s.ToString(CultureInfo.InvariantCulture)), .. plan.RemovedFiles.Select(MergeTable.PathOf)]);
    }

    /// <summary>Reads the keys of the new rows as a load does. Of rows with the same key the last one counts.</summary>
    private static async Task<(KeyCondition Condition, HashSet<long> Dropped)> KeysAsync(Table table, DataFile file, KeySet keys)
    {
        var schema = table.Metadata.CurrentSchema;
        var columns = Dlt.Iceberg.KeyColumns.Of(schema, ["id"]);
        var bounds = new KeyBounds(columns, schema);
        var dropped = new HashSet<long>();
        await foreach (var batch in new RowBatchReader(table).ReadAsync(NewRows.TaskOf(file), columns.Fields, CancellationToken.None))
        {
            var hashes = new UInt128[batch.Rows];
            batch.Hash(columns, hashes, new bool[batch.Rows]);
            for (var i = 0; i < batch.Rows; i++)
            {
                if (!keys.TryAdd(hashes[i], (int)batch.PositionOf(i), out var index))
                {
                    dropped.Add(keys.NumberOf(index));
                    keys.SetNumber(index, (int)batch.PositionOf(i));
                }

                bounds.Add(batch, i);
            }
        }

        return (new(columns, keys) { Bounds = bounds }, dropped);
    }

    private static MergeRequest RequestOf(string way, Table table, KeyCondition keys, NewRows rows)
    {
        var schema = table.Metadata.CurrentSchema;
        return way switch
        {
            "upsert" => new() { Removed = keys, Added = () => [rows with { Dropped = new HashSet<long>() }] },
            "delete-insert" => new() { Removed = keys, Added = () => [rows] },
            _ => new()
            {
                Changed = new AllCondition([keys, FilterCondition.Of(Filter.IsNull("valid_to"), schema)]),
                Values = new Dictionary<int, object?> { [schema.Find("valid_to")!.Id] = 1_800_000_000_000_000 },
                Added = () => [rows],
            },
        };
    }
}

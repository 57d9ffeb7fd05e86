using Dlt.Golden.Harness;
using Dlt.Iceberg;
using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Iceberg;

/// <summary>
/// Pairs of changes, the second planned before the first was committed: which ones contradict each other. Where Java only fails because it
/// does not try metadata changes again, ours may go through:
/// it fails when the very ids, the spec or the branch that the change is about were changed (docs/spec/iceberg.md 6.6, 6.7).
/// </summary>
public class ConflictTests
{
    private static readonly string[] RetriedByUs = ["add column", "add same-named column", "add partition field", "create branch b"];

    private static int _tables;

    public static TheoryData<string> Pairs
    {
        get
        {
            var data = new TheoryData<string>();
            if (!GoldenTables.Has("conflicts.json")) return Judge.OrSkipped(data);
            var pairs = GoldenTables.Read("conflicts.json").Items;
            for (var i = 0; i < pairs.Length; i++)
                data.Add($"conflict-{i}: {pairs[i]["first"]!.AsString()} / {pairs[i]["second"]!.AsString()}");
            return data;
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Pairs))]
    public void Commits_succeed_exactly_where_java_lets_them(string id) =>
        Judge.Run(Case(id), _ =>
            CheckAsync(int.Parse(id.AsSpan("conflict-".Length, id.IndexOf(':', StringComparison.Ordinal) - "conflict-".Length)))
                .GetAwaiter().GetResult());

    private static GoldenCase Case(string id) =>
        new(GoldenTables.Folder, "conflicts", id, JsonValue.EmptyObject, static () => JsonValue.EmptyObject);

    private static async Task CheckAsync(int number)
    {
        var pair = GoldenTables.Read("conflicts.json").Items[number];
        Words.Check(pair, "conflicts", "first", "second", "result", "operation", "exception", "message");
        string first = pair["first"]!.AsString(), second = pair["second"]!.AsString();
        var folder = Path.Combine(Path.GetTempPath(), $"dlt-conflict-{Environment.ProcessId}-{Interlocked.Increment(ref _tables)}");
        try
        {
            var table = await TableAsync(folder);
            var planned = await PlanAsync(table, second);
            await (await PlanAsync(table, first)).CommitAsync(Cancellation);
            var expected = pair["result"]!.AsString() == "ok";
            if (!expected && RetriedByUs.Contains(second)) expected = !TouchesTheSame(first, second);
            IcebergException? error = null;
            try
            {
                await planned.CommitAsync(Cancellation);
            }
            catch (IcebergException failure)
            {
                error = failure;
            }

            Assert.True(expected == error is null, expected ? $"must go through, but: {error?.Message}" : "must be a conflict");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool TouchesTheSame(string first, string second) => second switch
    {
        "create branch b" => first == "create branch b",
        "add partition field" => first == "add partition field",
        _ => first is "add column" or "add same-named column",
    };

    /// <summary>Partitioned by p, a snapshot and a file each for x, y and z.</summary>
    private static async Task<Table> TableAsync(string folder)
    {
        var schema = new Schema(
            [new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "p", new PrimitiveType(PrimitiveKind.String))]);
        var catalog = new FolderCatalog(folder);
        var table = await catalog.CreateTableAsync(
            new("db", "t"), schema, new PartitionSpec(0, [new(2, 1000, "p", Transform.Identity)]),
            properties: new Dictionary<string, string> { ["commit.retry.min-wait-ms"] = "1", ["commit.retry.max-wait-ms"] = "1" },
            cancellationToken: Cancellation);
        foreach (var p in new[] { "x", "y", "z" })
            table = await table.NewTransaction().Append([await FileAsync(table, p)]).CommitAsync(Cancellation);
        return table;
    }

    private static async Task<DataFile> FileAsync(Table table, string partition)
    {
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync([1L, partition], Cancellation);
        return (await writer.CompleteAsync(Cancellation)).Single();
    }

    private static DataFile Deletes(DataFile data, FileContent content) => data with
    {
        Content = content,
        FilePath = data.FilePath + $".{Guid.NewGuid():N}.deletes",
        ReferencedDataFile = content == FileContent.PositionDeletes ? data.FilePath
            : null,
        EqualityIds = content == FileContent.EqualityDeletes ? [1] : [],
        LowerBounds = null,
        UpperBounds = null,
        ValueCounts = null,
        NullValueCounts = null,
        NanValueCounts = null,
    };

    private static async Task<Transaction> PlanAsync(Table table, string operation)
    {
        var transaction = table.NewTransaction();
        var entries = await new SnapshotReader(table.Files, table.Metadata)
            .LiveEntriesAsync(await new SnapshotReader(table.Files, table.Metadata)
                .ManifestsAsync(table.Metadata.CurrentSnapshot!, Cancellation), Cancellation);
        var x = entries.Single(e => (string?)e.File.Partition[0] == "x");
        var isX = Filter.Equal("p", "x");
        var serializable = operation.EndsWith("serializable", StringComparison.Ordinal);
        var since = table.Metadata.CurrentSnapshot!.SnapshotId;
        var path = new HashSet<string> { x.File.FilePath };
        bool InX(TableMetadata metadata, ManifestEntry entry) => (string?)entry.File.Partition[0] == "x";
        bool InY(TableMetadata metadata, ManifestEntry entry) => (string?)entry.File.Partition[0] == "y";
        ConflictCheck Overwrite(Filter filter) =>
            new() { Since = since, NoAddedData = serializable ? filter : null, NoAddedDeletes = filter, NoRemovedData = filter };
        if (operation.StartsWith("append to", StringComparison.Ordinal))
            return transaction.Append([await FileAsync(table, operation[^1..])]);
        if (operation.StartsWith("delete whole", StringComparison.Ordinal)) return transaction.Add(new OverwriteAction { Removes = InX });
        if (operation.StartsWith("dynamic overwrite of partition y", StringComparison.Ordinal))
            return transaction.Add(
                new OverwriteAction { Added = [await FileAsync(table, "y")], Removes = InY, Check = Overwrite(Filter.Equal("p", "y")) });
        if (operation.StartsWith("dynamic", StringComparison.Ordinal) || operation.StartsWith("overwrite by", StringComparison.Ordinal))
            return transaction.Add(new OverwriteAction { Added = [await FileAsync(table, "x")], Removes = InX, Check = Overwrite(isX) });
        if (operation.StartsWith("copy-on-write", StringComparison.Ordinal))
            return transaction.Add(new OverwriteAction
            {
                Added = [await FileAsync(table, "x")],
                Removes = (_, e) => path.Contains(e.File.FilePath),
                MustRemove = path,
                Check = new() { Since = since, NoAddedData = serializable ? isX : null, NoDeletesFor = [x] },
            });
        if (operation.StartsWith("merge-on-read position", StringComparison.Ordinal))
            return transaction.Add(new OverwriteAction
            {
                AddedDeletes = [Deletes(x.File, FileContent.PositionDeletes)],
                Check = new() { Since = since, MustExist = path, NoAddedData = serializable ? isX : null },
            });
        if (operation.StartsWith("merge-on-read update", StringComparison.Ordinal))
        {
            return transaction.Add(new OverwriteAction
            {
                Added = [await FileAsync(table, "x")],
                AddedDeletes = [Deletes(x.File, FileContent.PositionDeletes)],
                Check = new()
                {
                    Since = since,
                    MustExist = path,
                    IsRemovalByDeleteAConflict = true,
                    NoAddedData = serializable ? isX : null,
                    NoDeletesFor = [x],
                },
            });
        }

        if (operation.StartsWith("equality", StringComparison.Ordinal))
            return transaction.Add(new OverwriteAction { AddedDeletes = [Deletes(x.File, FileContent.EqualityDeletes)] });
        if (operation.StartsWith("compaction", StringComparison.Ordinal))
        {
            var keeps = operation.EndsWith("number", StringComparison.Ordinal);
            return transaction.Add(new OverwriteAction
            {
                Added = [await FileAsync(table, "x")],
                AddedSequenceNumber = keeps
                    ? x.SequenceNumber : null,
                FixedOperation = "replace",
                Removes = (_, e) =>
                    path.Contains(e.File.FilePath),
                MustRemove = path,
                Check = new() { Since = since, NoDeletesFor = [x], IgnoresEqualityDeletes = keeps },
            });
        }

        var first = table.Metadata.Snapshots[0].SnapshotId;
        return operation switch
        {
            "rewrite manifests" => transaction.Add(new RewriteManifestsAction()),
            "add column" => transaction.UpdateSchema(s => s.AddColumn("extra", new PrimitiveType(PrimitiveKind.String))),
            "add same-named column" => transaction.UpdateSchema(s => s.AddColumn("extra", new PrimitiveType(PrimitiveKind.Long))),
            "add partition field" => transaction.UpdateSpec(s => s.AddField("id", Transform.Bucket(4))),
            "set property" => transaction.UpdateProperties(new Dictionary<string, string> { ["k"] = Guid.NewGuid().ToString() }),
            "create branch b" => transaction.CreateBranch("b"),
            "roll back to the first snapshot" => transaction.RollBackTo(first),
            "expire the first snapshot" =>
                transaction.Add(new RemoveSnapshotAction(first)),
            "replace sort order" => transaction.ReplaceSortOrder(new SortField(1, Transform.Identity)),
            _ => throw new NotDrivenException($"the change '{operation}'"),
        };
    }
}

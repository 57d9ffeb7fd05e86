using Dlt.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Transactions.Merge;

/// <summary>Commits of other writers between the plan of a merge and its commit: a conflict, or the rows of both.</summary>
public sealed class MergeConflictTests : IDisposable
{
    private static readonly Schema Items =
        new([new(1, "id", new PrimitiveType(PrimitiveKind.Int)), new(2, "v", new PrimitiveType(PrimitiveKind.String))]);

    private readonly TempFolder _folder = new();
    private int _tables;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, string, bool> Cases()
    {
        var data = new TheoryData<string, string, string, bool>();
        foreach (var mode in new[] { "copy-on-write", "merge-on-read" })
        {
            foreach (var level in new[] { "serializable", "snapshot" })
            {
                var isSerializable = level == "serializable";
                data.Add(mode, level, "append a key of the merge", isSerializable);
                data.Add(mode, level, "append between the keys of the merge", false);
                data.Add(mode, level, "append beyond the keys of the merge", false);
                data.Add(mode, level, "update a key of the merge", true);
                data.Add(mode, level, "delete rows of a file of the merge by position", true);
                data.Add(mode, level, "delete rows of another file", false);
                data.Add(mode, level, "delete rows of a file of the merge by key", true);
                data.Add(mode, level, "delete a file of the merge", true);
                data.Add(mode, level, "compact all files", true);
                data.Add(mode, level, "add a column", false);
                data.Add(mode, level, "widen the key", false);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_commit_between_plan_and_merge_is_a_conflict_or_stays(string mode, string level, string other, bool isConflict)
    {
        var table = await CreateAsync(mode, level);
        var plan = await UpsertAsync(table, [10, "new"], [500, "new"]);
        var changed = await OtherAsync(table, other);
        if (isConflict)
        {
            var error = await Assert.ThrowsAsync<IcebergException>(() => MergeTable.CommitAsync(table, plan));
            Assert.Equal(IcebergError.Conflict, error.Error);
            var now = await table.ReloadAsync(Cancellation);
            Assert.Equal(await MergeTable.RowsAsync(changed.Scan()), await MergeTable.RowsAsync(now.Scan()));
            await plan.DiscardAsync(table.Files);
            Assert.Equal(plan.AddedFiles.Select(f => f.FilePath).Except(plan.Written), await MergeTable.OrphansAsync(table));

            // Planned again, the merge succeeds.
            changed = await table.ReloadAsync(Cancellation);
            plan = await UpsertAsync(changed, [10, "new"], [500, "new"]);
        }

        var before = await MergeTable.RowsAsync(changed.Scan());
        var merged = await MergeTable.CommitAsync(isConflict ? changed : table, plan);
        var isNew = (string row) => row.StartsWith("10:", StringComparison.Ordinal) || row.StartsWith("500:", StringComparison.Ordinal);
        string[] more = other == "add a column" ? ["null"] : [];
        var key = other == "widen the key" ? "Int64" : "Int32";
        string[] rows = [string.Join('|', [$"10:{key}", "new:String", .. more]), string.Join('|', [$"500:{key}", "new:String", .. more])];
        // At the level "snapshot" a row stays that another writer added meanwhile.
        var kept = before.Where(r => !isNew(r) || r.Contains("appended", StringComparison.Ordinal));
        if (isConflict) kept = before.Where(r => !isNew(r));
        Assert.Equal(kept.Concat(rows).Order(StringComparer.Ordinal), await MergeTable.RowsAsync(merged.Scan()));
    }

    [Theory]
    [InlineData("copy-on-write")]
    [InlineData("merge-on-read")]
    public async Task A_merge_that_removes_what_is_not_in_its_keys_conflicts_with_every_append(string mode)
    {
        var table = await CreateAsync(mode, "serializable");
        using var keys = new KeySet();
        var condition = MergeTable.KeysOf(table, [[1, null]], keys, 0, "id");
        var others = new KeyCondition(Dlt.Iceberg.KeyColumns.Of(table.Metadata.CurrentSchema, ["id"]), keys)
        {
            IsNegated = true,
            Bounds = condition.Bounds,
        };
        var plan = await new TableMerge(table).PlanAsync(new() { Removed = others }, Cancellation);
        await MergeTable.AppendAsync(table, [9000, "appended"]);
        var error = await Assert.ThrowsAsync<IcebergException>(() => MergeTable.CommitAsync(table, plan));
        Assert.Equal(IcebergError.Conflict, error.Error);
        await plan.DiscardAsync(table.Files);
        Assert.Empty(await MergeTable.OrphansAsync(table));
    }

    [Fact]
    public async Task A_merge_without_a_condition_conflicts_with_nothing()
    {
        var table = await CreateAsync("copy-on-write", "serializable");
        var files = await MergeTable.WriteAsync(table, [[10, "kept"], [11, "dropped"]]);
        var added = files.Select(f => new NewRows(f, new HashSet<long> { 1 })).ToList();
        var plan = await new TableMerge(table).PlanAsync(new() { Added = () => added }, Cancellation);
        await MergeTable.AppendAsync(table, [10, "appended"]);
        var merged = await MergeTable.CommitAsync(table, plan);
        await table.Files.DeleteAsync(plan.Unused, Cancellation);
        Assert.Empty(await MergeTable.OrphansAsync(merged));
        var rows = await MergeTable.RowsAsync(merged.Scan());
        Assert.Contains("10:Int32|kept:String", rows);
        Assert.Contains("10:Int32|appended:String", rows);
        Assert.DoesNotContain("11:Int32|dropped:String", rows);
    }

    /// <summary>Three files: ids 0 to 19, 100 to 119 and 1000 to 1019.</summary>
    private async Task<Table> CreateAsync(string mode, string level)
    {
        var properties = new Dictionary<string, string> { ["write.merge.mode"] = mode, ["write.merge.isolation-level"] = level };
        var table = await MergeTable.Catalog(_folder.Path).CreateTableAsync(
            new("db", $"t{_tables++}"), Items, properties: properties, cancellationToken: Cancellation);
        foreach (var start in new[] { 0, 100, 1000 })
            table = await MergeTable.AppendAsync(table, [.. Enumerable.Range(start, 20).Select(i => new object?[] { i, "old" })]);
        return table;
    }

    private static async Task<MergePlan> UpsertAsync(Table table, params object?[][] rows)
    {
        object? KeyOf(object? id) => table.Metadata.CurrentSchema.Fields[0].Type is PrimitiveType { Kind: PrimitiveKind.Long }
            ? (long)(int)id! : id;
        List<object?[]> own =
        [
            .. rows.Select(r => new[] { KeyOf(r[0]), r[1] }
                .Concat(Enumerable.Repeat<object?>(null, table.Metadata.CurrentSchema.Fields.Length - 2)).ToArray()),
        ];
        using var keys = new KeySet();
        var files = await MergeTable.WriteAsync(table, own);
        var request = new MergeRequest
        {
            Removed = MergeTable.KeysOf(table, own, keys, 0, "id"),
            Added = () => [.. files.Select(f => new NewRows(f, new HashSet<long>()))],
        };
        return await new TableMerge(table).PlanAsync(request, Cancellation);
    }

    private static async Task<Table> OtherAsync(Table table, string other)
    {
        switch (other)
        {
            case "append a key of the merge": return await MergeTable.AppendAsync(table, [10, "appended"]);
            case "append between the keys of the merge": return await MergeTable.AppendAsync(table, [11, "appended"], [499, "appended"]);
            case "append beyond the keys of the merge": return await MergeTable.AppendAsync(table, [501, "appended"], [2000, "appended"]);
            case "update a key of the merge":
                return await (await table.NewTransaction().UpdateAsync(
                    Filter.Equal("id", 10), r => [r[0], "updated"], cancellationToken: Cancellation)).CommitAsync(Cancellation);
            case "delete rows of a file of the merge by position":
                return await DeleteAsync(Filter.Equal("id", 3), RowChangeMode.MergeOnRead);
            case "delete rows of another file": return await DeleteAsync(Filter.Equal("id", 103), RowChangeMode.CopyOnWrite);
            case "delete a file of the merge": return await DeleteAsync(Filter.Less("id", 20), RowChangeMode.CopyOnWrite);
            case "delete rows of a file of the merge by key":
                var file = Assert.Single(await MergeTable.WriteAsync(table, [[4, null]]));
                var deletes = file with { Content = FileContent.EqualityDeletes, EqualityIds = [1] };
                return await table.NewTransaction().Add(new OverwriteAction { AddedDeletes = [deletes] }).CommitAsync(Cancellation);
            case "compact all files": return await table.CompactAsync(minInputFiles: 2, cancellationToken: Cancellation);
            case "add a column":
                return await table.NewTransaction()
                    .UpdateSchema(s => s.AddColumn("x", new PrimitiveType(PrimitiveKind.Long))).CommitAsync(Cancellation);
            default:
                return await table.NewTransaction()
                    .UpdateSchema(s => s.PromoteColumn("id", new PrimitiveType(PrimitiveKind.Long))).CommitAsync(Cancellation);
        }

        async Task<Table> DeleteAsync(Filter filter, RowChangeMode mode) =>
            await (await table.NewTransaction().DeleteAsync(filter, mode, Cancellation)).CommitAsync(Cancellation);
    }
}

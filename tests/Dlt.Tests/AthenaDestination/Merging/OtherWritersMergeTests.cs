using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>Merges into tables that other programs changed.</summary>
public sealed class OtherWritersMergeTests : ItemsMergeTests
{
    [Theory]
    [InlineData("partitions"), InlineData("old partitions"), InlineData("sort order"), InlineData("column"), InlineData("deletes")]
    [InlineData("equality deletes"), InlineData("merge-on-read"), InlineData("snapshot isolation"), InlineData("compacted")]
    public async Task The_rows_are_merged_whatever_others_did_to_the_tables(string change)
    {
        foreach (var (strategy, last) in new[] { ("delete-insert", "3 3 []"), ("upsert", "3 3 []"), ("cdc", ""), ("scd2", "") })
        {
            await DropAsync();
            var hints = Merge(Strategy(strategy));
            var machine = On(strategy);
            await machine.RunAsync(Items(hints, "1 1 a b", "2 2 c", "3 3"), strategy);
            foreach (var table in new[] { "items", "items__tags" }) await ChangeAsync(table, change);
            await machine.RunAsync(Items(hints, "1 4 d", "2 2 c"), strategy);
            await machine.RunAsync(Items(hints, "1 5 e f g", "2 2 c"), strategy);
            string[] kept = last.Length > 0 ? [last] : [];
            if (change is "deletes" or "equality deletes" or "merge-on-read") kept = [.. kept.Where(_ => change == "merge-on-read")];
            string[] expected = ["1 5 [efg]", "2 2 [c]", .. kept];
            var (rows, orphans) = await Chain.ReadAsync();
            var plain = rows.Where(r => !r.EndsWith("old", StringComparison.Ordinal))
                .Select(r => r.Replace("  ", " ", StringComparison.Ordinal));
            Assert.True(expected.SequenceEqual(plain), $"{strategy}: {string.Join(", ", plain)}");
            Assert.True(orphans == 0, $"{strategy}: {orphans} nested rows without a root row");
        }
    }

    [Fact]
    public async Task Only_the_main_branch_changes()
    {
        await On("a").RunAsync(Items(Merge(), "1 1 a"));
        foreach (var name in new[] { "items", "items__tags" })
            await (await OpenAsync(name)).NewTransaction().CreateBranch("audit").CreateTag("begin").CommitAsync(Cancellation);
        var before = (await OpenAsync("items")).Metadata.Refs["audit"].SnapshotId;
        await On("a").RunAsync(Items(Merge(), "1 2 b"));
        await AssertRowsAsync("1 2 [b]");
        var items = await OpenAsync("items");
        Assert.Equal((before, before), (items.Metadata.Refs["audit"].SnapshotId, items.Metadata.Refs["begin"].SnapshotId));
        var row = Assert.Single(await items.Scan().UseRef("audit").Select("v").ReadRowsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Equal(1L, row[0]);
    }

    [Fact]
    public async Task Values_of_a_column_of_others_stay_in_rows_that_are_not_merged()
    {
        await On("a").RunAsync(Items(Merge(), "1 1 a", "2 2 b"));
        var table = await (await OpenAsync("items")).NewTransaction()
            .UpdateSchema(s => s.AddColumn("note", new PrimitiveType(PrimitiveKind.String))).CommitAsync(Cancellation);
        var at = table.Metadata.CurrentSchema.Fields.Length - 1;
        await (await table.NewTransaction().UpdateAsync(Filter.True, r => [.. r[..at], "kept"], cancellationToken: Cancellation))
            .CommitAsync(Cancellation);
        await On("a").RunAsync(Items(Merge(), "1 3 c"));
        Assert.Equal("NULL,kept", await Machine.ValuesAsync(Account, "SELECT note FROM items ORDER BY id"));
    }

    [Fact]
    public async Task A_row_without_the_value_of_a_required_column_leaves_the_whole_chain_as_it_was()
    {
        var required = Merge() with { Columns = [new ColumnSchema("must").With("nullable", JsonValue.Bool(false))] };
        await On("a").RunAsync(Some.Resource("items", required, """{"id":1,"must":"x","n":1,"v":1,"gone":false,"tags":["a"]}"""));
        await MakeRequiredAsync("must");
        var loose = Some.Resource("items", Merge(), """{"id":2,"n":1,"v":2,"gone":false,"tags":["b"]}""");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => On("b").RunAsync(loose, "another"));
        Assert.Contains("is required", error.Message, StringComparison.Ordinal);
        await AssertRowsAsync("1 1 [a]");
    }

    [Theory, InlineData("upsert"), InlineData("cdc")]
    public async Task A_deletion_needs_no_value_of_a_required_column(string strategy)
    {
        var hints = Merge(Strategy(strategy));
        await On("a").RunAsync(Some.Resource("items", hints, """{"id":1,"must":"x","n":1,"v":1,"gone":false,"tags":["a"]}"""));
        await MakeRequiredAsync("must");
        await On("a").RunAsync(Some.Resource("items", hints, """{"id":1,"n":0,"v":2,"gone":true}"""));
        await AssertRowsAsync();
    }

    [Fact]
    public async Task Nested_rows_that_are_appended_again_before_their_root_row_comes_are_there_once()
    {
        var hints = Merge(new MergeStrategy.Upsert());
        await On("a").RunAsync(Items(hints, "9 9 z"));
        var isAppended = false;
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
        {
            if (isAppended || method != nameof(IGlueCatalog.UpdateTableAsync)
                || given.OfType<GlueTableInput>().First().Name != "items__tags") return call();
            isAppended = true;
            ((Task)call()!).GetAwaiter().GetResult();
            AppendAgainAsync("items__tags").GetAwaiter().GetResult();
            return Task.CompletedTask;
        });
        await On("a", glue).RunAsync(Items(hints, "1 1 a b"));
        Assert.True(isAppended);
        await AssertRowsAsync("1 1 [ab]", "9 9 [z]");
    }

    [Fact]
    public async Task A_table_without_the_key_column_gets_it_and_its_rows_stay()
    {
        await On("a").RunAsync(Some.Resource("items", Iceberg, """{"v":1,"n":0,"gone":false}"""));
        await On("b").RunAsync(Items(Merge(), "1 2 a"), "another");
        await On("b").RunAsync(Items(Merge(), "1 3 b"), "another");
        Assert.Equal("NULL 1,1 3", await Machine.ValuesAsync(
            Account, "SELECT coalesce(CAST(id AS varchar), 'NULL') || ' ' || CAST(v AS varchar) FROM items ORDER BY v"));
    }

    [Fact]
    public async Task An_external_root_gets_the_rows_appended_with_a_warning_and_refuses_those_of_an_iceberg_table()
    {
        await On("a").RunAsync(Some.Resource("items", """{"id":1,"v":1,"n":0,"gone":false}"""));
        var warnings = new List<string>();
        var external = Merge() with { TableFormat = TableFormat.Default, MergeStrategy = null };
        await On("b").RunAsync(Items(external, "1 2 a"), "another", warnings);
        Assert.Equal("2", await Machine.ValuesAsync(Account, "SELECT count(*) FROM items"));
        Assert.Contains(warnings, w => w.Contains("items", StringComparison.Ordinal) && w.Contains("appended", StringComparison.Ordinal));
        var error = await Assert.ThrowsAnyAsync<DltException>(() => On("c").RunAsync(Items(Merge(), "1 2 a"), "third"));
        Assert.Contains("is an external table of files", error.Message, StringComparison.Ordinal);
        Assert.Equal("2", await Machine.ValuesAsync(Account, "SELECT count(*) FROM items"));
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task A_table_of_another_format_version_is_refused_as_a_whole(int version)
    {
        await On("a").RunAsync(Items(Merge(), "1 1 a"));
        var stored = (await Account.Glue.GetTableAsync("ds", "items", Cancellation))!;
        var location = ObjectLocation.Parse(stored.Definition.Parameters!["metadata_location"]);
        var metadata = JsonParser.Parse(await Account.Objects.GetAsync(location, cancellationToken: Cancellation));
        await Account.Objects.PutAsync(location, JsonText.WriteUtf8(metadata.With("format-version", JsonValue.Integer(version))
            .With("next-row-id", JsonValue.Integer(0))), cancellationToken: Cancellation);
        var before = (await OpenAsync("items__tags")).Metadata.CurrentSnapshot!.SnapshotId;
        var error = await Assert.ThrowsAnyAsync<DltException>(() => On("a").RunAsync(Items(Merge(), "1 2 b")));
        Assert.Contains("version", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, (await OpenAsync("items__tags")).Metadata.CurrentSnapshot!.SnapshotId);
    }

    private async Task ChangeAsync(string name, string change)
    {
        var table = await OpenAsync(name);
        var transaction = table.NewTransaction();
        switch (change)
        {
            case "partitions":
                transaction.UpdateSpec(s => s.AddField("_dlt_id", Transform.Bucket(3)));
                break;
            case "old partitions":
                await transaction.UpdateSpec(s => s.AddField("_dlt_id", Transform.Bucket(3), "bucket")).CommitAsync(Cancellation);
                table = await (await OpenAsync(name)).CompactAsync(rewriteAll: true, cancellationToken: Cancellation);
                transaction = table.NewTransaction().UpdateSpec(s => s.RemoveField("bucket"));
                break;
            case "sort order":
                transaction.ReplaceSortOrder(new SortField(table.Metadata.CurrentSchema.Find("_dlt_id")!.Id, Transform.Identity));
                break;
            case "column":
                transaction.UpdateSchema(s => s.AddColumn("note", new PrimitiveType(PrimitiveKind.String)));
                break;
            case "deletes":
                if (name == "items__tags") return;
                transaction = await transaction.DeleteAsync(Filter.Parse("id = 3"), RowChangeMode.MergeOnRead, Cancellation);
                break;
            case "equality deletes":
                if (name == "items") transaction.Add(new OverwriteAction { AddedDeletes = [await EqualityDeleteAsync(table)] });
                break;
            case "compacted":
                await table.CompactAsync(rewriteAll: true, cancellationToken: Cancellation);
                return;
            default:
                transaction.UpdateProperties(change == "merge-on-read"
                    ? new Dictionary<string, string> { ["write.merge.mode"] = "merge-on-read" }
                    : new Dictionary<string, string> { ["write.merge.isolation-level"] = "snapshot" });
                break;
        }

        await transaction.CommitAsync(Cancellation);
    }

    /// <summary>Another program appends the rows of the last commit a second time.</summary>
    private async Task AppendAgainAsync(string name)
    {
        var table = await OpenAsync(name);
        var last = table.Metadata.CurrentSnapshot!.SnapshotId;
        var files = await table.Scan().PlanFilesAsync(Cancellation).Where(t => t.Entry.SnapshotId == last).ToListAsync(Cancellation);
        var copies = new List<DataFile>();
        foreach (var file in files.Select(f => f.File))
        {
            var copy = ObjectLocation.Parse(file.FilePath.Replace(".parquet", "-again.parquet", StringComparison.Ordinal));
            var content = await Account.Objects.GetAsync(ObjectLocation.Parse(file.FilePath), cancellationToken: Cancellation);
            await Account.Objects.PutAsync(copy, content, cancellationToken: Cancellation);
            copies.Add(file with { FilePath = copy.ToString() });
        }

        await table.NewTransaction().Append(copies).CommitAsync(Cancellation);
    }

    /// <summary>A file as other engines write it, which deletes the row with the key 3.</summary>
    private async Task<DataFile> EqualityDeleteAsync(Table table)
    {
        var id = table.Metadata.CurrentSchema.Find("id")!.Id;
        var path = Folder.File($"{Guid.NewGuid():N}.parquet");
        var copy = $"COPY (SELECT 3::BIGINT AS id) TO '{path}' (FORMAT parquet, FIELD_IDS {{id: {id}}})";
        await Task.Run(() => Duck.Execute(copy), Cancellation);
        var location = ObjectLocation.Parse($"s3://lake/ds/items/data/{Path.GetFileName(path)}");
        await Account.Objects.UploadAsync(location, path, Cancellation);
        return new()
        {
            Content = FileContent.EqualityDeletes,
            FilePath = location.ToString(),
            RecordCount = 1,
            FileSizeInBytes = new FileInfo(path).Length,
            EqualityIds = [id],
        };
    }

    /// <summary>Another program makes a column required: the metadata says so.</summary>
    private async Task MakeRequiredAsync(string column)
    {
        var stored = (await Account.Glue.GetTableAsync("ds", "items", Cancellation))!;
        var location = ObjectLocation.Parse(stored.Definition.Parameters!["metadata_location"]);
        var text = System.Text.Encoding.UTF8.GetString(await Account.Objects.GetAsync(location, cancellationToken: Cancellation));
        var at = text.IndexOf($"\"name\":\"{column}\",\"required\":false", StringComparison.Ordinal);
        Assert.True(at > 0 || text.Contains($"\"name\":\"{column}\",\"required\":true", StringComparison.Ordinal), text);
        var name = $"\"name\":\"{column}\",\"required\":";
        text = text.Replace(name + "false", name + "true", StringComparison.Ordinal);
        await Account.Objects.PutAsync(location, System.Text.Encoding.UTF8.GetBytes(text), cancellationToken: Cancellation);
    }
}

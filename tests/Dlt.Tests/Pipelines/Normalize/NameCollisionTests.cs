using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Dlt.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Dlt.Tests.Pipelines.Normalize;

public sealed class NameCollisionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{\"userId\":1,\"user_id\":2}", "$.userId", "$.user_id", "'user_id'")]
    [InlineData("{\"a__b\":1,\"a\":{\"b\":2}}", "$.a__b", "$.a.b", "'a__b'")]
    [InlineData("{\"o\":{\"na!e\":\"x\",\"na%e\":\"y\"}}", "$.o['na!e']", "$.o['na%e']", "'o__na_e'")]
    [InlineData("{\"aB\":{\"x\":1},\"a_b\":{\"x\":2}}", "$.a_b.x", "$.aB.x", "'a_b__x'")]
    [InlineData("{\"xY\":[1],\"x_y\":[2]}", "$.xY", "$.x_y", "'items__x_y'")]
    [InlineData("{\"a__b\":[1],\"a\":{\"b\":[2]}}", "$.a__b", "$.a.b", "'items__a__b'")]
    [InlineData("{\"l\":[{\"ok\":1},{\"userId\":1,\"user_id\":2}]}", "$.l[1].userId", "$.l[1].user_id", "'user_id'")]
    [InlineData("{\"Имя\":1,\"имя\":2}", "$.Имя", "$.имя", "'imya'")]
    public async Task Two_keys_of_an_item_with_one_name_and_different_values_refuse_the_item(string item, params string[] parts)
    {
        var account = Some.Account(_folder);
        var file = _folder.Write("items.jsonl", $"{{\"k\":1}}\n{item}\n");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(Resource.FromFile("items", file), Cancellation));
        foreach (var part in parts.Append("line 2").Append(file).Append("Nothing of the file was loaded"))
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetTableAsync("ds", "items", Cancellation));

        // The pipeline still runs.
        File.WriteAllText(file, "{\"k\":1}\n");
        await Some.Pipeline(account).RunAsync(Resource.FromFile("items", file), Cancellation);
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Theory]
    [InlineData("{\"userId\":1,\"user_id\":2}", "$.user_id")]
    [InlineData("{\"l\":[{\"userId\":1},{\"userId\":1,\"user_id\":2}]}", "$.l[1].user_id")]
    [InlineData("{\"xY\":[1],\"x_y\":[2]}", "$.x_y")]
    public async Task An_item_with_two_keys_of_one_name_is_rejected_with_its_path_where_rejects_are_kept(string item, string path)
    {
        var account = Some.Account(_folder);
        var options = new PipelineOptions { Configuration = Some.Configuration(account.Folder), Warn = _ => { }, KeepRejects = true };
        var file = _folder.Write("items.jsonl", $"{{\"user_id\":1,\"l\":[{{\"user_id\":1}}],\"x_y\":[1]}}\n{item}\n{{\"user_id\":3}}\n");
        await Pipeline.Create("pipe", Athena.Destination(account), "ds", options).RunAsync(Resource.FromFile("items", file), Cancellation);
        Assert.Equal(["2", "1", "1"], (await Some.QueryAsync(account, "SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM "
            + "items__l), (SELECT count(*) FROM items__x_y)")).Rows[0]);
        Assert.Equal(["2", path, item], (await Some.QueryAsync(account, "SELECT line, json_path, item FROM _dlt_rejected")).Rows[0]);
    }

    [Fact]
    public async Task Two_keys_with_one_name_lose_nothing_when_their_values_are_equal_or_one_is_null()
    {
        var account = Some.Account(_folder);
        string[] items =
        [
            "{\"k\":1,\"userId\":1,\"user_id\":1}", "{\"k\":2,\"userId\":null,\"user_id\":2}", "{\"k\":3,\"userId\":3,\"user_id\":null}",
            "{\"k\":4,\"xY\":[],\"x_y\":[7]}", "{\"k\":5,\"xY\":[8],\"x_y\":[]}",
            "{\"k\":6,\"xY\":[9],\"x_y\":[9]}", "{\"k\":7,\"a__b\":7,\"a\":{\"b\":null}}", "{\"k\":8,\"a__b\":null,\"a\":{\"b\":8}}",
        ];
        var file = _folder.Write("items.jsonl", string.Join('\n', items.Concat(items)));
        await Some.Pipeline(account).RunAsync(Resource.FromFile("items", file), Cancellation);
        Assert.Equal("1,1,2,2,3,3 7,7,8,8,9,9 7,7,8,8", await Some.ValueAsync(account, """
            SELECT (SELECT string_agg(user_id, ',' ORDER BY user_id) FROM items)
                || ' ' || (SELECT string_agg(value, ',' ORDER BY value) FROM items__x_y)
                || ' ' || (SELECT string_agg(a__b, ',' ORDER BY a__b) FROM items)
            """));
    }

    [Fact]
    public async Task Both_paths_see_lists_of_two_keys_in_one_item_whichever_key_came_first_alone()
    {
        var account = Some.Account(_folder);
        var file = _folder.Write("items.jsonl", string.Concat(Enumerable.Repeat("{\"xY\":[1]}\n{\"x_y\":[2]}\n", 20))
            + "{\"xY\":[3],\"x_y\":[4]}\n");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(Resource.FromFile("items", file), Cancellation));
        Assert.Contains("line 41", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dictionary_with_two_keys_of_one_name_is_refused_as_an_item_is()
    {
        var account = Some.Account(_folder);
        var items = new[] { new Dictionary<string, object?> { ["userId"] = 1, ["user_id"] = 1 },
            new() { ["userId"] = 1, ["user_id"] = 2 } };
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(Resource.Create("items", items), Cancellation));
        Assert.Contains("'$.userId' and '$.user_id'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variant_column_that_is_a_field_as_well_loses_no_value()
    {
        var account = Some.Account(_folder);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(Some.Resource("items", "{\"v\":1}", "{\"v\":\"b\",\"v__v_text\":\"c\"}"), Cancellation));
        Assert.Contains("two values for column 'v__v_text'", error.Message, StringComparison.Ordinal);
    }

    public sealed record TwoNames(int UserId, int User_Id);

    [Fact]
    public async Task Members_of_a_type_with_one_name_are_an_error_before_anything_is_loaded()
    {
        var account = Some.Account(_folder);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(Resource.Create("items", [new TwoNames(1, 1)]), Cancellation));
        Assert.Contains("would both be named 'user_id'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of this run was loaded", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user", "userId,user_id", "'userId' and 'user_id'")]
    [InlineData("user", "s:aB,s:a_b", "'s.aB' and 's.a_b'")]
    [InlineData("s:a", "s:aB,s:a_b", "'s.aB' and 's.a_b'")]
    public async Task A_later_batch_of_other_columns_is_checked_as_the_first_one(string first, string later, string what)
    {
        var account = Some.Account(_folder);
        var batches = new[] { Batch(first), Batch(first), Batch(later), Batch(first) }.ToAsyncEnumerable();
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(Resource.FromBatches("items", (_, _) => batches), Cancellation));
        Assert.Contains($"Columns {what} of 'items' would both be named", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Makes one row of numbers; <c>s:a</c> is the field a of the struct s.</summary>
    private static RecordBatch Batch(string columns)
    {
        IArrowArray Ones() => new Int64Array.Builder().Append(1).Build();
        var names = columns.Split(',');
        if (!names[0].StartsWith("s:", StringComparison.Ordinal))
            return new(new Schema([.. names.Select(n => new Field(n, Int64Type.Default, true))], null), names.Select(_ => Ones()), 1);
        var type = new StructType([.. names.Select(n => new Field(n["s:".Length..], Int64Type.Default, true))]);
        return new(new Schema([new Field("s", type, true)], null),
            [new StructArray(type, 1, names.Select(_ => Ones()), ArrowBuffer.Empty)], 1);
    }

    [Theory]
    [InlineData("SELECT 1 AS id, 2 AS id", "two columns named 'id'")]
    [InlineData("SELECT 1 AS \"Col A\", 2 AS col_a", "'Col A' and 'col_a'")]
    public async Task Columns_of_a_query_with_one_name_are_an_error_before_anything_is_loaded(string sql, string what)
    {
        var account = Some.Account(_folder);
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Cancellation);
        var rows = Resource.FromReader("items", async (_, stop) => await new SqliteCommand(sql, connection).ExecuteReaderAsync(stop));
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account).RunAsync(rows, Cancellation));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of this run was loaded", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x", "x", "two columns named 'x'")]
    [InlineData("Col A", "col_a", "'Col A' and 'col_a'")]
    public async Task Columns_of_a_file_with_one_name_are_an_error_before_anything_is_loaded(string first, string second, string what)
    {
        using var batch = new RecordBatch(
            new Apache.Arrow.Schema([new Field(first, Int64Type.Default, true), new Field(second, Int64Type.Default, true)], null),
            [new Int64Array.Builder().Append(1).Build(), new Int64Array.Builder().Append(2).Build()], 1);
        var arrow = _folder.File("a.arrow");
        await using (var file = File.Create(arrow))
        using (var writer = new ArrowFileWriter(file, batch.Schema))
        {
            await writer.WriteRecordBatchAsync(batch, Cancellation);
            await writer.WriteEndAsync(Cancellation);
        }

        var parquet = _folder.File("a.parquet");
        using (var file = new ParquetSharp.ParquetFileWriter(
            parquet, [new ParquetSharp.Column<long>(first), new ParquetSharp.Column<long>(second)]))
        {
            using (var group = file.AppendRowGroup())
            {
                for (var i = 0; i < 2; i++)
                    using (var column = group.NextColumn().LogicalWriter<long>()) column.WriteBatch([i]);
            }

            file.Close();
        }

        foreach (var resource in new[]
        { FileResource.Create("items", arrow), FileResource.Create("items", parquet),
        Resource.FromBatches("items", (_, _) => new[] { batch }.ToAsyncEnumerable()) })
        {
            var account = new LocalAthena(_folder.File(Guid.NewGuid().ToString("n")));
            var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account).RunAsync(resource, Cancellation));
            Assert.Contains(what, error.Message, StringComparison.Ordinal);
            Assert.Contains("Nothing of this run was loaded", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Fields_of_structs_with_the_name_of_a_column_are_an_error_before_anything_is_loaded()
    {
        var path = _folder.File("a.parquet");
        Duck.Execute($$"""COPY (SELECT 1 AS "a__b", {'B': 2} AS a) TO '{{path}}'""");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(Some.Account(_folder))
            .RunAsync(FileResource.Create("items", path), Cancellation));
        Assert.Contains("'a__b' and 'a.B'", error.Message, StringComparison.Ordinal);
        await Some.Pipeline(Some.Account(_folder))
            .RunAsync(FileResource.Create("items", path, new() { NestedAs = NestedAs.Json }), Cancellation);
        Assert.Equal("1{\"B\":2}", await Some.ValueAsync(Some.Account(_folder), "SELECT a__b || a FROM items"));
    }

    [Fact]
    public async Task A_list_is_refused_whose_table_is_a_table_of_its_own_in_either_order()
    {
        foreach (var ownFirst in new[] { true, false })
        {
            var account = new LocalAthena(_folder.File("account" + ownFirst));
            var own = Some.Resource("a__b", "{\"value\":5}");
            var list = Some.Resource("a", "{\"id\":1,\"b\":[1,2]}");
            await Some.Pipeline(account).RunAsync(ownFirst ? own : list, Cancellation);
            var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
                .RunAsync(ownFirst ? list : own, Cancellation));
            Assert.Contains("'a__b'", error.Message, StringComparison.Ordinal);
            if (ownFirst) Assert.Contains("give it up with: dlt pipeline pipe abort-packages "
                + "--local", error.Message, StringComparison.Ordinal);
            Assert.Equal(ownFirst ? "1" : "2", await Some.ValueAsync(account, "SELECT count(*) FROM a__b"));
        }
    }

    [Fact]
    public async Task A_field_that_is_an_object_here_and_a_list_there_keeps_the_lists_in_it()
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account)
            .RunAsync(Some.Resource("t", "{\"a\":[{\"b\":[1]}]}", "{\"a\":{\"b\":[2]}}", "{\"a\":[{\"b\":[3]}],\"a__b\":[4]}"),
            Cancellation);
        Assert.Equal("1,2,3,4 4", await Some.ValueAsync(account, "SELECT string_agg(value, ',' ORDER BY value) || ' ' || "
            + "count(DISTINCT _dlt_parent_id) FROM t__a__b"));
    }
}

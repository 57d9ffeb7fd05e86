using System.IO.Compression;
using System.Text;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines;

public sealed class BadInputTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Malformed_json_in_a_file_is_named_by_line_and_nothing_of_it_is_loaded()
    {
        var account = Some.Account(_folder);
        var file = _folder.Write("items.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":{\"b\":tru}}\n");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(Resource.FromFile("items", file), Cancellation));
        Assert.Contains("items.jsonl", error.Message, StringComparison.Ordinal);
        Assert.Contains("line 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of the file was loaded", error.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetTableAsync("ds", "items", Cancellation));
        File.WriteAllText(file, "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
        var info = await Some.Pipeline(account).RunAsync(Resource.FromFile("items", file), Cancellation);
        Assert.Equal("6", await Some.ValueAsync(account, "SELECT sum(a) FROM items"));
        Assert.Equal(3, info.RowCounts["items"]);
    }

    [Fact]
    public async Task A_file_that_changes_between_extract_and_normalise_is_an_error_and_the_package_stays()
    {
        var account = Some.Account(_folder);
        var file = _folder.Write("items.jsonl", "{\"a\":1}\n");
        var pipeline = Some.Pipeline(account);
        await using (var run = await pipeline.BeginAsync(Cancellation))
        {
            await run.ExtractAsync(new Source("pipe", Resource.FromFile("items", file)), Cancellation);
            File.WriteAllText(file, "{\"a\":1}\n{\"a\":2}\n");
            var error = Assert.ThrowsAny<DltException>(() => run.Normalize(Cancellation));
            Assert.Contains("items.jsonl", error.Message, StringComparison.Ordinal);
            Assert.Contains("changed", error.Message, StringComparison.Ordinal);
        }

        var working = new WorkingFolder(pipeline.WorkingFolder);
        Assert.Single(WorkingFolder.Packages(working.Extracted));
        Assert.Single(working.DropPending());
        await pipeline.RunAsync(Resource.FromFile("items", file), Cancellation);
        Assert.Equal("3", await Some.ValueAsync(account, "SELECT sum(a) FROM items"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_file_is_read_plain_and_gzipped(bool gzip)
    {
        var account = Some.Account(_folder);
        var file = _folder.File(gzip ? "items.jsonl.gz" : "items.jsonl");
        var content = Encoding.UTF8.GetBytes("{\"a\":1}\n\n  {\"a\":2,\"l\":[{\"x\":true}]}  \r\n{\"a\":3}");
        await using (Stream stream = gzip
            ? new GZipStream(File.Create(file), CompressionLevel.Fastest)
            : File.Create(file)) await stream.WriteAsync(content, Cancellation);
        await Some.Pipeline(account).RunAsync(Resource.FromFile("items", file), Cancellation);
        Assert.Equal("6", await Some.ValueAsync(account, "SELECT sum(a) FROM items"));
        Assert.Equal("true", await Some.ValueAsync(account, "SELECT x FROM items__l"));
    }

    [Fact]
    public async Task Rejected_items_are_kept_with_reason_and_place_on_request()
    {
        var account = Some.Account(_folder);
        var lines = Enumerable.Range(0, 60_000)
            .Select(i => i % 20_000 == 19_999 ? $"{{\"n\":{i},}}" : $"{{\"n\":{i},\"text\":\"{new string('x', 100)}\"}}").ToList();
        lines.Insert(10, "{\"n\":null}");
        var file = _folder.Write("items.jsonl", string.Join('\n', lines));
        var warnings = new List<string>();
        var pipeline = Dlt.Pipeline.Create("pipe", Dlt.Athena.Destination(account), "ds",
            new() { Configuration = Some.Configuration(account.Folder), Warn = warnings.Add, KeepRejects = true });
        await pipeline.RunAsync(
            Resource.FromFile("items", file, new ResourceHints { Columns = [Column.Bigint("n", nullable: false)] }), Cancellation);
        Assert.Equal("59997", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
        var rejected = await Some.QueryAsync(account, "SELECT line, table_name, item, reason FROM _dlt_rejected ORDER BY line");
        Assert.Equal(["11", "20001", "40001", "60001"], rejected.Rows.Select(r => r[0]));
        Assert.All(rejected.Rows, r => Assert.Equal("items", r[1]));
        Assert.Equal("{\"n\":19999,}", rejected.Rows[1][2]);
        Assert.Contains("not nullable", rejected.Rows[0][3], StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing of the package was loaded", rejected.Rows[0][3], StringComparison.Ordinal);
        Assert.Contains(warnings, w => w.Contains("4 item(s)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(RequiredIn.Append), InlineData(RequiredIn.Merge), InlineData(RequiredIn.Upsert), InlineData(RequiredIn.Items)]
    public async Task A_row_that_lacks_a_required_value_is_rejected_alone(RequiredIn kind)
    {
        var account = Some.Account(_folder);
        var hints = kind switch
        {
            RequiredIn.Append => new ResourceHints { Columns = [Column.Bigint("k", nullable: false)] },
            RequiredIn.Merge => new() { WriteDisposition = WriteDisposition.Merge, TableFormat = TableFormat.Iceberg, PrimaryKey = ["k"] },
            RequiredIn.Upsert => new()
            {
                WriteDisposition = WriteDisposition.Merge,
                TableFormat = TableFormat.Iceberg,
                PrimaryKey = ["k"],
                MergeStrategy = new MergeStrategy.Upsert(),
            },
            _ => new ResourceHints { PrimaryKey = ["k"] },
        };
        string[] lines =
        [
            """{"v":0}""", """{"k":1,"v":1,"l":[{"n":1}]}""", """{"k":2,"v":2}""", """{"k":"x","v":3,"l":[{"n":2}]}""", """{"v":4}""",
            """{"k":null,"v":5}""", """{"k":6,"v":6}""", """{"k":"y","v":7}""", """{"k":8,"v":8}""", """{"v":9,"other":1}""",
        ];
        var pipeline = Dlt.Pipeline.Create("pipe", Dlt.Athena.Destination(account), "ds",
            new() { Configuration = Some.Configuration(account.Folder), KeepRejects = true });
        var file = _folder.Write("items.jsonl", string.Join('\n', lines));
        await pipeline.RunAsync(kind == RequiredIn.Items ? Some.Resource("items", hints, lines) : Resource.FromFile("items", file, hints),
            Cancellation);
        Assert.Equal("1 2 6 8", await Some.ValueAsync(account, "SELECT string_agg(k, ' ' ORDER BY k) FROM items"));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM items__l"));
        var rejected = await Some.QueryAsync(account, "SELECT item, reason FROM _dlt_rejected");
        Assert.Equal(6, rejected.Rows.Length);
        Assert.All(rejected.Rows, r => Assert.Contains("k'", r[1], StringComparison.Ordinal));
        Assert.Equal(2, rejected.Rows.Count(r => r[1]!.Contains("a value of another type", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_error_about_a_key_of_another_type_names_the_column_that_would_take_its_value()
    {
        var resource = Some.Resource("items", new ResourceHints { PrimaryKey = ["k"] }, """{"k":1}""", """{"k":"x"}""");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(Some.Account(_folder)).RunAsync(resource, Cancellation));
        Assert.StartsWith("Column 'items.k' is not nullable, but rows have a value of another type, which the column cannot hold (it would "
            + "go to k__v_text).", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task A_gzip_file_that_was_cut_off_or_damaged_loads_nothing_and_a_whole_one_of_any_number_of_members_loads(int members)
    {
        var account = Some.Account(_folder);
        var whole = new MemoryStream();
        for (var member = 0; member < members; member++)
        {
            await using var gzip = new GZipStream(whole, CompressionLevel.Fastest, leaveOpen: true);
            for (var row = 0; row < 20_000; row++)
                await gzip.WriteAsync(Encoding.UTF8.GetBytes($"{{\"a\":{row},\"random\":{Random.Shared.Next()}}}\n"), Cancellation);
        }

        var file = _folder.File("items.jsonl.gz");
        var bytes = whole.ToArray();
        foreach (var cut in new[] { 8, 1000, bytes.Length / 2 })   // even without the last 8 bytes all lines decompress
        {
            await File.WriteAllBytesAsync(file, bytes[..^cut], Cancellation);
            var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
                .RunAsync(Resource.FromFile("items", file), Cancellation));
            Assert.Contains("items.jsonl.gz", error.Message, StringComparison.Ordinal);
            Assert.Contains("cut off", error.Message, StringComparison.Ordinal);
        }

        var damaged = bytes.ToArray();
        damaged[bytes.Length / 2] ^= 0x55;
        await File.WriteAllBytesAsync(file, damaged, Cancellation);
        var broken = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(Resource.FromFile("items", file), Cancellation));
        Assert.Contains("items.jsonl.gz", broken.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetTableAsync("ds", "items", Cancellation));

        await File.WriteAllBytesAsync(file, bytes, Cancellation);
        var info = await Some.Pipeline(account).RunAsync(Resource.FromFile("items", file), Cancellation);
        Assert.Equal(members * 20_000, info.RowCounts["items"]);
    }

    [Fact]
    public async Task A_zstd_file_loads_whole_or_not_at_all()
    {
        var account = Some.Account(_folder);
        var file = _folder.File("items.jsonl.zst");
        using var compressor = new ZstdSharp.Compressor();
        var bytes = compressor.Wrap(
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 50_000)
            .Select(i => $"{{\"a\":{i},\"b\":{(i * 7919L) % 100_003}}}\n")))).ToArray();
        var damaged = bytes.ToArray();
        damaged.AsSpan(bytes.Length / 2, 40).Fill(0xAA);
        foreach (var wrong in new[] { bytes[..^1], bytes[..^100], bytes[..(bytes.Length / 2)], damaged })
        {
            await File.WriteAllBytesAsync(file, wrong, Cancellation);
            var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
                .RunAsync(Resource.FromFile("items", file), Cancellation));
            Assert.Contains("items.jsonl.zst", error.Message, StringComparison.Ordinal);
        }

        Assert.Null(await account.Glue.GetTableAsync("ds", "items", Cancellation));
        await File.WriteAllBytesAsync(file, bytes, Cancellation);
        Assert.Equal(50_000, (await Some.Pipeline(account).RunAsync(Resource.FromFile("items", file), Cancellation)).RowCounts["items"]);
    }

    [Fact]
    public async Task Items_that_are_not_objects_become_rows_with_a_value_column()
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", "1", "[2, 3]", "\"x\"", "null"), Cancellation);
        Assert.Equal("6", await Some.ValueAsync(account, "SELECT sum(value) FROM items"));
        Assert.Equal("x", await Some.ValueAsync(account, "SELECT max(value__v_text) FROM items"));
    }

    [Fact]
    public async Task Only_nulls_and_nothing_at_all_make_no_table_and_no_error()
    {
        var account = Some.Account(_folder);
        var source = new Source(
            "pipe",
            Some.Resource("nothing"),
            Some.Resource("empty", "[]"),
            Some.Resource("items", """{"a":null,"b":[],"c":{}}"""));
        await Some.Pipeline(account).RunAsync(source, Cancellation);
        Assert.Null(await account.Glue.GetTableAsync("ds", "nothing", Cancellation));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
        Assert.Equal(
            ["_dlt_load_id", "_dlt_id"], (await account.Glue.GetTableAsync("ds", "items", Cancellation))!.Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task A_resource_that_fails_leaves_nothing_and_the_next_run_works()
    {
        var account = Some.Account(_folder);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(Resource.Create("items", (_, _) => Failing()), Cancellation));
        Assert.Contains("items", error.Message, StringComparison.Ordinal);
        Assert.Contains("the API is gone", error.Message, StringComparison.Ordinal);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", """{"a":5}"""), Cancellation);
        Assert.Equal("5", await Some.ValueAsync(account, "SELECT sum(a) FROM items"));

        static async IAsyncEnumerable<JsonValue> Failing()
        {
            yield return Some.Item("""{"a":1}""");
            await Task.Yield();
            throw new InvalidOperationException("the API is gone");
        }
    }

    [Fact]
    public async Task A_local_folder_that_cannot_be_written_is_one_clear_error()
    {
        var file = _folder.Write("file", "");
        var account = new LocalAthena(Path.Combine(file, "account"));
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Pipeline
            .Create("pipe", Athena.Destination(account), "ds", new() { Configuration = Some.Configuration(_folder.Path), Warn = _ => { } })
            .RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation));
        Assert.Contains(account.Folder, error.Message, StringComparison.Ordinal);
    }

    [Fact, Scenario("T-37"), Scenario("T-39")]
    public async Task Local_sql_errors_have_athenas_names_and_their_place()
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        Assert.Equal("TABLE_NOT_FOUND",
            (await Assert.ThrowsAsync<Dlt.Lake.AthenaQueryException>(() => Some.QueryAsync(account, "SELECT * FROM nope"))).ErrorName);
        var column = await Assert.ThrowsAsync<Dlt.Lake.AthenaQueryException>(() =>
            Some.QueryAsync(account, "SELECT a,\n  nope FROM items"));
        Assert.Equal(("COLUMN_NOT_FOUND", 2, 3), (column.ErrorName, column.Line, column.Column));
        Assert.Equal("SYNTAX_ERROR", (await Assert.ThrowsAsync<Dlt.Lake.AthenaQueryException>(() => Some.QueryAsync(account, "SELEC a")))
            .ErrorName);
    }

    /// <summary>Ways in which a column is required.</summary>
    public enum RequiredIn
    {
        Append,
        Merge,
        Upsert,
        Items,
    }
}

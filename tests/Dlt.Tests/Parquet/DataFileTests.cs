using System.Globalization;
using Dlt.Json;
using Dlt.Parquet;
using Dlt.Tests.Support;
using Dlt.Types;
using DuckDB.NET.Data;

namespace Dlt.Tests.Parquet;

/// <summary>Third-party readers read our data files.</summary>
public sealed class DataFileTests : IDisposable
{
    private const int Rows = 3000;

    private readonly TempFolder _folder = new();
    private readonly List<JsonValue> _items = [.. Enumerable.Range(0, Rows).Select(Item)];

    private static readonly JsonValue Pad = JsonValue.String(new string('x', 8000));

    private static readonly string[] Compared = ["i", "big", "d", "b", "t"];

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("1000"), InlineData("1000000")]
    public async Task Duckdb_reads_every_value(string rowGroupRows)
    {
        var file = await WriteAsync(rowGroupRows);
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        var rows = Query(duck, "SELECT i, big, d, b, t, strftime(ts, '%Y-%m-%dT%H:%M:%S.%fZ'), CAST(day AS varchar), CAST(amount AS "
            + $"varchar), j, hex(bin) FROM '{file}' ORDER BY i");
        Assert.Equal(Rows, rows.Count);
        for (var n = 0; n < Rows; n++)
        {
            var item = _items[n];
            Assert.Equal(Compared.Select(c => Text(item[c])), rows[n].Take(5));
            Assert.Equal(item["ts"] is { } ts ? ts.AsString() : null, rows[n][5]);
            Assert.Equal(item["day"] is { } day ? day.AsString() : null, rows[n][6]);
            Assert.Equal(item["amount"] is { } amount
                ? decimal.Parse(amount.AsString(), CultureInfo.InvariantCulture).ToString("F9", CultureInfo.InvariantCulture)
                : null, rows[n][7]);
            Assert.Equal(item["j"] is { } json ? JsonText.Write(json) : null, rows[n][8]);
            Assert.Equal(item["bin"] is { } bin ? Convert.ToHexString(Convert.FromBase64String(bin.AsString())) : null, rows[n][9]);
        }
    }

    [Theory, InlineData("hyparquet"), InlineData("wasm")]
    public async Task Other_readers_see_the_same_values(string reader)
    {
        var lines = await ReadAsync(await WriteAsync("1000"), reader);
        Assert.Equal(Rows, lines.Count);
        var rows = lines.OrderBy(r => long.Parse(r["i"]!.AsString(), CultureInfo.InvariantCulture)).ToList();
        for (var n = 0; n < Rows; n++)
        {
            // JavaScript writes 1E+17 as an integer
            Assert.Equal(_items[n]["d"]?.AsDouble(), rows[n]["d"] is { IsNull: false } d ? d.AsDouble() : null);
            Assert.Equal(
                Compared.Where(c => c != "d").Select(c => Text(_items[n][c])), Compared.Where(c => c != "d").Select(c => Text(rows[n][c])));
        }
    }

    [Theory, InlineData("hyparquet"), InlineData("wasm")]
    public async Task Other_readers_see_the_same_nested_values(string reader)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints
        {
            Columns = [Column.Nested("l", "array<struct<a:bigint,t:array<string>>>"),
        Column.Nested("o", "struct<p:double,q:struct<r:boolean>>")]
        };
        string[] lists = ["""[{"a":"1","t":["x","y"]},{"a":null,"t":[]},null]""", "[]", "null", """[{"a":"2","t":null}]"""];
        string[] objects = ["""{"p":1.5,"q":{"r":true}}""", """{"p":null,"q":null}""", "null", """{"p":2.5,"q":{"r":null}}"""];
        await Some.Pipeline(account)
            .RunAsync(Some.Resource("items", hints, [.. lists.Zip(objects, (l, o) => $"{{\"l\":{l},\"o\":{o}}}")]),
            TestContext.Current.CancellationToken);
        var rows = await ReadAsync(Directory.GetFiles(Path.Combine(account.Folder, "s3", "lake", "ds", "items")).Single(), reader);
        Assert.Equal(lists.Select(l => Plain(JsonParser.Parse(l))), rows.Select(r => Plain(r["l"] ?? JsonValue.Null)));
        Assert.Equal(objects.Select(o => Plain(JsonParser.Parse(o))), rows.Select(r => Plain(r["o"] ?? JsonValue.Null)));

        // One of the readers leaves null fields out.
        static string Plain(JsonValue value) => JsonText.Write(WithoutNulls(value));
        static JsonValue WithoutNulls(JsonValue value) => value.Kind switch
        {
            JsonKind.Array => JsonValue.Array([.. value.Items.Select(WithoutNulls)]),
            JsonKind.Object =>
                JsonValue.Object(value.Members.Where(m => !m.Value.IsNull).Select(m => KeyValuePair.Create(m.Key, WithoutNulls(m.Value)))),
            _ => value,
        };
    }

    /// <summary>Columns of doubles with few values have a dictionary; those with many have none.</summary>
    [Theory, InlineData("duckdb"), InlineData("hyparquet"), InlineData("wasm")]
    public async Task Doubles_that_repeat_are_read_back(string reader)
    {
        const int rows = 20_000;
        double[] few = [-0.0, 0.25, 1e300, -1e-300, 12.5];
        var path = _folder.File("doubles.parquet");
        var type = new ColumnType { DataType = DataType.Double };
        var repeating = new FixedBuffer<double>("few");
        var different = new FixedBuffer<double>("many");
        for (var row = 0; row < rows; row++)
        {
            if (row % 7 != 0) repeating.Append(row, few[row % few.Length]);
            different.Append(row, row / 8.0);
        }

        using (var writer = new ParquetFileWriter(path, new ParquetWriterOptions { PageSizeBytes = 32_768 }))
        {
            ParquetColumn[] columns = [new("few", type, isRequired: false), new("many", type, isRequired: true)];
            writer.WriteRowGroup([(columns[0], repeating), (columns[1], different)], rows);
            writer.Complete(columns);
        }

        List<(double? Few, double Many)> read;
        using (var duck = new DuckDBConnection("DataSource=:memory:"))
        {
            duck.Open();
            Assert.Contains("DICTIONARY",
                Query(duck, $"SELECT encodings FROM parquet_metadata('{path}') WHERE path_in_schema = 'few'")[0][0],
                StringComparison.Ordinal);
            Assert.DoesNotContain("DICTIONARY",
                Query(duck, $"SELECT encodings FROM parquet_metadata('{path}') WHERE path_in_schema = 'many'")[0][0],
                StringComparison.Ordinal);
            read = reader == "duckdb"
                ? [.. Query(duck, $"SELECT few, many FROM '{path}'")
                    .Select(r =>
                    (r[0] is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : (double?)null,
                    double.Parse(r[1]!, CultureInfo.InvariantCulture)))]
                : [.. (await ReadAsync(path, reader))
                    .Select(r => (r["few"] is { IsNull: false } value ? Number(value) : (double?)null, Number(r["many"]!)))];
        }

        Assert.Equal(rows, read.Count);
        for (var row = 0; row < rows; row++)
        {
            Assert.Equal(row / 8.0, read[row].Many);
            Assert.Equal(row % 7 == 0 ? null : few[row % few.Length], read[row].Few);
        }

        static double Number(JsonValue value) => value.Kind == JsonKind.Integer ? value.AsInt64() : value.AsDouble();
    }

    [Fact]
    public async Task Footers_carry_the_smallest_and_largest_value_and_the_nulls_of_each_row_group()
    {
        var file = await WriteAsync("1000");
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        foreach (var column in new[] { "i", "big", "d", "t", "ts", "day", "amount", "_dlt_load_id", "_dlt_id" })
        {
            var metadata = Query(duck, "SELECT row_group_id, row_group_num_rows, stats_null_count, stats_min_value, stats_max_value "
                + $"FROM parquet_metadata('{file}') WHERE path_in_schema = '{column}' ORDER BY 1");
            Assert.InRange(metadata.Count, 2, Rows / 1000);
            long offset = 0;
            foreach (var group in metadata)
            {
                var count = long.Parse(group[1]!, CultureInfo.InvariantCulture);
                var fact = Query(duck, $"SELECT count(*) - count({column}), CAST(min({column}) AS varchar), CAST(max({column}) AS "
                    + $"varchar) FROM (SELECT * FROM '{file}' LIMIT {count} OFFSET {offset})")[0];
                Assert.Equal(fact[0], group[2]);
                Assert.Equal((column, fact[1], fact[2]), (column, group[3], group[4]));
                offset += count;
            }
        }
    }

    [Fact]
    public async Task Hyparquet_reads_the_same_statistics()
    {
        var file = await WriteAsync("1000000");
        var statistics = (await ReadAsync(file, "statistics")).ToDictionary(s => s["column"]!.AsString());
        Assert.Equal("0", Text(statistics["i"]["min"]));
        Assert.Equal($"{Rows - 1}", Text(statistics["i"]["max"]));
        Assert.Equal(_items.Count(i => i["t"] is null).ToString(CultureInfo.InvariantCulture), Text(statistics["t"]["nulls"]));
    }

    private static JsonValue Item(int n)
    {
        var random = new Random(n);
        var members = new List<KeyValuePair<string, JsonValue>> { new("i", JsonValue.Integer(n)) };
        void Add(string name, Func<JsonValue> value)
        {
            if (random.Next(5) > 0) members.Add(new(name, value()));
        }

        Add("big", () => JsonValue.Integer(random.NextInt64(long.MinValue, long.MaxValue)));
        Add("d", () => JsonValue.Real(random.NextDouble() * Math.Pow(10, random.Next(-20, 20))));
        Add("b", () => JsonValue.Bool(random.Next(2) == 0));
        Add("t", () => JsonValue.String(n % 3 == 0 ? $"group {n % 7}" : $"ünïque \"{random.Next()}\" 🎲"));
        Add("ts", () =>
            JsonValue.String(DateTime.UnixEpoch.AddMilliseconds(random.NextInt64(1, 3_000_000_000_000L))
            .ToString("yyyy-MM-ddTHH:mm:ss.fff000", CultureInfo.InvariantCulture) + "Z"));
        Add("day", () =>
            JsonValue.String(new DateOnly(1900, 1, 1).AddDays(random.Next(100_000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        Add("amount", () =>
            JsonValue.String(((decimal)random.Next() / 1000 * (random.Next(2) == 0 ? 1 : -1)).ToString(CultureInfo.InvariantCulture)));
        Add("j", () => JsonValue.Object(("x", JsonValue.Integer(n)), ("y", JsonValue.Array([JsonValue.Null]))));
        // Base64 that begins with 0x would be read as a hexadecimal number, as in dlt.
        Add("bin", () => JsonValue.String(Convert.ToBase64String([0, .. BitConverter.GetBytes(random.NextInt64())])));
        members.Add(new("pad", Pad));   // makes the file long enough for several row groups
        return JsonValue.Object(members);
    }

    private async Task<string> WriteAsync(string rowGroupRows)
    {
        var account = Some.Account(_folder);
        var configuration = Some.Configuration(
            _folder.Path, ("NORMALIZE__DATA_WRITER__ROW_GROUP_SIZE", rowGroupRows), ("DATA_WRITER__ROW_GROUP_SIZE", rowGroupRows));
        var pipeline = Pipeline.Create(
            "files", Athena.Destination(account), "ds", new() { Configuration = configuration, Warn = _ => { } });
        await pipeline.RunAsync(
            Resource.Create("items", _items,
                new()
                {
                    Columns = [Column.Timestamp("ts"), Column.Date("day"), Column.Decimal("amount", 38, 9), Column.Json("j"),
                Column.Binary("bin")]
                }),
            TestContext.Current.CancellationToken);
        return Assert.Single(Directory.GetFiles(Path.Combine(account.Folder, "s3", "lake", "ds", "items")));
    }

    internal static async Task<List<JsonValue>> ReadAsync(string file, string reader)
    {
        var script = Path.Combine(Tool.Repository, "tests", "independent", "read-parquet.mjs");
        Assert.SkipUnless(
            Tool.Exists("node") && Directory.Exists(Path.Combine(Tool.Repository, "tests", "independent", "node_modules")),
            "Node.js or its packages are missing (npm install in tests/independent): independent Parquet readers were NOT asked.");
        var output = (await Tool.RunAsync("node", [script, file, reader])).Succeeded();
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonParser.Parse(l))];
    }

    private static List<string?[]> Query(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string?[]>();
        while (reader.Read())
        {
            var row = new string?[reader.FieldCount];
            for (var c = 0; c < row.Length; c++)
                row[c] = reader.IsDBNull(c)
                    ? null
                    : reader.GetValue(c) switch
                    {
                        bool value => value ? "true" : "false",
                        double value => value.ToString("R", CultureInfo.InvariantCulture),
                        var value =>
                        Convert.ToString(value, CultureInfo.InvariantCulture)
                    };
            rows.Add(row);
        }

        return rows;
    }

    private static string? Text(JsonValue? value) => value switch
    {
        null or { Kind: JsonKind.Null } => null,
        { Kind: JsonKind.String } => value.AsString(),
        { Kind: JsonKind.Real } => value.AsDouble().ToString("R", CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}

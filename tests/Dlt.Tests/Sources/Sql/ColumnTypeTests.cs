using System.Collections;
using System.Data.Common;
using System.Net.NetworkInformation;
using System.Net;
using System.Numerics;
using System.Xml;
using Dlt.Batches;
using Dlt.Items;
using Dlt.Json;
using Dlt.Sources.Sql;
using Dlt.Tests.Support;

namespace Dlt.Tests.Sources.Sql;

/// <summary>Database types without an equivalent in Athena.</summary>
public sealed class ColumnTypeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, object, string> Scalars => new()
    {
        { "inet", IPAddress.Parse("10.0.0.1"), "string 10.0.0.1" },
        { "inet", IPAddress.IPv6Loopback, "string ::1" },
        { "macaddr", PhysicalAddress.Parse("08002B010203"), "string 08:00:2b:01:02:03" },
        { "bit(3)", new BitArray([true, false, true]), "string 101" },
        { "interval", new TimeSpan(1, 2, 3, 4, 500), "string P1DT2H3M4.5S" },
        { "interval", -TimeSpan.FromMinutes(90), "string PT-1H-30M" },
        { "interval", TimeSpan.Zero, "string PT0S" },
        { "time without time zone", new TimeSpan(0, 12, 30, 0), "string 12:30:00" },
        { "TIME", -new TimeSpan(34, 22, 59, 59), "string -838:59:59" },
        { "time", TimeSpan.FromDays(1), "string 24:00:00" },
        { "", new TimeSpan(1, 2, 3, 4), "string 1.02:03:04" },
        { "time with time zone", new DateTimeOffset(1, 1, 2, 12, 0, 0, TimeSpan.FromHours(2)), "string 12:00:00+02:00" },
        { "date", new DateTime(2024, 2, 29), "date 2024-02-29" },
        { "DATE", new DateTime(2024, 2, 29, 12, 0, 0), "timestamp 2024-02-29 12:00:00.000" },
        { "DATE", new DateTime(2024, 2, 29), "timestamp 2024-02-29 00:00:00.000" },
        { "daterange", new Range<DateTime>(new(2024, 2, 29), new(2024, 3, 1, 1, 2, 3, 4)),
            "string [2024-02-29 00:00:00,2024-03-01 01:02:03.004)" },
        { "mood", DayOfWeek.Friday, "string Friday" },
        { "xml", Xml("<a>1</a>"), "string <a>1</a>" },
        { "nchar", new[] { 'a', 'b' }, "string ab" },
        { "int4[]", new Numbers { 1, 2 }, "string {1,2}" },
    };

    [Theory, MemberData(nameof(Scalars), DisableDiscoveryEnumeration = true)]
    public async Task A_value_without_a_better_type_is_the_text_of_its_provider(string type, object value, string expected)
    {
        var account = await LoadAsync(new FakeReader(["id", "v"], ["integer", type], [[1, null], [2, value], [3, value]]));
        var column = (await account.Glue.GetTableAsync("ds", "things", Cancellation))!.Columns.Single(c => c.Name == "v");
        var rows = (await Some.QueryAsync(account, "SELECT v FROM things ORDER BY id")).Rows;
        Assert.Equal(["", expected, expected], rows.Select((r, i) => i == 0 ? r[0] ?? "" : $"{column.Type} {r[0]}"));
    }

    [Fact]
    public async Task Values_of_a_providers_own_types_are_found_within_lists_tables_maps_and_rows()
    {
        object?[] row =
        [
            1,
            new[] { IPAddress.Loopback, null },
            new[,] { { 1, 2 }, { 3, 4 } },
            new Dictionary<int, TimeSpan> { [7] = TimeSpan.FromHours(1) },
            ("a", IPAddress.IPv6Loopback),
            new List<object?> { PhysicalAddress.None, 1.5 },
        ];
        var reader = new FakeReader(
            ["id", "list", "grid", "map", "row", "mixed"], ["", "inet[]", "integer[]", "map", "record", "list"], [row]);
        Assert.Equal(
            """{"id":1,"list":["127.0.0.1",null],"grid":[[1,2],[3,4]],"map":{"7":"01:00:00"},"row":["a","::1"],"mixed":["",1.5]}""",
            JsonText.Write(Assert.Single(await RowsAsync(reader))));
    }

    [Fact]
    public async Task A_type_without_a_text_is_named_with_its_column()
    {
        var reader = new FakeReader(["id", "shape"], ["int", "geometry"], [[1, new Opaque()]]);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => LoadAsync(reader));
        Assert.Contains("Column 'shape' of type geometry", error.Message, StringComparison.Ordinal);
        Assert.Contains("CAST(shape AS text)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of this run was loaded", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_the_provider_cannot_read_is_named_with_its_column()
    {
        var unreadable = new InvalidCastException("Reading as 'System.Object' is not supported for fields having DataTypeName "
            + "'public.comp'");
        var reader = new FakeReader(["id", "pair"], ["int", "public.comp"], [[1, "x"], [2, unreadable]]);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => LoadAsync(reader));
        Assert.StartsWith(
            "Column 'pair' of type public.comp cannot be read: Reading as 'System.Object' is not", error.Message, StringComparison.Ordinal);
        Assert.Same(unreadable, error.InnerException);
    }

    [Fact]
    public async Task A_whole_number_beyond_a_decimal_arrives_whole()
    {
        var number = BigInteger.Pow(10, 35) + 1;
        var overflow = new OverflowException("The value does not fit into a decimal.") { Data = { [typeof(BigInteger)] = number } };
        var rows = await RowsAsync(new FakeReader(["id", "n"], ["int", "numeric"], [[1, 1.5m], [2, overflow], [3, 2.5m]]));
        Assert.Equal([1, 2, 3], rows.Select(r => r["id"]!.AsInt64()));
        Assert.Contains(
            number.ToString(System.Globalization.CultureInfo.InvariantCulture), JsonText.Write(rows[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_with_values_of_a_providers_own_types_come_in_batches_of_many()
    {
        object[] values = [TimeSpan.FromSeconds(1), IPAddress.Loopback, PhysicalAddress.None, new BitArray(3), new Range<int>(1, 2),
            DayOfWeek.Friday];
        foreach (var value in values)
        {
            var rows = Enumerable.Range(0, 10_000).Select(i => new object?[] { i, i == 5 ? null : value });
            var reader = new FakeReader(["id", "v"], ["int", ""], rows);
            var pages = await new ReaderRows(reader).ReadAsync(Cancellation).ToListAsync(Cancellation);
            Assert.Equal(10_000, Assert.IsType<ItemBatch>(Assert.Single(pages)).Rows.Length);
        }
    }

    [Fact]
    public async Task Addresses_and_spans_in_objects_are_texts_too()
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(
            [
                Resource.Create("records", [new Visit(IPAddress.Loopback, new(IPAddress.IPv6Loopback, 80), TimeSpan.FromSeconds(1))]),
                Resource.Create("maps", [new Dictionary<string, object?>
                { ["Address"] = IPAddress.Loopback, ["Stay"] = TimeSpan.FromSeconds(1) }]),
            ],
            Cancellation);
        var record = (await Some.QueryAsync(account, "SELECT address, end_point, stay FROM records")).Rows[0];
        Assert.Equal(["127.0.0.1", "[::1]:80", "00:00:01"], record);
        Assert.Equal(["127.0.0.1", "00:00:01"], (await Some.QueryAsync(account, "SELECT address, stay FROM maps")).Rows[0]);
    }

    private static XmlDocument Xml(string text)
    {
        var document = new XmlDocument();
        document.LoadXml(text);
        return document;
    }

    private static async Task<List<JsonValue>> RowsAsync(DbDataReader reader)
    {
        var rows = new List<JsonValue>();
        await foreach (var page in new ReaderRows(reader).ReadAsync(Cancellation))
            rows.AddRange(page is ItemBatch batch ? BatchRows.ToItems(batch.Rows) : [Assert.IsType<JsonValue>(page)]);
        return rows;
    }

    private async Task<LocalAthena> LoadAsync(DbDataReader reader)
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Resource.FromReader("things", (_, _) => Task.FromResult(reader)), Cancellation);
        return account;
    }

    private sealed record Visit(IPAddress Address, IPEndPoint EndPoint, TimeSpan Stay);

    /// <summary>A provider's range whose text depends on the current culture, as in Npgsql.</summary>
    private sealed class Range<T>(T from, T to)
    {
        public override string ToString() => $"[{from},{to})";
    }

    /// <summary>A provider's list type whose text contains more than its items.</summary>
    private sealed class Numbers : List<int>
    {
        public override string ToString() => $"{{{string.Join(',', this)}}}";
    }

    private sealed class Opaque
    {
        public int Srid => throw new NotSupportedException("Operation not supported");
    }
}

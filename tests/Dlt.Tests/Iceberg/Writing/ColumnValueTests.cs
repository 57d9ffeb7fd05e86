using System.Globalization;
using Dlt.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Writing;

/// <summary>A column holds a value unchanged, or the writer refuses it with row and column.</summary>
public sealed class ColumnValueTests : IDisposable
{
    private static readonly PrimitiveType Text = new(PrimitiveKind.String);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, object> Refused => new()
    {
        { "float", 1e300 }, { "float", -1e39 }, { "float", "1e300" }, { "float", 16_777_217 },
        { "double", "1e999" }, { "double", 9_007_199_254_740_993L },
        { "decimal(9,2)", 12345678901.23m }, { "decimal(9,2)", 10_000_000m }, { "decimal(9,2)", -10_000_000m },
        { "decimal(9,2)", 1.005m }, { "decimal(9,2)", "1.005" }, { "decimal(9,2)", 10_000_000L },
        { "decimal(9,2)", (Int128)1_000_000_000 }, { "decimal(9,2)", 1e300 }, { "decimal(9,2)", double.NaN },
        { "decimal(18,2)", "99999999999999999999.5" }, { "decimal(38,0)", Int128.MaxValue }, { "decimal(1,0)", 10 },
        { "fixed[4]", new byte[] { 1, 1, 1, 1, 1 } }, { "fixed[4]", new byte[] { 2, 2, 2 } },
        { "fixed[4]", Array.Empty<byte>() }, { "fixed[4]", "0102" }, { "uuid", new byte[15] },
        { "date", "2024-02-30" }, { "date", "2023-02-29" }, { "date", "1900-02-29" }, { "date", "2024-13-01" },
        { "date", "2024-00-10" }, { "date", "24-05-06" }, { "date", "10000-01-01" }, { "date", "0000-12-31" },
        { "date", int.MaxValue }, { "date", int.MinValue }, { "date", 2_932_897 }, { "date", -719_163 }, { "date", 5_000_000_000L },
        { "time", "25:61:00" }, { "time", "24:00:00" }, { "time", "10:60" }, { "time", "10:00:60" },
        { "time", -1L }, { "time", 86_400_000_000L }, { "time", long.MaxValue },
        { "timestamp", "2024-02-30T00:00:00" }, { "timestamp", "2024-02-03T25:00:00" }, { "timestamp", long.MaxValue },
        { "timestamp", "10000-01-01T00:00:00" }, { "timestamptz", long.MaxValue }, { "timestamptz", long.MinValue },
        { "timestamptz", "2024-02-03T10:00:00+25:00" }, { "timestamptz", "2024-02-30T00:00:00Z" },
        { "string", "a\uD800" }, { "string", "\uDC00b" }, { "string", "\uD800\uD800\uDC00" }, { "string", new byte[] { 0xFF } },
        { "int", 2_147_483_648L }, { "int", "2147483648" }, { "int", 1.5 }, { "int", 0.5m },
        { "long", ulong.MaxValue }, { "long", "9223372036854775808" }, { "boolean", 1 }, { "boolean", "yes" },
    };

    [Theory, MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task A_value_that_the_column_cannot_hold_is_refused_with_its_row_and_column(string type, object value)
    {
        foreach (var byArrow in new[] { false, true })
        {
            var table = await OneColumn.CreateAsync(_folder.File("w"), PrimitiveType.Parse(type), byArrow);
            await using var writer = new DataFileWriter(table);
            await writer.AddAsync(OneColumn.Row(table, 0, null), Cancellation);
            var error = await Assert.ThrowsAsync<ArgumentException>(() => writer.AddAsync(OneColumn.Row(table, 1, value), Cancellation));
            Assert.StartsWith("Row 2: ", error.Message, StringComparison.Ordinal);
            var column = $"column 'v' of table '{table.Name}' ({PrimitiveType.Parse(type)})";
            Assert.Contains(column, error.Message, StringComparison.Ordinal);
            // The writer continues without the refused row.
            await writer.AddAsync(OneColumn.Row(table, 2, null), Cancellation);
            table = await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
            Assert.Equal([null, null], await OneColumn.ReadAsync(table));
        }
    }

    public static TheoryData<string, object, object> Held => new()
    {
        { "float", 0.1, 0.1f }, { "float", 1.5, 1.5f }, { "float", 1.5m, 1.5f }, { "float", "0.1", 0.1f },
        { "float", double.PositiveInfinity, float.PositiveInfinity }, { "float", double.NaN, float.NaN }, { "float", 7, 7f },
        { "float", -0.0, -0f }, { "double", "Infinity", double.PositiveInfinity }, { "double", 0.1f, (double)0.1f },
        { "double", 1L << 53, 9007199254740992.0 },
        { "decimal(9,2)", 9_999_999.99m, (Int128)999_999_999 }, { "decimal(9,2)", "-9999999.99", (Int128)(-999_999_999) },
        { "decimal(9,2)", 0.5, (Int128)50 }, { "decimal(9,2)", 1.500m, (Int128)150 },
        { "decimal(38,38)", "0.5", Int128.Parse("50000000000000000000000000000000000000", CultureInfo.InvariantCulture) },
        { "fixed[4]", new byte[] { 1, 2, 3, 4 }, new byte[] { 1, 2, 3, 4 } },
        { "uuid", "f79c3e09-677c-4bbd-a479-3f349cb785e7", Guid.Parse("f79c3e09-677c-4bbd-a479-3f349cb785e7") },
        { "date", "2024-02-29", 19_782 }, { "date", "2000-02-29", 11_016 }, { "date", "9999-12-31", 2_932_896 },
        { "date", "0001-01-01", -719_162 }, { "date", new DateOnly(1970, 1, 2), 1 },
        { "time", "23:59:59.999999", 86_399_999_999L }, { "time", 0L, 0L }, { "time", "10:30", 37_800_000_000L },
        { "timestamp", "1969-12-31T23:59:59.5", -500_000L }, { "timestamptz", "2024-02-29T01:00:00+02:00", 1_709_161_200_000_000L },
        { "timestamptz", DateTimeOffset.MaxValue, 253_402_300_799_999_999L }, { "timestamp", DateTime.MinValue, -62_135_596_800_000_000L },
        { "string", "😀", "😀" }, { "string", "", "" }, { "string", new byte[] { 0xC3, 0xA9 }, "é" },
        { "int", "-5", -5 }, { "int", 5m, 5 }, { "long", 5, 5L }, { "long", 5UL, 5L },
    };

    [Theory, MemberData(nameof(Held), DisableDiscoveryEnumeration = true)]
    public async Task A_value_in_a_form_of_dotnet_is_read_in_the_form_of_the_column(string type, object value, object read)
    {
        foreach (var byArrow in new[] { false, true })
            Assert.Equal([read],
                await OneColumn.ReadAsync(await OneColumn.AppendAsync(
                    await OneColumn.CreateAsync(_folder.File("w"), PrimitiveType.Parse(type), byArrow), value)));
    }

    [Fact]
    public async Task Values_within_structs_lists_and_maps_are_checked_as_columns_are()
    {
        var small = PrimitiveType.Decimal(3, 1);
        foreach (var (type, value, name) in new (IcebergType, object, string)[]
                 {
                     (new StructType([new(4, "f", new PrimitiveType(PrimitiveKind.Float))]), new object?[] { 1e300 }, "'v.f'"),
                     (new ListType(4, small), new[] { 1m, 1000m }, "'v.element'"),
                     (new MapType(4, Text, 5, small), new Dictionary<string, decimal> { ["a"] = 0.25m }, "'v.value'"),
                     (new MapType(4, PrimitiveType.Fixed(2), 5, small),
                         new List<KeyValuePair<object?, object?>> { new(new byte[3], 1m) }, "'v.key'"),
                     (new ListType(4, new StructType([new(5, "d", new PrimitiveType(PrimitiveKind.Date), true)])),
                         new object[] { new object?[] { null } }, "'v.element.d'"),
                 })
        {
            var table = await OneColumn.CreateAsync(_folder.File("w"), type);
            await using var writer = new DataFileWriter(table);
            var error = await Assert.ThrowsAsync<ArgumentException>(() => writer.AddAsync(OneColumn.Row(table, 0, value), Cancellation));
            Assert.Contains($"Row 1: ", error.Message, StringComparison.Ordinal);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_map_with_one_key_twice_is_refused()
    {
        IcebergType number = new PrimitiveType(PrimitiveKind.Long);
        foreach (var (type, keys) in new (MapType, object[])[]
                 {
                     (new(4, Text, 5, number), ["a", "b", "a"]), (new(4, number, 5, number), [1, 1L]),
                     (new(4, new PrimitiveType(PrimitiveKind.Binary), 5, number), [new byte[] { 1 }, new byte[] { 1 }]),
                     (new(4, new StructType([new(6, "x", Text)]), 5, number), [new object?[] { "q" }, new object?[] { "q" }]),
                     (new(4, new PrimitiveType(PrimitiveKind.Double), 5, number), [double.NaN, double.NaN]),
                 })
        {
            var table = await OneColumn.CreateAsync(_folder.File("w"), type);
            await using var writer = new DataFileWriter(table);
            var error = await Assert.ThrowsAsync<ArgumentException>(() =>
                writer.AddAsync(OneColumn.Row(table, 0, keys.Select(k => new KeyValuePair<object?, object?>(k, 1L)).ToList()),
                    Cancellation));
            Assert.Contains("twice", error.Message, StringComparison.Ordinal);
            Assert.Contains($"({table.Metadata.CurrentSchema.Find("v")!.Type})", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_partition_value_with_more_digits_than_its_type_is_refused()
    {
        var table = await OneColumn.CreateAsync(_folder.File("w"), PrimitiveType.Decimal(2, 0),
            spec: new PartitionSpec(0, [new(2, 1000, "part", Transform.Truncate(1000))]));
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync([1, 99m], Cancellation);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => writer.AddAsync([2, -99m], Cancellation));
        Assert.StartsWith("Row 2: the value of column 'v'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_double_in_an_identity_partition_of_a_float_is_the_float()
    {
        var table = await OneColumn.AppendAsync(await OneColumn.CreateAsync(_folder.File("w"),
            new PrimitiveType(PrimitiveKind.Float), spec: new PartitionSpec(0, [new(2, 1000, "part", Transform.Identity)])), 0.1, 1.5);
        Assert.Equal([0.1f, 1.5f], (await OneColumn.ReadAsync(table)).Order());
        Assert.Equal([0.1f], await OneColumn.ReadAsync(table, Filter.Equal("v", 0.1f)));
    }

    [Fact]
    public async Task Rows_from_updates_and_upserts_are_checked_too()
    {
        var table = await OneColumn.AppendAsync(await OneColumn.CreateAsync(_folder.File("w"), PrimitiveType.Decimal(4, 2)), 1m, 2m);
        foreach (var mode in new[] { RowChangeMode.CopyOnWrite, RowChangeMode.MergeOnRead })
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(() => table.NewTransaction()
                .UpdateAsync(Filter.Equal("id", 1), row => [row[0], (Int128)row[1]! * 100], mode, Cancellation));
            Assert.Contains("column 'v'", error.Message, StringComparison.Ordinal);
        }

        var upsert = await Assert.ThrowsAsync<ArgumentException>(
            () => table.NewTransaction().UpsertAsync([[1, 3m], [2, 100m]], ["id"], cancellationToken: Cancellation));
        Assert.StartsWith("Row 2: '100' does not fit column 'v'", upsert.Message, StringComparison.Ordinal);
        Assert.Equal([(Int128)100, (Int128)200],
            await OneColumn.ReadAsync(await table.Catalog!.LoadTableAsync(table.Identifier!, Cancellation)));
    }

    [Fact]
    public async Task Dates_beyond_the_calendar_that_another_engine_has_written_survive_a_change_of_other_rows()
    {
        var table = await OneColumn.CreateAsync(_folder.File("w"), new PrimitiveType(PrimitiveKind.Date));
        var file = _folder.File("spark.parquet");
        Duck.Execute("COPY (SELECT i::INTEGER AS id, CASE i WHEN 0 THEN DATE '12024-01-01' ELSE DATE '2024-01-01' END AS v FROM range(3) "
            + $"t(i)) TO '{file}' (FORMAT parquet, FIELD_IDS {{id: 1, v: 2}})");
        table = await table.NewTransaction()
            .Append([new DataFile { FilePath = file, RecordCount = 3, FileSizeInBytes = new FileInfo(file).Length }])
            .CommitAsync(Cancellation);
        table = await (await table.NewTransaction().DeleteAsync(Filter.Equal("id", 1), cancellationToken: Cancellation))
            .CommitAsync(Cancellation);
        Assert.Equal(["+12024-01-01", "2024-01-01"], (await OneColumn.ReadAsync(table)).Select(d => CivilDate.Text((int)d!)));
    }

    [Fact]
    public async Task A_decimal_with_a_digit_too_many_that_is_in_the_table_hinders_no_change_of_other_rows()
    {
        foreach (var spec in new[] { null, new PartitionSpec(0, [new(2, 1000, "part", Transform.Identity)]) })
        {
            var table = await OneColumn.CreateAsync(_folder.File("w"), PrimitiveType.Decimal(9, 2), spec: spec);
            var file = _folder.File($"{Guid.NewGuid():N}.parquet");
            Duck.Execute($"COPY (SELECT i::INTEGER AS id, 10000000.00::DECIMAL(10, 2) AS v FROM range(3) t(i)) TO '{file}' (FORMAT "
                + $"parquet, FIELD_IDS {{id: 1, v: 2}})");
            table = await table.NewTransaction()
                .Append([new DataFile
                {
                    FilePath = file,
                    RecordCount = 3,
                    FileSizeInBytes = new FileInfo(file).Length,
                    Partition = spec is null ? [] : [(Int128)1_000_000_000],
                }]).CommitAsync(Cancellation);
            table = await (await table.NewTransaction().DeleteAsync(Filter.Equal("id", 1), cancellationToken: Cancellation))
                .CommitAsync(Cancellation);
            Assert.Equal([(Int128)1_000_000_000, (Int128)1_000_000_000], await OneColumn.ReadAsync(table));
            Assert.Empty(
                await OneColumn.ReadAsync(await (await table.NewTransaction()
                    .DeleteAsync(Filter.GreaterOrEqual("v", 10_000_000m), cancellationToken: Cancellation)).CommitAsync(Cancellation)));
        }
    }

    [Fact]
    public async Task An_error_of_an_overwrite_counts_the_rows_that_were_given()
    {
        var table = await OneColumn.AppendAsync(await OneColumn.CreateAsync(_folder.File("w"), Text), "a", "b", "c");
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => table.NewTransaction().OverwriteAsync(Filter.Equal("id", 0), [[5, "d"], [6, "\uD800"]], Cancellation));
        Assert.StartsWith("Row 2: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_writer_hands_its_files_out_once()
    {
        var table = await OneColumn.CreateAsync(_folder.File("w"), Text);
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync([1, "a"], Cancellation);
        var files = await writer.CompleteAsync(Cancellation);
        Assert.Contains(table.Name, (await Assert.ThrowsAsync<InvalidOperationException>(() => writer.CompleteAsync(Cancellation))).Message,
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.AddAsync([2, "b"], Cancellation));
        Assert.Single(files);
    }

    [Fact]
    public async Task A_writer_whose_file_could_not_be_written_hands_out_none()
    {
        var table = await OneColumn.CreateAsync(_folder.File("w"), Text);
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync([1, "a"], Cancellation);
        var folder = Path.Combine(table.Metadata.Location["file://".Length..], "data");
        await File.WriteAllTextAsync(folder, "in the way", Cancellation);
        await Assert.ThrowsAnyAsync<Exception>(() => writer.CompleteAsync(Cancellation));
        File.Delete(folder);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => writer.CompleteAsync(Cancellation));
        Assert.Contains("could not be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_another_table_are_refused()
    {
        var (a, b) = (await OneColumn.CreateAsync(_folder.File("w"), Text), await OneColumn.CreateAsync(_folder.File("w"), Text));
        await using var writer = new DataFileWriter(a);
        await writer.AddAsync([1, "a"], Cancellation);
        var files = await writer.CompleteAsync(Cancellation);
        foreach (var change in new Func<Transaction>[]
        {
            () => b.NewTransaction().Append(files),
            () => b.NewTransaction().ReplaceAll(files),
            () => b.NewTransaction().ReplacePartitions(files),
        })
        {
            var error = await Assert.ThrowsAsync<IcebergException>(() => change().CommitAsync(Cancellation));
            Assert.Equal(IcebergError.Illegal, error.Error);
            Assert.Contains("another table", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["a"], await OneColumn.ReadAsync(await a.NewTransaction().Append(files).CommitAsync(Cancellation)));
    }
}

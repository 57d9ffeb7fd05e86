using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Transactions;

/// <summary>Rules of schemas and partition specs that other engines insist on, and names that have dots.</summary>
public sealed class SchemaRulesTests : IDisposable
{
    private static readonly PrimitiveType Text = new(PrimitiveKind.String);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Schema Items { get; } = new(
    [
        new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "at", new PrimitiveType(PrimitiveKind.Timestamp)),
        new(3, "code", PrimitiveType.Parse("fixed[4]")),
        new(4, "address", new StructType([new(5, "city", Text)])), new(6, "lines", new ListType(7, new StructType([new(8, "sku", Text)]))),
    ]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_units_of_time_of_one_column_are_not_in_one_new_spec()
    {
        var both = new PartitionSpec(0, [new(2, 1000, "at_month", Transform.Month), new(2, 1001, "at_day", Transform.Day)]);
        var error = await Assert.ThrowsAsync<IcebergException>(
            () => Catalog().CreateTableAsync(new("ns", "t"), Items, both, cancellationToken: Cancellation));
        Assert.Contains("'at_month' or 'at_day'", error.Message, StringComparison.Ordinal);
        var table = await Catalog().CreateTableAsync(new("ns", "t"), Items, cancellationToken: Cancellation);
        await Assert.ThrowsAsync<IcebergException>(() => table.NewTransaction()
            .UpdateSpec(s => s.AddField("at", Transform.Month).AddField("at", Transform.Hour)).CommitAsync(Cancellation));
        table = await table.NewTransaction().UpdateSpec(s => s.AddField("at", Transform.Month)).CommitAsync(Cancellation);
        // Java allows this too.
        table = await table.NewTransaction().UpdateSpec(s => s.AddField("at", Transform.Day)).CommitAsync(Cancellation);
        Assert.Equal(["at_month", "at_day"], table.Metadata.DefaultSpec.Fields.Select(f => f.Name));
    }

    [Fact]
    public async Task A_partition_field_has_an_id_of_its_own_and_keeps_it_when_it_comes_back()
    {
        var table = await Catalog().CreateTableAsync(new("ns", "t"), Items, cancellationToken: Cancellation);
        async Task ChangeAsync(Func<PartitionSpecUpdate, PartitionSpecUpdate> change) =>
            table = await table.NewTransaction().UpdateSpec(s => change(s)).CommitAsync(Cancellation);

        await ChangeAsync(s => s.AddField("id", Transform.Bucket(4)));
        await ChangeAsync(s => s.AddField("code", Transform.Bucket(4)).AddField("id", Transform.Bucket(8)));
        Assert.Equal([1000, 1001, 1002], table.Metadata.DefaultSpec.Fields.Select(f => f.FieldId));
        await ChangeAsync(s => s.RemoveField("code_bucket_4"));
        await ChangeAsync(s => s.AddField("code", Transform.Bucket(4)));
        Assert.Equal(
            [("id_bucket_4", 1000), ("id_bucket_8", 1002), ("code_bucket_4", 1001)],
            table.Metadata.DefaultSpec.Fields.Select(f => (f.Name, f.FieldId)));
    }

    [Fact]
    public async Task No_new_spec_has_values_that_java_does_not_read()
    {
        var spec = new PartitionSpec(0, [new(3, 1000, "code", Transform.Identity)]);
        var error = await Assert.ThrowsAsync<IcebergException>(
            () => Catalog().CreateTableAsync(new("ns", "t"), Items, spec, cancellationToken: Cancellation));
        Assert.Contains("fixed", error.Message, StringComparison.Ordinal);
        var table = await Catalog().CreateTableAsync(new("ns", "t"), Items, cancellationToken: Cancellation);
        await Assert.ThrowsAsync<IcebergException>(
            () => table.NewTransaction().UpdateSpec(s => s.AddField("code", Transform.Identity)).CommitAsync(Cancellation));
        Assert.Equal(Transform.Bucket(4),
            (await table.NewTransaction().UpdateSpec(s => s.AddField("code", Transform.Bucket(4)))
                .CommitAsync(Cancellation)).Metadata.DefaultSpec.Fields[0].Transform);
    }

    [Fact]
    public async Task A_clash_that_a_table_has_already_hinders_no_other_change_and_can_be_mended()
    {
        var table = await Catalog().CreateTableAsync(new("ns", "t"), Items, new PartitionSpec(0, [new(2, 1000, "at_day", Transform.Day)]),
            cancellationToken: Cancellation);
        var broken = table.Metadata with
        {
            Schemas = [new Schema(table.Metadata.CurrentSchema.Fields.Add(new NestedField(90, "at_day", Text)), 0)],
            LastColumnId = 90,
        };
        var changed = SchemaUpdate.Apply(broken, s => s.AddColumn("more", Text));
        Assert.NotNull(changed.CurrentSchema.Find("more"));
        Assert.NotNull(SchemaUpdate.Apply(changed, s => s.RenameColumn("at_day", "day_text")).CurrentSchema.Find("day_text"));
        Assert.Throws<IcebergException>(() => SchemaUpdate.Apply(broken, s => s.DropColumn("at_day").AddColumn("at_day", Text)));
    }

    [Fact]
    public async Task The_identity_of_a_column_may_have_its_name_but_no_other_column_may_have_it_later()
    {
        var table = await Catalog().CreateTableAsync(new("ns", "t"), Items, new PartitionSpec(0, [new(1, 1000, "id", Transform.Identity)]),
            cancellationToken: Cancellation);
        table = await table.NewTransaction().UpdateSchema(s => s.RenameColumn("id", "key")).CommitAsync(Cancellation);
        await Assert.ThrowsAsync<IcebergException>(
            () => table.NewTransaction().UpdateSchema(s => s.AddColumn("id", Text)).CommitAsync(Cancellation));
        await table.NewTransaction().UpdateSchema(s => s.RenameColumn("key", "id")).CommitAsync(Cancellation);
    }

    [Fact]
    public async Task A_path_names_a_nested_field_and_a_dot_in_a_name_is_a_dot()
    {
        var table = await Catalog().CreateTableAsync(new("ns", "t"), Items, cancellationToken: Cancellation);
        table = await table.NewTransaction().UpdateSchema(s => s
            .AddColumn(["address", "zip.code"], Text)
            .AddColumn(["a.b"], Text)
            .AddColumn(["lines", "element", "price"], new PrimitiveType(PrimitiveKind.Int))
            .RenameColumn(["address", "zip.code"], "zip")
            .PromoteColumn(["lines", "element", "price"], new PrimitiveType(PrimitiveKind.Long))
            .SetDoc(["a.b"], "a dot")
            .MoveColumn(["address", "zip"], null)
            .DropColumn(["address", "city"])).CommitAsync(Cancellation);
        Assert.Equal(["zip"], ((StructType)table.Metadata.CurrentSchema.Find("address")!.Type).Fields.Select(f => f.Name));
        Assert.Equal(new PrimitiveType(PrimitiveKind.Long), table.Metadata.CurrentSchema.Find("lines.element.price")!.Type);
        Assert.Equal("a.b", table.Metadata.CurrentSchema.Fields[^1].Name);
    }

    [Theory]
    [InlineData("adress", "city")]
    [InlineData("id", "city")]
    [InlineData("lines", "sku")]
    [InlineData("address.city")]
    public async Task A_path_to_nowhere_is_refused_instead_of_making_a_column_with_a_dot(params string[] path)
    {
        var table = await Catalog().CreateTableAsync(new("ns", "t"), Items, cancellationToken: Cancellation);
        var error = await Assert.ThrowsAsync<IcebergException>(() => table.NewTransaction()
            .UpdateSchema(s => s.AddColumn(path is ["lines", ..] ? ["lines", "elements", "x"] : path, Text)).CommitAsync(Cancellation));
        Assert.Equal(IcebergError.Illegal, error.Error);
        Assert.Equal(table.MetadataLocation, (await table.ReloadAsync(Cancellation)).MetadataLocation);
    }

    [Fact]
    public async Task Long_partition_values_make_short_folders_that_stay_apart()
    {
        var schema = new Schema([.. Enumerable.Range(1, 8).Select(i => new NestedField(i, $"p{i}", Text))]);
        var spec = new PartitionSpec(
            0, [.. Enumerable.Range(1, 8).Select(i => new PartitionField(i, 999 + i, $"p{i}", Transform.Identity))]);
        var table = await Catalog().CreateTableAsync(new("ns", "long"), schema, spec, cancellationToken: Cancellation);
        await using var writer = new DataFileWriter(table);
        foreach (var end in new[] { "a", "b" })
            await writer.AddAsync([.. Enumerable.Repeat<object?>(new string('é', 200) + end, 8)], Cancellation);
        table = await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        var folders = await table.Scan().PlanFilesAsync(Cancellation)
            .Select(t => Path.GetDirectoryName(t.File.FilePath[table.Metadata.Location.Length..])!).ToListAsync(Cancellation);
        Assert.Equal(2, folders.Distinct().Count());
        Assert.All(folders, f => Assert.InRange(f.Length, 1, 700));
        Assert.Equal(2, (await TableScanRows.ReadAsync(table.Scan())).Count);
    }

    private FolderCatalog Catalog() => new(_folder.Path) { DataFileReader = new ParquetDataFileReader() };
}

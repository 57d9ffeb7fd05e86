using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Maintenance;

/// <summary>Tables that share a folder, and partition fields that were removed from the spec.</summary>
public sealed class SharedFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly GlueCatalog _later;

    public SharedFolderTests()
    {
        var account = Some.Account(_folder);
        account.Glue.CreateDatabaseAsync(new() { Name = "ns" }, Cancellation).GetAwaiter().GetResult();
        _later = new GlueCatalog(
            account.Glue, account.Objects, time: new ShiftedClock(TimeSpan.FromDays(10)))
        { DataFileReader = new ParquetDataFileReader() };
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("location"), InlineData("write.data.path"), InlineData("inside")]
    public async Task Orphans_in_a_shared_folder_are_not_removed(string shared)
    {
        var data = new Dictionary<string, string> { ["write.data.path"] = "s3://lake/pool" };
        var a = await MakeAsync("a", "s3://lake/ns/a", shared == "write.data.path" ? data : null);
        var b = await MakeAsync("b",
            shared switch { "location" => "s3://lake/ns/a", "inside" => "s3://lake/ns/a/data/b", _ => "s3://lake/ns/b" },
            shared == "write.data.path" ? data : null);
        var error = await Assert.ThrowsAsync<IcebergException>(() => a.RemoveOrphanFilesAsync(cancellationToken: Cancellation));
        Assert.Equal(IcebergError.Illegal, error.Error);
        Assert.Equal([1.5], await OneColumn.ReadAsync(await _later.LoadTableAsync(b.Identifier!, Cancellation)));
    }

    [Fact]
    public async Task Replacing_partitions_of_a_table_without_partitions_replaces_the_rows_of_older_specs_too()
    {
        var schema = OneColumn.Schema(new PrimitiveType(PrimitiveKind.String));
        var table = await _later.CreateTableAsync(new("ns", "p"), schema, new PartitionSpec(0, [new(2, 1000, "v", Transform.Identity)]),
            location: "s3://lake/ns/p", cancellationToken: Cancellation);
        table = await OneColumn.AppendAsync(table, "a", "b");
        table = await table.NewTransaction().UpdateSpec(update => update.RemoveField("v")).CommitAsync(Cancellation);
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync([9, "new"], Cancellation);
        table = await table.NewTransaction().ReplacePartitions(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        Assert.Equal(["new"], await OneColumn.ReadAsync(table));
    }

    [Fact]
    public async Task The_opposite_of_an_ordering_matches_nan_and_not_null()
    {
        var table = await OneColumn.AppendAsync(await MakeAsync("n", "s3://lake/ns/n", null), 3.0, double.NaN, 2000.0, null);
        Assert.Equal([double.NaN, 2000.0], await OneColumn.ReadAsync(table, Filter.Not(Filter.Less("v", 1000.0))));
        Assert.Equal([3.0, 1.5], await OneColumn.ReadAsync(table, Filter.Not(Filter.Not(Filter.Less("v", 1000.0)))));
        table = await (await table.NewTransaction().DeleteAsync(Filter.Not(Filter.Less("v", 1000.0)), cancellationToken: Cancellation))
            .CommitAsync(Cancellation);
        Assert.Equal([1.5, 3.0, null], (await OneColumn.ReadAsync(table)).OrderBy(v => v ?? 9e9));
    }

    private async Task<Table> MakeAsync(string name, string location, Dictionary<string, string>? properties)
    {
        var table = await _later.CreateTableAsync(new("ns", name), OneColumn.Schema(new PrimitiveType(PrimitiveKind.Double)),
            location: location, properties: properties, cancellationToken: Cancellation);
        return await OneColumn.AppendAsync(table, 1.5);
    }
}

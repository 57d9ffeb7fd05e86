using Dlt.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg;

/// <summary>Engines sort uuids in two orders. Our bounds are safe in both orders, and we read theirs safely.</summary>
public sealed class UuidOrderTests : IDisposable
{
    private static readonly Guid Zero = Guid.Empty, High = Guid.Parse("f79c3e09-677c-4bbd-a479-3f349cb785e7"),
    All = Guid.Parse("ffffffff-ffff-ffff-ffff-ffffffffffff"), Low = Guid.Parse("10000000-0000-4000-8000-000000000000");
    private static readonly PrimitiveType Uuid = new(PrimitiveKind.Uuid);
    private static readonly PartitionSpec ByUuid = new(0, [new(2, 1000, "p", Transform.Identity)]);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_manifest_whose_uuids_two_orders_sort_otherwise_has_no_summary()
    {
        Assert.True((await ManifestAsync(await AppendAsync(Zero, High, All))).Partitions.IsDefault);
        var safe = Assert.Single((await ManifestAsync(await AppendAsync(Zero, Low))).Partitions);
        Assert.Equal((Zero, Low), (new Guid(safe.LowerBound!, bigEndian: true), new Guid(safe.UpperBound!, bigEndian: true)));
    }

    [Fact]
    public async Task Every_uuid_is_found_whichever_way_its_table_is_pruned()
    {
        foreach (var spec in new[] { null, ByUuid })
        {
            var table = await OneColumn.AppendAsync(await OneColumn.CreateAsync(_folder.File("w"), Uuid, spec: spec), Zero, High, All, Low);
            foreach (var id in new[] { Zero, High, All, Low }) Assert.Equal([id], await OneColumn.ReadAsync(table, Filter.Equal("v", id)));
            Assert.Equal([High, All], (await OneColumn.ReadAsync(table, Filter.Greater("v", Low))).Cast<Guid>().OrderBy(g => g == All));
            Assert.Equal([Zero], await OneColumn.ReadAsync(table, Filter.Less("v", Low)));
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Bounds_in_the_order_of_another_engine_prune_no_manifest_that_has_the_value(bool isJava)
    {
        Guid[] values = [Zero, Low, High, All];
        var compare = isJava ? (Comparison<Guid>)UuidRange.CompareSigned : UuidRange.Compare;
        var sorted = values.Order(Comparer<Guid>.Create(compare)).ToArray();
        var schema = OneColumn.Schema(Uuid);
        var manifest = new ManifestFile
        {
            Path = "m",
            Partitions = [new(false, false, SingleValue.Encode(Uuid, sorted[0]), SingleValue.Encode(Uuid, sorted[^1]))],
        };
        foreach (var filter in values.SelectMany(v =>
            new[] { Filter.Equal("v", v), Filter.In("v", v, Guid.NewGuid()), Filter.LessOrEqual("v", v), Filter.GreaterOrEqual("v", v) }))
            Assert.True(new PartitionFilter(FilterBinder.Bind(filter, schema), ByUuid, schema).MayMatch(manifest));
    }

    [Fact]
    public void A_uuid_beyond_the_bounds_of_both_orders_prunes_the_manifest()
    {
        var schema = OneColumn.Schema(Uuid);
        var manifest = new ManifestFile
        {
            Path = "m",
            Partitions = [new(false, false, SingleValue.Encode(Uuid, Zero), SingleValue.Encode(Uuid, Low))],
        };
        Assert.False(new PartitionFilter(FilterBinder.Bind(Filter.Equal("v", High), schema), ByUuid, schema).MayMatch(manifest));
    }

    [Fact]
    public void The_metrics_of_a_file_of_java_prune_no_uuid_that_it_has()
    {
        // Row groups of {00, ff} and {10}: the least and greatest of each by their bytes, joined in Java's order.
        var file = new DataFile
        {
            FilePath = "f",
            RecordCount = 3,
            ValueCounts = new Dictionary<int, long> { [2] = 3 },
            NullValueCounts = new Dictionary<int, long> { [2] = 0 },
            LowerBounds = new Dictionary<int, byte[]> { [2] = SingleValue.Encode(Uuid, Zero)! },
            UpperBounds = new Dictionary<int, byte[]> { [2] = SingleValue.Encode(Uuid, Low)! },
        };
        var schema = OneColumn.Schema(Uuid);
        Assert.True(new MetricsFilter(schema, file).MayMatch(FilterBinder.Bind(Filter.Equal("v", High), schema)));
        Assert.False(new MetricsFilter(schema, file).AllMatch(FilterBinder.Bind(Filter.LessOrEqual("v", Low), schema)));
    }

    [Fact]
    public async Task The_next_commit_takes_a_summary_that_is_misread_out_of_the_list()
    {
        var table = await AppendAsync(Zero, Low);
        var old = await ManifestAsync(
            table) with
        { Partitions = [new(false, false, SingleValue.Encode(Uuid, Zero), SingleValue.Encode(Uuid, All))] };
        Assert.True(UuidSummaries.Safe(old, table.Metadata).Partitions.IsDefault);
        var safe = await ManifestAsync(table);
        Assert.Same(safe, UuidSummaries.Safe(safe, table.Metadata));
    }

    private async Task<Table> AppendAsync(params Guid[] values) =>
        await OneColumn.AppendAsync(await OneColumn.CreateAsync(_folder.File("w"), Uuid, spec: ByUuid), [.. values.Cast<object?>()]);

    private static async Task<ManifestFile> ManifestAsync(Table table) =>
        Assert.Single(await new SnapshotReader(table.Files, table.Metadata).ManifestsAsync(table.Metadata.CurrentSnapshot!, Cancellation));
}

using Dlt.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Transactions.Merge;

/// <summary>A merge by few keys reads only the row groups that can have one of them by their Bloom filters.</summary>
public sealed class MergeBloomTests : IDisposable
{
    private const int Rows = 4000;
    private const int Prime = 2749;   // spreads consecutive numbers over all keys, so that bounds leave out nothing

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("string", false)]
    [InlineData("long", false)]
    [InlineData("string", true)]
    public async Task Row_groups_without_a_key_are_not_read(string type, bool isCompound)
    {
        var table = await CreateAsync(type, withBlooms: true);
        var (read, plan) = await RemoveAsync(table, type, isCompound, [17, 1800]);
        Assert.Equal(2, plan.Removed);
        Assert.InRange(read, 2, Rows / 4);
        var (all, _) = await RemoveAsync(await CreateAsync(type, withBlooms: false), type, isCompound, [17, 1800]);
        Assert.Equal(Rows, all);
    }

    [Fact]
    public async Task Keys_that_no_row_has_read_no_row()
    {
        var table = await CreateAsync("string", withBlooms: true);
        var (read, plan) = await RemoveAsync(table, "string", isCompound: false, [-1]);
        Assert.Equal((0, 0L), (read, plan.Removed));
        Assert.Empty(plan.RemovedFiles);
    }

    [Fact]
    public async Task A_filter_with_an_equality_reads_only_row_groups_that_may_have_the_value()
    {
        var table = await CreateAsync("string", withBlooms: true);
        var filter = Filter.Equal("k", (string)KeyOf("string", 17));
        var condition = new CountedCondition(FilterCondition.Of(filter, table.Metadata.CurrentSchema));
        var plan = await new TableMerge(table).PlanAsync(new MergeRequest { Removed = condition }, Cancellation);
        Assert.Equal(1, plan.Removed);
        Assert.InRange(condition.Rows, 1, Rows / 4);
    }

    private static object?[] RowOf(string type, int number) => [KeyOf(type, number), Math.Abs(number % 5)];

    /// <summary>Key of a row. Below zero: a key within the bounds of all row groups that no row has.</summary>
    private static object KeyOf(string type, int number)
    {
        var spread = Math.Abs((long)number) * Prime % Rows;
        var key = number < 0 ? spread * 2 + 1 : spread * 2;
        return type == "long" ? key : $"key {key:0000}";
    }

    private static async Task<(int Read, MergePlan Plan)> RemoveAsync(Table table, string type, bool isCompound, int[] numbers)
    {
        using var keys = new KeySet();
        var rows = numbers.Select(n => RowOf(type, n));
        string[] names = isCompound ? ["k", "n"] : ["k"];
        var condition = new CountedCondition(MergeTable.KeysOf(table, rows, keys, 0, names));
        var plan = await new TableMerge(table).PlanAsync(new MergeRequest { Removed = condition }, Cancellation);
        return (condition.Rows, plan);
    }

    private async Task<Table> CreateAsync(string type, bool withBlooms)
    {
        var kind = type == "long" ? PrimitiveKind.Long : PrimitiveKind.String;
        var properties = new Dictionary<string, string> { ["write.parquet.row-group-size-bytes"] = "4000" };
        if (withBlooms) properties["write.parquet.bloom-filter-enabled.column.k"] = "true";
        var schema = new Schema([new(1, "k", new PrimitiveType(kind)), new(2, "n", new PrimitiveType(PrimitiveKind.Int))]);
        var table = await MergeTable.Catalog(_folder.Path).CreateTableAsync(
            new("db", $"t{withBlooms}"), schema, properties: properties, cancellationToken: Cancellation);
        return await MergeTable.AppendAsync(table, [.. Enumerable.Range(0, Rows).Select(i => RowOf(type, i))]);
    }

    /// <summary>Counts the rows that a condition looks at.</summary>
    private sealed class CountedCondition(RowCondition condition) : RowCondition
    {
        private int _rows;

        public int Rows => _rows;

        public override IEnumerable<NestedField> Fields => condition.Fields;

        public override IEnumerable<NestedField> Compared => condition.Compared;

        public override bool MayMatch(TableMetadata metadata, DataFile file) => condition.MayMatch(metadata, file);

        public override bool MayMatch(RowGroupFacts group) => condition.MayMatch(group);

        public override void Evaluate(RowBatch batch, Span<bool> matches)
        {
            Interlocked.Add(ref _rows, batch.Rows);
            condition.Evaluate(batch, matches);
        }
    }
}

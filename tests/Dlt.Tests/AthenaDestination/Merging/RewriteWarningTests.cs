using Dlt.Destinations.Publishing.Merging;
using Dlt.Iceberg;
using Dlt.Tests.Support;
using MergeTable = Dlt.Tests.Iceberg.Transactions.Merge.MergeTable;

namespace Dlt.Tests.AthenaDestination.Merging;

public sealed class RewriteWarningTests : IDisposable
{
    private const long Gibi = 1L << 30;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("writes 1 file again, 10 GiB.", 10 * Gibi)]
    [InlineData("writes 3 files again, 12.5 GiB.", 6 * Gibi, 6 * Gibi, Gibi / 2)]
    public void A_merge_that_writes_ten_GiB_again_warns_with_files_and_size(string what, params long[] sizes)
    {
        var warning = Assert.Single(WarningsOf(sizes));
        Assert.Contains($"The merge of table 'orders' {what}", warning, StringComparison.Ordinal);
        Assert.Contains("set the table property write.merge.mode to merge-on-read", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_merge_that_writes_less_does_not_warn() => Assert.Empty(WarningsOf([10 * Gibi - 1]));

    [Theory]
    [InlineData("copy-on-write", 1)]
    [InlineData("merge-on-read", 0)]
    public async Task Only_files_that_keep_rows_and_are_written_again_count(string mode, int files)
    {
        var schema = new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Int)), new(2, "v", new PrimitiveType(PrimitiveKind.String))]);
        var table = await MergeTable.Catalog(_folder.Path).CreateTableAsync(
            new("db", "t"), schema, properties: new Dictionary<string, string> { ["write.merge.mode"] = mode },
            cancellationToken: Cancellation);
        table = await MergeTable.AppendAsync(table, [1, "partly"], [2, "stays"]);
        table = await MergeTable.AppendAsync(table, [3, "whole"]);
        table = await MergeTable.AppendAsync(table, [4, "untouched"]);
        using var keys = new KeySet();
        var rewritten = new List<DataFile>();
        await new TableMerge(table).PlanAsync(
            new() { Removed = MergeTable.KeysOf(table, [[1, null], [3, null]], keys, 0, "id"), OnRewrite = rewritten.AddRange },
            Cancellation);
        Assert.Equal(files, rewritten.Count);
        Assert.All(rewritten, file => Assert.Equal(2, file.RecordCount));
    }

    private static List<string> WarningsOf(long[] sizes)
    {
        var warnings = new List<string>();
        RewriteWarning.Check("orders", [.. sizes.Select(s => new DataFile { FilePath = "f", FileSizeInBytes = s })], warnings.Add);
        return warnings;
    }
}

using Dlt.Iceberg;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Staging;

/// <summary>Loads write the Bloom filters that the table wants.</summary>
public sealed class BloomFilterLoadTests : AccountTests
{
    [Fact]
    public async Task A_row_group_of_a_load_excludes_values_that_it_does_not_have()
    {
        var hints = Iceberg with
        {
            Additional =
            [
                new("x-athena-table-properties", JsonValue.Object(
                    ("write.parquet.bloom-filter-enabled.column.sha", JsonValue.String("true")))),
            ],
        };
        await Some.Pipeline(Account).RunAsync(Some.Resource("commits", hints, """{"sha":"abc"}""", """{"sha":"def"}"""), Cancellation);
        var table = await new GlueCatalog(Account.Glue, Account.Objects).LoadTableAsync(new("ds", "commits"), Cancellation);
        var file = (await table.Scan().PlanFilesAsync(Cancellation).SingleAsync(Cancellation)).File;
        var stream = await table.Files.OpenAsync(file.FilePath, file.FileSizeInBytes, Cancellation);
        await using (stream)
        {
            var blooms = await FileBlooms.OpenAsync(stream, file.FilePath, Cancellation);
            var id = table.Metadata.CurrentSchema.Find("sha")!.Id;
            var bloom = await blooms!.FindAsync(0, id, new(PrimitiveKind.String), Cancellation);
            Assert.True(bloom!.MayContain("abc") && bloom.MayContain("def"));
            Assert.False(bloom.MayContain("abd"));
        }

        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM commits WHERE sha = 'def'"));
    }
}

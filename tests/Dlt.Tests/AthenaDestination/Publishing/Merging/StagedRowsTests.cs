using Dlt.Destinations.Publishing.Merging;
using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Tests.AthenaDestination.Publishing.Merging;

/// <summary>The staged rows of a merge are numbered by 31 bits.</summary>
public sealed class StagedRowsTests
{
    [Fact]
    public void A_load_with_more_rows_than_a_merge_takes_is_refused_with_the_table_and_the_remedy()
    {
        DataFile Of(long rows) => new() { FilePath = "f", RecordCount = rows };
        Assert.Equal(2_000_000_000, StagedRows.CountOf("ds.items", [Of(1_500_000_000), Of(500_000_000)]));
        var error = Assert.Throws<SchemaException>(() => StagedRows.CountOf("ds.items", [Of(1_500_000_000), Of(700_000_000)]));
        Assert.StartsWith("One load has 2200000000 rows for table 'ds.items', and a merge takes 2147483591", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("merge_engine = \"athena\"", error.Message, StringComparison.Ordinal);
    }
}

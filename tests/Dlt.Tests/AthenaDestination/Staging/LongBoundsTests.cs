using System.Text;
using Dlt.Iceberg;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Staging;

/// <summary>Loads write bounds of the length that the table wants, although the footers of their files have shorter ones.</summary>
public sealed class LongBoundsTests : AccountTests
{
    [Theory, InlineData("full", 200), InlineData("truncate(100)", 100), InlineData("truncate(16)", 16)]
    public async Task The_bounds_of_a_long_text_are_those_that_the_table_wants(string mode, int length)
    {
        var hints = Iceberg with
        {
            Additional =
            [
                new("x-athena-table-properties", JsonValue.Object(("write.metadata.metrics.column.note", JsonValue.String(mode)))),
            ],
        };
        var rows = $$"""{"note":"{{new string('a', 200)}}"}""";
        await Some.Pipeline(Account).RunAsync(Some.Resource("commits", hints, rows), Cancellation);
        var table = await new GlueCatalog(Account.Glue, Account.Objects).LoadTableAsync(new("ds", "commits"), Cancellation);
        var file = (await table.Scan().PlanFilesAsync(Cancellation).SingleAsync(Cancellation)).File;
        var id = table.Metadata.CurrentSchema.Find("note")!.Id;
        Assert.Equal(new string('a', length), Encoding.UTF8.GetString(file.LowerBounds![id]));
        var upper = length == 200 ? new string('a', 200) : new string('a', length - 1) + 'b';
        Assert.Equal(upper, Encoding.UTF8.GetString(file.UpperBounds![id]));
    }
}

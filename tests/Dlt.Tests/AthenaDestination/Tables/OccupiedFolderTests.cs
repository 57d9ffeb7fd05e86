using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>A new external table over a folder that holds objects shows their rows, so the load says how many there are.</summary>
public sealed class OccupiedFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(true), InlineData(false)]
    public async Task Objects_in_the_folder_of_a_new_table_are_warned_of_with_their_number(bool isNewDataset)
    {
        var account = Some.Account(_folder);
        var warnings = new List<string>();
        if (!isNewDataset) await new Machine(account).RunAsync(Some.Resource("others", """{"a":1}"""), warnings: warnings);
        foreach (var name in new[] { "items/1.parquet", "items/2.parquet", "itemsother/3.parquet" })
        {
            var place = new ObjectLocation("lake", $"ds/{name}");
            await account.Objects.PutAsync(place, "x"u8.ToArray(), cancellationToken: TestContext.Current.CancellationToken);
        }
        await new Machine(account).RunAsync(Some.Resource("items", """{"a":1}"""), warnings: warnings);
        var warning = Assert.Single(warnings, w => w.Contains("object(s)", StringComparison.Ordinal));
        Assert.StartsWith("Table 'items' is new, and its folder s3://lake/ds/items/ holds 2 object(s) already", warning,
            StringComparison.Ordinal);
        await new Machine(account).RunAsync(Some.Resource("items", """{"a":1}"""), warnings: warnings);
        Assert.Single(warnings, w => w.Contains("object(s)", StringComparison.Ordinal));
    }
}

using Dlt.Destinations.Publishing;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>Which tables a load may swap while another load is under way.</summary>
public sealed class SwapChoiceTests : AccountTests
{
    private static readonly DateTime Since = new(2026, 11, 28, 12, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Now = Since + ReplaceRule.MaxSilence + TimeSpan.FromHours(1);

    /// <param name="began">Seconds after the dataset was marked at which the other load began.</param>
    /// <param name="silent">Seconds more than the longest silence since the other load wrote its object.</param>
    /// <param name="swapped">The tables that may be swapped.</param>
    [Theory]
    [InlineData(0, -1, "tags")]
    [InlineData(-1, -1, "tags")]
    [InlineData(1, -1, "items tags")]
    [InlineData(0, 0, "items tags")]
    [InlineData(0, 1, "items tags")]
    public async Task A_table_of_a_load_that_does_not_look_for_swaps_is_not_swapped_until_that_load_is_silent(
        int began, int silent, string swapped)
    {
        var dataset = new ObjectLocation("lake", "ds");
        var folder = new PublishFolder(Account.Objects, dataset);
        await folder.MarkSwapsAsync(Cancellation);
        await folder.TryAddAsync(LoadOf("2.0", Since.AddSeconds(began)), Cancellation);
        await folder.TryAddAsync(LoadOf("3.0", Now), Cancellation);
        SetTime(dataset.Combine("_dlt_publish/swap-location"), Since);
        SetTime(folder.LocationOf("2.0"), Now - ReplaceRule.MaxSilence - TimeSpan.FromSeconds(silent));
        SetTime(folder.LocationOf("3.0"), Now);
        var chosen = await new SwapChoice(folder).OfAsync("9.0", ["items", "tags"], new HashSet<string> { "3.0" }, Cancellation);
        Assert.Equal(swapped, string.Join(' ', chosen.Order(StringComparer.Ordinal)));
    }

    private static PublishObject LoadOf(string id, DateTime began) => new()
    {
        LoadId = id,
        SchemaName = "shop",
        Began = began,
        Tables = [new("items", "append", [$"ds/items/{id}.a.parquet"])],
    };

    private void SetTime(ObjectLocation location, DateTime time) =>
        File.SetLastWriteTimeUtc(((FolderObjectStore)Account.Objects).PathOf(location), time);
}

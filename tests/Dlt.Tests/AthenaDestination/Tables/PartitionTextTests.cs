using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>Texts that cannot be the partition of a row of an external table.</summary>
public sealed class PartitionTextTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("__HIVE_DEFAULT_PARTITION__", "of which queries read null", "projection")]
    [InlineData("__HIVE_DEFAULT_PARTITION__", "of which queries read null", "glue")]
    [InlineData("a\\u0000b", "a NUL character", "projection")]
    [InlineData("a\\u0000b", "a NUL character", "glue")]
    public async Task A_text_of_which_queries_would_read_another_is_refused_before_anything_is_uploaded(
        string text, string why, string listing)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints
        {
            Partitions = [Partition.Identity("country")],
            Additional = [new("x-athena-hive-partitions", JsonValue.String(listing))],
        };
        var machine = new Machine(account);
        await machine.RunAsync(Some.Resource("orders", hints, """{"id":1,"country":"de"}"""));
        var before = await Machine.KeysAsync(account, "ds/");
        var error = await Assert.ThrowsAnyAsync<DltException>(
            () => machine.RunAsync(Some.Resource("orders", hints, $$"""{"id":2,"country":"{{text}}"}""")));
        Assert.Contains("'orders.country'", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Machine.KeysAsync(account, "ds/"));
    }
}

using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Hints;

/// <summary>Hints that cannot come with an item, and what their errors say.</summary>
public sealed class RefusedItemHintsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_error_of_a_mark_does_not_name_the_parameter_of_a_method()
    {
        static async IAsyncEnumerable<object?> Items()
        {
            await Task.CompletedTask;
            yield return Mark.WithHints(null, new(), createTableVariant: true);
        }

        var resource = Resource.Create("feed", (_, _) => Items());
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(Some.Account(_folder)).RunAsync(resource, Cancellation));
        Assert.StartsWith(
            "Resource 'feed' failed: A table variant needs the name of its table. Set TableName. Nothing of this run was loaded",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variant_needs_the_name_of_its_table()
    {
        static string Refusal(ItemHints hints) =>
            Assert.Throws<ArgumentException>(() => Mark.WithHints(null, hints, createTableVariant: true)).Message;
        Assert.Contains("Set TableName.", Refusal(new()), StringComparison.Ordinal);
        Assert.Contains("Set TableName.", Refusal(new() { TableName = "" }), StringComparison.Ordinal);
        Assert.Contains("instead of TableNameOf", Refusal(new() { TableNameOf = _ => "t" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("incremental", "ResourceHints")]
    [InlineData("primary_key", "PrimaryKey")]
    [InlineData("resource", "follows from the resource")]
    public void A_hint_that_cannot_come_with_an_item_is_refused_by_name(string property, string advice)
    {
        var error = Assert.Throws<ArgumentException>(() => new ItemHints { Additional = [new(property, JsonValue.Bool(true))] });
        Assert.Contains($"'{property}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }
}

using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Normalize;

/// <summary>Errors of columns that are not nullable, such as keys: rows lack the value, or have one of another type.</summary>
public sealed class RequiredColumnTests : IDisposable
{
    private static readonly ResourceHints Keyed = new() { PrimaryKey = ["id"] };

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"id":"abc"}""", "id__v_text")]
    [InlineData("""{"id":1.5}""", "id__v_double")]
    public async Task Keys_of_another_type_than_their_column_are_named_with_the_column_that_would_take_them(string item, string variant)
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", Keyed, """{"id":1}"""), Cancellation);
        var error = await Assert.ThrowsAsync<SchemaException>(
            () => Some.Pipeline(account).RunAsync(Some.Resource("items", Keyed, item), Cancellation));
        Assert.Contains("Column 'items.id'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"(it would go to {variant})", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("came without it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_more_than_63_bits_are_not_reported_as_missing()
    {
        var error = await Assert.ThrowsAsync<SchemaException>(() => Some.Pipeline(Some.Account(_folder))
            .RunAsync(Some.Resource("items", Keyed, """{"id":1180591620717411303424}"""), Cancellation));
        Assert.Contains("(it would go to id__v_decimal)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("no row has a value", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_variant_of_another_column_does_not_hide_that_a_key_is_missing()
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", Keyed, """{"id":1,"id_v":1}"""), Cancellation);
        var error = await Assert.ThrowsAsync<SchemaException>(
            () => Some.Pipeline(account).RunAsync(Some.Resource("items", Keyed, """{"id_v":"x"}"""), Cancellation));
        Assert.Contains("came without it", error.Message, StringComparison.Ordinal);
    }
}

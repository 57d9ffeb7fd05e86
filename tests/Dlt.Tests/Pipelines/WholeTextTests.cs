using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines;

public sealed class WholeTextTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Half_of_a_character_in_a_text_is_refused_in_every_kind_of_item()
    {
        var account = Some.Account(_folder);
        Resource[] resources =
        [
            Resource.Create("records", new[] { new Row("a\ud800b") }),
            Resource.Create("dictionaries", new[] { new Dictionary<string, object?> { ["v"] = "a\udc00" } }),
            Resource.Create("keys", new[] { new Dictionary<string, object?> { ["v\ud800"] = 1 } }),
            Resource.Create<object>("mixed", [new { v = "\ud800" }, new { w = 1 }]),
        ];
        foreach (var resource in resources)
        {
            var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
                .RunAsync(resource, TestContext.Current.CancellationToken));
            Assert.Contains("half of a character", error.Message, StringComparison.Ordinal);
        }

        await Some.Pipeline(account)
            .RunAsync(Resource.Create("records", new[] { new Row("\ud83d\ude00") }), TestContext.Current.CancellationToken);
        Assert.Equal("\ud83d\ude00", await Some.ValueAsync(account, "SELECT v FROM records"));
    }

    private sealed record Row(string V);
}

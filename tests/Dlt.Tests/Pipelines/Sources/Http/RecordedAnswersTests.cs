using System.Net;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Sources.Http;

public sealed class RecordedAnswersTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://api.example.com/players/ann", "players/ann.json")]
    [InlineData("http://other.example.com/players/ann/", "players/ann.json")]
    [InlineData("https://api.example.com/orders?page=2", "orders@page=2.json")]
    [InlineData("https://api.example.com/export.csv", "export.csv")]
    [InlineData("https://api.example.com/a%20b", "a b.json")]
    public async Task A_request_is_answered_by_the_file_of_its_path_and_query(string address, string file)
    {
        Write(file, "[1]");
        using var client = new HttpClient(new RecordedAnswers(_folder.Path));
        Assert.Equal("[1]", await client.GetStringAsync(address, Cancellation));
    }

    [Theory]
    [InlineData("https://api.example.com/missing")]
    [InlineData("https://api.example.com/orders?page=3")]
    [InlineData("https://api.example.com/..%2f..%2fsecret")]
    public async Task A_request_without_a_file_below_the_folder_is_not_found(string address)
    {
        Write("inner/orders@page=2.json", "[1]");
        Write("secret.json", "[1]");
        using var client = new HttpClient(new RecordedAnswers(Path.Combine(_folder.Path, "inner")));
        using var answer = await client.GetAsync(address, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Only_gets_are_answered()
    {
        Write("orders.json", "[1]");
        using var client = new HttpClient(new RecordedAnswers(_folder.Path));
        using var answer = await client.PostAsync("https://api.example.com/orders", null, Cancellation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named()
    {
        var error = Assert.Throws<DirectoryNotFoundException>(() => new RecordedAnswers("no-such-folder"));
        Assert.Contains("no-such-folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_network_answers_without_the_argument() => Assert.Null(RecordedAnswers.From(["--local"]));

    [Fact]
    public async Task A_pipeline_loads_recorded_answers()
    {
        Write("orders.json", """[{"id": 1}, {"id": 2}]""");
        var account = Some.Account(_folder);
        var options = new PipelineOptions
        {
            Configuration = Some.Configuration(account.Folder),
            HttpHandler = RecordedAnswers.From(["--offline", _folder.Path]),
        };
        var orders = Resource.Create("orders", (context, stop) => One(context.Http.GetJsonAsync("https://api.example.com/orders", stop)));
        var load = await Pipeline.Create("shop", Athena.Destination(account), "shop", options).RunAsync(orders, Cancellation);
        Assert.Equal(2, load.RowCounts["orders"]);
    }

    private static async IAsyncEnumerable<T> One<T>(Task<T> item)
    {
        yield return await item;
    }

    private void Write(string file, string text) => _folder.Write(file, text);
}

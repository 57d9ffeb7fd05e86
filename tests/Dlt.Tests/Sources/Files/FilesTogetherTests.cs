using Dlt.Tests.Support;

namespace Dlt.Tests.Sources.Files;

/// <summary>Programs read several files as one resource.</summary>
public sealed class FilesTogetherTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Many_files_of_json_are_normalised_in_the_order_given()
    {
        var files = Enumerable.Range(0, 40).Select(i => _folder.Write($"{i}.jsonl", $"{{\"n\":{i}}}\n")).ToList();
        var account = new LocalAthena(_folder.File("account"));
        await RunAsync(account, FileResource.CreateAll("t", files));
        Assert.Equal(string.Join(',', Enumerable.Range(0, 40)), await Some.ValueAsync(account, "SELECT string_agg(n, ',') FROM t"));
    }

    [Fact]
    public async Task Csv_in_another_encoding_is_read_as_the_options_say()
    {
        await File.WriteAllBytesAsync(
            _folder.File("x.csv"), System.Text.Encoding.Latin1.GetBytes("a\nZoë\n"), TestContext.Current.CancellationToken);
        var account = new LocalAthena(_folder.File("account"));
        await RunAsync(account, FileResource.Csv("t", _folder.File("x.csv"), options: new() { Encoding = System.Text.Encoding.Latin1 }));
        Assert.Equal("Zoë", await Some.ValueAsync(account, "SELECT a FROM t"));
    }

    private Task RunAsync(LocalAthena account, Resource resource) =>
        Pipeline.Create("p", Athena.Destination(account), "ds", new() { Configuration = Some.Configuration(_folder.Path), Warn = _ => { } })
            .RunAsync(resource, TestContext.Current.CancellationToken);
}

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Dlt.Configuration;

namespace Dlt.Bench;

/// <summary>
/// A REST API in the process whose pages have 100 items, into the local account: the whole pipeline, and the client alone (a table without
/// rows, since every item is filtered).
/// </summary>
internal static class RestPages
{
    private const int PageItems = 100;

    private sealed record Event(
        long Id, int UserId, string Kind, string Country, string Url, double Amount, double Score, bool IsMobile, DateTimeOffset CreatedAt,
        int Duration, string Session, long? Referrer);

    public static void Run(int rows)
    {
        var folder = Directory.CreateTempSubdirectory("dlt-bench-rest-").FullName;
        try
        {
            var pages = Pages(rows);
            var plain = new RestResource("events");
            Measure("pages of a REST API", folder, rows, pages, plain);
            Measure("the same with a cursor", folder, rows, pages, plain with { Endpoint = new() { Incremental = new(new("Id")) } });
            Measure("the same with a step", folder, rows, pages, plain with { ProcessingSteps = [new RestStep.Filter(_ => true)] });
            Measure("requests alone", folder, rows, pages, plain with { ProcessingSteps = [new RestStep.Filter(_ => false)] });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string what, string folder, int rows, List<byte[]> pages, RestResource resource)
    {
        var rates = new List<(double PerSecond, double PerCore)>();
        for (var round = 0; round < 4; round++)
        {
            var work = Path.Combine(folder, "work");
            var configuration = DltConfiguration.Load(new RunContext(work, Path.Combine(work, "global"), _ => null));
            var source = RestApi.Source("api", new()
            {
                Client = new() { BaseUrl = "http://api.test", Handler = _ => new PageHandler(pages) },
                Resources = [resource with { Endpoint = (resource.Endpoint ?? new()) with { Paginator = new RestPaginator.JsonLink() } }],
            });
            var clock = Stopwatch.StartNew();
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            Pipeline.Create("rest", Athena.Destination(LocalAthena.Open(configuration)), "ds",
                new() { Configuration = configuration, Warn = _ => { } }).RunAsync(source).GetAwaiter().GetResult();
            if (round > 0)
                rates.Add((rows / clock.Elapsed.TotalSeconds, rows / (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds));
            Directory.Delete(work, recursive: true);
        }

        rates.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {rows:N0} | {rates[1].PerSecond / 1e6:F2} M rows/s | {rates[1].PerCore / 1e6:F2} M rows/s a core | "
            + $"{PageItems / rates[1].PerCore * 1e3:F3} ms a request |"));
    }

    private static List<byte[]> Pages(int rows)
    {
        var random = new Random(7);
        var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        string[] kinds = ["click", "view", "buy", "search"], countries = ["de", "us", "fr", "in", "br"];
        return
        [
            .. Enumerable.Range(0, rows).Chunk(PageItems).Select((ids, page) => JsonSerializer.SerializeToUtf8Bytes(new
            {
                items = ids.Select(i => new Event(
                    i, random.Next(100_000), kinds[random.Next(4)], countries[random.Next(5)], "https://example.com/p/" + i % 10_000,
                    Math.Round(random.NextDouble() * 100, 2), random.NextDouble(), random.Next(2) == 0, start.AddMilliseconds(i * 37L),
                    random.Next(1000), "s" + random.Next(1_000_000), random.Next(3) == 0 ? null : random.Next())),
                next = (page + 1) * PageItems < rows ? $"/events?page={page + 1}" : null,
            })),
        ];
    }

    private sealed class PageHandler(List<byte[]> pages) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var query = request.RequestUri!.Query;
            var page = query.Length == 0 ? 0 : int.Parse(query["?page=".Length..], CultureInfo.InvariantCulture);
            return Task.FromResult(new HttpResponseMessage
            {
                Content = new ByteArrayContent(pages[page]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            });
        }
    }
}

using System.Globalization;
using Dlt.Json;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Leases;

/// <summary>
/// Loads through services that fail in a tenth of all calls, before or after they did what was asked. <c>DLT_WEATHER</c> is the number of
/// loads, 10 by default.
/// </summary>
public sealed class BadWeatherTests
{
    private static readonly int Loads = int.TryParse(
        Environment.GetEnvironmentVariable("DLT_WEATHER"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 10;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_load_fails_and_no_row_is_lost_or_doubled()
    {
        using var folder = new TempFolder();
        var account = Some.Account(folder);
        var random = new Random(20261201);
        var calls = 0;
        T Weather<T>(T service) where T : class => Steps.Intercept(service, (_, call) =>
        {
            var isBad = 0.0;
            lock (random) isBad = random.NextDouble();
            Interlocked.Increment(ref calls);
            if (isBad < 0.05) throw new HttpRequestException("503 SlowDown");
            var answer = call();
            if (isBad < 0.9 || isBad >= 0.95 || answer is not Task done) return answer;
            done.GetAwaiter().GetResult();
            throw new HttpRequestException("The connection was reset.");   // the service did what was asked
        });
        for (var load = 1; load <= Loads; load++)
        {
            var machine = new Machine(account, folder.File(load % 3 == 0 ? "b" : "a"), objects: Weather<IObjectStore>(account.Objects));
            var options = new PipelineOptions
            {
                Configuration = Some.Configuration(account.Folder),
                Warn = _ => { },
                Time = new NoWaits(),
            };
            await Pipeline.Create("pipe", Athena.Destination(machine), "ds", options).RunAsync(
                [
                    Resource.Create("items", (context, _) => NewAsync(context, load)),
                    Resource.Create("commits", (context, _) => NewAsync(context, load), new() { TableFormat = TableFormat.Iceberg }),
                    Some.Resource("replaced", new ResourceHints { WriteDisposition = WriteDisposition.Replace }, $$"""{"id":{{load}}}"""),
                ],
                Cancellation);
        }

        var all = $"{Loads} {Loads}";
        Assert.Equal(all, await Some.ValueAsync(account, "SELECT count(*) || ' ' || count(DISTINCT id) FROM items"));
        Assert.Equal(all, await Some.ValueAsync(account, "SELECT count(*) || ' ' || count(DISTINCT id) FROM commits"));
        Assert.Equal($"{Loads}", await Machine.ValuesAsync(account, "SELECT id FROM replaced"));
        Assert.Equal(all, await Some.ValueAsync(account, "SELECT count(*) || ' ' || count(DISTINCT load_id) FROM _dlt_loads"));
        Assert.InRange(calls / Loads, 1, 400);
    }

    private static async IAsyncEnumerable<JsonValue> NewAsync(ResourceContext context, int end)
    {
        await Task.CompletedTask;
        for (var id = 0; id < end; id++)
            if (context.State.TryAddToList("seen", $"{id}")) yield return Some.Item($$"""{"id":{{id}}}""");
    }
}

using System.Globalization;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Leases;

/// <summary>
/// Loads through services that fail in every eighth call, before or after they did what was asked. <c>DLT_WEATHER</c> is the number of
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
        T Weather<T>(T service) where T : class => Steps.Intercept(service, (method, given, call) =>
        {
            // A lease that a run could not give back is watched, here without the waits between the reads.
            var isWatch = given.OfType<ObjectLocation>().Any(o => o.Key.Contains("_dlt_lease/", StringComparison.Ordinal));
            var weather = 0;
            lock (random) weather = random.Next(1000);
            if (!isWatch) Interlocked.Increment(ref calls);
            var isSentOnce = method is nameof(IGlueCatalog.UpdateTableAsync) or nameof(IGlueCatalog.CreateTableAsync);
            if (weather < 5) throw new HttpRequestException("503 SlowDown");   // after the last attempt
            var answer = call();
            if (weather >= 125 || answer is not Task done) return answer;
            done.GetAwaiter().GetResult();
            // The connection broke after the service did what was asked: the SDK sends the request again, except a commit.
            return isSentOnce ? throw new HttpRequestException("The connection was reset.") : call();
        });
        for (var load = 1; load <= Loads; load++)
        {
            var machine = new Machine(account, folder.File(load % 3 == 0 ? "b" : "a"), Weather(account.Glue), Weather(account.Objects));
            var options = new PipelineOptions
            {
                Configuration = Some.Configuration(account.Folder, ("DESTINATION__ATHENA__LEASE", "5")),
                Warn = _ => { },
                Time = new NoWaits(),
            };
            await Pipeline.Create("pipe", Athena.Destination(machine), "ds", options).RunAsync(
                [
                    Some.Increments("items", load),
                    Some.Increments("commits", load, new() { TableFormat = TableFormat.Iceberg }),
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
}

using Dlt.Json;

namespace Dlt.Tests.Support;

/// <summary>
/// The process that the crash tests kill: one run of a pipeline with append, replace, children, an Iceberg table and state.
/// </summary>
internal static class CrashChild
{
    public const int Batches = 4;

    public static async Task<int> RunAsync(string folder, int run)
    {
        var account = new LocalAthena(Path.Combine(folder, "account"));
        var pipeline = Pipeline.Create(
            "crash", Athena.Destination(account), "ds", new() { Configuration = Some.Configuration(folder), Warn = _ => { } });
        Console.WriteLine("ready");
        await pipeline.RunAsync(Source());
        Console.WriteLine("done");
        return 0;
    }

    /// <summary>Loads each of a fixed set of batches once, by the state of the pipeline, and replaces the profiles.</summary>
    public static Source Source() => new(
        "crash",
        Resource.Create("events", (context, _) => Events(context, "batches")),
        Resource.Create("commits", (context, _) => Events(context, "commits"), new() { TableFormat = TableFormat.Iceberg }),
        Resource.Create(
            "profiles",
            Enumerable.Range(0, 3).Select(i => Some.Item($$"""{"id":{{i}},"tags":["a","b"]}""")),
            new() { WriteDisposition = WriteDisposition.Replace }));

    private static async IAsyncEnumerable<JsonValue> Events(ResourceContext context, string list)
    {
        for (var batch = 0; batch < Batches; batch++)
        {
            if (!context.State.TryAddToList(list, $"b{batch}")) continue;
            for (var i = 0; i < 50; i++)
            {
                var note = new string('x', i);
                yield return Some.Item(
                    $$"""{"batch":{{batch}},"n":{{i}},"lines":[{"q":1},{"q":2}],"note":"{{note}}"}""");
            }

            await Task.Yield();
        }
    }
}

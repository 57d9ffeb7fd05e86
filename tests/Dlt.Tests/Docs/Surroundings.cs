#pragma warning disable IDE1006, CA1051 // These are the names that the snippets use.
using System.Runtime.CompilerServices;

namespace Dlt.Tests.Docs;

/// <summary>
/// The names that snippets of the documentation may use: those of a pipeline program with the source <c>shop</c>. A variable of
/// a snippet hides the name here. Snippets run within a resource, because some of them use its <c>context</c>.
/// </summary>
public abstract class Surroundings
{
    protected string[] args { get; } = ["--local", "--quiet"];

    protected LocalAthena account { get; private set; } = null!;

    protected ResourceContext context { get; private set; } = null!;

    protected CancellationToken stop { get; private set; }

    protected CancellationToken cancellationToken => stop;

    protected Pipeline pipeline => field ??= Pipeline.Create("shop", Athena.Destination(account), dataset: "shop");

    protected ResourceHints hints { get; } = new()
    {
        PrimaryKey = ["id"],
        Incremental = new("updated_at") { InitialValue = "2024-01-01T00:00:00Z" },
    };

    public abstract string Place { get; }

    public abstract string? OnlyCompiled { get; }

    /// <summary>Runs the snippet. A program must return the exit code 0.</summary>
    public abstract Task<object?> RunAsync();

    /// <summary>The reader of an API that several snippets call.</summary>
    protected async IAsyncEnumerable<ShopOrder> ReadOrders(object http, [EnumeratorCancellation] CancellationToken stop, string since = "")
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(since);
        await Task.Yield();
        stop.ThrowIfCancellationRequested();
        yield return new(1, "de", "2026-01-02T03:04:05Z");
    }

    protected async IAsyncEnumerable<ShopOrder> ReadOrders(object http, string since, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var order in ReadOrders(http, stop, since)) yield return order;
    }

    /// <summary>Runs a load and asserts that it has rows.</summary>
    protected async Task LoadAsync(Resource resource)
    {
        var load = await pipeline.RunAsync(resource, stop);
        Assert.True(load.RowCounts.GetValueOrDefault(resource.Name) > 0, $"{Place} loaded no row of '{resource.Name}'.");
    }

    internal async Task RunWithSettingsAsync(string url)
    {
        Directory.CreateDirectory(".dlt");
        var config = $"[sources.shop]\nbase_url = \"{url}\"\nmonths = [\"2026/01\"]\n";
        await File.WriteAllTextAsync(Path.Combine(".dlt", "config.toml"), config);
        await File.WriteAllTextAsync(Path.Combine(".dlt", "secrets.toml"), "[sources.shop]\napi_key = \"key\"\n");
        account = LocalAthena.Open();
        var snippet = Resource.Create("snippet", Items);
        await Pipeline.Create("surroundings", Athena.Destination(account), dataset: "surroundings").RunAsync(new Source("shop", snippet));
    }

    private async IAsyncEnumerable<string> Items(ResourceContext context, [EnumeratorCancellation] CancellationToken stop)
    {
        (this.context, this.stop) = (context, stop);
        Assert.True(await RunAsync() is null or 0, $"{Place} returned an exit code other than 0.");
        yield return Place;
    }
}

/// <summary>A row of the API that several snippets call.</summary>
public sealed record ShopOrder(int id, string country, string updated_at);

using Dlt.Destinations;
using Dlt.Load;
using Dlt.Schemas;

namespace Dlt.Tests.Support;

/// <summary>A destination that keeps nothing.</summary>
internal sealed class FakeDestination(Func<FakeClient> open) : Destination
{
    public override string Type => "dlt.destinations.athena";

    public override DestinationCapabilities Capabilities => AthenaCapabilities.Default;

    internal override IDestinationClient Open(DestinationContext context) => open();
}

/// <summary>A dataset whose calls a test may let fail.</summary>
internal sealed class FakeClient : IDestinationClient
{
    /// <summary>Called with the name of each call, before it succeeds.</summary>
    public Action<string> On { get; init; } = _ => { };

    public int Disposed { get; private set; }

    public string Location { get; init; } = "nowhere";

    public string? LocalFolder => null;

    public string? QueryName => null;

    public Task<RemoteState?> RestoreStateAsync(CancellationToken cancellationToken) => Do("restore", (RemoteState?)null);

    public Task<string?> HighestLoadIdAsync(CancellationToken cancellationToken) => Do("load ids", (string?)null);

    public Task<bool> DatasetExistsAsync(CancellationToken cancellationToken) => Do("dataset", true);

    public Task<Schema?> RestoreSchemaAsync(string name, CancellationToken cancellationToken) => Do("schema", (Schema?)null);

    public void Verify(Schema schema, IReadOnlyCollection<TableSchema> tables)
    {
    }

    public Task CheckAsync(
        Schema schema, IReadOnlyCollection<TableSchema> tables, bool dropsTables, CancellationToken cancellationToken) => Do("check", true);

    public Task<bool> IsLoadedAsync(string loadId, CancellationToken cancellationToken) => Do("is loaded", false);

    public Task<IReadOnlyList<string>> PrepareAsync(LoadPlan plan, CancellationToken cancellationToken) =>
        Do("prepare", (IReadOnlyList<string>)[]);

    public Task<bool> IsUploadedAsync(LoadJob job, Schema schema, CancellationToken cancellationToken) => Do("is uploaded", true);

    public Task UploadAsync(LoadJob job, Schema schema, CancellationToken cancellationToken) => Do("upload", true);

    public Task<long?> PublishAsync(
        TableSchema table, Schema schema, string loadId, IReadOnlyCollection<LoadJob> jobs, bool replaces,
            CancellationToken cancellationToken) =>
        Do("publish", (long?)null);

    public Task CommitAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken) => Do("commit", true);

    public Task SettleAsync(LoadPlan plan, CancellationToken cancellationToken) => Do("settle", true);

    public ValueTask DisposeAsync()
    {
        Disposed++;
        On("dispose");
        return default;
    }

    private async Task<T> Do<T>(string call, T result)
    {
        await Task.Yield();
        On(call);
        return result;
    }
}

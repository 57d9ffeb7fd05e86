using Dlt.Destinations;
using Dlt.Schemas;

namespace Dlt.Tests.Support;

/// <summary>A destination that discards its files.</summary>
internal sealed class FakeDestination(Func<FakeClient> open) : Destination
{
    public override string Type => "dlt.destinations.athena";

    public override DestinationCapabilities Capabilities => AthenaCapabilities.Default;

    public override IDestinationClient Open(DestinationContext context) => open();
}

/// <summary>A dataset whose calls can fail on demand.</summary>
internal class FakeClient : IDestinationClient, IStateSync, IDatasetUpkeep
{
    /// <summary>Called with the name of each call before the call succeeds; it may throw.</summary>
    public Action<string> On { get; init; } = _ => { };

    /// <summary>Returns the committed state of the pipeline; null for none.</summary>
    public Func<StoredState?> Stored { get; init; } = () => null;

    public int Disposed { get; private set; }

    public string Location { get; init; } = "nowhere";

    public string? LocalFolder => null;

    public string? QueryName => null;

    public Task<StoredState?> GetStoredStateAsync(CancellationToken cancellationToken) => Do("restore", Stored());

    public Task<string?> HighestLoadIdAsync(CancellationToken cancellationToken) => Do("load ids", (string?)null);

    public Task<bool> DatasetExistsAsync(CancellationToken cancellationToken) => Do("dataset", true);

    public Task<Schema?> GetStoredSchemaAsync(string name, CancellationToken cancellationToken) => Do("schema", (Schema?)null);

    public void VerifySchema(Schema schema, IReadOnlyCollection<TableSchema> tables)
    {
    }

    public Task CheckAsync(
        Schema schema, IReadOnlyCollection<TableSchema> tables, bool dropsTables, CancellationToken cancellationToken) => Do("check", true);

    public Task<bool> IsLoadedAsync(string loadId, CancellationToken cancellationToken) => Do("is loaded", false);

    public Task<IReadOnlyList<string>> PrepareAsync(LoadPlan plan, CancellationToken cancellationToken) =>
        Do("prepare", (IReadOnlyList<string>)[]);

    public Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken) => Do("is staged", true);

    public Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken) =>
        Do("stage", ReadOnlyMemory<byte>.Empty);

    public Task<IReadOnlyDictionary<string, PublishedRows>> PublishAsync(
        LoadPlan plan, TableChain chain, CancellationToken cancellationToken) =>
        Do("publish", (IReadOnlyDictionary<string, PublishedRows>)new Dictionary<string, PublishedRows>());

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

using System.Text;
using Dlt.Destinations;
using Dlt.Schemas;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Destinations;

/// <summary>A third-party destination that uses the public contracts only, and none of the optional ones.</summary>
public sealed class OwnDestinationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_destination_gets_every_file_once_and_the_chains_of_nested_tables_first()
    {
        var store = new MemoryDestination();
        var items = """{"id":1,"tags":["x","y"]}""";
        await RunAsync(store, WriteDisposition.Append, items);
        await RunAsync(store, WriteDisposition.Append, items);
        Assert.Equal(2, store.Tables["items"].Count);
        Assert.Equal(2, store.Tables["items__tags"].Count);
        await RunAsync(store, WriteDisposition.Replace, """{"id":2}""");
        Assert.Single(store.Tables["items"]);
        Assert.Empty(store.Tables["items__tags"]);
        Assert.Equal(["items__tags", "items"], store.LastChain);
        Assert.Equal(3, store.Complete.Count);
        Assert.Equal("PAR1", Encoding.ASCII.GetString(store.Tables["items"][0].AsSpan(0, 4)));
    }

    [Fact]
    public async Task A_load_that_stopped_goes_on_with_the_receipts_of_the_first_process()
    {
        var store = new MemoryDestination { FailsToCommit = true };
        await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(store, WriteDisposition.Replace, """{"id":1}"""));
        var staged = store.StagedCount;
        store.FailsToCommit = false;
        await PipelineOf(store).LoadPendingAsync(TestContext.Current.CancellationToken);
        Assert.Equal(staged, store.StagedCount);
        Assert.Single(store.Tables["items"]);
        Assert.Single(store.Complete);
    }

    private Task<LoadInfo> RunAsync(MemoryDestination store, WriteDisposition disposition, string item) => PipelineOf(store).RunAsync(
        Some.Resource("items", new ResourceHints { WriteDisposition = disposition }, item), TestContext.Current.CancellationToken);

    private Pipeline PipelineOf(MemoryDestination store) => Pipeline.Create("pipe", store, "ds", new()
    {
        Configuration = Some.Configuration(_folder.File("run")),
        PipelinesFolder = _folder.File("pipelines"),
        Warn = _ => { },
    });

    /// <summary>Destination client that keeps its files in memory.</summary>
    private sealed class MemoryDestination : Destination
    {
        public Dictionary<string, List<byte[]>> Tables { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Complete { get; } = [];

        public Dictionary<string, byte[]> Staged { get; } = new(StringComparer.Ordinal);

        public int StagedCount { get; set; }

        public IReadOnlyList<string> LastChain { get; set; } = [];

        public bool FailsToCommit { get; set; }

        public override string Type => "tests.memory";

        public override DestinationCapabilities Capabilities => DestinationCapabilities.Generic;

        public override IDestinationClient Open(DestinationContext context) => new MemoryClient(this);
    }

    private sealed class MemoryClient(MemoryDestination store) : IDestinationClient
    {
        public string Location => "memory";

        public string? LocalFolder => null;

        public string? QueryName => null;

        public Task CheckAsync(
            Schema schema, IReadOnlyCollection<TableSchema> tables, bool dropsTables, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public void VerifySchema(Schema schema, IReadOnlyCollection<TableSchema> tables)
        {
        }

        public Task<bool> IsLoadedAsync(string loadId, CancellationToken cancellationToken) =>
            Task.FromResult(store.Complete.Contains(loadId));

        public Task<IReadOnlyList<string>> PrepareAsync(LoadPlan plan, CancellationToken cancellationToken)
        {
            List<string> made = [.. plan.Prepared.Select(t => t.Name).Where(n => store.Tables.TryAdd(n, []))];
            return Task.FromResult<IReadOnlyList<string>>(made);
        }

        public Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken)
        {
            var name = $"{job.LoadId}/{job.FileId}.{job.Format}";
            lock (store)
            {
                store.Staged[name] = File.ReadAllBytes(job.FilePath);
                store.StagedCount++;
            }

            return Task.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes(name));
        }

        public Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken) =>
            Task.FromResult(store.Staged.ContainsKey(NameOf(job)));

        public Task<IReadOnlyDictionary<string, long?>> PublishAsync(
            LoadPlan plan, TableChain chain, CancellationToken cancellationToken)
        {
            if (chain.Root.Name == "items") store.LastChain = [.. chain.Tables.Select(t => t.Table.Name)];
            foreach (var (table, jobs) in chain.Tables)
            {
                if (chain.Mode is ReplaceMode) store.Tables[table.Name].Clear();
                store.Tables[table.Name].AddRange(jobs.Select(j => store.Staged[NameOf(j)]));
            }

            return Task.FromResult<IReadOnlyDictionary<string, long?>>(new Dictionary<string, long?>());
        }

        public Task CommitAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken)
        {
            if (store.FailsToCommit) throw new DltException("The store is full.") { IsTransient = false };
            store.Complete.UnionWith(loads.Select(l => l.LoadId));
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => default;

        private static string NameOf(LoadJob job) => Encoding.UTF8.GetString(job.Receipt.Span);
    }
}

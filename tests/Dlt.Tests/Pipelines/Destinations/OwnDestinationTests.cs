using System.Collections.Immutable;
using System.Text;
using Dlt.Destinations;
using Dlt.Schemas;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Destinations;

/// <summary>A third-party destination that uses the public contracts only, and none of the optional ones.</summary>
public sealed class OwnDestinationTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

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

    [Fact]
    public async Task Every_call_after_staging_gets_the_receipts_and_the_paths_of_the_staged_files()
    {
        var store = new MemoryDestination();
        await RunAsync(store, WriteDisposition.Append, """{"id":1}""");
        var ofItems = store.Receipts.Where(r => r.EndsWith(" items", StringComparison.Ordinal)).Distinct();
        Assert.Equal(["publish items", "commit items", "settle items"], ofItems);
    }

    [Fact]
    public async Task Merge_without_a_strategy_appends_and_each_load_warns_with_the_name_of_the_destination()
    {
        var store = new MemoryDestination();
        for (var run = 0; run < 2; run++) await RunAsync(store, WriteDisposition.Merge, """{"id":1,"tags":["x"]}""");
        Assert.Equal(2, store.Tables["items"].Count);
        const string Warning = "Table 'items' asks for merge, which destination 'memory' does not have for the table format native. "
            + "Its rows are appended.";
        Assert.Equal([Warning, Warning], _warnings);
    }

    [Fact]
    public async Task A_destination_with_a_merge_strategy_gets_it_as_the_mode_of_the_chain()
    {
        var store = Merging();
        var merge = new ResourceHints { WriteDisposition = WriteDisposition.Merge, PrimaryKey = ["id"] };
        await PipelineOf(store).RunAsync(Some.Resource("items", merge, """{"id":1}"""), TestContext.Current.CancellationToken);
        Assert.Equal(new MergeMode(MergeStrategyKind.Upsert), store.LastMode);
        Assert.Empty(_warnings);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_merge_without_the_key_that_its_strategy_needs_is_refused(bool isOfItems)
    {
        var store = Merging();
        var merge = new ResourceHints { WriteDisposition = WriteDisposition.Merge };
        var items = isOfItems
            ? Resource.Create("items", new object[] { Mark.WithHints(new { id = 1 }, new() { WriteDisposition = WriteDisposition.Merge }) })
            : Some.Resource("items", merge, """{"id":1}""");
        var error = await Assert.ThrowsAsync<SchemaException>(
            () => PipelineOf(store).RunAsync(items, TestContext.Current.CancellationToken));
        Assert.Contains("no primary key, which the merge strategy upsert needs", error.Message, StringComparison.Ordinal);
        Assert.Equal("items", error.Table);
        Assert.Empty(store.Tables);
        var pending = Directory.GetDirectories(_folder.File("pipelines", "pipe", "load", "normalized"));
        Assert.Equal(isOfItems ? 1 : 0, pending.Length);
    }

    [Theory, InlineData(TableFormat.Iceberg), InlineData(TableFormat.Delta), InlineData(TableFormat.Hive)]
    public async Task A_table_format_that_the_destination_does_not_have_is_refused_before_the_extract(TableFormat format)
    {
        var store = new MemoryDestination();
        var items = Some.Resource("items", new ResourceHints { TableFormat = format }, """{"id":1}""");
        var error = await Assert.ThrowsAsync<SchemaException>(
            () => PipelineOf(store).RunAsync(items, TestContext.Current.CancellationToken));
        Assert.Contains($"Table 'items' has the table format {format.Name()}, which destination 'memory' does not have.", error.Message,
            StringComparison.Ordinal);
        Assert.Empty(store.Tables);
    }

    private Task<LoadInfo> RunAsync(MemoryDestination store, WriteDisposition disposition, string item) => PipelineOf(store).RunAsync(
        Some.Resource("items", new ResourceHints { WriteDisposition = disposition }, item), TestContext.Current.CancellationToken);

    private static MemoryDestination Merging() => new()
    {
        Own = DestinationCapabilities.Generic with
        {
            DestinationName = "memory",
            TableFormats = ImmutableDictionary<TableFormat, TableFormatCapabilities>.Empty.Add(
                TableFormat.Native, new() { MergeStrategies = [MergeStrategyKind.Upsert] }),
        },
    };

    private Pipeline PipelineOf(MemoryDestination store) => Pipeline.Create("pipe", store, "ds", new()
    {
        Configuration = Some.Configuration(_folder.File("run")),
        PipelinesFolder = _folder.File("pipelines"),
        Warn = _warnings.Add,
    });

    /// <summary>Destination client that keeps its files in memory.</summary>
    private sealed class MemoryDestination : Destination
    {
        public Dictionary<string, List<byte[]>> Tables { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Complete { get; } = [];

        public Dictionary<string, byte[]> Staged { get; } = new(StringComparer.Ordinal);

        public int StagedCount { get; set; }

        public IReadOnlyList<string> LastChain { get; set; } = [];

        public WriteMode? LastMode { get; set; }

        public bool FailsToCommit { get; set; }

        public override string Type => "tests.memory";

        public List<string> Receipts { get; } = [];

        public DestinationCapabilities Own { get; init; } = DestinationCapabilities.Generic with { DestinationName = "memory" };

        public override DestinationCapabilities Capabilities => Own;

        public override IDestinationClient Open(DestinationContext context) => new MemoryClient(this);
    }

    private sealed class MemoryClient(MemoryDestination store) : IDestinationClient, IDatasetUpkeep
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

        public Task<IReadOnlyDictionary<string, PublishedRows>> PublishAsync(
            LoadPlan plan, TableChain chain, CancellationToken cancellationToken)
        {
            Note("publish", plan);
            if (chain.Root.Name == "items") (store.LastChain, store.LastMode) = ([.. chain.Tables.Select(t => t.Table.Name)], chain.Mode);
            foreach (var (table, jobs) in chain.Tables)
            {
                if (chain.Mode is ReplaceMode) store.Tables[table.Name].Clear();
                store.Tables[table.Name].AddRange(jobs.Select(j => store.Staged[NameOf(j)]));
            }

            return Task.FromResult<IReadOnlyDictionary<string, PublishedRows>>(new Dictionary<string, PublishedRows>());
        }

        public Task CommitAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken)
        {
            if (store.FailsToCommit) throw new DltException("The store is full.") { IsTransient = false };
            foreach (var plan in loads) Note("commit", plan);
            store.Complete.UnionWith(loads.Select(l => l.LoadId));
            return Task.CompletedTask;
        }

        public Task SettleAsync(LoadPlan plan, CancellationToken cancellationToken)
        {
            Note("settle", plan);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => default;

        /// <summary>Notes the tables whose jobs all have their receipts and whose files are at the path that the plan names.</summary>
        private void Note(string call, LoadPlan plan)
        {
            foreach (var (table, jobs) in plan.Chains.SelectMany(c => c.Tables))
            {
                var areStaged = jobs.All(j => store.Staged.ContainsKey(NameOf(j)) && File.Exists(j.FilePath));
                if (areStaged) store.Receipts.Add($"{call} {table.Name}");
            }
        }

        private static string NameOf(LoadJob job) => Encoding.UTF8.GetString(job.Receipt.Span);
    }
}

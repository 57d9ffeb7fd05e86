using System.Globalization;
using Dlt.Destinations;
using Dlt.Destinations.Publishing;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Tables;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Naming;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>
/// Two and three machines load one external table that some of them swap, with their steps in random orders. <c>DLT_INTERLEAVINGS</c> is
/// the number of orders.
/// </summary>
public class InterleavedSwapTests
{
    private static readonly int Orders =
        int.TryParse(
            Environment.GetEnvironmentVariable("DLT_INTERLEAVINGS"), NumberStyles.None, CultureInfo.InvariantCulture, out var orders)
                ? orders : 1_200;

    /// <summary>
    /// What each load does: S swaps, R replaces and deletes afterwards, A appends. The first load has the lowest id.
    /// </summary>
    public static TheoryData<string> Cases() =>
        new("S", "SS", "SA", "AS", "SR", "RS", "SSS", "SAS", "ASS", "SSA", "ASA", "AAS", "SRA", "RSA", "ARS", "SAR");

    [Theory, MemberData(nameof(Cases))]
    public void In_any_order_of_calls_readers_find_the_rows_of_the_last_replace_and_of_concurrent_appends(string loads)
    {
        for (var seed = 0; seed < Orders / 2; seed++)
        {
            var random = new Random(seed);
            var (current, pace) = (0, random.Next(2, 8));
            var world = new World(loads, isMarked: seed % 3 > 0);
            while (world.Steps.Waiting is { Count: > 0 } waiting)
            {
                if (!waiting.Contains(current) || random.Next(pace) == 0) current = waiting[random.Next(waiting.Count)];
                world.Steps.GoOn(current);
                if (!loads.Contains('R', StringComparison.Ordinal)) world.CheckReaders($"{seed}");
            }

            world.CheckEnd($"{loads} {seed} {string.Join("", world.Steps.Taken)}");
        }
    }

    /// <summary>A table with a file of a complete load, and loads that overlap.</summary>
    private sealed class World
    {
        private const string Own = "s3://lake/ds/items/";

        private static readonly Schema Schema = new("s", NamingConvention.Create("snake_case", 255));
        private static readonly TableSchema Table = new("items");
        private static readonly FileLayout Layout = new(FileLayout.Default);

        private readonly SortedDictionary<string, (byte[] Content, DateTimeOffset Time)> _objects = new(StringComparer.Ordinal);
        private readonly HashSet<string> _complete = ["1699999000.0"];
        private readonly Dictionary<int, int> _startedAt = [];
        private readonly Dictionary<int, int> _begunAt = [];
        private readonly Dictionary<int, int> _committedAt = [];
        private readonly HashSet<int> _unswapped = [];
        private readonly string _loads;
        private int _now;
        private GlueTable _table = new(
            "ds", new() { Name = "items", StorageDescriptor = new() { Location = Own } }, "0", null, null);

        public World(string loads, bool isMarked)
        {
            _loads = loads;
            var store = new SteppedStore(null, 0, _objects, Tick);
            var old = new LoadRegistry(store, new("lake", "ds"), Layout, CompleteAsync);
            _objects[old.KeyOf(Job("1699999000.0", "old")).Key] = ("rows"u8.ToArray(), Tick());
            if (isMarked) old.Folder.MarkSwapsAsync(default).GetAwaiter().GetResult();
            for (var load = 0; load < loads.Length; load++)
            {
                var kind = loads[load];
                Steps.Add(program => LoadAsync(program, kind));
            }
        }

        public Interleaving Steps { get; } = new();

        /// <summary>Names of the files that a reader finds; each is the number of its load.</summary>
        private List<string> Visible
        {
            get
            {
                var root = _table.Location["s3://lake/".Length..];
                return [.. _objects.Keys.Where(k => k.StartsWith(root, StringComparison.Ordinal))
                    .Where(k => !k[root.Length..].Split('/').Any(p => p.StartsWith('_'))).Select(k => k.Split('/')[^1].Split('.')[^2])];
            }
        }

        /// <summary>Readers find the rows of one replace, once a load has not fallen back to deleting afterwards.</summary>
        public void CheckReaders(string why)
        {
            if (_unswapped.Count > 0) return;
            var visible = Visible;
            var replaced = visible.Where(v => v == "old" || _loads[int.Parse(v, CultureInfo.InvariantCulture)] == 'S').ToList();
            Assert.True(replaced.Count == 1 && visible.Distinct().Count() == visible.Count, $"{why}: {string.Join(", ", visible)}");
        }

        public void CheckEnd(string why)
        {
            var visible = Visible;
            why += $": {string.Join(", ", visible)}; {string.Join(", ", _objects.Keys)}";
            var last = _loads.LastIndexOfAny(['S', 'R']);
            Assert.DoesNotContain("old", visible);
            Assert.True(visible.Distinct().Count() == visible.Count, why);
            for (var load = 0; load < _loads.Length; load++)
            {
                var isThere = visible.Contains($"{load}");
                if (_loads[load] != 'A') Assert.True(isThere == (load == last), why);
                else if (Replaces().All(r => _committedAt[load] > _begunAt[r])) Assert.True(isThere, why);
                else if (Replaces().Any(r => r > load && _committedAt[load] < _startedAt[r])) Assert.False(isThere, why);
            }

            IEnumerable<int> Replaces() => Enumerable.Range(0, _loads.Length).Where(r => _loads[r] != 'A');
        }

        private async Task LoadAsync(int program, char kind)
        {
            var loadId = $"17000000{program}0.0";
            var job = Job(loadId, $"{program}");
            _startedAt[program] = ++_now;
            var store = new SteppedStore(Steps, program, _objects, Tick);
            var locations = new TableLocations(Glue(program), "ds", _ => Own, new RetryWaits(new InstantTime(), _ => { }));
            var registry = new LoadRegistry(store, new("lake", "ds"), Layout, CompleteAsync)
            {
                Pipeline = $"p{program}",
                Locations = locations,
            };
            var mode = kind == 'A' ? WriteMode.Append : WriteMode.Replace;
            var chain = new TableChain(Table, mode, [new(Table, [job])]);
            var plan = new LoadPlan { LoadId = loadId, Schema = Schema, Prepared = [Table], Chains = [chain] };
            var seen = _table;
            var load = await registry.BeginAsync(
                plan,
                new(_ => true, PartitionedJobs.None)
                {
                    Swapped = kind == 'S' ? ["items"] : [],
                    FolderOf = table => registry.SwapFolderOf(table, seen),
                },
                default);
            _begunAt[program] = ++_now;
            if (kind == 'S' && !load.IsSwapped("items")) _unswapped.Add(program);
            await store.UploadAsync(load.KeyOf(job), "");
            Assert.True(await registry.Folder.TryReplaceListedAsync(load.Own with { State = JournalState.Prepared }, default));
            await Steps.StepAsync(program);
            if (kind == 'A') await load.FollowAsync("items", default);
            else await load.ReplaceAsync("items", default);
            await load.FinishAsync(default);
            await Steps.StepAsync(program);
            _complete.Add(loadId);
            _committedAt[program] = ++_now;
            await Steps.StepAsync(program);
            await load.SweepAsync(default);
        }

        /// <summary>The catalog; every call is a step.</summary>
        private IGlueCatalog Glue(int program) => Dlt.Tests.Support.Steps.Intercept<IGlueCatalog>(null!, (method, given, _) => method switch
        {
            nameof(IGlueCatalog.FindTablesAsync) => FindAsync(program),
            nameof(IGlueCatalog.GetTableAsync) => GetAsync(program),
            nameof(IGlueCatalog.UpdateTableAsync) => UpdateAsync(program, (GlueTableInput)given[1]!, (string)given[2]!),
            _ => throw new NotSupportedException(method),
        });

        private async IAsyncEnumerable<GlueTable> FindAsync(int program)
        {
            await Steps.StepAsync(program);
            yield return _table;
        }

        private async Task<GlueTable?> GetAsync(int program)
        {
            await Steps.StepAsync(program);
            return _table;
        }

        private async Task UpdateAsync(int program, GlueTableInput wanted, string version)
        {
            await Steps.StepAsync(program);
            if (version != _table.VersionId) throw new GlueException("ConcurrentModificationException", "The table has changed.");
            _table = _table with { Definition = wanted, VersionId = $"{++_now}" };
        }

        private static LoadJob Job(string loadId, string fileId) => new()
        {
            LoadId = loadId,
            FileId = fileId,
            Format = "parquet",
            JobId = $"items.{fileId}.parquet",
            FilePath = "",
            Table = Table,
            Schema = Schema,
        };

        private Task<IReadOnlySet<string>> CompleteAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlySet<string>>(_complete.ToHashSet());

        private DateTimeOffset Tick() => DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddMilliseconds(++_now);
    }
    /// <summary>A clock on which every wait ends before it begins, on the same thread.</summary>
    private sealed class InstantTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            callback(state);
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}

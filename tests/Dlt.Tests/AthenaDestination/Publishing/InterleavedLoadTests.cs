using System.Globalization;
using Dlt.Destinations.Publishing;
using Dlt.Destinations.Settings;
using Dlt.Destinations;
using Dlt.Naming;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>
/// Two and three machines load one table, with their steps in every order. <c>DLT_INTERLEAVINGS</c> is the number of random orders of
/// single calls; from 100,000 on, all orders of the steps of three loads are tried as well.
/// </summary>
public class InterleavedLoadTests
{
    private const string WithLoadId = "{table_name}/{load_id}.{file_id}.{ext}";
    private const string WithoutLoadId = "{table_name}/{file_id}.{ext}";
    private const string Replace = "replace";

    private static readonly int Orders =
        int.TryParse(
            Environment.GetEnvironmentVariable("DLT_INTERLEAVINGS"), NumberStyles.None, CultureInfo.InvariantCulture, out var orders)
                ? orders : 2_000;

    /// <summary>Layouts, and the mode of each load: R replaces, A appends. The first load has the lowest id.</summary>
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var layout in new[] { WithLoadId, WithoutLoadId })
            foreach (var loads in new[] { "RR", "RA", "AR", "RRR", "RAR", "ARR", "RRA", "AAR" }) cases.Add(layout, loads);
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void In_any_order_of_steps_the_rows_of_the_last_replace_and_of_concurrent_appends_stay(string layout, string loads)
    {
        const int Steps = 5;
        if (loads.Length > 2 && Orders < 100_000)
        {
            InRandomOrder(layout, loads, isFine: false);
            return;
        }

        var order = new List<int>();
        void Try(int[] left)
        {
            if (left.All(l => l == 0))
            {
                Run(layout, loads, isFine: false, waiting => order[^waiting.Left]);
                return;
            }

            for (var program = 0; program < left.Length; program++)
            {
                if (left[program] == 0) continue;
                left[program]--;
                order.Add(program);
                Try(left);
                order.RemoveAt(order.Count - 1);
                left[program]++;
            }
        }

        Try([.. loads.Select(_ => Steps)]);
    }

    [Theory, MemberData(nameof(Cases))]
    public void In_any_order_of_calls_the_rows_of_the_last_replace_and_of_concurrent_appends_stay(string layout, string loads) =>
        InRandomOrder(layout, loads, isFine: true);

    private static void InRandomOrder(string layout, string loads, bool isFine)
    {
        for (var seed = 0; seed < Orders / 4; seed++)
        {
            // One program runs for a while, then another, because an even shuffle rarely moves neighbours far apart.
            var random = new Random(seed);
            var current = 0;
            Run(layout, loads, isFine, waiting =>
            {
                if (!waiting.Programs.Contains(current) || random.Next(3) == 0) current =
                    waiting.Programs[random.Next(waiting.Programs.Count)];
                return current;
            });
        }
    }

    /// <summary>Runs the loads, the first with the lowest id, and asserts which files remain.</summary>
    /// <param name="layout">Layout of keys.</param>
    /// <param name="loads">Mode of each load.</param>
    /// <param name="isFine">True when every call is a step; false when a load has five steps.</param>
    /// <param name="choose">Chooses the program that takes the next step.</param>
    private static void Run(string layout, string loads, bool isFine, Func<(IReadOnlyList<int> Programs, int Left), int> choose)
    {
        string[] dispositions = [.. loads.Select(l => l == 'R' ? Replace : "append")];
        var world = new World(layout, dispositions, isFine);
        var left = dispositions.Length * 5;
        while (world.Steps.Waiting is { Count: > 0 } waiting) world.Steps.GoOn(choose((waiting, left--)));
        var why = $"{layout} {loads} {string.Join("", world.Steps.Taken)}: {string.Join(", ", world.Files)}";
        var last = Array.FindLastIndex(dispositions, d => d == Replace);
        Assert.False(world.Files.Contains("old") || world.Files.Contains("foreign"), why);
        for (var load = 0; load < dispositions.Length; load++)
        {
            var isThere = world.Files.Contains($"{load}");
            if (dispositions[load] == Replace) Assert.True(isThere == (load == last), why);
            else if (Replaces().All(r => world.CommittedAt[load] > world.BegunAt[r])) Assert.True(isThere, why);
            else if (Replaces().Any(r => r > load && world.CommittedAt[load] < world.StartedAt[r])) Assert.False(isThere, why);
        }

        IEnumerable<int> Replaces() => Enumerable.Range(0, dispositions.Length).Where(r => dispositions[r] == Replace);
    }

    /// <summary>A table with a file of a complete load and a foreign file, and loads that overlap.</summary>
    private sealed class World
    {
        private static readonly Schema Schema = new("s", NamingConvention.Create("snake_case", 255));
        private static readonly TableSchema Table = new("items");

        private readonly SortedDictionary<string, (byte[] Content, DateTimeOffset Time)> _objects = new(StringComparer.Ordinal);
        private readonly HashSet<string> _complete = ["1699999000.0"];
        private readonly FileLayout _layout;
        private readonly bool _isFine;
        private int _now;

        public World(string layout, string[] dispositions, bool isFine)
        {
            _layout = new(layout);
            _isFine = isFine;
            var old = new LoadRegistry(new SteppedStore(null, 0, _objects, Tick), new("lake", "ds"), _layout, CompleteAsync)
                .KeyOf(Job("1699999000.0", "old"));
            _objects[old.Key] = ([], Tick());
            _objects["ds/items/foreign.parquet"] = ([], Tick());
            for (var load = 0; load < dispositions.Length; load++)
            {
                var disposition = dispositions[load];
                Steps.Add(program => LoadAsync(program, disposition));
            }
        }

        public Interleaving Steps { get; } = new();

        /// <summary>When each load took its first step, wrote its publish object, and became complete.</summary>
        public Dictionary<int, int> StartedAt { get; } = [];

        public Dictionary<int, int> BegunAt { get; } = [];

        public Dictionary<int, int> CommittedAt { get; } = [];

        /// <summary>Names of the files in the table; each is the number of its load.</summary>
        public IEnumerable<string> Files =>
            _objects.Keys.Where(k => k.StartsWith("ds/items/", StringComparison.Ordinal)).Select(k => k.Split('/')[^1].Split('.')[^2]);

        private async Task LoadAsync(int program, string disposition)
        {
            var loadId = $"17000000{program}0.0";
            var job = Job(loadId, $"{program}");
            StartedAt[program] = ++_now;
            var store = new SteppedStore(_isFine ? Steps : null, program, _objects, Tick);
            var publisher = new LoadRegistry(store, new("lake", "ds"), _layout, CompleteAsync);
            var mode = disposition == Replace ? WriteMode.Replace : WriteMode.Append;
            var chain = new TableChain(Table, mode, [new(Table, [job])]);
            var plan = new LoadPlan { LoadId = loadId, Schema = Schema, Prepared = [Table], Chains = [chain] };
            var load = await publisher.BeginAsync(plan, new(_ => true, PartitionedJobs.None), default);
            BegunAt[program] = ++_now;
            await Steps.StepAsync(program);
            await store.UploadAsync(publisher.KeyOf(job), "");
            await Steps.StepAsync(program);
            if (disposition == Replace) await load.ReplaceAsync("items", default);
            await Steps.StepAsync(program);
            _complete.Add(loadId);
            CommittedAt[program] = ++_now;
            await Steps.StepAsync(program);
            await load.SweepAsync(default);
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
}

using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>
/// An account with one table of each merge strategy, each with a nested table, and what a plain model says of their rows. A load merges
/// into all of them; services can end or be overtaken by other writers at any call.
/// </summary>
/// <param name="folder">Folder of the account and the machines.</param>
/// <param name="random">Chooses the rows and what happens.</param>
internal sealed class MergeWorld(TempFolder folder, Random random)
{
    private const int Keys = 8;

    private static readonly (string Table, MergeStrategy Strategy)[] Tables =
    [
        ("replaced", new MergeStrategy.DeleteInsert()), ("updated", new MergeStrategy.Upsert()), ("mirrored", new MergeStrategy.Cdc()),
        ("inserted", new MergeStrategy.InsertOnly()), ("kept", new MergeStrategy.Scd2()),
    ];

    private readonly Dictionary<string, MergeModel> _models =
        Tables.ToDictionary(t => t.Table, t => new MergeModel(t.Strategy.Kind), StringComparer.Ordinal);

    private readonly List<string> _incomplete = [];
    private int _value;
    private int _others;

    public LocalAthena Account { get; } = Some.Account(folder);

    /// <summary>Calls of the last load.</summary>
    public int Calls { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Rows for one load, merged into the models.</summary>
    /// <param name="hasExtra">True for rows with a further column.</param>
    public Dictionary<string, List<MergedRow>> NextRows(bool hasExtra)
    {
        var all = new Dictionary<string, List<MergedRow>>(StringComparer.Ordinal);
        foreach (var (table, strategy) in Tables)
        {
            var ids = Enumerable.Range(0, Keys).Where(_ => random.Next(2) == 0).DefaultIfEmpty(Keys).ToList();
            if (strategy is MergeStrategy.DeleteInsert) ids.Add(ids[random.Next(ids.Count)]);   // keeps the last of the same key
            var rows = ids.ConvertAll(id => Row(id, strategy is MergeStrategy.Scd2, hasExtra));
            all[table] = rows;
            _models[table].Merge(rows);
        }

        return all;
    }

    /// <summary>Loads rows.</summary>
    /// <param name="machine">Name of the machine, whose working folder it has.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="end">The call at which the machine ends; null for none.</param>
    /// <param name="isLastDone">True when the last call still happens.</param>
    /// <param name="meanwhile">Called before each commit of a table, with its name.</param>
    /// <returns>False if the machine ended.</returns>
    public async Task<bool> LoadAsync(
        string machine, Dictionary<string, List<MergedRow>> rows, int? end = null, bool isLastDone = false,
        Action<string>? meanwhile = null)
    {
        await ReleaseAsync();
        Calls = 0;
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
            Step(method, given.OfType<GlueTableInput>().FirstOrDefault()?.Name, call));
        var objects = Steps.Intercept(Account.Objects, (method, call) => Step(method, null, call));
        var pipeline = new Machine(Account, folder.File(machine), glue, objects).Pipeline();
        try
        {
            if (IsPending(machine)) await pipeline.LoadPendingAsync(Cancellation);
            else await pipeline.RunAsync(new Source("pipe", [.. rows.Select(r => ResourceOf(r.Key, r.Value))]), Cancellation);
            return true;
        }
        catch (Exception error) when (error is Steps.EndedException or DltException { InnerException: Steps.EndedException })
        {
            return false;
        }

        object? Step(string method, string? table, Func<object?> call)
        {
            lock (_models)
            {
                var step = ++Calls;
                if (step > end || (step == end && !isLastDone)) throw new Steps.EndedException();
                if (method != nameof(IGlueCatalog.UpdateTableAsync)) return call();
                meanwhile?.Invoke(table!);
                var done = (Task)call()!;
                done.ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
                if (table is not null) LookAsync(table).GetAwaiter().GetResult();
                return step == end ? throw new Steps.EndedException() : done;
            }
        }
    }

    /// <summary>
    /// Sometimes another program commits to the tables: it compacts one, or another pipeline merges rows with other keys.
    /// </summary>
    /// <param name="table">The table that a load is about to commit.</param>
    public void Overtake(string table)
    {
        if (!AllTables.Contains(table) || random.Next(6) > 0) return;
        if (random.Next(2) == 0) CompactAsync(table).GetAwaiter().GetResult();
        else LoadOtherAsync().GetAwaiter().GetResult();
    }

    private async Task CompactAsync(string table)
    {
        if (await new MergedTable(Account, table).OpenAsync(table) is { } stored)
            await stored.CompactAsync(rewriteAll: true, cancellationToken: Cancellation);
    }

    private async Task LoadOtherAsync()
    {
        var resources = new List<Resource>();
        foreach (var table in Tables.Where(t => t.Strategy is not (MergeStrategy.Cdc or MergeStrategy.Scd2)).Select(t => t.Table))
        {
            List<MergedRow> rows = [Row(1000 + (_others++ % 5), isOfFew: false, hasExtra: false) with { IsGone = false }];
            _models[table].Merge(rows);
            resources.Add(ResourceOf(table, rows));
        }

        await new Machine(Account, folder.File("other")).Pipeline("other").RunAsync(new Source("other", [.. resources]), Cancellation);
    }

    /// <summary>True when the package of a machine waits.</summary>
    public bool IsPending(string machine) =>
        new DirectoryInfo(folder.File($"{machine}/pipe/load/normalized")) is { Exists: true } packages
            && packages.GetDirectories().Length > 0;

    /// <summary>Asserts that the tables have the rows of the models, and that no reader saw a root row without its nested rows.</summary>
    public async Task CheckAsync(string story)
    {
        foreach (var (table, _) in Tables)
        {
            var (rows, orphans) = await new MergedTable(Account, table).ReadAsync();
            var expected = _models[table].Rows;
            var difference = $"{table} has\n{string.Join('\n', rows)}\nand not\n{string.Join('\n', expected)}";
            Assert.True(expected.SequenceEqual(rows), $"{story}: {difference}");
            Assert.True(orphans == 0, $"{story}: {table} has {orphans} nested rows without a root row");
        }

        Assert.True(_incomplete.Count == 0, $"{story}: without nested rows were {string.Join(", ", _incomplete)}");
    }

    /// <summary>The tables, roots and nested ones.</summary>
    public static IEnumerable<string> AllTables => Tables.SelectMany(t => new[] { t.Table, t.Table + "__tags" });

    private async Task LookAsync(string table)
    {
        var root = table.Replace("__tags", "", StringComparison.Ordinal);
        if (!_models.ContainsKey(root)) return;
        _incomplete.AddRange(await new MergedTable(Account, root).IncompleteAsync());
    }

    private MergedRow Row(int id, bool isOfFew, bool hasExtra)
    {
        var value = isOfFew ? random.Next(3) : ++_value;   // versions return
        string[] tags = [.. Enumerable.Range(0, isOfFew ? value : random.Next(4)).Select(i => $"{value}{(char)('a' + i)}")];
        return new(id, value, tags) { IsGone = !isOfFew && random.Next(5) == 0, Extra = hasExtra && !isOfFew ? value * 2 : null };
    }

    private static Resource ResourceOf(string table, IEnumerable<MergedRow> rows)
    {
        var strategy = Tables.Single(t => t.Table == table).Strategy;
        var hints = new ResourceHints
        {
            WriteDisposition = WriteDisposition.Merge,
            MergeStrategy = strategy,
            TableFormat = TableFormat.Iceberg,
            PrimaryKey = strategy is MergeStrategy.Scd2 ? [] : ["id"],
            HardDelete = strategy is MergeStrategy.Scd2 ? null : "gone",
        };
        return Some.Resource(table, hints, [.. rows.Select(r => r.ToJson())]);
    }

    /// <summary>Makes the leases of machines that ended as old as they are after a while.</summary>
    private async Task ReleaseAsync()
    {
        foreach (var key in await Machine.KeysAsync(Account, "ds/_dlt_lease/"))
        {
            var file = ((FolderObjectStore)Account.Objects).PathOf(new("lake", key));
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - TimeSpan.FromMinutes(2));
        }
    }
}

using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>Tests that merge into the chain <c>items</c> and <c>items__tags</c>.</summary>
public abstract class ItemsMergeTests : AccountTests
{
    /// <summary>Hints of a merge by the key <c>id</c>.</summary>
    protected static ResourceHints Merge(MergeStrategy? strategy = null) => Iceberg with
    {
        WriteDisposition = WriteDisposition.Merge,
        MergeStrategy = strategy ?? new MergeStrategy.DeleteInsert(),
        PrimaryKey = strategy is MergeStrategy.Scd2 ? [] : ["id"],
        HardDelete = strategy is MergeStrategy.Scd2 ? null : "gone",
    };

    /// <summary>The strategy with a name.</summary>
    protected static MergeStrategy Strategy(string name) => name switch
    {
        "upsert" => new MergeStrategy.Upsert(),
        "cdc" => new MergeStrategy.Cdc(),
        "insert-only" => new MergeStrategy.InsertOnly(),
        "scd2" => new MergeStrategy.Scd2(),
        _ => new MergeStrategy.DeleteInsert(),
    };

    /// <summary>The resource <c>items</c>; its rows have the form <c>id value tag tag …</c>.</summary>
    private protected static Resource Items(ResourceHints hints, params string[] rows) =>
        Some.Resource("items", hints, [.. rows.Select(r => RowOf(r).ToJson())]);

    /// <summary>The chain as a reader sees it.</summary>
    private protected MergedTable Chain => new(Account, "items");

    /// <summary>A table of the account.</summary>
    private protected async Task<Table> OpenAsync(string table) => (await Chain.OpenAsync(table))!;

    /// <summary>Drops the chain from the catalog.</summary>
    private protected async Task DropAsync()
    {
        foreach (var table in new[] { "items", "items__tags" })
        {
            if (await Account.Glue.GetTableAsync("ds", table, Cancellation) is not null)
                await Account.Glue.DeleteTableAsync("ds", table, Cancellation);
        }
    }

    /// <summary>A machine with its own working folder.</summary>
    private protected Machine On(string machine, IGlueCatalog? glue = null, IObjectStore? objects = null) =>
        new(Account, Folder.File(machine), glue, objects);

    /// <summary>
    /// Asserts the rows of the form <c>id value [tags]</c>, that no nested row is without a root row, and that all files are found.
    /// </summary>
    private protected async Task AssertRowsAsync(params string[] rows)
    {
        var (found, orphans) = await Chain.ReadAsync();
        Assert.Equal(rows, found.Select(r => r.Replace("  ", " ", StringComparison.Ordinal)));
        Assert.Equal(0, orphans);
    }

    /// <summary>
    /// Runs a load on a machine that ends at a commit of a table, before it or after it took effect, and makes its lease old.
    /// </summary>
    private protected async Task EndAtAsync(string machine, string table, bool isDone, Resource resource, string pipeline = "pipe")
    {
        var isEnded = false;
        object? Around(string method, object?[] given, Func<object?> call)
        {
            if (isEnded) throw new Steps.EndedException();
            if (method != nameof(IGlueCatalog.UpdateTableAsync) || given.OfType<GlueTableInput>().First().Name != table) return call();
            if (isDone) ((Task)call()!).GetAwaiter().GetResult();
            isEnded = true;
            throw new Steps.EndedException();
        }

        var lost = On(machine, Steps.Intercept(Account.Glue, Around), Steps.Intercept(Account.Objects, Around));
        await Assert.ThrowsAnyAsync<Exception>(() => lost.RunAsync(resource, pipeline));
        Assert.True(isEnded);
        await ReleaseAsync();
    }

    /// <summary>Calls a function before each commit of a table by a load, with the number of the commit.</summary>
    private protected IGlueCatalog Before(Action<int> commit)
    {
        var commits = 0;
        return Steps.Intercept(Account.Glue, (method, given, call) =>
        {
            var isOfChain = method == nameof(IGlueCatalog.UpdateTableAsync)
                && given.OfType<GlueTableInput>().First().Name.StartsWith("items", StringComparison.Ordinal);
            if (isOfChain) commit(++commits);
            return call();
        });
    }

    /// <summary>Makes the leases of machines that ended as old as they are after a while.</summary>
    private protected async Task ReleaseAsync()
    {
        foreach (var key in await Machine.KeysAsync(Account, "ds/_dlt_lease/"))
        {
            var file = ((FolderObjectStore)Account.Objects).PathOf(new("lake", key));
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - TimeSpan.FromMinutes(2));
        }
    }

    /// <summary>The files of the chain that no snapshot needs.</summary>
    private protected async Task<IReadOnlyList<string>> OrphansAsync()
    {
        var found = await AthenaMaintenance.Open(Account, Some.Configuration(Folder.Path)).FindOrphansAsync("ds", Cancellation);
        return [.. found.Select(o => o.Location)];
    }

    private static MergedRow RowOf(string row)
    {
        var parts = row.Split(' ');
        return new(Int(parts[0]), Int(parts[1]), [.. parts[2..].Where(p => p != "gone")]) { IsGone = parts.Contains("gone") };
    }

    private static int Int(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

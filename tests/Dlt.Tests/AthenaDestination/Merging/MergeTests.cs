using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>Tests of merges into Iceberg tables of a local account. The outcome is what queries return.</summary>
public abstract class MergeTests : AccountTests
{
    /// <summary>Hints of an Iceberg table that is merged by its column id, with the default strategy.</summary>
    protected static readonly ResourceHints Merged =
        Iceberg with { WriteDisposition = WriteDisposition.Merge, PrimaryKey = ["id"] };

    /// <summary>The strategies that compare primary keys and keep one row of each.</summary>
    public static TheoryData<string> KeyStrategies => ["delete-insert", "upsert", "cdc"];

    /// <summary>Warnings of all loads.</summary>
    protected List<string> Warnings { get; } = [];

    /// <summary>A strategy by its name in dlt, with its defaults.</summary>
    protected static MergeStrategy Strategy(string name) => name switch
    {
        "delete-insert" => new MergeStrategy.DeleteInsert(),
        "upsert" => new MergeStrategy.Upsert(),
        "cdc" => new MergeStrategy.Cdc(),
        "insert-only" => new MergeStrategy.InsertOnly(),
        _ => new MergeStrategy.Scd2(),
    };

    /// <summary>Loads items into the table <c>items</c>.</summary>
    protected Task<LoadInfo> LoadAsync(ResourceHints hints, params string[] items) =>
        Some.Pipeline(Account, warnings: Warnings).RunAsync(Some.Resource("items", hints, items), Cancellation);

    /// <summary>Compares the rows of a query: values of a row are joined by a blank, and null is <c>-</c>.</summary>
    protected async Task AssertRowsAsync(string sql, params string[] rows)
    {
        var found = await Some.QueryAsync(Account, sql);
        Assert.Equal(rows, found.Rows.Select(r => string.Join(' ', r.Select(v => v ?? "-"))));
    }

    /// <summary>Compares the rows of <c>items</c> with those of the list <c>tags</c>, each tag after the id of its root row.</summary>
    protected async Task AssertTagsAsync(params string[] tags)
    {
        await AssertRowsAsync(
            "SELECT i.id, t.value FROM items i JOIN items__tags t ON t._dlt_root_id = i._dlt_id AND t._dlt_parent_id = i._dlt_id "
            + "ORDER BY 1, 2", tags);
        await AssertRowsAsync("SELECT count(*) FROM items__tags", $"{tags.Length}");
    }
}

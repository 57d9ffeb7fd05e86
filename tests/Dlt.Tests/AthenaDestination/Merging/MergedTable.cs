using System.Globalization;
using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>A chain of a root and one nested table as a reader sees it.</summary>
/// <param name="account">The account.</param>
/// <param name="name">Name of the root table.</param>
internal sealed class MergedTable(LocalAthena account, string name)
{
    private readonly GlueCatalog _catalog = new(account.Glue, account.Objects) { DataFileReader = new ParquetDataFileReader() };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens one of the tables; null if it does not exist.</summary>
    public Task<Table?> OpenAsync(string table) => _catalog.TryLoadTableAsync(new("ds", table), Cancellation);

    /// <summary>
    /// Reads the rows with their nested rows, as texts, and counts the nested rows that no root row has. A deletion of a row that was not
    /// there, which an upsert inserts as dlt does, is left out: a load that is repeated deletes it.
    /// </summary>
    public async Task<(IReadOnlyList<string> Rows, int Orphans)> ReadAsync()
    {
        var (roots, nested) = await RowsAsync();
        var rows = roots.ConvertAll(r => new MergedRow(Int(r["id"])!.Value, Int(r["v"])!.Value, Tags(r["_dlt_id"]!, nested))
        {
            Extra = Int(r.GetValueOrDefault("extra")),
            IsGone = r["gone"] == "true",
            IsActive = r.GetValueOrDefault("_dlt_valid_to") is null,
        });
        var ids = roots.Select(r => r["_dlt_id"]!).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(rows, r => r.IsGone && r.Tags.Length > 0);
        var orphans = nested.Count(n => !ids.Contains(n["_dlt_parent_id"]!));
        return ([.. rows.Where(r => !r.IsGone).Select(r => r.ToString()).Order(StringComparer.Ordinal)], orphans);
    }

    /// <summary>Root rows that have fewer nested rows than their column <c>n</c> says; deletions that were inserted have none.</summary>
    public async Task<IReadOnlyList<string>> IncompleteAsync()
    {
        var (roots, nested) = await RowsAsync();
        var counts = nested.CountBy(n => n["_dlt_parent_id"]!).ToDictionary();
        var incomplete = roots.Where(r => r["gone"] != "true" && counts.GetValueOrDefault(r["_dlt_id"]!) < Int(r["n"]));
        return [.. incomplete.Select(r => $"{name} {r["id"]}")];
    }

    private async Task<(List<Dictionary<string, string?>> Roots, List<Dictionary<string, string?>> Nested)> RowsAsync() =>
        (await RowsAsync(name), await RowsAsync(name + "__tags"));

    private async Task<List<Dictionary<string, string?>>> RowsAsync(string table)
    {
        if (await OpenAsync(table) is not { } stored) return [];
        var scan = stored.Scan();
        var rows = new List<Dictionary<string, string?>>();
        await foreach (var batch in new ScanReader(scan, new ParquetDataFileReader()).ReadAsync(Cancellation))
        {
            foreach (var row in batch)
            {
                var values = scan.Schema.Fields.Select((f, i) =>
                    KeyValuePair.Create(f.Name, row[i] is { } value ? ValueText.Of((PrimitiveType)f.Type, value) : null));
                rows.Add(new(values));
            }
        }

        return rows;
    }

    private static string[] Tags(string parent, IEnumerable<Dictionary<string, string?>> nested) =>
        [.. nested.Where(n => n["_dlt_parent_id"] == parent).OrderBy(n => Int(n["_dlt_list_idx"])).Select(n => n["value"]!)];

    private static int? Int(string? text) => text is null ? null : int.Parse(text, CultureInfo.InvariantCulture);
}

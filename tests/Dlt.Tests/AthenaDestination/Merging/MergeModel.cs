namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>A table that is merged into, as plain rows in memory (dlt documentation, Merge strategies).</summary>
/// <param name="strategy">The strategy.</param>
internal sealed class MergeModel(MergeStrategyKind strategy)
{
    private List<MergedRow> _rows = [];

    /// <summary>The rows as texts, sorted.</summary>
    public IReadOnlyList<string> Rows => [.. _rows.Select(r => r.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>Merges the rows of a load.</summary>
    public void Merge(IReadOnlyList<MergedRow> rows)
    {
        if (strategy == MergeStrategyKind.Scd2) MergeVersions(rows);
        else if (strategy == MergeStrategyKind.InsertOnly) Insert(rows);
        else Replace(strategy == MergeStrategyKind.DeleteInsert ? [.. rows.Reverse().DistinctBy(r => r.Id)] : rows);
    }

    private void Replace(IReadOnlyList<MergedRow> rows)
    {
        var isComplete = strategy == MergeStrategyKind.Cdc;
        var ids = rows.Select(r => r.Id).ToHashSet();
        _rows.RemoveAll(r => isComplete || ids.Contains(r.Id));
        _rows.AddRange(rows.Where(r => !r.IsGone));
    }

    /// <summary>Rows that are there stay; nested rows have keys of their own, so further ones are added to them.</summary>
    private void Insert(IReadOnlyList<MergedRow> rows)
    {
        foreach (var row in rows.Where(r => !r.IsGone))
        {
            var at = _rows.FindIndex(r => r.Id == row.Id);
            if (at < 0) _rows.Add(row);
            else _rows[at] = _rows[at] with { Tags = [.. _rows[at].Tags, .. row.Tags.Skip(_rows[at].Tags.Length)] };
        }
    }

    private void MergeVersions(IReadOnlyList<MergedRow> rows)
    {
        var staged = rows.Select(r => r.ToString()).ToHashSet(StringComparer.Ordinal);
        _rows = _rows.ConvertAll(r => staged.Contains(r.ToString()) ? r : r with { IsActive = false });
        var known = _rows.Select(r => r.ToString()).ToHashSet(StringComparer.Ordinal);
        _rows.AddRange(rows.Where(r => !known.Contains(r.ToString())));
    }
}

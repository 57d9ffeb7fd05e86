using System.Globalization;

namespace Dlt;

/// <summary>Writes the changes of a load as text: one line per table, and one per fact about its values.</summary>
internal static class LoadChangesText
{
    private const int MaxNames = 20;
    private const int MaxReasons = 10;
    private const int MaxReasonLength = 300;

    public static IEnumerable<string> Lines(LoadChanges changes)
    {
        if (!changes.NewTables.IsEmpty)
            yield return "Schema: new tables " + Names(changes.NewTables.Select(t => $"{t.Name} ({Count(t.Columns, "column")})"));
        foreach (var line in TableLines(changes)) yield return line;
        foreach (var table in changes.ColumnsNotCreated.GroupBy(c => c.Table))
            yield return $"Schema: {table.Key}: not created, only nulls: {Names(table.Select(c => c.Column))}";
        if (!changes.TablesNotCreated.IsEmpty) yield return "Schema: not created, no rows: " + Names(changes.TablesNotCreated);
        foreach (var column in changes.Rounded)
            yield return Text($"Rounded: {column.Table}.{column.Column} to {column.Scale} digits after the point ({Rows(column.Rows)})");
        foreach (var table in changes.Discarded)
            yield return Text($"Discarded: {Rows(table.Rows)} of {table.Table}, by its contract, and kept nowhere");
        foreach (var skipped in changes.Skipped)
            yield return Text($"Not loaded: {skipped.Resource}: {Rows(skipped.Rows)}, {skipped.Reason}");
        if (changes.Rejected.IsEmpty) yield break;
        yield return Text($"Rejected: {Rows(changes.Rejected.Sum(r => r.Rows))}, kept in table _dlt_rejected");
        foreach (var reason in changes.Rejected.Take(MaxReasons))
            yield return Text($"- {reason.Table}: {reason.Rows} × {Shorten(reason.Reason)}");
        if (changes.Rejected.Length > MaxReasons) yield return Text($"- and {changes.Rejected.Length - MaxReasons} more reasons");
    }

    /// <summary><c>orders + coupon, quality_score; customer_id__v_text (16 rows)</c>.</summary>
    private static IEnumerable<string> TableLines(LoadChanges changes)
    {
        var columns = changes.NewColumns.ToLookup(c => c.Table);
        var variants = changes.Variants.ToLookup(v => v.Table);
        foreach (var table in columns.Select(c => c.Key).Union(variants.Select(v => v.Key)).Order(StringComparer.Ordinal))
        {
            var line = $"Schema: {table}";
            if (columns.Contains(table)) line += " + " + Names(columns[table].Select(c => c.Name));
            if (variants.Contains(table)) line += columns.Contains(table) ? "; " : ": ";
            yield return line + Names(variants[table].Select(v => $"{v.Column} ({Rows(v.Rows)})"));
        }
    }

    private static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(MaxNames)) + (all.Count > MaxNames ? Text($" and {all.Count - MaxNames} more") : "");
    }

    private static string Rows(long rows) => Count(rows, "row");

    private static string Count(long count, string what) => Text($"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Shorten(string reason) =>
        reason.Length <= MaxReasonLength ? reason : string.Concat(reason.AsSpan(0, MaxReasonLength), "…");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

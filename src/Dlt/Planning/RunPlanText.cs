using System.Globalization;

namespace Dlt.Planning;

/// <summary>Writes a plan as text for people.</summary>
internal static class RunPlanText
{
    private const string Indent = "    ";

    public static string Of(RunPlan plan) => string.Join('\n', Lines(plan));

    private static IEnumerable<string> Lines(RunPlan plan)
    {
        yield return $"Plan of pipeline {plan.PipelineName}: source {plan.SourceName} into dataset {plan.DatasetName} of destination "
            + $"{plan.DestinationName}, {plan.Location}";
        yield return $"{Read(plan)} Nothing was loaded or changed.";
        if (plan.IsRestored) yield return "State and schemas are those of the destination, which a run would restore first.";
        foreach (var line in StopLines(plan)) yield return line;
        foreach (var line in PendingLines(plan)) yield return line;
        foreach (var line in TableLines(plan)) yield return line;
        foreach (var line in ChangeLines(plan)) yield return line;
        foreach (var line in StatementLines(plan)) yield return line;
        if (plan.Stop is null && plan.IsPreviewed) yield return Queries(plan);
        if (plan.Warnings.IsEmpty) yield break;
        yield return "Warnings of the run:";
        foreach (var warning in plan.Warnings) yield return $"- {warning}";
    }

    private static string Read(RunPlan plan) => plan.Limit switch
    {
        null => "All pages of each resource were read.",
        1 => "One page of each resource was read.",
        var limit => Text($"At most {limit} pages of each resource were read."),
    };

    private static IEnumerable<string> StopLines(RunPlan plan)
    {
        if (plan.Stop is not { } stop) yield break;
        yield return $"The run would stop in the step {stop.Step}: {stop.Reason}";
        if (plan.Changes.Rejected.IsEmpty) yield break;
        yield return "Rows that cannot be loaded, in what was read (with KeepRejects the run would keep them in _dlt_rejected and go on):";
        foreach (var row in plan.Changes.Rejected) yield return Text($"- {row.Table}: {Count(row.Rows, "row")} × {row.Reason}");
    }

    private static IEnumerable<string> PendingLines(RunPlan plan)
    {
        if (plan.Pending.IsEmpty) yield break;
        yield return "Loaded first, from earlier runs:";
        foreach (var package in plan.Pending)
        {
            var rows = string.Join(", ", package.RowCounts.OrderBy(r => r.Key, StringComparer.Ordinal)
                .Select(r => $"{r.Key} {Count(r.Value, "row")}"));
            yield return $"- package {package.LoadId}: {(rows.Length == 0 ? "no rows" : rows)}"
                + (package.IsNormalized ? "" : "; it waits to be normalised, so what it changes in tables is not shown here");
        }
    }

    private static IEnumerable<string> TableLines(RunPlan plan)
    {
        if (!plan.Dropped.IsEmpty) yield return $"Dropped with all rows before the load (refresh): {string.Join(", ", plan.Dropped)}";
        if (!plan.Emptied.IsEmpty) yield return $"Emptied before the load (refresh): {string.Join(", ", plan.Emptied)}";
        if (plan.Tables.IsEmpty && plan.Stop is null) yield return "Tables: none would be loaded.";
        if (!plan.Tables.IsEmpty) yield return "Tables, with what was read:";
        foreach (var table in plan.Tables)
        {
            yield return $"- {table.Name}: {Kind(table)}, {Mode(table)}: {Count(table.Rows, "row")} in {Count(table.Files, "file")}, "
                + Size(table.Bytes);
            foreach (var column in table.NewColumns) yield return $"{Indent}+ column {column.Name} {column.Type}";
            foreach (var variant in plan.Changes.Variants.Where(v => v.Table == table.Name))
                yield return $"{Indent}values of another type go to {variant.Column}: {Count(variant.Rows, "row")}";
        }

        if (!plan.TablesWithoutRows.IsEmpty)
            yield return $"No rows were read, so these tables are not known: {string.Join(", ", plan.TablesWithoutRows)}";
    }

    /// <summary>Changes of a run that goes on: rejected and rounded values, and what gets no column.</summary>
    private static IEnumerable<string> ChangeLines(RunPlan plan)
    {
        if (plan.Stop is not null) return [];
        var shown = plan.Changes with { NewTables = [], NewColumns = [], Variants = [], TablesNotCreated = [] };
        return LoadChangesText.Lines(shown);
    }

    private static IEnumerable<string> StatementLines(RunPlan plan)
    {
        if (plan.Stop is not null) yield break;
        if (!plan.IsPreviewed)
        {
            yield return $"Destination {plan.DestinationName} does not say what a load changes in its tables.";
            yield break;
        }

        if (plan.Statements.IsEmpty)
        {
            yield return "Changes of tables: none.";
            yield break;
        }

        yield return plan.Statements.All(s => s.IsQuery)
            ? "Changes of tables, as statements that run as queries:"
            : "Changes of tables, written as statements; "
                + (plan.TableQueries == 0 ? "calls of the catalog make them:" : "those marked (query) run as queries, calls of the "
                + "catalog make the others:");
        foreach (var statement in plan.Statements)
        {
            var mark = statement.IsQuery && plan.TableQueries < plan.Statements.Length ? "(query) " : "";
            yield return Indent + mark + Folded(statement.Sql);
        }
    }

    private static string Queries(RunPlan plan)
    {
        if (plan.TableQueries + plan.MergeQueries == 0) return "Queries: none, so they cost nothing.";
        var tables = plan.TableQueries == 0 ? "" : Text($"{plan.TableQueries} for tables, which are not billed");
        var merges = plan.MergeQueries == 0
            ? ""
            : Text($"{plan.MergeQueries} that merge; the bytes that they scan, and so their cost, are not known before they run");
        var all = string.Join(", and ", new[] { tables, merges }.Where(t => t.Length > 0));
        return Text($"Queries: {plan.TableQueries + plan.MergeQueries}: {all}.");
    }

    private static string Kind(PlannedTable table)
    {
        var format = table.Format == "native" ? "" : $" {table.Format}";
        return table.IsNew switch
        {
            true => $"new{format} table",
            false => $"existing{format} table",
            null => $"{format.TrimStart()} table".TrimStart(),
        };
    }

    private static string Mode(PlannedTable table)
    {
        var keys = new List<string>();
        if (!table.PrimaryKey.IsEmpty) keys.Add($"primary key {string.Join(", ", table.PrimaryKey)}");
        if (!table.MergeKey.IsEmpty) keys.Add($"merge key {string.Join(", ", table.MergeKey)}");
        if (!table.IsMerge) return table.Mode;
        return $"merge {table.Mode}{(keys.Count == 0 ? "" : $" by {string.Join(" and ", keys)}")}";
    }

    /// <summary>A statement in one line: dlt breaks its lines within statements.</summary>
    private static string Folded(string sql) =>
        string.Join(' ', sql.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string Count(long count, string what) => Text($"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Size(long bytes) => bytes switch
    {
        < 1024 => Text($"{bytes} B"),
        < 1024 * 1024 => Text($"{bytes / 1024.0:0.0} KiB"),
        _ => Text($"{bytes / 1024.0 / 1024.0:0.0} MiB"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Dlt.Cli.Commands.Running;

/// <summary>Tries a source: plans its first run into an empty account that is never made, so it needs no destination.</summary>
internal static class SourceCheck
{
    /// <summary>Reads the first pages of a source.</summary>
    /// <exception cref="DltException">The source was not reached, or a setting is missing.</exception>
    public static async Task<RunPlan> PlanAsync(
        string pipeline, Source source, int pages, DltConfiguration configuration, CancellationToken stop)
    {
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var options = new PipelineOptions { Configuration = configuration, PipelinesFolder = folder, RestoreFromDestination = false };
        var destination = Athena.Destination(new LocalAthena(folder));
        return await Pipeline.Create(pipeline, destination, pipeline, options).PlanAsync(source, pages, stop);
    }

    /// <summary>The tables with their columns, what would stop a run, and warnings.</summary>
    public static string TextOf(Source source, RunPlan plan) => string.Join('\n', Lines(source, plan));

    private static IEnumerable<string> Lines(Source source, RunPlan plan)
    {
        var pages = plan.Limit is 1 or null ? "One page" : string.Create(CultureInfo.InvariantCulture, $"At most {plan.Limit} pages");
        yield return $"Source {source.Name}: {pages} of each resource was read. Nothing was loaded.";
        if (plan.Stop is { } stop) yield return $"A run would stop in the step {stop.Step}: {stop.Reason}";
        foreach (var rejected in plan.Changes.Rejected)
            yield return string.Create(CultureInfo.InvariantCulture, $"- {rejected.Table}: {rejected.Rows} row(s) × {rejected.Reason}");
        foreach (var table in plan.Tables)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Table {table.Name}: {ModeOf(table)}, {table.Rows} row(s)");
            foreach (var column in table.Columns)
                yield return $"    {column.Name} {column.Type}{(table.PrimaryKey.Contains(column.Name) ? ", primary key" : "")}";
        }

        foreach (var empty in plan.TablesWithoutRows) yield return $"Table {empty}: not known, because no rows were read";
        if (plan.Tables.IsEmpty && plan.TablesWithoutRows.IsEmpty && plan.Stop is null) yield return "No table would come.";
        foreach (var warning in plan.Warnings) yield return $"Warning: {warning}";
    }

    private static string ModeOf(PlannedTable table) => table.IsMerge ? $"merge {table.Mode}" : table.Mode;
}

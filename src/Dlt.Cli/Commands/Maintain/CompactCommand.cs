using System.CommandLine;
using System.Globalization;
using Dlt.Cli.Commands.Pipelines;

namespace Dlt.Cli.Commands.Maintain;

/// <summary><c>dlt maintain compact DATASET TABLES</c>: merges small files of Iceberg tables and applies deletes.</summary>
internal static class CompactCommand
{
    public static Command Create()
    {
        var options = new MaintainOptions();
        var command = options.CommandOfTables(
            "compact", "Merge small files of Iceberg tables, and apply their deletes, after a question.");
        command.SetAction((parse, _) => SharedOptions.RunAsync(parse, stop => new TablesPlan<TableCompaction>
        {
            Done = "compacted",
            Run = (maintenance, isDryRun, token) =>
                maintenance.CompactAsync(options.DatasetOf(parse), options.TablesOf(parse), isDryRun, token),
            Line = Line,
            Question = plan => plan.Count(HasWork) is > 0 and var tables
                ? string.Create(CultureInfo.InvariantCulture, $"Compact {tables} table(s)?") : null,
            Json = Json,
            Failed = plan => plan.Where(t => t.HasFailed).Select(t => t.Table),
        }.RunAsync(options, parse, stop)));
        return command;
    }

    private static bool HasWork(TableCompaction table) => table.DataFiles > 0 || table.Manifests > 0;

    private static string Line(TableCompaction table, bool isDone)
    {
        var parts = new List<string>();
        if (table.DataFiles > 0)
        {
            var files = $"{table.DataFiles} data file(s), {PipelineTexts.Size(table.SizeBytes)}";
            var deletes = table.DeleteFiles > 0 ? $", with {table.DeleteFiles} delete file(s)" : "";
            parts.Add(isDone ? $"rewrote {files}{deletes}, as {table.WrittenFiles}" : $"would rewrite {files}{deletes}");
        }

        if (table.Manifests > 0) parts.Add($"{(isDone ? "merged" : "would merge")} {table.Manifests} manifests");
        if (table.StayedFiles > 0) parts.Add($"{table.StayedFiles} data file(s) stay: their loads are not complete");
        if (table.Skipped is not null) parts.Add($"{(table.HasFailed ? "failed" : "stays")}: {table.Skipped}");
        return $"{table.Table}: {(parts.Count > 0 ? string.Join("; ", parts) : "nothing to do")}";
    }

    private static JsonValue Json(TableCompaction table) => JsonValue.Object(
        ("table", JsonValue.String(table.Table)),
        ("data_files", JsonValue.Integer(table.DataFiles)),
        ("size_bytes", JsonValue.Integer(table.SizeBytes)),
        ("delete_files", JsonValue.Integer(table.DeleteFiles)),
        ("written_files", JsonValue.Integer(table.WrittenFiles)),
        ("manifests", JsonValue.Integer(table.Manifests)),
        ("stayed_files", JsonValue.Integer(table.StayedFiles)),
        ("skipped", JsonValue.String(table.Skipped)),
        ("failed", JsonValue.Bool(table.HasFailed)));
}

using System.CommandLine;
using System.Globalization;
using Dlt.Cli.Help;

namespace Dlt.Cli.Commands.Maintain;

/// <summary><c>dlt maintain glue-versions DATASET TABLES</c>: deletes old versions of table definitions in Glue.</summary>
internal static class GlueVersionsCommand
{
    private const int DefaultKept = 10;

    public static Command Create()
    {
        var options = new MaintainOptions();
        var keep = TypedOption.Number(
            "--keep", "Keep this many old versions of each table (10), in addition to the current one.", max: int.MaxValue);
        var command = options.CommandOfTables(
            "glue-versions", "Delete old versions of table definitions in Glue, after a question.");
        command.Options.Insert(0, keep);
        command.SetAction((parse, _) => SharedOptions.RunAsync(parse, stop => new TablesPlan<TableVersions>
        {
            Done = "deleted",
            Run = (maintenance, isDryRun, token) => maintenance.DeleteVersionsAsync(
                options.DatasetOf(parse), options.TablesOf(parse), (int)(parse.GetValue(keep) ?? DefaultKept), isDryRun, token),
            Line = Line,
            Question = plan => plan.Sum(t => t.Deleted) is > 0 and var versions
                ? string.Create(CultureInfo.InvariantCulture, $"Delete {versions} version(s)?") : null,
            Json = Json,
            Failed = _ => [],
        }.RunAsync(options, parse, stop)));
        return command;
    }

    private static string Line(TableVersions table, bool isDone) => string.Create(
        CultureInfo.InvariantCulture,
        $"{table.Table}: {table.Archived} old version(s), of which {table.Deleted} {(isDone ? "were" : "would be")} deleted");

    private static JsonValue Json(TableVersions table) => JsonValue.Object(
        ("table", JsonValue.String(table.Table)),
        ("archived", JsonValue.Integer(table.Archived)),
        ("deleted", JsonValue.Integer(table.Deleted)));
}

using System.CommandLine;
using System.Globalization;
using Dlt.Cli.Help;

namespace Dlt.Cli.Commands.Maintain;

/// <summary><c>dlt maintain expire DATASET TABLES</c>: expires snapshots of Iceberg tables with their files.</summary>
internal static class ExpireCommand
{
    public static Command Create()
    {
        var options = new MaintainOptions();
        var age = TypedOption.Age(
            "--older-than",
            "Expire snapshots at least this old, such as 36h or 5d; by default the properties of the table decide, else 5d.");
        var keep = TypedOption.Number("--keep", "Keep at least this many snapshots of each branch; by default 1.", min: 1, int.MaxValue);
        var command = options.CommandOfTables(
            "expire", "Expire snapshots of Iceberg tables and delete their files, after a question.");
        command.Options.Insert(0, age);
        command.Options.Insert(1, keep);
        command.SetAction((parse, _) => SharedOptions.RunAsync(parse, stop => new TablesPlan<TableExpiry>
        {
            Done = "expired",
            Run = (maintenance, isDryRun, token) => maintenance.ExpireSnapshotsAsync(
                options.DatasetOf(parse), options.TablesOf(parse), parse.GetValue(age), (int?)parse.GetValue(keep), isDryRun, token),
            Line = Line,
            Question = plan => plan.Sum(t => t.Expired) is > 0 and var snapshots
                ? string.Create(CultureInfo.InvariantCulture, $"Expire {snapshots} snapshot(s)?") : null,
            Json = Json,
            Failed = plan => plan.Where(t => t.HasFailed).Select(t => t.Table),
        }.RunAsync(options, parse, stop)));
        return command;
    }

    private static string Line(TableExpiry table, bool isDone)
    {
        var culture = CultureInfo.InvariantCulture;
        if (table.Skipped is not null) return $"{table.Table}: {(table.HasFailed ? "failed" : "stays")}: {table.Skipped}";
        var needed = table.Needed > 0
            ? string.Create(culture, $", {table.Needed} of them for loads that are not complete or began in the last hour") : "";
        return isDone
            ? string.Create(culture, $"{table.Table}: expired {table.Expired} snapshot(s), deleted {table.DeletedFiles} file(s); ")
                + string.Create(culture, $"{table.Kept} snapshot(s) stay{needed}")
            : string.Create(culture, $"{table.Table}: {table.Expired} snapshot(s) would expire, {table.Kept} would stay{needed}");
    }

    private static JsonValue Json(TableExpiry table) => JsonValue.Object(
        ("table", JsonValue.String(table.Table)),
        ("expired", JsonValue.Integer(table.Expired)),
        ("kept", JsonValue.Integer(table.Kept)),
        ("needed", JsonValue.Integer(table.Needed)),
        ("deleted_files", JsonValue.Integer(table.DeletedFiles)),
        ("skipped", JsonValue.String(table.Skipped)),
        ("failed", JsonValue.Bool(table.HasFailed)));
}

using System.CommandLine;
using System.Globalization;
using Dlt.Cli.Commands.Pipelines;

namespace Dlt.Cli.Commands.Datasets;

/// <summary><c>dlt dataset drop NAME</c>: drops the tables and files of a dataset, after a preview.</summary>
internal static class DatasetCommand
{
    public static Command Create() => new("dataset", "Work on a whole dataset.") { CreateDrop() };

    private static Command CreateDrop()
    {
        var dataset = new Argument<string>("dataset") { Description = "The dataset.", HelpName = "dataset" };
        var (destination, local, output, yes) =
            (SharedOptions.Destination(), SharedOptions.Local(), OutputOption.Create(), Confirmation.Yes());
        var force = new Option<bool>("--force") { Description = "Delete also files that tables of other databases use." };
        var command = new Command("drop", "Drop a dataset with all tables and files, after a preview.")
        { dataset, force, destination, local, output, yes };
        command.SetAction((parse, _) => SharedOptions.RunAsync(parse, async stop =>
        {
            var isJson = OutputOption.IsJson(parse, output);
            var maintenance = Maintenance.Open(parse.GetValue(local), parse.GetValue(destination));
            await using (maintenance)
            {
                var content = await maintenance.FindAsync(parse.GetValue(dataset)!, stop);
                if (content.Databases.IsEmpty)
                    throw new DltException($"There is no dataset '{content.Dataset}'. Nothing was dropped. Correct its name.");
                if (!isJson) Print(content);
                var isForced = parse.GetValue(force);
                var isRefused = !isForced && content.Databases.Any(d => !d.OtherTables.IsEmpty);
                var isDropped = isRefused || Confirmation.Ask($"Drop dataset {content.Dataset}?", parse.GetValue(yes));
                if (isDropped) await maintenance.DropAsync(content, isForced, stop);
                if (isJson) OutputOption.Print(Json(content, isDropped));
                else if (isDropped) Console.WriteLine($"Dropped dataset {content.Dataset}. Its pipelines start from the beginning.");
            }
        }));
        return command;
    }

    private static void Print(DatasetContent content)
    {
        foreach (var database in content.Databases)
        {
            Console.WriteLine($"{(database.Exists ? "Database" : "Folder without a database")} {database.Name}: "
                + string.Create(CultureInfo.InvariantCulture, $"{database.Tables.Length} table(s), {database.Objects} object(s), ")
                + $"{PipelineTexts.Size(database.SizeBytes)} in {database.Location}");
            foreach (var table in database.Tables)
            {
                Console.WriteLine($"\t{table.Name} ({(table.IsIceberg ? "iceberg" : "hive")})"
                    + (table.IsInFolder ? "" : $", whose files stay in {table.Location}"));
            }

            foreach (var other in database.OtherTables) Console.WriteLine($"\t{other} of another database, which has files in the folder");
        }
    }

    private static JsonValue Json(DatasetContent content, bool isDropped) => JsonValue.Object(
        ("dataset", JsonValue.String(content.Dataset)),
        ("dropped", JsonValue.Bool(isDropped)),
        ("databases", JsonValue.Array([.. content.Databases.Select(d => JsonValue.Object(
            ("database", JsonValue.String(d.Name)),
            ("exists", JsonValue.Bool(d.Exists)),
            ("location", JsonValue.String(d.Location)),
            ("objects", JsonValue.Integer(d.Objects)),
            ("size_bytes", JsonValue.Integer(d.SizeBytes)),
            ("tables", JsonValue.Array([.. d.Tables.Select(t => JsonValue.Object(
                ("table", JsonValue.String(t.Name)),
                ("format", JsonValue.String(t.IsIceberg ? "iceberg" : "hive")),
                ("location", JsonValue.String(t.Location)),
                ("files_are_dropped", JsonValue.Bool(t.IsInFolder))))])),
            ("other_tables", JsonValue.Array([.. d.OtherTables.Select(JsonValue.String)]))))])));
}

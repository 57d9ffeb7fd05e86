using System.CommandLine;
using System.Globalization;

namespace Dlt.Cli.Commands.Datasets;

/// <summary><c>dlt delete DATASET TABLE --where …</c>: deletes rows with their nested rows, after a preview.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var dataset = new Argument<string>("dataset") { Description = "The dataset.", HelpName = "dataset" };
        var table = new Argument<string>("table") { Description = "The root table, an Iceberg table.", HelpName = "table" };
        var where = new Option<string>("--where")
        {
            Description = "Which rows, such as \"id = 7\" or \"email = 'a@b.c'\".",
            HelpName = "condition",
            Required = true,
        };
        var purge = new Option<bool>("--purge") { Description = "Expire the snapshots that still hold the rows, and delete their files." };
        var (destination, local, output, yes) =
            (SharedOptions.Destination(), SharedOptions.Local(), OutputOption.Create(), Confirmation.Yes());
        var command = new Command("delete", "Delete rows of a table with their nested rows, after a preview.")
        { dataset, table, where, purge, destination, local, output, yes };
        command.SetAction((parse, _) => SharedOptions.RunAsync(parse, async stop =>
        {
            var isJson = OutputOption.IsJson(parse, output);
            var isPurge = parse.GetValue(purge);
            var maintenance = Maintenance.Open(parse.GetValue(local), parse.GetValue(destination));
            await using (maintenance)
            {
                var found = await maintenance.FindRowsAsync(
                    parse.GetValue(dataset)!, parse.GetValue(table)!, parse.GetValue(where)!, stop);
                if (!isJson) PrintFound(found);
                var isWanted = found.Rows > 0 || isPurge;
                var isDone = isWanted && Confirmation.Ask(Question(found, isPurge), parse.GetValue(yes));
                var deleted = isDone ? await maintenance.DeleteRowsAsync(found, isPurge, stop) : found;
                if (isJson) OutputOption.Print(Json(deleted, isDone));
                else if (isDone) PrintDeleted(deleted, isPurge);
            }
        }));
        return command;
    }

    private static string Question(DeletedRows found, bool isPurge) =>
        $"Delete {Count(found.Rows)}{(isPurge ? ", and expire all older snapshots of these tables" : "")}?";

    private static string Count(long rows) => string.Create(CultureInfo.InvariantCulture, $"{rows} row(s)");

    private static void PrintFound(DeletedRows found)
    {
        foreach (var table in found.Tables) Console.WriteLine($"{table.Table}: {Count(table.Rows)}");
        PrintHolders(found);
    }

    private static void PrintDeleted(DeletedRows deleted, bool isPurge)
    {
        var tables = string.Join(", ", deleted.Tables.Select(t => t.Table));
        Console.WriteLine($"Deleted {Count(deleted.Rows)}." + (isPurge ? $" The older snapshots of {tables} have expired." : ""));
        foreach (var table in deleted.Tables.Where(t => !t.Snapshots.IsEmpty))
        {
            Console.WriteLine($"{table.Table}: {table.Snapshots.Length} older snapshot(s) may hold such rows: "
                + $"{string.Join(", ", table.Snapshots)}. "
                + (isPurge ? "Branches or tags keep them." : "Repeat with --purge to expire them; branches and tags keep theirs."));
        }

        PrintHolders(deleted);
    }

    private static void PrintHolders(DeletedRows rows)
    {
        foreach (var load in rows.PendingLoads)
        {
            Console.WriteLine($"Load {load} writes into these tables and is not complete: nothing is deleted before its pipeline runs "
                + "again, or its package is given up (dlt pipeline NAME abort-packages).");
        }

        if (rows.RejectedTable is { } rejected) Console.WriteLine($"Table {rejected} may hold rejected items of {rows.Table}.");
    }

    private static JsonValue Json(DeletedRows rows, bool isDone) => JsonValue.Object(
        ("dataset", JsonValue.String(rows.Dataset)),
        ("table", JsonValue.String(rows.Table)),
        ("where", JsonValue.String(rows.Where)),
        ("deleted", JsonValue.Bool(isDone)),
        ("tables", JsonValue.Array([.. rows.Tables.Select(t => JsonValue.Object(
            ("table", JsonValue.String(t.Table)),
            ("rows", JsonValue.Integer(t.Rows)),
            ("snapshots", JsonValue.Array([.. t.Snapshots.Select(s => JsonValue.Integer(s))]))))])),
        ("pending_loads", JsonValue.Array([.. rows.PendingLoads.Select(JsonValue.String)])),
        ("rejected_table", JsonValue.String(rows.RejectedTable)));
}

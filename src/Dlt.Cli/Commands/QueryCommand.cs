using System.CommandLine;

namespace Dlt.Cli.Commands;

/// <summary><c>dlt query &lt;dataset&gt; "&lt;sql&gt;"</c>: runs a statement and prints its rows as a table, JSON or CSV.</summary>
internal static class QueryCommand
{
    private static readonly string[] Outputs = ["table", "json", "csv"];

    public static Command Create()
    {
        var dataset = new Argument<string>("dataset") { Description = "The dataset, which table names without a dataset refer to." };
        var sql = new Argument<string?>("sql")
        { Description = "One SQL statement; - to read it from standard input.", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file", "-f") { Description = "The file with the statement; - for standard input." };
        var local = SharedOptions.Local();
        var named = SharedOptions.Destination();
        var output = new Option<string>("--output", "-o")
        { Description = "table (aligned), json (one object per line) or csv (with a header).", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong(Outputs);
        var command = new Command("query", "Run a SQL statement and print its rows.") { dataset, sql, file, local, named, output };
        command.SetAction((parse, cancellationToken) => SharedOptions.RunAsync(parse, async stop =>
        {
            var statement = await SqlText.ReadAsync(parse.GetValue(sql), parse.GetValue(file), stop);
            var configuration = DltConfiguration.Load();
            var account = parse.GetValue(local) ? SharedOptions.ExistingLocal(configuration) : null;
            var table = await Athena.QueryAsync(
                parse.GetValue(dataset)!, statement, account, configuration, parse.GetValue(named), cancellationToken: stop);
            Print(table, parse.GetValue(output)!, Console.Out);
            if (parse.GetValue(output) == "table" && table.Usage.BytesScanned > 0) Console.Error.WriteLine($"{table.Usage}.");
        }));
        return command;
    }

    internal static void Print(QueryTable table, string form, TextWriter output)
    {
        switch (form)
        {
            case "json":
                var names = RowPrinter.Names(table.Columns);
                foreach (var row in table.Rows) output.WriteLine(RowPrinter.Json(names, table.Columns, row));
                break;
            case "csv":
                output.WriteLine(RowPrinter.Csv(table.Columns.Select(c => c.Name)));
                foreach (var row in table.Rows) output.WriteLine(RowPrinter.Csv(row));
                break;
            default:
                output.WriteLine(table);
                break;
        }
    }
}

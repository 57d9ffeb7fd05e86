using System.Collections.Immutable;
using System.CommandLine;
using Dlt.Configuration;
using Dlt.Json;
using Dlt.Lake;

namespace Dlt.Cli.Commands;

/// <summary><c>dlt query &lt;dataset&gt; "&lt;sql&gt;"</c>: rows as a table, JSON or CSV.</summary>
internal static class QueryCommand
{
    private static readonly string[] Outputs = ["table", "json", "csv"];

    public static Command Create()
    {
        var dataset = new Argument<string>("dataset") { Description = "The dataset: names without one are looked for there." };
        var sql = new Argument<string>("sql") { Description = "One SQL statement." };
        var local = SharedOptions.Local();
        var output = new Option<string>("--output", "-o") { Description = "table (aligned), json (one object a line) or csv (with a header).", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong(Outputs);
        var command = new Command("query", "Run a SQL statement and print its rows.") { dataset, sql, local, output };
        command.SetAction((parse, cancellationToken) => SharedOptions.RunAsync(parse, async stop =>
        {
            var configuration = DltConfiguration.Load();
            var account = parse.GetValue(local) ? SharedOptions.ExistingLocal(configuration) : null;
            var table = await Athena.QueryAsync(parse.GetValue(dataset)!, parse.GetValue(sql)!, account, configuration, stop);
            Print(table, parse.GetValue(output)!, Console.Out);
        }));
        return command;
    }

    internal static void Print(QueryTable table, string form, TextWriter output)
    {
        switch (form)
        {
            case "json":
                foreach (var row in table.Rows) output.WriteLine(JsonText.Write(JsonValue.Object(table.Columns.Select((c, i) => KeyValuePair.Create(c.Name, Json(row[i], c.Type))))));
                break;
            case "csv":
                output.WriteLine(string.Join(',', table.Columns.Select(c => Csv(c.Name))));
                foreach (var row in table.Rows) output.WriteLine(string.Join(',', row.Select(Csv)));
                break;
            default:
                output.WriteLine(table);
                break;
        }
    }

    private static JsonValue Json(string? text, string type)
    {
        if (text is null) return JsonValue.Null;
        return type switch
        {
            "bigint" or "integer" or "smallint" or "tinyint" or "boolean" => JsonParser.Parse(text),
            "double" or "float" when double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Real(number),
            _ => JsonValue.String(text),
        };
    }

    /// <summary>RFC 4180; a null is an empty field, an empty text is quoted.</summary>
    private static string Csv(string? text)
    {
        if (text is null) return "";
        return text.Length == 0 || text.AsSpan().ContainsAny(",\"\r\n") ? "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : text;
    }
}

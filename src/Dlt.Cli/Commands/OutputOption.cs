using System.CommandLine;

namespace Dlt.Cli.Commands;

/// <summary>The option <c>--output</c> with <c>text</c> and <c>json</c>.</summary>
internal static class OutputOption
{
    private const string Json = "json";

    public static Option<string> Create()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "text, or json (one object).",
            DefaultValueFactory = _ => "text",
        };
        option.AcceptOnlyFromAmong("text", Json);
        return option;
    }

    public static bool IsJson(ParseResult parse, Option<string> option) => parse.GetValue(option) == Json;

    /// <summary>Prints one object on standard output.</summary>
    public static void Print(JsonValue json) => Console.Out.WriteLine(JsonText.Write(json, pretty: true));

    /// <summary>Returns a list of texts.</summary>
    public static JsonValue Texts(IEnumerable<string> texts) => JsonValue.Array([.. texts.Select(t => JsonValue.String(t))]);
}

using System.CommandLine;

namespace Dlt.Cli.Commands;

/// <summary>Options of <c>dlt load</c> that tell how a CSV file is written, where its content does not tell.</summary>
internal sealed class CsvArguments
{
    public Option<string?> Delimiter { get; } = new("--delimiter") { Description = "The file is CSV with this character between fields (tab for a tabulator), whatever its name." };

    public Option<bool> NoHeader { get; } = new("--no-header") { Description = "The file is CSV without a line of names: the columns are column_1, column_2, …" };

    public CsvArguments() => Delimiter.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<string>() is not { } text || CharacterOf(text) is not null) return;
        result.AddError($"Option '{Delimiter.Name}' needs one character that is no quote and no line end, or the word tab.");
    });

    /// <returns>Null when none of the options is there.</returns>
    public CsvOptions? Of(ParseResult parse)
    {
        var delimiter = parse.GetValue(Delimiter);
        var hasNoHeader = parse.GetValue(NoHeader);
        return delimiter is null && !hasNoHeader ? null : new() { Delimiter = delimiter is null ? null : CharacterOf(delimiter), HasHeader = !hasNoHeader };
    }

    private static char? CharacterOf(string text) => text switch
    {
        "tab" or "\\t" => '\t',
        [not ('"' or '\r' or '\n')] => text[0],
        _ => null,
    };
}

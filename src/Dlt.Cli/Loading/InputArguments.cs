using System.CommandLine;

namespace Dlt.Cli.Loading;

/// <summary>The files of <c>dlt load</c>, and the options that describe them where their content does not.</summary>
internal sealed class InputArguments
{
    public Argument<string[]> Files { get; } = new("files")
    {
        Description = $"{Listed(InputFormat.All.Select(f => f.Description), "or")} files, also with gzip or zstd; patterns such as "
            + "'logs/**/*.json'; or - for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<string?> Format { get; } = new("--format")
    { Description = $"The format, if content and name do not show it: {Listed(InputFormat.All.Select(f => f.Name), "or")}." };

    public Option<string?> Delimiter { get; } = new("--delimiter")
    { Description = "The files are CSV with this character between fields (tab for a tab character), whatever their names." };

    public Option<bool> NoHeader { get; } = new("--no-header")
    { Description = "The files are CSV without a line of names: the columns are column_1, column_2, …" };

    public Option<string?> Encoding { get; } = new("--encoding")
    {
        Description = $"The encoding of {Listed(InputFormat.All.Where(f => f.IsText).Select(f => f.ToString()), "and")} without "
            + "a byte order mark, such as utf-16, latin-1 or windows-1252; UTF-8 by default.",
    };

    public InputArguments()
    {
        Files.Validators.Add(result =>
        {
            foreach (var word in result.Tokens.Select(t => t.Value).Where(MisspeltOption.Is))
                result.AddError(MisspeltOption.Describe(word, result));
        });
        Format.AcceptOnlyFromAmong([.. InputFormat.All.Select(f => f.Name)]);
        Encoding.CompletionSources.Add("utf-8", "utf-16", "latin-1", "windows-1252", "shift_jis");
        Encoding.HelpName = "encoding";
        Delimiter.HelpName = "character";
        Delimiter.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { } text || CharacterOf(text) is not null) return;
            result.AddError($"Option '{Delimiter.Name}' needs one character that is not a quote or line end, or the word tab.");
        });
        Encoding.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { } name || FileReadingOptions.FindEncoding(name) is not null) return;
            result.AddError($"Option '{Encoding.Name}': there is no encoding '{name}'. Use a name such as utf-16, latin-1, "
                + "windows-1252 or shift_jis.");
        });
    }

    public IEnumerable<Option> Options => [Format, Delimiter, NoHeader, Encoding];

    /// <summary>The options for reading the files.</summary>
    /// <exception cref="DltException">The options contradict each other.</exception>
    public FileReadingOptions Of(ParseResult parse)
    {
        var format = parse.GetValue(Format) is { } name ? InputFormat.Named(name) : null;
        var csv = CsvOf(parse);
        if (csv is not null && format is not (null or { Name: "csv" }))
            throw new DltException($"{(csv.HasHeader ? Delimiter.Name : NoHeader.Name)} is for CSV, and --format says "
                + $"{parse.GetValue(Format)}. Nothing was loaded. Leave one of them out.");
        return new()
        {
            Format = format,
            Csv = csv,
            Encoding = parse.GetValue(Encoding) is { } encoding ? FileReadingOptions.FindEncoding(encoding) : null,
        };
    }

    /// <summary>The options for CSV.</summary>
    /// <returns>Null if no option for CSV is given.</returns>
    private CsvOptions? CsvOf(ParseResult parse)
    {
        var delimiter = parse.GetValue(Delimiter);
        var hasNoHeader = parse.GetValue(NoHeader);
        return delimiter is null && !hasNoHeader ? null : new()
        { Delimiter = delimiter is null ? null : CharacterOf(delimiter), HasHeader = !hasNoHeader };
    }

    private static string Listed(IEnumerable<string> words, string conjunction) =>
        words.ToArray() is [.. var first, var last] ? $"{string.Join(", ", first)} {conjunction} {last}" : "";

    private static char? CharacterOf(string text) => text switch
    {
        "tab" or "\\t" => '\t',
        [not ('"' or '\r' or '\n')] => text[0],
        _ => null,
    };
}

using System.Globalization;
using System.Reflection;
using System.Text;
using Dlt.Internal;

namespace Dlt;

/// <summary>
/// Checks the arguments of a pipeline program. Unknown ones are refused, so a misspelt <c>--local</c> does not load into AWS.
/// </summary>
/// <param name="own">Arguments of the program, in addition to the standard ones.</param>
internal sealed class ProgramArguments(IReadOnlyList<ProgramOption> own)
{
    private readonly List<ProgramOption> _options = [.. own, .. ProgramOption.Standard];

    /// <summary>True if the help is requested.</summary>
    public static bool WantsHelp(string[] args) => args.Any(a => a is "--help" or "-h" or "-?");

    /// <summary>Checks all arguments.</summary>
    /// <exception cref="DltException">An argument is unknown, lacks its value, or is one too many.</exception>
    public void Check(string[] args)
    {
        var alone = _options.Count(o => o.Word is null);
        for (var i = 0; i < args.Length; i++)
        {
            var (word, hasInline) = args[i].IndexOf('=', StringComparison.Ordinal) is var equals and > 0 && args[i].StartsWith('-')
                ? (args[i][..equals], true)
                : (args[i], false);
            if (word == "-q") continue;
            if (_options.Find(o => o.Word == word) is { } option && (option.HasValue || !hasInline))
            {
                if (!option.HasValue || hasInline) continue;
                if (++i == args.Length) throw new DltException($"The argument '{word}' lacks its value: {option.Name}. Nothing was run.");
                continue;
            }

            if (word.StartsWith('-') || alone-- == 0) throw Unknown(args[i]);
        }
    }

    /// <summary>Returns true when the program reads an argument itself.</summary>
    public bool IsOwn(string word) => own.Any(o => o.Word == word);

    /// <summary>The text that <c>--help</c> prints.</summary>
    public string Help()
    {
        var file = AppContext.GetData("EntryPointFilePath") is string path ? Path.GetFileName(path) : null;
        var text = new StringBuilder();
        var alone = string.Concat(_options.Where(o => o.Word is null).Select(o => $" [{o.Name}]"));
        var program = file is null ? Assembly.GetEntryAssembly()?.GetName().Name : $"dotnet run {file} --";
        text.Append("Runs this pipeline once: into AWS, configured by .dlt/secrets.toml and .dlt/config.toml,\n"
            + "or with --local into a folder.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Usage: {program}{alone} [options]\n\nOptions:\n");
        var width = _options.Max(o => o.Name.Length);
        foreach (var option in _options) text.Append($"  {option.Name.PadRight(width)}  {option.Description}\n");
        return text.ToString();
    }

    private string Hint(string argument) =>
        NearestName.Near(argument, _options.Select(o => o.Word).OfType<string>()) is { } nearest ? $" The nearest one is '{nearest}'." : "";

    private DltException Unknown(string argument) => new(
        $"Unknown argument '{argument}'.{Hint(argument)} Nothing was run. "
        + "--help lists the arguments; a program declares further ones as the last arguments of DltProgram.RunAsync.");
}

using Dlt.Cli.Init;

namespace Dlt.Cli.OpenApi;

/// <summary><c>dlt init --openapi FILE|URL [NAME]</c>: writes a program that loads the API of an OpenAPI document.</summary>
internal static class OpenApiInit
{
    /// <summary>Reads the document, and writes program and settings into a folder. Files that exist are kept.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="place">Path or address of the document.</param>
    /// <param name="name">Name of the source; null for the title of the document.</param>
    /// <param name="output">Gets what was written.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    public static async Task RunAsync(
        string folder, string place, string? name, TextWriter output, CancellationToken cancellationToken)
    {
        var (source, api, script) = Write(await OpenApiReading.LoadAsync(place, cancellationToken), place, name);
        var program = source + "_pipeline.cs";
        InitFiles.Write(folder, program, script, output);
        InitFiles.Write(folder, Path.Combine(".dlt", "config.toml"), Config(source, api), output);
        var credentials = Credentials(source, api.Auth);
        var secrets = Path.Combine(".dlt", "secrets.toml");
        var isNew = InitFiles.Write(folder, secrets, InitFiles.Template("secrets.toml") + credentials, output);
        InitFiles.Write(folder, ".gitignore", InitFiles.Template("gitignore"), output);
        var open = script.Split('\n').Count(l => l.Contains("// Fill in:", StringComparison.Ordinal));
        output.WriteLine($"""

            {api.Resources.Length} resource(s): {string.Join(", ", api.Resources.Select(r => r.Name))}
            {api.LeftOut.Length} GET operation(s) left out; {program} has the reasons.

            What to do next:
            """);
        if (open > 0) output.WriteLine($"  search for 'Fill in' in {program}: {open} place(s) that the document leaves open");
        if (credentials.Length > 0 && isNew) output.WriteLine($"  edit {secrets}: [sources.{source}.credentials]");
        else if (credentials.Length > 0)
            output.WriteLine($"  add to {secrets}, which was kept:"
                + credentials.Replace("\n", "\n    ", StringComparison.Ordinal).TrimEnd());
        output.WriteLine($"  dotnet run {program} -- --plan --local     print the tables that would come");
        output.WriteLine($"  dotnet run {program} -- --local            run it without an AWS account, into .dlt-local");
    }

    /// <summary>Returns the name of the source, what was found, and the program.</summary>
    public static (string Source, ApiModel Api, string Script) Write(string text, string place, string? name)
    {
        var api = new ApiReader(OpenApiReading.Parse(text, place), place).Read();
        var source = Names.Snake(name ?? api.Title);
        if (source.Length == 0 || char.IsAsciiDigit(source[0])) source = "api" + (source.Length == 0 ? "" : "_" + source);
        return (source, api, SourceScript.Write(api, source, place));
    }

    private static string Config(string source, ApiModel api) => InitFiles.Template("config.toml")
        .Replace("[sources.chess]", $"[sources.{source}]", StringComparison.Ordinal)
        .Replace("https://api.chess.com/pub/", api.BaseUrl ?? "https://api.example.com/", StringComparison.Ordinal);

    private static string Credentials(string source, ApiAuth auth) => auth.Secrets.IsEmpty ? "" :
        $"\n[sources.{source}.credentials]\n" + string.Concat(auth.Secrets.Select(s => $"{s} = \"please set me up!\"\n"));
}

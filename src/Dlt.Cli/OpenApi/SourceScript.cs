using System.Text;

namespace Dlt.Cli.OpenApi;

/// <summary>Writes the program that loads an API.</summary>
internal static class SourceScript
{
    private const int LineWidth = 120;

    /// <summary>Returns the program: a file that <c>dotnet run</c> takes as it is.</summary>
    /// <param name="api">The API.</param>
    /// <param name="name">Name of the source, the pipeline and the dataset.</param>
    /// <param name="origin">Where the document is from.</param>
    public static string Write(ApiModel api, string name, string origin)
    {
        var file = name + "_pipeline.cs";
        var type = Names.Pascal(name) + "Api";
        return $$"""
            #!/usr/bin/env dotnet
            #:package Dlt.Athena@*-*
            #:package Dlt.LocalAthena@*-*
            #:package Dlt.Sources@*-*
            #:package Dlt.Terminal@*-*
            // Without the next line .NET downloads 300 MB more, to prepare the program for native compilation.
            #:property PublishAot=false

            // {{Names.Line(api.Title)}}: {{api.Resources.Length}} resource(s), written by dlt init from {{Names.Line(origin)}}.
            // Paging and keys are guesses from names. Lines with "Check" or "Fill in" are for you.
            //   dotnet run {{file}} -- --local     into the folder .dlt-local, no AWS account needed
            //   dotnet run {{file}}                into AWS, configured by .dlt/secrets.toml
            //   dotnet run {{file}} -- --plan      prints what would happen
            using System.Collections.Immutable;
            using Dlt;
            using Dlt.Schemas;

            return await DltProgram.RunAsync(args, async cancellationToken =>
            {
                var configuration = DltConfiguration.Load();
                var options = new PipelineOptions
                {
                    Configuration = configuration,
                    Progress = TerminalProgress.From(args),       // --quiet shows none
                    HttpHandler = RecordedAnswers.From(args),     // --offline <folder> answers from files instead of the network
                };
                var destination = Athena.Destination(LocalAthena.From(args, configuration));
                var pipeline = Pipeline.Create("{{name}}", destination, dataset: "{{name}}", options);
                var config = {{type}}.Config(configuration.GetString("sources.{{name}}.base_url") ?? {{type}}.BaseUrl);
                Console.WriteLine(await pipeline.RunAsync(RestApi.Source("{{name}}", config), cancellationToken));
            });

            /// <summary>The resources of the API.</summary>
            static class {{type}}
            {
                {{Address(api.BaseUrl)}}

                public static RestApiConfig Config(string baseUrl) => new()
                {
            {{Client(api.Auth)}}
                    Resources =
                    [
            {{string.Concat(api.Resources.Select(Resource)).TrimEnd('\n')}}
                    ],
                };
            {{LeftOut(api)}}}

            /// <summary>Columns of the tables, as the document declares them. The data decide about all others.</summary>
            static class Columns
            {
            {{string.Join('\n', api.Resources.Where(HasColumns).Select(ColumnsOf)).TrimEnd('\n')}}
            }

            """.ReplaceLineEndings("\n");
    }

    private static bool HasColumns(ApiResource resource) => resource.Record.Columns.Length > 0;

    private static string Address(string? url) =>
        (url is null ? "// Fill in: the document has no address of the API.\n    " : "")
        + $"public const string BaseUrl = {Names.Literal(url ?? "https://api.example.com/")};";

    private static string Client(ApiAuth auth)
    {
        var note = auth.Note is null ? "" : $"        // {Names.Line(auth.Note)}\n";
        var code = auth.Code is null ? "" : $", Auth = {auth.Code}";
        var secrets = auth.Secrets.IsEmpty ? "" : $"   // {string.Join(", ", auth.Secrets)}: .dlt/secrets.toml";
        return $"{note}        Client = new() {{ BaseUrl = baseUrl{code} }},{secrets}";
    }

    private static string Resource(ApiResource resource)
    {
        var text = new StringBuilder();
        foreach (var note in resource.Notes) text.Append("            // ").Append(Names.Line(note)).Append('\n');
        text.Append($"            new({Names.Literal(resource.Name)})\n            {{\n");
        text.Append($"                Hints = new() {{ {string.Join(", ", Hints(resource))} }},\n");
        text.Append("                Endpoint = new()\n                {\n");
        text.Append($"                    Path = {Names.Literal(resource.Path)},\n");
        if (resource.Params.Length > 0)
        {
            var all = string.Join(", ", resource.Params.Select(p => $"[{Names.Literal(p.Name)}] = {p.Code}"));
            text.Append($"                    Params = new() {{ {all} }},\n");
        }

        if (resource.Selector is not null) text.Append($"                    DataSelector = {Names.Literal(resource.Selector)},\n");
        if (resource.Paginator is not null) text.Append($"                    Paginator = {resource.Paginator},\n");
        text.Append("                },\n");
        if (resource.Parent is { } parent)
            text.Append($"                IncludeFromParent = [{Names.Literal(parent.Field)}],\n                IsParallelized = true,\n");
        if (resource.IsIncomplete) text.Append("                IsSelected = false,\n");
        return text.Append("            },\n").ToString();
    }

    /// <summary>A key of a child is its own within its parent only, as far as the document says.</summary>
    private static IEnumerable<string> Hints(ApiResource resource)
    {
        if (resource.Record.Key is { } key)
        {
            var own = Names.Literal(key);
            var all = resource.Parent is { } parent ? $"{Names.Literal($"_{parent.Resource.Name}_{parent.Field}")}, {own}" : own;
            yield return $"PrimaryKey = [{all}]";
            yield return "WriteDisposition = WriteDisposition.Merge";
        }
        else yield return "WriteDisposition = WriteDisposition.Replace";

        if (HasColumns(resource)) yield return $"Columns = Columns.{Names.Pascal(resource.Name)}";
    }

    private static string ColumnsOf(ApiResource resource)
    {
        var text = new StringBuilder($"    public static readonly ImmutableArray<ColumnSchema> {Names.Pascal(resource.Name)} =\n    [\n");
        var line = "       ";
        foreach (var column in resource.Record.Columns)
        {
            if (line.Length + column.Length + 2 > LineWidth)
            {
                text.Append(line).Append('\n');
                line = "       ";
            }

            line += $" {column},";
        }

        return text.Append(line).Append("\n    ];\n").ToString();
    }

    private static string LeftOut(ApiModel api) => api.LeftOut.IsEmpty ? "" :
        "\n    // GET operations that are not loaded:\n" + string.Concat(api.LeftOut.Select(l => $"    //   {Names.Line(l)}\n"));
}

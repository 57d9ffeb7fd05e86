using System.Text;
using System.Text.RegularExpressions;

namespace Dlt.Tests.Docs;

/// <summary>A snippet that is part of a program, as a class: its statements become a method, its types become nested types.</summary>
internal static partial class SnippetClass
{
    /// <summary>Namespaces that every page uses without a <c>using</c>.</summary>
    private static readonly string[] Usings = ["Dlt", "Dlt.Json", "System.Runtime.CompilerServices", "Xunit"];

    public static string Write(Snippet snippet)
    {
        var (usings, types, statements) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        var open = statements;   // where the next line goes
        var number = snippet.Line;
        foreach (var line in snippet.Code.TrimEnd('\n').Split('\n'))
        {
            if (open == statements && TypeStart().IsMatch(line)) open = types;
            var target = open == statements && UsingLine().IsMatch(line) ? usings : open;
            target.Append("#line ").Append(number++).Append(" \"").Append(snippet.File).Append("\"\n").Append(line).Append('\n');
            if (open == types && TypeEnd().IsMatch(line)) open = statements;
        }

        var own = usings.ToString();
        var missing = Usings.Where(name => !own.Contains($"using {name};", StringComparison.Ordinal));
        var defaults = string.Concat(missing.Select(name => $"using {name};\n"));
        return $$"""
            #nullable enable annotations
            namespace Dlt.Snippets.{{snippet.ClassName}}
            {
            {{defaults}}{{usings}}
            #line default
            public sealed class Snippet : Dlt.Tests.Docs.Surroundings
            {
            public override string Place => "{{snippet.Place}}";
            public override string? OnlyCompiled => {{(snippet.OnlyCompiled is { } reason ? $"\"\"\"{reason.Trim()}\"\"\"" : "null")}};
            public override async System.Threading.Tasks.Task<object?> RunAsync()
            {
            {{snippet.Before}}
            {{statements}}
            #line default
            {{snippet.After}}
            return await System.Threading.Tasks.Task.FromResult<object?>(null);
            }
            }
            {{types}}
            }

            """;
    }

    [GeneratedRegex(@"^using [A-Za-z][\w.]*;\s*$")]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^((public|internal|sealed|static|abstract|readonly|partial|file) )*(record|class|struct|enum|interface)\b")]
    private static partial Regex TypeStart();

    [GeneratedRegex(@"^\}|^\S.*;\s*(//.*)?$")]
    private static partial Regex TypeEnd();
}

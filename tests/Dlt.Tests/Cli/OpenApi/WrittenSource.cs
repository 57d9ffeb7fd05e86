using System.Reflection;
using Dlt.Cli.OpenApi;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Dlt.Tests.Cli.OpenApi;

/// <summary>A source that was written from a document, compiled in the process.</summary>
internal static class WrittenSource
{
    private const string Usings = "global using System; global using System.Linq; global using System.Threading; "
        + "global using System.Threading.Tasks; global using System.Collections.Generic; global using System.IO;";

    /// <summary>Writes the program of a document, compiles it, and returns its text and its description of the API.</summary>
    public static (string Script, RestApiConfig Config) Of(string document)
    {
        var script = OpenApiInit.Write(document, "shop.yaml", "shop").Script;
        var code = string.Join('\n', script.Split('\n').Where(l => !l.StartsWith('#')));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "written_" + Guid.NewGuid().ToString("N"), [CSharpSyntaxTree.ParseText(Usings), CSharpSyntaxTree.ParseText(code)], references,
            new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity > DiagnosticSeverity.Info)) + "\n" + script);
        Assert.DoesNotContain(result.Diagnostics, d => d.Severity == DiagnosticSeverity.Warning);
        var type = Assembly.Load(assembly.ToArray()).GetType("ShopApi")!;
        return (script, (RestApiConfig)type.GetMethod("Config")!.Invoke(null, [type.GetField("BaseUrl")!.GetValue(null)])!);
    }
}

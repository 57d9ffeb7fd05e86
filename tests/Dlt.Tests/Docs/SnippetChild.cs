using System.Reflection;
using Dlt.Tests.Support;

namespace Dlt.Tests.Docs;

/// <summary>The process that runs snippets, one after another, each in a separate folder.</summary>
internal static class SnippetChild
{
    /// <summary>Prints <c>ran PLACE</c>, <c>compiled PLACE</c> or <c>failed PLACE: error</c> for each snippet.</summary>
    public static async Task<int> RunAsync(string assembly)
    {
        var folder = Directory.GetCurrentDirectory();
        var types = Assembly.LoadFrom(assembly).GetTypes().Where(type => type.IsSubclassOf(typeof(Surroundings)));
        await using var server = ShopServer.Start();
        foreach (var type in types.OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            Directory.SetCurrentDirectory(Directory.CreateDirectory(Path.Combine(folder, type.Namespace!)).FullName);
            var outcome = await RunOneAsync(type, server.Url);
            Console.WriteLine();
            Console.WriteLine(outcome);
        }

        return 0;
    }

    private static async Task<string> RunOneAsync(Type type, string url)
    {
        var snippet = (Surroundings)Activator.CreateInstance(type)!;
        if (snippet.OnlyCompiled is not null) return "compiled " + snippet.Place;
        try
        {
            await snippet.RunWithSettingsAsync(url);
            return "ran " + snippet.Place;
        }
        catch (Exception error)
        {
            return $"failed {snippet.Place}: {error.InnerException ?? error}";
        }
    }
}

using System.Xml.Linq;
using Dlt.Tests.Support;

[assembly: AssemblyFixture(typeof(PackedFeed))]

namespace Dlt.Tests.Support;

/// <summary>The packages as <c>dotnet pack</c> makes them, in a folder that is a package source; packed when first asked for.</summary>
public sealed class PackedFeed : IAsyncDisposable
{
    /// <summary>What a pipeline program needs. The tool is a matter of its own tests: its package takes a minute.</summary>
    internal static readonly string[] Packages =
    [
        "Dlt.Core", "Dlt.Parquet", "Dlt.Iceberg", "Dlt.Iceberg.Sqlite", "Dlt.Parquet.Reading", "Dlt", "Dlt.Terminal", "Dlt.Aws",
        "Dlt.Athena.Sql", "Dlt.Athena", "Dlt.LocalAthena", "Dlt.Sources",
    ];

    private static readonly string Cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private readonly TempFolder _folder = new();
    private readonly Lazy<Task> _packing;

    public PackedFeed() => _packing = new(PackAsync);

    /// <summary>A version that no cache has seen.</summary>
    internal string Version { get; } = $"0.1.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}";

    /// <summary>What packing said.</summary>
    internal string Said { get; private set; } = "";

    /// <summary>The folder of packages.</summary>
    internal async Task<string> FolderAsync()
    {
        await _packing.Value;
        return _folder.File("feed");
    }

    /// <summary>Makes the feed one more package source of programs in a folder; the machine's own stay.</summary>
    internal async Task AddToAsync(string work) => new XDocument(new XElement("configuration",
        new XElement("packageSources", new XElement("add", new XAttribute("key", "feed"), new XAttribute("value", await FolderAsync())))))
        .Save(Path.Combine(work, "nuget.config"));

    /// <summary>The environment of a machine where nobody has run anything yet, but for packages that were downloaded.</summary>
    internal static Dictionary<string, string?> FreshMachine(string home) => new()
    {
        ["HOME"] = Directory.CreateDirectory(home).FullName,
        ["XDG_DATA_HOME"] = null,
        ["DOTNET_CLI_HOME"] = home,   // one that is set outside would leave HOME without the folders that the SDK makes
        ["NUGET_PACKAGES"] = Cache,
        ["DLT_DATA_DIR"] = Path.Combine(home, ".dlt"),
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
    };

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        foreach (var package in Packages)
        {
            var copy = Path.Combine(Cache, package.ToLowerInvariant(), Version);
            if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private async Task PackAsync()
    {
        var configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        foreach (var package in Packages)
        {
            Said += (await Tool.RunAsync("dotnet",
            [
                "pack", Path.Combine(Tool.Repository, "src", package), "-c", configuration, "--no-build", "-o", _folder.File("feed"),
                $"-p:PackageVersion={Version}", "-v", "quiet", "-tl:off",
            ])).Succeeded();
        }
    }
}

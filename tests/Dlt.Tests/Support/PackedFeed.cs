using System.Xml.Linq;
using Dlt.Tests.Support;

[assembly: AssemblyFixture(typeof(PackedFeed))]

namespace Dlt.Tests.Support;

/// <summary>A package source with the output of <c>dotnet pack</c>, packed on first use.</summary>
public sealed class PackedFeed : IAsyncDisposable
{
    /// <summary>
    /// Projects that a pipeline program needs. The tool is left out, because packing it takes a minute; it has separate tests.
    /// </summary>
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

    /// <summary>A unique version, which no cache has.</summary>
    internal string Version { get; } = $"0.1.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}";

    /// <summary>Output of <c>dotnet pack</c>.</summary>
    internal string Said { get; private set; } = "";

    /// <summary>Path of the folder with the packages.</summary>
    internal async Task<string> FolderAsync()
    {
        await _packing.Value;
        return _folder.File("feed");
    }

    /// <summary>Adds the feed to the package sources of programs in a folder; the machine's sources stay.</summary>
    internal async Task AddToAsync(string work) => new XDocument(new XElement("configuration",
        new XElement("packageSources", new XElement("add", new XAttribute("key", "feed"), new XAttribute("value", await FolderAsync())))))
        .Save(Path.Combine(work, "nuget.config"));

    /// <summary>Environment of a new machine, except for downloaded packages.</summary>
    internal static Dictionary<string, string?> FreshMachine(string home) => new()
    {
        ["HOME"] = Directory.CreateDirectory(home).FullName,
        ["XDG_DATA_HOME"] = null,
        ["DOTNET_CLI_HOME"] = home,   // a value from outside would leave HOME without the folders of the SDK
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

using System.Globalization;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Packages;

namespace Dlt.Cli.Commands;

/// <summary>The pipelines that have a working folder: <c>dlt pipeline</c> alone.</summary>
internal static class PipelineList
{
    private const string Unreadable = "(its state cannot be read)";

    /// <summary>Names of pipelines, sorted.</summary>
    /// <param name="pipelinesFolder">Holds their working folders; it need not be there.</param>
    public static IReadOnlyList<string> Names(string pipelinesFolder) => !Directory.Exists(pipelinesFolder)
        ? []
        : [.. Directory.GetDirectories(pipelinesFolder).Where(IsPipeline).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    /// <summary>Prints them with dataset, last load and what waits.</summary>
    public static void Print(string pipelinesFolder, TextWriter output)
    {
        var names = Names(pipelinesFolder);
        if (names.Count == 0)
        {
            output.WriteLine($"There is no pipeline in {pipelinesFolder}. One appears when it runs for the first time; those of a "
                + "local account are listed with --local.");
            return;
        }

        output.WriteLine($"Pipelines in {pipelinesFolder}:");
        output.WriteLine(new QueryTable(
            [new("pipeline", "varchar"), new("dataset", "varchar"), new("last load", "varchar"), new("pending packages", "bigint")],
            [.. names.Select(name => Row(name, new WorkingFolder(Path.Combine(pipelinesFolder, name))))]));
    }

    private static bool IsPipeline(string folder) => new WorkingFolder(folder) is var working && (working.HasState || working.HasPending);

    private static System.Collections.Immutable.ImmutableArray<string?> Row(string name, WorkingFolder folder)
    {
        var last = WorkingFolder.Packages(folder.Loaded).Select(p => p.LoadId).LastOrDefault();
        var pending = WorkingFolder.Packages(folder.Extracted).Count + WorkingFolder.Packages(folder.Normalized).Count;
        return
        [
            name,
            DatasetOf(folder),
            last is null ? "never" : string.Create(CultureInfo.InvariantCulture, $"{LoadId.ToTime(last):yyyy-MM-dd HH:mm:ss} UTC"),
            pending.ToString(CultureInfo.InvariantCulture),
        ];
    }

    private static string? DatasetOf(WorkingFolder folder)
    {
        try
        {
            return folder.LoadState()?["dataset_name"] is { Kind: JsonKind.String } dataset ? dataset.AsString() : null;
        }
        catch (DltException)
        {
            return Unreadable;
        }
    }
}

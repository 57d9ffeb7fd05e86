using System.Collections.Immutable;
using System.Globalization;
using Dlt.Lake;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>Lists the pipelines that have a working folder: <c>dlt pipeline</c> without a name.</summary>
internal static class PipelineList
{
    private const string Unreadable = "(its state cannot be read)";
    private const string NoState = "(no state yet)";

    /// <summary>Prints the pipelines with dataset, last load and number of pending packages.</summary>
    public static void Print(PipelineWorkspace workspace, TextWriter output)
    {
        var names = workspace.Names();
        if (names.Count == 0)
        {
            output.WriteLine($"There is no pipeline in {workspace.Folder}. A pipeline is listed after its first run; those of a local "
                + "account are listed with --local.");
            return;
        }

        output.WriteLine($"Pipelines in {workspace.Folder}:");
        AthenaColumn[] columns =
            [new("pipeline", "varchar"), new("dataset", "varchar"), new("last load", "varchar"), new("pending packages", "varchar")];
        var rows = names.Select(workspace.Find).OfType<StoredPipeline>().Select(Row);
        output.WriteLine(new QueryTable([.. columns], [.. rows]));
    }

    private static ImmutableArray<string?> Row(StoredPipeline pipeline)
    {
        var packages = pipeline.Packages();
        var last = packages.LastOrDefault(p => p.State == StoredPackageState.Loaded);
        var aside = packages.Count(p => p.State == StoredPackageState.SetAside);
        return
        [
            pipeline.Name,
            DatasetOf(pipeline),
            last is null ? "never" : last.CreatedAt is { } time ? PipelineTexts.Time(time) : last.LoadId,
            packages.Count(p => p.IsPending).ToString(CultureInfo.InvariantCulture)
                + (aside == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {aside} set aside")),
        ];
    }

    /// <summary>Reads the dataset of a pipeline; null when it has no state, or one that cannot be read.</summary>
    public static string? TryDatasetOf(StoredPipeline pipeline)
    {
        try
        {
            return pipeline.ReadDatasetName();
        }
        catch (DltException)
        {
            return null;
        }
    }

    private static string DatasetOf(StoredPipeline pipeline)
    {
        try
        {
            return pipeline.ReadDatasetName() ?? NoState;
        }
        catch (DltException)
        {
            return Unreadable;
        }
    }
}

using System.CommandLine;
using System.Globalization;
using System.IO.Enumeration;
using Dlt.Internal;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>
/// <c>dlt pipeline NAME load-package</c>: prints the content and the changes of a package, counts its rows at the destination, prints jobs,
/// or gives it up.
/// </summary>
internal static class LoadPackageCommand
{
    public static Command Create(PipelineArguments arguments)
    {
        Argument<string?>[] words =
        [
            Word("load-id", "The package; by default the newest pending one, else the newest of all."),
            Word("action", "info (the default), row-counts, abort (this package and later ones) or job."),
            Word("job", "Jobs to show, for the action job; * and ? stand for any characters."),
        ];
        return arguments.Create("load-package", "Show a package, count its rows, or give it up.", words, (pipeline, parse, stop) =>
            RunAsync(arguments, pipeline, parse, PackageAction.Read([.. words.Select(parse.GetValue).OfType<string>()]), stop));
    }

    /// <summary>Finds a package of a pipeline.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="loadId">The package; null for the newest pending one, else the newest of all.</param>
    /// <exception cref="DltException">The package does not exist.</exception>
    public static StoredPackage Find(StoredPipeline pipeline, string? loadId)
    {
        var packages = pipeline.Packages();
        if (packages.Count == 0)
            throw new DltException($"Pipeline '{pipeline.Name}' has no package in {pipeline.Folder}. Nothing was shown.");
        return loadId is null
            ? packages[^1]
            : packages.FirstOrDefault(p => p.LoadId == loadId) ?? throw new DltException($"Pipeline '{pipeline.Name}' has no package "
                + $"{loadId} in {pipeline.Folder}. Nothing was shown. It has {string.Join(", ", packages.Select(p => p.LoadId))}.");
    }

    /// <summary>The line after a pending package that has files at the destination; null without any, or if the package is torn.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="package">The package.</param>
    /// <param name="place">Options that name the place of the working folders.</param>
    public static string? PartialLoad(StoredPipeline pipeline, StoredPackage package, string place)
    {
        if (!package.IsPending || !HasCompleted(pipeline, package)) return null;
        return $"Files of package {package.LoadId} are at the destination already. Its rows there are counted by: dlt pipeline "
            + $"{ShellWord.Quote(pipeline.Name)} load-package {package.LoadId} row-counts{place}";
    }

    private static bool HasCompleted(StoredPipeline pipeline, StoredPackage package)
    {
        try
        {
            return pipeline.Read(package).Jobs.Any(j => j.State == StoredJobState.Completed);
        }
        catch (DltException)
        {
            return false;
        }
    }

    private static Argument<string?> Word(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne, HelpName = name };

    private static Task RunAsync(
        PipelineArguments arguments, StoredPipeline pipeline, ParseResult parse, PackageAction action, CancellationToken stop)
    {
        var package = Find(pipeline, action.LoadId);
        var isJson = arguments.IsJson(parse);
        switch (action.Name)
        {
            case PackageAction.RowCounts:
                return CountAsync(arguments, pipeline, parse, package, stop);
            case PackageAction.Abort:
                return AbortPackagesCommand.RunAsync(arguments, pipeline, parse, keepsObjects: false, package.LoadId, stop);
            case PackageAction.Jobs:
                var jobs = JobsOf(pipeline, package, action.Job!);
                if (isJson) OutputOption.Print(JsonValue.Object(("jobs", JsonValue.Array([.. jobs.Select(PackageJson.Of)]))));
                else foreach (var job in jobs) Print(job, Console.Out);
                return Task.CompletedTask;
            default:
                if (isJson) OutputOption.Print(PackageJson.Of(package, pipeline.Read(package)));
                else Print(pipeline, package, PartialLoad(pipeline, package, arguments.PlaceOf(parse)), Console.Out);
                return Task.CompletedTask;
        }
    }

    private static async Task CountAsync(
        PipelineArguments arguments, StoredPipeline pipeline, ParseResult parse, StoredPackage package, CancellationToken stop)
    {
        var content = pipeline.Read(package);
        var configuration = DltConfiguration.Load();
        // The folder of a dataset has the name of its database.
        var database = content.Location?.TrimEnd('/').Split('/')[^1] ?? pipeline.ReadDatasetName() ?? throw new DltException(
            $"The dataset of package {package.LoadId} is not known. Nothing was counted.");
        var counts = await PackageRowCounts.ReadAsync(
            package.LoadId, content.Schema.Schema.DataTables.Select(t => t.Name), database,
            sql => arguments.QueryAsync(parse, configuration, pipeline, database, sql, stop));
        if (arguments.IsJson(parse)) OutputOption.Print(counts.ToJson());
        else counts.Print(Console.Out);
    }

    private static List<StoredJob> JobsOf(StoredPipeline pipeline, StoredPackage package, string pattern)
    {
        bool IsMatch(string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
        var all = pipeline.Read(package).Jobs;
        var found = all.Where(j => IsMatch(j.JobId) || IsMatch(Path.GetFileName(j.Path)) || IsMatch(j.Table)).ToList();
        return found.Count > 0 ? found : throw new DltException($"Package {package.LoadId} has no job '{pattern}'. Nothing was shown. Its "
            + $"jobs are {string.Join(", ", all.Select(j => j.JobId))}; * and ? stand for any characters.");
    }

    private static void Print(StoredPipeline pipeline, StoredPackage package, string? partialLoad, TextWriter output)
    {
        var content = pipeline.Read(package);
        var state = PipelineTexts.State(package.State).ToUpperInvariant();
        var end = package.CompletedAt is { } time ? $", completed on {PipelineTexts.Time(time)}" : "";
        output.WriteLine($"Load package {package.LoadId} of schema {content.Schema.Schema.Name} is {state}"
            + $"{(package.IsPending ? " and NOT YET LOADED to the destination" : end)}.");
        output.WriteLine($"It is stored in {package.Folder}");
        if (content.Location is { } location) output.WriteLine($"It was made for {location}");
        if (partialLoad is not null) output.WriteLine(partialLoad);
        foreach (var (table, rows) in content.RowCounts.OrderBy(t => t.Key, StringComparer.Ordinal))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"- {table}: {rows} row(s)"));
        if (content.Changes.ToString() is { Length: > 0 } changes) output.WriteLine(changes);
        output.WriteLine("Jobs details:");
        foreach (var job in content.Jobs) Print(job, output);
    }

    private static void Print(StoredJob job, TextWriter output)
    {
        output.WriteLine($"Job: {job.JobId}, table: {job.Table} in {JobFolder(job.State)}. File type: {job.Format}, size: "
            + $"{PipelineTexts.Size(job.SizeBytes)}.");
        foreach (var failure in job.Failures) output.WriteLine(FailedJobsCommand.Line(failure));
    }

    /// <summary>dlt's name of the folder for a job state, such as <c>new_jobs</c>.</summary>
    private static string JobFolder(StoredJobState state) => state.ToString().ToLowerInvariant() + "_jobs";
}

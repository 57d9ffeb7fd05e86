using System.CommandLine;
using System.Globalization;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary><c>dlt pipeline NAME load-package</c>: prints the content and the changes of a package.</summary>
internal static class LoadPackageCommand
{
    public static Command Create(PipelineArguments arguments)
    {
        var loadId = new Argument<string?>("load-id")
        {
            Description = "The package; by default the newest pending one, else the newest of all.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "load-id",
        };
        return arguments.Create("load-package", "Show a package: its jobs, rows and changes.", [loadId], (pipeline, parse, _) =>
        {
            var package = Find(pipeline, parse.GetValue(loadId));
            if (arguments.IsJson(parse)) OutputOption.Print(PackageJson.Of(package, pipeline.Read(package)));
            else Print(pipeline, package, Console.Out);
            return Task.CompletedTask;
        });
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

    private static void Print(StoredPipeline pipeline, StoredPackage package, TextWriter output)
    {
        var content = pipeline.Read(package);
        var state = package.State.ToString().ToUpperInvariant();
        var end = package.CompletedAt is { } time ? $", completed on {PipelineTexts.Time(time)}" : "";
        output.WriteLine($"Load package {package.LoadId} of schema {content.Schema.Schema.Name} is {state}"
            + $"{(package.IsPending ? " and NOT YET LOADED to the destination" : end)}.");
        output.WriteLine($"It is stored in {package.Folder}");
        if (content.Location is { } location) output.WriteLine($"It was made for {location}");
        foreach (var (table, rows) in content.RowCounts.OrderBy(t => t.Key, StringComparer.Ordinal))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"- {table}: {rows} row(s)"));
        if (content.Changes.ToString() is { Length: > 0 } changes) output.WriteLine(changes);
        output.WriteLine("Jobs details:");
        foreach (var job in content.Jobs)
        {
            output.WriteLine($"Job: {job.JobId}, table: {job.Table} in {JobFolder(job.State)}. File type: {job.Format}, size: "
                + $"{PipelineTexts.Size(job.SizeBytes)}.");
            foreach (var failure in job.Failures) output.WriteLine(FailedJobsCommand.Line(failure));
        }
    }

    /// <summary>dlt's name of the folder for a job state, such as <c>new_jobs</c>.</summary>
    private static string JobFolder(StoredJobState state) => state.ToString().ToLowerInvariant() + "_jobs";
}

using System.CommandLine;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>
/// <c>dlt pipeline NAME failed-jobs</c>: prints the jobs of all packages that failed and have not succeeded since, with their errors.
/// </summary>
internal static class FailedJobsCommand
{
    public static Command Create(PipelineArguments arguments) => arguments.Create(
        "failed-jobs", "Show the jobs that failed, with their errors.", [], (pipeline, parse, _) =>
        {
            if (arguments.IsJson(parse)) OutputOption.Print(Json(pipeline));
            else Print(pipeline, Console.Out);
            return Task.CompletedTask;
        });

    /// <summary>Formats one attempt as a line that is indented by a tab.</summary>
    public static string Line(JobFailure failure) =>
        $"\tAttempt {failure.Attempt} failed ({(failure.IsTransient ? "transient" : "terminal")}): {failure.Message}";

    private static void Print(StoredPipeline pipeline, TextWriter output)
    {
        var found = 0;
        foreach (var package in pipeline.Packages().Where(p => p.State != StoredPackageState.Extracted))
        {
            foreach (var job in pipeline.Read(package).Jobs.Where(IsFailed))
            {
                found++;
                output.WriteLine($"Load package {package.LoadId}: job {job.JobId}, table: {job.Table}. File type: {job.Format}, "
                    + $"path: {job.Path}");
                foreach (var failure in job.Failures) output.WriteLine(Line(failure));
            }
        }

        if (found == 0) output.WriteLine("No failed jobs found");
    }

    private static JsonValue Json(StoredPipeline pipeline) => JsonValue.Object(("failed_jobs", JsonValue.Array(
    [
        .. from package in pipeline.Packages()
           where package.State != StoredPackageState.Extracted
           from job in pipeline.Read(package).Jobs.Where(IsFailed)
           select PackageJson.Of(job).With("load_id", JsonValue.String(package.LoadId)),
    ])));

    private static bool IsFailed(StoredJob job) =>
        job.State == StoredJobState.Failed || (job.State != StoredJobState.Completed && !job.Failures.IsEmpty);
}

using System.CommandLine;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>
/// <c>dlt pipeline NAME abort-packages</c>, formerly <c>drop-pending-packages</c>: gives up packages that are not loaded yet, after a
/// preview.
/// </summary>
internal static class AbortPackagesCommand
{
    private const string FormerName = "drop-pending-packages";

    public static Command Create(PipelineArguments arguments)
    {
        var keep = new Option<bool>("--keep-objects")
        { Description = "Leave what the packages have written at the destination, and do not call it." };
        var command = arguments.Create(
            "abort-packages", "Give up the packages that are not loaded yet, and restore state and schemas from before them.", [keep],
            (pipeline, parse, stop) => RunAsync(arguments, pipeline, parse, parse.GetValue(keep), null, stop));
        command.Aliases.Add(FormerName);
        return command;
    }

    /// <summary>Shows pending packages and gives them up.</summary>
    /// <param name="arguments">Arguments of the commands of pipelines.</param>
    /// <param name="stored">The pipeline.</param>
    /// <param name="parse">The command line.</param>
    /// <param name="keepsObjects">True: what the packages have written stays.</param>
    /// <param name="from">The oldest package to give up, with all later ones, or one that was set aside; null for all pending
    /// ones.</param>
    /// <param name="stop">Stops the command.</param>
    public static async Task RunAsync(
        PipelineArguments arguments, StoredPipeline stored, ParseResult parse, bool keepsObjects, string? from, CancellationToken stop)
    {
        if (parse.Tokens.Any(t => t.Value == FormerName))
            Console.Error.WriteLine($"{FormerName} is the former name of this command, which is now abort-packages.");
        var isJson = arguments.IsJson(parse);
        var aside = stored.Packages().Where(p => p.State == StoredPackageState.SetAside && p.LoadId == from).ToList();
        var pending = aside.Count > 0 ? aside
            : from is null ? stored.Packages().Where(p => p.IsPending).ToList() : [.. stored.PendingFrom(from)];
        if (!isJson) Print(stored, pending, arguments.PlaceOf(parse));
        IReadOnlyList<AbortedPackage> aborted = [];
        if (pending.Count > 0 && Confirmation.Ask("Give up these packages?", arguments.IsYes(parse)))
        {
            aborted = aside.Count > 0
                ? [.. stored.AbortPackages(from).Select(id => new AbortedPackage(id, AbortOutcome.NotBegun))]
                : await AbortAsync(arguments, stored, parse, keepsObjects, from, stop);
        }

        if (isJson) OutputOption.Print(Json(pending, aborted));
        else foreach (var package in aborted) Console.WriteLine(Line(package));
    }

    /// <summary>Gives up the packages. Without a state, which names the destination, nothing of them is there.</summary>
    private static async Task<IReadOnlyList<AbortedPackage>> AbortAsync(
        PipelineArguments arguments, StoredPipeline stored, ParseResult parse, bool keepsObjects, string? from, CancellationToken stop)
    {
        if (keepsObjects)
            return [.. stored.AbortPackages(from).Select(id => new AbortedPackage(id, AbortOutcome.Kept))];
        var pipeline = arguments.OpenToRestore(parse, stored, new() { Configuration = DltConfiguration.Load() });
        return await pipeline.AbortPackagesAsync(fromLoadId: from, cancellationToken: stop);
    }

    private static void Print(StoredPipeline pipeline, List<StoredPackage> pending, string place)
    {
        if (pending.Count == 0) Console.WriteLine("No pending packages found");
        foreach (var package in pending)
        {
            var jobs = JobsOf(pipeline, package);
            Console.WriteLine($"Package {package.LoadId} ({PipelineTexts.State(package.State)}): "
                + (jobs is null ? "its files cannot be read." : $"{jobs.Count} job(s), {Count(jobs, StoredJobState.Completed)} uploaded, "
                    + $"{jobs.Count(j => !j.Failures.IsEmpty)} with failures."));
            if (LoadPackageCommand.PartialLoad(pipeline, package, place) is { } partial) Console.WriteLine(partial);
        }
    }

    private static int Count(List<StoredJob> jobs, StoredJobState state) => jobs.Count(j => j.State == state);

    /// <summary>Jobs of a package; null when a file of it is torn, which is a reason to give it up.</summary>
    private static List<StoredJob>? JobsOf(StoredPipeline pipeline, StoredPackage package)
    {
        try
        {
            return [.. pipeline.Read(package).Jobs];
        }
        catch (DltException)
        {
            return null;
        }
    }

    private static string Line(AbortedPackage package)
    {
        var outcome = package.Outcome switch
        {
            AbortOutcome.NotBegun => "Nothing of it was at the destination.",
            AbortOutcome.Removed => "What it had written was removed from the destination.",
            AbortOutcome.Kept => "What it had written stays at the destination.",
            _ => "Its load was already complete: its rows stay, and the next run continues from its state.",
        };
        var replaced = package.ReplacedTables.IsEmpty ? ""
            : $" Its rows stay in {string.Join(", ", package.ReplacedTables)}, where they had replaced the earlier ones.";
        var emptied = package.EmptiedTables.IsEmpty ? ""
            : $" It had emptied {string.Join(", ", package.EmptiedTables)} first: no rows are there until they are loaded again.";
        return $"Aborted package {package.LoadId}. {outcome}{replaced}{emptied}";
    }

    private static JsonValue Json(List<StoredPackage> pending, IReadOnlyList<AbortedPackage> aborted) => JsonValue.Object(
        ("pending", OutputOption.Texts(pending.Select(p => p.LoadId))),
        ("aborted", JsonValue.Array([.. aborted.Select(p => JsonValue.Object(
            ("load_id", JsonValue.String(p.LoadId)),
            ("objects", JsonValue.String(p.Outcome switch
            {
                AbortOutcome.NotBegun => "none",
                AbortOutcome.Removed => "removed",
                AbortOutcome.Kept => "kept",
                _ => "committed",
            })),
            ("replaced_tables", OutputOption.Texts(p.ReplacedTables)),
            ("emptied_tables", OutputOption.Texts(p.EmptiedTables))))])));
}

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>What <c>dlt pipeline NAME load-package</c> does with a package.</summary>
/// <param name="LoadId">The package; null for the newest pending one, else the newest of all.</param>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="Job">Pattern of the jobs, for <see cref="Jobs"/>.</param>
internal sealed record PackageAction(string? LoadId, string Name, string? Job)
{
    public const string Info = "info";
    public const string RowCounts = "row-counts";
    public const string Abort = "abort";
    public const string Jobs = "job";

    /// <summary>dlt's action that leaves a job out of its package.</summary>
    private const string FailJob = "fail-job";

    public static IReadOnlyList<string> Names { get; } = [Info, RowCounts, Abort, Jobs];

    /// <summary>Reads the action from the words after <c>load-package</c>: a load id or none, an action or none, and a pattern.</summary>
    /// <exception cref="DltException">The action is unknown, or the words are too few or too many.</exception>
    public static PackageAction Read(IReadOnlyList<string> words)
    {
        var isAction = words is [var first, ..] && (Names.Contains(first) || first == FailJob);
        string?[] all = isAction ? [null, .. words] : [.. words];
        var name = all.ElementAtOrDefault(1) ?? Info;
        if (name == FailJob)
        {
            throw new DltException("fail-job is not supported: a load has all rows of its package here, so no job can be left out. Nothing "
                + "was changed. Load the package with retry, or give it up with load-package LOAD-ID abort.");
        }

        if (!Names.Contains(name))
        {
            throw new DltException($"'{name}' is not an action of load-package. Nothing was changed. Use one "
                + $"of {string.Join(", ", Names)}.");
        }

        var isJobs = name == Jobs;
        if (all.Length > (isJobs ? 3 : 2) || (isJobs && all.Length < 3))
            throw new DltException($"load-package {name} takes {(isJobs ? "one pattern of jobs" : "no further word")}. Nothing was done.");
        return new(all.ElementAtOrDefault(0), name, all.ElementAtOrDefault(2));
    }
}

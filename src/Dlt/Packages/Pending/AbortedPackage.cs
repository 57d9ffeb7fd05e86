using System.Collections.Immutable;

namespace Dlt;

/// <summary>A package that was given up (<see cref="Pipeline.AbortPackagesAsync"/>).</summary>
/// <param name="LoadId">Load id of the package.</param>
/// <param name="Outcome">What happened to its objects in the destination.</param>
public sealed record AbortedPackage(string LoadId, AbortOutcome Outcome)
{
    /// <summary>
    /// Tables whose rows the package had already replaced: its rows stay in them, because the earlier ones are gone.
    /// </summary>
    public ImmutableArray<string> ReplacedTables { get; init; } = [];

    /// <summary>
    /// Tables without rows: the package was to empty them before it loaded (a refresh, or <c>hive_replace = truncate-and-insert</c>).
    /// </summary>
    public ImmutableArray<string> EmptiedTables { get; init; } = [];
}

/// <summary>What happened to the objects of a package that was given up.</summary>
public enum AbortOutcome
{
    /// <summary>The destination had none: the load of the package had not begun.</summary>
    NotBegun,

    /// <summary>They were removed, with the rows that were already visible.</summary>
    Removed,

    /// <summary>They stay, because the caller wanted it or the destination cannot remove them.</summary>
    Kept,

    /// <summary>They stay, because the load was already complete. The next run continues from its state.</summary>
    Committed,
}

namespace Dlt.Packages;

/// <summary>
/// Finds packages that an earlier run made for another location than this run loads into. The caller did not ask for their rows here.
/// </summary>
/// <param name="folder">The working folder.</param>
/// <param name="location">Location that this run loads into.</param>
/// <param name="abort">The command that gives up packages.</param>
internal sealed class MisplacedPackages(WorkingFolder folder, string location, AbortCommand abort)
{
    /// <summary>Throws when such a package is pending.</summary>
    /// <exception cref="DltException">A pending package was made for another location. Nothing was loaded.</exception>
    public void Refuse()
    {
        if (Find() is { Count: > 0 } misplaced) throw Error(misplaced);
    }

    /// <summary>Gives up the packages when nothing of them was loaded. State and schemas are then as they were before them.</summary>
    /// <returns>The warning; null when no pending package was made for another location.</returns>
    /// <exception cref="DltException">
    /// The load of a package has started, or a package holds the only copy of its rows, or other packages wait for this location.
    /// </exception>
    public string? GiveUp()
    {
        var misplaced = Find();
        if (misplaced.Count == 0) return null;
        if (misplaced.Count < folder.Pending.Count || !misplaced.TrueForAll(p => StoppedStep.IsUnbegun(p) && !OnlyCopy.IsIn(p)))
            throw Error(misplaced);
        var (ids, places) = (Ids(misplaced), Places(misplaced));
        folder.DropPending();
        return $"An earlier load into {places} did not end, and this load goes into {location}. Package {ids}, of which nothing had been "
            + $"loaded, was given up. Repeat that load where it goes into {places}.";
    }

    private List<LoadPackage> Find() => folder.Pending.FindAll(p => PackageLocation.Read(p) is { } place && place != location);

    private DltException Error(List<LoadPackage> misplaced)
    {
        var places = Places(misplaced);
        var message = $"Package {Ids(misplaced)} of an earlier load into {places} is not finished, and this load goes into {location}. "
            + "Nothing was loaded.";
        return new(message)
        {
            State = $"Run that load again where it goes into {places}: it is finished there. Or give it up with: {abort}",
        };
    }

    private static string Ids(List<LoadPackage> packages) => string.Join(", ", packages.Select(p => p.LoadId));

    private static string Places(List<LoadPackage> packages) =>
        string.Join(", ", packages.Select(PackageLocation.Read).Distinct(StringComparer.Ordinal));
}

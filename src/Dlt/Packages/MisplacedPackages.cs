namespace Dlt.Packages;

/// <summary>
/// Packages that an earlier run made for another place than this run loads into: whoever runs the pipeline did not ask for those rows
/// here.
/// </summary>
/// <param name="folder">The working folder.</param>
/// <param name="location">Where this run loads into.</param>
/// <param name="abort">The command that gives packages up.</param>
internal sealed class MisplacedPackages(WorkingFolder folder, string location, AbortCommand abort)
{
    /// <summary>Loads none of them.</summary>
    /// <exception cref="DltException">There is one.</exception>
    public void Refuse()
    {
        if (Find() is { Count: > 0 } misplaced) throw Error(misplaced);
    }

    /// <summary>
    /// Gives them up where nothing of them was loaded; state and schemas are then as before them.
    /// </summary>
    /// <returns>The warning; null when all that is pending was made for this place, or does not say for which.</returns>
    /// <exception cref="DltException">
    /// One was begun, or has the only copy of its rows, or others wait that are for this place.
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

    private List<LoadPackage> Find() => folder.Pending.FindAll(p => PackagePlace.Read(p) is { } place && place != location);

    private DltException Error(List<LoadPackage> misplaced) => new(
        $"Package {Ids(misplaced)} of an earlier load into {Places(misplaced)} is not finished, and this load goes into {location}. "
            + "Nothing was loaded.")
    {
        State = $"Run that load again where it goes into {Places(misplaced)}: it is finished there. Or give it up with: {abort}",
    };

    private static string Ids(List<LoadPackage> packages) => string.Join(", ", packages.Select(p => p.LoadId));

    private static string Places(List<LoadPackage> packages) =>
        string.Join(", ", packages.Select(PackagePlace.Read).Distinct(StringComparer.Ordinal));
}

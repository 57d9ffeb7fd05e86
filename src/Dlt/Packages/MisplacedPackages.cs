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
    /// <summary>
    /// Gives them up where nothing of them was loaded; state and schemas are then as before them.
    /// </summary>
    /// <returns>The warning; null when all that is pending was made for this place, or does not say for which.</returns>
    /// <exception cref="DltException">
    /// One was begun, or has the only copy of its rows, or others wait that are for this place.
    /// </exception>
    public string? GiveUp()
    {
        var pending = folder.Pending;
        var misplaced = pending.FindAll(p => PackagePlace.Read(p) is { } place && place != location);
        if (misplaced.Count == 0) return null;
        var places = string.Join(", ", misplaced.Select(PackagePlace.Read).Distinct(StringComparer.Ordinal));
        var ids = string.Join(", ", misplaced.Select(p => p.LoadId));
        if (misplaced.Count < pending.Count || !misplaced.TrueForAll(p => StoppedStep.IsUnbegun(p) && !OnlyCopy.IsIn(p)))
            throw new DltException($"Package {ids} of an earlier load into {places} is not finished, and this load goes into {location}. "
                + "Nothing was loaded.")
            {
                State = $"Run that load again where it goes into {places}: it is finished there. Or give it up with: {abort}",
            };
        folder.DropPending();
        return $"An earlier load into {places} did not end, and this load goes into {location}. Package {ids}, of which nothing had been "
            + $"loaded, was given up. Repeat that load where it goes into {places}.";
    }
}

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Deletes publish objects that nobody needs any more, and the files that loads staged which are given up. Such a load is claimed first:
/// its object is marked as given up, under the condition that the load has not written it since the listing. So a load that resumes at the
/// same moment either keeps its files, or sees the mark and waits.
/// </summary>
/// <param name="folder">The publish objects, as listed.</param>
/// <param name="removeStagedFiles">Removes the staged files of a load.</param>
internal sealed class GivenUpLoads(PublishFolder folder, Func<PublishObject, CancellationToken, Task> removeStagedFiles)
{
    /// <summary>Deletes publish objects.</summary>
    /// <param name="unneeded">Load ids of the objects, from <see cref="PublishUpkeep.Unneeded"/>.</param>
    /// <param name="complete">Complete loads.</param>
    /// <param name="cancellationToken">Stops; an object that is marked then stays for <see cref="PublishUpkeep.KeptFor"/>.</param>
    public async Task RemoveAsync(
        IReadOnlyCollection<string> unneeded, IReadOnlySet<string> complete, CancellationToken cancellationToken)
    {
        foreach (var id in unneeded.Where(id => !complete.Contains(id)))
        {
            if (await TryReadAsync(id, cancellationToken).ConfigureAwait(false) is not { } load) continue;
            if (await folder.TryReplaceListedAsync(load with { IsGivenUp = true }, cancellationToken).ConfigureAwait(false))
                await removeStagedFiles(load, cancellationToken).ConfigureAwait(false);
        }

        await folder.RemoveAsync(unneeded, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the publish object of a load; null if it is gone or damaged.</summary>
    private async Task<PublishObject?> TryReadAsync(string loadId, CancellationToken cancellationToken)
    {
        try
        {
            return await folder.TryGetAsync(loadId, cancellationToken).ConfigureAwait(false);
        }
        catch (DltException error) when (!error.IsTransient)
        {
            return null;
        }
    }
}

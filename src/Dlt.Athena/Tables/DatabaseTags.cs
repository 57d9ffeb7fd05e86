using Dlt.Aws;
using Dlt.Destinations.Settings;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Gives databases the LF-tags of the settings, which their tables inherit. Tags are read first and written only where they differ;
/// Python dlt writes them in every run.
/// </summary>
/// <param name="tags">Tags of an account on AWS; null for an in-process account, which has none.</param>
/// <param name="settings">The tags; null to leave tags as they are, without a call.</param>
internal sealed class DatabaseTags(LakeFormationTags? tags, DatabaseTagSettings? settings)
{
    /// <summary>Brings the tags of a database in line with the settings.</summary>
    /// <exception cref="DltException">A tag does not exist, or the login may not read or change tags.</exception>
    public async Task ApplyAsync(string database, CancellationToken cancellationToken)
    {
        if (tags is null || settings is null || settings is { IsEnabled: true, Tags.IsEmpty: true }) return;
        var found = await tags.GetAsync(database, cancellationToken).ConfigureAwait(false);
        if (!settings.IsEnabled)
        {
            if (found.Length > 0) await tags.RemoveAsync(database, found, cancellationToken).ConfigureAwait(false);
            return;
        }

        var current = found.ToLookup(t => t.Key, t => t.Values);
        List<LakeFormationTag> missing =
        [
            .. settings.Tags.Where(t => !current[t.Key].Any(values => values.Contains(t.Value)))
                .Select(t => new LakeFormationTag(t.Key, [t.Value])),
        ];
        if (missing.Count > 0) await tags.AddAsync(database, missing, cancellationToken).ConfigureAwait(false);
    }
}

using System.Collections.Immutable;
using Dlt.Destinations.Settings;
using Dlt.Internal;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Gives databases the LF-tags of the settings, which their tables inherit. Tags are read first and written only where they differ;
/// Python dlt writes them in every run.
/// </summary>
/// <param name="tags">Tags of an account on AWS; null for an in-process account, which has none.</param>
/// <param name="settings">The tags; null to leave tags as they are, without a call.</param>
internal sealed class DatabaseTags(LakeFormationTags? tags, DatabaseTagSettings? settings)
{
    /// <summary>Tags of a database as <see cref="CheckAsync"/> has read them; taken by the next <see cref="ApplyAsync"/>.</summary>
    private (string Database, ImmutableArray<LakeFormationTag> Tags)? _read;

    /// <summary>True: tags are checked and never written.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>
    /// Checks, before anything is extracted, that the tags can be given: Lake Formation must know each tag and value that the database does
    /// not have yet. A tag whose definition the login may not read is left to <see cref="ApplyAsync"/>.
    /// </summary>
    /// <exception cref="DltException">A tag or its value does not exist, or the login may not read the tags of the database.</exception>
    public async Task CheckAsync(string database, CancellationToken cancellationToken)
    {
        if (tags is null || settings is null or { IsEnabled: true, Tags.IsEmpty: true } || _read is not null) return;
        var found = await tags.GetAsync(database, cancellationToken).ConfigureAwait(false);
        _read = (database, found);
        if (!settings.IsEnabled) return;
        foreach (var tag in Missing(found, settings))
        {
            if (await ProblemOfAsync(tags, tag, cancellationToken).ConfigureAwait(false) is not { } problem) continue;
            throw new DltException($"The database '{database}' cannot get the tag {tag} of Lake Formation: {problem} Nothing was "
                + "extracted. Create the tag with this value, or correct 'tags' of lakeformation_config.");
        }
    }

    /// <summary>Brings the tags of a database in line with the settings.</summary>
    /// <exception cref="DltException">A tag does not exist, or the login may not read or change tags.</exception>
    public async Task ApplyAsync(string database, CancellationToken cancellationToken)
    {
        if (IsReadOnly || tags is null || settings is null or { IsEnabled: true, Tags.IsEmpty: true }) return;
        var found = _read is { } read && read.Database == database
            ? read.Tags
            : await tags.GetAsync(database, cancellationToken).ConfigureAwait(false);
        _read = null;   // the tags change now, and a repeated step reads them again
        if (!settings.IsEnabled)
        {
            if (found.Length > 0) await tags.RemoveAsync(database, found, cancellationToken).ConfigureAwait(false);
            return;
        }

        var missing = Missing(found, settings);
        if (missing.Count > 0) await tags.AddAsync(database, missing, cancellationToken).ConfigureAwait(false);
    }

    private static List<LakeFormationTag> Missing(ImmutableArray<LakeFormationTag> found, DatabaseTagSettings wanted)
    {
        var current = found.ToLookup(t => t.Key, t => t.Values);
        return
        [
            .. wanted.Tags.Where(t => !current[t.Key].Any(values => values.Contains(t.Value)))
                .Select(t => new LakeFormationTag(t.Key, [t.Value])),
        ];
    }

    /// <summary>Describes why a tag cannot be given; null when nothing is known against it.</summary>
    private static async Task<string?> ProblemOfAsync(LakeFormationTags tags, LakeFormationTag tag, CancellationToken cancellationToken)
    {
        try
        {
            return await tags.FindAsync(tag.Key, cancellationToken).ConfigureAwait(false) switch
            {
                null => $"there is no tag '{tag.Key}'.",
                var known when !known.Values.Contains(tag.Values[0]) =>
                    $"its values are {string.Join(", ", known.Values)}.",
                _ => null,
            };
        }
        catch (DltException error) when (error is not ConfigurationException && !error.IsTransient)
        {
            return null;   // giving a tag does not need the right to read its definition
        }
    }
}

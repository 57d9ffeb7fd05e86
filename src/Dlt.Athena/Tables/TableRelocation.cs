using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Moves external tables of a missing bucket, as a misspelt <c>bucket_url</c> of an earlier run leaves them. They have no rows, so they can
/// take the location of the current settings.
/// </summary>
/// <param name="objects">Object store that holds the buckets.</param>
/// <param name="locationOf">Returns the folder of a table.</param>
internal sealed class TableRelocation(IObjectStore objects, Func<string, string> locationOf)
{
    /// <summary>The definition to load with: unchanged, or with the new location if the old bucket does not exist.</summary>
    public async Task<GlueTable> MovedAsync(GlueTable stored, CancellationToken cancellationToken)
    {
        if (stored.IsIceberg || stored.Definition.StorageDescriptor is not { Location: { Length: > 0 } old } storage) return stored;
        var location = locationOf(stored.Name);
        if (old.TrimEnd('/') == location.TrimEnd('/') || !TryParse(old, out var folder)
            || folder.Bucket == ObjectLocation.Parse(location).Bucket) return stored;
        if (await objects.BucketExistsAsync(folder.Bucket, cancellationToken).ConfigureAwait(false)) return stored;
        return stored with { Definition = stored.Definition with { StorageDescriptor = storage with { Location = location } } };
    }

    private static bool TryParse(string location, out ObjectLocation folder)
    {
        try
        {
            folder = ObjectLocation.Parse(location);
            return true;
        }
        catch (FormatException)
        {
            folder = null!;   // not a bucket, such as a folder of HDFS
            return false;
        }
    }
}

using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations;

/// <summary>
/// External tables whose bucket is not there, as a misspelt bucket_url of an earlier run left them: they can have no rows, so they may take
/// the location that the settings say.
/// </summary>
/// <param name="objects">Where the buckets are.</param>
/// <param name="locationOf">Folder that a table is loaded to.</param>
internal sealed class TableRelocation(IObjectStore objects, Func<string, string> locationOf)
{
    /// <summary>The definition with which the table is to be loaded: the same one, or that of a table at its new location.</summary>
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
            folder = null!;   // a place that is no bucket, such as a folder of HDFS
            return false;
        }
    }
}

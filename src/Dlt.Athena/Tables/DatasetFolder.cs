using Dlt.Storage;

namespace Dlt.Destinations.Tables;

/// <summary>The folder of a dataset in its bucket: checks the bucket and writes the marker.</summary>
/// <param name="objects">Object store that holds the bucket.</param>
/// <param name="folder">Location of the folder.</param>
internal sealed class DatasetFolder(IObjectStore objects, ObjectLocation folder)
{
    private bool _hasBucket;

    /// <summary>
    /// Refuses a bucket that does not exist; asks the store once. Call it before anything is created in the catalog: a table in a missing
    /// bucket would have to be removed by hand.
    /// </summary>
    /// <exception cref="BucketNotFoundException">The bucket does not exist.</exception>
    public async Task CheckBucketAsync(CancellationToken cancellationToken)
    {
        if (_hasBucket) return;
        _hasBucket = await objects.BucketExistsAsync(folder.Bucket, cancellationToken).ConfigureAwait(false);
        if (!_hasBucket) throw new BucketNotFoundException(folder.Bucket);
    }

    /// <summary>Writes the file by which Python dlt recognizes a dataset (docs/spec/athena-destination.md 2.7).</summary>
    public async Task WriteMarkerAsync(CancellationToken cancellationToken)
    {
        var marker = folder.Combine("init");
        if (await objects.HeadAsync(marker, cancellationToken).ConfigureAwait(false) is not null) return;
        var content = "{\"initial_version\":2,\"current_version\":2}"u8.ToArray();
        await objects.PutAsync(marker, content, cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}

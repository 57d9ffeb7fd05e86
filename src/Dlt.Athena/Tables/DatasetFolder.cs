using Dlt.Storage;

namespace Dlt.Destinations;

/// <summary>The folder of a dataset in its bucket.</summary>
/// <param name="objects">The store.</param>
/// <param name="folder">The folder.</param>
internal sealed class DatasetFolder(IObjectStore objects, ObjectLocation folder)
{
    private bool _hasBucket;

    /// <summary>
    /// Refuses a bucket that is not there; asked once. Before anything is made in the catalog: a table in a bucket that is not there would
    /// have to be removed by hand.
    /// </summary>
    /// <exception cref="BucketNotFoundException">There is no such bucket.</exception>
    public async Task CheckBucketAsync(CancellationToken cancellationToken)
    {
        if (_hasBucket) return;
        _hasBucket = await objects.BucketExistsAsync(folder.Bucket, cancellationToken).ConfigureAwait(false);
        if (!_hasBucket) throw new BucketNotFoundException(folder.Bucket);
    }

    /// <summary>Writes the marker by which dlt's file store knows a dataset (docs/spec/athena-destination.md 2.7).</summary>
    public async Task WriteMarkerAsync(CancellationToken cancellationToken)
    {
        var marker = folder.Combine("init");
        if (await objects.HeadAsync(marker, cancellationToken).ConfigureAwait(false) is not null) return;
        var content = "{\"initial_version\":2,\"current_version\":2}"u8.ToArray();
        await objects.PutAsync(marker, content, cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}

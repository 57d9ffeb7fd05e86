using System.Text;
using Dlt.Json;
using Dlt.Storage;

namespace Dlt.Destinations.Tables;

/// <summary>The folder of a dataset in its bucket: checks the bucket, reads and writes the marker.</summary>
/// <param name="objects">Object store that holds the bucket.</param>
/// <param name="folder">Location of the folder.</param>
internal sealed class DatasetFolder(IObjectStore objects, ObjectLocation folder)
{
    /// <summary>Version of dlt's rules for the objects of a dataset.</summary>
    private const int Version = 2;

    private bool _hasBucket;

    /// <summary>Version with which the dataset began; 0 for one that has no marker.</summary>
    private int _initialVersion;

    /// <summary>Version that the marker says; null before it was read.</summary>
    private int? _version;

    private ObjectLocation Marker => folder.Combine("init");

    /// <summary>Notes that the bucket exists, so that the store is not asked.</summary>
    public void NoteBucket() => _hasBucket = true;

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

    /// <summary>
    /// Reads the file by which Python dlt recognizes a dataset (docs/spec/athena-destination.md 2.7); asks the store once.
    /// </summary>
    /// <exception cref="DltException">A newer dlt wrote the dataset, or the marker is not readable. Nothing was changed.</exception>
    public async Task ReadMarkerAsync(CancellationToken cancellationToken)
    {
        if (_version is not null) return;
        try
        {
            var content = await objects.GetAsync(Marker, cancellationToken: cancellationToken).ConfigureAwait(false);
            (_initialVersion, _version) = VersionsOf(content);
        }
        catch (ObjectNotFoundException)
        {
            (_initialVersion, _version) = (0, 0);
        }

        if (_version > Version)
        {
            throw new DltException($"The dataset {folder} has version {_version} of dlt's storage, and this program knows {Version}: "
                + "a newer dlt wrote it. Nothing was loaded. Load into another dataset, or update this program.");
        }
    }

    /// <summary>Writes the marker, if it is missing or of an older version.</summary>
    public async Task WriteMarkerAsync(CancellationToken cancellationToken)
    {
        await ReadMarkerAsync(cancellationToken).ConfigureAwait(false);
        if (_version == Version) return;
        var initial = _initialVersion == 0 ? Version : _initialVersion;
        var content = Encoding.UTF8.GetBytes($$"""{"initial_version":{{initial}},"current_version":{{Version}}}""");
        await objects.PutAsync(Marker, content, cancellationToken: cancellationToken).ConfigureAwait(false);
        (_initialVersion, _version) = (initial, Version);
    }

    /// <summary>The versions that a marker says. An empty marker is of version 1.</summary>
    private (int Initial, int Current) VersionsOf(byte[] content)
    {
        if (content.Length == 0) return (1, 1);
        if (Parsed(content) is { Kind: JsonKind.Object } json && json["initial_version"] is { Kind: JsonKind.Integer } initial
            && json["current_version"] is { Kind: JsonKind.Integer } current) return ((int)initial.AsInt64(), (int)current.AsInt64());
        throw new DltException($"{Marker} is not the marker of a dataset: it should be "
            + """{"initial_version":2,"current_version":2}. """
            + "Nothing was loaded. Load into another dataset, or delete the object if it belongs to nobody.");
    }

    private static JsonValue? Parsed(byte[] content)
    {
        try
        {
            return JsonParser.Parse(content);
        }
        catch (DltException)
        {
            return null;
        }
    }
}

using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>The state of a table's rows after one commit (Iceberg table specification).</summary>
public sealed class Snapshot
{
    private readonly Lazy<ImmutableSortedDictionary<string, string>> _summary;

    internal Snapshot(JsonValue json)
    {
        Json = json;
        SnapshotId = json["snapshot-id"]?.AsInt64() ?? throw new FormatException("A snapshot has no 'snapshot-id'.");
        ParentSnapshotId = json["parent-snapshot-id"] is { Kind: JsonKind.Integer } parent ? parent.AsInt64() : null;
        SequenceNumber = json["sequence-number"] is { Kind: JsonKind.Integer } number ? number.AsInt64() : 0;
        TimestampMs = json["timestamp-ms"]?.AsInt64() ?? throw new FormatException("A snapshot has no 'timestamp-ms'.");
        ManifestList = json["manifest-list"] is { Kind: JsonKind.String } list ? list.AsString() : null;
        FirstRowId = json["first-row-id"] is { Kind: JsonKind.Integer } first ? first.AsInt64() : null;
        AddedRows = json["added-rows"] is { Kind: JsonKind.Integer } rows ? rows.AsInt64() : 0;
        SchemaId = json["schema-id"] is { Kind: JsonKind.Integer } schema ? SchemaJson.Int(schema) : null;
        Operation = json["summary"]?["operation"] is { Kind: JsonKind.String } operation ? operation.AsString() : null;
        _summary = new(() => json["summary"] is { Kind: JsonKind.Object } summary
            ? summary.Members.ToImmutableSortedDictionary(m => m.Key, m => Text(m.Value), StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, string>.Empty);
    }

    /// <summary>Id of the snapshot: positive and random.</summary>
    public long SnapshotId { get; }

    /// <summary>Id of the snapshot that this one is based on; null for the first.</summary>
    public long? ParentSnapshotId { get; }

    /// <summary>Sequence number of the snapshot, in the order of commits; 0 in version 1.</summary>
    public long SequenceNumber { get; }

    /// <summary>Time of the commit in milliseconds since 1970.</summary>
    public long TimestampMs { get; }

    /// <summary>Location of the manifest list; null for old snapshots with inline manifests.</summary>
    public string? ManifestList { get; }

    /// <summary>Row id of the first row that the commit gave one (format version 3); null in older versions.</summary>
    internal long? FirstRowId { get; }

    /// <summary>Number of row ids that the commit used (format version 3).</summary>
    internal long AddedRows { get; }

    /// <summary>Id of the schema that was current at the commit; null if unknown.</summary>
    public int? SchemaId { get; }

    /// <summary><c>append</c>, <c>overwrite</c>, <c>delete</c> or <c>replace</c>; null for some old snapshots.</summary>
    public string? Operation { get; }

    /// <summary>Counts of rows and files, and entries that the writer adds.</summary>
    public ImmutableSortedDictionary<string, string> Summary => _summary.Value;

    /// <summary>Time of the commit.</summary>
    public DateTimeOffset Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs);

    /// <summary>Locations of the inline manifests of a snapshot of version 1.</summary>
    internal ImmutableArray<string> InlineManifests =>
        Json["manifests"] is { Kind: JsonKind.Array } list ? [.. list.Items.Select(m => m.AsString())] : [];

    internal JsonValue Json { get; }

    private static string Text(JsonValue value) => value.Kind == JsonKind.String ? value.AsString() : value.ToString();
}

/// <summary>A named reference to a snapshot: a branch or a tag (Iceberg table specification).</summary>
/// <param name="SnapshotId">Id of the snapshot.</param>
/// <param name="IsBranch">True for a branch, which commits advance; false for a tag.</param>
public sealed record SnapshotRef(long SnapshotId, bool IsBranch)
{
    /// <summary>Name of the branch that readers and writers use by default.</summary>
    public const string Main = "main";

    /// <summary>Minimum number of a branch's snapshots that expiry keeps.</summary>
    public int? MinSnapshotsToKeep { get; init; }

    /// <summary>Maximum age of a branch's snapshots that expiry keeps, in milliseconds.</summary>
    public long? MaxSnapshotAgeMs { get; init; }

    /// <summary>Age after which the reference expires, in milliseconds. The main branch never expires.</summary>
    public long? MaxRefAgeMs { get; init; }

    internal static SnapshotRef Read(JsonValue json) => new(
        json["snapshot-id"]?.AsInt64() ?? throw new FormatException("A ref has no 'snapshot-id'."),
        json["type"]?.AsString() switch
        {
            "branch" => true,
            "tag" => false,
            var other => throw new FormatException($"The ref type '{other}' is neither 'branch' nor 'tag'."),
        })
    {
        MinSnapshotsToKeep = json["min-snapshots-to-keep"] is { Kind: JsonKind.Integer } keep ? SchemaJson.Int(keep) : null,
        MaxSnapshotAgeMs = json["max-snapshot-age-ms"] is { Kind: JsonKind.Integer } age ? age.AsInt64() : null,
        MaxRefAgeMs = json["max-ref-age-ms"] is { Kind: JsonKind.Integer } refAge ? refAge.AsInt64() : null,
    };

    internal JsonValue Write()
    {
        var type = JsonValue.String(IsBranch ? "branch" : "tag");
        var json = JsonValue.Object(("snapshot-id", JsonValue.Integer(SnapshotId)), ("type", type));
        if (MinSnapshotsToKeep is { } keep) json = json.With("min-snapshots-to-keep", JsonValue.Integer(keep));
        if (MaxSnapshotAgeMs is { } age) json = json.With("max-snapshot-age-ms", JsonValue.Integer(age));
        return MaxRefAgeMs is { } refAge ? json.With("max-ref-age-ms", JsonValue.Integer(refAge)) : json;
    }
}

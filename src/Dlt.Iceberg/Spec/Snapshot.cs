using System.Collections.Immutable;
using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>A state of the table's rows (Iceberg table specification).</summary>
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
        SchemaId = json["schema-id"] is { Kind: JsonKind.Integer } schema ? SchemaJson.Int(schema) : null;
        Operation = json["summary"]?["operation"] is { Kind: JsonKind.String } operation ? operation.AsString() : null;
        _summary = new(() => json["summary"] is { Kind: JsonKind.Object } summary
            ? summary.Members.ToImmutableSortedDictionary(m => m.Key, m => Text(m.Value), StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, string>.Empty);
    }

    /// <summary>Its id: positive and random.</summary>
    public long SnapshotId { get; }

    /// <summary>The snapshot it was made from; null for the first.</summary>
    public long? ParentSnapshotId { get; }

    /// <summary>Counts the table's snapshots; 0 in version 1.</summary>
    public long SequenceNumber { get; }

    /// <summary>Milliseconds since 1970.</summary>
    public long TimestampMs { get; }

    /// <summary>Location of the manifest list; null for old snapshots that name their manifests themselves.</summary>
    public string? ManifestList { get; }

    /// <summary>The schema when it was made.</summary>
    public int? SchemaId { get; }

    /// <summary><c>append</c>, <c>overwrite</c>, <c>delete</c> or <c>replace</c>; null in some old snapshots.</summary>
    public string? Operation { get; }

    /// <summary>Counts, and what writers note.</summary>
    public ImmutableSortedDictionary<string, string> Summary => _summary.Value;

    /// <summary>When it was made.</summary>
    public DateTimeOffset Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs);

    /// <summary>Locations of manifests that a snapshot of version 1 names itself.</summary>
    internal ImmutableArray<string> InlineManifests =>
        Json["manifests"] is { Kind: JsonKind.Array } list ? [.. list.Items.Select(m => m.AsString())] : [];

    internal JsonValue Json { get; }

    private static string Text(JsonValue value) => value.Kind == JsonKind.String ? value.AsString() : value.ToString();
}

/// <summary>A name for a snapshot (Iceberg table specification).</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="IsBranch">True for a branch, which commits move on; false for a tag.</param>
public sealed record SnapshotRef(long SnapshotId, bool IsBranch)
{
    /// <summary>The branch that readers and writers use by default.</summary>
    public const string Main = "main";

    /// <summary>Fewest snapshots that expiry keeps of a branch.</summary>
    public int? MinSnapshotsToKeep { get; init; }

    /// <summary>Age up to which expiry keeps a branch's snapshots, in milliseconds.</summary>
    public long? MaxSnapshotAgeMs { get; init; }

    /// <summary>Age after which the ref itself expires, in milliseconds; never for main.</summary>
    public long? MaxRefAgeMs { get; init; }

    internal static SnapshotRef Read(JsonValue json) => new(
        json["snapshot-id"]?.AsInt64() ?? throw new FormatException("A ref has no 'snapshot-id'."),
        json["type"]?.AsString() switch { "branch" => true, "tag" => false,
            var other => throw new FormatException($"'{other}' is neither branch nor tag.") })
    {
        MinSnapshotsToKeep = json["min-snapshots-to-keep"] is { Kind: JsonKind.Integer } keep ? SchemaJson.Int(keep) : null,
        MaxSnapshotAgeMs = json["max-snapshot-age-ms"] is { Kind: JsonKind.Integer } age ? age.AsInt64() : null,
        MaxRefAgeMs = json["max-ref-age-ms"] is { Kind: JsonKind.Integer } refAge ? refAge.AsInt64() : null,
    };

    internal JsonValue Write()
    {
        var json = JsonValue.Object(("snapshot-id", JsonValue.Integer(SnapshotId)),
            ("type", JsonValue.String(IsBranch ? "branch" : "tag")));
        if (MinSnapshotsToKeep is { } keep) json = json.With("min-snapshots-to-keep", JsonValue.Integer(keep));
        if (MaxSnapshotAgeMs is { } age) json = json.With("max-snapshot-age-ms", JsonValue.Integer(age));
        return MaxRefAgeMs is { } refAge ? json.With("max-ref-age-ms", JsonValue.Integer(refAge)) : json;
    }
}

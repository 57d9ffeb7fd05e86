using System.Collections.Immutable;
using System.IO.Compression;

namespace Dlt.Iceberg;

/// <summary>Reads and writes metadata files (docs/spec/iceberg.md 2.1, 1.3, 2.6).</summary>
internal static class TableMetadataJson
{
    private const int MaxBytes = 1 << 30;
    private const string Suffix = ".metadata.json";
    private const string CompressedSuffix = ".gz.metadata.json";
    private const string OldCompressedSuffix = ".metadata.json.gz";

    /// <summary>Suffixes of metadata files: plain, compressed, and compressed by old versions of Java.</summary>
    public static ImmutableArray<string> Suffixes { get; } = [Suffix, CompressedSuffix, OldCompressedSuffix];

    /// <summary>Reads a metadata file, compressed or not.</summary>
    /// <exception cref="IcebergException">The file is damaged, or its format version is unknown.</exception>
    public static TableMetadata Read(byte[] content, string file)
    {
        try
        {
            return Read(JsonValue.Parse(content is [0x1F, 0x8B, ..] ? Unzip(content, file) : content), file);
        }
        catch (JsonFormatException error)
        {
            throw IcebergException.Corrupt(file, error.Message, null, error);
        }
    }

    /// <exception cref="IcebergException">The metadata is inconsistent, or its format version is unknown.</exception>
    public static TableMetadata Read(JsonValue json, string file)
    {
        try
        {
            return ReadMembers(json, file);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or InvalidOperationException or NullReferenceException)
        {
            throw IcebergException.Corrupt(file, $"this is not table metadata: {error.Message}", null, error);
        }
    }

    /// <summary>File name suffix of the next metadata file. Readers recognise compressed files by it (docs/spec/iceberg.md 2.6).</summary>
    public static string SuffixOf(TableMetadata metadata) =>
        "gzip".Equals(metadata.Properties.GetValueOrDefault("write.metadata.compression-codec"), StringComparison.OrdinalIgnoreCase)
            ? CompressedSuffix : Suffix;

    /// <summary>Suffix of the name of a metadata file; null for other files.</summary>
    public static string? SuffixOf(string location)
    {
        if (location.EndsWith(CompressedSuffix, StringComparison.Ordinal)) return CompressedSuffix;
        return Suffixes.FirstOrDefault(s => location.EndsWith(s, StringComparison.Ordinal));
    }

    /// <summary>Writes a metadata file, compressed if its name has the compressed suffix.</summary>
    public static byte[] Write(TableMetadata metadata, string location)
    {
        var content = Write(metadata);
        return location.EndsWith(CompressedSuffix, StringComparison.Ordinal) ? Zip(content) : content;
    }

    public static byte[] Write(TableMetadata metadata) => JsonText.WriteUtf8(ToJson(metadata));

    public static JsonValue ToJson(TableMetadata metadata)
    {
        var json = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
        var order = new List<string>();
        void Set(string name, JsonValue value)
        {
            if (json.TryAdd(name, value)) order.Add(name);
            else json[name] = value;
        }

        var version1 = metadata.FormatVersion == 1;
        foreach (var (name, value) in metadata.Source?.Members.AsEnumerable() ?? [])
            if (version1 || name is not ("schema" or "partition-spec")) Set(name, value);
        Set("format-version", JsonValue.Integer(metadata.FormatVersion));
        if (metadata.TableUuid is { } uuid) Set("table-uuid", JsonValue.String(uuid));
        Set("location", JsonValue.String(metadata.Location));
        if (!version1) Set("last-sequence-number", JsonValue.Integer(metadata.LastSequenceNumber));
        if (metadata.HasRowLineage()) Set("next-row-id", JsonValue.Integer(metadata.NextRowId));
        Set("last-updated-ms", JsonValue.Integer(metadata.LastUpdatedMs));
        Set("last-column-id", JsonValue.Integer(metadata.LastColumnId));
        Set("current-schema-id", JsonValue.Integer(metadata.CurrentSchemaId));
        var schemas = metadata.Schemas.Select(s => (JsonValue.Integer(s.SchemaId), SchemaJson.Write(s)));
        Set("schemas", Merge("schemas", "schema-id", schemas, metadata.Source));
        if (version1) Set("schema", Overlaid(metadata.Source?["schema"], SchemaJson.Write(metadata.CurrentSchema)));
        Set("default-spec-id", JsonValue.Integer(metadata.DefaultSpecId));
        var specs = metadata.PartitionSpecs.Select(s => (JsonValue.Integer(s.SpecId), s.Write()));
        Set("partition-specs", Merge("partition-specs", "spec-id", specs, metadata.Source));
        if (version1) Set("partition-spec", metadata.DefaultSpec.WriteFields());
        Set("last-partition-id", JsonValue.Integer(metadata.LastPartitionId));
        Set("default-sort-order-id", JsonValue.Integer(metadata.DefaultSortOrderId));
        var orders = metadata.SortOrders.Select(s => (JsonValue.Integer(s.OrderId), s.Write()));
        Set("sort-orders", Merge("sort-orders", "order-id", orders, metadata.Source));
        Set("properties", JsonValue.Object(metadata.Properties.Select(p => KeyValuePair.Create(p.Key, JsonValue.String(p.Value)))));
        Set("current-snapshot-id", CurrentSnapshotId(metadata));
        if (!version1 || metadata.Source?["refs"] is not null) Set("refs", Refs(metadata));
        Set("snapshots", JsonValue.Array([.. metadata.Snapshots.Select(s => s.Json)]));
        foreach (var name in new[] { "statistics", "partition-statistics" })
        {
            var isKnown = json.TryGetValue(name, out var known) && known.Kind == JsonKind.Array;
            Set(name, isKnown ? OfKeptSnapshots(known!, metadata) : JsonValue.EmptyArray);
        }

        var snapshotLog = metadata.SnapshotLog.Select(e => LogEntry(e.TimestampMs, "snapshot-id", JsonValue.Integer(e.SnapshotId)));
        Set("snapshot-log", JsonValue.Array([.. snapshotLog]));
        var metadataLog = metadata.MetadataLog.Select(e => LogEntry(e.TimestampMs, "metadata-file", JsonValue.String(e.MetadataFile)));
        Set("metadata-log", JsonValue.Array([.. metadataLog]));
        return JsonValue.Object(order.Select(name => KeyValuePair.Create(name, json[name])));
    }

    private static JsonValue CurrentSnapshotId(TableMetadata metadata)
    {
        if (metadata.Refs.TryGetValue(SnapshotRef.Main, out var main)) return JsonValue.Integer(main.SnapshotId);
        return metadata.FormatVersion >= 3 ? JsonValue.Null : JsonValue.Integer(-1);
    }

    private static JsonValue Refs(TableMetadata metadata)
    {
        var before = metadata.Source?["refs"];
        return JsonValue.Object(metadata.Refs.Select(r => KeyValuePair.Create(r.Key, Overlaid(before?[r.Key], r.Value.Write()))));
    }

    private static JsonValue LogEntry(long timestampMs, string name, JsonValue value) =>
        JsonValue.Object(("timestamp-ms", JsonValue.Integer(timestampMs)), (name, value));

    private static JsonValue OfKeptSnapshots(JsonValue statistics, TableMetadata metadata)
    {
        var kept = metadata.Snapshots.Select(s => s.SnapshotId).ToHashSet();
        bool IsKept(JsonValue entry) => entry["snapshot-id"] is not { Kind: JsonKind.Integer } id || kept.Contains(id.AsInt64());
        return JsonValue.Array([.. statistics.Items.Where(IsKept)]);
    }

    private static JsonValue Overlaid(JsonValue? before, JsonValue now) =>
        before is { Kind: JsonKind.Object } ? JsonValue.Object(before.Members.Concat(now.Members)) : now;

    /// <summary>Writes a list. Its elements keep the unknown members that were read with them.</summary>
    private static JsonValue Merge(string name, string key, IEnumerable<(JsonValue Key, JsonValue Value)> elements, JsonValue? source)
    {
        var before = source?[name] is { Kind: JsonKind.Array } list
            ? list.Items.Where(i => i[key] is not null).GroupBy(i => i[key]!).ToDictionary(g => g.Key, g => g.First()) : [];
        return JsonValue.Array([.. elements.Select(e => Overlaid(before.GetValueOrDefault(e.Key), e.Value))]);
    }

    private static TableMetadata ReadMembers(JsonValue json, string file)
    {
        var version = Int(json, "format-version");
        if (version is < TableMetadata.LowestVersion or > TableMetadata.HighestVersion)
            throw IcebergException.Unsupported(file, $"format version {version}");
        ImmutableArray<Schema> schemas = json["schemas"] is { Kind: JsonKind.Array } list
            ? [.. list.Items.Select(SchemaJson.Read)] : [SchemaJson.Read(Member(json, "schema"))];
        ImmutableArray<PartitionSpec> specs = json["partition-specs"] is { Kind: JsonKind.Array } specList
            ? [.. specList.Items.Select(PartitionSpec.Read)]
            : [new(0, PartitionSpec.ReadFields(Member(json, "partition-spec")))];
        ImmutableArray<Snapshot> snapshots = json["snapshots"] is { Kind: JsonKind.Array } snapshotList
            ? [.. snapshotList.Items.Select(s => new Snapshot(s))] : [];
        var refs = (json["refs"] is { Kind: JsonKind.Object } refList ? refList.Members.AsEnumerable() : [])
            .ToImmutableSortedDictionary(r => r.Key, r => SnapshotRef.Read(r.Value), StringComparer.Ordinal);
        if (json["current-snapshot-id"] is { Kind: JsonKind.Integer } current && current.AsInt64() != -1
            && !refs.ContainsKey(SnapshotRef.Main)) refs = refs.Add(SnapshotRef.Main, new(current.AsInt64(), IsBranch: true));
        var fields = specs.SelectMany(s => s.Fields).ToList();
        var metadata = new TableMetadata
        {
            FormatVersion = version,
            TableUuid = Text(json, "table-uuid"),
            Location = Text(json, "location")?.TrimEnd('/') ?? throw new FormatException("'location' is missing."),
            LastSequenceNumber = Long(json, "last-sequence-number") ?? 0,
            NextRowId = Long(json, "next-row-id") ?? 0,
            LastUpdatedMs = Long(json, "last-updated-ms") ?? 0,
            LastColumnId = json["last-column-id"] is { Kind: JsonKind.Integer } last
                ? SchemaJson.Int(last) : schemas.Max(s => s.HighestFieldId),
            Schemas = schemas,
            CurrentSchemaId = json["current-schema-id"] is { Kind: JsonKind.Integer } schema ? SchemaJson.Int(schema)
                : json["schemas"] is null ? schemas[0].SchemaId : 0,
            PartitionSpecs = specs,
            DefaultSpecId = json["default-spec-id"] is { Kind: JsonKind.Integer } spec ? SchemaJson.Int(spec) : 0,
            LastPartitionId = json["last-partition-id"] is { Kind: JsonKind.Integer } partition ? SchemaJson.Int(partition)
                : fields.Count == 0 ? PartitionSpec.FirstFieldId - 1 : fields.Max(f => f.FieldId),
            SortOrders = json["sort-orders"] is { Kind: JsonKind.Array } orders
                ? [.. orders.Items.Select(SortOrder.Read)] : [SortOrder.Unsorted],
            DefaultSortOrderId = json["default-sort-order-id"] is { Kind: JsonKind.Integer } order ? SchemaJson.Int(order) : 0,
            Properties = (json["properties"] is { Kind: JsonKind.Object } properties ? properties.Members.AsEnumerable() : [])
                .ToImmutableSortedDictionary(p => p.Key, p => p.Value.Kind == JsonKind.String ? p.Value.AsString() : p.Value.ToString(),
                    StringComparer.Ordinal),
            Snapshots = snapshots,
            Refs = refs,
            SnapshotLog = json["snapshot-log"] is { Kind: JsonKind.Array } log
                ? [.. log.Items.Select(e => (Member(e, "timestamp-ms").AsInt64(), Member(e, "snapshot-id").AsInt64()))] : [],
            MetadataLog = json["metadata-log"] is { Kind: JsonKind.Array } files
                ? [.. files.Items.Select(e => (Member(e, "timestamp-ms").AsInt64(), Member(e, "metadata-file").AsString()))] : [],
            Source = json,
        };
        Check(metadata);
        return metadata;
    }

    private static void Check(TableMetadata metadata)
    {
        if (metadata.FormatVersion > 1 && metadata.TableUuid is null) throw new FormatException("'table-uuid' is missing.");
        _ = metadata.CurrentSchema;
        _ = metadata.DefaultSpec;
        if (metadata.Snapshots.GroupBy(s => s.SnapshotId).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new FormatException($"Snapshot {twice.Key} is listed twice.");
        foreach (var (name, reference) in metadata.Refs)
            if (metadata.Find(reference.SnapshotId) is null)
                throw new FormatException($"Ref '{name}' refers to snapshot {reference.SnapshotId}, which is missing.");
        foreach (var snapshot in metadata.Snapshots)
        {
            if (snapshot.ManifestList is null && snapshot.Json["manifests"] is null)
                throw new FormatException($"Snapshot {snapshot.SnapshotId} has no 'manifest-list'.");
            var seen = new HashSet<long>();
            for (var at = snapshot; at is not null; at = at.ParentSnapshotId is { } parent ? metadata.Find(parent) : null)
            {
                if (!seen.Add(at.SnapshotId)) throw new FormatException($"Snapshot {at.SnapshotId} is its own ancestor.");
                if (seen.Count > 1 && at.SequenceNumber == 0) break;
            }

            if (metadata.Snapshots.Length > 100) break;   // The walk is quadratic. Code that uses ancestors guards against cycles.
        }
    }

    private static byte[] Zip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var zipped = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true)) zipped.Write(content);
        return target.ToArray();
    }

    private static byte[] Unzip(byte[] content, string file)
    {
        try
        {
            using var source = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
            using var target = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = source.Read(buffer)) > 0;)
            {
                target.Write(buffer, 0, read);
                if (target.Length > MaxBytes) throw IcebergException.Corrupt(file, $"it unpacks to more than {MaxBytes} bytes");
            }

            return target.ToArray();
        }
        catch (InvalidDataException error)
        {
            throw IcebergException.Corrupt(file, error.Message, null, error);
        }
    }

    private static JsonValue Member(JsonValue json, string name) => json[name] ?? throw new FormatException($"'{name}' is missing.");

    private static int Int(JsonValue json, string name) => SchemaJson.Int(Member(json, name));

    private static long? Long(JsonValue json, string name) => json[name] is { Kind: JsonKind.Integer } value ? value.AsInt64() : null;

    private static string? Text(JsonValue json, string name) => json[name] is { Kind: JsonKind.String } value ? value.AsString() : null;
}

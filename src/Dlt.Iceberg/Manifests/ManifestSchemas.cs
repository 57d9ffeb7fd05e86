using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>
/// Avro schemas of manifests and manifest lists of versions 2 and 3, field by field as the Java library writes them (docs/spec/iceberg.md
/// 3.2 to 3.5).
/// </summary>
internal static class ManifestSchemas
{
    private static readonly JsonValue ReferencedDataFile = Optional("referenced_data_file", 143, Name("string"));

    private static readonly JsonValue[] LastFields =
    [
        Optional("first_row_id", 142, Name("long")), ReferencedDataFile, Optional("content_offset", 144, Name("long")),
        Optional("content_size_in_bytes", 145, Name("long")),
    ];

    private static readonly JsonValue[] ListFields =
    [
        Required("manifest_path", 500, Name("string")),
        Required("manifest_length", 501, Name("long")),
        Required("partition_spec_id", 502, Name("int")),
        Required("content", 517, Name("int")),
        Required("sequence_number", 515, Name("long")),
        Required("min_sequence_number", 516, Name("long")),
        Required("added_snapshot_id", 503, Name("long")),
        Required("added_files_count", 504, Name("int")),
        Required("existing_files_count", 505, Name("int")),
        Required("deleted_files_count", 506, Name("int")),
        Required("added_rows_count", 512, Name("long")),
        Required("existing_rows_count", 513, Name("long")),
        Required("deleted_rows_count", 514, Name("long")),
        Optional("partitions", 507, Array(508, FieldSummary())),
        Optional("key_metadata", 519, Name("bytes")),
    ];

    /// <summary>Schema of the record <c>manifest_file</c>.</summary>
    /// <param name="hasRowIds">True for format version 3.</param>
    public static string ManifestList(bool hasRowIds) => JsonText.Write(Record(
        "manifest_file", hasRowIds ? [.. ListFields, Optional("first_row_id", 520, Name("long"))] : ListFields));

    /// <summary>Schema of the record <c>manifest_entry</c> for the files of a partition spec.</summary>
    /// <param name="fields">Partition fields and the types of their values.</param>
    /// <param name="hasRowIds">True for format version 3.</param>
    public static string Manifest(IEnumerable<(PartitionField Field, PrimitiveType Type)> fields, bool hasRowIds)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var partition = Record("r102", [.. fields.Select(f => PartitionField(f.Field, f.Type, names))]);
        return JsonText.Write(Record(
            "manifest_entry",
            Required("status", 0, Name("int")),
            Optional("snapshot_id", 1, Name("long")),
            Optional("sequence_number", 3, Name("long")),
            Optional("file_sequence_number", 4, Name("long")),
            Required("data_file", 2, DataFile(partition, hasRowIds))));
    }

    private static JsonValue FieldSummary() => Record(
        "r508",
        Required("contains_null", 509, Name("boolean")),
        Optional("contains_nan", 518, Name("boolean")),
        Optional("lower_bound", 510, Name("bytes")),
        Optional("upper_bound", 511, Name("bytes")));

    private static JsonValue DataFile(JsonValue partition, bool hasRowIds) => Record(
        "r2",
        [.. DataFileFields(partition), .. hasRowIds ? LastFields : [ReferencedDataFile]]);

    private static JsonValue[] DataFileFields(JsonValue partition) =>
    [
        Required("content", 134, Name("int")),
        Required("file_path", 100, Name("string")),
        Required("file_format", 101, Name("string")),
        Required("partition", 102, partition),
        Required("record_count", 103, Name("long")),
        Required("file_size_in_bytes", 104, Name("long")),
        Optional("column_sizes", 108, Map(117, 118, Name("long"))),
        Optional("value_counts", 109, Map(119, 120, Name("long"))),
        Optional("null_value_counts", 110, Map(121, 122, Name("long"))),
        Optional("nan_value_counts", 137, Map(138, 139, Name("long"))),
        Optional("lower_bounds", 125, Map(126, 127, Name("bytes"))),
        Optional("upper_bounds", 128, Map(129, 130, Name("bytes"))),
        Optional("key_metadata", 131, Name("bytes")),
        Optional("split_offsets", 132, Array(133, Name("long"))),
        Optional("equality_ids", 135, Array(136, Name("int"))),
        Optional("sort_order_id", 140, Name("int")),
    ];

    /// <summary>Converts a name to one that Avro allows (docs/spec/iceberg.md 3.2).</summary>
    public static string Sanitized(string name)
    {
        var result = new System.Text.StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (char.IsAsciiLetter(c) || c == '_' || (i > 0 && char.IsAsciiDigit(c))) result.Append(c);
            else if (char.IsAsciiDigit(c)) result.Append('_').Append(c);
            else result.Append("_x").Append(((int)c).ToString("X", CultureInfo.InvariantCulture));
        }

        return result.ToString();
    }

    private static JsonValue PartitionField(PartitionField field, PrimitiveType type, HashSet<string> names)
    {
        var name = Sanitized(field.Name);
        var json = Optional(name, field.FieldId, Type(type, field.FieldId, names));
        return name == field.Name ? json : json.With("iceberg-field-name", JsonValue.String(field.Name));
    }

    private static JsonValue Type(PrimitiveType type, int fieldId, HashSet<string> names)
    {
        switch (type.Kind)
        {
            case PrimitiveKind.Date: return JsonValue.Object(("type", Name("int")), ("logicalType", Name("date")));
            case PrimitiveKind.Time: return JsonValue.Object(("type", Name("long")), ("logicalType", Name("time-micros")));
            case PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz:
                return JsonValue.Object(("type", Name("long")), ("logicalType", Name("timestamp-micros")),
                    ("adjust-to-utc", JsonValue.Bool(type.Kind == PrimitiveKind.TimestampTz)));
            case PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs:
                return JsonValue.Object(("type", Name("long")), ("logicalType", Name("timestamp-nanos")),
                    ("adjust-to-utc", JsonValue.Bool(type.Kind == PrimitiveKind.TimestampTzNs)));
            case PrimitiveKind.Uuid: return Fixed("uuid_fixed", 16).With("logicalType", Name("uuid"));
            case PrimitiveKind.Fixed: return Fixed(string.Create(CultureInfo.InvariantCulture, $"fixed_{type.Length}"), type.Length);
            case PrimitiveKind.Decimal:
                var name = string.Create(CultureInfo.InvariantCulture, $"decimal_{type.Precision}_{type.Scale}");
                return Fixed(name, UnscaledNumber.BytesOf(type.Precision))
                    .With("logicalType", Name("decimal"))
                    .With("precision", JsonValue.Integer(type.Precision))
                    .With("scale", JsonValue.Integer(type.Scale));
            case PrimitiveKind.Binary: return Name("bytes");
            default: return Name(type.ToString());
        }

        // Avro allows only one definition of a name.
        JsonValue Fixed(string name, int size) => JsonValue.Object(
            ("type", Name("fixed")),
            ("name", Name(names.Add(name) ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_p{fieldId}"))),
            ("size", JsonValue.Integer(size)));
    }

    private static JsonValue Name(string name) => JsonValue.String(name);

    private static JsonValue Record(string name, params JsonValue[] fields) =>
        JsonValue.Object(("type", Name("record")), ("name", Name(name)), ("fields", JsonValue.Array([.. fields])));

    private static JsonValue Required(string name, int id, JsonValue type) =>
        JsonValue.Object(("name", Name(name)), ("type", type), ("field-id", JsonValue.Integer(id)));

    private static JsonValue Optional(string name, int id, JsonValue type) =>
        JsonValue.Object(("name", Name(name)), ("type", JsonValue.Array([Name("null"), type])),
            ("default", JsonValue.Null), ("field-id", JsonValue.Integer(id)));

    private static JsonValue Array(int elementId, JsonValue items) =>
        JsonValue.Object(("type", Name("array")), ("items", items), ("element-id", JsonValue.Integer(elementId)));

    private static JsonValue Map(int keyId, int valueId, JsonValue value) => JsonValue.Object(
        ("type", Name("array")), ("logicalType", Name("map")),
        ("items", Record(string.Create(CultureInfo.InvariantCulture, $"k{keyId}_v{valueId}"),
            Required("key", keyId, Name("int")), Required("value", valueId, value))));
}

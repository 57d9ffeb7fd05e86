using System.Collections.Immutable;
using System.Globalization;
using Dlt.Internal;
using Dlt.Lake;

namespace Dlt.Iceberg;

/// <summary>Converts types and columns of Iceberg tables to Glue, which only shows them; engines read the Iceberg schema.</summary>
public static class GlueTypes
{
    private const int MaxTypeLength = 131072;

    /// <summary>
    /// Returns the current columns, then the columns of older schemas; none when the text of a type is too long for Glue. Other parameters
    /// of a column that Glue already has stay.
    /// </summary>
    internal static ImmutableArray<GlueColumn> Columns(TableMetadata metadata, IEnumerable<GlueColumn> before)
    {
        var known = before.GroupBy(c => c.Name).ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        var columns = new List<GlueColumn>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);   // Glue ignores case
        foreach (var field in metadata.CurrentSchema.Fields)
            if (names.Add(field.Name)) columns.Add(Column(field, known.GetValueOrDefault(field.Name), isCurrent: true));
        foreach (var field in metadata.Schemas.Where(s => s.SchemaId != metadata.CurrentSchemaId).SelectMany(s => s.Fields))
            if (names.Add(field.Name)) columns.Add(Column(field, known.GetValueOrDefault(field.Name), isCurrent: false));
        return columns.Exists(c => c.Type.Length > MaxTypeLength) ? [] : [.. columns];
    }

    /// <summary>Returns the Glue name of a type, such as <c>decimal(9,2)</c> or <c>array&lt;bigint&gt;</c>.</summary>
    public static string Of(IcebergType type) => type switch
    {
        StructType structure => $"struct<{string.Join(',', structure.Fields.Select(f => $"{f.Name}:{Of(f.Type)}"))}>",
        ListType list => $"array<{Of(list.Element)}>",
        MapType map => $"map<{Of(map.Key)},{Of(map.Value)}>",
        PrimitiveType primitive => primitive.Kind switch
        {
            PrimitiveKind.Long => "bigint",
            // Hive writes no space after the comma, Iceberg does.
            PrimitiveKind.Decimal => string.Create(CultureInfo.InvariantCulture, $"decimal({primitive.Precision},{primitive.Scale})"),
            PrimitiveKind.Time or PrimitiveKind.String or PrimitiveKind.Uuid => "string",
            PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz => "timestamp",
            PrimitiveKind.Fixed or PrimitiveKind.Binary => "binary",
            PrimitiveKind.TimestampNs => "timestamp_nano",
            PrimitiveKind.TimestampTzNs => "timestamptz_nano",
            _ => primitive.ToString(),
        },
        _ => "string",
    };

    private static GlueColumn Column(NestedField field, GlueColumn? before, bool isCurrent)
    {
        var comment = field.Doc is { } doc ? GlueText.Comment(doc) : before?.Comment;
        var parameters = (before?.Parameters ?? ImmutableSortedDictionary<string, string>.Empty).WithComparers(StringComparer.Ordinal)
            .SetItem("iceberg.field.id", field.Id.ToString(CultureInfo.InvariantCulture))
            .SetItem("iceberg.field.optional", field.IsRequired ? "false" : "true")
            .SetItem("iceberg.field.current", isCurrent ? "true" : "false");
        return new(field.Name, Of(field.Type), comment, parameters);
    }
}

namespace Dlt.Schemas;

/// <summary>A column: its name, type and hints, exactly as the stored schema has them (dlt documentation, Schema).</summary>
/// <remarks>Keeps properties that dlt does not know, because they are part of the schema hash.</remarks>
public sealed record ColumnSchema
{
    internal ColumnSchema(JsonValue properties)
    {
        Properties = properties;
        HasType = DataTypes.TryParse(Text("data_type"), out var type);
        DataType = type;
    }

    /// <summary>Creates a column without type or hints.</summary>
    public ColumnSchema(string name) : this(JsonValue.Object(("name", JsonValue.String(name))))
    {
    }

    /// <summary>Creates a column with a type.</summary>
    public ColumnSchema(string name, DataType type, bool nullable = true)
        : this(JsonValue.Object(
            ("name", JsonValue.String(name)), ("data_type", JsonValue.String(type.Name())), ("nullable", JsonValue.Bool(nullable))))
    {
    }

    /// <summary>All stored properties, in their order.</summary>
    public JsonValue Properties { get; }

    /// <summary>Name of the column: an identifier in the schema's naming convention.</summary>
    public string Name => Text("name") ?? "";

    /// <summary>True when name and type are known. Only such columns are created in the destination.</summary>
    public bool IsComplete => HasType && Name.Length > 0;

    /// <summary>True when the type is known.</summary>
    public bool HasType { get; }

    /// <summary>Type of the column; undefined unless <see cref="HasType"/>.</summary>
    public DataType DataType { get; }

    /// <summary>False only when the schema sets <c>nullable</c> to false.</summary>
    public bool IsNullable => Properties["nullable"] is not { Kind: JsonKind.False };

    /// <summary>Bits, digits, bytes or fraction digits, depending on the type; null for the type's default.</summary>
    public int? Precision => Int("precision");

    /// <summary>Fraction digits of a decimal; null for the default.</summary>
    public int? Scale => Int("scale");

    /// <summary>False only when the schema sets <c>timezone</c> to false.</summary>
    public bool HasTimeZone => Properties["timezone"] is not { Kind: JsonKind.False };

    /// <summary>Glue type in which a json column is written natively; null for JSON text.</summary>
    internal string? NestedType => Text(NestedTypeHint) switch
    {
        { } hint when hint.StartsWith(NestedTypePrefix, StringComparison.Ordinal) => hint[NestedTypePrefix.Length..],
        { } hint when hint.StartsWith(GrowingTypePrefix, StringComparison.Ordinal) && hint.Length > GrowingTypePrefix.Length =>
            hint[GrowingTypePrefix.Length..],
        _ => null,
    };

    /// <summary>
    /// True when the native type of a json column follows the data: it is unknown before the first value and gains fields later.
    /// </summary>
    internal bool GrowsNestedType => Text(NestedTypeHint) is { } hint && hint.StartsWith(GrowingTypePrefix, StringComparison.Ordinal);

    internal const string NestedTypeHint = "x-nested-type";
    internal const string NestedTypePrefix = "hive:";   // Python dlt's own values begin with arrow-ipc:
    internal const string GrowingTypePrefix = "hive+:";

    /// <summary>Returns the column with a native type that follows the data.</summary>
    internal ColumnSchema WithGrowingType(NestedType? type) => With(NestedTypeHint, JsonValue.String(GrowingTypePrefix + type?.Hive));

    /// <summary>Returns true when the hint has a value that differs from its default.</summary>
    public bool Has(string hint) => Properties[hint] is { } value && !IsDefault(hint, value);

    /// <summary>Returns a copy with one property set.</summary>
    public ColumnSchema With(string property, JsonValue value) => new(Properties.With(property, value));

    /// <summary>Returns a copy without a property.</summary>
    public ColumnSchema Without(string property) => new(Properties.Without(property));

    /// <summary>Returns a copy in which the properties of <paramref name="other"/> replace those of this column.</summary>
    /// <remarks>A native type that follows the data keeps its fields and gains those of the other type.</remarks>
    internal ColumnSchema MergedWith(ColumnSchema other)
    {
        var merged = new ColumnSchema(JsonValue.Object(Properties.Members.Concat(other.Properties.Members)));
        if (!GrowsNestedType || !other.GrowsNestedType || NestedType is not { } known) return merged;
        var added = other.NestedType is { } more ? Schemas.NestedType.Parse(more) : null;
        return merged.WithGrowingType(Schemas.NestedType.Merge(Schemas.NestedType.Parse(known), added));
    }

    /// <summary>Returns true when a property has its default and counts as absent (docs/spec/pipeline.md 4.1, table of defaults).</summary>
    internal static bool IsDefault(string property, JsonValue value) => property switch
    {
        "timezone" or "nullable" => value.Kind is JsonKind.True or JsonKind.Null,
        HintNames.ActiveRecordTimestamp => false,
        "name" or "data_type" or "precision" or "scale" or "description" => value.IsNull,
        _ => value.Kind is JsonKind.False or JsonKind.Null,
    };

    private string? Text(string property) => Properties[property] is { Kind: JsonKind.String } value ? value.AsString() : null;

    private int? Int(string property) => Properties[property] is { } value && value.TryGetInt64(out var number)
        ? (int)Math.Clamp(number, int.MinValue, int.MaxValue) : null;
}

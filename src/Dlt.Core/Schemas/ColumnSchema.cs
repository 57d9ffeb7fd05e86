using Dlt.Json;
using Dlt.Types;

namespace Dlt.Schemas;

/// <summary>One column: its name, type and hints, exactly as the stored schema has them (dlt documentation, Schema).</summary>
/// <remarks>Properties that dlt does not know are kept: they are part of the schema hash.</remarks>
public sealed record ColumnSchema
{
    internal ColumnSchema(JsonValue properties)
    {
        Properties = properties;
        HasType = DataTypes.TryParse(Text("data_type"), out var type);
        DataType = type;
    }

    /// <summary>A column of that name without type or hints.</summary>
    public ColumnSchema(string name) : this(JsonValue.Object(("name", JsonValue.String(name))))
    {
    }

    /// <summary>A column with a type.</summary>
    public ColumnSchema(string name, DataType type, bool nullable = true)
        : this(JsonValue.Object(
            ("name", JsonValue.String(name)), ("data_type", JsonValue.String(type.Name())), ("nullable", JsonValue.Bool(nullable))))
    {
    }

    /// <summary>All stored properties in order.</summary>
    public JsonValue Properties { get; }

    /// <summary>The identifier.</summary>
    public string Name => Text("name") ?? "";

    /// <summary>True when name and type are known; only such columns reach the destination.</summary>
    public bool IsComplete => HasType && Name.Length > 0;

    /// <summary>True when the type is known.</summary>
    public bool HasType { get; }

    /// <summary>The type; meaningless unless <see cref="HasType"/>.</summary>
    public DataType DataType { get; }

    /// <summary>False only when the schema says so.</summary>
    public bool IsNullable => Properties["nullable"] is not { Kind: JsonKind.False };

    /// <summary>Bits, digits, bytes or fraction digits, by type.</summary>
    public int? Precision => Int("precision");

    /// <summary>Digits after the point of a decimal.</summary>
    public int? Scale => Int("scale");

    /// <summary>False only when the schema says so.</summary>
    public bool HasTimeZone => Properties["timezone"] is not { Kind: JsonKind.False };

    /// <summary>Glue's name of the type in which a json column is written natively; null for JSON text.</summary>
    internal string? NestedType => Text(NestedTypeHint) switch
    {
        { } hint when hint.StartsWith(NestedTypePrefix, StringComparison.Ordinal) => hint[NestedTypePrefix.Length..],
        { } hint when hint.StartsWith(GrowingTypePrefix, StringComparison.Ordinal) && hint.Length > GrowingTypePrefix.Length =>
            hint[GrowingTypePrefix.Length..],
        _ => null,
    };

    /// <summary>
    /// True when the native type of a json column follows the data: unknown before its first value, with more fields later.
    /// </summary>
    internal bool GrowsNestedType => Text(NestedTypeHint) is { } hint && hint.StartsWith(GrowingTypePrefix, StringComparison.Ordinal);

    internal const string NestedTypeHint = "x-nested-type";
    internal const string NestedTypePrefix = "hive:";   // dlt's own values begin with arrow-ipc:
    internal const string GrowingTypePrefix = "hive+:";

    /// <summary>The column with a native type that follows the data.</summary>
    internal ColumnSchema WithGrowingType(NestedType? type) => With(NestedTypeHint, JsonValue.String(GrowingTypePrefix + type?.Hive));

    /// <summary>True when the hint is set to true, a text or a number.</summary>
    public bool Has(string hint) => Properties[hint] is { } value && !IsDefault(hint, value);

    /// <summary>A copy with one property set.</summary>
    public ColumnSchema With(string property, JsonValue value) => new(Properties.With(property, value));

    /// <summary>A copy without a property.</summary>
    public ColumnSchema Without(string property) => new(Properties.Without(property));

    /// <summary>A copy over which the properties of <paramref name="other"/> are laid.</summary>
    /// <remarks>A native type that follows the data keeps what it has.</remarks>
    internal ColumnSchema MergedWith(ColumnSchema other)
    {
        var merged = new ColumnSchema(JsonValue.Object(Properties.Members.Concat(other.Properties.Members)));
        if (!GrowsNestedType || !other.GrowsNestedType || NestedType is not { } known) return merged;
        return merged.WithGrowingType(
            Schemas.NestedType.Merge(
            Schemas.NestedType.Parse(known), other.NestedType is { } more ? Schemas.NestedType.Parse(more) : null));
    }

    /// <summary>True when a property counts as absent (docs/spec/pipeline.md 4.1, table of defaults).</summary>
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

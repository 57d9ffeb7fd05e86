using System.Collections.Immutable;
using Apache.Arrow.Types;
using Dlt.Schemas;
using NestedType = Dlt.Schemas.NestedType;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Normalize.Coercion;

/// <summary>Infers the native type of nested values. Fields have the names and types that columns would have.</summary>
internal sealed class NestedInference(Schema schema, DestinationCapabilities capabilities, DateTimeOffset now)
{
    /// <summary>Infers the type of one value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="source">Type of the value in a batch with dates or timestamps (<see cref="SourceTimes"/>); null otherwise.</param>
    /// <returns>The type; null when no part of the value has one, as for a null, an empty list or an object without values.</returns>
    public NestedType? Infer(JsonValue value, IArrowType? source = null) => Infer(value, "", source);

    private NestedType? Infer(JsonValue value, string field, IArrowType? source)
    {
        switch (value.Kind)
        {
            case JsonKind.Array:
                NestedType? element = null;
                foreach (var item in value.Items) element = NestedType.Merge(element, Infer(item, field, PartOf(source, "")), widens: true);
                return element is null ? null : new NestedType.List(element);
            case JsonKind.Object:
                var fields = ImmutableArray.CreateBuilder<(string Name, NestedType Type)>();
                foreach (var (name, member) in value.Members)
                {
                    var identifier = schema.NormalizeIdentifier(name);
                    if (Infer(member, identifier, PartOf(source, name)) is not { } type) continue;
                    if (fields.Any(f => f.Name == identifier)) continue;   // two keys of one name: the value will not fit
                    fields.Add((identifier, type));
                }

                return fields.Count == 0 ? null : new NestedType.Struct(fields.ToImmutable());
            default:
                return DataValue.FromJson(value) is { } scalar ? new NestedType.Scalar(TypeOf(scalar, field, source)) : null;
        }
    }

    /// <summary>Returns the type of a struct's field, a list's elements or a map's values.</summary>
    private static IArrowType? PartOf(IArrowType? source, string name) => source switch
    {
        StructType structs => structs.Fields.FirstOrDefault(f => f.Name == name)?.DataType,
        MapType map => map.ValueField.DataType,
        ListType or LargeListType or FixedSizeListType => ((Apache.Arrow.Types.NestedType)source).Fields[0].DataType,
        _ => null,
    };

    /// <summary>
    /// Infers the type of a scalar. A text in a date or timestamp field of the source is a value that no column can hold, so it keeps the
    /// field's type.
    /// </summary>
    private ScalarType TypeOf(DataValue value, string field, IArrowType? source) =>
        value.Type == DataType.Text && SourceTimes.TypeOf(source) is { } time
            ? ScalarTypeOf(schema.Inference.Preferred(field) ?? time)
            : ScalarTypeOf(schema.Inference.TypeOf(field, value, skipPreferred: false, now));

    private ScalarType ScalarTypeOf(DataType type) => type switch
    {
        DataType.Bigint => new(DataType.Bigint, IntegerBits: 64),
        DataType.Timestamp => new(DataType.Timestamp),
        DataType.Time or DataType.Json => new(DataType.Text),   // the stored form of nested types has no time of day
        DataType.Decimal or DataType.Wei => new(
            DataType.Decimal,
            Precision: Math.Min(capabilities.DecimalPrecision.Precision, ScalarType.MaxPrecision),
            Scale: capabilities.DecimalPrecision.Scale),
        _ => new(type),
    };
}

using System.Collections.Immutable;
using Apache.Arrow.Types;
using Dlt.Parquet;
using Dlt.Json;
using Dlt.Schemas;
using Dlt.Types;
using NestedType = Dlt.Schemas.NestedType;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Normalize.Rows;

/// <summary>Finds the native type of nested values: names and types of fields as columns would get them.</summary>
internal sealed class NestedInference(Schema schema, DestinationCapabilities capabilities, DateTimeOffset now)
{
    /// <summary>The type of a value alone.</summary>
    /// <param name="value">The value.</param>
    /// <param name="source">Its type in a batch with dates or timestamps (<see cref="SourceTimes"/>).</param>
    /// <returns>Null when nothing in it has a type: a null, an empty list, an object without values.</returns>
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

    /// <summary>The type of a field of a struct, of the elements of a list, or of the values of a map.</summary>
    private static IArrowType? PartOf(IArrowType? source, string name) => source switch
    {
        StructType structs => structs.Fields.FirstOrDefault(f => f.Name == name)?.DataType,
        MapType map => map.ValueField.DataType,
        ListType or LargeListType or FixedSizeListType => ((Apache.Arrow.Types.NestedType)source).Fields[0].DataType,
        _ => null,
    };

    /// <summary>A text where the source has dates or timestamps is one that no column holds.</summary>
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

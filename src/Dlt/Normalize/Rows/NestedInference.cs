using System.Collections.Immutable;
using Dlt.Columns;
using Dlt.Json;
using Dlt.Schemas;
using Dlt.Types;

namespace Dlt.Normalize.Rows;

/// <summary>Finds the native type of nested values: names and types of fields as columns would get them.</summary>
internal sealed class NestedInference(Schema schema, DestinationCapabilities capabilities, DateTimeOffset now)
{
    /// <summary>The type of a value alone.</summary>
    /// <returns>Null when nothing in it has a type: a null, an empty list, an object without values.</returns>
    public NestedType? Infer(JsonValue value) => Infer(value, "");

    private NestedType? Infer(JsonValue value, string field)
    {
        switch (value.Kind)
        {
            case JsonKind.Array:
                NestedType? element = null;
                foreach (var item in value.Items) element = NestedType.Merge(element, Infer(item, field), widens: true);
                return element is null ? null : new NestedType.List(element);
            case JsonKind.Object:
                var fields = ImmutableArray.CreateBuilder<(string Name, NestedType Type)>();
                foreach (var (name, member) in value.Members)
                {
                    var identifier = schema.NormalizeIdentifier(name);
                    if (Infer(member, identifier) is not { } type) continue;
                    if (fields.Any(f => f.Name == identifier)) continue;   // two keys of one name: the value will not fit
                    fields.Add((identifier, type));
                }

                return fields.Count == 0 ? null : new NestedType.Struct(fields.ToImmutable());
            default:
                return DataValue.FromJson(value) is { } scalar ? new NestedType.Scalar(TypeOf(scalar, field)) : null;
        }
    }

    private ColumnType TypeOf(DataValue value, string field) => schema.Inference.TypeOf(field, value, skipPreferred: false, now) switch
    {
        DataType.Bigint => new() { DataType = DataType.Bigint, IntegerBits = 64 },
        DataType.Timestamp => new() { DataType = DataType.Timestamp, FractionDigits = 6 },
        DataType.Time or DataType.Json => new() { DataType = DataType.Text },   // Athena has no column of times
        DataType.Decimal or DataType.Wei =>
            new() { DataType = DataType.Decimal, Precision = Math.Min(capabilities.DecimalPrecision.Precision, ColumnType.MaxPrecision),
            Scale = capabilities.DecimalPrecision.Scale },
        var type => new() { DataType = type },
    };
}

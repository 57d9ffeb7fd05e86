using System.Numerics;
using Dlt.Schemas;
using Dlt.Types;

namespace Dlt.Normalize.Coercion;

/// <summary>Converts nested values to the type of a native column: fields in its order and with its names, scalars of its types.</summary>
/// <param name="nameOf">Returns the identifier of a key. A key matches a field by name, ignoring case, or by its identifier.</param>
internal sealed class NestedCoercion(Func<string, string> nameOf)
{
    /// <summary>
    /// True: fields that the type lacks are left out when they have no value (null, empty lists, objects with only such), as in lists that
    /// become tables.
    /// </summary>
    public bool LeavesOutEmpty { get; init; }

    /// <summary>True when a field was left out since this was set to false.</summary>
    public bool HasLeftOut { get; set; }

    /// <returns>False when the value has a field that the type lacks, or a part that cannot be converted. No data may be lost.</returns>
    public bool TryCoerce(JsonValue value, NestedType type, out JsonValue result)
    {
        result = JsonValue.Null;
        if (value.IsNull) return true;
        switch (type)
        {
            case NestedType.List list:
                if (value.Kind != JsonKind.Array) return false;
                var items = new JsonValue[value.Items.Length];
                for (var i = 0; i < items.Length; i++)
                    if (!TryCoerce(value.Items[i], list.Element, out items[i])) return false;
                result = JsonValue.Array([.. items]);
                return true;
            case NestedType.Struct structure:
                if (value.Kind != JsonKind.Object) return false;
                var fields = new JsonValue[structure.Fields.Length];
                Array.Fill(fields, JsonValue.Null);
                foreach (var (name, member) in value.Members)
                {
                    var at = IndexOf(structure, name);
                    if (at < 0)
                    {
                        if (member.IsNull) continue;
                        if (!LeavesOutEmpty || !IsEmpty(member)) return false;
                        HasLeftOut = true;
                        continue;
                    }

                    if (!fields[at].IsNull || !TryCoerce(member, structure.Fields[at].Type, out fields[at])) return false;
                }

                result = JsonValue.Object(structure.Fields.Select((f, i) => KeyValuePair.Create(f.Name, fields[i])));
                return true;
            case NestedType.Map map:
                if (value.Kind != JsonKind.Object) return false;
                var entries = new List<KeyValuePair<string, JsonValue>>();
                foreach (var (name, member) in value.Members)
                {
                    if (!TryCoerce(JsonValue.String(name), map.Key, out _) || !TryCoerce(member, map.Value, out var entry)) return false;
                    entries.Add(new(name, entry));
                }

                result = JsonValue.Object(entries);
                return true;
            default:
                return TryScalar(value, ((NestedType.Scalar)type).Type, out result);
        }
    }

    /// <summary>Returns true for null, and for lists and objects that contain only such values.</summary>
    public static bool IsEmpty(JsonValue value) => value.Kind switch
    {
        JsonKind.Null => true,
        JsonKind.Array => value.Items.All(IsEmpty),
        JsonKind.Object => value.Members.All(m => IsEmpty(m.Value)),
        _ => false,
    };

    private int IndexOf(NestedType.Struct structure, string name)
    {
        for (var i = 0; i < structure.Fields.Length; i++)
            if (structure.Fields[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return i;
        var identifier = nameOf(name);
        for (var i = 0; i < structure.Fields.Length; i++)
            if (structure.Fields[i].Name == identifier) return i;
        return -1;
    }

    private static bool TryScalar(JsonValue value, ScalarType type, out JsonValue result)
    {
        result = value;
        if (DataValue.FromJson(value) is not { } scalar || !Types.Coercion.TryCoerce(scalar, type.DataType, out var coerced)) return false;
        var fits = type.DataType switch
        {
            DataType.Bigint => IsWithin(coerced.AsInteger, FileColumnTypes.Of(type).IntegerRange),
            DataType.Decimal => coerced.AsDecimal.TryToUnscaled(type.Precision, type.Scale, out BigInteger _),
            _ => true,
        };
        if (fits) result = TypedJson.Encode(coerced);
        return fits;
    }

    private static bool IsWithin(BigInteger value, (long Min, long Max) range) => value >= range.Min && value <= range.Max;
}

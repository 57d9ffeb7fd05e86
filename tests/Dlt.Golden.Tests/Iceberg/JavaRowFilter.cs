using Dlt.Iceberg;
using Dlt.Json;

namespace Dlt.Golden.Iceberg;

/// <summary>Rows as the Java library compares them: null below everything, NaN above, -0.0 below 0.0 (docs/spec/iceberg.md 4.6).</summary>
internal sealed class JavaRowFilter(JsonValue filter, Schema schema)
{
    public bool Matches(Dictionary<int, object?> row) => Matches(filter, row);

    private bool Matches(JsonValue json, Dictionary<int, object?> row)
    {
        if (json.Kind is JsonKind.True or JsonKind.False) return json.AsBool();
        switch (json["type"]!.AsString())
        {
            case "and": return Matches(json["left"]!, row) && Matches(json["right"]!, row);
            case "or": return Matches(json["left"]!, row) || Matches(json["right"]!, row);
            case "not": return !Matches(json["child"]!, row);
        }

        var field = schema.Find(json["term"]!.AsString())!;
        var type = (PrimitiveType)field.Type;
        var value = row.GetValueOrDefault(field.Id);
        var operation = json["type"]!.AsString();
        var values = (json["values"] is { } list ? list.Items.AsEnumerable() : json["value"] is { } one ? [one] : [])
            .Select(v => Literal.FromJson(type, v)!).ToList();
        if (values.Any(v => v is Literal.Bound))
            return FilterBinder.Bind(Filter.FromJson(json), schema) is var bound
                && RowFilter.Matches(bound, f => row.GetValueOrDefault(f.Id));
        int Order() => value is null ? -1 : ValueOrder.Compare(value, values[0]);
        return operation switch
        {
            "is-null" => value is null,
            "not-null" => value is not null,
            "is-nan" => value is not null && ValueOrder.IsNan(value),
            "not-nan" => value is null || !ValueOrder.IsNan(value),
            "lt" => Order() < 0,
            "lt-eq" => Order() <= 0,
            "gt" => Order() > 0,
            "gt-eq" => Order() >= 0,
            "eq" => Order() == 0,
            "not-eq" => Order() != 0,
            "in" => value is not null && values.Any(v => ValueOrder.Compare(value, v) == 0),
            "not-in" => value is null || values.All(v => ValueOrder.Compare(value, v) != 0),
            "starts-with" => value is not null && ValueOrder.StartsWith(value, values[0]),
            "not-starts-with" => value is null || !ValueOrder.StartsWith(value, values[0]),
            _ => throw new Harness.NotDrivenException($"the predicate '{operation}'"),
        };
    }
}

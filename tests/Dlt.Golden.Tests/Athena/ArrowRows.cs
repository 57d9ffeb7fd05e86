using Apache.Arrow;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Athena;

/// <summary>Rows as one Arrow table, typed as PyArrow types them: integers, reals, texts and truth values.</summary>
internal static class ArrowRows
{
    public static RecordBatch Of(IReadOnlyList<JsonValue> rows)
    {
        var names = rows.SelectMany(r => r.Members.Names).Distinct().ToList();
        var columns = names.Select(n => Column([.. rows.Select(r => r[n])])).ToList();
        var fields = names.Zip(columns, (n, c) => new Field(n, c.Data.DataType, nullable: true));
        return new(new Apache.Arrow.Schema(fields, null), columns, rows.Count);
    }

    private static IArrowArray Column(IReadOnlyList<JsonValue?> values)
    {
        var kinds = values.Where(v => v is { IsNull: false }).Select(v => v!.Kind).Distinct().ToList();
        switch (kinds)
        {
            case [JsonKind.Integer]:
                var integers = new Int64Array.Builder();
                foreach (var value in values) integers.Append(value is { IsNull: false } ? value.AsInt64() : null);
                return integers.Build();
            case [JsonKind.Real]:
                var reals = new DoubleArray.Builder();
                foreach (var value in values) reals.Append(value is { IsNull: false } ? value.AsDouble() : null);
                return reals.Build();
            case [JsonKind.String]:
                var texts = new StringArray.Builder();
                foreach (var value in values) texts.Append(value is { IsNull: false } ? value.AsString() : null);
                return texts.Build();
            case [JsonKind.True] or [JsonKind.False] or [_, _] when kinds.All(k => k is JsonKind.True or JsonKind.False):
                var flags = new BooleanArray.Builder();
                foreach (var value in values)
                {
                    if (value is { IsNull: false }) flags.Append(value.AsBool());
                    else flags.AppendNull();
                }

                return flags.Build();
            default: throw new NotDrivenException($"an Arrow column of {string.Join(", ", kinds)}");
        }
    }
}

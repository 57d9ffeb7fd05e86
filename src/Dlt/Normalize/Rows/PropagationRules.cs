using Dlt.Json;
using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>Which columns descendants get from the rows above them (docs/spec/pipeline.md 6.5).</summary>
internal static class PropagationRules
{
    /// <summary>Brings the names in the schema's propagation rules to its naming convention.</summary>
    public static void NormalizeNames(Schema schema)
    {
        if (schema.Normalizers["json"] is not { Kind: JsonKind.Object } json
            || json["config"] is not { Kind: JsonKind.Object } config
            || config["propagation"] is not { Kind: JsonKind.Object } propagation) return;
        if (propagation["root"] is { Kind: JsonKind.Object } root) propagation = propagation.With("root", Rule(schema, root));
        if (propagation["tables"] is { Kind: JsonKind.Object } tables)
        {
            propagation = propagation.With("tables", JsonValue.Object(tables.Members.Select(t =>
                KeyValuePair.Create(schema.NormalizeTableIdentifier(t.Key), Rule(schema, t.Value)))));
        }

        schema.Normalizers = schema.Normalizers.With("json", json.With("config", config.With("propagation", propagation)));
    }

    private static JsonValue Rule(Schema schema, JsonValue rule) => JsonValue.Object(rule.Members.Select(m =>
        KeyValuePair.Create(schema.NormalizeIdentifier(m.Key), JsonValue.String(schema.NormalizeIdentifier(m.Value.AsString())))));
}

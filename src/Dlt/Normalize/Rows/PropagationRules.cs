using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>Rules for the columns that nested rows receive from their ancestors (docs/spec/pipeline.md 6.5).</summary>
internal static class PropagationRules
{
    /// <summary>Converts the names in the schema's propagation rules to its naming convention.</summary>
    public static void NormalizeNames(Schema schema)
    {
        if (schema.Normalizers["json"] is not { Kind: JsonKind.Object } json
            || json["config"] is not { Kind: JsonKind.Object } config
            || config["propagation"] is not { Kind: JsonKind.Object } propagation) return;
        if (propagation["root"] is { Kind: JsonKind.Object } root) propagation = propagation.With("root", Rule(schema, root));
        if (propagation["tables"] is { Kind: JsonKind.Object } tables)
        {
            var rules = tables.Members.Select(t => KeyValuePair.Create(schema.NormalizeTableIdentifier(t.Key), Rule(schema, t.Value)));
            propagation = propagation.With("tables", JsonValue.Object(rules));
        }

        schema.Normalizers = schema.Normalizers.With("json", json.With("config", config.With("propagation", propagation)));
    }

    private static JsonValue Rule(Schema schema, JsonValue rule) => JsonValue.Object(rule.Members.Select(m =>
        KeyValuePair.Create(schema.NormalizeIdentifier(m.Key), JsonValue.String(schema.NormalizeIdentifier(m.Value.AsString())))));
}

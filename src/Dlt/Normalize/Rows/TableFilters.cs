using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>
/// Removes the fields that the hints <c>filters.excludes</c> and <c>filters.includes</c> of a table exclude (docs/spec/pipeline.md 4.5).
/// </summary>
internal sealed class TableFilters
{
    private readonly Schema _schema;
    private readonly Dictionary<string, (List<HintPattern> Excludes, List<HintPattern> Includes)> _rules = new(StringComparer.Ordinal);

    public TableFilters(Schema schema)
    {
        _schema = schema;
        foreach (var table in schema.Tables)
        {
            if (table["filters"] is not { Kind: JsonKind.Object } filters) continue;
            _rules[table.Name] = (Patterns(filters["excludes"]), Patterns(filters["includes"]));
        }
    }

    public bool Any => _rules.Count > 0;

    /// <summary>Returns the remaining fields; empty when the row is dropped.</summary>
    public List<KeyValuePair<string, JsonValue>> Apply(string table, List<KeyValuePair<string, JsonValue>> fields)
    {
        if (_rules.Count == 0) return fields;
        var separator = _schema.Naming.PathSeparator;
        var parts = table.Split(separator);
        var kept = fields;
        for (var length = 1; length <= parts.Length; length++)
        {
            if (!_rules.TryGetValue(string.Join(separator, parts[..length]), out var rule)) continue;
            var prefix = string.Join(separator, parts[length..]);
            kept = [.. kept.Where(field =>
            {
                var path = prefix.Length == 0 ? field.Key : prefix + separator + field.Key;
                return !rule.Excludes.Exists(p => p.Matches(path)) || rule.Includes.Exists(p => p.Matches(path));
            })];
        }

        return kept;
    }

    private static List<HintPattern> Patterns(JsonValue? list) =>
        list is { Kind: JsonKind.Array } ? [.. list.Items.Select(p => new HintPattern(p.AsString()))] : [];
}

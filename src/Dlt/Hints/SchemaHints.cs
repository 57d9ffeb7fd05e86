using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt;

/// <summary>
/// Hints of a source for all its tables (dlt documentation, Schema). Patterns are column names, or regular expressions with the prefix
/// <c>re:</c>.
/// </summary>
public sealed record SchemaHints
{
    /// <summary>Data types of new columns, by name pattern. The first pattern that matches is used.</summary>
    public ImmutableArray<KeyValuePair<string, DataType>> PreferredTypes { get; init; } = [];

    /// <summary>
    /// Hints for new columns: the name patterns of each hint, such as <c>not_null</c>, <c>unique</c> or <c>partition</c>.
    /// </summary>
    public ImmutableArray<KeyValuePair<string, ImmutableArray<string>>> DefaultHints { get; init; } = [];

    /// <summary>Filters that leave fields out of the rows of a table.</summary>
    public ImmutableArray<TableFilter> Filters { get; init; } = [];

    /// <summary>
    /// Columns of root rows that are copied to all rows nested below them: the column of the root table, and its name in the nested tables.
    /// </summary>
    public ImmutableArray<KeyValuePair<string, string>> RootPropagation { get; init; } = [];

    /// <summary>Columns of the rows of single tables that are copied to the rows nested below them, by table.</summary>
    public ImmutableArray<KeyValuePair<string, ImmutableArray<KeyValuePair<string, string>>>> TablePropagation { get; init; } = [];

    /// <summary>Adds the hints to a schema.</summary>
    internal void ApplyTo(Schema schema, DestinationCapabilities capabilities)
    {
        var settings = schema.Settings;
        if (PreferredTypes.Length > 0)
        {
            var known = settings["preferred_types"]?.Members.AsEnumerable() ?? [];
            var own = PreferredTypes.Select(p =>
                KeyValuePair.Create(HintPattern.Normalize(p.Key, schema.Naming), JsonValue.String(p.Value.Name())));
            settings = settings.With("preferred_types", JsonValue.Object(known.Concat(own)));
        }

        foreach (var (hint, patterns) in DefaultHints)
        {
            var hints = settings["default_hints"] ?? JsonValue.EmptyObject;
            var known = hints[hint]?.Items ?? [];
            var added = patterns.Select(p => JsonValue.String(HintPattern.Normalize(p, schema.Naming))).Where(p => !known.Contains(p));
            settings = settings.With("default_hints", hints.With(hint, JsonValue.Array([.. known, .. added])));
        }

        schema.Settings = settings;
        schema.ResetInference();
        foreach (var filter in Filters) schema.UpdateTable(filter.ToTable(schema), capabilities);
        if (RootPropagation.Length + TablePropagation.Length > 0) Propagate(schema);
    }

    private void Propagate(Schema schema)
    {
        static JsonValue Rule(IEnumerable<KeyValuePair<string, string>> rule) =>
            JsonValue.Object(rule.Select(r => KeyValuePair.Create(r.Key, JsonValue.String(r.Value))));
        var json = schema.Normalizers["json"] ?? JsonValue.EmptyObject;
        var config = json["config"] ?? JsonValue.EmptyObject;
        var propagation = config["propagation"] ?? JsonValue.EmptyObject;
        if (RootPropagation.Length > 0) propagation = propagation.With("root", Rule(RootPropagation));
        if (TablePropagation.Length > 0)
        {
            var rules = TablePropagation.Select(t => KeyValuePair.Create(t.Key, Rule(t.Value)));
            propagation = propagation.With("tables", JsonValue.Object(rules));
        }

        schema.Normalizers = schema.Normalizers.With("json", json.With("config", config.With("propagation", propagation)));
    }
}

/// <summary>Leaves fields out of the rows of a table and of the rows nested below it.</summary>
/// <param name="Table">Name of the table. Patterns match the path of a field below it.</param>
/// <param name="Excludes">Patterns of the fields that are left out.</param>
/// <param name="Includes">Patterns of fields that are kept, even if they match <paramref name="Excludes"/>.</param>
public sealed record TableFilter(string Table, ImmutableArray<string> Excludes, ImmutableArray<string> Includes)
{
    internal TableSchema ToTable(Schema schema)
    {
        JsonValue Patterns(ImmutableArray<string> patterns) =>
            JsonValue.Array([.. patterns.Select(p => JsonValue.String(HintPattern.Normalize(p, schema.Naming)))]);
        var filters = JsonValue.Object(("excludes", Patterns(Excludes)));
        if (Includes.Length > 0) filters = filters.With("includes", Patterns(Includes));
        return new TableSchema(schema.NormalizeTableIdentifier(Table)).With("filters", filters);
    }
}

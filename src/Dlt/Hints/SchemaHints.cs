using System.Collections.Immutable;
using Dlt.Json;
using Dlt.Schemas;
using Dlt.Types;

namespace Dlt;

/// <summary>
/// What a source says about all its tables (dlt documentation, Schema). Patterns are column names, or regular expressions after <c>re:</c>.
/// </summary>
public sealed record SchemaHints
{
    /// <summary>Types that new columns get by their names, by pattern; the first that matches counts.</summary>
    public ImmutableArray<KeyValuePair<string, DataType>> PreferredTypes { get; init; } = [];

    /// <summary>
    /// Hints that new columns get by their names: patterns by hint, such as <c>not_null</c>, <c>unique</c> or <c>partition</c>.
    /// </summary>
    public ImmutableArray<KeyValuePair<string, ImmutableArray<string>>> DefaultHints { get; init; } = [];

    /// <summary>Fields that are left out of a table's rows.</summary>
    public ImmutableArray<TableFilter> Filters { get; init; } = [];

    /// <summary>Columns of root rows that all rows nested below them get as well: the column, and its name there.</summary>
    public ImmutableArray<KeyValuePair<string, string>> RootPropagation { get; init; } = [];

    /// <summary>The same for single tables.</summary>
    public ImmutableArray<KeyValuePair<string, ImmutableArray<KeyValuePair<string, string>>>> TablePropagation { get; init; } = [];

    /// <summary>Brings the hints into the schema.</summary>
    internal void ApplyTo(Schema schema, DestinationCapabilities capabilities)
    {
        var settings = schema.Settings;
        if (PreferredTypes.Length > 0)
        {
            var own = PreferredTypes.Select(p =>
                KeyValuePair.Create(HintPattern.Normalize(p.Key, schema.Naming), JsonValue.String(p.Value.Name())));
            settings = settings.With(
                "preferred_types", JsonValue.Object((settings["preferred_types"]?.Members.AsEnumerable() ?? []).Concat(own)));
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
            propagation = propagation.With(
                "tables", JsonValue.Object(TablePropagation.Select(t => KeyValuePair.Create(t.Key, Rule(t.Value)))));
        schema.Normalizers = schema.Normalizers.With("json", json.With("config", config.With("propagation", propagation)));
    }
}

/// <summary>Fields that are left out of the rows of a table and of those nested below it.</summary>
/// <param name="Table">The table; patterns are matched with the path below it.</param>
/// <param name="Excludes">Patterns of what is left out.</param>
/// <param name="Includes">Patterns of what stays all the same.</param>
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

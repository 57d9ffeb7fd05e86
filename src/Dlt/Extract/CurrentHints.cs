using Dlt.Items;
using Dlt.Schemas;

namespace Dlt.Extract;

/// <summary>
/// Tracks the hints of the resources during a run: the hints of each resource, overridden by hints that came with items
/// (docs/spec/pipeline.md 1.3).
/// </summary>
/// <param name="schema">Normalizes the names of tables.</param>
internal sealed class CurrentHints(Schema schema)
{
    private readonly Dictionary<string, ResourceHints> _changed = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Resource, string Table), ResourceHints> _variants = [];

    /// <summary>Returns the hints that apply to a resource now.</summary>
    public ResourceHints Of(Resource resource) =>
        _changed.Count > 0 && _changed.TryGetValue(resource.Name, out var hints) ? hints : resource.Hints;

    /// <summary>Returns the hints that apply to one table of a resource now: those of the table variant, if there is one.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="table">Normalized name of the table.</param>
    public ResourceHints Of(Resource resource, string table) =>
        _variants.Count > 0 && _variants.TryGetValue((resource.Name, table), out var variant) ? variant : Of(resource);

    /// <summary>Applies the hints of an item to the resource or, for a variant, to one table.</summary>
    public void Apply(Resource resource, HintsChange change)
    {
        if (!change.IsVariant)
        {
            _changed[resource.Name] = change.Hints.Over(Of(resource));
            return;
        }

        var name = change.Hints.TableName!;
        var key = (resource.Name, schema.NormalizeTableIdentifier(name));
        if (!_variants.TryGetValue(key, out var variant))
            variant = Of(resource) with { TableNameOf = null, Incremental = null, VariantName = name };
        _variants[key] = change.Hints.Over(variant);
    }

    /// <summary>
    /// Returns the write disposition of a root table of the resource in this run; null when only an earlier run declared one.
    /// </summary>
    public WriteDisposition? DispositionOf(Resource resource, TableSchema table)
    {
        if (_variants.TryGetValue((resource.Name, table.Name), out var variant)) return variant.WriteDisposition;
        foreach (var (root, hints) in Roots(resource))
        {
            foreach (var nested in hints.Nested.Where(n => n.TableName(schema, root) == table.Name))
                return nested.WriteDisposition ?? WriteDisposition.Append;
        }

        return table["variant_name"] is null ? Of(resource).WriteDisposition : null;
    }

    private IEnumerable<(string Table, ResourceHints Hints)> Roots(Resource resource) =>
        _variants.Where(v => v.Key.Resource == resource.Name).Select(v => (v.Key.Table, v.Value))
            .Append((schema.NormalizeTableIdentifier(Of(resource).TableName ?? resource.Name), Of(resource)));
}

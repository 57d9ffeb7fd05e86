namespace Dlt.Schemas;

/// <summary>Merges partial tables into a schema (docs/spec/pipeline.md 4.6).</summary>
internal static class SchemaMerge
{
    /// <summary>Hints whose columns form a unit (docs/spec/pipeline.md 4.1).</summary>
    private static readonly string[] CompoundHints = ["partition", "cluster", HintNames.PrimaryKey, HintNames.MergeKey, "incremental"];

    /// <summary>Normalizes the names of a table that a user declared.</summary>
    public static TableSchema NormalizeNames(this Schema schema, TableSchema table)
    {
        var name = schema.NormalizeTableIdentifier(table.Name);
        var columns = new List<ColumnSchema>();
        foreach (var declared in table.Columns)
        {
            var column = declared.With("name", JsonValue.String(schema.NormalizeIdentifier(declared.Name)));
            var at = columns.FindIndex(c => c.Name == column.Name);
            if (at < 0)
            {
                columns.Add(column);
                continue;
            }

            var set = column.Properties.Members.Where(m => !ColumnSchema.IsDefault(m.Key, m.Value));
            columns[at] = new ColumnSchema(JsonValue.Object(columns[at].Properties.Members.Concat(set)));
        }

        var normalized = table.With("name", JsonValue.String(name)).WithColumns(columns);
        return table.Parent is { } parent
            ? normalized.With("parent", JsonValue.String(schema.NormalizeTableIdentifier(parent)))
            : normalized;
    }

    /// <summary>Merges a partial table with normalized names into the schema, and adds the defaults of a new root table.</summary>
    /// <exception cref="SchemaException">The parent or resource contradicts the stored table.</exception>
    public static TableSchema UpdateTable(this Schema schema, TableSchema partial, DestinationCapabilities? capabilities = null)
    {
        if (partial.Parent is { } parent && !schema.TryGetTable(parent, out _))
        {
            throw new SchemaException(
                $"Parent table '{parent}' of '{partial.Name}' is not in schema '{schema.Name}'. Declare hints for every level in between.")
            {
                Table = partial.Name,
            };
        }

        TableSchema merged;
        if (schema.TryGetTable(partial.Name, out var existing))
        {
            merged = MergeTable(existing, partial);
        }
        else
        {
            merged = partial;
            if (merged.Parent is null)
            {
                if (merged[HintNames.WriteDisposition] is null) merged = merged.With(WriteDisposition.Append);
                if (merged["resource"] is null) merged = merged.With("resource", JsonValue.String(merged.Name));
            }
        }

        schema.Set(merged);
        RootKeys.UpdatePropagation(schema, merged, capabilities);
        return merged;
    }

    /// <summary>
    /// Merges the declared table of a resource into the schema. A compound hint, such as the primary key, is a set of columns: if the
    /// declaration has the hint, it replaces the stored set. So do the declared keys, columns and options of a merge
    /// (<see cref="MergeHints"/>).
    /// </summary>
    /// <exception cref="SchemaException">The parent or resource contradicts the stored table.</exception>
    public static TableSchema Redeclare(this Schema schema, TableSchema declared, DestinationCapabilities? capabilities = null)
    {
        if (schema.TryGetTable(declared.Name, out var stored))
        {
            List<string> replaced = [.. CompoundHints.Where(h => declared.Columns.Any(c => c.Has(h))), .. MergeHints.OfColumns(declared)];
            var basis = MergeHints.WithoutOptions(stored, declared);
            if (basis.Columns.Any(c => replaced.Exists(c.Has)))
                basis = basis.WithColumns(basis.Columns.Select(c => replaced.Aggregate(c, (column, hint) => column.Without(hint))));
            if (!ReferenceEquals(basis, stored)) schema.Set(basis);
        }

        return schema.UpdateTable(declared, capabilities);
    }

    /// <summary>Merges two tables: properties of the partial table take precedence, and columns are merged one by one.</summary>
    public static TableSchema MergeTable(TableSchema table, TableSchema partial)
    {
        if (partial.Parent != table.Parent && (partial.Parent is not null || partial["resource"] is not null))
        {
            throw new SchemaException(
                $"Table '{table.Name}' cannot change its parent from '{table.Parent ?? "(none)"}' to '{partial.Parent ?? "(none)"}'. "
                + "Rename the table or the field.")
            {
                Table = table.Name,
            };
        }

        var merged = table;
        foreach (var (property, value) in partial.Hints)
            merged = merged.With(property, property == "references" ? MergeReferences(merged[property], value) : value);
        return merged.WithColumns(MergeColumns(table, partial.Columns));
    }

    /// <summary>Merges columns. A column that becomes complete moves to the end, because the order is that of completion.</summary>
    private static List<ColumnSchema> MergeColumns(TableSchema table, IEnumerable<ColumnSchema> incoming)
    {
        var columns = new List<ColumnSchema?>(table.Columns);
        var places = new Dictionary<string, int>(columns.Count, StringComparer.Ordinal);
        for (var i = 0; i < columns.Count; i++) places[columns[i]!.Name] = i;
        foreach (var column in incoming)
        {
            var known = places.TryGetValue(column.Name, out var at) ? columns[at]! : null;
            var merged = known?.MergedWith(column) ?? column;
            if (known is not null && (known.IsComplete || !merged.IsComplete))
            {
                columns[at] = merged;
                continue;
            }

            if (known is not null) columns[at] = null;   // the column moves to the end
            places[column.Name] = columns.Count;
            columns.Add(merged);
        }

        return [.. columns.OfType<ColumnSchema>()];
    }

    private static JsonValue MergeReferences(JsonValue? stored, JsonValue incoming)
    {
        if (stored is not { Kind: JsonKind.Array } || incoming.Kind != JsonKind.Array) return incoming;
        var byTable = stored.Items.ToDictionary(r => r["referenced_table"]!.AsString());
        foreach (var reference in incoming.Items) byTable[reference["referenced_table"]!.AsString()] = reference;
        return JsonValue.Array([.. byTable.Values]);
    }
}

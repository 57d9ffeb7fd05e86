namespace Dlt.Iceberg;

/// <summary>Plans an upsert: changes the rows of the table whose key is given, and adds the given rows whose key is new
/// (docs/spec/iceberg.md 6.5).</summary>
internal sealed class UpsertPlan
{
    private readonly Table _table;
    private readonly int[] _key;
    private readonly Dictionary<RowKey, object?[]> _rows = [];
    private readonly List<object?[]> _additions = [];

    /// <param name="table">The table after the earlier changes of the transaction.</param>
    /// <param name="rows">Rows with one value per column of the table.</param>
    /// <param name="keys">Names of the key columns; null for the identifier fields of the table.</param>
    /// <exception cref="ArgumentException">The table has no key, or two rows have the same key.</exception>
    public UpsertPlan(Table table, IEnumerable<object?[]> rows, IReadOnlyList<string>? keys)
    {
        _table = table;
        var schema = table.Metadata.CurrentSchema;
        var names = keys ?? [.. schema.IdentifierFieldIds.Select(i => schema.NameOf(i)!)];
        if (names.Count == 0)
            throw new ArgumentException($"Table '{table.Name}' has no identifier fields. Give the names of the key columns.", nameof(keys));
        _key = [.. names.Select(IndexOf)];
        var conversion = new RowConversion(table, schema);
        var number = 0L;
        foreach (var row in rows) Add(conversion.Convert(row, ++number));
    }

    /// <summary>Reads the files that may contain the keys, writes the new rows and returns the overwrite.</summary>
    public async Task<OverwriteAction> PlanAsync(RowChanges changes, RowChangeMode mode, CancellationToken cancellationToken)
    {
        if (_rows.Count == 0)
        {
            var additions = new RowChange(Filter.False, RowChanges.Drop, mode) { Extra = _additions };
            return await changes.PlanAsync(additions, cancellationToken).ConfigureAwait(false);
        }

        var seen = new HashSet<RowKey>();
        var schema = _table.Metadata.CurrentSchema;
        // The filter on each key column limits the files that are read; within them, rows are looked up by the whole key.
        var filters = _key.Select((column, i) => Filter.In(schema.Fields[column].Name, [.. KeyValues(i)]));
        var filter = filters.Aggregate(Filter.And);
        var change = new RowChange(filter, Changed, mode) { Matches = row => _rows.ContainsKey(KeyOf(row)) };
        var action = await changes.PlanAsync(change, cancellationToken).ConfigureAwait(false);
        _additions.AddRange(_rows.Where(r => !seen.Contains(r.Key)).Select(r => r.Value));
        if (_additions.Count == 0) return action;
        var writer = new DataFileWriter(_table);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var row in _additions) await writer.AddAsync(row, cancellationToken).ConfigureAwait(false);
            action.Add(await writer.CompleteAsync(cancellationToken).ConfigureAwait(false));
        }

        return action;

        IEnumerable<object> KeyValues(int i) => _rows.Keys.Select(k => k.Values[i]!).Distinct();

        object?[] Changed(object?[] row)
        {
            var key = KeyOf(row);
            seen.Add(key);
            return _rows[key];
        }
    }

    private void Add(object?[] row)
    {
        if (_key.Any(i => row[i] is null)) _additions.Add(row);
        else if (!_rows.TryAdd(KeyOf(row), row))
            throw new ArgumentException($"Two rows have the key {string.Join(", ", _key.Select(i => row[i]))}. Give one row per key.");
    }

    private RowKey KeyOf(object?[] row) => new([.. _key.Select(i => row[i])]);

    private int IndexOf(string name)
    {
        var fields = _table.Metadata.CurrentSchema.Fields;
        for (var i = 0; i < fields.Length; i++)
            if (fields[i].Name == name) return i;
        throw new ArgumentException($"There is no column '{name}'.");
    }
}

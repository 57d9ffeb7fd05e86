namespace Dlt.Iceberg;

/// <summary>The least and greatest value of each column of a set of keys.</summary>
/// <param name="columns">Columns of the keys.</param>
/// <param name="schema">Schema of the table.</param>
internal sealed class KeyBounds(KeyColumns columns, Schema schema)
{
    private readonly (object Lower, object Upper)?[] _bounds = new (object Lower, object Upper)?[columns.Fields.Length];
    private readonly bool[] _isUnknown = new bool[columns.Fields.Length];
    private Filter? _filter;

    /// <summary>The bounds of the keys in data files, from their metrics.</summary>
    public static KeyBounds Of(KeyColumns columns, Schema schema, IEnumerable<DataFile> files)
    {
        var bounds = new KeyBounds(columns, schema);
        foreach (var file in files) bounds.Add(file);
        return bounds;
    }

    /// <summary>Adds a key. Values of keys with a null are left out by the caller.</summary>
    /// <param name="column">Index of the column in the key.</param>
    /// <param name="value">A value in the .NET form of <see cref="PrimitiveKind"/>.</param>
    public void Add(int column, object value)
    {
        _filter = null;
        if (ValueOrder.IsNan(value)) return;
        if (_bounds[column] is not { } bounds) _bounds[column] = (value, value);
        else if (ValueOrder.Compare(value, bounds.Lower) < 0) _bounds[column] = (value, bounds.Upper);
        else if (ValueOrder.Compare(value, bounds.Upper) > 0) _bounds[column] = (bounds.Lower, value);
    }

    private void Add(DataFile file)
    {
        for (var i = 0; i < columns.Fields.Length; i++)
        {
            var (id, type) = (columns.Fields[i].Id, (PrimitiveType)columns.Fields[i].Type);
            if (file.LowerBounds is { } lower && lower.TryGetValue(id, out var low) && SingleValue.TryDecode(type, low, out var least)
                && file.UpperBounds is { } upper && upper.TryGetValue(id, out var high) && SingleValue.TryDecode(type, high, out var most))
            {
                Add(i, least!);
                Add(i, most!);
            }
            else if (!(file.ValueCounts is { } values && values.TryGetValue(id, out var all)
                && file.NullValueCounts is { } nulls && nulls.TryGetValue(id, out var none) && all == none))
            {
                _isUnknown[i] = true;   // without metrics a file may have any key
            }
        }
    }

    /// <summary>A filter that matches every row with one of the keys.</summary>
    public Filter ToFilter() => _filter ??= Bind();

    /// <summary>False only if no row of a file can have one of the keys.</summary>
    public bool MayMatch(TableMetadata metadata, DataFile file)
    {
        var filter = ToFilter();
        return new MetricsFilter(schema, file).MayMatch(filter)
            && (metadata.SpecOf(file.SpecId) is not { } spec || new PartitionFilter(filter, spec, schema).MayMatch(file.Partition));
    }

    private Filter Bind()
    {
        var all = Filter.True;
        for (var i = 0; i < _bounds.Length; i++)
        {
            var type = (PrimitiveType)columns.Fields[i].Type;
            if (_isUnknown[i] || _bounds[i] is not { } bounds) continue;
            if (type.Kind is PrimitiveKind.Float or PrimitiveKind.Double or PrimitiveKind.Uuid) continue;
            all = Filter.And(all, new BoundFilter(FilterOperation.GreaterOrEqual, columns.Fields[i], type, [bounds.Lower]));
            all = Filter.And(all, new BoundFilter(FilterOperation.LessOrEqual, columns.Fields[i], type, [bounds.Upper]));
        }

        return all;
    }
}

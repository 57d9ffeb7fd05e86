namespace Dlt.Iceberg;

/// <summary>The least and greatest value of each column of a set of keys.</summary>
/// <param name="columns">Columns of the keys.</param>
/// <param name="schema">Schema of the table.</param>
internal sealed class KeyBounds(KeyColumns columns, Schema schema)
{
    private readonly (object Lower, object Upper)?[] _bounds = new (object Lower, object Upper)?[columns.Fields.Length];
    private Filter? _filter;

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
            if (_bounds[i] is not { } bounds || type.Kind is PrimitiveKind.Float or PrimitiveKind.Double or PrimitiveKind.Uuid) continue;
            all = Filter.And(all, new BoundFilter(FilterOperation.GreaterOrEqual, columns.Fields[i], type, [bounds.Lower]));
            all = Filter.And(all, new BoundFilter(FilterOperation.LessOrEqual, columns.Fields[i], type, [bounds.Upper]));
        }

        return all;
    }
}

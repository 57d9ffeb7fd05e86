using System.Collections.Immutable;
using Dlt.Internal;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Collects the Bloom filters of a file from its rows, and adds them to the file. For files of an <see cref="IRowFileFactory"/>, which
/// cannot write them.
/// </summary>
internal sealed class RowBlooms
{
    /// <summary>Zeros are equal whatever their sign, but readers look up one of them.</summary>
    private static readonly object[] BothZeros = [0.0, -0.0];

    private readonly List<(int Id, int[] Steps, PlainForm Form, BloomFilterOptions Options)> _columns = [];
    private readonly List<IReadOnlyDictionary<int, ParquetBloomFilter>> _groups = [];

    public RowBlooms(Schema schema, ImmutableDictionary<int, BloomFilterOptions> options)
    {
        if (!options.IsEmpty) Visit(schema.Fields, []);

        void Visit(IReadOnlyList<NestedField> fields, int[] steps)
        {
            for (var i = 0; i < fields.Count; i++)
            {
                var field = fields[i];
                if (field.Type is StructType structure) Visit(structure.Fields, [.. steps, i]);
                else if (options.TryGetValue(field.Id, out var wanted) && PlainForm.OfWritten((PrimitiveType)field.Type) is { } form)
                    _columns.Add((field.Id, [.. steps, i], form, wanted));
            }
        }
    }

    /// <summary>True if the file gets filters, so each call of <see cref="Add"/> must be one row group.</summary>
    public bool HasAny => _columns.Count > 0;

    /// <summary>Adds a row group.</summary>
    public void Add(IReadOnlyList<object?[]> rows)
    {
        var filters = new Dictionary<int, ParquetBloomFilter>();
        foreach (var (id, steps, form, options) in _columns)
        {
            var filter = ParquetBloomFilter.Create(rows.Count, options);
            var values = 0;
            foreach (var row in rows)
            {
                if (ValueOf(row, steps) is not { } value) continue;
                values++;
                foreach (var same in ValueOrder.IsZero(value) ? BothZeros : [value])
                    if (form.HashOf(same) is { } hash) filter.Add(hash);
            }

            if (values > 0) filters[id] = filter;
        }

        _groups.Add(filters);
    }

    /// <summary>Writes the filters into the complete file.</summary>
    public void Save(string path)
    {
        if (HasAny) AddedBloomFilters.Save(path, _groups);
    }

    private static object? ValueOf(object?[] row, int[] steps)
    {
        object? value = row;
        foreach (var step in steps) value = (value as object?[])?[step];
        return value;
    }
}

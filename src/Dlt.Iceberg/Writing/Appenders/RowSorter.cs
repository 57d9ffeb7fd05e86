namespace Dlt.Iceberg;

/// <summary>
/// Sorts the rows of a file by a sort order of columns, fields of structs, and transforms of them (docs/spec/iceberg.md 2.2). The sort is
/// stable.
/// </summary>
internal sealed class RowSorter
{
    private readonly Term[] _terms;

    private RowSorter(Term[] terms) => _terms = terms;

    /// <summary>
    /// Creates a sorter; null for the unsorted order, or for an order with an unknown transform, such as one of a later format version.
    /// </summary>
    public static RowSorter? Of(SortOrder order, Schema schema)
    {
        if (order.Fields.IsEmpty) return null;
        var terms = new List<Term>();
        foreach (var field in order.Fields)
        {
            if (StepsTo(schema, field.SourceId) is not { } steps || schema.Find(field.SourceId)?.Type is not PrimitiveType type)
                return null;
            if (field.Transform.ResultType(type) is null) return null;
            terms.Add(new(steps, field, type));
        }

        return new RowSorter([.. terms]);
    }

    /// <summary>Sorts rows in the form of <see cref="PrimitiveKind"/>.</summary>
    public void Sort(List<object?[]> rows)
    {
        var keys = rows.ConvertAll(KeyOf);
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        Array.Sort(order, (a, b) => Compare(keys[a], keys[b]) is var compared and not 0 ? compared : a.CompareTo(b));
        List<object?[]> sorted = [.. order.Select(i => rows[i])];
        rows.Clear();
        rows.AddRange(sorted);
    }

    private object?[] KeyOf(object?[] row)
    {
        var key = new object?[_terms.Length];
        for (var i = 0; i < key.Length; i++) key[i] = _terms[i].ValueOf(row);
        return key;
    }

    private int Compare(object?[] a, object?[] b)
    {
        for (var i = 0; i < _terms.Length; i++)
            if (_terms[i].Compare(a[i], b[i]) is var compared and not 0) return compared;
        return 0;
    }

    /// <summary>Indexes of the fields from the column down; null if one of them is in a list or map.</summary>
    private static int[]? StepsTo(Schema schema, int fieldId)
    {
        if (schema.PathTo(fieldId) is not { } path) return null;
        var steps = new List<int>();
        var fields = schema.Fields;
        foreach (var field in path)
        {
            var at = fields.IndexOf(fields.FirstOrDefault(f => f.Id == field.Id)!);
            if (at < 0) return null;
            steps.Add(at);
            fields = fields[at].Type is StructType structure ? structure.Fields : [];
        }

        return [.. steps];
    }

    /// <summary>One field of the sort order.</summary>
    private sealed class Term(int[] steps, SortField field, PrimitiveType type)
    {
        public object? ValueOf(object?[] row)
        {
            object? value = row;
            foreach (var step in steps) value = (value as object?[])?[step];
            return value is null ? null : field.Transform.Apply(type, value);
        }

        public int Compare(object? a, object? b)
        {
            if (a is null || b is null) return a is null == b is null ? 0 : a is null == field.NullsFirst ? -1 : 1;
            return field.IsDescending ? ValueOrder.Compare(b, a) : ValueOrder.Compare(a, b);
        }
    }
}

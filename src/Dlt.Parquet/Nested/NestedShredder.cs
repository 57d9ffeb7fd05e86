using System.Text;

namespace Dlt.Parquet.Nested;

/// <summary>Splits nested values into leaves with repetition and definition levels (Dremel, as Parquet stores them).</summary>
internal sealed class NestedShredder
{
    private readonly NestedNode _root;
    private readonly Dictionary<NestedNode, LeafBuffer> _leaves;

    public NestedShredder(ParquetColumn column)
    {
        _root = NestedNode.Of(column);
        _leaves = _root.Leaves.ToDictionary(n => n, n => new LeafBuffer(n.Leaf!));
    }

    public IReadOnlyCollection<LeafBuffer> Leaves => _leaves.Values;

    /// <summary>Adds the rows of a column whose values are JSON of the column's type.</summary>
    public void Add(BytesBuffer column, int rows)
    {
        var value = 0;
        for (var row = 0; row < rows; row++) Add(_root, column.IsValid(row) ? JsonValue.Parse(column.Value(value++)) : null, 0, 0);
    }

    private void Add(NestedNode node, JsonValue? value, int repetition, int definition)
    {
        if (value is null or { IsNull: true })
        {
            foreach (var leaf in node.Leaves) _leaves[leaf].AppendNull(repetition, definition);
            return;
        }

        switch (node.Type.Nested)
        {
            case NestedColumnType.Struct:
                foreach (var field in node.Children) Add(field, value[field.Name], repetition, node.Definition);
                break;
            case NestedColumnType.List:
                if (value.Items.Length == 0) AddEmpty(node, repetition);
                for (var i = 0; i < value.Items.Length; i++)
                    Add(node.Children[0], value.Items[i], i == 0 ? repetition : node.Repetition, node.Definition + 1);
                break;
            case NestedColumnType.Map:
                if (value.Members.Count == 0) AddEmpty(node, repetition);
                var isFirst = true;
                foreach (var (key, member) in value.Members)
                {
                    Add(node.Children[0], JsonValue.String(key), isFirst ? repetition : node.Repetition, node.Definition + 1);
                    Add(node.Children[1], member, isFirst ? repetition : node.Repetition, node.Definition + 1);
                    isFirst = false;
                }

                break;
            default:
                var target = _leaves[node];
                target.Append(repetition);
                Append(target.Values, target.Column.Type, value);
                break;
        }
    }

    private void AddEmpty(NestedNode node, int repetition)
    {
        foreach (var leaf in node.Leaves) _leaves[leaf].AppendNull(repetition, node.Definition);
    }

    private static void Append(ColumnBuffer buffer, ColumnType type, JsonValue json)
    {
        if (!DataValue.FromJson(json)!.Value.TryConvert(type.DataType, out var value))
            throw Unfit(buffer, type, json);

        var row = buffer.Rows;
        switch (buffer)
        {
            case FixedBuffer<double> doubles:
                doubles.Append(row, value.AsDouble);
                break;
            case FixedBuffer<bool> bools:
                bools.Append(row, value.AsBool);
                break;
            case FixedBuffer<int> days:
                days.Append(row, value.AsDays);
                break;
            case FixedBuffer<long> longs:
                longs.Append(row, Long(value, type));
                break;
            case FixedBuffer<Int128> decimals:
                if (!value.AsDecimal.TryToUnscaled(type.Precision, type.Scale, out var unscaled)) throw Unfit(buffer, type, json);
                decimals.Append(row, (Int128)unscaled);
                break;
            default:
                ((BytesBuffer)buffer).Append(row, type.DataType == DataType.Binary ? value.AsBinary : Encoding.UTF8.GetBytes(value.AsText));
                break;
        }
    }

    private static long Long(DataValue value, ColumnType type) => type.DataType switch
    {
        DataType.Bigint => (long)value.AsInteger,
        DataType.Time => value.AsTimeMicros,
        _ => value.AsTimestamp.UtcMicros,
    };

    private static InvalidOperationException Unfit(ColumnBuffer buffer, ColumnType type, JsonValue json) =>
        new($"The nested value {json} of column '{buffer.Name}' does not fit its type {type.DataType.Name()}. Nothing was written.");
}

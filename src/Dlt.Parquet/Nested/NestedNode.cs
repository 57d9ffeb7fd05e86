namespace Dlt.Parquet.Nested;

/// <summary>
/// A node of a nested column in the schema of a file (Parquet format, LogicalTypes.md: lists and maps in three levels). All nodes except
/// map keys are optional.
/// </summary>
internal sealed class NestedNode
{
    private NestedNode(string name, ColumnType type, IReadOnlyList<string> path, int repetition,
        int definition, bool isRequired, bool hasIntegerDecimals)
    {
        Name = name;
        Type = type;
        Definition = isRequired ? definition : definition + 1;
        IsRequired = isRequired;
        string[] own = [.. path, name];
        switch (type.Nested)
        {
            case NestedColumnType.List list:
                Repetition = repetition + 1;
                Children = [new("element", list.Element, [.. own, "list"], Repetition, Definition + 1,
                    isRequired: false, hasIntegerDecimals)];
                break;
            case NestedColumnType.Map map:
                Repetition = repetition + 1;
                Children =
                [
                    new("key", map.Key, [.. own, "key_value"], Repetition, Definition + 1, isRequired: true, hasIntegerDecimals),
                    new("value", map.Value, [.. own, "key_value"], Repetition, Definition + 1, isRequired: false, hasIntegerDecimals),
                ];
                break;
            case NestedColumnType.Struct structure:
                Repetition = repetition;
                var fields = structure.Fields.Select(
                    f => new NestedNode(f.Name, f.Type, own, repetition, Definition, isRequired: false, hasIntegerDecimals));
                Children = [.. fields];
                break;
            default:
                Repetition = repetition;
                Leaf = new ParquetColumn(name, type, isRequired)
                {
                    Path = own,
                    MaxRepetition = repetition,
                    MaxDefinition = Definition,
                    HasIntegerDecimals = hasIntegerDecimals,
                };
                break;
        }
    }

    public string Name { get; }

    public ColumnType Type { get; }

    public IReadOnlyList<NestedNode> Children { get; } = [];

    /// <summary>Column of a scalar node; null for other nodes.</summary>
    public ParquetColumn? Leaf { get; }

    /// <summary>Repetition level of the elements of a list or map, or of the node itself.</summary>
    public int Repetition { get; }

    /// <summary>Definition level at which the node has a value.</summary>
    public int Definition { get; }

    public bool IsRequired { get; }

    public IEnumerable<NestedNode> Leaves => Leaf is not null ? [this] : Children.SelectMany(c => c.Leaves);

    public static NestedNode Of(ParquetColumn column) =>
        new(column.Name, column.Type, [], 0, 0, isRequired: false, column.HasIntegerDecimals);
}

namespace Dlt.Parquet.Nested;

/// <summary>Values and levels of one leaf of a nested column in a row group.</summary>
internal sealed class LeafBuffer(ParquetColumn column)
{
    public ParquetColumn Column { get; } = column;

    public List<byte> Repetitions { get; } = [];

    public List<byte> Definitions { get; } = [];

    public ColumnBuffer Values { get; } = column.Type.NewBuffer(column.Name);

    public void AppendNull(int repetition, int definition)
    {
        Repetitions.Add((byte)repetition);
        Definitions.Add((byte)definition);
    }

    /// <summary>Appends the levels of a value. The caller appends the value itself to <see cref="Values"/>.</summary>
    public void Append(int repetition)
    {
        Repetitions.Add((byte)repetition);
        Definitions.Add((byte)Column.MaxDefinition);
    }
}

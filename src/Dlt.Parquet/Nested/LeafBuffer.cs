using Dlt.Parquet;

namespace Dlt.Parquet.Nested;

/// <summary>One leaf of a nested column in a row group: levels, and the values where the levels say that there is one.</summary>
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

    /// <summary>Notes the levels of a value; the caller appends the value as the last one of <see cref="Values"/>.</summary>
    public void Append(int repetition)
    {
        Repetitions.Add((byte)repetition);
        Definitions.Add((byte)Column.MaxDefinition);
    }
}

using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>A column of a table in one data file.</summary>
/// <param name="Field">The column of the table.</param>
/// <param name="Column">Column of the buffers that receive the values.</param>
/// <param name="Element">Column in the footer of the file; null when the file lacks it.</param>
/// <param name="Leaf">Index of the column among the column chunks of a row group; -1 when the file lacks it.</param>
/// <param name="Missing">Value of all rows when the file lacks the column, in the .NET form of <see cref="PrimitiveKind"/>.</param>
internal sealed record FileColumn(NestedField Field, ParquetColumn Column, ParquetElement? Element, int Leaf, object? Missing)
{
    /// <summary>Type of the values.</summary>
    public PrimitiveType Type => (PrimitiveType)Field.Type;
}

namespace Dlt.Parquet;

/// <summary>A field of a struct column.</summary>
/// <param name="Name">Name of the field in the file and in the JSON of the values.</param>
/// <param name="Type">Type of the field's values.</param>
public readonly record struct ColumnField(string Name, ColumnType Type);

namespace Dlt.Parquet;

/// <summary>A field of a column of structs.</summary>
/// <param name="Name">Its name in the file, and in the JSON of the values.</param>
/// <param name="Type">The type of its values.</param>
public readonly record struct ColumnField(string Name, ColumnType Type);

using Dlt.Iceberg;

namespace Dlt.Destinations.Tables;

/// <summary>Columns, fields and properties that an Iceberg table lacks.</summary>
/// <param name="Columns">Columns that it lacks.</param>
/// <param name="Schema">Adds these columns, and the fields that its other columns lack; null when neither is missing.</param>
/// <param name="Properties">Properties that it has with another value, or not at all.</param>
internal sealed record IcebergChange(
    IReadOnlyList<NestedField> Columns, Action<SchemaUpdate>? Schema, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>True when nothing is missing.</summary>
    public bool IsEmpty => Schema is null && Properties.Count == 0;
}

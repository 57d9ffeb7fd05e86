namespace Dlt.Tests.Iceberg;

/// <summary>A row of a scan: the text of each value, null for null. Rows are equal when their values are.</summary>
internal sealed class ScanRow(params string?[] values) : IEquatable<ScanRow>
{
    public string? this[int column] => values[column];

    public bool Equals(ScanRow? other) => other is not null && values.SequenceEqual(other.Values);

    public override bool Equals(object? obj) => Equals(obj as ScanRow);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => string.Join('|', values);

    private string?[] Values => values;
}

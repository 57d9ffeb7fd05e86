namespace Dlt.Iceberg;

/// <summary>A range of values that contains values of keys.</summary>
/// <param name="Lower">The least value.</param>
/// <param name="Upper">The greatest value.</param>
/// <param name="From"><see cref="ValueCode"/> of the least value.</param>
/// <param name="To"><see cref="ValueCode"/> of the greatest value.</param>
internal readonly record struct KeyRange(object Lower, object Upper, UInt128 From, UInt128 To) : IComparable<KeyRange>
{
    /// <summary>Compares by the least value.</summary>
    public int CompareTo(KeyRange other)
    {
        var order = From.CompareTo(other.From);
        return order != 0 ? order : ValueOrder.Compare(Lower, other.Lower);
    }
}

using Dlt.Internal;

namespace Dlt.Iceberg;

/// <summary>Bloom filter of a column in a row group, for values of the column's field. Safe for concurrent use.</summary>
/// <param name="filter">The filter.</param>
/// <param name="form">Form of the column's values in the file.</param>
internal sealed class RowGroupBloom(ParquetBloomFilter filter, PlainForm form)
{
    /// <summary>
    /// Form of the values. Its hash of a value can be looked up in all filters of the same form by <see cref="MayContain(ulong)"/>.
    /// </summary>
    public PlainForm Form => form;

    /// <summary>False only if no row of the row group has the value. Zeros of both signs are equal.</summary>
    /// <param name="value">Value in the form of <see cref="PrimitiveKind"/>, not null.</param>
    public bool MayContain(object value)
    {
        if (ValueOrder.IsNan(value)) return true;   // NaNs have many forms
        if (ValueOrder.IsZero(value)) return MayContain(form.HashOf(0.0)!.Value) || MayContain(form.HashOf(-0.0)!.Value);
        return form.HashOf(value) is { } hash && MayContain(hash);
    }

    /// <summary>False only if no row of the row group has a value with this hash (<see cref="PlainForm.HashOf"/>).</summary>
    public bool MayContain(ulong hash) => filter.MayContain(hash);
}

namespace Dlt.Iceberg;

/// <summary>Collects the summary of one partition field of a manifest (docs/spec/iceberg.md 3.5).</summary>
internal sealed class PartitionSummary(PrimitiveType type)
{
    private bool _hasNull;
    private bool _hasNan;
    private object? _lower;
    private object? _upper;
    private UuidRange? _uuids;

    /// <summary>True if engines with the other UUID order would skip the manifest although it has matching files.</summary>
    public bool IsAmbiguous => _uuids is { IsAmbiguous: true };

    public void Add(object? value)
    {
        if (value is null)
        {
            _hasNull = true;
        }
        else if (ValueOrder.IsNan(value))
        {
            _hasNan = true;
        }
        else
        {
            if (value is Guid id) (_uuids ??= new()).Add(id);
            if (_lower is null || ValueOrder.Compare(value, _lower) < 0) _lower = value;
            if (_upper is null || ValueOrder.Compare(value, _upper) > 0) _upper = value;
        }
    }

    public FieldSummary ToSummary() => new(_hasNull, _hasNan, Bytes(_lower), Bytes(_upper));

    /// <summary>Encodes a bound. Older manifests may contain values from before a type promotion.</summary>
    private byte[]? Bytes(object? value) =>
        value is null ? null : SingleValue.Encode(type, Promotion.TryTo(type, value, out var promoted) ? promoted! : value);
}

using System.Collections.Immutable;

namespace Dlt.Iceberg.Avro;

/// <summary>A type in the schema of an Avro file (docs/spec/iceberg.md 3.1, 3.2).</summary>
internal abstract record AvroType;

/// <summary>Kinds of Avro's primitive types.</summary>
internal enum AvroKind
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
}

/// <summary>A primitive type. Bytes with the logical type decimal are decoded as unscaled numbers.</summary>
internal sealed record AvroPrimitive(AvroKind Kind) : AvroType
{
    public string? LogicalType { get; init; }

    public int Scale { get; init; }

    public bool IsUtc { get; init; }
}

/// <summary>A byte string of one length.</summary>
internal sealed record AvroFixed(string Name, int Size) : AvroType
{
    public string? LogicalType { get; init; }

    public int Precision { get; init; }

    public int Scale { get; init; }
}

/// <summary>An enumeration of names.</summary>
internal sealed record AvroEnum(ImmutableArray<string> Symbols) : AvroType;

/// <param name="Items">Type of the elements.</param>
/// <param name="ElementId">Field id of the elements.</param>
/// <param name="IsMap">True for an array of key-value pairs: Iceberg maps with keys that are not strings.</param>
internal sealed record AvroArray(AvroType Items, int? ElementId = null, bool IsMap = false) : AvroType;

/// <summary>A map with string keys.</summary>
internal sealed record AvroMap(AvroType Values, int? KeyId = null, int? ValueId = null) : AvroType;

/// <summary>A union of types.</summary>
internal sealed record AvroUnion(ImmutableArray<AvroType> Branches) : AvroType;

/// <summary>A field of a record; the field id is null if the schema does not define one.</summary>
internal sealed record AvroField(string Name, AvroType Type, int? FieldId);

/// <summary>A record type. Its fields are set after its creation because they may refer to the record itself.</summary>
internal sealed record AvroRecordType(string Name) : AvroType
{
    private Dictionary<int, int>? _byId;

    public ImmutableArray<AvroField> Fields { get; set; } = [];

    public bool Equals(AvroRecordType? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>Index of the field with this id; -1 if the record does not have it.</summary>
    public int IndexOf(int fieldId)
    {
        if (_byId is null)
        {
            var index = new Dictionary<int, int>();
            for (var i = 0; i < Fields.Length; i++)
                if (Fields[i].FieldId is { } id) index.TryAdd(id, i);
            _byId = index;
        }

        return _byId.GetValueOrDefault(fieldId, -1);
    }
}

/// <summary>The values of one record.</summary>
internal sealed class AvroRecord(AvroRecordType type, object?[] values)
{
    public AvroRecordType Type { get; } = type;

    public object?[] Values { get; } = values;

    /// <summary>The value of the field with this id; null if the record does not have the field.</summary>
    public object? this[int fieldId] => Type.IndexOf(fieldId) is var at and >= 0 ? Values[at] : null;
}

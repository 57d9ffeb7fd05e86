using System.Buffers.Binary;

namespace Dlt.Iceberg;

/// <summary>
/// Least and greatest of some uuids. The format names no order: by their bytes, as most engines sort them, or as Java's
/// <c>UUID.compareTo</c> does, which takes both halves for signed numbers. Bounds are safe where both say the same.
/// </summary>
internal sealed class UuidRange
{
    private Guid? _least;
    private Guid? _greatest;
    private Guid _leastSigned;
    private Guid _greatestSigned;

    /// <summary>The least uuid in both orders; null when the orders differ, or there is none.</summary>
    public Guid? Lower => IsAmbiguous ? null : _least;

    /// <summary>The greatest uuid in both orders; null when the orders differ, or there is none.</summary>
    public Guid? Upper => IsAmbiguous ? null : _greatest;

    /// <summary>True: a reader of one of the orders would misread bounds of the other.</summary>
    public bool IsAmbiguous => _least is { } least && (least != _leastSigned || _greatest != _greatestSigned);

    public void Add(Guid id)
    {
        if (_least is not { } least)
        {
            (_least, _greatest, _leastSigned, _greatestSigned) = (id, id, id, id);
            return;
        }

        if (Compare(id, least) < 0) _least = id;
        if (Compare(id, _greatest!.Value) > 0) _greatest = id;
        if (CompareSigned(id, _leastSigned) < 0) _leastSigned = id;
        if (CompareSigned(id, _greatestSigned) > 0) _greatestSigned = id;
    }

    /// <summary>The order of the bytes.</summary>
    public static int Compare(Guid x, Guid y)
    {
        var (a, b) = (Halves(x), Halves(y));
        return a.High != b.High ? ((ulong)a.High).CompareTo((ulong)b.High) : ((ulong)a.Low).CompareTo((ulong)b.Low);
    }

    /// <summary>The order of Java's <c>UUID.compareTo</c>.</summary>
    public static int CompareSigned(Guid x, Guid y)
    {
        var (a, b) = (Halves(x), Halves(y));
        return a.High != b.High ? a.High.CompareTo(b.High) : a.Low.CompareTo(b.Low);
    }

    /// <summary>False only when the uuid lies outside of bounds in both orders: whoever wrote them, no such value is there.</summary>
    public static bool MayContain(Guid lower, Guid upper, Guid id) =>
        (Compare(lower, id) <= 0 && Compare(id, upper) <= 0) || (CompareSigned(lower, id) <= 0 && CompareSigned(id, upper) <= 0);

    private static (long High, long Low) Halves(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
    }
}

using System.Buffers.Binary;

namespace Dlt.Iceberg;

/// <summary>
/// Smallest and largest value of a set of UUIDs. The format does not define their order: most engines compare bytes; Java's
/// <c>UUID.compareTo</c> compares both halves as signed numbers. Bounds are safe only if both orders agree.
/// </summary>
internal sealed class UuidRange
{
    private Guid? _least;
    private Guid? _greatest;
    private Guid _leastSigned;
    private Guid _greatestSigned;

    /// <summary>The smallest UUID in both orders; null if the orders differ or the set is empty.</summary>
    public Guid? Lower => IsAmbiguous ? null : _least;

    /// <summary>The largest UUID in both orders; null if the orders differ or the set is empty.</summary>
    public Guid? Upper => IsAmbiguous ? null : _greatest;

    /// <summary>True if the two orders have different bounds: a reader that uses the other order would misread them.</summary>
    public bool IsAmbiguous => _least is { } least && (least != _leastSigned || _greatest != _greatestSigned);

    /// <summary>Adds a UUID to the set.</summary>
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

    /// <summary>Adds the UUIDs of another set.</summary>
    public void AddAll(UuidRange other)
    {
        if (other._least is not { } least) return;
        Add(least);
        Add(other._greatest!.Value);
        Add(other._leastSigned);
        Add(other._greatestSigned);
    }

    /// <summary>Compares by bytes.</summary>
    public static int Compare(Guid x, Guid y)
    {
        var (a, b) = (Halves(x), Halves(y));
        return a.High != b.High ? ((ulong)a.High).CompareTo((ulong)b.High) : ((ulong)a.Low).CompareTo((ulong)b.Low);
    }

    /// <summary>Compares as Java's <c>UUID.compareTo</c> does.</summary>
    public static int CompareSigned(Guid x, Guid y)
    {
        var (a, b) = (Halves(x), Halves(y));
        return a.High != b.High ? a.High.CompareTo(b.High) : a.Low.CompareTo(b.Low);
    }

    /// <summary>
    /// False only if the UUID is outside the bounds in both orders. Then no row has this value, whichever writer made the bounds.
    /// </summary>
    public static bool MayContain(Guid lower, Guid upper, Guid id) =>
        (Compare(lower, id) <= 0 && Compare(id, upper) <= 0) || (CompareSigned(lower, id) <= 0 && CompareSigned(id, upper) <= 0);

    private static (long High, long Low) Halves(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
    }
}

using System.Runtime.InteropServices;

namespace Dlt.Parquet;

/// <summary>
/// Growing array outside the garbage-collected heap, for large, short-lived data such as column buffers, of which the collector would keep
/// several generations. Freed large blocks are kept for the next array.
/// </summary>
/// <typeparam name="T">Type of the elements.</typeparam>
/// <remarks>For one thread at a time. The finalizer frees the memory if <see cref="Free"/> was not called.</remarks>
public sealed unsafe class NativeArray<T>
    where T : unmanaged
{
    private const int SmallestLength = 64;

    private long _expected;

    /// <summary>Creates an array without elements.</summary>
    public NativeArray()
    {
    }

    /// <summary>Frees the memory if <see cref="Free"/> was not called.</summary>
    ~NativeArray() => Free();

    internal T* Start { get; private set; }

    /// <summary>Capacity in elements.</summary>
    public int Length { get; private set; }

    /// <summary>
    /// Returns elements as a span, which is valid until <see cref="Reserve"/> or <see cref="Free"/>. New elements are not initialized.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The range exceeds <see cref="Length"/>.</exception>
    public Span<T> AsSpan(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start + (uint)length, (uint)Length);
        return new(Start + start, length);
    }

    /// <summary>Sets the capacity that the first <see cref="Reserve"/> allocates at least. Allocates nothing yet.</summary>
    internal void Expect(long length) => _expected = length;

    /// <summary>
    /// Ensures a capacity of at least <paramref name="length"/> elements; grows by at least half. Elements keep their values.
    /// </summary>
    /// <exception cref="OutOfMemoryException">There is not enough memory, or the length exceeds the maximum of an array.</exception>
    public void Reserve(long length)
    {
        if (length <= Length) return;
        if (length > Array.MaxLength)
            throw new OutOfMemoryException($"A column cannot hold {length} elements before its row group is written.");
        var grown = Start is null ? _expected : Length + (long)(Length >> 1);
        var wanted = (int)Math.Min(Array.MaxLength, Math.Max(Math.Max(length, SmallestLength), grown));
        var bytes = (nuint)wanted * (nuint)sizeof(T);
        Start = Start is null ? (T*)NativeBlocks.Take(bytes, out bytes) : (T*)NativeMemory.Realloc(Start, bytes);
        Length = (int)Math.Min((nuint)Array.MaxLength, bytes / (nuint)sizeof(T));
    }

    /// <summary>Frees the memory. The array then has no elements and can be used again.</summary>
    public void Free()
    {
        if (Start is not null) NativeBlocks.Give(Start, (nuint)Length * (nuint)sizeof(T));
        Start = null;
        Length = 0;
    }
}

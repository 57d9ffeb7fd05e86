using System.Runtime.InteropServices;

namespace Dlt.Parquet;

/// <summary>
/// Growing memory outside the garbage-collected heap, for data that is large and short-lived, as column buffers are: the collector would
/// keep several generations of them. Large blocks that are freed are kept for the next array.
/// </summary>
/// <typeparam name="T">The type of the elements.</typeparam>
/// <remarks>One thread at a time. The finalizer frees what <see cref="Free"/> did not.</remarks>
public sealed unsafe class NativeArray<T>
    where T : unmanaged
{
    private const int SmallestLength = 64;

    private long _expected;

    /// <summary>Makes an array without elements.</summary>
    public NativeArray()
    {
    }

    /// <summary>Frees the memory.</summary>
    ~NativeArray() => Free();

    internal T* Start { get; private set; }

    /// <summary>Elements that there is room for.</summary>
    public int Length { get; private set; }

    /// <summary>Elements as a span: valid until <see cref="Reserve"/> or <see cref="Free"/>. New elements have any content.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They go beyond <see cref="Length"/>.</exception>
    public Span<T> AsSpan(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start + (uint)length, (uint)Length);
        return new(Start + start, length);
    }

    /// <summary>Makes the first <see cref="Reserve"/> take room for as many elements. No memory is taken until then.</summary>
    internal void Expect(long length) => _expected = length;

    /// <summary>
    /// Makes room for at least <paramref name="length"/> elements, and for half as many again as there were. Elements keep their values.
    /// </summary>
    /// <exception cref="OutOfMemoryException">There is no memory, or there would be more elements than an array can have.</exception>
    public void Reserve(long length)
    {
        if (length <= Length) return;
        if (length > Array.MaxLength)
            throw new OutOfMemoryException($"A column cannot hold {length} elements before its row group is written.");
        var wanted = (int)Math.Min(
            Array.MaxLength, Math.Max(Math.Max(length, SmallestLength), Start is null ? _expected : Length + (long)(Length >> 1)));
        var bytes = (nuint)wanted * (nuint)sizeof(T);
        Start = Start is null ? (T*)NativeBlocks.Take(bytes, out bytes) : (T*)NativeMemory.Realloc(Start, bytes);
        Length = (int)Math.Min((nuint)Array.MaxLength, bytes / (nuint)sizeof(T));
    }

    /// <summary>Frees the memory. The array has no elements then, and may be used again.</summary>
    public void Free()
    {
        if (Start is not null) NativeBlocks.Give(Start, (nuint)Length * (nuint)sizeof(T));
        Start = null;
        Length = 0;
    }
}

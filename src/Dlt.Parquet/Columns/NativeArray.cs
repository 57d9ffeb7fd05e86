using System.Runtime.InteropServices;

namespace Dlt.Columns;

/// <summary>
/// Growing memory outside the garbage-collected heap: column buffers are large and short-lived, and the collector would keep several
/// generations of them.
/// </summary>
internal sealed unsafe class NativeArray<T>
    where T : unmanaged
{
    private const int SmallestLength = 64;

    private long _expected;

    ~NativeArray() => Free();

    public T* Start { get; private set; }

    public int Length { get; private set; }

    public Span<T> AsSpan(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start + (uint)length, (uint)Length);
        return new(Start + start, length);
    }

    /// <summary>Makes the first <see cref="Reserve"/> take room for as many elements: until then the memory may serve others.</summary>
    public void Expect(long length) => _expected = length;

    /// <summary>Makes room for at least <paramref name="length"/> elements, and half as many again as there were.</summary>
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

    public void Free()
    {
        if (Start is not null) NativeBlocks.Give(Start, (nuint)Length * (nuint)sizeof(T));
        Start = null;
        Length = 0;
    }
}

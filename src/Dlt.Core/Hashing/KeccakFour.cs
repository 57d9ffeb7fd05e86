using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dlt.Hashing;

/// <summary>
/// Computes four SHAKE-128 hashes of short inputs at once, one in each lane of a vector. Every row of a nested table needs a hash.
/// </summary>
internal static class KeccakFour
{
    /// <summary>Number of hashes computed at once.</summary>
    public const int Ways = 4;

    /// <summary>Maximum input length, which fits into one block.</summary>
    public const int MaxInputBytes = Keccak.Shake128Rate - 1;

    private const int LaneBytes = sizeof(ulong);

    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    /// <param name="blocks">Four inputs, padded by <see cref="Pad"/> to <see cref="Keccak.Shake128Rate"/> bytes each.</param>
    /// <param name="firstLanes">The first eight bytes of each hash.</param>
    /// <param name="secondLanes">The next eight bytes of each hash.</param>
    public static void Shake128(ReadOnlySpan<byte> blocks, out Vector256<ulong> firstLanes, out Vector256<ulong> secondLanes)
    {
        Span<Vector256<ulong>> state = stackalloc Vector256<ulong>[25];
        state.Clear();
        for (var lane = 0; lane < Keccak.Shake128Rate / LaneBytes; lane++)
        {
            var at = lane * LaneBytes;
            state[lane] = Vector256.Create(Lane(blocks, at), Lane(blocks, Keccak.Shake128Rate + at),
                Lane(blocks, (2 * Keccak.Shake128Rate) + at), Lane(blocks, (3 * Keccak.Shake128Rate) + at));
        }

        Permute(state);
        firstLanes = state[0];
        secondLanes = state[1];
    }

    /// <summary>Pads an input within its block; the rest of the block must be zero.</summary>
    public static void Pad(Span<byte> block, int length)
    {
        block[length] = Keccak.ShakeSuffix;
        block[Keccak.Shake128Rate - 1] |= 0x80;
    }

    private static ulong Lane(ReadOnlySpan<byte> blocks, int at) => Unsafe.ReadUnaligned<ulong>(in blocks[at]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Rotate(Vector256<ulong> lanes, [ConstantExpected] byte bits) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(lanes, bits) : (lanes << bits) | (lanes >>> (64 - bits));

    /// <summary>Performs the permutation of <see cref="Keccak"/> on four states.</summary>
    /// <remarks>
    /// Optimized at the first call, because code that uses AVX-512 is not compiled ahead of time and would first run unoptimized.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Permute(Span<Vector256<ulong>> s)
    {
        Vector256<ulong> a00 = s[0], a01 = s[1], a02 = s[2], a03 = s[3], a04 = s[4];
        Vector256<ulong> a05 = s[5], a06 = s[6], a07 = s[7], a08 = s[8], a09 = s[9];
        Vector256<ulong> a10 = s[10], a11 = s[11], a12 = s[12], a13 = s[13], a14 = s[14];
        Vector256<ulong> a15 = s[15], a16 = s[16], a17 = s[17], a18 = s[18], a19 = s[19];
        Vector256<ulong> a20 = s[20], a21 = s[21], a22 = s[22], a23 = s[23], a24 = s[24];

        foreach (var constant in Keccak.RoundConstants)
        {
            Vector256<ulong> c0 = a00 ^ a05 ^ a10 ^ a15 ^ a20, c1 = a01 ^ a06 ^ a11 ^ a16 ^ a21, c2 = a02 ^ a07 ^ a12 ^ a17 ^ a22;
            Vector256<ulong> c3 = a03 ^ a08 ^ a13 ^ a18 ^ a23, c4 = a04 ^ a09 ^ a14 ^ a19 ^ a24;
            Vector256<ulong> d0 = c4 ^ Rotate(c1, 1), d1 = c0 ^ Rotate(c2, 1), d2 = c1 ^ Rotate(c3, 1);
            Vector256<ulong> d3 = c2 ^ Rotate(c4, 1), d4 = c3 ^ Rotate(c0, 1);

            Vector256<ulong> b00 = a00 ^ d0;
            Vector256<ulong> b10 = Rotate(a01 ^ d1, 1), b20 = Rotate(a02 ^ d2, 62);
            Vector256<ulong> b05 = Rotate(a03 ^ d3, 28), b15 = Rotate(a04 ^ d4, 27);
            Vector256<ulong> b16 = Rotate(a05 ^ d0, 36), b01 = Rotate(a06 ^ d1, 44), b11 = Rotate(a07 ^ d2, 6);
            Vector256<ulong> b21 = Rotate(a08 ^ d3, 55), b06 = Rotate(a09 ^ d4, 20);
            Vector256<ulong> b07 = Rotate(a10 ^ d0, 3), b17 = Rotate(a11 ^ d1, 10), b02 = Rotate(a12 ^ d2, 43);
            Vector256<ulong> b12 = Rotate(a13 ^ d3, 25), b22 = Rotate(a14 ^ d4, 39);
            Vector256<ulong> b23 = Rotate(a15 ^ d0, 41), b08 = Rotate(a16 ^ d1, 45), b18 = Rotate(a17 ^ d2, 15);
            Vector256<ulong> b03 = Rotate(a18 ^ d3, 21), b13 = Rotate(a19 ^ d4, 8);
            Vector256<ulong> b14 = Rotate(a20 ^ d0, 18), b24 = Rotate(a21 ^ d1, 2), b09 = Rotate(a22 ^ d2, 61);
            Vector256<ulong> b19 = Rotate(a23 ^ d3, 56), b04 = Rotate(a24 ^ d4, 14);

            a00 = b00 ^ Vector256.AndNot(b02, b01) ^ Vector256.Create(constant);
            a01 = b01 ^ Vector256.AndNot(b03, b02);
            a02 = b02 ^ Vector256.AndNot(b04, b03);
            a03 = b03 ^ Vector256.AndNot(b00, b04);
            a04 = b04 ^ Vector256.AndNot(b01, b00);
            a05 = b05 ^ Vector256.AndNot(b07, b06);
            a06 = b06 ^ Vector256.AndNot(b08, b07);
            a07 = b07 ^ Vector256.AndNot(b09, b08);
            a08 = b08 ^ Vector256.AndNot(b05, b09);
            a09 = b09 ^ Vector256.AndNot(b06, b05);
            a10 = b10 ^ Vector256.AndNot(b12, b11);
            a11 = b11 ^ Vector256.AndNot(b13, b12);
            a12 = b12 ^ Vector256.AndNot(b14, b13);
            a13 = b13 ^ Vector256.AndNot(b10, b14);
            a14 = b14 ^ Vector256.AndNot(b11, b10);
            a15 = b15 ^ Vector256.AndNot(b17, b16);
            a16 = b16 ^ Vector256.AndNot(b18, b17);
            a17 = b17 ^ Vector256.AndNot(b19, b18);
            a18 = b18 ^ Vector256.AndNot(b15, b19);
            a19 = b19 ^ Vector256.AndNot(b16, b15);
            a20 = b20 ^ Vector256.AndNot(b22, b21);
            a21 = b21 ^ Vector256.AndNot(b23, b22);
            a22 = b22 ^ Vector256.AndNot(b24, b23);
            a23 = b23 ^ Vector256.AndNot(b20, b24);
            a24 = b24 ^ Vector256.AndNot(b21, b20);
        }

        s[0] = a00;   // the hashes need only these lanes
        s[1] = a01;
    }
}

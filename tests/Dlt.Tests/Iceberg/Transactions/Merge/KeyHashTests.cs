using Dlt.Iceberg;

namespace Dlt.Tests.Iceberg.Transactions.Merge;

public sealed class KeyHashTests
{
    [Fact]
    public void Values_hash_alike_if_and_only_if_they_are_equal_as_keys()
    {
        object[][] equal =
        [
            [1, 1L, true], [2, 2L], [-7, -7L], [long.MinValue], [int.MinValue, (long)int.MinValue],
            [0.0, -0.0, 0f, -0f], [0.5, 0.5f],
            [double.NaN, float.NaN, BitConverter.Int64BitsToDouble(-1), BitConverter.Int32BitsToSingle(-1)],
            [double.PositiveInfinity, float.PositiveInfinity], [0.1], [0.1f, (double)0.1f],
            [(Int128)1], [-(Int128)1], [Int128.MaxValue],
            ["", Array.Empty<byte>()], ["a", "a"u8.ToArray()], ["\U0001F600", new byte[] { 0xF0, 0x9F, 0x98, 0x80 }], ["a\0"],
            [new string('x', 5000)], [new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11])],
        ];
        var hashes = equal.Select(values => values.Select(KeyHash.Of).Distinct().ToList()).ToList();
        Assert.All(hashes, h => Assert.Single(h));
        Assert.Equal(equal.Length, hashes.Select(h => h[0]).Distinct().Count());
    }

    [Fact]
    public void Keys_of_several_columns_depend_on_the_place_of_each_value()
    {
        UInt128 Of(string a, string b) => KeyHash.Combine(KeyHash.Of(a), KeyHash.Of(b));
        Assert.Equal(Of("a", "bc"), Of("a", "bc"));
        Assert.Equal(4, new[] { Of("a", "bc"), Of("ab", "c"), Of("bc", "a"), KeyHash.Of("abc") }.Distinct().Count());
    }
}

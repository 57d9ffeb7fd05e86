using Dlt.Iceberg;

namespace Dlt.Tests.Iceberg.Transactions.Merge;

/// <summary>The numbers of values keep their order, and reduced ranges contain all values.</summary>
public class KeyRangesTests
{
    private static readonly string[] Letters = ["a", "é", "\u0800", "\uFFFD", "\U0001F600", "\U0010FFFF"];

    [Fact]
    public void A_smaller_text_never_has_a_greater_number()
    {
        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            // Texts that differ around the sixteenth byte or character.
            var start = new string('a', random.Next(0, 17));
            var (one, other) = (start + Text(random), start + Text(random));
            var order = ValueOrder.Compare(one, other);
            var numbers = ValueCode.Of(one).CompareTo(ValueCode.Of(other));
            Assert.True(order == 0 || numbers == 0 || Math.Sign(order) == Math.Sign(numbers), $"'{one}' and '{other}'");
        }
    }

    [Theory, InlineData(1), InlineData(63), InlineData(64), InlineData(65)]
    public void Reduced_ranges_are_as_many_as_wanted_at_most_and_contain_all_values(int wanted)
    {
        var values = new KeyRanges();
        for (var i = 0; i < 64; i++) values.Add(i * i * 10);
        var reduced = KeyRanges.Reduced(values.Ranges, wanted);
        Assert.InRange(reduced.Length, 1, Math.Min(wanted, 64));
        if (wanted >= 64) Assert.Equal(64, reduced.Length);
        for (var i = 0; i < 64; i++)
            Assert.Contains(reduced, r => ValueOrder.Compare(r.Lower, i * i * 10) <= 0 && ValueOrder.Compare(r.Upper, i * i * 10) >= 0);
    }

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(0, 4)).Select(_ => Letters[random.Next(Letters.Length)]));
}

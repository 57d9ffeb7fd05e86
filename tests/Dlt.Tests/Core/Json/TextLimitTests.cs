using Dlt.Batches.Building;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Tests.Core.Json;

public class TextLimitTests
{
    private const int LargeBytes = TextLimit.MaxBytes + 1;

    [Fact]
    public void A_text_of_more_than_a_gigabyte_is_refused_with_its_place_and_the_limit()
    {
        SkipWithoutMemory();
        var text = new byte[LargeBytes + 8];
        Array.Fill(text, (byte)'x');
        "{\"s\":\""u8.CopyTo(text);
        "\"}"u8.CopyTo(text.AsSpan(^2));
        var error = Assert.Throws<JsonFormatException>(() => JsonParser.Parse(text, "a.jsonl", 5, 7));
        Assert.Contains("a.jsonl: line 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("$.s", error.Path, StringComparison.Ordinal);
        Assert.Contains("1 GB", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_binary_value_of_more_than_a_gigabyte_is_refused_with_its_field_and_the_limit()
    {
        SkipWithoutMemory();
        var error = Assert.Throws<DltException>(() => new ValueColumn("picture").TryAppend(ValueKind.Binary, new byte[LargeBytes]));
        Assert.Contains("'picture'", error.Message, StringComparison.Ordinal);
        Assert.Contains("1000000001 bytes", error.Message, StringComparison.Ordinal);
    }

    private static void SkipWithoutMemory() =>
        Assert.SkipWhen(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < 8L * LargeBytes, "This test needs a machine with 8 GB.");
}

using System.Text;
using CsCheck;
using Dlt.Destinations;
using Dlt.Naming;
using Dlt.Normalize;
using Dlt.Schemas;

namespace Dlt.Tests.Pipelines.Normalize;

public class FastPathTests
{
    [Fact]
    public void The_fast_path_gives_the_rows_and_the_schema_of_the_exact_path() => JsonItems.Of(3).List[1, 30].Sample(
        items => Assert.Equal(Normalised(items, useFastPath: false), Normalised(items, useFastPath: true)),
        iter: 3000);

    [Fact]
    public void A_damaged_text_ends_on_both_paths_alike() =>
        Gen.Select(JsonItems.Of(2).List[1, 8], Gen.Int[0, 400], Gen.Int[0, 2],
        JsonItems.OneOf(
        "\"", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "\\", "\u0001", " ", "\n", "n", "t", "\\u12", "\\ud800", "\0")).Sample(
        (items, place, kind, token) =>
        {
            // Every text comes a few times intact, which teaches its shape, and then once damaged.
            List<string> all = [.. items, .. items, .. items, Damaged(items[place % items.Count], place, kind, token)];
            Assert.Equal(Normalised(all, useFastPath: false), Normalised(all, useFastPath: true));
        },
        iter: 20_000);

    private static string Damaged(string text, int place, int kind, string token)
    {
        var at = place % text.Length;
        return kind switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, token),
            _ => text[..at] + token + text[(at + 1)..],
        };
    }

    private static unsafe string Normalised(List<string> items, bool useFastPath)
    {
        var capabilities = AthenaCapabilities.Default;
        var schema = new Schema("law", NamingConvention.Create("snake_case", 255));
        var normalizer = new ItemNormalizer(schema, capabilities, "1.0", new CountingIds(), TimeProvider.System)
        { UseFastPath = useFastPath };
        for (var i = 0; i < items.Count; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(items[i] + new string('\0', 64));
            try
            {
                fixed (byte* text = bytes) normalizer.Add(text, bytes.Length - 64, "items", "test", 0, i + 1);
            }
            catch (DltException error)
            {
                return error.Message;
            }
        }

        return NormalizedText.Of(normalizer, schema);
    }
}

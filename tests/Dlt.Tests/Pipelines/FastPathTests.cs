using System.Text;
using CsCheck;
using Dlt.Naming;
using Dlt.Normalize;
using Dlt.Schemas;

namespace Dlt.Tests.Pipelines;

public class FastPathTests
{
    private static readonly Gen<string> Key = OneOf("a", "b", "camelCase", "with space", "é", "_x", "value", "list");

    private static readonly Gen<string> Scalar = Gen.OneOf(
        Gen.Int.Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.Double[-1e6, 1e6].Select(d => d.ToString("R", System.Globalization.CultureInfo.InvariantCulture)),
        OneOf(
            "null", "true", "false", "\"\"", "\"text\"", "\"q\\\"\\u00e9\\n\"", "\"2024-01-02T03:04:05.678Z\"", "\"2024-01-02T03:04:05+02:00\"", "\"2024-02-30\"", "\"2024-02-28\"", "\"12:30:00\"",
            "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e5", "1e400", "-0", "-0.0", "1.0", "0.1", "123456789012345678901234567890", "{}", "[]", "\"\uF0271\"", "\"\uF0262024-01-02\""));

    [Fact]
    public void The_fast_path_gives_the_rows_and_the_schema_of_the_exact_path() => Json(3).List[1, 30].Sample(
        items => Assert.Equal(Normalised(items, useFastPath: false), Normalised(items, useFastPath: true)),
        iter: 3000);

    [Fact]
    public void A_damaged_text_ends_on_both_paths_alike() => Gen.Select(Json(2).List[1, 8], Gen.Int[0, 400], Gen.Int[0, 2], OneOf("\"", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "\\", "\u0001", " ", "\n", "n", "t", "\\u12", "\\ud800", "\0")).Sample(
        (items, place, kind, token) =>
        {
            // Every text comes a few times whole, so that its shape is known, and then once damaged.
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

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static Gen<string> Json(int depth) => Gen.Select(Key, depth == 0 ? Scalar : Gen.Frequency((4, Scalar), (1, Json(depth - 1)), (1, Gen.OneOf(Scalar, Json(depth - 1)).List[0, 4].Select(l => $"[{string.Join(',', l)}]"))))
        .List[0, 6].Select(members => "{" + string.Join(", ", members.Select(m => $"\"{m.Item1}\":{m.Item2}")) + "}");

    private static unsafe string Normalised(List<string> items, bool useFastPath)
    {
        var capabilities = DestinationCapabilities.Athena;
        var schema = new Schema("law", NamingConvention.Create("snake_case", 255));
        var normalizer = new ItemNormalizer(schema, capabilities, "1.0", new CountingIds(), TimeProvider.System) { UseFastPath = useFastPath };
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

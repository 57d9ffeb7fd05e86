using CsCheck;

namespace Dlt.Tests.Pipelines.Normalize;

/// <summary>Random items: few names, so that shapes repeat, and all kinds of values under each of them.</summary>
internal static class JsonItems
{
    private static readonly Gen<string> Key = OneOf("a", "b", "camelCase", "with space", "é", "_x", "value", "list");

    private static readonly Gen<string> Scalar = Gen.OneOf(
        Gen.Int.Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.Double[-1e6, 1e6].Select(d => d.ToString("R", System.Globalization.CultureInfo.InvariantCulture)),
        OneOf(
            "null", "true", "false", "\"\"", "\"text\"", "\"q\\\"\\u00e9\\n\"", "\"2024-01-02T03:04:05.678Z\"",
            "\"2024-01-02T03:04:05+02:00\"", "\"2024-02-30\"", "\"2024-02-28\"", "\"12:30:00\"",
            "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e5", "1e400", "-0", "-0.0", "1.0", "0.1",
            "123456789012345678901234567890", "{}", "[]", "\"\uF0271\"", "\"\uF0262024-01-02\""));

    public static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    /// <param name="depth">Levels of nesting at most.</param>
    public static Gen<string> Of(int depth) =>
        Gen.Select(Key, depth == 0
        ? Scalar
        : Gen.Frequency(
        (4, Scalar), (1, Of(depth - 1)), (1, Gen.OneOf(Scalar, Of(depth - 1)).List[0, 4].Select(l => $"[{string.Join(',', l)}]"))))
        .List[0, 6].Select(members => "{" + string.Join(", ", members.Select(m => $"\"{m.Item1}\":{m.Item2}")) + "}");
}

using System.Text;
using System.Text.Json;
using CsCheck;
using Dlt.Json;

namespace Dlt.Tests.Core.Json;

/// <summary>The parser accepts and refuses texts exactly by RFC 8259.</summary>
public class JsonParserTests
{
    [Theory]
    [InlineData("[]"), InlineData("{}"), InlineData(" \t\r\n[ ] \n"), InlineData("null"), InlineData("\"\""), InlineData("0"),
        InlineData("-0"), InlineData("-0.0"), InlineData("1e5"), InlineData("1E+5"), InlineData("1.5e-300")]
    [InlineData("123456789012345678901234567890"), InlineData("1e400"), InlineData("[1,[2,[3,{}]]]"), InlineData("{\"\":0}"),
        InlineData("{\"a\":1,\"a\":2}"), InlineData("\"\\u0000\\u001f\\/\\b\\f\\n\\r\\t\\\\\\\"\"")]
    [InlineData("\"\\uD834\\uDD1E\""), InlineData("\"\u007f\u2028\""), InlineData("[true,false,null]")]
    public void Json_is_read(string text) => JsonParser.Parse(text);

    [Theory]
    [InlineData(""), InlineData(" "), InlineData("["), InlineData("]"), InlineData("{"), InlineData("[1,]"), InlineData("[,1]"),
        InlineData("[1 2]"), InlineData("{\"a\"}"), InlineData("{\"a\":}"), InlineData("{\"a\":1,}"), InlineData("{a:1}")]
    [InlineData("{'a':1}"), InlineData("{\"a\" 1}"), InlineData("[1]]"), InlineData("1 2"), InlineData("01"), InlineData("-"),
        InlineData("-01"), InlineData("+1"), InlineData(".5"), InlineData("1."), InlineData("1.e5"), InlineData("1e"), InlineData("1e+"),
        InlineData("0x10")]
    [InlineData("NaN"), InlineData("Infinity"), InlineData("-Infinity"), InlineData("nul"), InlineData("True"), InlineData("nulll"),
        InlineData("\"a"), InlineData("\"\\x\""), InlineData("\"\\u12\""), InlineData("\"\\u12G4\""), InlineData("\"a\nb\""),
        InlineData("\"a\tb\""), InlineData("\"\u0001\"")]
    [InlineData("\"\\uD800\""), InlineData("\"\\uDC00\\uD800\""), InlineData("// no\n1"), InlineData("/* no */ 1"), InlineData("\uFEFF{}"),
        InlineData("[1]\0"), InlineData("\0"), InlineData("\u00a0[]"), InlineData("\f[]"), InlineData("\"a\"\"b\"")]
    public void A_text_that_is_not_json_is_refused(string text)
    {
        var error = Assert.Throws<JsonFormatException>(() => JsonParser.Parse(text, "file.json"));
        Assert.StartsWith("file.json: line ", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Reason);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xFF, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xC3, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xC0, 0x80, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xF4, 0x90, 0x80, 0x80, (byte)'"' })]
    [InlineData(new byte[] { 0xFE, 0xFF, 0, (byte)'1' })]
    public void Bytes_that_are_not_utf8_are_refused(byte[] text) => Assert.Throws<JsonFormatException>(() => JsonParser.Parse(text));

    [Fact]
    public void Nesting_has_a_limit_and_no_end_in_the_stack()
    {
        JsonParser.Parse(Nested(JsonParser.MaxDepth));
        Assert.Throws<JsonFormatException>(() => JsonParser.Parse(Nested(JsonParser.MaxDepth + 1)));
        Assert.Throws<JsonFormatException>(() => JsonParser.Parse(new string('[', 1_000_000)));
        Assert.Throws<JsonFormatException>(() => JsonParser.Parse(string.Concat(Enumerable.Repeat("{\"a\":", 1_000_000))));
    }

    [Fact]
    public void A_key_that_comes_twice_keeps_the_last_value() =>
        Assert.Equal(2, JsonParser.Parse("{\"a\":1,\"b\":0,\"a\":2}")["a"]!.AsInt64());

    [Fact]
    public void The_error_names_line_byte_and_path()
    {
        var error = Assert.Throws<JsonFormatException>(() =>
            JsonParser.Parse("{\"games\":[\n{\"white\":1},\n{\"white\":tru}]}", "games.json"));
        Assert.Equal((3, 33L, "$.games[1].white", "games.json"), ((int)error.Line, error.ByteOffset, error.Path, error.Input!));
    }

    /// <summary>
    /// Both readers are strict, so they must agree on every text; ours refuses lone surrogates too, and has the same limit of depth.
    /// </summary>
    [Fact]
    public void The_parser_agrees_with_another_reader_on_damaged_texts() =>
        Gen.Select(Text(3), Gen.Int[0, 1000], Gen.Int[0, 3],
        OneOf('"', '{', '}', '[', ']', ',', ':', '0', '1', '-', '+', '.', 'e', 'E', '\\', ' ', '\n', 'n', 't', 'u', '/', '\u0001')).Sample(
        (text, place, kind, token) =>
        {
            var at = place % Math.Max(1, text.Length);
            var damaged = kind switch
            {
                0 => text,
                1 => text.Remove(at, Math.Min(1, text.Length)),
                2 => text.Insert(at, token.ToString()),
                _ => text[..at] + token + text[Math.Min(text.Length, at + 1)..]
            };
            Assert.True(Accepts(damaged) == IsRead(damaged), damaged);
        },
        iter: 100_000);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static Gen<string> Text(int depth) => depth == 0
        ? OneOf("1", "-0.5e+10", "\"a\\n\\u00e9\"", "\"\"", "true", "false", "null", "12345678901234567890")
        : Gen.Frequency(
            (3, Text(0)),
            (1, Text(depth - 1).List[0, 4].Select(items => "[" + string.Join(" , ", items) + "]")),
            (1, Gen.Select(OneOf("a", "b c", "\\\"", "é"), Text(depth - 1)).List[0, 4]
                .Select(members => "{" + string.Join(",", members.Select(m => $"\"{m.Item1}\": {m.Item2}")) + "}")));

    private static bool IsRead(string text)
    {
        try
        {
            JsonParser.Parse(text);
            return true;
        }
        catch (JsonFormatException)
        {
            return false;
        }
    }

    private static bool Accepts(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = JsonParser.MaxDepth });
        try
        {
            var any = false;
            while (reader.Read()) any = true;
            return any;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

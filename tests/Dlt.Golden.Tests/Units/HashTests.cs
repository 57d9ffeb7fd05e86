using Dlt.Hashing;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Types;
using System.Text;
using Xunit;

namespace Dlt.Golden.Units;

public class HashTests
{
    public static TheoryData<string> Cases =>
        UnitFile.Ids("hashes", "digest", "json", "double", "typed_decode", "row_hash", "key_hash", "nested_row_hash", "random_shape");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Hashes_and_their_texts_are_the_bytes_of_dlt(string id) => UnitFile.Run("hashes", id, test =>
    {
        var expected = test["expected"]!;
        switch (test["kind"]!.AsString())
        {
            case "digest":
                foreach (var (name, hash) in expected.Members)
                {
                    var bytes = Encoding.UTF8.GetBytes(test["input"]!.AsString());
                    Assert.Equal(hash.AsString(), name == "sha3_256"
                        ? DltHash.Sha3(bytes) : DltHash.Shake(bytes, int.Parse(name["shake128_".Length..])));
                }

                break;
            case "json":
                Texts(test["input"]!, expected);
                break;
            case "double":
                var value = BitConverter.UInt64BitsToDouble(Convert.ToUInt64(test["input"]!["bits"]!.AsString(), 16));
                if (expected["json"] is { Kind: JsonKind.String } json) Assert.Equal(json.AsString(), JsonText.FormatDouble(value));
                Assert.Equal(expected["text_coercion"]!.AsString(), PythonNumber.Repr(value));
                break;
            case "typed_decode":
                var decoded = TypedJson.Decode(test["input"]!.AsString());
                if (expected.Kind == JsonKind.String) Assert.Equal(expected.AsString(), decoded.ToString());
                else Assert.Equal(GoldenValue.ToValue(expected), decoded);
                break;
            case "row_hash":
                var content = JsonValue.Object(TypedJson.ToPlain(GoldenValue.ToExtracted(test["input"]!)).Members.Where(
                    m => !m.Key.StartsWith("_dlt", StringComparison.Ordinal)));
                Assert.Equal(expected["bytes"]!.AsString(), JsonText.Write(content, sortKeys: true));
                Assert.Equal(expected["hash"]!.AsString(), DltHash.Shake(JsonText.WriteUtf8(content, sortKeys: true), 10));
                break;
            case "key_hash":
                if (ErrorOutcome.IsError(expected))
                {
                    ErrorOutcome.Throws(expected, () => NormalizerTests.Observe(KeyHashed(test["input"]!)));
                    break;
                }

                var row = JsonValue.Object(test["input"]!["row"]!.Members.Select(m =>
                    KeyValuePair.Create(
                        m.Key, GoldenValue.IsTyped(m.Value) ? TypedJson.ToPlain(GoldenValue.ToExtracted(m.Value)) : m.Value)));
                var keys = test["input"]!["key"]!;
                var names = keys.Kind == JsonKind.Array ? keys.Items.Select(k => k.AsString()) : [keys.AsString()];
                var key = JsonValue.Object(names.Select(n => KeyValuePair.Create(n, row[n]!)));
                Assert.Equal(expected["hash"]!.AsString(), DltHash.Shake(JsonText.WriteUtf8(key, sortKeys: true), 10));
                break;
            case "nested_row_hash":
                Span<byte> rowId = stackalloc byte[14];
                var input = test["input"]!;
                DltHash.ChildRowId(Encoding.UTF8.GetBytes(input["parent_id"]!.AsString()),
                    Encoding.UTF8.GetBytes(input["table"]!.AsString()), input["index"]!.AsInt64(), rowId);
                Assert.Equal(expected.AsString(), Encoding.ASCII.GetString(rowId));
                break;
            default:
                Span<byte> random = stackalloc byte[14];
                new Dlt.Normalize.Rows.RandomRowIds().Next(random);
                AssertShape(expected["row_id"]!, Encoding.ASCII.GetString(random));
                AssertShape(expected["file_id"]!, DltHash.NewFileId());
                break;
        }
    });

    /// <summary>A row with a key; its id is the hash of the key.</summary>
    private static JsonValue KeyHashed(JsonValue input)
    {
        var keys = input["key"]!.Kind == JsonKind.Array ? input["key"]!.Items : [input["key"]!];
        var columns = JsonValue
            .Object(keys.Select(k =>
                KeyValuePair.Create(
                    k.AsString(), JsonParser.Parse($$"""{"name":"{{k.AsString()}}","primary_key":true,"nullable":false}"""))));
        var table = JsonParser
            .Parse("""{"name":"t","write_disposition":"merge","x-merge-strategy":"upsert","resource":"t","table_format":"iceberg"}""")
            .With("columns", columns);
        return JsonValue.Object(
            ("capabilities", JsonValue.String("athena")), ("table", JsonValue.String("t")), ("load_id", JsonValue.String("1700000000.0")),
            ("settings", JsonValue.Object(("tables", JsonValue.Array([table])))),
            ("items_json", JsonValue.String(JsonText.Write(JsonValue.Array([GoldenValue.ToExtracted(input["row"]!)])))));
    }

    private static void AssertShape(JsonValue shape, string actual)
    {
        Assert.Equal(shape["length"]!.AsInt64(), actual.Length);
        Assert.Matches($"^[{shape["alphabet"]!.AsString()}]*$", actual);
    }

    /// <summary>Typed texts as the vectors write them.</summary>
    private static JsonValue AsGolden(JsonValue json) => json.Kind switch
    {
        JsonKind.Object => JsonValue.Object(json.Members.Select(m => KeyValuePair.Create(m.Key, AsGolden(m.Value)))),
        JsonKind.Array => JsonValue.Array([.. json.Items.Select(AsGolden)]),
        JsonKind.String when TypedJson.HasMarker(json.AsString()) => GoldenValue.FromValue(TypedJson.Decode(json.AsString())),
        _ => json,
    };

    /// <summary>Types and values, apart from the way they are written.</summary>
    private static string Decoded(JsonValue json) => json.Kind switch
    {
        JsonKind.Object when GoldenValue.IsTyped(json) && GoldenValue.ToValue(json) is { } value => $"{value.Type} {value}",
        JsonKind.Object => string.Join(' ', json.Members.Select(m => m.Key + Decoded(m.Value))),
        JsonKind.Array => string.Join(' ', json.Items.Select(Decoded)),
        _ => json.ToString(),
    };

    private static void Texts(JsonValue input, JsonValue expected)
    {
        if (ErrorOutcome.IsError(expected) || ErrorOutcome.IsError(expected["plain"]!))
        {
            ErrorOutcome.Throws(ErrorOutcome.IsError(expected) ? expected : expected["plain"]!,
                () => JsonText.Write(TypedJson.ToPlain(GoldenValue.ToExtracted(input))));
            return;
        }

        var extracted = GoldenValue.ToExtracted(input);
        var plain = TypedJson.ToPlain(extracted);
        var text = expected["plain"]!.AsString();
        Assert.Equal(text, JsonText.Write(plain));
        Assert.Equal(expected["plain_sorted"]?.AsString() ?? text, JsonText.Write(plain, sortKeys: true));
        if (expected["pretty"] is { } pretty) Assert.Equal(pretty.AsString(), JsonText.Write(plain, pretty: true));
        Assert.Equal(expected["typed"]?.AsString() ?? text, JsonText.Write(extracted));
        if (expected["typed_sorted"] is { } sorted) Assert.Equal(sorted.AsString(), JsonText.Write(extracted, sortKeys: true));
        if (expected["typed_decoded"] is { } decoded) Assert.Equal(Decoded(decoded), Decoded(AsGolden(extracted)));
    }
}

using Dlt.Hashing;
using Dlt.Json;
using Dlt.Types;
using System.Text;
using Xunit;

namespace Dlt.Golden.Units;

public class HashTests
{
    public static TheoryData<string> Cases =>
        UnitFile.Ids("hashes", "digest", "json", "double", "typed_decode", "row_hash", "key_hash", "nested_row_hash", "random_shape");

    [Theory, MemberData(nameof(Cases))]
    public void Hashes_and_their_texts_are_the_bytes_of_dlt(string id) => UnitFile.Run("hashes", id, test =>
    {
        var expected = test["expected"]!;
        switch (test["kind"]!.AsString())
        {
            case "digest":
                foreach (var (name, hash) in expected.Members)
                {
                    var bytes = Encoding.UTF8.GetBytes(test["input"]!.AsString());
                    Assert.Equal(hash.AsString(), name == "sha3_256" ? DltHash.Sha3(bytes) : DltHash.Shake(bytes, int.Parse(name["shake128_".Length..])));
                }

                break;
            case "json": Texts(test["input"]!, expected); break;
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
                var content = JsonValue.Object(TypedJson.ToPlain(GoldenValue.ToExtracted(test["input"]!)).Members.Where(m => !m.Key.StartsWith("_dlt", StringComparison.Ordinal)));
                Assert.Equal(expected["bytes"]!.AsString(), JsonText.Write(content, sortKeys: true));
                Assert.Equal(expected["hash"]!.AsString(), DltHash.Shake(JsonText.WriteUtf8(content, sortKeys: true), 10));
                break;
            case "key_hash":
                if (expected["error"] is not null) break;   // a missing key: contract of RowTree, tested with the normaliser
                var row = JsonValue.Object(test["input"]!["row"]!.Members.Select(m => KeyValuePair.Create(m.Key, GoldenValue.IsTyped(m.Value) ? TypedJson.ToPlain(GoldenValue.ToExtracted(m.Value)) : m.Value)));
                var keys = test["input"]!["key"]!;
                var names = keys.Kind == JsonKind.Array ? keys.Items.Select(k => k.AsString()) : [keys.AsString()];
                var key = JsonValue.Object(names.Select(n => KeyValuePair.Create(n, row[n]!)));
                Assert.Equal(expected["hash"]!.AsString(), DltHash.Shake(JsonText.WriteUtf8(key, sortKeys: true), 10));
                break;
            case "nested_row_hash":
                Span<byte> rowId = stackalloc byte[14];
                var input = test["input"]!;
                DltHash.ChildRowId(Encoding.UTF8.GetBytes(input["parent_id"]!.AsString()), Encoding.UTF8.GetBytes(input["table"]!.AsString()), input["index"]!.AsInt64(), rowId);
                Assert.Equal(expected.AsString(), Encoding.ASCII.GetString(rowId));
                break;
            default:
                Assert.Matches("^[0-9a-f]{10}$", DltHash.NewFileId());
                Span<byte> random = stackalloc byte[14];
                new Dlt.Normalize.Rows.RandomRowIds().Next(random);
                Assert.Matches("^[A-Za-z0-9+/]{14}$", Encoding.ASCII.GetString(random));
                break;
        }
    });

    private static void Texts(JsonValue input, JsonValue expected)
    {
        var extracted = GoldenValue.ToExtracted(input);
        var plain = TypedJson.ToPlain(extracted);
        if (expected["error"] is not null) return;
        if (expected["plain"]!.Kind == JsonKind.Object) return;   // an integer that Python's writer refuses; ours keeps it exact
        var text = expected["plain"]!.AsString();
        Assert.Equal(text, JsonText.Write(plain));
        Assert.Equal(expected["plain_sorted"]?.AsString() ?? text, JsonText.Write(plain, sortKeys: true));
        if (expected["pretty"] is { } pretty) Assert.Equal(pretty.AsString(), JsonText.Write(plain, pretty: true));
        Assert.Equal(expected["typed"]?.AsString() ?? text, JsonText.Write(extracted));
    }
}

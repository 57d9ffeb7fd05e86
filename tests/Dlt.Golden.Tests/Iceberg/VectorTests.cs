using System.Collections.Immutable;
using System.Text;
using Dlt.Golden.Harness;
using Dlt.Iceberg;
using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Iceberg;

public class VectorTests
{
    public static TheoryData<string> Vectors
    {
        get
        {
            var data = new TheoryData<string>();
            if (!GoldenTables.Has("vectors.json")) return Judge.OrSkipped(data);
            var lines = GoldenTables.Read("vectors.json").Items;
            for (var i = 0; i < lines.Length; i++) data.Add($"{lines[i]["kind"]!.AsString()}-{i}");
            return data;
        }
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Vectors))]
    public void Values_are_transformed_hashed_and_written_as_in_java(string id) =>
        Judge.Run(new(GoldenTables.Folder, "vectors", id, JsonValue.EmptyObject, static () => JsonValue.EmptyObject), _ =>
    {
        var vector = GoldenTables.Read("vectors.json").Items[int.Parse(id.AsSpan(id.IndexOf('-', StringComparison.Ordinal) + 1))];
        Words.Check(vector, "vectors", "kind", "type", "value", "transform", "resultType", "result",
            "text", "hex", "hash", "width", "lower", "upper", "name", "path", "readers", "pyiceberg");
        var type = PrimitiveType.Parse(vector["type"]!.AsString());
        var value = Canonical.Read(type, vector["value"]!);
        switch (vector["kind"]!.AsString())
        {
            case "transform":
                var transform = Transform.Parse(vector["transform"]!.AsString());
                var result = transform.ResultType(type)!;
                var applied = value is null ? null : transform.Apply(type, value);
                if (transform is not VoidTransform) Assert.Equal(PrimitiveType.Parse(vector["resultType"]!.AsString()), result);
                Assert.Equal(JsonText.Write(vector["result"]!), JsonText.Write(Canonical.Of(result, applied)));
                if (vector["text"] is { Kind: JsonKind.String } text)
                    Assert.Equal(text.AsString(), PartitionText.Of(transform, result, applied));
                break;
            case "hash":
                Assert.Equal(vector["hash"]!.AsInt64(), BucketTransform.Hash(type, value!));
                break;
            case "binary":
                var bytes = SingleValue.Encode(type, value!)!;
                Assert.Equal(vector["hex"]!.AsString(), Convert.ToHexStringLower(bytes));
                Assert.True(SingleValue.TryDecode(type, bytes, out var back));
                Assert.Equal(JsonText.Write(vector["value"]!), JsonText.Write(Canonical.Of(type, back)));
                break;
            case "bounds":
                var width = SchemaJson.Int(vector["width"]!);
                Assert.Equal(Text(vector["lower"]!), Hex(Bounds.Lower(value!, width)));
                Assert.Equal(Text(vector["upper"]!), Hex(Bounds.Upper(value!, width)));
                break;
            case "path":
                var name = vector["name"]!.AsString();
                var spec = new PartitionSpec(0, [new(1, 1000, name, Transform.Identity)]);
                Assert.Equal(
                    vector["path"]!.AsString(), PartitionPath.Of(spec, new Schema([new(1, "c", type)]), ImmutableArray.Create(value)));
                break;
            case var other: throw new NotDrivenException($"the kind '{other}' of vectors.json");
        }
    });

    private static string? Text(JsonValue json) => json.IsNull ? null : json.AsString();

    private static string? Hex(object? value) =>
        value switch
        {
            null => null,
            string text => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
            var bytes => Convert.ToHexStringLower((byte[])bytes)
        };
}

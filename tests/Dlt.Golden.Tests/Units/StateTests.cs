using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.State;
using System.Text;
using Xunit;

namespace Dlt.Golden.Units;

public class StateTests
{
    public static TheoryData<string> Cases =>
        UnitFile.Ids("state", "state", "bump", "migrate", "decode", "deflate", "package_state",
            "default_state", "default_package_state", "state_row");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void State_is_hashed_versioned_and_compressed_as_in_dlt(string id) => UnitFile.Run("state", id, test =>
    {
        var expected = test["expected"]!;
        switch (test["kind"]!.AsString())
        {
            case "state":
                var state = test["input_json"] is { } text ? JsonParser.Parse(text.AsString()) : GoldenValue.ToExtracted(test["input"]!);
                Assert.Equal(expected["hashed_json"]!.AsString(), Encoding.UTF8.GetString(StateJson.HashedBytes(state)));
                var bumped = StateJson.Bump(state);
                Assert.Equal(expected["version_hash"]!.AsString(), bumped["_version_hash"]!.AsString());
                Assert.Equal(expected["version"]!.AsInt64(), bumped["_state_version"]!.AsInt64());
                if (expected["stored"] is { } stored)
                    Assert.Equal(JsonText.Write(StateJson.Decompress(stored.AsString()), sortKeys: true),
                        JsonText.Write(StateJson.Decompress(StateJson.Compress(bumped)), sortKeys: true));
                break;
            case "bump":
                var current = test["input"]!["state"]!;
                var steps = new List<JsonValue> { JsonValue.EmptyObject };
                steps.AddRange(test["input"]!["updates"]!.Items);
                for (var i = 0; i < expected.Items.Length; i++)
                {
                    current = StateJson.Bump(JsonValue.Object(current.Members.Concat(steps[i].Members)));
                    Assert.Equal(expected.Items[i]["version"]!.AsInt64(), current["_state_version"]!.AsInt64());
                    Assert.Equal(expected.Items[i]["hash"]!.AsString(), current["_version_hash"]!.AsString());
                }

                break;
            case "migrate":
                if (ErrorOutcome.IsError(expected)) ErrorOutcome.Throws(expected, () => StateJson.Migrate(test["input"]!));
                else Assert.Equal(JsonText.Write(expected, sortKeys: true),
                    JsonText.Write(StateJson.Migrate(test["input"]!), sortKeys: true));
                break;
            case "decode":
                if (ErrorOutcome.IsError(expected)) ErrorOutcome.Throws(expected, () => StateJson.Decompress(test["input"]!.AsString()));
                else Assert.Equal(JsonText.Write(GoldenValue.ToExtracted(expected), sortKeys: true),
                    JsonText.Write(StateJson.Decompress(test["input"]!.AsString()), sortKeys: true));
                break;
            case "deflate":
                Assert.Equal(CompressedText.Decode(expected.AsString()),
                    CompressedText.Decode(CompressedText.Encode(Encoding.UTF8.GetBytes(test["input"]!.AsString()))));
                break;
            case "package_state":
                var package = StateJson.BumpPackage(JsonParser.Parse(test["input_json"]!.AsString()));
                Assert.Equal(expected["version_hash"]!.AsString(), package["_version_hash"]!.AsString());
                Assert.Equal(expected["file"]!.AsString(), JsonText.Write(package));
                break;
            case "default_state":
                var names = PipelineState.New("cwd", "p").Json.Members.Names.Where(n => n != "pipeline_name");
                Assert.Equal(expected.Members.Names.Order(), names.Order());
                break;
            case "default_package_state":
                Assert.Equal(StateJson.PackageEngine, expected["_state_engine_version"]!.AsInt64());
                break;
            default:
                var row = new PipelineState(test["input"]!).ToRow("1700000000.0", DateTimeOffset.UnixEpoch);
                foreach (var (name, value) in expected.Members)
                {
                    if (name == "created_at") continue;
                    if (name == "state")
                        Assert.Equal(JsonText.Write(StateJson.Decompress(value.AsString()), sortKeys: true),
                            JsonText.Write(StateJson.Decompress(row[name]!.AsString()), sortKeys: true));
                    else Assert.Equal(value, row[name]);
                }

                break;
        }
    });
}

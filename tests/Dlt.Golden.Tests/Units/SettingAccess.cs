using Dlt.Configuration;
using Dlt.Golden.Harness;
using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Units;

/// <summary>
/// Settings by their key: <c>get</c> gives the text of the environment or the value of a file, and nothing where there is none;
/// <c>item</c> gives a value with the type that it looks like.
/// </summary>
internal static class SettingAccess
{
    public static void Check(JsonValue test, DltConfiguration configuration)
    {
        var accesses = (test["access"] ?? throw new NotDrivenException("a case without 'access'")).Items;
        var expected = test["expected"]!;
        if (ErrorOutcome.IsError(expected))
        {
            ErrorOutcome.Throws(expected, () =>
            {
                foreach (var access in accesses) Ask(access, test, configuration);
            });
            return;
        }

        for (var i = 0; i < accesses.Length; i++)
        {
            var wanted = expected["resolved"]!.Kind == JsonKind.Array ? expected["resolved"]!.Items[i]
                : expected["resolved"]![accesses[i]["how"]!.AsString()]!;
            Assert.Equal(
                JsonText.Write(GoldenValue.ToExtracted(wanted)), JsonText.Write(Ask(accesses[i], test, configuration) ?? JsonValue.Null));
        }
    }

    private static JsonValue? Ask(JsonValue access, JsonValue test, DltConfiguration configuration)
    {
        Words.Check(access, "access", "from", "how", "key", "type");
        var key = access["key"]!.AsString();
        if (access["type"] is { Kind: JsonKind.String } type)
        {
            return SettingTypes.Plain(type.AsString()) switch
            {
                "str" => configuration.GetString(key) is { } text ? JsonValue.String(text) : null,
                "int" => configuration.GetInteger(key) is { } integer ? JsonValue.Integer(integer) : null,
                "float" => configuration.GetDouble(key) is { } number ? JsonValue.Real(number) : null,
                "bool" => configuration.GetBool(key) is { } flag ? JsonValue.Bool(flag) : null,
                var other => throw new NotDrivenException($"an access of the type '{other}'"),
            };
        }

        return access["how"]!.AsString() switch
        {
            "item" => configuration[key],
            "get" when test["env"]?[key.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant()] is not null =>
                JsonValue.String(configuration.GetString(key)),
            "get" => Record.Exception(() => configuration[key]) is ConfigurationException ? null : configuration[key],
            var other => throw new NotDrivenException($"the access '{other}'"),
        };
    }
}

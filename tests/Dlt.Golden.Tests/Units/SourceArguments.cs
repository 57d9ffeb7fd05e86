using Dlt.Configuration;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Units;

/// <summary>The arguments of a source function of Python as a record of settings (README of dlt/units).</summary>
internal static class SourceArguments
{
    /// <summary>Arguments that are injected or have a default are settings; other arguments come from the caller only.</summary>
    public static ConfigurationSpec Spec(JsonValue arguments) =>
        new("source", [.. arguments.Items.Where(a => a["injected"] is not null || a["default"] is not null).Select(Field)]);

    private static ConfigurationField Field(JsonValue argument)
    {
        Words.Check(argument, "arguments", "name", "type", "injected", "default");
        var field = new ConfigurationField(
            argument["name"]!.AsString(), argument["type"] is { Kind: JsonKind.String } type ? SettingTypes.Of(type.AsString())
                : ConfigurationType.Any);
        return argument["injected"]?.AsString() switch
        {
            "secrets" => field with { IsOptional = false, IsSecret = true },
            "config" => field with { IsOptional = false },
            null => field with { Default = argument["default"] },
            var other => throw new NotDrivenException($"values from '{other}'"),
        };
    }
}

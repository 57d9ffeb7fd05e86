using Dlt.Configuration;
using Dlt.Json;

namespace Dlt.Golden.Units;

/// <summary>The arguments of a source function of Python as a record of settings (README of dlt/units): <c>name: type = default</c>.</summary>
internal static class SourceArguments
{
    /// <summary>Arguments with a default are settings; those without are given by the caller only.</summary>
    public static ConfigurationSpec Spec(string arguments) => new("source", [.. Split(arguments).Where(a => a.Default is not null).Select(Field)]);

    /// <summary>What the call gives, by name.</summary>
    public static JsonValue? Given(string arguments, string call)
    {
        if (call.Length == 0) return null;
        var values = call.Split(", ").Select(v => Value(v)!);
        return JsonValue.Object(Split(arguments).Select(a => a.Name).Zip(values, KeyValuePair.Create));
    }

    private static ConfigurationField Field((string Name, string Type, string? Default) argument)
    {
        var field = new ConfigurationField(argument.Name, argument.Type switch
        {
            "int" or "Optional[int]" => ConfigurationType.Integer,
            "float" => ConfigurationType.Double,
            "bool" => ConfigurationType.Bool,
            "dict" => ConfigurationType.Map,
            "" => ConfigurationType.Any,
            _ when argument.Type.StartsWith("List[", StringComparison.Ordinal) => ConfigurationType.List,
            _ => ConfigurationType.Text,
        });
        return argument.Default switch
        {
            "dlt.secrets.value" => field with { IsOptional = false, IsSecret = true },
            "dlt.config.value" => field with { IsOptional = false },
            _ => field with { Default = Value(argument.Default!) },
        };
    }

    private static JsonValue? Value(string python) => python switch
    {
        "None" => JsonValue.Null,
        "True" => JsonValue.Bool(true),
        "False" => JsonValue.Bool(false),
        ['\'', .., '\''] => JsonValue.String(python[1..^1]),
        _ => JsonParser.Parse(python),
    };

    private static IEnumerable<(string Name, string Type, string? Default)> Split(string arguments)
    {
        foreach (var argument in arguments.Split(", "))
        {
            var halves = argument.Split('=', 2, StringSplitOptions.TrimEntries);
            var name = halves[0].Split(':', 2, StringSplitOptions.TrimEntries);
            yield return (name[0], name.Length > 1 ? name[1] : "", halves.Length > 1 ? halves[1] : null);
        }
    }
}

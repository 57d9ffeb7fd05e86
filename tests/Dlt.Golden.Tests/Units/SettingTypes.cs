using Dlt.Configuration;
using Dlt.Golden.Harness;

namespace Dlt.Golden.Units;

/// <summary>Python's types of settings, and ours.</summary>
internal static class SettingTypes
{
    /// <exception cref="NotDrivenException">The type is not known.</exception>
    public static ConfigurationType Of(string python) => Plain(python) switch
    {
        "str" => ConfigurationType.Text,
        "int" => ConfigurationType.Integer,
        "float" => ConfigurationType.Double,
        "bool" => ConfigurationType.Bool,
        "decimal" or "Decimal" => ConfigurationType.Decimal,
        "datetime" => ConfigurationType.Timestamp,
        "bytes" => ConfigurationType.Binary,
        "dict" => ConfigurationType.Map,
        "list" => ConfigurationType.List,
        "any" or "Any" => ConfigurationType.Any,
        var other when other.StartsWith("List[", StringComparison.Ordinal) || other.StartsWith("list[", StringComparison.Ordinal) =>
            ConfigurationType.List,
        var other when other.StartsWith("Dict[", StringComparison.Ordinal) || other.StartsWith("dict[", StringComparison.Ordinal) =>
            ConfigurationType.Map,
        var other => throw new NotDrivenException($"the type '{other}' of a setting"),
    };

    /// <summary>The type without <c>Optional</c>.</summary>
    public static string Plain(string python)
    {
        if (python.StartsWith("optional_", StringComparison.Ordinal)) return python["optional_".Length..];
        return python.StartsWith("Optional[", StringComparison.Ordinal) ? python["Optional[".Length..^1] : python;
    }
}

using System.Text.RegularExpressions;
using Dlt.Golden.Harness;
using Dlt.Golden.Units;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>The settings that a case of dlt/units writes, read by their text.</summary>
internal static partial class SettingsText
{
    private static readonly string[] Members = ["secrets_toml", "config_toml", "global_secrets_toml", "global_config_toml"];

    public static bool IsSettings(GoldenCase golden) =>
        golden.Folder == UnitFile.Folder && golden.Unit == "config" && golden["spec"] is not null;

    public static bool Is(GoldenCase golden, string spec) =>
        IsSettings(golden) && golden["spec"] is { Kind: JsonKind.String } name && name.AsString() == spec;

    /// <summary>The TOML texts, the ones that win first, and those of profiles.</summary>
    public static IEnumerable<(string Member, string Text)> Tomls(GoldenCase golden) =>
        Members.Where(m => golden[m] is { Kind: JsonKind.String }).Select(m => (m, golden[m]!.AsString()))
            .Concat(
                golden["files"] is { } files
                    ? files.Members.Where(f => f.Key.EndsWith(".toml", StringComparison.Ordinal)).Select(f => (f.Key, f.Value.AsString()))
                    : []);

    /// <summary>The value of a key, in the environment or in a file; null when nobody sets it.</summary>
    public static JsonValue? Value(GoldenCase golden, string key)
    {
        if (golden["env"] is { } environment)
        {
            foreach (var (name, value) in environment.Members)
                if (name == key.ToUpperInvariant() || name.EndsWith("__" + key.ToUpperInvariant(), StringComparison.Ordinal)) return value;
        }

        foreach (var (_, text) in Tomls(golden))
            if (
                Regex.Match(
                    text, $@"^\s*{Regex.Escape(key)}\s*=\s*(.+?)\s*$", RegexOptions.Multiline) is { Success: true } match) return Scalar(
                        match.Groups[1].Value);
        return null;
    }

    /// <summary>The keys of a table, such as <c>[destination.athena.conn_properties]</c>; null when there is none.</summary>
    public static JsonValue? Table(GoldenCase golden, string name)
    {
        foreach (var (_, text) in Tomls(golden))
        {
            if (
                Regex.Match(
                    text, $@"^\[(?:.*\.)?{Regex.Escape(name)}\]\s*$([^\[]*)",
                        RegexOptions.Multiline) is not { Success: true } table) continue;
            return JsonValue.Object(
                Line().Matches(table.Groups[1].Value).Select(l => KeyValuePair.Create(l.Groups[1].Value, Scalar(l.Groups[2].Value))));
        }

        return null;
    }

    /// <summary>True when a key occurs anywhere.</summary>
    public static bool Mentions(GoldenCase golden, string key) => Value(golden, key) is not null || Table(golden, key) is not null;

    private static JsonValue Scalar(string toml)
    {
        if (toml is ['\'', .., '\'']) return JsonValue.String(toml[1..^1]);
        return JsonParser.Parse(toml);
    }

    [GeneratedRegex(@"^\s*([\w-]+)\s*=\s*(.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Line();
}

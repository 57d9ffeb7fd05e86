using System.Text.RegularExpressions;
using Dlt.Json;

namespace Dlt.Golden.Athena;

/// <summary>The placeholders of dlt-athena, such as <c>&lt;load_id:1&gt;</c> (README there).</summary>
internal static partial class Placeholder
{
    public const string LoadId = "load_id";
    public const string RowId = "row_id";
    public const string Hash = "hash";
    public const string State = "state";
    public const string Now = "now";

    /// <summary>The kind of a placeholder, such as <c>load_id</c>; null for another value.</summary>
    public static string? KindOf(JsonValue cell) =>
        cell.Kind == JsonKind.String && Whole().Match(cell.AsString()) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The number of a placeholder.</summary>
    public static int NumberOf(string placeholder) => int.Parse(Whole().Match(placeholder).Groups[2].Value);

    /// <summary>True when a text has the form of another one with placeholders.</summary>
    public static bool Matches(string expected, string actual) => Regex.IsMatch(
        actual, "^" + Any().Replace(Regex.Escape(expected), m => m.Groups[1].Value == Now ? "[0-9:. -]+" : "[0-9A-Za-z]+") + "$");

    [GeneratedRegex(@"^<(\w+):(\d+)>$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"<(\w+):\d+>")]
    private static partial Regex Any();
}

using System.Collections.Immutable;
using Dlt.Configuration;
using Dlt.Types;

namespace Dlt.Destinations.Settings;

/// <summary>
/// Reads the layout of files and its placeholders: <c>layout</c>, <c>extra_placeholders</c>, <c>current_datetime</c>
/// (docs/spec/athena-destination.md 1.4, 2.3).
/// </summary>
internal static class LayoutSettings
{
    /// <summary>
    /// Placeholders that make the name of a file unique. They cannot be overridden, because files would overwrite each other.
    /// </summary>
    private static readonly string[] Identity = ["schema_name", "table_name", "load_id", "file_id", "ext"];

    /// <summary>Reads the layout; warns of placeholders that it does not use.</summary>
    /// <param name="files">Settings of the bucket.</param>
    /// <param name="placeholders">Placeholders of the program, which win over those of the settings.</param>
    /// <param name="warn">Receives the warnings.</param>
    /// <exception cref="ConfigurationException">The layout or a placeholder is not valid.</exception>
    public static FileLayout Read(
        ResolvedConfiguration files, ImmutableDictionary<string, Func<LayoutFile, string>> placeholders, Action<string> warn)
    {
        var given = files.Values["extra_placeholders"] is { Kind: JsonKind.Object } map ? map : JsonValue.EmptyObject;
        var extra = new Dictionary<string, Func<LayoutFile, string>>(StringComparer.Ordinal);
        foreach (var (name, value) in given.Members)
        {
            var text = Text(name, value);
            extra[name] = _ => text;
        }

        foreach (var (name, make) in placeholders) extra[name] = file => Checked(name, make(file));
        foreach (var name in extra.Keys.Where(Identity.Contains))
            throw Bad(name, "has the name of a placeholder that keeps the names of files unique; choose another name");
        var pattern = files.Text("layout")!;
        var layout = new FileLayout(pattern, extra.Keys, files.PlaceOf("layout"))
        { ExtraValues = extra, CurrentTime = Time(files.Text("current_datetime")) };
        layout.TablePrefix("t");
        foreach (var name in extra.Keys.Where(n => !pattern.Contains($"{{{n}}}", StringComparison.Ordinal)))
            warn($"'destination.filesystem.extra_placeholders.{name}' has no effect: the layout has no '{{{name}}}'.");
        return layout;
    }

    private static string Text(string name, JsonValue value)
    {
        var plain = TypedJson.ToPlain(value);
        return Checked(name, plain.Kind switch
        {
            JsonKind.String => plain.AsString(),
            JsonKind.Integer or JsonKind.Real => plain.ToString(),
            _ => throw Bad(name, "is neither a text, a number nor a date"),
        });
    }

    private static string Checked(string name, string text)
    {
        if (text.Split('/', '\\').Any(part => part is "" or "." or ".."))
            throw Bad(name, "has an empty part, '.' or '..', which is not a folder's name");
        return text;
    }

    /// <param name="typed">A time as typed JSON.</param>
    private static DateTimeOffset? Time(string? typed) =>
        typed is null
            ? null
            : DateTimeOffset.UnixEpoch.AddTicks(TypedJson.Decode(typed).AsTimestamp.UtcMicros * TimeSpan.TicksPerMicrosecond);

    private static ConfigurationException Bad(string name, string why) =>
        new($"destination.filesystem.extra_placeholders.{name} {why}. Nothing was run.") { Fields = ["extra_placeholders"] };
}

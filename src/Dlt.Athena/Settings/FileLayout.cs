using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dlt.Packages;

namespace Dlt.Destinations.Settings;

/// <summary>
/// Makes the keys of objects, relative to the dataset, from a pattern such as <c>{table_name}/{load_id}.{file_id}.{ext}</c>
/// (docs/spec/athena-destination.md 2.3, 2.4).
/// </summary>
internal sealed class FileLayout
{
    public const string Default = "{table_name}/{load_id}.{file_id}.{ext}";

    private const string TableName = "table_name";

    private readonly string _layout;
    private readonly string _place;
    private readonly List<(string Literal, string? Placeholder)> _parts = [];

    /// <summary>Parses a pattern.</summary>
    /// <param name="layout">The pattern.</param>
    /// <param name="extraPlaceholders">Names of further placeholders.</param>
    /// <param name="place">Where the pattern is set, for messages.</param>
    /// <exception cref="ConfigurationException">The pattern has unknown or malformed placeholders.</exception>
    public FileLayout(string layout, IReadOnlyCollection<string>? extraPlaceholders = null, string place = "the arguments")
    {
        _place = place;
        _layout = layout.Contains("{ext}", StringComparison.Ordinal) ? layout : layout + ".{ext}";
        ParseParts(layout, extraPlaceholders ?? []);
        if (_layout.Split('/').Any(part => part is "." or ".."))
            throw new ConfigurationException($"The layout '{layout}' in {place} has the part '.' or '..', which keys cannot have. "
                + "Nothing was run. Remove it.")
            { Fields = ["layout"] };
    }

    /// <summary>The pattern, with <c>.{ext}</c> appended if it has no <c>{ext}</c>.</summary>
    public string Pattern => _layout;

    /// <summary>Makes the values of additional placeholders, by name.</summary>
    public IReadOnlyDictionary<string, Func<LayoutFile, string>> ExtraValues { get; init; } =
        ImmutableDictionary<string, Func<LayoutFile, string>>.Empty;

    /// <summary>The time that date and time placeholders show; null for that of the package.</summary>
    public DateTimeOffset? CurrentTime { get; init; }

    /// <summary>Makes the key of a job's object.</summary>
    public string PathOf(JobFileName job, string schema, string loadId, DateTimeOffset packageTime)
    {
        var clock = Clock.Of(CurrentTime ?? packageTime.ToUniversalTime(), packageTime);
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["schema_name"] = schema,
            [TableName] = TableFolder.Of(job.Table),
            ["load_id"] = loadId,
            ["file_id"] = job.FileId,
            ["ext"] = job.FullExtension,
        };
        if (ExtraValues.Count > 0)
        {
            var file = new LayoutFile(schema, job.Table, loadId, job.FileId, job.FullExtension);
            foreach (var (name, make) in ExtraValues) values[name] = make(file);
        }

        foreach (var (name, value) in clock) values[name] = value;
        return string.Concat(_parts.Select(p => p.Placeholder is null ? p.Literal : values[p.Placeholder]));
    }

    /// <summary>The folder of a table: the key up to the slash after the table's name.</summary>
    /// <exception cref="ConfigurationException">The layout does not give each table its own folder.</exception>
    public string TablePrefix(string table)
    {
        var at = _parts.FindIndex(p => p.Placeholder == TableName);
        if (at < 0) throw Bad("{table_name} is missing");
        if (_parts.Take(at).FirstOrDefault(p => p.Placeholder is not null).Placeholder is { } before)
            throw Bad($"{{{before}}} comes before {{table_name}}");
        var next = at + 1 < _parts.Count ? _parts[at + 1] : ("", null);
        if (next.Placeholder is not null || !next.Literal.StartsWith('/'))
            throw Bad("a '/' must follow {table_name}, which gives every table its own folder");
        var file = string.Concat(_parts.Skip(at + 1).Select(p => p.Placeholder is null ? p.Literal : "x")).Split('/')[^1];
        var rest = next.Literal[1..];
        if ((rest.Length == 0 && at + 2 >= _parts.Count) || file.StartsWith('.') || file.StartsWith('_'))
            throw Bad("the file name must not be empty or begin with '.' or '_': Athena does not read such files");
        return string.Concat(_parts.Take(at).Select(p => p.Literal)) + TableFolder.Of(table) + "/";
    }

    private void ParseParts(string layout, IReadOnlyCollection<string> extra)
    {
        var known = Clock.Of(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch).Select(c => c.Name)
            .Concat(["schema_name", TableName, "load_id", "file_id", "ext"]).Concat(extra).ToHashSet(StringComparer.Ordinal);
        var literal = new StringBuilder();
        for (var i = 0; i < _layout.Length; i++)
        {
            if (_layout[i] != '{')
            {
                literal.Append(_layout[i]);
                continue;
            }

            var end = _layout.IndexOf('}', i);
            var name = end < 0 ? _layout[(i + 1)..] : _layout[(i + 1)..end];
            if (end < 0 || !known.Contains(name))
            {
                var isOpen = end < 0 || name.Contains('{', StringComparison.Ordinal);
                throw new ConfigurationException(
                    $"The layout '{layout}' in {_place} has {(isOpen ? "a '{' without '}'" : $"the unknown placeholder '{{{name}}}'")}. "
                    + $"Nothing was run. Known placeholders: {string.Join(", ", known.Order(StringComparer.Ordinal))}.")
                { Fields = ["layout"] };
            }

            if (literal.Length > 0) _parts.Add((literal.ToString(), null));
            literal.Clear();
            _parts.Add(("", name));
            i = end;
        }

        if (literal.Length > 0) _parts.Add((literal.ToString(), null));
    }

    private ConfigurationException Bad(string why) => new(
        $"The layout '{_layout}' in {_place} does not give every table a folder: {why}. Nothing was run. Use for example {Default}.")
    { Fields = ["layout"] };

    /// <summary>Date and time placeholders. All values are in lower case.</summary>
    internal static class Clock
    {
        public static IEnumerable<(string Name, string Value)> Of(DateTimeOffset now, DateTimeOffset package)
        {
            string F(string format) => now.ToString(format, CultureInfo.InvariantCulture).ToLowerInvariant();
            string N(int value) => value.ToString(CultureInfo.InvariantCulture);
            var day = now.DayOfWeek.ToString().ToLowerInvariant();
            yield return ("YYYY", F("yyyy"));
            yield return ("YY", F("yy"));
            yield return ("Y", N(now.Year));
            yield return ("MMMM", F("MMMM"));
            yield return ("MMM", F("MMM"));
            yield return ("MM", F("MM"));
            yield return ("M", N(now.Month));
            yield return ("DD", F("dd"));
            yield return ("D", N(now.Day));
            yield return ("HH", F("HH"));
            yield return ("H", N(now.Hour));
            yield return ("mm", F("mm"));
            yield return ("m", N(now.Minute));
            yield return ("ss", F("ss"));
            yield return ("s", N(now.Second));
            yield return ("SSSS", F("ffff"));
            yield return ("SSS", F("fff"));
            yield return ("SS", F("ff"));
            yield return ("S", now.ToString("%f", CultureInfo.InvariantCulture));
            yield return ("dddd", day);
            yield return ("ddd", day[..3]);
            yield return ("dd", day[..2]);
            yield return ("d", N((int)now.DayOfWeek));
            yield return ("Q", N((now.Month + 2) / 3));
            yield return ("timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            yield return ("timestamp_ms", now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
            yield return ("curr_date", F("yyyy-MM-dd"));
            yield return ("load_package_timestamp", package.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            yield return ("load_package_timestamp_ms", package.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        }
    }
}

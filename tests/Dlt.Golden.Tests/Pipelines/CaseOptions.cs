using System.Globalization;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Pipelines;

/// <summary>The options of a case's merge strategy. Each is read once; one that nobody reads is not driven.</summary>
/// <param name="options">The options by their names in dlt.</param>
internal sealed class CaseOptions(JsonMembers options)
{
    private readonly HashSet<string> _read = [];

    public static NotDrivenException NotDriven(string option) => new($"the member 'write_disposition.{option}'");

    /// <exception cref="NotDrivenException">An option was not read.</exception>
    public void CheckRead()
    {
        if (options.Names.FirstOrDefault(n => !_read.Contains(n)) is { } unknown) throw NotDriven(unknown);
    }

    public bool Flag(string option) => Of(option) is { Kind: JsonKind.True };

    public string? Text(string option) => Of(option)?.AsString();

    public IEnumerable<string> Names(string option) => (Of(option)?.Items ?? []).Select(n => n.AsString());

    /// <summary>A time is a text or a value of the form <c>{"$datetime": …}</c>; one without zone is UTC.</summary>
    public DateTimeOffset? Time(string option) => Of(option) switch
    {
        null => null,
        { Kind: JsonKind.Object } time => Parse(time["$datetime"] ?? time["$date"] ?? throw NotDriven(option)),
        var text => Parse(text),
    };

    private static DateTimeOffset Parse(JsonValue text) =>
        DateTimeOffset.Parse(text.AsString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private JsonValue? Of(string option)
    {
        _read.Add(option);
        return options.TryGet(option, out var value) && !value.IsNull ? value : null;
    }
}

using System.Collections.Immutable;
using Dlt.Json;

namespace Dlt.Configuration;

/// <summary>What must not run while a setting cannot be obeyed.</summary>
[Flags]
internal enum Stops
{
    /// <summary>Nothing: a warning suffices.</summary>
    None = 0,
    /// <summary>Loads.</summary>
    Loads = 1,
    /// <summary>Queries.</summary>
    Queries = 2,
    /// <summary>Changes of tables from code.</summary>
    Tables = 4,
}

/// <summary>A setting of dlt that has no effect here.</summary>
/// <param name="Reason">What happens instead, as the end of a sentence after a colon.</param>
/// <param name="Stops">What must not run with it; nothing where the neglect does no harm.</param>
internal sealed record Neglect(string Reason, Stops Stops = Stops.None)
{
    /// <summary>Values by which everything runs anyway; they need no word. The field's default is one of them.</summary>
    public ImmutableArray<JsonValue> Same { get; init; } = [];

    /// <summary>Of a map: keys whose neglect does no harm. All others stop what <see cref="Stops"/> says.</summary>
    public ImmutableArray<string> HarmlessKeys { get; init; } = [];

    /// <summary>What happens instead of a harmless key, as the end of a sentence after a colon.</summary>
    public string HarmlessReason { get; init; } = Reason;

    /// <summary>True: it stops also on a local account. All else concerns AWS alone.</summary>
    public bool StopsLocally { get; init; }

    /// <summary>Of a map: keys with the value by which everything runs anyway.</summary>
    public ImmutableDictionary<string, bool> SameKeys { get; init; } = ImmutableDictionary<string, bool>.Empty;
}

using System.Collections.Immutable;

namespace Dlt.Configuration;

/// <summary>Operations that must not run while an unsupported setting is set.</summary>
[Flags]
internal enum Stops
{
    /// <summary>No operation: a warning is enough.</summary>
    None = 0,
    /// <summary>Loads must not run.</summary>
    Loads = 1,
    /// <summary>Queries must not run.</summary>
    Queries = 2,
    /// <summary>Changes of tables from code must not run.</summary>
    Tables = 4,
}

/// <summary>Describes a setting of dlt that is not supported here.</summary>
/// <param name="Reason">What happens instead, as the end of a sentence after a colon.</param>
/// <param name="Stops">Operations that must not run when it is set; none if ignoring it does no harm.</param>
internal sealed record UnsupportedSetting(string Reason, Stops Stops = Stops.None)
{
    /// <summary>Values that match the behaviour here, so they cause no message. The field's default is one of them.</summary>
    public ImmutableArray<JsonValue> Same { get; init; } = [];

    /// <summary>For a map: keys that have an effect.</summary>
    public ImmutableArray<string> SupportedKeys { get; init; } = [];

    /// <summary>For a map: keys that can be ignored without harm. All other keys stop the operations of <see cref="Stops"/>.</summary>
    public ImmutableArray<string> HarmlessKeys { get; init; } = [];

    /// <summary>What happens instead for a harmless key, as the end of a sentence after a colon.</summary>
    public string HarmlessReason { get; init; } = Reason;

    /// <summary>True when only a value in the record's own section counts, because the same name has another meaning elsewhere.</summary>
    public bool IsOwnSectionOnly { get; init; }

    /// <summary>True when the setting also stops operations on a local account. The default concerns AWS only.</summary>
    public bool StopsLocally { get; init; }

    /// <summary>For a map: keys that match the behaviour here when they are true.</summary>
    public ImmutableArray<string> SameWhenTrue { get; init; } = [];

    /// <summary>For a map: keys that match the behaviour here when they are false.</summary>
    public ImmutableArray<string> SameWhenFalse { get; init; } = [];
}

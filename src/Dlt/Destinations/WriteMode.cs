namespace Dlt.Destinations;

/// <summary>
/// What publishing a chain does with the existing rows of its tables. A closed union: <see cref="AppendMode"/>, <see cref="ReplaceMode"/>,
/// <see cref="TruncateMode"/>.
/// </summary>
public abstract record WriteMode
{
    private protected WriteMode()
    {
    }

    /// <summary>Adds the rows of the load to the existing ones.</summary>
    public static WriteMode Append { get; } = new AppendMode();

    /// <summary>Replaces all existing rows with those of the load.</summary>
    public static WriteMode Replace { get; } = new ReplaceMode();

    /// <summary>Removes all rows.</summary>
    public static WriteMode Truncate { get; } = new TruncateMode();
}

/// <summary>Adds the rows of the load to the existing ones.</summary>
public sealed record AppendMode : WriteMode;

/// <summary>Replaces all existing rows with those of the load. Tables without jobs lose all their rows.</summary>
public sealed record ReplaceMode : WriteMode;

/// <summary>Removes all rows. The tables of the chain have no jobs.</summary>
public sealed record TruncateMode : WriteMode;

namespace Dlt.Destinations;

/// <summary>
/// What publishing a chain does with the rows that its tables have. A closed union: <see cref="AppendMode"/>, <see cref="ReplaceMode"/>,
/// <see cref="TruncateMode"/>.
/// </summary>
public abstract record WriteMode
{
    private protected WriteMode()
    {
    }

    /// <summary>Rows are added.</summary>
    public static WriteMode Append { get; } = new AppendMode();

    /// <summary>The rows of the load take the place of all others.</summary>
    public static WriteMode Replace { get; } = new ReplaceMode();

    /// <summary>All rows are removed.</summary>
    public static WriteMode Truncate { get; } = new TruncateMode();
}

/// <summary>Rows are added.</summary>
public sealed record AppendMode : WriteMode;

/// <summary>The rows of the load take the place of all others. Tables without jobs lose all their rows.</summary>
public sealed record ReplaceMode : WriteMode;

/// <summary>All rows are removed. Its tables have no jobs.</summary>
public sealed record TruncateMode : WriteMode;
